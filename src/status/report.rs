//! What `models status` found, as data. Field names are those of its JSON.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::{Serialize, Serializer};

use crate::store::select::Status;

/// The whole report.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    pub schema_version: u32,
    pub agent: String,
    pub home: String,
    pub store_path: String,
    pub config_path: String,
    /// `provider/model` as the configuration has it.
    pub default_model: Option<String>,
    pub auth: Auth,
    /// What was tried; nothing unless that was asked for.
    pub probes: Vec<Probe>,
}

/// One credential that was to be tried, and the answer.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Probe {
    /// The profile's id, or the variable's name.
    pub profile_id: String,
    pub provider: String,
    /// `ok`, `auth`, `rate_limit`, `billing`, `timeout`, `format`, `no_model` or `unknown`.
    pub status: &'static str,
    /// `ok`, or the class of the answer such as `invalid-key`; a code of `store::select::Reason`
    /// where that is why nothing was sent; `None` where nothing could be.
    pub reason_code: Option<&'static str>,
    pub http_status: Option<u16>,
    pub latency_ms: Option<u64>,
    pub request_id: Option<String>,
    /// The server's own words, or why nothing was sent.
    pub message: Option<String>,
    pub advice: Option<String>,
    /// In two or three words, for people.
    #[serde(skip)]
    pub title: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Auth {
    /// A credential that ends within this time is `expiring`.
    pub warn_after_ms: i64,
    /// Per provider the order in which profiles are tried, where one is set.
    pub order: indexmap::IndexMap<String, Vec<String>>,
    /// The active account.
    pub active: Option<String>,
    pub profiles: Vec<ProfileLine>,
    pub providers: Vec<ProviderLine>,
    pub unusable_profiles: Vec<Unusable>,
    /// Providers that are needed and have no usable credential.
    pub missing_providers_in_use: Vec<String>,
}

/// One stored credential.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProfileLine {
    pub id: String,
    pub provider: Cow<'static, str>,
    /// `api_key`, `token`, `oauth`, `aws`, or what the store says.
    #[serde(rename = "type")]
    pub kind: Cow<'static, str>,
    /// `store`, `ref:env`, `ref:file`, …, or the program whose login it is.
    pub source: Cow<'static, str>,
    pub status: Status,
    /// A code of `store::select::Reason`.
    pub reason_code: &'static str,
    pub expires_at: Option<Seconds>,
    pub remaining_ms: Option<i64>,
    pub masked: Option<String>,
    /// The agent it comes from, when it is another's.
    pub inherited_from: Option<&'static str>,
    /// It is the one that its provider's requests use.
    pub effective: bool,
    /// What stands in the way of using it, in words.
    #[serde(skip)]
    pub obstacle: Option<String>,
    /// When it is taken again, where it rests.
    #[serde(skip)]
    pub until: Option<Seconds>,
}

/// One provider that has a credential or needs one.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProviderLine {
    pub provider: String,
    /// Where its requests go.
    pub endpoint: String,
    pub effective: Effective,
    /// Usable profiles, first choice first.
    pub candidates: Vec<String>,
    pub env: Vec<Variable>,
}

/// The credential that a provider's requests use.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Effective {
    pub kind: EffectiveKind,
    /// The masked credential, the variable, or why there is none.
    pub detail: String,
    pub profile_id: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum EffectiveKind {
    Profile,
    Env,
    Missing,
}

/// A variable that holds a credential.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Variable {
    pub name: String,
    /// `process`, `env-file` or `config`.
    pub source: &'static str,
    pub masked: String,
    /// `api_key` or `token`.
    pub kind: String,
    #[serde(skip)]
    pub status: Status,
    #[serde(skip)]
    pub reason_code: &'static str,
    /// It is the one that its provider's requests use.
    #[serde(skip)]
    pub effective: bool,
    /// What stands in the way of using it, in words.
    #[serde(skip)]
    pub obstacle: Option<String>,
    /// Where it is set, in words.
    #[serde(skip)]
    pub place: &'static str,
}

/// A stored credential that cannot be used.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Unusable {
    pub id: String,
    /// A code of `store::select::Reason`.
    pub reason_code: &'static str,
    /// When that ends by itself.
    pub until: Option<Seconds>,
}

/// A time that is shown in whole seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seconds(pub Timestamp);

impl std::fmt::Display for Seconds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.0}", self.0)
    }
}

impl Serialize for Seconds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
