//! Words in a flow file: one string, or an array of lines, with `{variable}` in them.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};

/// A text of one or more lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text(Vec<String>);

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    Words(&'a str),
    /// The name between the braces, and its byte offset in the line.
    Variable(&'a str, usize),
}

impl Text {
    /// A text of one line.
    pub fn line(line: impl Into<String>) -> Self {
        Self(vec![line.into()])
    }

    #[must_use]
    pub fn lines(&self) -> &[String] {
        &self.0
    }

    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.0.iter().all(|line| line.trim().is_empty())
    }

    /// The variables named in it, with the index of their line.
    pub fn variables(&self) -> impl Iterator<Item = (usize, &str)> {
        self.0.iter().enumerate().flat_map(|(index, line)| {
            pieces(line)
                .into_iter()
                .filter_map(move |piece| match piece {
                    Piece::Variable(name, _) => Some((index, name)),
                    Piece::Words(_) => None,
                })
        })
    }

    /// The lines with every variable replaced by what `value` gives for it.
    #[must_use]
    pub fn render(&self, value: impl Fn(&str) -> String) -> Vec<String> {
        let render_line = |line: &String| {
            pieces(line)
                .into_iter()
                .map(|piece| match piece {
                    Piece::Words(words) => words.to_owned(),
                    Piece::Variable(name, _) => value(name),
                })
                .collect()
        };
        self.0.iter().map(render_line).collect()
    }
}

/// Splits a line at its `{variable}`s. Braces around anything but `a-z`, `0-9` and `_` are words.
#[must_use]
pub fn pieces(line: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while let Some(open) = line[at..].find('{').map(|i| at + i) {
        let Some(close) = line[open..].find('}').map(|i| open + i) else {
            break;
        };
        let name = &line[open + 1..close];
        if !is_variable_name(name) {
            at = open + 1;
            continue;
        }
        if open > start {
            found.push(Piece::Words(&line[start..open]));
        }
        found.push(Piece::Variable(name, open));
        start = close + 1;
        at = start;
    }
    if start < line.len() {
        found.push(Piece::Words(&line[start..]));
    }
    found
}

/// `[a-z][a-z0-9_]*`.
#[must_use]
pub fn is_variable_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_lowercase())
        && bytes.all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // A visitor instead of an untagged enum, which would lose the position of an error.
        struct Lines;
        impl<'de> Visitor<'de> for Lines {
            type Value = Text;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or an array of lines")
            }

            fn visit_str<E: Error>(self, line: &str) -> Result<Text, E> {
                Ok(Text::line(line))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut lines: A) -> Result<Text, A::Error> {
                let mut text = Vec::new();
                while let Some(line) = lines.next_element::<String>()? {
                    text.push(line);
                }
                Ok(Text(text))
            }
        }
        deserializer.deserialize_any(Lines)
    }
}

#[cfg(test)]
impl schemars::JsonSchema for Text {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Text".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "One line, or an array of lines. {variable} stands for its value.",
            "oneOf": [
                { "type": "string" },
                { "type": "array", "items": { "type": "string" }, "minItems": 1 }
            ]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_stand_in_braces() {
        let check = |line: &str, expected: &str| {
            let text = Text::line(line);
            assert_eq!(text.render(|name| format!("<{name}>")), [expected]);
        };
        check("plain", "plain");
        check("", "");
        check("{a}", "<a>");
        check("x {a_1}, {b}.", "x <a_1>, <b>.");
        check("{ not }", "{ not }");
        check("{{a}", "{<a>");
        check("{A} {} {open", "{A} {} {open");
        check("ä{a}ö", "ä<a>ö");
    }

    #[test]
    fn a_text_is_a_string_or_lines() {
        let parse = serde_json::from_str::<Text>;
        assert_eq!(parse("\"a\"").expect("a text").lines(), ["a"]);
        assert_eq!(parse("[\"a\", \"b\"]").expect("a text").lines(), ["a", "b"]);
        let error = parse("[\"a\",\n 7]").expect_err("no line");
        assert_eq!((error.line(), error.column()), (2, 2));
    }
}
