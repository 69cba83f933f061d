//! The environment variables that matter, described and never quoted.

use serde::{Deserialize, Serialize};

use super::value::Value;

/// Variables that turn Claude Code to a cloud provider, in the order in which it heeds them.
pub const CLOUD_SWITCHES: &[&str] = &[
    "CLAUDE_CODE_USE_BEDROCK",
    "CLAUDE_CODE_USE_VERTEX",
    "CLAUDE_CODE_USE_FOUNDRY",
];

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Environment {
    /// The relevant variables that are present, empty ones too, in the order of their names.
    pub variables: Vec<Variable>,
    /// Those of [`CLOUD_SWITCHES`] that are on, as Claude Code takes them.
    pub switches: Vec<String>,
    /// Proxy variables that are present.
    pub proxies: Vec<Proxy>,
    /// `SSL_CERT_FILE`, `SSL_CERT_DIR` and `NODE_EXTRA_CA_CERTS`, where present.
    pub trust_files: Vec<TrustFile>,
}

impl Environment {
    /// The variable, when it is present (it may be empty).
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<&Variable> {
        self.variables.iter().find(|variable| variable.name == name)
    }

    /// The variable's value, when there is one.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.variable(name)?.value.as_ref()
    }
}

/// A variable that is present.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Variable {
    pub name: String,
    /// `None`: it is set to nothing.
    pub value: Option<Value>,
}

/// A proxy variable.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Proxy {
    /// As it is spelt in the environment, such as `https_proxy`.
    pub variable: String,
    pub state: ProxyState,
    /// `host:port`, without a user name or password.
    pub host: Option<String>,
    /// The URL carries a user name or password.
    pub with_password: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProxyState {
    /// Requests to the endpoint go through it.
    Used,
    /// Well formed, and not used for the endpoint (another scheme, or `NO_PROXY`).
    #[default]
    NotUsed,
    /// No proxy URL; many programs ignore it silently.
    Malformed,
}

/// A file of certificate authorities that a variable names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TrustFile {
    pub variable: String,
    pub path: String,
    /// Why it cannot serve (not there, not readable, no certificate in it); `None` when it can.
    pub problem: Option<String>,
}
