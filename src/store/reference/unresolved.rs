//! Why a reference leads to nothing.

use std::fmt;
/// Why a reference has no value, without a part of any value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unresolved {
    why: String,
    pub mend: Mend,
}

/// What can be done about it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mend {
    /// This variable has to be set.
    Variable(String),
    /// This file has to be readable for its owner alone.
    Private(String),
    /// Nobody else may write to this program or folder.
    Guarded(String),
    /// `secrets.providers` of the configuration has to say something else.
    Configuration,
    /// The keyring has to be unlocked.
    Unlock,
    /// Nothing that could be typed here.
    Nothing,
}

impl Unresolved {
    /// `why` goes on after the name of a profile and `cannot be used: `.
    pub(super) fn new(why: impl Into<String>, mend: Mend) -> Self {
        Self {
            why: why.into(),
            mend,
        }
    }

    /// Why, as a clause such as `the file /k that it refers to is not there`.
    #[must_use]
    pub fn why(&self) -> &str {
        &self.why
    }
}

impl Mend {
    /// What to do, as a sentence; a path is quoted by `word`.
    #[must_use]
    pub fn sentence(&self, word: impl Fn(&str) -> String) -> Option<String> {
        Some(match self {
            Self::Variable(name) => format!("Set {name} where keywright runs."),
            Self::Private(path) => format!("`chmod 600 {}` mends it.", word(path)),
            Self::Guarded(path) => format!("`chmod go-w {}` mends it.", word(path)),
            Self::Configuration => "Correct `secrets.providers` in config.json5.".to_owned(),
            Self::Unlock => {
                "Unlock the keyring: sign in to the desktop, or open its password manager."
                    .to_owned()
            }
            Self::Nothing => return None,
        })
    }
}

impl fmt::Display for Unresolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)
    }
}

impl std::error::Error for Unresolved {}
