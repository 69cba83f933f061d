use super::*;

fn real() -> String {
    format!(
        "sk-ant-api03-{}AA",
        "aB3_-xY9z".repeat(11).get(..93).expect("93 characters")
    )
}

fn check(text: &str, expected: &str) {
    let found = check_api_key(&Secret::new(text));
    assert_eq!(found.id(), expected, "{text:?}");
}

#[test]
fn keys_and_their_lengths() {
    let real = real();
    assert_eq!(real.len(), USUAL_LENGTH);
    check(&real, "api-key");
    check(&format!("{real}1"), "unusual-length");
    check(&real[..107], "truncated");
    check(&real[..80], "truncated");
    check(&real[..79], "truncated");
    check(&real[..40], "truncated");
    check(&real[..20], "too-short");
    check("sk-ant-api03-", "too-short");
    check("sk-ant-api03", "too-short");
    check(&real.replace("api03", "api04"), "api-key");
    check(&real.replace("api03", "svc01"), "unknown-kind");
}

#[test]
fn nothing_and_too_much() {
    check("", "empty");
    check("  \n\t\u{a0}", "blank");
    check(&"A".repeat(4097), "too-long");
    check(&"sk-ant-api03-".repeat(1_000_000), "too-long");
    check("\0\u{1}\u{2}ELF", "binary");
    check("sk-ant-api03-\0", "binary");
    check("\u{fffd}PNG\u{fffd}", "binary");
}

#[test]
fn other_credentials() {
    let tail = "A1b2C3d4".repeat(11);
    let after = |prefix: &str| format!("{prefix}{tail}");
    check(&after("sk-ant-oat01-"), "setup-token");
    check(&after("sk-ant-ort01-"), "refresh-token");
    check(&after("sk-ant-admin01-"), "admin-key");
    check(&after("sk-ant-sid01-"), "session-cookie");
    check(&after("sk-ant-sid02-"), "session-cookie");
    check(&after("sk-proj-"), "openai-key");
    check(&after("sk-svcacct-"), "openai-key");
    check(&after("sk-"), "openai-key");
    check(&after("sk-or-v1-"), "openrouter-key");
    check("AKIAIOSFODNN7ABCDEFG", "aws-access-key");
    check("ASIAIOSFODNN7ABCDEFG", "aws-access-key");
    check(&after("ABSKQmVkcm9j"), "bedrock-key");
    check(&after("bedrock-api-key-"), "bedrock-key");
    check(&after("AIzaSy"), "google-key");
    check(&after("ghp_"), "github-token");
    check(&after("github_pat_"), "github-token");
    check(&after("eyJhbGciOi."), "web-token");
    check("-----BEGIN OPENSSH PRIVATE KEY-----\nabc", "private-key");
    check(
        "{\"claudeAiOauth\":{\"accessToken\":\"sk-ant-oat01-x\"}}",
        "document",
    );
    check("{\n  \"a\": 1}", "document");
    check("https://platform.claude.com/settings/keys", "address");
    check("platform.claude.com/settings/keys", "address");
    check("hello", "not-a-key");
    check("sk-short", "not-a-key");
    check("correct-horse-battery-staple", "not-a-key");
}

#[test]
fn placeholders_and_masks() {
    for text in [
        "YOUR_KEY",
        "YOUR_API_KEY",
        "your-api-key-here",
        "sk-ant-your-key",
        "sk-ant-api03-YOUR_KEY_HERE",
        "xxx",
        "sk-ant-xxx",
        "sk-ant-api03-xxxxxxxxxxxxxxxx",
        "<your key>",
        "<ANTHROPIC_API_KEY>",
        "{{ANTHROPIC_API_KEY}}",
        "$ANTHROPIC_API_KEY",
        "${ANTHROPIC_API_KEY}",
        "%ANTHROPIC_API_KEY%",
        "sk-ant-...",
        "sk-ant-api03-...",
        "sk-ant-api03-…",
        "changeme",
        "replace-me",
        "test",
        "null",
    ] {
        check(text, "placeholder");
    }
    for text in [
        "••••••••••••",
        "sk-ant-api03-••••••••4f2A",
        "sk-ant-api03-****************4f2A",
        "sk-ant-api03-abc...4f2A",
        "sk-ant-api03-…4f2A",
        "sk-ant-oat01-…4f2A",
        "************",
        "REDACTED",
        "sk-ant-[REDACTED]",
    ] {
        check(text, "masked");
    }
    check(&Secret::new(real()).mask(), "masked");
}

#[test]
fn characters_that_do_not_belong() {
    let at = |character: char| {
        let mut text = real();
        text.insert(20, character);
        let found = check_api_key(&Secret::new(text));
        (found.id(), found.position)
    };
    assert_eq!(at(' '), ("white-space", Some(21)));
    assert_eq!(at('\u{a0}'), ("white-space", Some(21)));
    assert_eq!(at('\n'), ("control-character", Some(21)));
    assert_eq!(at('\r'), ("control-character", Some(21)));
    assert_eq!(at('\u{1b}'), ("control-character", Some(21)));
    assert_eq!(at('"'), ("quoted", Some(21)));
    assert_eq!(at('\u{201c}'), ("quoted", Some(21)));
    assert_eq!(at('ü'), ("not-ascii", Some(21)));
    assert_eq!(at('\u{200b}'), ("not-ascii", Some(21)));
    assert_eq!(at('\u{2013}'), ("not-ascii", Some(21)));
    assert_eq!(at('+'), ("odd-character", Some(21)));
    check(&format!("{0}{0}", real()), "doubled");
}

#[test]
fn a_gateway_has_keys_of_its_own() {
    let check = |text: &str, expected: &str| {
        assert_eq!(
            check_gateway_key(&Secret::new(text)).id(),
            expected,
            "{text:?}"
        );
    };
    check("sk-1234", "gateway-key");
    check("anything-goes", "gateway-key");
    check(&real(), "gateway-key");
    check("", "empty");
    check("two words", "white-space");
    check("<key>", "placeholder");
    check("••••", "masked");
    let body = real().split_off("sk-ant-api03-".len());
    check(&format!("sk-ant-ort01-{body}"), "refresh-token");
}

#[test]
fn a_refusal_has_its_exit_code_and_says_nothing_of_the_key() {
    let secret = format!("sk-ant-oat01-{}", "SECRETPART".repeat(8));
    let found = check_api_key(&Secret::new(secret));
    let error = found.refusal().expect("refused");
    assert_eq!(error.kind(), Kind::MalformedCredential);
    assert_eq!(
        error.message(),
        "the key cannot be used: it is a subscription token (`claude setup-token`)"
    );
    let all = format!("{error:?} {} {}", found.what(), found.advice());
    assert!(!all.contains("SECRETPART"), "{all}");
    let short = check_api_key(&Secret::new(&real()[..79]));
    assert_eq!(short.severity(), Severity::Warn);
    assert!(short.refusal().is_none());
    assert_eq!(
        short.what(),
        "an API key that is probably cut off (79 characters)"
    );
}

#[test]
fn the_words_of_every_form_are_whole() {
    for form in Form::ALL {
        assert!(
            form.why().ends_with('.') && form.instead().ends_with('.'),
            "{}",
            form.id()
        );
        assert!(!form.what().ends_with('.'), "{}", form.id());
    }
}
