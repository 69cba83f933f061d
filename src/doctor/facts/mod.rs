//! What the collectors saw: one serializable value without a secret in it. A check is a pure
//! function over it, so that a report can be reproduced from a facts file and a check be tested
//! with a table. `Facts::default()` is a machine on which nothing was found.

pub mod claude;
pub mod credential;
pub mod endpoint;
pub mod environment;
pub mod home;
pub mod machine;
pub mod probe;
pub mod start_up;
pub mod terminal;
pub mod value;

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use claude::{BuiltFor, Claude, Install, Method, Ran};
pub use credential::{Credentials, Place, Source, SourceKind};
pub use endpoint::{Endpoint, EndpointSource, Permission};
pub use environment::{Environment, Proxy, ProxyState, TrustFile, Variable};
pub use home::{Document, DocumentState, Home, ManagedLine, PathFact, PathRole, Pending};
pub use machine::{Machine, Shell};
pub use probe::{Level, Probe, ProbeState};
pub use start_up::{Defines, Definition, StartUp};
pub use terminal::Terminal;
pub use value::{Defect, DefectKind, Looks, Value};

/// Everything known about the machine. Only the areas that the selected checks need are filled;
/// [`Facts::lost`] names those that were asked for and could not be had.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Facts {
    /// When the facts were collected; the only clock of the checks.
    pub now: Timestamp,
    pub machine: Machine,
    pub environment: Environment,
    pub terminal: Terminal,
    pub start_up: StartUp,
    pub claude: Claude,
    pub home: Home,
    pub credentials: Credentials,
    pub endpoint: Endpoint,
    pub probe: Probe,
    /// Areas whose collector did not come to its end. The runner does not call checks that need one.
    pub lost: BTreeMap<Area, Lost>,
}

/// One part of the facts, with one collector.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Area {
    /// Also the proxy and trust-store variables.
    Environment,
    Terminal,
    /// The start-up files of the user's shell.
    StartUp,
    /// Runs `claude --version`.
    Claude,
    Home,
    /// Which credential would be used, and every source of one.
    Credentials,
    Endpoint,
    /// Asks the network.
    Probe,
}

impl Area {
    /// Every area, cheap ones first.
    pub const ALL: &[Self] = &[
        Self::Environment,
        Self::Terminal,
        Self::StartUp,
        Self::Home,
        Self::Credentials,
        Self::Endpoint,
        Self::Claude,
        Self::Probe,
    ];

    /// In words, after "waiting for".
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Environment => "the environment",
            Self::Terminal => "the terminal",
            Self::StartUp => "the shell's start-up files",
            Self::Claude => "the claude program",
            Self::Home => "keywright's own folder",
            Self::Credentials => "the credentials",
            Self::Endpoint => "the base URL",
            Self::Probe => "the provider's answer",
        }
    }

    /// How long its collector may take.
    #[must_use]
    pub const fn timeout(self) -> Duration {
        Duration::from_secs(match self {
            Self::Environment | Self::Terminal | Self::StartUp => 2,
            Self::Home | Self::Credentials | Self::Endpoint => 5,
            Self::Claude => 8,
            Self::Probe => 15,
        })
    }
}

/// Why an area is not there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "how", content = "why")]
pub enum Lost {
    /// Its collector failed, in words.
    Broken(String),
    TimedOut,
}
