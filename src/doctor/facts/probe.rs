//! The one question asked over the network: does the endpoint accept the effective credential?

use serde::{Deserialize, Serialize};

use crate::provider::verdict::Verdict;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Probe {
    pub level: Level,
    pub state: ProbeState,
    /// Seconds that this machine's clock is ahead of the server's `Date`; negative when behind.
    pub clock_ahead: Option<i64>,
    /// The profiles that were asked for beside the one in use.
    pub pinned: Vec<Pinned>,
}

/// A stored profile that was tried by itself, whatever else is there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Pinned {
    pub profile: String,
    pub provider: String,
    pub state: ProbeState,
    /// As [`Probe::clock_ahead`].
    pub clock_ahead: Option<i64>,
}

impl Probe {
    /// The verdict, when the question was asked.
    #[must_use]
    pub const fn verdict(&self) -> Option<&Verdict> {
        match &self.state {
            ProbeState::Asked(verdict) => Some(verdict),
            ProbeState::NotVerified { .. } | ProbeState::NotAsked { .. } => None,
        }
    }
}

/// What the question may cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    #[default]
    Free,
    /// One message of one token: also tells whether there is credit.
    Paid,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ProbeState {
    Asked(Box<Verdict>),
    /// Nothing was sent: what could tell costs something, and that was not allowed.
    NotVerified {
        why: String,
    },
    /// Nothing was sent.
    NotAsked {
        why: String,
        /// The code of the check that reports the cause, such as `STORE-009` or `ENV-004`.
        #[serde(rename = "blockedBy")]
        blocked_by: Option<String>,
    },
}

impl Default for ProbeState {
    fn default() -> Self {
        Self::NotAsked {
            why: "not asked".to_owned(),
            blocked_by: None,
        }
    }
}
