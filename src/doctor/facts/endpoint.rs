//! Where requests go.

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Endpoint {
    /// The effective base URL, without user name, password and query; what is left of a malformed
    /// one is not shown.
    pub base_url: String,
    pub source: EndpointSource,
    /// `https` or `http`; empty when malformed.
    pub scheme: String,
    /// `host[:port]`; empty when malformed.
    pub host: String,
    pub loopback: bool,
    /// The provider's own host.
    pub own_host: bool,
    /// The URL carries a user name or password.
    pub with_password: bool,
    /// Why it is no usable URL.
    pub malformed: Option<String>,
    /// Whether the effective credential may be sent there.
    pub permission: Permission,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum EndpointSource {
    /// The provider's own.
    #[default]
    Default,
    Variable {
        name: String,
    },
    /// `env` of a settings file of Claude Code, which goes over the environment.
    Setting {
        path: String,
    },
    Profile {
        id: String,
    },
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Permission {
    #[default]
    Allowed,
    /// A stored credential, and the host is neither the provider's, nor loopback, nor the one it was saved for.
    HostNotAllowed,
    /// `http` to an address that is not loopback.
    Insecure,
    /// There is no credential to send.
    NoCredential,
}
