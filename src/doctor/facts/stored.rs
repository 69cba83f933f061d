//! The profiles of the store that cannot be used as they stand, and those whose secret is somewhere
//! else; and what the orders name.

use serde::{Deserialize, Serialize};

use crate::store::reference::Mend;

/// A profile with something about it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct StoredProfile {
    pub id: String,
    pub provider: String,
    /// It is the one that would be used, if it could be.
    pub wanted: bool,
    /// A code of `models status`, such as `missing_credential`.
    pub reason: String,
    /// Why it cannot be used, in words that follow a name.
    pub obstacle: Option<String>,
    pub reference: Option<Reference>,
}

/// Where the secret of a profile is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Reference {
    /// `env`, `file`, `exec` or `keyring`.
    pub source: String,
    pub state: ReferenceState,
    /// What is odd about the place.
    pub warning: Option<String>,
    /// What would mend one that is not resolved.
    pub mend: Option<Mend>,
}

/// What became of a reference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReferenceState {
    #[default]
    Resolved,
    /// A program or a keyring has to be asked for it.
    NotAsked,
    Unresolved,
}

/// An order that names what is not there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Misnamed {
    pub provider: String,
    /// It stands in the configuration, else in the store.
    pub in_config: bool,
    /// The names that no profile of the provider has.
    pub unknown: Vec<String>,
    /// The names of the order that are there.
    pub known: Vec<String>,
    /// The profiles of the provider that the order leaves out.
    pub left_out: Vec<String>,
}
