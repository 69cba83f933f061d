use proptest::prelude::*;

use super::*;
use crate::provider::anthropic::shape;

/// 108 characters.
fn key() -> String {
    format!(
        "sk-ant-api03-{}AA",
        "aB3_-xY9z".repeat(11).get(..93).expect("93 characters")
    )
}

/// `{k}` stands for a key, `{a}` and `{b}` for its two halves.
fn check(template: &str, notes: &[&str]) {
    let key = key();
    let text = template
        .replace("{k}", &key)
        .replace("{a}", &key[..60])
        .replace("{b}", &key[60..]);
    let pasted = normalise(&text);
    assert_eq!(
        pasted.secret,
        Secret::new(&key),
        "{template:?} gives another text"
    );
    let found: Vec<String> = pasted.notes.iter().map(Note::words).collect();
    assert_eq!(found, notes, "{template:?}");
}

const JOINED: &str = "joined a 2-line paste, 108 characters";
const NAME: &str = "removed the variable name before it";
const HEADER: &str = "removed the header name before it";
const QUOTES: &str = "removed the quotes around it";
const TRAILING: &str = "removed the punctuation after it";
const CODES: &str = "removed the terminal's paste codes";
const COMMENT: &str = "removed the comment after it";

#[test]
fn clean_and_nearly_clean() {
    for template in [
        "{k}",
        "{k}\n",
        "{k}\r\n",
        "{k}\r",
        "  {k}  ",
        "\t{k}\n\n",
        "\u{a0}{k}\u{a0}",
        "\u{3000}{k}\u{2003}",
        "\u{feff}{k}",
        "\u{feff}{k}\r\n",
        "\n\n{k}",
        "{k}\u{2028}",
    ] {
        check(template, &[]);
    }
}

#[test]
fn wrapped_lines() {
    for template in [
        "{a}\n{b}",
        "{a}\r\n{b}\r\n",
        "{a}\r{b}",
        "{a}\n    {b}",
        "{a}  \n  {b}\n",
        "{a}\n\n{b}",
        "{a}\\\n{b}",
        "{a} \\\n  {b}",
        "{a}\u{85}{b}",
    ] {
        check(template, &[JOINED]);
    }
    let key = key();
    let three = format!("{}\n{}\n{}", &key[..40], &key[40..80], &key[80..]);
    let pasted = normalise(&three);
    assert_eq!(pasted.secret, Secret::new(&key));
    assert_eq!(
        pasted.notes[0].words(),
        "joined a 3-line paste, 108 characters"
    );
}

#[test]
fn white_space_and_invisible_characters_inside() {
    let one = &["removed a space inside of it"];
    check("{a} {b}", one);
    check("{a}\u{a0}{b}", one);
    check("{a}\t{b}", one);
    check("{a}   {b}", &["removed 3 spaces inside of it"]);
    let hidden = &["removed an invisible character"];
    check("{a}\u{200b}{b}", hidden);
    check("{a}\u{ad}{b}", hidden);
    check("{k}\u{feff}", hidden);
    check("\u{202a}{k}\u{202c}", &["removed 2 invisible characters"]);
}

#[test]
fn quotes_and_punctuation() {
    for template in [
        "\"{k}\"",
        "'{k}'",
        "`{k}`",
        "\u{201c}{k}\u{201d}",
        "\u{2018}{k}\u{2019}",
        "«{k}»",
        "\u{201e}{k}\u{201c}",
        "\"{k}",
        "{k}'",
        "\" {k} \"",
    ] {
        check(template, &[QUOTES]);
    }
    for template in ["{k};", "{k},", "{k} \\", "{k};;"] {
        check(template, &[TRAILING]);
    }
    check("\"{k}\",", &[TRAILING, QUOTES]);
    check("'{k}';", &[TRAILING, QUOTES]);
}

#[test]
fn assignments() {
    for template in [
        "ANTHROPIC_API_KEY={k}",
        "export ANTHROPIC_API_KEY={k}",
        "export  X={k}",
        "KEY = {k}",
        "set ANTHROPIC_API_KEY={k}",
        "set -gx ANTHROPIC_API_KEY {k}",
        "setenv X {k}",
        "setx ANTHROPIC_API_KEY {k}",
        "declare -x X={k}",
        "$ export X={k}",
        "key: {k}",
        "env X={k}",
        "\nexport X={k}\n",
    ] {
        check(template, &[NAME]);
    }
    check("export X=\"{k}\"", &[NAME, QUOTES]);
    check("$env:ANTHROPIC_API_KEY = \"{k}\"", &[NAME, QUOTES]);
    check("export X='{k}';", &[NAME, TRAILING, QUOTES]);
    check("\"apiKey\": \"{k}\",", &[NAME, TRAILING, QUOTES]);
    check("X={k} # mine", &[NAME, COMMENT]);
    check("export X={a}\n{b}", &[NAME, JOINED]);
    check("export X=\\\n{k}", &[NAME, JOINED]);
}

