//! What the collectors saw: one serializable value without a secret in it. A check is a pure
//! function over it, so that a report can be reproduced from a facts file and a check be tested
//! with a table. `Facts::default()` is a machine on which nothing was found.

pub mod access;
pub mod aws;
pub mod claude;
pub mod claude_code;
pub mod credential;
pub mod endpoint;
pub mod environment;
pub mod helper;
pub mod home;
pub mod inheritance;
pub mod machine;
pub mod probe;
pub mod start_up;
pub mod stored;
pub mod terminal;
pub mod value;

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::consumer::claude_code::login::Login;
use crate::provider::verdict::Verdict;

pub use access::{Above, Access, AccessList, Group, History, Owner};
pub use aws::{
    Aws, AwsCredential, AwsKind, Bearer, Bedrock, Incomplete, Misshapen, ProfileProblem, Region,
    SignOn, Use,
};
pub use claude::{BuiltFor, Claude, Install, Method, Ran};
pub use claude_code::{ClaudeCode, Folder, Identity, SettingsFile, StateFile};
pub use credential::{Credentials, Place, Source, SourceKind};
pub use endpoint::{Endpoint, EndpointSource, Permission};
pub use environment::{Environment, Proxy, ProxyState, TrustFile, Variable};
pub use helper::{Came, Helper, HelperProgram, Helpers};
pub use home::{
    Document, DocumentState, Ending, Home, ManagedLine, PathFact, PathRole, Pending, Removed,
    SettingRemark,
};
pub use inheritance::{
    CopyMaker, HeldSecret, Holder, HolderKind, Inheritance, LeftCopy, LoadedCredential, LoginShell,
    Manager, Origin, Problem, ProblemKind, Program, Readers, Running, Service, Setting, Ssh,
};
pub use machine::{Machine, Shell};
pub use probe::{Level, Pinned, Probe, ProbeState};
pub use start_up::{Defines, Definition, Sessions, StartUp};
pub use stored::{Misnamed, Reference, ReferenceState, StoredProfile};
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
    pub inheritance: Box<Inheritance>,
    pub claude: Claude,
    pub claude_code: Box<ClaudeCode>,
    pub home: Box<Home>,
    pub access: Box<Access>,
    pub helpers: Box<Helpers>,
    pub credentials: Credentials,
    pub endpoint: Endpoint,
    pub probe: Probe,
    pub aws: Box<Aws>,
    pub bedrock: Bedrock,
    /// Areas whose collector did not come to its end. The runner does not call checks that need one.
    pub lost: BTreeMap<Area, Lost>,
}

impl Facts {
    /// Why keywright needs no credential of its own here, though it has none; `None` where it
    /// would need one.
    #[must_use]
    pub fn goes_without(&self) -> Option<&'static str> {
        let nothing = self.credentials.sources.is_empty() && self.credentials.problem.is_none();
        if !nothing {
            None
        } else if self.aws.is_in_use() {
            Some("Amazon Bedrock is in use here")
        } else if self.claude_code.login().is_some() {
            Some("Claude Code uses a login of its own here")
        } else if self.claude_code.has_its_own() {
            Some("Claude Code has a credential of its own here")
        } else {
            None
        }
    }

    /// The login of Claude Code that counts here: that of the first stored profile that stands for
    /// one, else the one that `claude` itself would use.
    #[must_use]
    pub fn login(&self) -> Option<&Login> {
        let mut sources = self.credentials.sources.iter();
        let referred = sources.find_map(|source| source.login.as_deref());
        referred.or(self.claude_code.login.as_ref())
    }

    /// As [`Facts::login`], when there is something that is one or was one.
    #[must_use]
    pub fn present_login(&self) -> Option<&Login> {
        self.login().filter(|login| login.is_there())
    }

    /// The verdict that tells about the connection: one that failed for it, else any.
    #[must_use]
    pub fn connection(&self) -> Option<&Verdict> {
        let verdicts = [self.probe.verdict(), self.bedrock.verdict.as_deref()];
        let mut known = verdicts.into_iter().flatten();
        let failed = |verdict: &&Verdict| verdict.reason.code().starts_with("NET-");
        known.clone().find(failed).or_else(|| known.next())
    }
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
    /// Services, cron jobs and other processes, and the files that they get variables from.
    Inheritance,
    /// Runs `claude --version`.
    Claude,
    /// Runs programs that print credentials, with `--deep`.
    Helpers,
    /// The login and the files of Claude Code.
    ClaudeCode,
    Home,
    /// The folders above files with credentials, access lists, command histories.
    Access,
    /// Which credential would be used, and every source of one.
    Credentials,
    Endpoint,
    /// What there is for AWS, where Bedrock is in use.
    Aws,
    /// Asks the network.
    Probe,
    /// Asks AWS.
    Bedrock,
}

impl Area {
    /// Every area, cheap ones first.
    pub const ALL: &[Self] = &[
        Self::Environment,
        Self::Terminal,
        Self::StartUp,
        Self::Inheritance,
        Self::ClaudeCode,
        Self::Home,
        Self::Access,
        Self::Credentials,
        Self::Endpoint,
        Self::Aws,
        Self::Claude,
        Self::Helpers,
        Self::Probe,
        Self::Bedrock,
    ];

    /// In words, after "waiting for".
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Environment => "the environment",
            Self::Terminal => "the terminal",
            Self::StartUp => "the shell's start-up files",
            Self::Inheritance => "the services on this machine",
            Self::Claude => "the claude program",
            Self::ClaudeCode => "the files of Claude Code",
            Self::Home => "keywright's own folder",
            Self::Access => "the folders above the credentials",
            Self::Credentials => "the credentials",
            Self::Endpoint => "the base URL",
            Self::Aws => "the files of AWS",
            Self::Helpers => "the programs that print credentials",
            Self::Probe => "the provider's answer",
            Self::Bedrock => "the answer of AWS",
        }
    }

    /// How long its collector may take.
    #[must_use]
    pub const fn timeout(self) -> Duration {
        Duration::from_secs(match self {
            Self::Environment | Self::Terminal | Self::StartUp => 2,
            Self::Home
            | Self::Access
            | Self::Credentials
            | Self::Endpoint
            | Self::ClaudeCode
            | Self::Aws => 5,
            Self::Claude | Self::Inheritance => 8,
            Self::Helpers => 12,
            Self::Probe | Self::Bedrock => 15,
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
