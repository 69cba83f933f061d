//! Puts the report together: every credential judged, and per provider the one that is used.

use indexmap::IndexMap;
use jiff::{SignedDuration, Timestamp};

use super::judge::{Circumstances, Standing, judge};
use super::report::{
    Auth, Effective, EffectiveKind, ProfileLine, ProviderLine, ReasonCode, Report, Seconds, Status,
    Unusable, Variable,
};
use crate::provider::registry::{self, VariableKind};
use crate::secret::Secret;
use crate::store::{Credential, Home, Name, Profile, ProfileId, Profiles, SecretSource};
use crate::system::Environment;

/// What the report is made of.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'a> {
    pub home: &'a Home,
    pub agent: &'a Name,
    /// The agent's own profiles.
    pub own: &'a Profiles,
    /// The profiles of `main`, when the agent is another one and inherits them.
    pub inherited: Option<&'a Profiles>,
    pub default_model: Option<&'a str>,
    /// `auth.order` of the configuration.
    pub order: &'a IndexMap<String, Vec<ProfileId>>,
    pub environment: &'a Environment,
    pub now: Timestamp,
    pub warn_within: SignedDuration,
}

/// Judges everything and chooses per provider.
#[must_use]
pub fn collect(sources: Sources<'_>) -> Report {
    let circumstances = Circumstances {
        environment: sources.environment,
        now: sources.now,
        warn_within: sources.warn_within,
    };
    let mut judged = judged(sources, circumstances);
    let names = providers_in_use(sources, &judged);
    let lines: Vec<ProviderLine> = names
        .iter()
        .map(|name| provider_line(sources, name, &mut judged))
        .collect();
    let missing = lines
        .iter()
        .filter(|line| line.effective.kind == EffectiveKind::Missing)
        .map(|line| line.provider.clone());
    Report {
        schema_version: 1,
        agent: sources.agent.to_string(),
        home: sources.home.root().display().to_string(),
        store_path: sources.home.store(sources.agent).display().to_string(),
        config_path: sources.home.config().display().to_string(),
        default_model: sources.default_model.map(str::to_owned),
        auth: Auth {
            warn_after_ms: i64::try_from(sources.warn_within.as_millis()).unwrap_or(i64::MAX),
            order: order(sources.own),
            active: sources.own.active.as_ref().map(ToString::to_string),
            missing_providers_in_use: missing.collect(),
            unusable_profiles: judged.iter().filter_map(unusable).collect(),
            profiles: judged.iter().map(|j| profile_line(j, sources)).collect(),
            providers: lines,
        },
        probes: [],
    }
}

/// A profile with what is known about it.
struct Judged<'a> {
    id: &'a ProfileId,
    profile: &'a Profile,
    standing: Standing,
    inherited: bool,
    effective: bool,
}

fn judged<'a>(sources: Sources<'a>, circumstances: Circumstances<'_>) -> Vec<Judged<'a>> {
    let of = |profiles: &'a Profiles, inherited: bool| {
        profiles.profiles.iter().map(move |(id, profile)| Judged {
            id,
            profile,
            standing: judge(profile, circumstances),
            inherited,
            effective: false,
        })
    };
    let own = sources.own;
    let inherited = sources.inherited.into_iter().flat_map(|p| of(p, true));
    of(own, false)
        .chain(inherited.filter(|j| own.get(j.id).is_none()))
        .collect()
}

/// The default model's provider, else all that have a credential, else Anthropic.
fn providers_in_use(sources: Sources<'_>, judged: &[Judged<'_>]) -> Vec<String> {
    if let Some(model) = sources.default_model {
        let provider = model.split_once('/').map(|(provider, _)| provider);
        return vec![provider.unwrap_or(DEFAULT_PROVIDER).to_owned()];
    }
    let mut names: Vec<String> = judged.iter().map(|j| j.profile.provider.clone()).collect();
    let from_environment = registry::ALL
        .iter()
        .filter(|provider| !variables(sources.environment, provider.id).is_empty());
    names.extend(from_environment.map(|provider| provider.id.to_owned()));
    names.sort_unstable();
    names.dedup();
    if names.is_empty() {
        names.push(DEFAULT_PROVIDER.to_owned());
    }
    names
}

const DEFAULT_PROVIDER: &str = "anthropic";

/// Marks the profile that the provider's requests use, and those that its order leaves out.
fn provider_line(sources: Sources<'_>, provider: &str, judged: &mut [Judged<'_>]) -> ProviderLine {
    let ranked = rank(sources, provider, judged);
    for (place, one) in judged.iter_mut().enumerate() {
        if one.profile.provider == provider && !ranked.contains(&place) && one.standing.is_usable()
        {
            one.standing.reason = ReasonCode::ExcludedByAuthOrder;
        }
    }
    let usable: Vec<usize> = ranked
        .iter()
        .copied()
        .filter(|place| judged[*place].standing.is_usable())
        .collect();
    let env = variables(sources.environment, provider);
    let effective = match (usable.first(), env.first()) {
        (Some(first), _) => {
            let chosen = &mut judged[*first];
            chosen.effective = true;
            Effective {
                kind: EffectiveKind::Profile,
                detail: chosen.standing.masked.clone().unwrap_or_default(),
                profile_id: Some(chosen.id.to_string()),
            }
        }
        (None, Some(variable)) => Effective {
            kind: EffectiveKind::Env,
            detail: variable.name.clone(),
            profile_id: None,
        },
        (None, None) => Effective {
            kind: EffectiveKind::Missing,
            detail: why_none(&ranked, judged),
            profile_id: None,
        },
    };
    ProviderLine {
        provider: provider.to_owned(),
        endpoint: endpoint(sources.environment, provider),
        effective,
        candidates: usable
            .iter()
            .map(|place| judged[*place].id.to_string())
            .collect(),
        env,
    }
}

