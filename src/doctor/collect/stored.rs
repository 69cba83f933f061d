//! Looks through all profiles for those that cannot be used as they stand, and through the orders
//! for names that nobody has.

use std::collections::BTreeSet;

use super::credentials::pin;
use super::{Request, aws};
use crate::doctor::facts::{Area, Misnamed, Reference, ReferenceState, StoredProfile};
use crate::provider::bedrock;
use crate::store::select::{self, Candidate, Origin, Reason, Selection, State};
use crate::store::sources::Sources;
use crate::store::{ProfileId, Profiles};
use crate::system::System;

/// The profiles of every provider; `judged` is what was selected for one of them already, and
/// `asked` a profile of another one whose value was asked for.
pub fn profiles(
    system: &System,
    sources: &Sources,
    judged: &Selection,
    asked: Option<&Candidate>,
) -> Vec<StoredProfile> {
    let stores = [&sources.own, &sources.inherited].into_iter().flatten();
    let others: BTreeSet<&str> = stores
        .flat_map(|store| store.profiles.values())
        .map(|profile| profile.provider.as_str())
        .filter(|provider| *provider != judged.provider)
        .collect();
    let mut found = of(judged, None);
    let now = system.clock.now().as_millisecond();
    for provider in others {
        if let Ok(selection) = select::select(sources, provider, None, now) {
            found.extend(of(&selection, asked));
        }
    }
    found
}

fn of(selection: &Selection, asked: Option<&Candidate>) -> Vec<StoredProfile> {
    let effective = selection.effective();
    let wanted = |candidate: &Candidate| effective.is_some_and(|e| std::ptr::eq(e, candidate));
    let all = selection.candidates.iter();
    all.filter_map(|candidate| {
        let known = asked.filter(|asked| asked.name() == candidate.name());
        let known = known.unwrap_or(candidate);
        one(known, &selection.provider, wanted(candidate))
    })
    .collect()
}

fn one(candidate: &Candidate, provider: &str, wanted: bool) -> Option<StoredProfile> {
    let Origin::Profile { id, .. } = &candidate.origin else {
        return None;
    };
    if candidate.reference.is_none() && candidate.reason == Reason::Ok {
        return None;
    }
    // What a login lacks is told by the checks of logins.
    if candidate.is_login() {
        return None;
    }
    Some(StoredProfile {
        id: id.to_string(),
        provider: provider.to_owned(),
        wanted,
        reason: candidate.reason.code().to_owned(),
        obstacle: candidate.obstacle(),
        reference: reference(candidate),
    })
}

fn reference(candidate: &Candidate) -> Option<Reference> {
    let referred = candidate.reference.as_deref()?;
    let (state, warning, mend) = match &referred.state {
        State::Resolved { warning } => (ReferenceState::Resolved, warning.clone(), None),
        State::NotAsked => (ReferenceState::NotAsked, None, None),
        State::Unresolved(why) => (ReferenceState::Unresolved, None, Some(why.mend.clone())),
    };
    Some(Reference {
        source: referred.named.source.clone(),
        state,
        warning,
        mend,
    })
}

/// The stored profile that keywright takes for Bedrock, or would take if it could; its value is asked
/// for where AWS will be.
pub fn of_bedrock(system: &System, request: &Request, sources: &Sources) -> Option<Candidate> {
    let now = system.clock.now().as_millisecond();
    // What is wrong with a pin is said where the credential is looked for.
    let pin = pin(system).ok().flatten();
    let selection = select::select(sources, bedrock::ID, pin.as_ref(), now)
        .or_else(|_| select::select(sources, bedrock::ID, None, now))
        .ok()?;
    let usable = selection.winner().into_iter();
    let mut all = usable.chain(&selection.candidates);
    let counts = |candidate: &&Candidate| {
        aws::access(candidate).is_some()
            && matches!(candidate.origin, Origin::Profile { .. })
            && candidate.reason != Reason::ExcludedByAuthOrder
    };
    let mut found = all.find(counts).cloned()?;
    if request.areas.contains(&Area::Bedrock) {
        found.ask(system, sources, now);
    }
    Some(found)
}

/// The orders that name what is not there. The store's own is for its own profiles; that of the
/// configuration is for all.
pub fn orders(sources: &Sources) -> Vec<Misnamed> {
    let own = sources.own.iter().flat_map(|store| &store.order);
    let own = own.map(|order| (order, false));
    let configured = sources.config.order.iter().map(|order| (order, true));
    own.chain(configured)
        .filter_map(|((provider, ids), in_config)| {
            let stores = [&sources.own, &sources.inherited];
            let stores = if in_config { &stores[..] } else { &stores[..1] };
            misnamed(provider, ids, stores).map(|found| Misnamed { in_config, ..found })
        })
        .collect()
}

fn misnamed(provider: &str, ids: &[ProfileId], stores: &[&Option<Profiles>]) -> Option<Misnamed> {
    let there = |id: &ProfileId| {
        let mut profiles = stores.iter().filter_map(|store| store.as_ref()?.get(id));
        profiles.any(|profile| profile.provider == provider)
    };
    let (known, unknown): (Vec<&ProfileId>, Vec<_>) = ids.iter().partition(|id| there(id));
    if unknown.is_empty() {
        return None;
    }
    let all = stores.iter().filter_map(|store| store.as_ref());
    let all = all.flat_map(|store| store.of_provider(provider));
    let left_out = all
        .filter(|(id, _)| !ids.contains(id))
        .map(|(id, _)| id.to_string());
    let texts = |ids: Vec<&ProfileId>| ids.into_iter().map(ToString::to_string).collect();
    Some(Misnamed {
        provider: provider.to_owned(),
        unknown: texts(unknown),
        known: texts(known),
        left_out: left_out.collect(),
        ..Misnamed::default()
    })
}
