//! The name of a setting: keys with dots between them, `["…"]` around one that has a dot itself.

use std::fmt;

use crate::error::{Error, Result};

/// A parsed name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key(pub Vec<String>);

impl Key {
    /// Reads `agents.defaults.model.primary`, `agents.defaults.models["a/b-4.5"].params`.
    ///
    /// # Errors
    /// `Usage`.
    pub fn parse(text: &str) -> Result<Self> {
        let wrong = || {
            Error::usage("this is no name of a setting").hint(
                "Put dots between the keys, and [\"…\"] around a key with a dot in it, such as agents.defaults.models[\"anthropic/claude-sonnet-4.5\"].params.cacheControlTtl",
            )
        };
        let mut keys = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            if let Some(inner) = rest.strip_prefix('[') {
                let quote = inner.chars().next().filter(|c| matches!(c, '"' | '\''));
                let quote = quote.ok_or_else(wrong)?;
                let (name, after) = inner[1..].split_once(quote).ok_or_else(wrong)?;
                keys.push(name.to_owned());
                rest = after.strip_prefix(']').ok_or_else(wrong)?;
            } else {
                let end = rest.find(['.', '[']).unwrap_or(rest.len());
                keys.push(rest[..end].to_owned());
                rest = &rest[end..];
            }
            if let Some(after) = rest.strip_prefix('.') {
                if after.is_empty() {
                    return Err(wrong());
                }
                rest = after;
            }
        }
        let bad = |key: &String| key.is_empty() || key.chars().any(char::is_control);
        if keys.is_empty() || keys.iter().any(bad) {
            return Err(wrong());
        }
        Ok(Self(keys))
    }

    /// For the document's own functions.
    #[must_use]
    pub fn path(&self) -> Vec<&str> {
        self.0.iter().map(String::as_str).collect()
    }

    /// A variable of `env`, in our form or Clawdbot's: its value may be a secret.
    #[must_use]
    pub fn is_variable(&self) -> bool {
        match self.path().as_slice() {
            ["env", "vars", _] => true,
            ["env", name] => !super::forms::NO_VARIABLES.contains(name),
            _ => false,
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, key) in self.0.iter().enumerate() {
            if key.contains(['.', '[', ' ']) {
                write!(f, "[\"{key}\"]")?;
            } else {
                write!(f, "{}{key}", if index == 0 { "" } else { "." })?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_and_written() {
        let check = |text: &str, expected: &[&str]| {
            let key = Key::parse(text).expect(text);
            assert_eq!(key.path(), expected, "{text}");
            assert_eq!(Key::parse(&key.to_string()).expect("again"), key);
        };
        check("a", &["a"]);
        check("a.b.c", &["a", "b", "c"]);
        check("a[\"b.c\"].d", &["a", "b.c", "d"]);
        check("a['b.c']['d']", &["a", "b.c", "d"]);
        check(
            "auth.profiles.anthropic:work.mode",
            &["auth", "profiles", "anthropic:work", "mode"],
        );
        for bad in ["", ".", "a.", "a..b", "a[b]", "a[\"b\"", "a.\u{1b}"] {
            assert!(Key::parse(bad).is_err(), "{bad:?}");
        }
    }
}
