//! Where in a text something is wrong, told without showing what stands there: it may be a secret.

use std::path::Path;

use crate::error::{Error, Kind};

/// A refusal with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// A lowercase fragment.
    pub what: String,
    /// The line with its values blotted out, and a caret under the place.
    pub snippet: String,
}

impl Problem {
    /// The problem `what` at byte `offset` of `text`.
    #[must_use]
    pub fn at(text: &str, offset: usize, what: impl Into<String>) -> Self {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let start = text[..offset].rfind('\n').map_or(0, |newline| newline + 1);
        let line = text[..start].matches('\n').count() + 1;
        let column = text[start..offset].chars().count() + 1;
        let whole = text[start..].lines().next().unwrap_or_default();
        Self {
            line,
            column,
            what: what.into(),
            snippet: snippet(whole, line, column),
        }
    }

    /// The error for the file at `path`.
    #[must_use]
    pub fn into_error(self, path: &Path) -> Error {
        let Self {
            line,
            column,
            what,
            snippet,
        } = self;
        let message = format!("{}:{line}:{column}: {what}", path.display());
        Error::new(Kind::Malformed, message)
            .path(path)
            .snippet(snippet)
    }
}

/// Characters of a line that are shown; a document may be one line of a megabyte.
const WIDTH: usize = 100;

fn snippet(line: &str, number: usize, column: usize) -> String {
    let start = (column - 1).saturating_sub(WIDTH / 2);
    let shown: String = blot_out(line).chars().skip(start).take(WIDTH).collect();
    let margin = " ".repeat(number.to_string().len());
    let indent = " ".repeat(column - 1 - start);
    format!("{margin} |\n{number} | {shown}\n{margin} | {indent}^")
}

/// The line with the same number of characters, of which only white space, punctuation and names
/// of fields are left. A name is what stands at the start of the line or behind `{` or `,`, is made
/// of letters alone, and is followed by a colon.
fn blot_out(line: &str) -> String {
    let characters: Vec<char> = line.chars().collect();
    let mut shown = String::with_capacity(line.len());
    let mut name_may_start = true;
    let mut string = None;
    let mut index = 0;
    while let Some(c) = characters.get(index).copied() {
        if name_may_start && let Some(end) = name_end(&characters, index) {
            shown.extend(&characters[index..end]);
            index = end;
            name_may_start = false;
            continue;
        }
        if c == '/' && string.is_none() && matches!(characters.get(index + 1), Some('/' | '*')) {
            shown.extend(std::iter::repeat_n('·', characters.len() - index));
            break;
        }
        let visible = match c {
            '{' | '}' | '[' | ']' | ':' | ',' if string.is_none() => c,
            c if c.is_whitespace() => ' ',
            _ => '·',
        };
        name_may_start = match visible {
            '{' | ',' => true,
            ' ' => name_may_start,
            _ => false,
        };
        shown.push(visible);
        if let Some(open) = string {
            string = (open != c).then_some(open);
        } else if matches!(c, '"' | '\'') {
            string = Some(c);
        }
        index += 1;
    }
    shown
}

/// The end of the field name that starts at `start`, quotes included.
fn name_end(characters: &[char], start: usize) -> Option<usize> {
    let quote = characters
        .get(start)
        .copied()
        .filter(|c| matches!(c, '"' | '\''));
    let first = start + usize::from(quote.is_some());
    let letters = characters[first..]
        .iter()
        .take_while(|c| c.is_ascii_alphabetic())
        .count();
    let mut end = first + letters;
    if letters == 0 || letters > 24 {
        return None;
    }
    if let Some(quote) = quote {
        if characters.get(end) != Some(&quote) {
            return None;
        }
        end += 1;
    }
    let next = characters[end..].iter().find(|c| !c.is_whitespace());
    (next == Some(&':')).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_blotted_out() {
        let check = |line: &str, shown: &str| assert_eq!(blot_out(line), shown);
        check("  primary: \"sk-ant-x\",", "  primary: ··········,");
        check(
            "{ \"env\": { 'vars' : 'a:b' } }",
            "{ \"env\": { 'vars' : ····· } }",
        );
        check("sk-ant: 1", "······: ·");
        check("a b", "· ·");
        check("\"pass:word", "··········");
        check("a: \"x,word: y\"", "a: ········ ··");
        check("// key: abc", "···········");
        check("hunter2: x", "·······: ·");
    }

    #[test]
    fn places() {
        let text = "one\ntwö three\nfour";
        let check = |offset, line, column| {
            let problem = Problem::at(text, offset, "");
            assert_eq!((problem.line, problem.column), (line, column));
        };
        check(0, 1, 1);
        check(4, 2, 1);
        check(9, 2, 5);
        check(text.len(), 3, 5);
        check(999, 3, 5);
        let long = format!("{{a: {}, b: x}}", "[".repeat(5000));
        let snippet = Problem::at(&long, 5007, "").snippet;
        let widest = snippet.lines().map(|line| line.chars().count()).max();
        assert!(widest.is_some_and(|width| width <= WIDTH + 4), "{snippet}");
        assert!(snippet.contains(" b: ·}"), "{snippet}");
        assert_eq!(
            Problem::at("{\n  name: x y\n}", 11, "").snippet,
            "  |\n2 |   name: · ·\n  |          ^"
        );
    }
}
