//! Asks the endpoint about the effective credential: once for free, and with the paid level once
//! more for one token, when the free answer was good.

use std::time::{Duration, Instant};

use crate::doctor::facts::{self, ProbeState};
use crate::probe::{self, Probe};
use crate::provider::anthropic::{self, endpoint::Endpoint};
use crate::provider::{Level, Reason, Verdict};
use crate::secret::Secret;
use crate::system::System;

/// What to ask.
#[derive(Debug)]
pub struct Question<'a> {
    pub endpoint: Endpoint,
    pub key: &'a Secret,
    pub level: facts::Level,
    /// The configured model, without its provider's name.
    pub model: Option<&'a str>,
    /// The longest that one request may take.
    pub timeout: Duration,
    /// When the last of them has to be over.
    pub deadline: Instant,
}

/// Asks.
#[must_use]
pub fn ask(system: &System, question: &Question<'_>) -> facts::Probe {
    let send = |level| {
        probe::run(
            system,
            &Probe {
                provider: &anthropic::PROVIDER,
                endpoint: question.endpoint.clone(),
                key: question.key.clone(),
                level,
                timeout: question
                    .timeout
                    .min(question.deadline.saturating_duration_since(Instant::now())),
            },
        )
    };
    let free = send(Level::Models);
    let verdict = match paid_model(question, &free) {
        Some(model) => {
            let mut paid = send(Level::Paid { model });
            paid.models = free.models;
            paid
        }
        None => free,
    };
    facts::Probe {
        level: question.level,
        clock_ahead: clock_ahead(system, &verdict),
        state: ProbeState::Asked(Box::new(verdict)),
        ..facts::Probe::default()
    }
}

/// The model that a paid question names: the configured one, else a small one, else any.
fn paid_model(question: &Question<'_>, free: &Verdict) -> Option<String> {
    if question.level != facts::Level::Paid || free.reason != Reason::Works {
        return None;
    }
    if let Some(model) = question.model {
        return Some(model.to_owned());
    }
    let small = free.models.iter().find(|model| model.id.contains("haiku"));
    small.or(free.models.first()).map(|model| model.id.clone())
}

/// The server names whole seconds, and its answer was on its way for a while.
pub(super) fn clock_ahead(system: &System, verdict: &Verdict) -> Option<i64> {
    let server = verdict.server_time?;
    Some(system.clock.now().as_second() - server.as_second())
}
