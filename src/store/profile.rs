//! One profile: a credential and what is known about it. Field names on disk are those of
//! Clawdbot's `auth-profiles.json` version 1, whose profiles are adopted as they are.

use serde_json::{Map, Value};

use crate::secret::Secret;

/// A credential with its metadata.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// `anthropic`, `bedrock`, or another provider's id.
    pub provider: String,
    pub credential: Credential,
    /// The host this credential was saved for, when it is not the provider's own.
    pub base_url: Option<String>,
    /// Milliseconds since 1970, as everywhere in the store file.
    pub created_at: Option<i64>,
    pub verified_at: Option<i64>,
    /// Fields that we do not know; they survive a rewrite.
    pub extra: Map<String, Value>,
}

/// The kinds of credential.
#[derive(Clone, Debug, PartialEq)]
pub enum Credential {
    /// `type: "api_key"`.
    ApiKey { key: SecretSource },
    /// `type: "token"`: made by `claude setup-token`.
    Token {
        token: SecretSource,
        /// Milliseconds since 1970.
        expires: Option<i64>,
        /// The end was not told but assumed (one year).
        expires_assumed: bool,
    },
    /// `type: "oauth"`: a Claude Code login, by reference; never its tokens.
    Login {
        source: Option<String>,
        config_dir: Option<String>,
    },
    /// `type: "aws"`. Its fields are checked by the Bedrock provider.
    Aws { fields: Map<String, Value> },
    /// A type that this version does not know; kept as it is.
    Unknown { kind: String },
}

/// Where a secret is.
#[derive(Clone, Debug, PartialEq)]
pub enum SecretSource {
    /// In the store itself.
    Stored(Secret),
    /// Somewhere else, read when needed.
    Reference(SecretRef),
    /// Nowhere: the profile has neither the value nor a reference.
    Absent,
}

/// `{source, provider, id}`, as OpenClaw writes it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct SecretRef {
    pub source: String,
    pub provider: String,
    pub id: String,
}

impl Credential {
    /// The `type` on disk.
    #[must_use]
    pub fn kind(&self) -> &str {
        match self {
            Self::ApiKey { .. } => "api_key",
            Self::Token { .. } => "token",
            Self::Login { .. } => "oauth",
            Self::Aws { .. } => "aws",
            Self::Unknown { kind } => kind,
        }
    }
}
