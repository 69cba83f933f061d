//! Finds a known message in what somebody pasted: letters and digits count, and nothing else.
//! Case, quotes, punctuation, line breaks, colour codes and whatever stands before or after the
//! message do not matter; `*` in a pattern stands for a few words, such as an id or a number.

/// Words that a `*` may stand for at most.
const GAP: usize = 12;

/// Words of a paste that are looked at; what is longer is a log, not a message.
const WORD_LIMIT: usize = 20_000;

/// How many characters of `pattern` were found in `words`, or `None` when it does not match. Of
/// several patterns that match, the one with the largest number is the most specific.
pub fn matched(pattern: &str, words: &[String]) -> Option<usize> {
    let parts: Vec<Vec<String>> = pattern.split('*').map(self::words).collect();
    let found = (0..words.len()).any(|start| starts_at(&parts, &words[start..]));
    found.then(|| parts.iter().flatten().map(String::len).sum())
}

/// The lower-case words of a text. An apostrophe joins, a colour code vanishes, every other sign
/// separates.
pub fn words(text: &str) -> Vec<String> {
    let mut plain = String::with_capacity(text.len().min(1 << 16));
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '\u{1b}' if signs.peek() == Some(&'[') => {
                signs.next();
                // A colour code ends with its first letter.
                let _ = signs.by_ref().find(char::is_ascii_alphabetic);
            }
            '\'' | '’' | '‘' | 'ʼ' => {}
            sign if sign.is_alphanumeric() => plain.extend(sign.to_lowercase()),
            _ => plain.push(' '),
        }
    }
    plain
        .split_whitespace()
        .take(WORD_LIMIT)
        .map(str::to_owned)
        .collect()
}

/// Whether the first part stands right here and the others follow, each after a gap.
fn starts_at(parts: &[Vec<String>], words: &[String]) -> bool {
    let Some((first, others)) = parts.split_first() else {
        return true;
    };
    if !words.starts_with(first) {
        return false;
    }
    let rest = &words[first.len()..];
    others.is_empty() || (0..=GAP.min(rest.len())).any(|skip| starts_at(others, &rest[skip..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lenient() {
        let check = |pattern: &str, text: &str, expected: bool| {
            assert_eq!(
                matched(pattern, &words(text)).is_some(),
                expected,
                "{pattern} in {text}"
            );
        };
        check("invalid x-api-key", "Invalid X-API-Key", true);
        check(
            "invalid x-api-key",
            "12:01 ERROR [a] invalid x-api-key (req_1)",
            true,
        );
        check(
            "invalid x-api-key",
            "{\"message\":\"invalid x-api-key\"}",
            true,
        );
        check("invalid x-api-key", "invalid x-api-\n   key", true);
        check(
            "invalid x-api-key",
            "\u{1b}[31minvalid\u{1b}[0m x-api-key",
            true,
        );
        check("isn't supported", "isn’t supported", true);
        check(
            "model * not found",
            "model claude-opus-9 was not found",
            true,
        );
        check("model * not found", "model not found", true);
        check(
            "model * not found",
            &format!("model {}not found", "x ".repeat(30)),
            false,
        );
        check("error 401", "error 4010", false);
        check("overloaded", "overloadedness", false);
        check("anything", "", false);
    }

    #[test]
    fn more_words_weigh_more() {
        let text = words("Failed to authenticate. API Error: 401 invalid x-api-key");
        assert!(matched("invalid x-api-key", &text) > matched("api error 401", &text));
    }
}
