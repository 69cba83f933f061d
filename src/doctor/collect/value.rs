//! Describes a value without saying it. Pure.

use std::ffi::OsStr;

use crate::doctor::facts::{Defect, DefectKind, Looks, Value};
use crate::secret::Secret;

/// A fingerprint of anything shorter could be turned back by guessing.
const SHORTEST_FINGERPRINT: usize = 24;

/// The description of a variable's value.
#[must_use]
pub fn describe(value: &OsStr) -> Value {
    value.to_str().map_or_else(
        || Value {
            masked: "…".to_owned(),
            length: value.len(),
            defects: vec![Defect {
                kind: DefectKind::NotText,
                position: 1,
            }],
            ..Value::default()
        },
        |text| describe_secret(&Secret::new(text)),
    )
}

/// The description of a secret.
#[must_use]
pub fn describe_secret(secret: &Secret) -> Value {
    let length = secret.len();
    Value {
        looks: secret.inspect(|text| looks(cleaned(text))),
        masked: secret.mask(),
        length,
        fingerprint: (length >= SHORTEST_FINGERPRINT).then(|| secret.fingerprint()),
        defects: secret.inspect(defects),
    }
}

/// A setting that stands among secrets and is none: a region, a profile's name, an access key id.
#[must_use]
pub fn plain(setting: &Secret) -> String {
    setting.inspect(str::to_owned)
}

/// The value less what commonly stands around a pasted one.
fn cleaned(text: &str) -> &str {
    let frame = |c: char| c.is_whitespace() || invisible(c) || quote(c);
    let text = text.trim_matches(frame);
    let text = assigned(text).map_or(text, |start| &text[start..]);
    text.strip_prefix("Bearer ")
        .unwrap_or(text)
        .trim_matches(frame)
}

fn looks(text: &str) -> Looks {
    const PREFIXES: &[(&str, Looks)] = &[
        ("sk-ant-api03-", Looks::AnthropicApiKey),
        ("sk-ant-oat01-", Looks::SubscriptionToken),
        ("sk-ant-ort01-", Looks::RefreshToken),
        ("sk-ant-admin01-", Looks::AdminKey),
        ("sk-ant-sid01-", Looks::SessionCookie),
        ("sk-ant-", Looks::OtherAnthropic),
        ("sk-or-v1-", Looks::OpenRouterKey),
        ("sk-", Looks::OpenAiKey),
        ("AKIA", Looks::AwsAccessKeyId),
        ("ASIA", Looks::AwsAccessKeyId),
        ("ABSK", Looks::BedrockBearer),
        ("bedrock-api-key-", Looks::BedrockBearer),
    ];
    PREFIXES
        .iter()
        .find(|(prefix, _)| text.starts_with(prefix))
        .map_or(Looks::Unknown, |(_, looks)| *looks)
}

/// Each kind at its first place, in the order of the places.
fn defects(text: &str) -> Vec<Defect> {
    let mut found: Vec<Defect> = Vec::new();
    let mut add = |kind, position| {
        if !found.iter().any(|defect| defect.kind == kind) {
            found.push(Defect { kind, position });
        }
    };
    let count = text.chars().count();
    // Nearly every value is nothing else, and a store may hold thousands.
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        characters(text, count, &mut add);
    }
    for (index, c) in [(1, text.chars().next()), (count, text.chars().next_back())] {
        if c.is_some_and(quote) {
            add(DefectKind::Quote, index);
        }
    }
    phrases(text, &mut add);
    found.sort_by_key(|defect| (defect.position, defect.kind));
    found
}

fn characters(text: &str, count: usize, add: &mut impl FnMut(DefectKind, usize)) {
    let blank_start = text.chars().take_while(|c| c.is_whitespace()).count();
    let blank_end = count - text.trim_end().chars().count();
    for (index, c) in text.chars().enumerate() {
        let at_start = index < blank_start;
        let at_end = index >= count - blank_end;
        if let Some(kind) = character(c, at_start, at_end) {
            add(kind, index + 1);
        }
    }
}

fn character(c: char, at_start: bool, at_end: bool) -> Option<DefectKind> {
    match c {
        '\r' => Some(DefectKind::CarriageReturn),
        '\n' => Some(DefectKind::Newline),
        '\u{feff}' => Some(DefectKind::ByteOrderMark),
        '…' => Some(DefectKind::Ellipsis),
        c if c.is_whitespace() && at_start => Some(DefectKind::LeadingSpace),
        c if c.is_whitespace() && at_end => Some(DefectKind::TrailingSpace),
        c if c.is_whitespace() => Some(DefectKind::InnerSpace),
        c if invisible(c) => Some(DefectKind::Invisible),
        c if quote(c) => None,
        c if !c.is_ascii() => Some(DefectKind::NonAscii),
        _ => None,
    }
}

fn phrases(text: &str, add: &mut impl FnMut(DefectKind, usize)) {
    let position = |byte: usize| text[..byte].chars().count() + 1;
    let trimmed = text.trim_start();
    let start = text.len() - trimmed.len();
    if trimmed.starts_with("Bearer ") {
        add(DefectKind::BearerPrefix, position(start));
    }
    if assigned(trimmed).is_some() {
        add(DefectKind::Assignment, position(start));
    }
    if unexpanded(trimmed.trim_end()) {
        add(DefectKind::Unexpanded, position(start));
    }
    for dots in ["...", "***"] {
        if let Some(byte) = text.find(dots) {
            add(DefectKind::Ellipsis, position(byte));
        }
    }
    let lower = text.to_ascii_lowercase();
    for word in PLACEHOLDERS {
        if let Some(byte) = lower.find(word) {
            add(DefectKind::Placeholder, position(byte));
            return;
        }
    }
}

