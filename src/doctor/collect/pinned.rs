//! Tries stored profiles, each with its own credential and nothing else: what is in use, what the
//! environment holds and what the order says has no part in it. Several at once, and all of them
//! end at one time.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use super::Request;
use super::aws;
use super::endpoint;
use super::trial::{self, Chosen};
use crate::consumer::claude_code::settings::Settings;
use crate::doctor::facts::{Pinned, ProbeState};
use crate::provider::{anthropic, bedrock};
use crate::store::ProfileId;
use crate::store::select::{self, Candidate, Pin};
use crate::store::sources::Sources;
use crate::system::System;

/// Profiles that are tried at once.
const AT_ONCE: usize = 8;
/// Stands for every profile.
const ALL: &str = "all";
/// The check that reports what is wrong with a profile that was asked for.
const OWN: &str = "API-010";

/// Tries the profiles that were asked for but those that are `used`, which are tried anyway. In
/// the order of their names.
pub fn ask(
    system: &System,
    request: &Request,
    (sources, settings): (&Sources, &[Settings]),
    used: &[Option<&str>],
    deadline: Instant,
) -> Vec<Pinned> {
    let names = names(request, sources, used);
    let next = AtomicUsize::new(0);
    let work = || {
        let mut found = Vec::new();
        while let Some(name) = names.get(next.fetch_add(1, Ordering::Relaxed)) {
            found.push(one(system, request, (sources, settings), name, deadline));
        }
        found
    };
    let mut found: Vec<Pinned> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..names.len().min(AT_ONCE))
            .map(|_| scope.spawn(work))
            .collect();
        let ended = workers.into_iter().filter_map(|worker| worker.join().ok());
        ended.flatten().collect()
    });
    found.sort_by(|a, b| a.profile.cmp(&b.profile));
    found
}

fn names(request: &Request, sources: &Sources, used: &[Option<&str>]) -> Vec<String> {
    let stores = [&sources.own, &sources.inherited].into_iter().flatten();
    let all = stores.flat_map(|store| store.profiles.keys().map(ToString::to_string));
    let every = request.profiles.iter().any(|name| name == ALL);
    let given = request.profiles.iter().filter(|name| *name != ALL).cloned();
    let mut names: Vec<String> = given.chain(all.filter(|_| every)).collect();
    names.sort_unstable();
    names.dedup();
    names.retain(|name| !used.contains(&Some(name.as_str())));
    names
}

fn one(
    system: &System,
    request: &Request,
    (sources, settings): (&Sources, &[Settings]),
    name: &str,
    deadline: Instant,
) -> Pinned {
    let not_asked = |provider: &str, why: String, blocked_by: Option<&str>| Pinned {
        profile: name.to_owned(),
        provider: provider.to_owned(),
        state: ProbeState::NotAsked {
            why,
            blocked_by: blocked_by.map(str::to_owned),
        },
        clock_ahead: None,
    };
    let Ok(id) = ProfileId::parse(name) else {
        return not_asked("", "no profile can have this name".to_owned(), Some(OWN));
    };
    let provider = id.provider().to_owned();
    let now = system.clock.now().as_millisecond();
    let selection = select::select(sources, &provider, Some(&Pin::Profile(id)), now);
    let Some(candidate) = selection.as_ref().ok().and_then(|found| found.effective()) else {
        return not_asked(&provider, "there is no such profile".to_owned(), Some(OWN));
    };
    let candidate = candidate.clone();
    if let Some(why) = candidate.obstacle() {
        return not_asked(&provider, why, Some(OWN));
    }
    if deadline <= Instant::now() {
        let why = "the time was over before its turn came".to_owned();
        return not_asked(&provider, why, Some(OWN));
    }
    if provider == bedrock::ID {
        let (state, clock_ahead) = of_bedrock(system, request, &candidate, deadline);
        return Pinned {
            profile: name.to_owned(),
            provider,
            state,
            clock_ahead,
        };
    }
    if provider != anthropic::PROVIDER.id {
        let why = format!("no way to try a credential of {provider} is known");
        return not_asked(&provider, why, None);
    }
    let chosen = Chosen::of(&candidate, trial::model(sources));
    let (endpoint, address) =
        endpoint::decide(&system.environment, settings, Some(&chosen.credential));
    let to = (&endpoint, address);
    let tried = trial::run(system, request, deadline, Some(&chosen), OWN, to);
    Pinned {
        profile: name.to_owned(),
        provider,
        state: tried.state,
        clock_ahead: tried.clock_ahead,
    }
}

/// AWS is asked several things, one after the other.
fn of_bedrock(
    system: &System,
    request: &Request,
    candidate: &Candidate,
    deadline: Instant,
) -> (ProbeState, Option<i64>) {
    let found = aws::pinned(system, candidate);
    let asked = super::bedrock::ask(system, request, deadline, &found);
    let state = match asked.verdict {
        Some(verdict) => ProbeState::Asked(verdict),
        None => ProbeState::NotAsked {
            why: asked.why,
            blocked_by: asked.blocked_by.map(|_| OWN.to_owned()),
        },
    };
    (state, asked.clock_ahead)
}
