//! Gathers the candidates of one provider and judges each of them.

use super::referred::{self, Referred, State};
use super::{Candidate, Origin, Pin, Rank, Reason, aws};
use crate::provider::anthropic::endpoint::Endpoint;
use crate::provider::anthropic::shape::{Severity, check_gateway_key};
use crate::provider::registry::{Provider, Variable, VariableKind, find};
use crate::secret::Secret;
use crate::store::config::providers::Provider as Configured;
use crate::store::name::{Name, ProfileId};
use crate::store::profile::{Credential, Profile, SecretSource};
use crate::store::profiles::Profiles;
use crate::store::sources::{Place, Sources};
use crate::store::usage::{Pause, PauseKind};

/// The profiles of `provider`, in no order but that of equal ranks.
pub fn profiles(sources: &Sources, provider: &str, pin: Option<&Pin>, now: i64) -> Vec<Candidate> {
    let stores = [&sources.own, &sources.inherited].into_iter().flatten();
    let mut found = Vec::with_capacity(stores.map(|store| store.profiles.len()).sum());
    let main = Name::main();
    let active = sources.own.as_ref().and_then(|own| own.active.as_ref());
    let gather = |store: &Profiles, inherited: bool, found: &mut Vec<Candidate>| {
        for (position, id, profile) in in_order(store, sources, provider) {
            if inherited && is_own(sources, id, provider) {
                continue;
            }
            let excluded = position == Position::Excluded;
            let mut candidate = judge(sources, id, profile, now);
            candidate.rank = rank(id, pin, active, inherited, position);
            if let Origin::Profile {
                inherited: kept, ..
            } = &mut candidate.origin
            {
                *kept = inherited;
            }
            if excluded && candidate.rank > Rank::Active {
                candidate.reason = Reason::ExcludedByAuthOrder;
            }
            let owner = if inherited { &main } else { &sources.agent };
            rest(&mut candidate, sources.usage.pause(owner, id, now));
            found.push(candidate);
        }
    };
    for (store, inherited) in [(&sources.own, false), (&sources.inherited, true)] {
        if let Some(store) = store {
            gather(store, inherited, &mut found);
        }
    }
    found
}

/// A pause keeps a credential from being taken by itself; a person may still choose it.
fn rest(candidate: &mut Candidate, pause: Option<Pause>) {
    let chosen = candidate.rank <= Rank::Active;
    if let (Reason::Ok, Some(pause), false) = (candidate.reason, &pause, chosen) {
        candidate.reason = match pause.kind {
            PauseKind::Cooldown => Reason::Cooldown,
            PauseKind::Disabled => Reason::Disabled,
        };
    }
    candidate.pause = pause;
}

/// The agent has a profile of its own under that name, which hides the inherited one.
fn is_own(sources: &Sources, id: &ProfileId, provider: &str) -> bool {
    let own = sources.own.as_ref().and_then(|own| own.get(id));
    own.is_some_and(|profile| profile.provider == provider)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Position {
    StoreOrder,
    ConfigOrder,
    Id,
    Excluded,
}

/// The profiles of a provider as its order has them, then the others by id.
fn in_order<'a>(
    store: &'a Profiles,
    sources: &Sources,
    provider: &str,
) -> Vec<(Position, &'a ProfileId, &'a Profile)> {
    let all = store.of_provider(provider);
    let configured = sources.config.order.get(provider);
    let (order, position) = match (store.order.get(provider), configured) {
        (Some(order), _) => (order.as_slice(), Position::StoreOrder),
        (None, Some(order)) => (order.as_slice(), Position::ConfigOrder),
        (None, None) => (&[][..], Position::Id),
    };
    if order.is_empty() {
        let rest = match position {
            Position::Id => Position::Id,
            _ => Position::Excluded,
        };
        return all.into_iter().map(|(id, p)| (rest, id, p)).collect();
    }
    let mut listed = Vec::with_capacity(all.len());
    let mut named = vec![false; all.len()];
    for id in order {
        // They are sorted by their ids, and thousands must not be compared one by one.
        if let Ok(at) = all.binary_search_by(|(other, _)| (*other).cmp(id))
            && !std::mem::replace(&mut named[at], true)
        {
            let (id, profile) = all[at];
            listed.push((position, id, profile));
        }
    }
    let others = all.iter().zip(named).filter(|(_, named)| !named);
    listed.extend(others.map(|((id, profile), _)| (Position::Excluded, *id, *profile)));
    listed
}