/// Words of examples. Each is long or odd enough not to occur in a random key.
const PLACEHOLDERS: &[&str] = &[
    "your-",
    "your_",
    "yourkey",
    "changeme",
    "change-me",
    "replace",
    "placeholder",
    "example",
    "xxxxxx",
    "api-key-here",
    "api_key_here",
    "<",
    "todo",
];

/// Where the value starts after `NAME=` or `export NAME=`.
fn assigned(text: &str) -> Option<usize> {
    let name_start = if text.starts_with("export ") { 7 } else { 0 };
    let equals = text.find('=')?;
    let name = text.get(name_start..equals)?;
    let is_name = name.len() >= 3
        && name.contains('_')
        && name
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
    is_name.then_some(equals + 1)
}

fn unexpanded(text: &str) -> bool {
    let name = |name: &str| {
        !name.is_empty()
            && name
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b':' || b == b'-')
    };
    if let Some(inner) = text.strip_prefix("${") {
        return inner.strip_suffix('}').is_some_and(name);
    }
    if let Some(inner) = text.strip_prefix("$(") {
        return inner.ends_with(')');
    }
    if let Some(inner) = text.strip_prefix('%') {
        return inner.strip_suffix('%').is_some_and(name);
    }
    text.strip_prefix('$').is_some_and(name)
}

fn quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '`' | '“' | '”' | '‘' | '’')
}

fn invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{ad}')
        || (c.is_control() && !c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defects_and_their_places() {
        let key = format!("sk-ant-api03-{}", "A".repeat(95));
        let check = |text: &str, expected: &[(DefectKind, usize)]| {
            let value = describe(OsStr::new(text));
            let found: Vec<_> = value.defects.iter().map(|d| (d.kind, d.position)).collect();
            assert_eq!(found, expected, "{text:?}");
        };
        use DefectKind::{
            Assignment, BearerPrefix, ByteOrderMark, CarriageReturn, Ellipsis, InnerSpace,
            Invisible, LeadingSpace, Newline, NonAscii, Placeholder, Quote, TrailingSpace,
            Unexpanded,
        };
        check(&key, &[]);
        check(&format!(" {key}"), &[(LeadingSpace, 1)]);
        check(&format!("{key} "), &[(TrailingSpace, 109)]);
        check(&format!("{key}\n"), &[(Newline, 109)]);
        check(
            &format!("{key}\r\n"),
            &[(CarriageReturn, 109), (Newline, 110)],
        );
        check(&format!("\u{feff}{key}"), &[(ByteOrderMark, 1)]);
        check(&format!("\"{key}\""), &[(Quote, 1)]);
        check(&format!("{key}'"), &[(Quote, 109)]);
        check("sk-ant-api03-AA AA", &[(InnerSpace, 16)]);
        check("sk-ant-api03-AA\u{a0}AA", &[(InnerSpace, 16)]);
        check("sk-ant-api03-AA\u{200b}AA", &[(Invisible, 16)]);
        check("sk-ant-api03-AAäAA", &[(NonAscii, 16)]);
        check("sk-ant-api03-…4f2A", &[(Ellipsis, 14)]);
        check("sk-ant-...", &[(Ellipsis, 8)]);
        check("Bearer sk-ant-x", &[(BearerPrefix, 1), (InnerSpace, 7)]);
        check(
            "export ANTHROPIC_API_KEY=sk",
            &[(Assignment, 1), (InnerSpace, 7)],
        );
        check("ANTHROPIC_API_KEY=sk", &[(Assignment, 1)]);
        check("${ANTHROPIC_API_KEY}", &[(Unexpanded, 1)]);
        check("$KEY", &[(Unexpanded, 1)]);
        check("%KEY%", &[(Unexpanded, 1)]);
        check("sk-ant-your-key", &[(Placeholder, 8)]);
        check("sk-ant-api03-xxxxxxxxx", &[(Placeholder, 14)]);
    }

    #[test]
    fn looks_through_the_frame() {
        let check = |text: &str, expected| {
            assert_eq!(describe(OsStr::new(text)).looks, expected, "{text:?}");
        };
        check("sk-ant-api03-A", Looks::AnthropicApiKey);
        check(" \"sk-ant-oat01-A\"\n", Looks::SubscriptionToken);
        check("export K_Y=sk-ant-admin01-A", Looks::AdminKey);
        check("Bearer sk-ant-sid01-A", Looks::SessionCookie);
        check("sk-ant-ort01-A", Looks::RefreshToken);
        check("sk-ant-new09-A", Looks::OtherAnthropic);
        check("sk-proj-A", Looks::OpenAiKey);
        check("sk-or-v1-A", Looks::OpenRouterKey);
        check("AKIAIOSFODNN7", Looks::AwsAccessKeyId);
        check("ABSKQmVkcm9j", Looks::BedrockBearer);
        check("hello", Looks::Unknown);
    }

    #[test]
    fn says_nothing_of_the_value() {
        let value = describe(OsStr::new("a-secret-of-no-known-kind-0123456789"));
        let text = serde_json::to_string(&value).expect("serializes");
        assert!(!text.contains("secret-of"), "{text}");
        assert_eq!(describe(OsStr::new("short")).fingerprint, None);
        assert_eq!(describe(OsStr::new("short")).masked, "…");
    }

    #[cfg(unix)]
    #[test]
    fn bytes_that_are_no_text() {
        use std::os::unix::ffi::OsStrExt;
        let value = describe(OsStr::from_bytes(b"sk-ant-\xff"));
        assert_eq!(value.defects[0].kind, DefectKind::NotText);
    }
}
