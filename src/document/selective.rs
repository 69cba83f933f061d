//! JSON of other programs, read without keeping what was not asked for. Their files hold secrets
//! and the history of a person's work beside the few fields that matter here.
//!
//! Strict JSON, as those programs read it; of two fields with the same name the later one counts,
//! as in JavaScript.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::position::Problem;
use crate::secret::Secret;

/// Characters kept of a text.
const TEXT_LIMIT: usize = 500;
/// Entries kept of a list.
const LIST_LIMIT: usize = 1000;

/// What becomes of the value of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Nothing is kept, whatever is in it.
    Nothing,
    /// Objects are entered, and of a text it is kept whether there is something in it.
    Shape,
    /// A text is kept, cut to 500 characters.
    Text,
    /// A text is kept whole, wrapped.
    Secret,
}

/// A value, as far as it was kept.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// `null`, or not kept.
    Nothing,
    Flag(bool),
    Number(f64),
    /// A text that is not kept and has something in it.
    SomeText,
    /// A text; an empty one is kept always.
    Text(String),
    Secret(Secret),
    List(Vec<Node>),
    Object(Vec<(String, Node)>),
}

/// Reads `text`. `keep` decides on each field by the names that lead to it.
///
/// # Errors
/// Where it stops being JSON, never with a part of it.
pub fn read(text: &str, keep: impl Fn(&[String]) -> Keep) -> Result<Node, Problem> {
    let mut path = Vec::new();
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let seed = Seed {
        keep: &keep,
        how: Keep::Shape,
        path: &mut path,
    };
    let node = seed.deserialize(&mut deserializer);
    let end = node.and_then(|node| deserializer.end().map(|()| node));
    end.map_err(|error| {
        let what = if text.trim().is_empty() {
            "it is empty"
        } else if error.is_eof() {
            "it ends too early"
        } else {
            "it is not JSON"
        };
        Problem::at(text, offset(text, error.line(), error.column()), what)
    })
}

/// serde counts lines and bytes in them, both from 1; the end of a file may be column 0.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let lines = text.split_inclusive('\n').take(line.saturating_sub(1));
    lines.map(str::len).sum::<usize>() + column.saturating_sub(1)
}

impl Node {
    /// The field of an object.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        let Self::Object(fields) = self else {
            return None;
        };
        let last = fields.iter().rev().find(|(other, _)| other == name);
        last.map(|(_, value)| value)
    }

    /// The fields of an object, each name once.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &Self)> {
        let fields: &[(String, Self)] = match self {
            Self::Object(fields) => fields,
            _ => &[],
        };
        let all = fields.iter().enumerate();
        let last: BTreeMap<&str, usize> = all
            .clone()
            .map(|(index, (name, _))| (name.as_str(), index))
            .collect();
        all.filter_map(move |(index, (name, value))| {
            (last.get(name.as_str()) == Some(&index)).then_some((name.as_str(), value))
        })
    }

    #[must_use]
    pub fn list(&self) -> &[Self] {
        match self {
            Self::List(entries) => entries,
            _ => &[],
        }
    }

    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    #[must_use]
    pub const fn secret(&self) -> Option<&Secret> {
        match self {
            Self::Secret(secret) => Some(secret),
            _ => None,
        }
    }

    #[must_use]
    pub const fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    #[must_use]
    pub const fn flag(&self) -> Option<bool> {
        match self {
            Self::Flag(flag) => Some(*flag),
            _ => None,
        }
    }

    /// A text with something in it, kept or not.
    #[must_use]
    pub fn has_text(&self) -> bool {
        match self {
            Self::SomeText => true,
            Self::Text(text) => !text.is_empty(),
            Self::Secret(secret) => !secret.is_empty(),
            _ => false,
        }
    }

    #[must_use]
    pub const fn is_object(&self) -> bool {
        matches!(self, Self::Object(_))
    }
}

struct Seed<'a, F> {
    keep: &'a F,
    how: Keep,
    path: &'a mut Vec<String>,
}