#[test]
fn headers() {
    for template in [
        "x-api-key: {k}",
        "X-Api-Key:{k}",
        "Bearer {k}",
        "bearer  {k}",
        "Authorization: Bearer {k}",
        "authorization: bearer {k}",
    ] {
        check(template, &[HEADER]);
    }
    check("-H 'x-api-key: {k}'", &[HEADER, QUOTES]);
    check("-H \"x-api-key: {k}\" \\", &[HEADER, TRAILING, QUOTES]);
    check("\"x-api-key\": \"{k}\"", &[QUOTES, HEADER]);
}

#[test]
fn paste_codes() {
    check("\u{1b}[200~{k}\u{1b}[201~", &[CODES]);
    check("\u{1b}[200~{k}\r\u{1b}[201~\r", &[CODES]);
    check("[200~{k}[201~", &[CODES]);
    check("^[[200~{k}^[[201~", &[CODES]);
    check("\u{1b}[200~{a}\r{b}\u{1b}[201~", &[CODES, JOINED]);
}

#[test]
fn what_is_left_is_not_guessed_at() {
    let check = |text: &str, expected: &str| {
        assert_eq!(normalise(text).secret, Secret::new(expected), "{text:?}");
    };
    check("", "");
    check(" \n ", "");
    check("\"", "\"");
    check("=", "=");
    check("X=", "X=");
    check("Bearer", "Bearer");
    check("ABSKQmVkcm9jaw==", "ABSKQmVkcm9jaw==");
    check("ABSKQmVkcm9jaw=", "ABSKQmVkcm9jaw=");
    check("päßwörter", "päßwörter");
    check("漢字 漢字", "漢字漢字");
    check("ü=ü", "ü=ü");
    let long = "a b".repeat(INPUT_LIMIT);
    check(&long, &long);
}

#[test]
fn bytes_become_text() {
    let check = |bytes: &[u8], expected: Option<&str>| {
        let found = decode(bytes);
        assert_eq!(
            found.as_ref().ok().map(|text| text.as_str()),
            expected,
            "{bytes:?}"
        );
        assert!(found.is_ok() || found.is_err_and(|e| e.kind() == Kind::MalformedCredential));
    };
    check(b"key\n", Some("key\n"));
    check(b"", Some(""));
    check(b"\xff\xfek\0e\0y\0", Some("key"));
    check(b"\xfe\xff\0k\0e\0y", Some("key"));
    check(b"\xff\xfek\0e", None);
    check(b"\x7fELF\xff\xff", None);
    check(&vec![b'a'; INPUT_LIMIT + 1], None);
}

#[test]
fn secrets_are_told_from_names() {
    let check =
        |text: &str, expected: bool| assert_eq!(looks_like_secret(text), expected, "{text:?}");
    let key = key();
    check(&key, true);
    check(&format!("my key is {key}"), true);
    check(&format!("KEY={key}"), true);
    check(&format!("https://h/?k={key}"), true);
    check("sk-ant-oat01-abcdefghijkl", true);
    check("sk-proj-abcdefghijkl", true);
    check("AKIAIOSFODNN7ABCDEFG", true);
    check("ghp_16C7e42F292c6912E7710c838347Ae178B4a", true);
    check("AIzaSyA1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q", true);
    // The second half of a key whose paste was broken in two.
    check("k9Xz2Qw7Lm4Rt8Vb3Nc6Hy1Jd5Fs0AA", true);
    for name in [
        "",
        "work",
        "anthropic:default",
        "claude-sonnet-4-5-20250929",
        "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "global.anthropic.claude-opus-4-6-v1",
        "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4",
        "https://gateway.ai.cloudflare.com/v1/0123456789abcdef0123456789abcdef/gw/anthropic",
        "/Users/JohnSmith/Library/Application Support/keywright",
        "C:\\Users\\JohnSmith2\\AppData\\Roaming",
        "MyVeryLongProjectFolderNumber2",
        "550e8400-e29b-41d4-a716-446655440000",
        "sk-learn",
        "ASIAN",
        "größe-漢字",
    ] {
        check(name, false);
    }
}

