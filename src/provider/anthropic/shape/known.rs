//! Texts that are something else than a key, by what everybody knows of their form.

use zeroize::Zeroizing;

use super::Form;

/// How sure the kind is.
pub(in crate::provider::anthropic) enum Known {
    /// Whatever else the text holds.
    Certain(Form),
    /// Only if its characters are in order: examples and masks start the same way.
    Prefix(Form),
}

const PREFIXES: &[(&str, Form)] = &[
    ("sk-ant-oat", Form::SetupToken),
    ("sk-ant-ort", Form::RefreshToken),
    ("sk-ant-admin", Form::AdminKey),
    ("sk-ant-sid", Form::SessionCookie),
    ("sk-or-", Form::OpenRouter),
    ("ABSK", Form::BedrockKey),
    ("bedrock-api-key-", Form::BedrockKey),
    ("AIza", Form::GoogleKey),
    ("ghp_", Form::GitHubToken),
    ("gho_", Form::GitHubToken),
    ("ghu_", Form::GitHubToken),
    ("ghs_", Form::GitHubToken),
    ("github_pat_", Form::GitHubToken),
    ("eyJ", Form::WebToken),
];

/// The kind of credential or text that `text` begins as; `None` for an API key or the unknown.
pub(in crate::provider::anthropic) fn kind(text: &str) -> Option<Known> {
    if text.starts_with("-----BEGIN") || text.starts_with("ssh-") {
        return Some(Known::Certain(Form::PrivateKey));
    }
    let document = |open: char| {
        text.strip_prefix(open).is_some_and(|rest| {
            rest.trim_start().starts_with(['"', '{', '[']) && !rest.starts_with('{')
        })
    };
    if document('{') || document('[') {
        return Some(Known::Certain(Form::Document));
    }
    if text.contains("://") || text.starts_with("www.") || text.starts_with("platform.claude.com") {
        return Some(Known::Certain(Form::Address));
    }
    if let Some((_, form)) = PREFIXES
        .iter()
        .find(|(prefix, _)| text.starts_with(*prefix))
    {
        return Some(Known::Prefix(*form));
    }
    if is_aws_access_key(text) {
        return Some(Known::Prefix(Form::AwsAccessKey));
    }
    // OpenAI's older keys have no second part: `sk-` and 48 characters.
    let open_ai = text.starts_with("sk-proj-")
        || text.starts_with("sk-svcacct-")
        || (text.starts_with("sk-") && !text.starts_with("sk-ant-") && text.len() >= 40);
    open_ai.then_some(Known::Prefix(Form::OpenAi))
}

fn is_aws_access_key(text: &str) -> bool {
    (text.starts_with("AKIA") || text.starts_with("ASIA"))
        && (16..=128).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

/// Nothing but the characters of a key: most texts are, and need no closer look at their characters.
pub(in crate::provider::anthropic) fn is_plain(text: &str) -> bool {
    // Without an early end, so that it is done in blocks of bytes.
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    text.bytes().fold(true, |all, b| all & plain(b))
}

/// The text without what surrounds it, in lower case, with `-` for `_` and inner spaces: people
/// write placeholders in many ways.
pub(super) fn lowered(text: &str) -> Zeroizing<String> {
    let lower = text.trim().bytes().map(|b| match b {
        b'_' | b' ' => b'-',
        b => b.to_ascii_lowercase(),
    });
    // Only ASCII was exchanged for ASCII: it is still text.
    Zeroizing::new(String::from_utf8(lower.collect()).unwrap_or_default())
}

/// Bullets, asterisks or an ellipsis in place of characters, as consoles and this program print.
/// `lower` is the text [`lowered`], `plain` whether it [`is_plain`].
pub(super) fn is_masked(text: &str, lower: &str, plain: bool) -> bool {
    if lower.contains("redacted") {
        return true;
    }
    if plain {
        return false;
    }
    let covers = |c: char| matches!(c, '•' | '●' | '∙' | '·' | '■' | '█' | '▪' | '*' | '…' | '⋯');
    let tail = text.trim_end_matches(['.', '…']);
    let elided = text.contains("...") && tail.len() == text.len();
    let ends_with_dots = tail.len() < text.len();
    elided
        || lower.contains("[hidden]")
        || text.contains("**")
        || text.chars().any(|c| covers(c) && c != '*' && c != '…')
        || (text.contains('…') && !ends_with_dots)
}

/// The stand-ins that examples and templates use. `lower` is the text [`lowered`].
pub(super) fn is_placeholder(text: &str, lower: &str) -> bool {
    let text = text.trim();
    let mut body = lower;
    for prefix in ["sk-ant-api03-", "sk-ant-", "sk-"] {
        while let Some(rest) = body.strip_prefix(prefix) {
            body = rest;
        }
    }
    const WORDS: &[&str] = &[
        "your-",
        "your.",
        "yourkey",
        "yourapikey",
        "my-key",
        "my-api-key",
        "api-key-here",
        "key-here",
        "anthropic-api-key",
        "changeme",
        "change-me",
        "replace-me",
        "replaceme",
        "insert-",
        "placeholder",
        "paste-your",
        "todo",
        "example-key",
    ];
    let bracketed = |open, close| text.starts_with(open) && text.ends_with(close);
    text.ends_with("...")
        || text.ends_with('…')
        || bracketed('<', '>')
        || bracketed('{', '}')
        || text.starts_with('$')
        || text.starts_with('%') && text.ends_with('%')
        || (body.len() >= 3 && body.bytes().all(|b| b == b'x' || b == b'-'))
        || lower.contains("xxxxxx")
        || matches!(
            body,
            "key"
                | "apikey"
                | "api-key"
                | "token"
                | "secret"
                | "test"
                | "none"
                | "null"
                | "undefined"
                | "dummy"
                | "fake"
        )
        || WORDS.iter().any(|word| body.starts_with(word))
}

/// A second key begins inside of the text.
pub(super) fn is_doubled(text: &str) -> bool {
    text.strip_prefix("sk-ant-")
        .is_some_and(|rest| rest.contains("sk-ant-"))
}
