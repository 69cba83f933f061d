//! One credential of Anthropic, whether it may be tried, and what came of it. The secret stays in
//! here and goes nowhere but into the probe.

use std::time::{Duration, Instant};

use super::Request;
use super::endpoint::Credential;
use super::probe::{self, Question};
use super::value::describe_secret;
use crate::doctor::facts::{
    DefectKind, Endpoint, Level, Looks, Permission, Probe, ProbeState, SourceKind, Value,
};
use crate::probe::claude_code;
use crate::provider::anthropic;
use crate::provider::anthropic::endpoint::Endpoint as Address;
use crate::secret::Secret;
use crate::store::select::{Candidate, Origin};
use crate::store::sources::{self, Sources};
use crate::system::System;

/// The longest that one request may take.
const PROBE_TIMEOUT: Duration = Duration::from_secs(10);
/// The longest that claude may take for one answer.
const PROGRAM_TIMEOUT: Duration = Duration::from_secs(14);

/// The credential that is tried.
pub struct Chosen {
    kind: SourceKind,
    secret: Option<Secret>,
    value: Option<Value>,
    pub credential: Credential,
    /// The configured model, without its provider's name.
    model: Option<String>,
}

impl Chosen {
    /// That of a candidate.
    pub fn of(candidate: &Candidate, model: Option<String>) -> Self {
        Self {
            kind: kind(&candidate.kind),
            secret: candidate.secret.clone(),
            value: candidate.secret.as_ref().map(describe_secret),
            credential: Credential {
                profile: match &candidate.origin {
                    Origin::Profile { id, .. } => Some(id.to_string()),
                    Origin::Variable { .. } => None,
                },
                base_url: candidate.base_url.clone(),
                same_environment: from_this_environment(&candidate.origin),
            },
            model,
        }
    }

    /// It is for the claude program alone.
    fn is_subscription_token(&self) -> bool {
        let looks = self.value.as_ref().map(|value| value.looks);
        self.kind == SourceKind::Token && looks == Some(Looks::SubscriptionToken)
    }
}

/// The configured model, without its provider's name; a model of another provider is none.
pub fn model(sources: &Sources) -> Option<String> {
    let model = sources.config.default_model.as_deref()?;
    let (provider, name) = model
        .split_once('/')
        .unwrap_or((anthropic::PROVIDER.id, model));
    (provider == anthropic::PROVIDER.id).then(|| name.to_owned())
}

fn from_this_environment(origin: &Origin) -> bool {
    matches!(
        origin,
        Origin::Variable {
            place: sources::Place::Process,
            ..
        }
    )
}

/// What the configuration or the store calls a kind.
pub fn kind(name: &str) -> SourceKind {
    match name {
        "api_key" => SourceKind::ApiKey,
        "token" => SourceKind::Token,
        "oauth" => SourceKind::Login,
        "aws" => SourceKind::Aws,
        _ => SourceKind::Unknown,
    }
}

/// When everything that is tried has to be over.
pub fn deadline(request: &Request) -> Instant {
    Instant::now() + request.timeout * 9 / 10
}

/// Tries it, where it may be tried; `blocked_by` reports why there is nothing to try.
pub fn run(
    system: &System,
    request: &Request,
    deadline: Instant,
    chosen: Option<&Chosen>,
    blocked_by: &str,
    (endpoint, address): (&Endpoint, Option<Address>),
) -> Probe {
    match obstacle(request, chosen, blocked_by, endpoint) {
        Some(state) => not_asked(request, state),
        None => match (chosen, address) {
            (Some(chosen), Some(address)) => ask(system, request, deadline, chosen, address),
            _ => not_asked(request, blocked("the base URL cannot be used", "ENV-004")),
        },
    }
}

fn not_asked(request: &Request, state: ProbeState) -> Probe {
    Probe {
        level: request.level,
        state,
        ..Probe::default()
    }
}

fn blocked(why: &str, by: &str) -> ProbeState {
    ProbeState::NotAsked {
        why: why.to_owned(),
        blocked_by: Some(by.to_owned()),
    }
}

/// Why the provider is not asked about this credential.
fn obstacle(
    request: &Request,
    chosen: Option<&Chosen>,
    blocked_by: &str,
    endpoint: &Endpoint,
) -> Option<ProbeState> {
    let Some(chosen) = chosen else {
        return Some(blocked("there is no credential to ask about", blocked_by));
    };
    let by_claude = chosen.is_subscription_token() && request.level == Level::Paid;
    if (chosen.kind != SourceKind::ApiKey && !by_claude) || chosen.secret.is_none() {
        return Some(for_claude_alone(chosen));
    }
    if endpoint.malformed.is_some() || endpoint.permission != Permission::Allowed {
        return Some(blocked("the key may not be sent there", "ENV-004"));
    }
    let value = chosen.value.as_ref().filter(|_| !by_claude)?;
    let variable = chosen.credential.profile.is_none();
    if of_another_kind(value) {
        let by = if variable { "ENV-002" } else { "CRED-030" };
        return Some(blocked("it is no API key", by));
    }
    if cannot_be_sent(value) {
        let by = if variable { "ENV-003" } else { "CRED-030" };
        return Some(blocked("no request can carry the key as it is", by));
    }
    None
}

/// What is said of a credential that no request of ours may carry.
fn for_claude_alone(chosen: &Chosen) -> ProbeState {
    if chosen.is_subscription_token() {
        return ProbeState::NotVerified {
            why: "A subscription token is shown to the claude program alone, and running that costs a little usage.".to_owned(),
        };
    }
    let why = match chosen.kind {
        SourceKind::Login => "the login of Claude Code is tried by Claude Code alone",
        SourceKind::Token => "the form of a gateway's token is not known",
        _ => "it is no API key",
    };
    ProbeState::NotAsked {
        why: why.to_owned(),
        blocked_by: None,
    }
}

/// Anthropic's other credentials, which no API request of ours may carry.
const fn of_another_kind(value: &Value) -> bool {
    matches!(
        value.looks,
        Looks::SubscriptionToken | Looks::RefreshToken | Looks::SessionCookie | Looks::AdminKey
    )
}

fn cannot_be_sent(value: &Value) -> bool {
    value.defects.iter().any(|defect| {
        !matches!(
            defect.kind,
            DefectKind::Quote
                | DefectKind::Assignment
                | DefectKind::Unexpanded
                | DefectKind::Placeholder
                | DefectKind::Ellipsis
        )
    })
}

fn ask(
    system: &System,
    request: &Request,
    deadline: Instant,
    chosen: &Chosen,
    address: Address,
) -> Probe {
    let left = deadline.saturating_duration_since(Instant::now());
    let Some(key) = &chosen.secret else {
        return Probe::default();
    };
    if chosen.is_subscription_token() {
        let trial = claude_code::Trial {
            token: key.clone(),
            endpoint: address,
            timeout: PROGRAM_TIMEOUT.min(left),
        };
        let verdict = claude_code::run(system, &trial);
        return not_asked(request, ProbeState::Asked(Box::new(verdict)));
    }
    probe::ask(
        system,
        &Question {
            endpoint: address,
            key,
            level: request.level,
            model: chosen.model.as_deref(),
            timeout: PROBE_TIMEOUT,
            deadline,
        },
    )
}
