//! References among the candidates: what became of each, and how the one that is used gets its
//! value.

use std::time::Duration;

use super::{Candidate, Reason, Selection, candidates};
use crate::secret::Secret;
use crate::store::profile::SecretRef;
use crate::store::reference::{self, Looked, Resolved, Unresolved};
use crate::store::sources::Sources;
use crate::system::System;

/// The reference of a candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Referred {
    pub named: SecretRef,
    pub state: State,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    Resolved {
        /// What is odd about the place.
        warning: Option<String>,
    },
    /// A program or the keyring has to be asked, and was not yet.
    NotAsked,
    Unresolved(Unresolved),
}

/// Follows a reference as far as nobody has to be asked.
pub(super) fn look(sources: &Sources, named: &SecretRef) -> (Option<Secret>, Box<Referred>) {
    let looked = reference::look(sources, named).map(|looked| match looked {
        Looked::Resolved(resolved) => Some(resolved),
        Looked::NotAsked => None,
    });
    referred(named, looked)
}

fn referred(
    named: &SecretRef,
    found: Result<Option<Resolved>, Unresolved>,
) -> (Option<Secret>, Box<Referred>) {
    let (secret, state) = match found {
        Ok(Some(Resolved { secret, warning })) => (Some(secret), State::Resolved { warning }),
        Ok(None) => (None, State::NotAsked),
        Err(why) => (None, State::Unresolved(why)),
    };
    let named = named.clone();
    (secret, Box::new(Referred { named, state }))
}

impl Candidate {
    /// Its value has to be asked for, and was not yet. It counts as usable until then.
    #[must_use]
    pub fn is_not_asked(&self) -> bool {
        self.reference
            .as_ref()
            .is_some_and(|r| r.state == State::NotAsked)
    }

    /// Why its reference leads to nothing.
    #[must_use]
    pub fn unresolved(&self) -> Option<&Unresolved> {
        match &self.reference.as_ref()?.state {
            State::Unresolved(why) => Some(why),
            _ => None,
        }
    }

    /// Asks for its value, where that was not done yet, and judges the candidate anew at `now`
    /// (milliseconds since 1970).
    pub fn ask(&mut self, system: &System, sources: &Sources, now: i64) {
        self.ask_within(system, sources, now, Duration::MAX);
    }

    /// As [`Candidate::ask`], for no longer than `left`.
    pub fn ask_within(&mut self, system: &System, sources: &Sources, now: i64, left: Duration) {
        if !self.is_not_asked() {
            return;
        }
        let Some(named) = self
            .reference
            .as_ref()
            .map(|referred| referred.named.clone())
        else {
            return;
        };
        let found = reference::ask(system, &sources.config, &named, left).map(|secret| {
            Some(Resolved {
                secret,
                warning: None,
            })
        });
        let (secret, referred) = referred(&named, found);
        if self.reason == Reason::Ok {
            self.reason = match (candidates::profile_of(sources, self), &secret) {
                (Some(profile), secret) => {
                    candidates::reason(profile, secret.as_ref(), Some(&referred), now)
                }
                // The key of a provider of the configuration.
                (None, Some(_)) => Reason::Ok,
                (None, None) => Reason::UnresolvedRef,
            };
        }
        self.secret = secret;
        self.reference = Some(referred);
    }
}

impl Selection {
    /// Asks for the value of the credential that is used. Where there is none, nothing is used:
    /// another one in its place would be a surprise.
    pub fn ask(&mut self, system: &System, sources: &Sources, now: i64) {
        let Some(at) = self.winner else {
            return;
        };
        let Some(winner) = self.candidates.get_mut(at) else {
            return;
        };
        winner.ask(system, sources, now);
        if winner.reason != Reason::Ok {
            self.winner = None;
            self.blamed = Some(at);
        }
    }
}
