//! Which credential keywright would use for the provider, and every source of one.

use serde::{Deserialize, Serialize};

use super::stored::{Misnamed, StoredProfile};
use super::value::Value;
use crate::consumer::claude_code::login::Login;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Credentials {
    pub agent: String,
    /// `anthropic`.
    pub provider: String,
    /// Every source that holds something, best first.
    pub sources: Vec<Source>,
    /// Every place that was looked at, in words, in the order of precedence.
    pub looked_at: Vec<String>,
    /// Why the choice itself is not possible, such as `--profile` naming no profile.
    pub problem: Option<String>,
    /// Profiles of any provider that cannot be used as they stand, or whose secret is elsewhere.
    pub profiles: Vec<StoredProfile>,
    pub misnamed: Vec<Misnamed>,
    /// Why the record of use could not be read.
    pub usage_problem: Option<String>,
}

impl Credentials {
    /// The one that would be used.
    #[must_use]
    pub fn effective(&self) -> Option<&Source> {
        self.sources.iter().find(|source| source.effective)
    }

    /// What is said of the profile with this name, where something is.
    #[must_use]
    pub fn stored(&self, id: &str) -> Option<&StoredProfile> {
        self.profiles.iter().find(|profile| profile.id == id)
    }
}

/// A credential that is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Source {
    pub place: Place,
    pub kind: SourceKind,
    /// It would be used.
    pub effective: bool,
    /// Why it cannot be used, in words that follow a name; `None` when it can.
    pub unusable: Option<String>,
    /// `None` when the value is not here (a reference, a login).
    pub value: Option<Value>,
    /// Milliseconds since 1970, as far as the store knows.
    #[serde(default)]
    pub expires: Option<i64>,
    /// The end was not told but assumed: one year after it was made.
    #[serde(default)]
    pub expires_assumed: bool,
    /// The host it was saved for, when it is not the provider's own.
    pub base_url: Option<String>,
    /// The login of Claude Code that a profile refers to.
    pub login: Option<Box<Login>>,
}

/// Where a credential is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum Place {
    /// A profile of our store.
    Profile {
        id: String,
        /// The agent it is inherited from.
        inherited_from: Option<String>,
    },
    /// A variable of this process's environment.
    Variable { name: String },
    /// A line of our `.env`.
    EnvFile { name: String },
    /// `env.vars` of our configuration.
    ConfigVars { name: String },
}

impl Place {
    /// The profile's id or the variable's name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Profile { id, .. } => id,
            Self::Variable { name } | Self::EnvFile { name } | Self::ConfigVars { name } => name,
        }
    }

    /// In words: `profile anthropic:default`, `ANTHROPIC_API_KEY in the environment`.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Profile { id, .. } => format!("profile {id}"),
            Self::Variable { name } => format!("{name} in the environment"),
            Self::EnvFile { name } => format!("{name} in our .env"),
            Self::ConfigVars { name } => format!("{name} in env.vars of our configuration"),
        }
    }
}

/// What kind of credential a source says it holds; [`Value::looks`] says what it looks like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SourceKind {
    #[default]
    ApiKey,
    /// A subscription token, or a bearer token for a gateway.
    Token,
    /// A Claude Code login, by reference.
    Login,
    Aws,
    Unknown,
}
