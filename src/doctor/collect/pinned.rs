//! Tries stored profiles, each with its own credential and nothing else: what is in use, what the
//! environment holds and what the order says has no part in it. Several at once, and all of them
//! end at one time.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::Request;
use super::aws;
use super::elsewhere;
use super::endpoint;
use super::trial::{self, Chosen};
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
    sources: &Sources,
    used: &[Option<&str>],
    deadline: Instant,
) -> Vec<Pinned> {
    let names = names(request, sources, used);
    side_by_side(&names, AT_ONCE, |name| {
        one(system, request, sources, name, deadline)
    })
}

/// Does the same with each of `all`, at most `at_once` at a time; what came of it in their order.
/// What breaks leaves nothing behind.
pub fn side_by_side<K: Sync, T: Send>(
    all: &[K],
    at_once: usize,
    work: impl Fn(&K) -> T + Sync,
) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut found = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(one) = all.get(index) else {
                return found;
            };
            found.push((index, work(one)));
        }
    };
    let mut found: Vec<(usize, T)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..all.len().min(at_once.max(1)))
            .map(|_| scope.spawn(worker))
            .collect();
        let ended = workers.into_iter().filter_map(|worker| worker.join().ok());
        ended.flatten().collect()
    });
    found.sort_by_key(|(index, _)| *index);
    found.into_iter().map(|(_, one)| one).collect()
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

/// Tries the profile of that name.
fn one(
    system: &System,
    request: &Request,
    sources: &Sources,
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
    let mut candidate = candidate.clone();
    candidate.ask_within(system, sources, now, left(deadline));
    if let Some(why) = candidate.obstacle() {
        return not_asked(&provider, why, Some(OWN));
    }
    let (state, clock_ahead) =
        candidate_of(system, request, sources, &provider, &candidate, deadline);
    Pinned {
        profile: name.to_owned(),
        provider,
        state,
        clock_ahead,
    }
}

/// The time until then.
#[must_use]
pub fn left(deadline: Instant) -> Duration {
    deadline.saturating_duration_since(Instant::now())
}

/// Tries one credential by itself, whatever its provider; it can be used as far as the store knows.
/// And how many seconds this machine's clock is ahead.
pub fn candidate_of(
    system: &System,
    request: &Request,
    sources: &Sources,
    provider: &str,
    candidate: &Candidate,
    deadline: Instant,
) -> (ProbeState, Option<i64>) {
    let left = left(deadline);
    if left.is_zero() {
        let state = ProbeState::NotAsked {
            why: "the time was over before its turn came".to_owned(),
            blocked_by: Some(OWN.to_owned()),
        };
        return (state, None);
    }
    if provider == bedrock::ID {
        return of_bedrock(system, request, candidate, deadline);
    }
    if provider != anthropic::PROVIDER.id {
        return elsewhere::ask(system, sources, provider, candidate, left);
    }
    let chosen = Chosen::of(candidate, trial::model(sources));
    // Whether it is good is asked for every program, and Claude Code alone knows its settings.
    let (endpoint, address) = endpoint::decide(&system.environment, &[], Some(&chosen.credential));
    let to = (&endpoint, address);
    let tried = trial::run(system, request, deadline, Some(&chosen), OWN, to);
    (tried.state, tried.clock_ahead)
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
