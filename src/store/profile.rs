//! One profile: a credential and what is known about it. Field names on disk are those of
//! Clawdbot's `auth-profiles.json` version 1, whose profiles are adopted as they are.

use std::fmt;

use serde_json::{Map, Value};

use super::aws::AwsAccess;
use crate::secret::Secret;

/// The `source` of a Claude Code login on this machine.
pub const CLAUDE_CLI: &str = "claude-cli";

/// Every field that one kind of credential or another has on disk.
const CREDENTIAL_FIELDS: &[&str] = &[
    "key",
    "keyRef",
    "token",
    "tokenRef",
    "expires",
    "expiresAssumed",
    "source",
    "configDir",
    "method",
    "region",
    "modelId",
    "accessKeyId",
    "secretAccessKey",
    "secretAccessKeyRef",
    "sessionToken",
    "bearerToken",
    "bearerTokenRef",
    "awsProfile",
];

/// A credential with its metadata.
#[derive(Clone, PartialEq)]
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
#[derive(Clone, PartialEq, Eq)]
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
    /// `type: "aws"`
    Aws(Box<AwsAccess>),
    /// A type that this version does not know; kept as it is.
    Unknown { kind: String },
}

/// Where a secret is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretSource {
    /// In the store itself.
    Stored(Secret),
    /// Somewhere else, read when needed.
    Reference(SecretRef),
    /// Nowhere: the profile has neither the value nor a reference.
    Absent,
}

/// `{source, provider, id}`, as `OpenClaw` writes it.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretRef {
    /// `env`, `file`, `exec` or `keyring`.
    pub source: String,
    /// A name from `secrets.providers` of the configuration, or `default`.
    pub provider: String,
    /// What to ask that provider for; for `env` the variable's name.
    pub id: String,
    /// Fields that we do not know; they survive a rewrite.
    pub extra: Map<String, Value>,
}

/// Without the unknown fields, which may hold anything.
impl fmt::Debug for SecretRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecretRef")
            .field("source", &self.source)
            .field("provider", &self.provider)
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl SecretRef {
    /// A reference to an environment variable.
    #[must_use]
    pub fn variable(name: impl Into<String>) -> Self {
        Self {
            source: "env".to_owned(),
            provider: "default".to_owned(),
            id: name.into(),
            extra: Map::new(),
        }
    }

    /// What a file says; `None` when a part is missing or no text.
    pub(super) fn from_object(mut object: Map<String, Value>) -> Option<Self> {
        let mut text = |name: &str| match object.shift_remove(name) {
            Some(Value::String(text)) => Some(Some(text)),
            Some(_) => None,
            None => Some(None),
        };
        Some(Self {
            source: text("source")??,
            provider: text("provider")?.unwrap_or_else(|| "default".to_owned()),
            id: text("id")??,
            extra: object,
        })
    }

    /// The form that stands in a file.
    pub(super) fn to_object(&self) -> Map<String, Value> {
        let named = [
            ("source", &self.source),
            ("provider", &self.provider),
            ("id", &self.id),
        ];
        let named = named.map(|(name, text)| (name.to_owned(), Value::from(text.as_str())));
        named.into_iter().chain(self.extra.clone()).collect()
    }
}

impl Credential {
    /// The `type` on disk.
    #[must_use]
    pub fn kind(&self) -> &str {
        match self {
            Self::ApiKey { .. } => "api_key",
            Self::Token { .. } => "token",
            Self::Login { .. } => "oauth",
            Self::Aws(_) => "aws",
            Self::Unknown { kind } => kind,
        }
    }
}

impl Credential {
    /// Where its one secret is; `None` for kinds that have none of their own.
    #[must_use]
    pub const fn secret(&self) -> Option<&SecretSource> {
        match self {
            Self::ApiKey { key } => Some(key),
            Self::Token { token, .. } => Some(token),
            Self::Aws(access) => access.secret(),
            Self::Login { .. } | Self::Unknown { .. } => None,
        }
    }
}

impl Profile {
    /// A profile that holds this credential and nothing else.
    #[must_use]
    pub fn new(provider: impl Into<String>, credential: Credential) -> Self {
        Self {
            provider: provider.into(),
            credential,
            base_url: None,
            created_at: None,
            verified_at: None,
            extra: Map::new(),
        }
    }

    /// Takes over what we do not know of the profile that this one replaces. The remains of another
    /// credential go: they would stand beside this one's fields, and twice where the names are the
    /// same.
    pub fn keep_unknown(&mut self, replaced: &Self) {
        self.extra.clone_from(&replaced.extra);
        self.extra
            .retain(|name, _| !CREDENTIAL_FIELDS.contains(&name.as_str()));
    }

    /// Where its one secret is; `None` for kinds that have none of their own.
    #[must_use]
    pub const fn secret(&self) -> Option<&SecretSource> {
        self.credential.secret()
    }

    /// When it ends, in milliseconds since 1970, as far as the store knows.
    #[must_use]
    pub const fn expires(&self) -> Option<i64> {
        match self.credential {
            Credential::Token { expires, .. } => expires,
            Credential::Aws(ref access) => access.expires,
            _ => None,
        }
    }
}

/// Names of the fields alone: what stands in unknown fields may be a secret.
impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Profile")
            .field("provider", &self.provider)
            .field("credential", &self.credential)
            .field("base_url", &self.base_url)
            .field("created_at", &self.created_at)
            .field("verified_at", &self.verified_at)
            .field("extra", &self.extra.keys().collect::<Vec<_>>())
            .finish()
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct(self.kind());
        match self {
            Self::ApiKey { key } => shown.field("key", key),
            Self::Token {
                token,
                expires,
                expires_assumed,
            } => shown
                .field("token", token)
                .field("expires", expires)
                .field("expires_assumed", expires_assumed),
            Self::Login { source, config_dir } => shown
                .field("source", source)
                .field("config_dir", config_dir),
            Self::Aws(access) => shown.field("access", access),
            Self::Unknown { .. } => &mut shown,
        };
        shown.finish()
    }
}
