//! The probes of the catalogue: what each sends or runs, and what it tells the flow.

mod bedrock;

use std::path::Path;

use crate::consumer::claude_code::places::Places;
use crate::error::Error;
use crate::probe::{self, claude_code};
use crate::provider::anthropic;
use crate::provider::anthropic::endpoint::{Allowance, Endpoint, Origin, may_send};
use crate::provider::words::Action;
use crate::provider::{Level, Outcome, Reason, Verdict, words};
use crate::secret::Secret;
use crate::system::System;
use crate::wizard::catalog::Input;
use crate::wizard::detect::Place;
use crate::wizard::engine::{Given, NamedPlace, Probing, Source, Value};

/// What a probe may do.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    /// Let a key go over http to another machine.
    pub insecure: bool,
}

/// How a probe went.
pub(super) struct Probed {
    pub outcome: &'static str,
    pub found: Vec<(String, Value)>,
    /// `None` where nothing was tried.
    pub verdict: Option<Verdict>,
}

/// `--skip-probe` or `--offline`.
pub(super) const fn skipped() -> Probed {
    Probed {
        outcome: "skipped",
        found: Vec::new(),
        verdict: None,
    }
}

/// Runs one probe.
pub(super) fn run(place: Place<'_>, probing: &Probing, limits: Limits) -> Probed {
    let given = &probing.given;
    match probing.what.id {
        "anthropic-api-key" => match given.secret(Input::Secret) {
            Some(key) => told(api_key(place, given, key, limits)),
            None => skipped(),
        },
        "claude-token" => match given.secret(Input::Secret) {
            Some(token) => told(claude_token(place.system, token)),
            None => skipped(),
        },
        "claude-login" => told(claude_login(place.system, given)),
        "bedrock" => bedrock::access(place.system, given),
        "bedrock-model" => bedrock::model(place.system, given),
        _ => skipped(),
    }
}

fn claude_token(system: &System, token: &Secret) -> Verdict {
    let trial = claude_code::Trial {
        token: token.clone(),
        endpoint: claude_code::endpoint(system),
        timeout: claude_code::TIMEOUT,
    };
    claude_code::run(system, &trial)
}

fn claude_login(system: &System, given: &Given) -> Verdict {
    let folder = given.text(Input::ConfigDir).map(Path::new);
    let places = Places::of(system, folder);
    let trial = claude_code::LoginTrial {
        config_dir: places.variable().map(Path::to_path_buf),
        endpoint: claude_code::endpoint(system),
        timeout: claude_code::TIMEOUT,
    };
    claude_code::run_login(system, &trial)
}

const fn outcome(verdict: &Verdict) -> &'static str {
    match verdict.outcome() {
        Outcome::Works => "works",
        Outcome::Limited => "limited",
        Outcome::Refused => "refused",
        Outcome::Undetermined => "undetermined",
    }
}

fn told(verdict: Verdict) -> Probed {
    let outcome = outcome(&verdict);
    let (summary, advice) = told_words(&verdict);
    let models = verdict.models.iter().map(|model| model.id.clone());
    let found = vec![
        ("models".to_owned(), Value::List(models.collect())),
        ("verdict".to_owned(), Value::Text(summary)),
        ("advice".to_owned(), Value::Text(advice)),
        ("test".to_owned(), Value::text(outcome)),
    ];
    Probed {
        outcome,
        found,
        verdict: Some(verdict),
    }
}

/// What was seen, and the first thing to do about it, with the command where there is one.
fn told_words(verdict: &Verdict) -> (String, String) {
    let words = words::of(verdict);
    let advice = words.advice.first().map(|advice| match &advice.action {
        Some(Action::Command(command)) if !command.starts_with("keywright") => {
            format!("{} `{command}`", advice.text)
        }
        Some(Action::Url(url)) => format!("{} {url}", advice.text),
        _ => advice.text.clone(),
    });
    (words.summary, advice.unwrap_or_default())
}

fn api_key(place: Place<'_>, given: &Given, key: &Secret, limits: Limits) -> Verdict {
    let endpoint = match endpoint(given, limits) {
        Ok(endpoint) => endpoint,
        Err(verdict) => return *verdict,
    };
    let probe = probe::Probe {
        provider: &anthropic::PROVIDER,
        endpoint,
        key: key.clone(),
        level: Level::Models,
        timeout: probe::TIMEOUT,
    };
    probe::run(place.system, &probe)
}

/// Where the key may be tried. The flow asks about an address that is not Anthropic's own.
fn endpoint(given: &Given, limits: Limits) -> Result<Endpoint, Box<Verdict>> {
    let malformed = |error: Error| {
        let mut verdict = Verdict::of(Reason::HostNotAllowed, "the address given");
        verdict.message = Some(error.message().to_owned());
        verdict.variable = Some(anthropic::PROVIDER.base_url_variable.to_owned());
        Box::new(verdict)
    };
    let endpoint = match given.text(Input::BaseUrl).filter(|url| !url.is_empty()) {
        Some(url) => Endpoint::parse(url).map_err(malformed)?,
        None => Endpoint::anthropic(),
    };
    // What nobody named was only found here.
    let confirmed = given.is_said(Input::BaseUrl);
    let origin = match given.source(Input::Secret) {
        Some(
            Source::Environment(_) | Source::Place(NamedPlace::Variable(_)) | Source::Detected,
        ) => Origin::SameEnvironment,
        _ => Origin::Entered,
    };
    let allowance = Allowance {
        confirmed: Some(&endpoint).filter(|_| confirmed),
        insecure: limits.insecure,
    };
    match may_send(origin, &endpoint, allowance) {
        Ok(()) => Ok(endpoint),
        Err(refusal) => Err(Box::new(refusal.verdict())),
    }
}