#[test]
fn messages_are_scrubbed() {
    let check = |text: &str, expected: &str| assert_eq!(scrub(text), expected);
    check("nothing here", "nothing here");
    check("", "");
    check(
        &format!("Incorrect API key provided: {}. Größe 漢字", key()),
        "Incorrect API key provided: [removed]. Größe 漢字",
    );
    check(
        "a sk-ant-oat01-abcdefgh b sk-ant-oat01-abcdefgh",
        "a [removed] b [removed]",
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_breaks_it(text in any::<String>(), around in "[ \"'`=:;,\\\\#$\u{1b}\u{200b}\n\u{201c}ü]{0,12}") {
        for text in [text.clone(), format!("{around}{text}{around}")] {
            let pasted = normalise(&text);
            prop_assert!(pasted.secret.len() <= text.chars().count());
            prop_assert_eq!(shape::check_api_key(&pasted.secret).length, pasted.secret.len());
            prop_assert!(!shape::check_gateway_key(&Secret::new(text.clone())).what().is_empty());
            prop_assert!(!looks_like_secret(&scrub(&text)));
        }
    }

    #[test]
    fn no_bytes_break_it(bytes in any::<Vec<u8>>()) {
        if let Ok(text) = decode(&bytes) {
            let _ = normalise(&text);
        }
    }
}

/// 108 characters.
fn token() -> String {
    format!(
        "sk-ant-oat01-{}",
        "aB3_-xY9z".repeat(11).get(..95).expect("95 characters")
    )
}

/// All that `claude setup-token` shows, on a terminal of that many columns.
fn screen(columns: usize) -> String {
    let token = token();
    let bytes = token.as_bytes();
    let rows: Vec<_> = bytes
        .chunks(columns - 1)
        .map(String::from_utf8_lossy)
        .collect();
    format!(
        "\u{2714} Long-lived authentication token created\n\nYour OAuth token (valid for 1 year):\n\n{}\n\nStore this token securely. You won't be able to see it again.\n\nUse this token by setting: export CLAUDE_CODE_OAUTH_TOKEN=<token>\n",
        rows.join("\r\n")
    )
}

#[test]
fn one_credential_on_a_screen() {
    let check = |text: &str, notes: &[&str]| {
        let pasted = normalise(text);
        assert_eq!(pasted.secret, Secret::new(token()), "{text}");
        let found: Vec<String> = pasted.notes.iter().map(Note::words).collect();
        assert_eq!(found, notes, "{text}");
    };
    let around = "removed the text around it";
    check(&screen(250), &[around]);
    check(&screen(110), &[around]);
    check(&screen(109), &[around]);
    check(&screen(100), &[JOINED, around]);
    check(&screen(80), &[JOINED, around]);
    check(
        &screen(40),
        &["joined a 3-line paste, 108 characters", around],
    );
    let token = token();
    check(&format!("token: {token} (valid for 1 year)"), &[around]);
    check(&format!("{token}\nStore this token securely"), &[around]);
    check(
        &format!("Here it is:\n  {}\n  {}\n", &token[..79], &token[79..]),
        &[JOINED, around],
    );
    check(&format!("see {token}."), &[around]);
    // What is known of the usual forms is told in more detail.
    check(&format!("export CLAUDE_CODE_OAUTH_TOKEN={token}"), &[NAME]);
    check(&format!("{}\n{}", &token[..79], &token[79..]), &[JOINED]);
}

#[test]
fn nothing_is_taken_where_there_is_doubt() {
    let token = token();
    let check = |text: &str| {
        let pasted = normalise(text);
        assert_ne!(pasted.secret, Secret::new(&token), "{text}");
        assert!(!pasted.notes.contains(&Note::RemovedText), "{text}");
    };
    check(&format!("either {token} or {token}"));
    check(&format!("{token} sk-ant-oat01-..."));
    check(&format!("{} and then {}", &token[..79], &token[79..]));
    check(&format!("first {}\n\nthen {}", &token[..79], &token[79..]));
    check(&format!("only {}", &token[..79]));
    check(&format!("longer {token}AB"));
    check(&format!("pre{token}"));
    check(&screen(80).replace("sk-ant-oat01", "sk-ant-ort01"));
    check("nothing here");
}
