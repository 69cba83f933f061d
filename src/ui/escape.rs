//! Text from outside (servers, files, other programs, names) made harmless before it reaches a
//! terminal: control characters, escape sequences, bidirectional overrides and invisible
//! characters are shown as visible escapes.

use std::borrow::Cow;
use std::fmt::Write;

use crate::provider::paste::scrub;

/// `text` on one line, with everything that could move the cursor, change colours or hide text
/// written out as `\u{1b}`.
#[must_use]
pub fn line(text: &str) -> Cow<'_, str> {
    if text.chars().all(harmless) {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            c if harmless(c) => clean.push(c),
            '\n' | '\r' | '\t' => clean.push(' '),
            c => {
                let _ = write!(clean, "\\u{{{:x}}}", u32::from(c));
            }
        }
    }
    Cow::Owned(clean)
}

fn harmless(c: char) -> bool {
    !c.is_control()
        && !matches!(c,
            '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// A word of a command line on one line, without what looks like a secret in the wrong place.
#[must_use]
pub fn typed(text: &str) -> String {
    line(&scrub(text)).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases() {
        let check = |text: &str, expected: &str| assert_eq!(line(text), expected);
        check("plain ünïcode 漢字", "plain ünïcode 漢字");
        check("\u{1b}[31mred", "\\u{1b}[31mred");
        check("two\nlines\tand tab", "two lines and tab");
        check("a\u{202e}b", "a\\u{202e}b");
        check("\u{9b}31m", "\\u{9b}31m");
    }
}