fn rank(
    id: &ProfileId,
    pin: Option<&Pin>,
    active: Option<&Name>,
    inherited: bool,
    position: Position,
) -> Rank {
    let pinned = match pin {
        Some(Pin::Profile(pinned)) => id == pinned,
        Some(Pin::Account(name)) => id.name() == name.as_str(),
        None => false,
    };
    match position {
        _ if pinned => Rank::Pinned,
        _ if active.is_some_and(|name| name.as_str() == id.name()) => Rank::Active,
        _ if inherited => Rank::Inherited,
        Position::StoreOrder => Rank::StoreOrder,
        Position::ConfigOrder => Rank::ConfigOrder,
        Position::Id | Position::Excluded => Rank::Id,
    }
}

fn judge(sources: &Sources, id: &ProfileId, profile: &Profile, now: i64) -> Candidate {
    let (secret, reference) = match profile.secret() {
        Some(SecretSource::Stored(secret)) => (Some(secret.clone()), None),
        Some(SecretSource::Reference(named)) => {
            let (secret, referred) = referred::look(sources, named);
            (secret, Some(referred))
        }
        Some(SecretSource::Absent) | None => (None, None),
    };
    let reason = reason(profile, secret.as_ref(), reference.as_deref(), now);
    Candidate {
        origin: Origin::Profile {
            id: id.clone(),
            inherited: false,
        },
        rank: Rank::Id,
        kind: profile.credential.kind().to_owned(),
        whole: whole(&profile.credential),
        reason,
        standing: None,
        secret,
        reference,
        expires: profile.expires(),
        base_url: profile.base_url.clone(),
        pause: None,
    }
}

/// How a profile stands whose secret is this, or should come from that reference.
pub fn reason(
    profile: &Profile,
    secret: Option<&Secret>,
    reference: Option<&Referred>,
    now: i64,
) -> Reason {
    let held = match (secret, reference.map(|referred| &referred.state)) {
        (Some(secret), _) if !secret.is_empty() => Reason::Ok,
        (None, Some(State::NotAsked)) => Reason::Ok,
        (None, Some(_)) => Reason::UnresolvedRef,
        _ => Reason::MissingCredential,
    };
    match (&profile.credential, secret) {
        (Credential::ApiKey { .. }, Some(key)) => {
            key_reason(key, &profile.provider, profile.base_url.as_deref())
        }
        (Credential::ApiKey { .. }, None) => held,
        (Credential::Token { expires, .. }, Some(token)) => {
            token_reason(Some(token), *expires, now)
        }
        (Credential::Token { expires, .. }, None) if held == Reason::Ok => {
            token_reason(None, *expires, now)
        }
        (Credential::Token { .. }, None) => held,
        // Whether somebody is signed in there is not the store's to say.
        (Credential::Login { .. }, _) => Reason::Ok,
        (Credential::Aws(access), _) => aws::reason(access, held, now),
        (Credential::Unknown { .. }, _) => Reason::IneligibleProfile,
    }
}

/// The profile that a candidate was made of.
pub fn profile_of<'a>(sources: &'a Sources, candidate: &Candidate) -> Option<&'a Profile> {
    let Origin::Profile { id, inherited } = &candidate.origin else {
        return None;
    };
    let store = if *inherited {
        &sources.inherited
    } else {
        &sources.own
    };
    store.as_ref()?.get(id)
}

fn whole(credential: &Credential) -> Option<Credential> {
    let is_one = matches!(credential, Credential::Login { .. } | Credential::Aws(_));
    is_one.then(|| credential.clone())
}