/// The places of a provider's profiles in the order in which they are tried: the active account's,
/// then those of an order, or else all others by id; the agent's own before inherited ones.
fn rank(sources: Sources<'_>, provider: &str, judged: &[Judged<'_>]) -> Vec<usize> {
    let mut all: Vec<usize> = (0..judged.len())
        .filter(|place| judged[*place].profile.provider == provider)
        .collect();
    all.sort_by_key(|place| (judged[*place].inherited, judged[*place].id));
    let order = sources
        .own
        .order
        .get(provider)
        .or_else(|| sources.order.get(provider));
    let ranked: Vec<usize> = match order {
        Some(order) => order
            .iter()
            .filter_map(|id| all.iter().copied().find(|place| judged[*place].id == id))
            .collect(),
        None => all.clone(),
    };
    let active = sources.own.active.as_ref().map(Name::as_str);
    let of_account = |place: &usize| active == Some(judged[*place].id.name());
    let first = all.iter().copied().filter(of_account);
    let then = ranked.into_iter().filter(|place| !of_account(place));
    first.chain(then).collect()
}

fn why_none(ranked: &[usize], judged: &[Judged<'_>]) -> String {
    match ranked.first() {
        Some(first) => {
            let one = &judged[*first];
            format!("{} is {}", one.id, one.standing.status.word())
        }
        None => "nothing is stored and no variable is set".to_owned(),
    }
}

fn endpoint(environment: &Environment, provider: &str) -> String {
    let Some(provider) = registry::find(provider) else {
        return String::new();
    };
    environment
        .get(provider.base_url_variable)
        .unwrap_or(provider.default_base_url)
        .to_owned()
}

/// The variables that hold a credential of this provider, first choice first.
fn variables(environment: &Environment, provider: &str) -> Vec<Variable> {
    let known = registry::find(provider).map_or(&[][..], |provider| provider.variables);
    let mut found: Vec<Variable> = Vec::new();
    for variable in known {
        let kind = match variable.kind {
            VariableKind::Token => "token",
            _ => "api_key",
        };
        let by_prefix = variable.kind == VariableKind::ApiKeyPrefix;
        let set = environment.iter().filter_map(|(name, value)| {
            let name = name.to_str()?;
            let matches = name == variable.name || (by_prefix && name.starts_with(variable.name));
            let value = value
                .to_str()
                .filter(|value| !value.is_empty() && matches)?;
            Some(Variable {
                name: name.to_owned(),
                source: "process".to_owned(),
                masked: masked(variable.kind, value),
                kind,
            })
        });
        found.extend(set);
    }
    found
}

/// A list shows the mask of its first key.
fn masked(kind: VariableKind, value: &str) -> String {
    let first = match kind {
        VariableKind::ApiKeyList => value.split([',', ';']).next().unwrap_or(value),
        _ => value,
    };
    Secret::new(first.trim()).mask()
}

fn order(own: &Profiles) -> IndexMap<String, Vec<String>> {
    let words = |ids: &Vec<ProfileId>| ids.iter().map(ToString::to_string).collect();
    own.order
        .iter()
        .map(|(provider, ids)| (provider.clone(), words(ids)))
        .collect()
}

fn profile_line(judged: &Judged<'_>, sources: Sources<'_>) -> ProfileLine {
    let standing = &judged.standing;
    let left = |end: Timestamp| end.as_millisecond() - sources.now.as_millisecond();
    ProfileLine {
        id: judged.id.to_string(),
        provider: judged.profile.provider.clone(),
        kind: judged.profile.credential.kind().to_owned(),
        source: source(judged.profile),
        status: standing.status,
        reason_code: standing.reason,
        expires_at: standing.expires.map(Seconds),
        remaining_ms: standing.expires.map(left),
        masked: standing.masked.clone(),
        inherited_from: judged.inherited.then(|| crate::store::MAIN.to_owned()),
        effective: judged.effective,
    }
}

fn source(profile: &Profile) -> String {
    match (&profile.credential, profile.secret()) {
        (_, Some(SecretSource::Reference(reference))) => format!("ref:{}", reference.source),
        (
            Credential::Login {
                source: Some(source),
                ..
            },
            _,
        ) => source.clone(),
        _ => "store".to_owned(),
    }
}

fn unusable(judged: &Judged<'_>) -> Option<Unusable> {
    (!judged.standing.is_usable()).then(|| Unusable {
        id: judged.id.to_string(),
        reason_code: judged.standing.reason,
        until: None,
    })
}

impl Report {
    /// How the credentials in use stand: the worst of them counts.
    #[must_use]
    pub fn worst(&self) -> Worst {
        if !self.auth.missing_providers_in_use.is_empty() {
            return Worst::Unusable;
        }
        let expiring = self
            .auth
            .profiles
            .iter()
            .any(|profile| profile.effective && profile.status == Status::Expiring);
        if expiring {
            Worst::Expiring
        } else {
            Worst::Fine
        }
    }
}

/// What `--check` judges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worst {
    Fine,
    Expiring,
    Unusable,
}
