//! Quoting of values, by the rules of systemd's `EnvironmentFile` (systemd.exec(5)). What we write
//! is also read the same by a POSIX shell and by the dotenv libraries.

use zeroize::Zeroizing;

use crate::secret::Secret;

/// Whether `name` can be a variable.
pub fn is_variable(name: &str) -> bool {
    let bytes = name.as_bytes();
    bytes
        .first()
        .is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_')
        && bytes
            .iter()
            .all(|b| b.is_ascii_alphanumeric() || *b == b'_')
}

/// Control characters would end the line, or be read differently by different programs.
pub fn can_be_written(value: &str) -> bool {
    !value.chars().any(char::is_control)
}

/// The value as it is written: bare where every reader agrees on it, else in single quotes, else
/// in double quotes with the four escapes that systemd and shells share.
pub fn quote(value: &Secret) -> Zeroizing<String> {
    quote_text(value.for_file())
}

/// As [`quote`], for text that is shown to whoever asked for it.
pub fn quote_text(value: &str) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(2 * value.len() + 2));
    let bare = |c: char| c.is_ascii_alphanumeric() || "_-./:@%+=,".contains(c);
    if !value.is_empty() && value.chars().all(bare) {
        text.push_str(value);
    } else if !value.contains(['\'', '\\']) {
        text.push('\'');
        text.push_str(value);
        text.push('\'');
    } else {
        text.push('"');
        for c in value.chars() {
            if ESCAPED.contains(&c) {
                text.push('\\');
            }
            text.push(c);
        }
        text.push('"');
    }
    text
}

/// What a backslash makes literal within double quotes; before anything else it stays.
const ESCAPED: [char; 4] = ['"', '\\', '`', '$'];

/// The first item of `text`: its length in bytes with the line ending, and the assignment in it.
pub fn read_item(text: &str) -> (usize, Option<(String, Secret)>) {
    let line = line_length(text);
    let start = text.trim_start_matches([' ', '\t']);
    if start.starts_with(['#', ';']) {
        return (line, None);
    }
    let Some((name, rest)) = text[..line].split_once('=') else {
        return (line, None);
    };
    let trimmed = name.trim();
    let bare = trimmed
        .strip_prefix("export ")
        .map_or(trimmed, str::trim_start);
    if !is_variable(bare) {
        return (line, None);
    }
    let from = line - rest.len();
    match read_value(&text[from..]) {
        Some((length, value)) => (from + length, Some((bare.to_owned(), value))),
        // A quote that nothing closes must not swallow the rest of the file.
        None => (line, None),
    }
}

fn line_length(text: &str) -> usize {
    text.find('\n').map_or(text.len(), |newline| newline + 1)
}

enum Within {
    /// Before, between and after quoted parts.
    Between,
    Bare,
    Single,
    Double,
}

/// The value at the start of `text` and the bytes it takes, line ending included; `None` when a
/// quote stays open.
fn read_value(text: &str) -> Option<(usize, Secret)> {
    let mut value = Zeroizing::new(String::with_capacity(text.len().min(4096)));
    // White space at the end of a bare part does not belong to it.
    let mut solid = 0;
    let mut within = Within::Between;
    let mut characters = text.char_indices().peekable();
    let mut length = text.len();
    while let Some((at, c)) = characters.next() {
        match (&within, c) {
            (Within::Between | Within::Bare, '\n') => {
                length = at + 1;
                break;
            }
            (Within::Between, c) if c.is_ascii_whitespace() => {}
            (Within::Between, '\'') => within = Within::Single,
            (Within::Between, '"') => within = Within::Double,
            (Within::Single, '\'') | (Within::Double, '"') => {
                solid = value.len();
                within = Within::Between;
            }
            (Within::Between | Within::Bare, '\\') => {
                within = Within::Bare;
                // A backslash at the end of a line joins the next one to it.
                if let Some((_, next)) = characters.next().filter(|(_, next)| *next != '\n') {
                    value.push(next);
                    solid = value.len();
                }
            }
            (Within::Double, '\\') => match characters.peek().copied() {
                Some((_, next)) if ESCAPED.contains(&next) => {
                    value.push(next);
                    characters.next();
                }
                Some((_, '\n')) => drop(characters.next()),
                _ => value.push('\\'),
            },
            (Within::Between | Within::Bare, c) => {
                within = Within::Bare;
                value.push(c);
                if !c.is_ascii_whitespace() {
                    solid = value.len();
                }
            }
            (Within::Single | Within::Double, c) => value.push(c),
        }
    }
    if matches!(within, Within::Single | Within::Double) {
        return None;
    }
    value.truncate(solid);
    Some((length, Secret::new(value.as_str())))
}
