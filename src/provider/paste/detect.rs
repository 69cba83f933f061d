//! Secrets found in text that should hold none: a typed name, an error message of a server.

/// How published kinds of secrets begin, and how many characters follow at least.
const PREFIXES: &[(&str, usize)] = &[
    ("sk-ant-", 8),
    ("sk-proj-", 8),
    ("sk-or-", 8),
    ("sk-", 16),
    ("AKIA", 12),
    ("ASIA", 12),
    ("ABSK", 20),
    ("bedrock-api-key-", 8),
    ("AIza", 30),
    ("ghp_", 20),
    ("gho_", 20),
    ("github_pat_", 20),
    ("xoxb-", 10),
    ("eyJ", 20),
];
/// Random text shorter than this is not told from a name.
const SHORTEST_RANDOM: usize = 24;

/// Whether `text` has the form of a secret or of a piece of one. Used to refuse it where no secret
/// belongs; names, model ids, paths and web addresses pass.
#[must_use]
pub fn looks_like_secret(text: &str) -> bool {
    words(text).any(|(_, word)| is_secret(word))
}

/// `text` with everything that looks like a secret replaced by `[removed]`.
#[must_use]
pub fn scrub(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut end = 0;
    for (at, word) in words(text) {
        if is_secret(word) {
            clean.push_str(&text[end..at]);
            clean.push_str("[removed]");
            end = at + word.len();
        }
    }
    clean.push_str(&text[end..]);
    clean
}

/// The runs of characters that secrets consist of, with the places where they begin.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let separator = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '+' | '='));
    text.split(separator).scan(0, move |next, word| {
        let at = *next;
        *next += word.len();
        // The separator is one character of any width.
        *next += text[*next..].chars().next().map_or(0, char::len_utf8);
        Some((at, word))
    })
}

fn is_secret(word: &str) -> bool {
    let prefixed = PREFIXES.iter().any(|(prefix, rest)| {
        // `sk-` may follow a name, as in `KEY=sk-…`.
        word.match_indices(prefix).any(|(at, _)| {
            let boundary = at == 0 || word[..at].ends_with(['=', '+']);
            boundary && word.len() >= at + prefix.len() + rest
        })
    });
    prefixed || is_random(word)
}

/// Letters of both cases and digits in quick change, as base64 has them and words do not.
fn is_random(word: &str) -> bool {
    #[derive(PartialEq)]
    enum Class {
        Upper,
        Lower,
        Digit,
    }
    let classes: Vec<Class> = word
        .bytes()
        .filter_map(|b| match b {
            b'A'..=b'Z' => Some(Class::Upper),
            b'a'..=b'z' => Some(Class::Lower),
            b'0'..=b'9' => Some(Class::Digit),
            _ => None,
        })
        .collect();
    let has = |class: &Class| classes.contains(class);
    // A small letter after a capital one is how words begin.
    let word = |pair: &[Class]| pair[0] == Class::Upper && pair[1] == Class::Lower;
    let changes = classes
        .windows(2)
        .filter(|pair| pair[0] != pair[1] && !word(pair))
        .count();
    classes.len() >= SHORTEST_RANDOM
        && has(&Class::Upper)
        && has(&Class::Lower)
        && has(&Class::Digit)
        && changes * 10 >= classes.len() * 3
}
