//! Asks AWS about the credential in use, and about the model where one is named.

use std::time::{Duration, Instant};

use super::Request;
use super::aws::{DEFAULT_REGION, Found, Resolvable};
use crate::doctor::facts::{Bedrock, Level};
use crate::probe::aws_credentials;
use crate::probe::bedrock::Trial;
use crate::provider::bedrock::{Access, Endpoints, Region};
use crate::provider::{Outcome, Reason, Verdict};
use crate::system::System;

/// The longest that one request, or the AWS SDK, may take.
const TIMEOUT: Duration = Duration::from_secs(8);

/// Asks, where there is something to ask with; all of it is over at `deadline`.
#[must_use]
pub fn ask(system: &System, request: &Request, deadline: Instant, found: &Found) -> Bedrock {
    let trial = match trial(system, deadline, found) {
        Ok(trial) => trial,
        Err(not_asked) => return not_asked,
    };
    let asked = trial.access(system);
    let mut facts = Bedrock {
        identity: asked.identity,
        model: found.model.clone(),
        ..Bedrock::default()
    };
    let mut verdict = asked.verdict;
    // A list that may not be asked for says nothing of the model.
    let goes_on = matches!(verdict.outcome(), Outcome::Works | Outcome::Limited);
    if let Some(model) = found.model.as_deref().filter(|_| goes_on) {
        let paid = request.level == Level::Paid;
        let of_model = trial.model(system, bare(model), &asked.profiles, paid);
        if of_model.outcome() != Outcome::Works || verdict.outcome() == Outcome::Works {
            verdict = of_model;
        }
    }
    if verdict.reason.code().starts_with("API-") && verdict.reason != Reason::Works {
        // Words of no known meaning, and not those of Anthropic's API.
        verdict.reason = Reason::AwsOther;
    }
    facts.clock_ahead = clock_ahead(system, &verdict);
    facts.verdict = Some(Box::new(verdict));
    facts
}

fn trial(system: &System, deadline: Instant, found: &Found) -> Result<Trial, Bedrock> {
    let aws = &found.facts;
    if !aws.is_in_use() {
        return Err(not_asked("Bedrock is not in use here", None));
    }
    let region = aws.region.as_ref().map_or(DEFAULT_REGION, |set| &set.value);
    let region = Region::parse(region)
        .map_err(|_| not_asked("there is no region to ask in", Some("AWS-001")))?;
    let lookup = |name: &str| system.environment.get(name).map(str::to_owned);
    let endpoints =
        Endpoints::of(&region, &lookup).map_err(|error| not_asked(error.message(), None))?;
    let sign_in = aws.sign_on.as_ref().filter(|_| found.access.is_none());
    let access = match (&found.access, &found.resolvable) {
        (Some(access), _) => access.clone(),
        (None, Some(resolvable)) => resolved(resolvable, &region, deadline)?,
        (None, None) if aws.credentials.is_empty() => {
            return Err(not_asked(
                "there is no AWS credential to try",
                Some("AWS-030"),
            ));
        }
        (None, None) => {
            return Err(not_asked(
                "getting this credential would start a program or renew a session",
                None,
            ));
        }
    };
    Ok(Trial {
        access,
        region,
        endpoints,
        sign_in: sign_in.map(|sign_in| sign_in.profile.clone()),
        timeout: TIMEOUT,
        until: Some(deadline),
    })
}

/// The keys behind a profile or a role.
fn resolved(
    resolvable: &Resolvable,
    region: &Region,
    deadline: Instant,
) -> Result<Access, Bedrock> {
    let system = System::with_environment(resolvable.environment.clone());
    let profile = resolvable.profile.as_deref();
    // Nothing may be left running when the whole run is over.
    let timeout = TIMEOUT.min(deadline.saturating_duration_since(Instant::now()));
    let keys = aws_credentials::resolve_within(&system, profile, region, timeout);
    let keys = keys.map_err(|verdict| Bedrock {
        verdict: Some(verdict),
        ..Bedrock::default()
    })?;
    Ok(Access::Keys(keys.keys))
}

fn not_asked(why: &str, blocked_by: Option<&str>) -> Bedrock {
    Bedrock {
        why: why.to_owned(),
        blocked_by: blocked_by.map(str::to_owned),
        ..Bedrock::default()
    }
}

/// Without what Claude Code adds for a larger window.
fn bare(model: &str) -> &str {
    model.split_once('[').map_or(model, |(id, _)| id)
}

fn clock_ahead(system: &System, verdict: &Verdict) -> Option<i64> {
    let server = verdict.server_time?;
    Some(system.clock.now().as_second() - server.as_second())
}
