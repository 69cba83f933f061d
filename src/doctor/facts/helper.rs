//! Programs that print a credential for another one, and what came of running them (`--deep`).

use serde::{Deserialize, Serialize};

use super::value::Value;
use crate::system::files::Entry;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Helpers {
    /// Claude Code's `apiKeyHelper`, when it was run.
    pub api_key: Option<Helper>,
    /// The `credential_process` of the AWS profile in use, when it was run.
    pub aws: Option<Helper>,
}

/// One that was run, or was left alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Helper {
    /// The settings file that names it, or the AWS profile.
    pub place: String,
    pub came: Came,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum Came {
    /// What it should print; a key is described.
    Credential { value: Option<Value> },
    /// Nothing that can be used: a fragment that follows its name, such as `printed nothing`.
    Fault { why: String },
    /// It was not run, and why: a full sentence.
    LeftAlone { why: String },
}

/// The program that a helper's command starts, where the command says so by a whole path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HelperProgram {
    pub path: String,
    /// Behind links; `None` when nothing is there.
    pub entry: Option<Entry>,
}
