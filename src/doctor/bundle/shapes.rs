//! Text that is a secret or a name by its form alone, whatever it belongs to. Pure.

use std::ops::Range;

/// What is removed from a bundle, as its ledger names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A value of this machine: of its environment, or of a file that was read.
    KnownValue,
    /// It begins like a key or token of a known vendor.
    Key,
    /// A JSON web token.
    Jwt,
    /// What follows `Bearer` or `Basic`.
    Authorization,
    /// User name and password of a URL.
    UrlUser,
    /// What is assigned to a name such as `password` or `token`.
    Assigned,
    /// Letters and digits as only chance puts them together.
    Random,
    Email,
    Home,
    User,
    Host,
}

impl Kind {
    /// What stands in its place.
    #[must_use]
    pub const fn placeholder(self) -> &'static str {
        match self {
            Self::KnownValue => "[removed:known-value]",
            Self::Key => "[removed:key]",
            Self::Jwt => "[removed:jwt]",
            Self::Authorization => "[removed:authorization]",
            Self::UrlUser => "[removed:url-user]",
            Self::Assigned => "[removed:assigned]",
            Self::Random => "[removed:random]",
            Self::Email => "[removed:email]",
            Self::Home => "~",
            Self::User => "[user]",
            Self::Host => "[host]",
        }
    }
}

/// A place in a text and what stands there.
pub type Hit = (Range<usize>, Kind);

/// How vendors' keys begin, in lower case, and how many characters have to follow for it to be one
/// and not the name of its kind or a mask.
const PREFIXES: &[(&str, usize)] = &[
    ("sk-ant-api03-", 6),
    ("sk-ant-oat01-", 6),
    ("sk-ant-ort01-", 6),
    ("sk-ant-admin01-", 6),
    ("sk-ant-sid01-", 6),
    ("sk-ant-", 12),
    ("sk-or-v1-", 6),
    ("sk-proj-", 6),
    ("sk-", 16),
    ("bedrock-api-key-", 6),
    ("absk", 20),
    ("ghp_", 16),
    ("gho_", 16),
    ("ghs_", 16),
    ("ghu_", 16),
    ("github_pat_", 16),
    ("glpat-", 12),
    ("xoxb-", 10),
    ("xoxp-", 10),
    ("aiza", 24),
    ("ya29.", 16),
];

/// Everything that is a secret or an address by its form.
#[must_use]
pub fn find(text: &str) -> Vec<Hit> {
    let mut hits = Vec::new();
    keys(text, &mut hits);
    access_keys(text, &mut hits);
    web_tokens(text, &mut hits);
    authorizations(text, &mut hits);
    url_users(text, &mut hits);
    assignments(text, &mut hits);
    for word in words(text, part_of_token) {
        if is_random(&text[word.clone()]) {
            hits.push((word, Kind::Random));
        }
    }
    emails(text, &mut hits);
    hits
}

/// Letters, digits and what base64 adds to them, less the slash: paths are no tokens.
pub const fn part_of_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '+' | '=')
}

/// The longest rows of such characters.
pub fn words(text: &str, part: impl Fn(char) -> bool) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), '\0')]) {
        match start {
            None if part(c) => start = Some(at),
            Some(from) if !part(c) => {
                found.push(from..at);
                start = None;
            }
            _ => {}
        }
    }
    found
}

/// Where such characters end that begin at `start`.
fn run_end(text: &str, start: usize, part: impl Fn(char) -> bool) -> usize {
    let rest = &text[start..];
    start + rest.find(|c| !part(c)).unwrap_or(rest.len())
}

fn after_a_word(text: &str, at: usize) -> bool {
    text[..at].ends_with(|c: char| c.is_ascii_alphanumeric())
}

fn keys(text: &str, hits: &mut Vec<Hit>) {
    let lower = text.to_ascii_lowercase();
    let of_key = |c: char| part_of_token(c) || matches!(c, '/' | '.');
    for (prefix, least) in PREFIXES {
        for (at, _) in lower.match_indices(prefix) {
            let from = at + prefix.len();
            let end = run_end(text, from, part_of_token);
            if end - from >= *least && !after_a_word(text, at) {
                hits.push((at..run_end(text, end, of_key), Kind::Key));
            }
        }
    }
}

