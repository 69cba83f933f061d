//! Each credential that was tried, with the answer: status, time and request id. Field names are
//! those of `doctor --json`, which are those of `models status --json`.

use serde::Serialize;

use super::facts::{Facts, Pinned, ProbeState};
use crate::provider::words;
use crate::provider::{Outcome, Reason, Verdict, bedrock};

/// One credential and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Probe {
    /// The profile's id, or the variable's name.
    pub profile_id: String,
    pub provider: String,
    /// It is the one that would be used; others were asked for by name.
    pub effective: bool,
    pub status: Status,
    /// The class of the answer, such as `works` or `invalid-key`; `None` when nothing was asked.
    pub reason_code: Option<&'static str>,
    /// The check that reports what is wrong; `None` where nothing is, or nothing was asked.
    pub code: Option<&'static str>,
    /// `host[:port]`
    pub host: Option<String>,
    pub http_status: Option<u16>,
    pub latency_ms: Option<u64>,
    pub request_id: Option<String>,
    /// The server's own words, or why nothing was asked.
    pub message: Option<String>,
    pub advice: Option<String>,
    /// In two or three words, for people.
    #[serde(skip)]
    pub title: &'static str,
}

/// How a probe ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum Status {
    Ok,
    /// The credential is refused.
    Auth,
    RateLimit,
    Billing,
    Timeout,
    /// What answered is not the provider.
    Format,
    Unknown,
    NoModel,
    NotTried,
}

impl Probe {
    /// Who answered, how, after how long and to which request; else why nobody was asked.
    #[must_use]
    pub fn circumstances(&self) -> String {
        let parts = [
            self.host.clone(),
            self.http_status.map(|status| format!("HTTP {status}")),
            self.latency_ms.map(|time| format!("{time} ms")),
            self.request_id.as_ref().map(|id| format!("request {id}")),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        if parts.is_empty() {
            return self.message.clone().unwrap_or_default();
        }
        parts.join(", ")
    }
}

impl Status {
    /// The class that other programs know it by.
    #[must_use]
    pub const fn bucket(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Auth => "auth",
            Self::RateLimit => "rate_limit",
            Self::Billing => "billing",
            Self::Timeout => "timeout",
            Self::Format => "format",
            Self::NoModel => "no_model",
            Self::Unknown | Self::NotTried => "unknown",
        }
    }

    fn of(reason: Reason) -> Self {
        match (reason.code(), reason.outcome()) {
            (_, Outcome::Works) => Self::Ok,
            ("API-004", _) => Self::Billing,
            ("API-009" | "AWS-021" | "AWS-023", _) => Self::NoModel,
            ("API-008" | "AWS-024", Outcome::Limited) => Self::RateLimit,
            ("NET-011", _) => Self::Format,
            _ if reason == Reason::TimedOut => Self::Timeout,
            (_, Outcome::Refused) => Self::Auth,
            _ => Self::Unknown,
        }
    }
}

/// What was tried, the credential in use first; nothing where the network was left out.
#[must_use]
pub fn of(facts: &Facts) -> Vec<Probe> {
    let mut probes = Vec::new();
    if let Some(source) = facts.credentials.effective() {
        let asked = one(
            source.place.name(),
            &facts.credentials.provider,
            &facts.probe.state,
        );
        probes.extend(asked.map(in_use));
    }
    let aws = facts.aws.credentials.first();
    let first = facts
        .aws
        .in_use
        .first()
        .filter(|first| first.place == "profile");
    let name = first
        .map(|first| first.name.as_str())
        .or_else(|| aws.map(|credential| credential.locator.as_str()));
    if let (Some(name), Some(verdict)) = (name, &facts.bedrock.verdict) {
        probes.push(in_use(answered(name, bedrock::ID, verdict)));
    }
    probes.extend(facts.probe.pinned.iter().map(of_pinned));
    probes
}

/// What came of one profile that was asked for.
#[must_use]
pub fn of_pinned(pinned: &Pinned) -> Probe {
    let asked = one(&pinned.profile, &pinned.provider, &pinned.state);
    asked.unwrap_or_else(|| {
        let why = match &pinned.state {
            ProbeState::NotAsked { why, .. } => why,
            _ => "not asked",
        };
        not_tried(&pinned.profile, &pinned.provider, why)
    })
}

fn in_use(probe: Probe) -> Probe {
    Probe {
        effective: true,
        ..probe
    }
}

/// `None` where there was no reason to ask.
fn one(name: &str, provider: &str, state: &ProbeState) -> Option<Probe> {
    match state {
        ProbeState::Asked(verdict) => Some(answered(name, provider, verdict)),
        ProbeState::NotVerified { why } => Some(not_tried(name, provider, why)),
        ProbeState::NotAsked { .. } => None,
    }
}

fn not_tried(name: &str, provider: &str, why: &str) -> Probe {
    Probe {
        profile_id: name.to_owned(),
        provider: provider.to_owned(),
        effective: false,
        status: Status::NotTried,
        reason_code: None,
        code: None,
        host: None,
        http_status: None,
        latency_ms: None,
        request_id: None,
        message: Some(why.to_owned()),
        advice: None,
        title: "not tried",
    }
}

fn answered(name: &str, provider: &str, verdict: &Verdict) -> Probe {
    let words = words::of_provider(provider, verdict);
    Probe {
        status: Status::of(verdict.reason),
        reason_code: Some(verdict.reason.id()),
        code: (verdict.reason != Reason::Works).then(|| verdict.reason.code()),
        host: Some(verdict.host.clone()),
        http_status: verdict.http_status,
        latency_ms: Some(super::run::millis(verdict.elapsed)),
        request_id: verdict.request_id.clone(),
        message: verdict.message.clone(),
        advice: words.advice.into_iter().next().map(|advice| advice.text),
        title: words.title,
        ..not_tried(name, provider, "")
    }
}
