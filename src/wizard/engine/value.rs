//! Values of variables, and where they came from.

use std::collections::BTreeMap;

use super::named_place::NamedPlace;
use crate::secret::Secret;

/// What a variable holds. Yes and no are the texts `yes` and `no`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Text(String),
    List(Vec<String>),
    Secret(Secret),
}

/// Variables by name.
pub type Values = BTreeMap<String, Value>;

/// Where an answer came from; shown beside defaults and in the receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// Typed or chosen at the prompt.
    Prompt,
    /// A flag, by its name.
    Flag(String),
    AnswersFile,
    /// An environment variable, by its name.
    Environment(String),
    /// A place that goes on holding the secret, and that the profile refers to.
    Place(NamedPlace),
    /// The flow's own default, where nobody was asked.
    Default,
    /// Found on this machine.
    Detected,
    /// What the profile has already.
    Stored,
}

impl Source {
    /// In words, for a prompt or a receipt.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Prompt => "given before".to_owned(),
            Self::Flag(flag) => format!("from {flag}"),
            Self::AnswersFile => "from the answers file".to_owned(),
            Self::Environment(name) => format!("from {name}"),
            Self::Place(place) => format!("stays in {}", place.words()),
            Self::Default => "default".to_owned(),
            Self::Detected => "found on this machine".to_owned(),
            Self::Stored => "as it is now".to_owned(),
        }
    }
}

impl Value {
    /// A text value.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// `yes` or `no`.
    #[must_use]
    pub fn yes_no(yes: bool) -> Self {
        Self::text(if yes { "yes" } else { "no" })
    }

    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    #[must_use]
    pub fn as_list(&self) -> Option<&[String]> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    #[must_use]
    pub fn as_secret(&self) -> Option<&Secret> {
        match self {
            Self::Secret(secret) => Some(secret),
            _ => None,
        }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) => text.is_empty(),
            Self::List(items) => items.is_empty(),
            Self::Secret(secret) => secret.is_empty(),
        }
    }

    /// How it may be shown: a secret by its mask.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::List(items) => items.join(", "),
            Self::Secret(secret) => secret.mask(),
        }
    }
}