/// `AKIA` and `ASIA` with what follows them; a mask has less.
fn access_keys(text: &str, hits: &mut Vec<Hit>) {
    let part = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
    for word in words(text, part) {
        let known = ["AKIA", "ASIA"]
            .iter()
            .any(|start| text[word.clone()].starts_with(start));
        if known && word.len() >= 16 {
            hits.push((word, Kind::Key));
        }
    }
}

fn web_tokens(text: &str, hits: &mut Vec<Hit>) {
    for (at, _) in text.match_indices("eyJ") {
        let end = run_end(text, at, |c| part_of_token(c) || c == '.');
        let mut parts = text[at..end].split('.');
        let long = |part: Option<&str>| part.is_some_and(|part| part.len() >= 8);
        if long(parts.next()) && long(parts.next()) && !after_a_word(text, at) {
            hits.push((at..end, Kind::Jwt));
        }
    }
}

fn authorizations(text: &str, hits: &mut Vec<Hit>) {
    let lower = text.to_ascii_lowercase();
    for scheme in ["bearer ", "basic "] {
        for (at, _) in lower.match_indices(scheme) {
            let from = at + scheme.len();
            let end = run_end(text, from, |c| {
                part_of_token(c) || matches!(c, '/' | '.' | '~')
            });
            let value = &text[from..end];
            let digit = value.contains(|c: char| c.is_ascii_digit());
            if (value.len() >= 8 && digit) || value.len() >= 20 {
                hits.push((from..end, Kind::Authorization));
            }
        }
    }
}

/// `user:password` in `scheme://user:password@host`.
fn url_users(text: &str, hits: &mut Vec<Hit>) {
    for (at, _) in text.match_indices("://") {
        let from = at + 3;
        let stop =
            |c: char| !(c.is_whitespace() || matches!(c, '/' | '?' | '#' | '"' | '\'' | '<'));
        let end = run_end(text, from, stop);
        if let Some(user) = text[from..end]
            .rfind('@')
            .filter(|_| !is_removed(&text[from..]))
        {
            hits.push((from..from + user, Kind::UrlUser));
        }
    }
}

/// Names that a secret is assigned to, in lower case; they may be the end of a longer name.
const NAMES: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "api_key",
    "api-key",
    "apikey",
    "access_key",
    "access-key",
    "accesskey",
    "authorization",
    "cookie",
    "signature",
    "credential",
];

fn assignments(text: &str, hits: &mut Vec<Hit>) {
    let lower = text.to_ascii_lowercase();
    for name in NAMES {
        for (at, _) in lower.match_indices(name) {
            let rest = &text[at + name.len()..];
            let after = rest.trim_start_matches(['"', '\'', ' ', '\\']);
            let colon = after.starts_with(':');
            let Some(value) = after.strip_prefix([':', '=']) else {
                continue;
            };
            let value = value.trim_start_matches(['"', '\'', ' ', '\\']);
            let from = text.len() - value.len();
            let stop = |c: char| {
                c.is_whitespace() || matches!(c, '"' | '\'' | '&' | ',' | ';' | ')' | '}' | '\\')
            };
            let end = run_end(text, from, |c| !stop(c));
            let value = &text[from..end];
            // A colon also stands in sentences.
            let told = !colon || value.contains(|c: char| c.is_ascii_digit());
            if value.len() >= 6 && told && !is_reference(value) {
                hits.push((from..end, Kind::Assigned));
            }
        }
    }
}

/// A path, another variable, or what was removed already.
pub fn is_reference(value: &str) -> bool {
    value.starts_with(['/', '~', '$', '%', '<', '`', '…', '.', '(']) || is_removed(value)
}

fn is_removed(value: &str) -> bool {
    value.starts_with('[')
}

/// Request ids look like that, and say nothing.
const NO_SECRETS: &[&str] = &["req_"];

/// As only chance puts letters and digits together.
#[must_use]
pub fn is_random(word: &str) -> bool {
    let count = |of: fn(&char) -> bool| word.chars().filter(of).count();
    let digits = count(char::is_ascii_digit);
    let lower = count(char::is_ascii_lowercase);
    let upper = count(char::is_ascii_uppercase);
    let hexadecimal = word.chars().all(|c| c.is_ascii_hexdigit());
    let one_word = digits + lower + upper == word.len();
    let mixed = digits >= 2 && lower >= 2 && upper >= 2;
    word.len() >= 24
        && !NO_SECRETS.iter().any(|start| word.starts_with(start))
        && (mixed || (one_word && digits >= 6 && lower + upper >= 6) || (hexadecimal && digits > 0))
}

