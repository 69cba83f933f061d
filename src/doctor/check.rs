//! What a check is: facts in, outcome out. It does no IO and reads no clock; it never depends on
//! another check having run, only on the facts that it names.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::facts::{Area, Facts};
use super::finding::Outcome;

/// A check: its description and its function. One `pub const CHECK: Check` per check, listed in
/// [`super::checks::ALL`].
#[derive(Clone, Copy, Debug)]
pub struct Check {
    pub meta: CheckMeta,
    pub explanation: Explanation,
    /// Called only when every area of `meta.facts` was collected, no check of `meta.needs` failed
    /// and, for the family of the probe, when the verdict is for this check (see `gate`).
    pub run: fn(&Facts) -> Outcome,
}

/// What `doctor explain CODE` says, in full sentences.
#[derive(Clone, Copy, Debug)]
pub struct Explanation {
    /// What the check is about, and why it matters.
    pub meaning: &'static str,
    /// What is looked at, and what makes it speak.
    pub detection: &'static str,
    /// How to mend it.
    pub mending: &'static str,
    /// When it speaks although nothing is wrong.
    pub false_positives: &'static str,
}

/// The description of a check.
#[derive(Clone, Copy, Debug)]
pub struct CheckMeta {
    /// `CLI-001`. Never reused once retired.
    pub code: &'static str,
    /// `claude-found`: the stable name in kebab-case.
    pub id: &'static str,
    /// What is in order when it passes, as a short sentence without a period: `claude is installed`.
    pub title: &'static str,
    pub category: Category,
    /// Codes whose failure makes this one meaningless.
    pub needs: &'static [&'static str],
    /// What it reads.
    pub facts: &'static [Area],
}

impl CheckMeta {
    /// The dearest thing that has to be done for it.
    #[must_use]
    pub fn cost(&self) -> Cost {
        if self.facts.contains(&Area::Probe) || self.facts.contains(&Area::Bedrock) {
            Cost::Network
        } else if self.facts.contains(&Area::Claude) {
            Cost::Spawn
        } else {
            Cost::Local
        }
    }

    /// How long the slowest of its collectors may take.
    #[must_use]
    pub fn timeout(&self) -> Duration {
        self.facts
            .iter()
            .map(|area| area.timeout())
            .max()
            .unwrap_or_default()
    }
}

/// What a check is about, and the order of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum Category {
    Cli,
    Tty,
    Env,
    Cred,
    Cfg,
    Store,
    Net,
    Api,
    Aws,
}

impl Category {
    /// Every category, in the order of the report.
    pub const ALL: &[Self] = &[
        Self::Cli,
        Self::Tty,
        Self::Env,
        Self::Cred,
        Self::Cfg,
        Self::Store,
        Self::Net,
        Self::Api,
        Self::Aws,
    ];

    /// As in JSON and in `--only`.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Cli => "cli",
            Self::Tty => "tty",
            Self::Env => "env",
            Self::Cred => "cred",
            Self::Cfg => "cfg",
            Self::Store => "store",
            Self::Net => "net",
            Self::Api => "api",
            Self::Aws => "aws",
        }
    }

    /// For people.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Cli => "claude program",
            Self::Tty => "Terminal",
            Self::Env => "Environment",
            Self::Cred => "Credentials",
            Self::Cfg => "Settings",
            Self::Store => "Store",
            Self::Net => "Network",
            Self::Api => "API",
            Self::Aws => "Amazon Bedrock",
        }
    }
}

/// What a check costs. Money is spent only by the level of the probe, never by a check of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Cost {
    Local,
    /// Starts a program.
    Spawn,
    /// Asks a server.
    Network,
}