/// A key for another host than the provider's own need not look like one of the provider's.
fn key_reason(key: &Secret, provider: &str, base_url: Option<&str>) -> Reason {
    let own = |provider: &Provider| {
        let of = |url: &str| Endpoint::parse(url).ok();
        base_url.is_none_or(|url| match (of(url), of(provider.default_base_url)) {
            (Some(given), Some(own)) => given.same_host(&own),
            _ => false,
        })
    };
    let shape = match find(provider) {
        Some(provider) if own(provider) => (provider.check)(key),
        _ => check_gateway_key(key),
    };
    if key.is_empty() {
        Reason::MissingCredential
    } else if shape.severity() == Severity::Refuse {
        Reason::MalformedApiKey
    } else {
        Reason::Ok
    }
}

/// `None` for a token that was not asked for yet.
fn token_reason(token: Option<&Secret>, expires: Option<i64>, now: i64) -> Reason {
    let is_blank = |token: &Secret| token.inspect(|text| text.trim().is_empty());
    match expires {
        _ if token.is_some_and(is_blank) => Reason::MissingCredential,
        Some(end) if end <= 0 => Reason::InvalidExpires,
        Some(end) if end <= now => Reason::Expired,
        _ => Reason::Ok,
    }
}

/// What the environment offers, each secret once.
pub fn variables(sources: &Sources, provider: &Provider) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = Vec::new();
    let mut overridden = false;
    let base_url = sources.environment.get(provider.base_url_variable);
    for variable in provider.variables {
        let is_key = variable.kind != VariableKind::Token;
        if is_key && overridden {
            continue;
        }
        for (name, secret, place) in values(sources, *variable) {
            overridden |= variable.kind == VariableKind::ApiKeyOverride;
            if found
                .iter()
                .any(|other| other.secret.as_ref() == Some(&secret))
            {
                continue;
            }
            let reason = if is_key {
                key_reason(&secret, provider.id, base_url)
            } else {
                token_reason(Some(&secret), None, 0)
            };
            found.push(Candidate {
                origin: Origin::Variable { name, place },
                rank: Rank::Environment,
                kind: if is_key { "api_key" } else { "token" }.to_owned(),
                whole: None,
                reason,
                standing: None,
                secret: Some(secret),
                reference: None,
                expires: None,
                base_url: None,
                pause: None,
            });
        }
    }
    found
}

/// What the configuration names for a provider of its own.
pub fn configured(sources: &Sources, provider: &Configured) -> Option<Candidate> {
    let (name, place, secret, reference) = match (&provider.custom.variable, &provider.key) {
        (Some(name), _) => {
            let (secret, place) = sources.variable(name)?;
            (name.clone(), place, Some(secret), None)
        }
        (None, Some(named)) => {
            let name = format!("models.providers.{}.apiKey", provider.custom.id);
            let (secret, referred) = referred::look(sources, named);
            (name, Place::Config, secret, Some(referred))
        }
        (None, None) => return None,
    };
    let reason = match (&secret, &reference) {
        (Some(key), _) => key_reason(key, &provider.custom.id, None),
        (None, Some(referred)) if referred.state == State::NotAsked => Reason::Ok,
        (None, _) => Reason::UnresolvedRef,
    };
    Some(Candidate {
        origin: Origin::Variable { name, place },
        rank: Rank::Environment,
        kind: "api_key".to_owned(),
        whole: None,
        reason,
        standing: None,
        secret,
        reference,
        expires: None,
        base_url: None,
        pause: None,
    })
}

fn values(sources: &Sources, variable: Variable) -> Vec<(String, Secret, Place)> {
    let names = match variable.kind {
        VariableKind::ApiKeyPrefix => sources.variables_starting(variable.name),
        _ => vec![variable.name.to_owned()],
    };
    let mut values = Vec::new();
    for name in names {
        let Some((value, place)) = sources.variable(&name) else {
            continue;
        };
        if variable.kind == VariableKind::ApiKeyList {
            let parts = value.split_list();
            values.extend(parts.into_iter().map(|part| (name.clone(), part, place)));
        } else {
            values.push((name, value, place));
        }
    }
    values
}
