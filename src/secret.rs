//! A value that must not be seen. It is zeroized when dropped, has no `Display` and no
//! `Serialize`, and its `Debug` says nothing.
//!
//! A secret leaves this type at five doors, each one function below; a test lists who may call
//! them. Everything else works with [`Secret::mask`] and [`Secret::fingerprint`].

use std::fmt::{self, Write};

use zeroize::Zeroizing;

/// A credential's text, in memory only.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Wraps a value as soon as it is known.
    pub fn new(value: impl Into<String>) -> Self {
        Self(Zeroizing::new(value.into()))
    }

    /// Door 1: the value of a request header, or the key of a signature.
    pub(crate) fn for_request(&self) -> &str {
        &self.0
    }

    /// Door 2: the bytes of a file or pipe that the user asked for.
    pub(crate) fn for_file(&self) -> &str {
        &self.0
    }

    /// Door 3: the environment of the one child that is started to use it.
    pub(crate) fn for_child(&self) -> &str {
        &self.0
    }

    /// Door 4: the standard input of a child, or the pipe to a parent, that asked for it.
    #[cfg_attr(
        not(feature = "bedrock"),
        expect(
            dead_code,
            reason = "only the child that asks the AWS SDK answers through it"
        )
    )]
    pub(crate) fn for_stdin(&self) -> &str {
        &self.0
    }

    /// Door 5: the screen, after `--show-secret`, `--raw` or `--force`.
    pub(crate) fn for_screen(&self) -> &str {
        &self.0
    }

    /// Looks at the text without letting it out: the answer must not contain a part of it.
    /// For shape checks only.
    pub(crate) fn inspect<T>(&self, look: impl FnOnce(&str) -> T) -> T {
        look(&self.0)
    }

    /// The parts of a list that is separated by commas, semicolons or white space.
    pub(crate) fn split_list(&self) -> Vec<Self> {
        self.0
            .split(|c: char| matches!(c, ',' | ';') || c.is_whitespace())
            .filter(|part| !part.is_empty())
            .map(Self::new)
            .collect()
    }

    /// The public prefix and the last 4 characters (`sk-ant-api03-…4f2A`); nothing of a value
    /// shorter than 24 characters.
    #[must_use]
    pub fn mask(&self) -> String {
        let count = self.0.chars().count();
        if count < 24 {
            return "…".to_owned();
        }
        let tail = self.0.char_indices().rev().nth(3).map_or(0, |(at, _)| at);
        // What no key holds could be an order to the terminal.
        let tail = Some(&self.0[tail..]).filter(|tail| tail.bytes().all(|b| b.is_ascii_graphic()));
        [self.public_prefix(), "…", tail.unwrap_or_default()].concat()
    }

    /// The part of the value that only names its kind, such as `sk-ant-api03-`; empty when the
    /// value has no known prefix.
    #[must_use]
    pub fn public_prefix(&self) -> &'static str {
        PUBLIC_PREFIXES
            .iter()
            .find(|prefix| self.0.starts_with(**prefix))
            .copied()
            .unwrap_or_default()
    }

    /// Eight hexadecimal digits that tell two secrets apart and say nothing else of a value with
    /// the entropy of a key.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let digest = ring::digest::digest(&ring::digest::SHA256, self.0.as_bytes());
        let mut text = String::with_capacity(8);
        for byte in &digest.as_ref()[..4] {
            let _ = write!(text, "{byte:02x}");
        }
        text
    }

    /// Mask and fingerprint, for plans and comparisons.
    #[must_use]
    pub fn described(&self) -> String {
        [&self.mask(), " (fingerprint ", &self.fingerprint(), ")"].concat()
    }

    /// Number of characters.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.chars().count()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Prefixes that are public knowledge: vendors publish them so that leaked keys can be found.
const PUBLIC_PREFIXES: &[&str] = &[
    "sk-ant-api03-",
    "sk-ant-oat01-",
    "sk-ant-ort01-",
    "sk-ant-admin01-",
    "sk-ant-sid01-",
    "sk-ant-",
    "sk-proj-",
    "sk-or-v1-",
    "sk-",
    "AKIA",
    "ASIA",
    "ABSK",
    "bedrock-api-key-",
];

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("REDACTED")
    }
}

impl<'de> serde::Deserialize<'de> for Secret {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = Secret;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }
            fn visit_str<E>(self, value: &str) -> Result<Secret, E> {
                Ok(Secret::new(value))
            }
            fn visit_string<E>(self, value: String) -> Result<Secret, E> {
                Ok(Secret::new(value))
            }
        }
        deserializer.deserialize_string(Visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks() {
        let check = |value: &str, expected: &str| assert_eq!(Secret::new(value).mask(), expected);
        check("sk-ant-api03-abcdefghijklmnop\u{1b}[7m", "sk-ant-api03-…");
        check("abcdefghijklmnopqrstuvwxyz\u{202e}abc", "…");
        check("", "…");
        check("short", "…");
        check(
            &format!("sk-ant-api03-{}4f2A", "x".repeat(91)),
            "sk-ant-api03-…4f2A",
        );
        check("no-known-prefix-but-long-enough", "…ough");
        check("päßwörter sind länger als vierundzwanzig", "…nzig");
    }

    #[test]
    fn debug_says_nothing() {
        assert_eq!(format!("{:?}", Secret::new("sk-ant-api03-abc")), "REDACTED");
    }

    #[test]
    fn fingerprints_tell_apart() {
        assert_eq!(Secret::new("a").fingerprint(), "ca978112");
        assert_ne!(
            Secret::new("a").fingerprint(),
            Secret::new("b").fingerprint()
        );
    }
}
