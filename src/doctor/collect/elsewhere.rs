//! Tries a key of another provider than Anthropic and Amazon: one free request to that provider's
//! own host, or to the one that the key was saved for.

use std::time::Duration;

use super::probe::clock_ahead;
use crate::doctor::facts::ProbeState;
use crate::probe::{self, Probe};
use crate::provider::anthropic::endpoint::{Allowance, Endpoint, Origin, may_send_to};
use crate::provider::custom::Custom;
use crate::provider::registry::{self, Level, Provider};
use crate::secret::Secret;
use crate::store::select::{Candidate, Origin as Source};
use crate::store::sources::{Place, Sources};
use crate::system::System;

/// What is said where nothing is sent.
type Refused = (String, Option<&'static str>);

/// Asks, where there is a way to; and how many seconds this machine's clock is ahead.
#[must_use]
pub fn ask(
    system: &System,
    sources: &Sources,
    provider: &str,
    candidate: &Candidate,
    timeout: Duration,
) -> (ProbeState, Option<i64>) {
    let asked = match (
        registry::find(provider),
        sources.config.providers.get(provider),
    ) {
        (Some(known), _) => of_known(system, known, candidate, timeout),
        (None, Some(configured)) => of_custom(system, &configured.custom, candidate, timeout),
        (None, None) => Err((
            format!("no way to try a credential of {provider} is known"),
            None,
        )),
    };
    match asked {
        Ok(verdict) => {
            let ahead = clock_ahead(system, &verdict);
            (ProbeState::Asked(Box::new(verdict)), ahead)
        }
        Err((why, by)) => {
            let blocked_by = by.map(str::to_owned);
            (ProbeState::NotAsked { why, blocked_by }, None)
        }
    }
}

fn of_known(
    system: &System,
    provider: &'static Provider,
    candidate: &Candidate,
    timeout: Duration,
) -> Result<crate::provider::Verdict, Refused> {
    let key = key(candidate)?;
    let given = system.environment.get(provider.base_url_variable);
    let address = given.or(candidate.base_url.as_deref());
    let address = address.unwrap_or(provider.default_base_url);
    let endpoint = parse(address)?;
    let own = parse(provider.default_base_url)?;
    allowed(system, &own, origin(candidate), &endpoint)?;
    let probe = Probe {
        provider,
        endpoint,
        key: key.clone(),
        level: Level::Credential,
        timeout,
    };
    Ok(probe::run(system, &probe))
}

fn of_custom(
    system: &System,
    provider: &Custom,
    candidate: &Candidate,
    timeout: Duration,
) -> Result<crate::provider::Verdict, Refused> {
    let key = key(candidate)?;
    let own = parse(&provider.base_url)?;
    // The key of a profile stays with the host it was saved for, whatever the configuration says now.
    let endpoint = match &candidate.base_url {
        Some(saved) => parse(saved)?,
        None => own.clone(),
    };
    allowed(system, &own, origin(candidate), &endpoint)?;
    probe::run_custom(system, provider, &endpoint, key, timeout).ok_or_else(|| {
        let id = &provider.id;
        let why = format!("{id} is a provider without a probe: `models.providers.{id}.probePath` of config.json5 can name one");
        (why, None)
    })
}

fn key(candidate: &Candidate) -> Result<&Secret, Refused> {
    let key = candidate.secret.as_ref();
    key.filter(|_| matches!(candidate.kind.as_str(), "api_key" | "token"))
        .ok_or_else(|| ("it is no key that a request could carry".to_owned(), None))
}

fn parse(address: &str) -> Result<Endpoint, Refused> {
    Endpoint::parse(address).map_err(|error| (error.message().to_owned(), Some("ENV-004")))
}

fn origin(candidate: &Candidate) -> Origin<'_> {
    match &candidate.origin {
        Source::Variable {
            place: Place::Process,
            ..
        } => Origin::SameEnvironment,
        _ => Origin::Stored {
            base_url: candidate.base_url.as_deref(),
        },
    }
}

fn allowed(
    system: &System,
    own: &Endpoint,
    origin: Origin<'_>,
    endpoint: &Endpoint,
) -> Result<(), Refused> {
    if system.sandbox && !endpoint.is_loopback() {
        let why = "the sandbox asks nobody outside of this machine";
        return Err((why.to_owned(), None));
    }
    may_send_to(own, origin, endpoint, Allowance::default())
        .map_err(|refusal| (refusal.words(), Some("ENV-004")))
}