/// Ends of unit names, which have an `@` too.
const UNITS: &[&str] = &[
    "service", "socket", "timer", "target", "slice", "scope", "mount", "path",
];

fn emails(text: &str, hits: &mut Vec<Hit>) {
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '%' | '+' | '-');
    for (at, _) in text.match_indices('@') {
        let start = text[..at].rfind(|c| !part(c)).map_or(0, |before| {
            before + text[before..].chars().next().map_or(1, char::len_utf8)
        });
        let end = run_end(text, at + 1, |c| {
            c.is_ascii_alphanumeric() || matches!(c, '.' | '-')
        });
        let domain = text[at + 1..end].trim_end_matches('.');
        let last = domain.rsplit('.').next().unwrap_or_default();
        let top = last.len() >= 2 && last.chars().all(|c| c.is_ascii_alphabetic());
        if start < at && domain.contains('.') && top && !UNITS.contains(&last) {
            hits.push((start..at + 1 + domain.len(), Kind::Email));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(&str, Kind)> {
        let mut hits = find(text);
        hits.sort_by_key(|(range, kind)| (range.start, *kind));
        let shown = hits
            .iter()
            .map(|(range, kind)| (&text[range.clone()], *kind));
        shown.collect()
    }

    #[test]
    fn secrets_by_their_form() {
        let check = |text: &str, kind: Kind, what: &str| {
            assert!(
                found(text).contains(&(what, kind)),
                "{text}: {:?}",
                found(text)
            );
        };
        check(
            "key sk-ant-api03-abcDEF is bad",
            Kind::Key,
            "sk-ant-api03-abcDEF",
        );
        check(
            "x/sk-ant-oat01-ABCdef.json",
            Kind::Key,
            "sk-ant-oat01-ABCdef.json",
        );
        check("AKIAABCDEFGHIJKLMNOP", Kind::Key, "AKIAABCDEFGHIJKLMNOP");
        check("ghp_abcdefghijklmnop", Kind::Key, "ghp_abcdefghijklmnop");
        check(
            "a eyJhbGciOiJ.eyJzdWIiOiI.sig,",
            Kind::Jwt,
            "eyJhbGciOiJ.eyJzdWIiOiI.sig",
        );
        check(
            "Authorization: Bearer abc12345",
            Kind::Authorization,
            "abc12345",
        );
        check(
            "basic dXNlcjpwYXNzd29yZA==",
            Kind::Authorization,
            "dXNlcjpwYXNzd29yZA==",
        );
        check("http://u:p@h:1/x", Kind::UrlUser, "u:p");
        check("?password=opensesame&x", Kind::Assigned, "opensesame");
        check("{\\\"token\\\": \\\"a1b2c3\\\"}", Kind::Assigned, "a1b2c3");
        check(
            "id Zx81kLmN0pQr5tUv2wXy9aBc!",
            Kind::Random,
            "Zx81kLmN0pQr5tUv2wXy9aBc",
        );
        check(&"0a".repeat(16), Kind::Random, &"0a".repeat(16));
        check("of ann@example.org.", Kind::Email, "ann@example.org");
    }

    #[test]
    fn words_that_are_none() {
        let check = |text: &str| assert_eq!(found(text), [], "{text}");
        check("sk-ant-api03-…4f2A starts with sk-ant-admin01- or sk-ant-sid01-.");
        check("AKIA…4f2A, ASIAPACIFIC");
        check("a bearer token, basic authentication, Bearer …4f2A");
        check("https://platform.claude.com/settings/keys");
        check("the token: revoked; export ANTHROPIC_API_KEY=\"$(cat file)\"");
        check("request req_011CSHoEeqs5C35K2UUqR7Fy");
        check("us.anthropic.claude-sonnet-4-5-20250929-v1:0 and claude-opus-4-1-20250805");
        check("/n/lib/node_modules/@anthropic-ai/claude-code/bin/claude.exe");
        check("keywright@1000.service and 2.1.329 at 2026-11-21T08:31:38.331106797Z");
        check("CLAUDE_CODE_SUBPROCESS_ENV_SCRUB x86_64-unknown-linux-gnu");
        check("http://[removed:url-user]@host password=[removed:assigned]");
    }
}
