//! Names of agents, providers and profiles. They become parts of paths and lines on the screen, so
//! anything but `[a-z0-9][a-z0-9._-]{0,62}` is refused before it reaches either.

use std::fmt;

use crate::error::{Error, Result};

/// A checked name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(String);

impl Name {
    /// Checks a name.
    ///
    /// # Errors
    /// `Usage`; the message does not repeat what was given.
    pub fn parse(text: &str) -> Result<Self> {
        if is_name(text) {
            return Ok(Self(text.to_owned()));
        }
        Err(Error::usage(
            "a name must start with a-z or 0-9, go on with a-z, 0-9, `.`, `_` or `-`, and have at most 63 characters",
        ))
    }

    /// The agent `main`.
    #[must_use]
    pub fn main() -> Self {
        Self(super::MAIN.to_owned())
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether `text` can be a name.
#[must_use]
pub fn is_name(text: &str) -> bool {
    let letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let bytes = text.as_bytes();
    bytes.len() <= 63
        && bytes.first().is_some_and(|b| letter(*b))
        && bytes
            .iter()
            .all(|b| letter(*b) || matches!(b, b'.' | b'_' | b'-'))
        // Every id of a store comes through here: a search by `contains` costs five times as much.
        && !bytes.windows(2).any(|pair| pair == b"..")
}

/// `provider:name`, such as `anthropic:default`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProfileId {
    text: String,
    colon: usize,
}

impl ProfileId {
    /// Checks a profile id.
    ///
    /// # Errors
    /// `Usage`; the message does not repeat what was given.
    pub fn parse(text: &str) -> Result<Self> {
        match text.split_once(':') {
            Some((provider, name)) if is_name(provider) && is_name(name) => Ok(Self {
                text: text.to_owned(),
                colon: provider.len(),
            }),
            _ => Err(Error::usage(
                "a profile id is `provider:name`, such as `anthropic:default`, in a-z, 0-9, `.`, `_` and `-`",
            )),
        }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    #[must_use]
    pub fn provider(&self) -> &str {
        &self.text[..self.colon]
    }

    /// The part after the colon: also the account's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.text[self.colon + 1..]
    }
}

impl fmt::Display for ProfileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for good in ["a", "0", "main", "claude-cli", "a.b_c-d", &"x".repeat(63)] {
            assert!(Name::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            ".a",
            "-a",
            "_a",
            "A",
            "a/b",
            "../x",
            "a..b",
            "a b",
            "ä",
            "a\u{1b}",
            &"x".repeat(64),
        ] {
            assert!(Name::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn profile_ids() {
        let id = ProfileId::parse("anthropic:work").expect("well formed");
        assert_eq!((id.provider(), id.name()), ("anthropic", "work"));
        for bad in [
            "anthropic",
            ":work",
            "anthropic:",
            "a:b:c",
            "anthropic:../x",
        ] {
            assert!(ProfileId::parse(bad).is_err(), "{bad}");
        }
    }
}
