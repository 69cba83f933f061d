//! Amazon Bedrock: whether it is in use here, what this machine has for AWS, and what AWS said.
//! Nothing here is a secret.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::home::PathFact;
use crate::provider::verdict::Verdict;

/// What was read: environment, files, unexpired caches. Empty where Bedrock is not in use.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Aws {
    /// Why Bedrock is taken to be in use; empty when it is not, and then nothing else is filled.
    pub in_use: Vec<Use>,
    pub region: Option<Region>,
    /// Why the stored profile in use cannot be used: a fragment that goes on after its name.
    pub obstacle: Option<String>,
    /// Whole credentials, the one that is used first.
    pub credentials: Vec<AwsCredential>,
    /// Half a credential.
    pub incomplete: Vec<Incomplete>,
    /// Values that cannot be what they stand for.
    pub shapes: Vec<Misshapen>,
    pub bearer: Option<Bearer>,
    /// What is wrong with the profile that is used, and with those that it leads to.
    pub profile_problems: Vec<ProfileProblem>,
    pub sign_on: Option<SignOn>,
    /// `ANTHROPIC_MODEL` of the environment names the model.
    pub model_of_environment: bool,
    /// `~/.aws/credentials` and `config` where they hold a secret or others may write to them, and
    /// the caches; also where Bedrock is not in use.
    pub files: Vec<PathFact>,
}

impl Aws {
    /// Bedrock is in use on this machine.
    #[must_use]
    pub fn is_in_use(&self) -> bool {
        !self.in_use.is_empty()
    }

    /// There is neither a credential nor a part of one.
    #[must_use]
    pub fn is_without_credential(&self) -> bool {
        self.credentials.is_empty()
            && self.incomplete.is_empty()
            && self.profile_problems.is_empty()
    }
}

/// A sign that Bedrock is in use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Use {
    /// `CLAUDE_CODE_USE_BEDROCK`, `bedrock:us`.
    pub name: String,
    /// `environment`, `profile`, or a file.
    pub place: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Region {
    pub value: String,
    /// Where it comes from: `AWS_REGION`, `profile dev`, `profile bedrock:us`.
    pub source: String,
    pub well_formed: bool,
    /// Bedrock is known to be there.
    pub listed: bool,
}

/// A credential that is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AwsCredential {
    pub kind: AwsKind,
    /// In words: `AWS_ACCESS_KEY_ID in the environment`, `profile dev of ~/.aws/config`.
    pub place: String,
    /// The variable, or `file:line`.
    pub locator: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AwsKind {
    Bearer,
    Keys,
    /// A profile of `~/.aws`, of whatever kind.
    Profile,
    /// The machine's, container's or workload's own role.
    Role,
}

/// A part without its other part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Incomplete {
    pub place: String,
    pub has: String,
    pub lacks: String,
}

/// A value of the wrong form. `words` continue its name: `has 38 characters; …`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Misshapen {
    pub name: String,
    pub place: String,
    pub words: String,
    /// It is a temporary key that lacks its session token.
    pub session_missing: bool,
    /// It is unusual, and may be right all the same.
    #[serde(default)]
    pub doubtful: bool,
}

/// A Bedrock API key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Bearer {
    pub name: String,
    pub masked: String,
    /// As the key itself says, when it is a short-term one.
    pub expires: Option<Timestamp>,
    /// The region that a short-term key was made in.
    pub region: Option<String>,
}

/// Why a profile cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProfileProblem {
    pub profile: String,
    /// `file:line`, a file, or the variable that names it.
    pub locator: String,
    /// A fragment that follows the name: `is not there`.
    pub words: String,
    /// The profiles that are there, when it is not.
    pub known: Vec<String>,
}

/// A single sign-on session that the credential in use depends on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SignOn {
    /// The profile that `aws sso login` takes.
    pub profile: String,
    /// The folder of the cache.
    pub path: String,
    /// `None`: nobody has signed in yet.
    pub expires: Option<Timestamp>,
    /// Past its end; AWS's own tools renew it.
    pub renewable: bool,
}

/// What AWS said.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Bedrock {
    /// The one verdict; `None` when nothing was asked.
    pub verdict: Option<Box<Verdict>>,
    /// Why nothing was asked.
    pub why: String,
    /// The code of the check that reports the cause of that.
    pub blocked_by: Option<String>,
    /// Who AWS takes this credential for: an ARN.
    pub identity: Option<String>,
    /// The model that was asked about.
    pub model: Option<String>,
    /// Seconds that this machine's clock is ahead of the server's `Date`; negative when behind.
    pub clock_ahead: Option<i64>,
}
