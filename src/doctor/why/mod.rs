//! Which credential wins for a program: every source that is present, in the order in which that
//! program takes them, what each of the others would need, and who is billed. Pure: facts and
//! candidates in, an answer without a secret out. Field names are those of `why --json`.

pub mod aws;
pub mod claude_code;
pub mod keywright;
pub mod openclaw;

use serde::Serialize;

use super::facts::{Facts, StartUp};

/// The whole answer.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    pub schema_version: u32,
    pub agent: String,
    /// One for each program, and for keywright one for each provider.
    pub answers: Vec<Answer>,
}

/// What one program uses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Answer {
    /// `claude-code`, `aws`, `openclaw`, `clawdbot` or `keywright`.
    pub consumer: &'static str,
    /// The provider that it is about; `None` where the program decides on it by the credential.
    pub provider: Option<String>,
    /// The name of the source that wins.
    pub winner: Option<String>,
    /// One sentence.
    pub summary: String,
    /// Who pays, as a sentence; `None` when nothing wins.
    pub bill: Option<String>,
    /// Every source that is present, best first.
    pub sources: Vec<Candidate>,
    /// What else has a say, as sentences.
    pub notes: Vec<String>,
}

/// A source that is present.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Candidate {
    /// A variable, a profile, a setting, `login`.
    pub name: String,
    pub kind: Kind,
    /// Masked, or what can be said in its place; `None` where there is nothing to show.
    pub value: Option<String>,
    /// Where it stands: `environment`, `environment, ~/.bashrc:12`, `store`, a file and a key in it.
    pub place: String,
    pub wins: bool,
    /// Why it could not be used even if nothing stood before it, as a fragment.
    pub obstacle: Option<String>,
    /// Who pays when it wins, as a sentence.
    pub bill: String,
    /// What has to be done so that it wins, step by step; nothing for the winner.
    pub would_need: Vec<String>,
}

impl Candidate {
    /// Whether it is used, for people.
    #[must_use]
    pub const fn status(&self) -> &'static str {
        match (&self.obstacle, self.wins) {
            (_, true) => "in use",
            (Some(_), false) => "cannot be used",
            (None, false) => "left aside",
        }
    }
}

/// What kind of credential a source holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum Kind {
    ApiKey,
    /// A subscription token.
    Token,
    /// A bearer token, which says nothing of who made it.
    Bearer,
    /// A program that prints a key.
    Helper,
    Login,
    Aws,
    /// A switch to another cloud provider.
    Cloud,
    /// A profile of Anthropic's own tools, or a workload identity.
    Identity,
    Unknown,
}

impl Kind {
    /// For people.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::ApiKey => "API key",
            Self::Token => "subscription token",
            Self::Bearer => "bearer token",
            Self::Helper => "helper program",
            Self::Login => "login",
            Self::Aws => "AWS credential",
            Self::Cloud => "cloud provider",
            Self::Identity => "identity",
            Self::Unknown => "unknown",
        }
    }

    /// Who pays for requests with it.
    #[must_use]
    pub const fn bill(self) -> &'static str {
        match self {
            Self::ApiKey => {
                "Requests are billed to the API account of this key, not to a subscription."
            }
            Self::Token | Self::Login => "Requests count against the Claude subscription.",
            Self::Bearer => "Whoever issued the token bills the requests, often a gateway.",
            Self::Helper => "Requests are billed to the account of the key that the helper prints.",
            Self::Aws => "Requests are billed by Amazon Web Services.",
            Self::Cloud => "Requests are billed by the cloud provider, not to a subscription.",
            Self::Identity => "Requests are billed to the organization of this identity.",
            Self::Unknown => "It is not known who is billed.",
        }
    }
}

/// The answer that belongs beside the finding of a check: which credential wins, where several
/// compete.
#[must_use]
pub fn beside(code: &str, facts: &Facts) -> Option<Answer> {
    (code == "ENV-001").then(|| claude_code::answer(facts))
}

/// Where a variable of this process comes from, as far as the start-up files tell.
fn environment(name: &str, start_up: &StartUp) -> String {
    start_up.variable(name).map_or_else(
        || "environment".to_owned(),
        |found| format!("environment, {}", found.place()),
    )
}

/// How a variable of this process is taken away, also from the file that sets it.
fn take_away(facts: &Facts, name: &str) -> String {
    let line = facts.machine.shell.unset(name);
    facts.start_up.variable(name).map_or_else(
        || format!("`{line}`"),
        |found| format!("`{line}`, and remove it from {}.", found.place()),
    )
}