impl<'de, F: Fn(&[String]) -> Keep> DeserializeSeed<'de> for Seed<'_, F> {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        if self.how == Keep::Nothing {
            return deserializer
                .deserialize_ignored_any(IgnoredAny)
                .map(|_| Node::Nothing);
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de, F: Fn(&[String]) -> Keep> Visitor<'de> for Seed<'_, F> {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Nothing)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Node, E> {
        Ok(Node::Flag(flag))
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "JavaScript, which wrote them, has no other numbers"
    )]
    fn visit_u64<E>(self, number: u64) -> Result<Node, E> {
        Ok(Node::Number(number as f64))
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "JavaScript, which wrote them, has no other numbers"
    )]
    fn visit_i64<E>(self, number: i64) -> Result<Node, E> {
        Ok(Node::Number(number as f64))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Node, E> {
        Ok(Node::Number(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Node, E> {
        Ok(match self.how {
            _ if text.is_empty() => Node::Text(String::new()),
            Keep::Text => Node::Text(text.chars().take(TEXT_LIMIT).collect()),
            Keep::Secret => Node::Secret(Secret::new(text)),
            Keep::Shape | Keep::Nothing => Node::SomeText,
        })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Node, A::Error> {
        let mut entries = Vec::new();
        loop {
            let how = if entries.len() < LIST_LIMIT {
                self.how
            } else {
                Keep::Nothing
            };
            let seed = Seed {
                keep: self.keep,
                how,
                path: &mut *self.path,
            };
            match list.next_element_seed(seed)? {
                None => return Ok(Node::List(entries)),
                Some(entry) if how != Keep::Nothing => entries.push(entry),
                Some(_) => {}
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let mut fields = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            self.path.push(name);
            let how = (self.keep)(self.path);
            let seed = Seed {
                keep: self.keep,
                how,
                path: &mut *self.path,
            };
            let value = map.next_value_seed(seed)?;
            let name = self.path.pop().unwrap_or_default();
            if how != Keep::Nothing {
                fields.push((name, value));
            }
        }
        Ok(Node::Object(fields))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keep(path: &[String]) -> Keep {
        let names: Vec<&str> = path.iter().map(String::as_str).collect();
        match names.as_slice() {
            ["login"] => Keep::Shape,
            ["login", "plan" | "scopes"] => Keep::Text,
            ["login", "token"] => Keep::Secret,
            ["login", "ends" | "on" | "note"] => Keep::Shape,
            _ => Keep::Nothing,
        }
    }

    #[test]
    fn only_what_was_asked_for_is_kept() {
        let text = r#"{"history": [{"token": "a"}], "login": {"token": "s\u0041", "plan": "max",
            "scopes": ["x", "y"], "ends": 12, "on": true, "note": "private", "plan": "pro"}}"#;
        let node = read(text, keep).expect("JSON");
        let login = node.get("login").expect("an object");
        assert_eq!(node.get("history"), None);
        assert_eq!(
            login.get("token").and_then(Node::secret),
            Some(&Secret::new("sA"))
        );
        assert_eq!(
            login.get("plan").and_then(Node::text),
            Some("pro"),
            "the later one"
        );
        let scopes: Vec<_> = login
            .get("scopes")
            .into_iter()
            .flat_map(Node::list)
            .collect();
        assert_eq!(scopes.len(), 2);
        assert_eq!(login.get("ends").and_then(Node::number), Some(12.0));
        assert_eq!(login.get("on").and_then(Node::flag), Some(true));
        assert_eq!(login.get("note"), Some(&Node::SomeText));
        assert_eq!(login.fields().count(), 6);
        assert!(!format!("{node:?}").contains("private"));
    }

    #[test]
    fn the_place_of_a_mistake_is_told_and_nothing_of_it() {
        let check = |text: &str, line, column, what: &str| {
            let problem = read(text, keep).expect_err("a mistake");
            let found = (problem.line, problem.column, problem.what.as_str());
            assert_eq!(found, (line, column, what), "{text:?}");
            assert!(!problem.snippet.contains("sk-"), "{problem:?}");
        };
        check("", 1, 1, "it is empty");
        check(" \n ", 2, 1, "it is empty");
        check("{", 1, 1, "it ends too early");
        check("{\n  \"login\": sk-ant-x\n}", 2, 12, "it is not JSON");
        check("{\"ä\": sk-x}", 1, 7, "it is not JSON");
        check("{} x", 1, 4, "it is not JSON");
        check("// no\n{}", 1, 1, "it is not JSON");
        check(
            "{\"login\": {\"token\": \"sk-ant-",
            1,
            28,
            "it ends too early",
        );
    }

    #[test]
    fn lists_and_texts_are_bounded() {
        let text = format!(
            r#"{{"login": {{"scopes": [{}"x"], "plan": "{}"}}}}"#,
            "1,".repeat(2000),
            "p".repeat(2000)
        );
        let node = read(&text, keep).expect("JSON");
        let login = node.get("login").expect("an object");
        assert_eq!(
            login.get("scopes").map(|list| list.list().len()),
            Some(LIST_LIMIT)
        );
        assert_eq!(
            login.get("plan").and_then(Node::text).map(str::len),
            Some(TEXT_LIMIT)
        );
    }
}
