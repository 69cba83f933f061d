//! Puts the report together: every credential with its state, and per provider the one that is
//! used.

use std::borrow::Cow;

use indexmap::IndexMap;
use jiff::{SignedDuration, Timestamp};

use super::logins;
use super::report::{
    Auth, Effective, EffectiveKind, ProfileLine, ProviderLine, Report, Seconds, Unusable, Variable,
};
use crate::error::Result;
use crate::provider::anthropic::endpoint::Endpoint;
use crate::provider::{bedrock, registry};
use crate::store::select::{Candidate, Origin, Pin, Reason, Selection, Status, select};
use crate::store::sources::Sources;
use crate::store::{Credential, Home, MAIN, Name, ProfileId};
use crate::system::System;

const LOGIN_WARN_MS: i64 = 3 * 24 * 3_600_000;

/// What the report is about.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    pub system: &'a System,
    pub home: &'a Home,
    pub sources: &'a Sources,
    /// A profile or account that was chosen by name.
    pub pin: Option<&'a Pin>,
    pub now: Timestamp,
    /// A credential that ends within this time is `expiring`.
    pub warn_within: SignedDuration,
    pub references: References,
}

/// What becomes of references to programs and keyrings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum References {
    /// They are shown as they stand.
    Shown,
    /// The one of each credential in use is asked: whether it can be used is the question.
    Asked,
}

/// What `--check` judges: the credentials that are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Worst {
    Fine,
    Expiring,
    Unusable,
}

/// Judges everything, and says how the credentials in use stand: the worst of them counts.
///
/// # Errors
/// `NotFound` for a pin that names nothing.
pub fn collect(request: Request<'_>) -> Result<(Report, Worst)> {
    let sources = request.sources;
    let selections = selections(request)?;
    let in_use = providers_in_use(sources, &selections);
    let counts = |selection: &&Selection| in_use.contains(&selection.provider);
    let worst = selections.iter().filter(counts).map(|s| request.worst(s));
    let missing = selections
        .iter()
        .filter(counts)
        .filter(|selection| selection.winner().is_none())
        .map(|selection| selection.provider.clone());
    let most = selections.iter().map(|s| s.candidates.len()).sum();
    let mut profiles: Vec<ProfileLine> = Vec::with_capacity(most);
    for selection in &selections {
        profiles.extend(request.profiles(selection));
    }
    let report = Report {
        schema_version: 1,
        agent: sources.agent.to_string(),
        home: request.home.root().display().to_string(),
        store_path: request.home.store(&sources.agent).display().to_string(),
        config_path: request.home.config().display().to_string(),
        default_model: sources.config.default_model.clone(),
        auth: Auth {
            warn_after_ms: request.warn_ms(),
            order: order(sources),
            active: active(sources).map(ToString::to_string),
            providers: selections.iter().map(|s| request.provider(s)).collect(),
            unusable_profiles: unusable(&profiles),
            missing_providers_in_use: missing.collect(),
            profiles,
        },
        probes: Vec::new(),
    };
    Ok((report, worst.max().unwrap_or(Worst::Fine)))
}

const DEFAULT_PROVIDER: &str = "anthropic";

/// One selection for each provider that has a credential, and for the default model's.
fn selections(request: Request<'_>) -> Result<Vec<Selection>> {
    let sources = request.sources;
    let stores = [&sources.own, &sources.inherited];
    let of_profiles = stores.into_iter().flatten().flat_map(|store| {
        let profiles = store.profiles.values();
        profiles.map(|profile| profile.provider.as_str())
    });
    let mut names: Vec<&str> = of_profiles
        .chain(registry::ALL.iter().map(|p| p.id))
        .chain([bedrock::ID])
        .chain(sources.config.providers.keys().map(String::as_str))
        .collect();
    names.extend(default_provider(sources));
    names.sort_unstable();
    names.dedup();
    let now = request.now.as_millisecond();
    let ask = |name: &str| {
        let mut selection = select(sources, name, request.pin, now)?;
        logins::look(request.system, &mut selection, request.now);
        if request.references == References::Asked {
            selection.ask(request.system, sources, now);
        }
        Ok(selection)
    };
    let needed = default_provider(sources);
    let mut selections = names.into_iter().map(ask).collect::<Result<Vec<_>>>()?;
    selections.retain(|s| !s.candidates.is_empty() || needed == Some(s.provider.as_str()));
    if selections.is_empty() {
        selections.push(ask(DEFAULT_PROVIDER)?);
    }
    Ok(selections)
}

/// The provider of the default model; a model without a provider is Anthropic's.
fn default_provider(sources: &Sources) -> Option<&str> {
    let model = sources.config.default_model.as_deref()?;
    Some(
        model
            .split_once('/')
            .map_or(DEFAULT_PROVIDER, |(name, _)| name),
    )
}

/// The default model's provider, else every one with a credential, else Anthropic.
fn providers_in_use(sources: &Sources, selections: &[Selection]) -> Vec<String> {
    match default_provider(sources) {
        Some(provider) => vec![provider.to_owned()],
        None => selections.iter().map(|s| s.provider.clone()).collect(),
    }
}

impl Request<'_> {
    fn warn_ms(&self) -> i64 {
        i64::try_from(self.warn_within.as_millis()).unwrap_or(i64::MAX)
    }

    fn status(&self, candidate: &Candidate) -> Status {
        let mut warn = self.warn_ms();
        if candidate.is_login() {
            // Claude Code itself warns three days before.
            warn = warn.max(LOGIN_WARN_MS);
        }
        candidate.status(self.now.as_millisecond(), warn)
    }

    fn worst(&self, selection: &Selection) -> Worst {
        match selection.winner().map(|winner| self.status(winner)) {
            None => Worst::Unusable,
            Some(Status::Expiring) => Worst::Expiring,
            Some(_) => Worst::Fine,
        }
    }

    fn profiles<'a>(
        &'a self,
        selection: &'a Selection,
    ) -> impl Iterator<Item = ProfileLine> + use<'a> {
        selection.candidates.iter().filter_map(|candidate| {
            let Origin::Profile { id, inherited } = &candidate.origin else {
                return None;
            };
            let end = candidate.expires.filter(|end| *end > 0);
            let end = end.and_then(|end| Timestamp::from_millisecond(end).ok());
            let left = |end: Timestamp| end.as_millisecond() - self.now.as_millisecond();
            Some(ProfileLine {
                id: id.as_str().to_owned(),
                provider: provider_name(&selection.provider),
                kind: kind_name(&candidate.kind),
                source: self.source(candidate, id),
                status: self.status(candidate),
                reason_code: candidate.reason.code(),
                expires_at: end.map(Seconds),
                remaining_ms: end.map(left),
                masked: masked(candidate),
                inherited_from: inherited.then_some(MAIN),
                effective: is_winner(selection, candidate),
                obstacle: candidate.obstacle(),
                until: rests_until(candidate),
            })
        })
    }

    fn source(&self, candidate: &Candidate, id: &ProfileId) -> Cow<'static, str> {
        if let Some(reference) = &candidate.reference {
            return format!("ref:{}", reference.named.source).into();
        }
        if candidate.secret.is_some() {
            return "store".into();
        }
        let stores = [&self.sources.own, &self.sources.inherited];
        let profile = stores.into_iter().flatten().find_map(|store| store.get(id));
        match profile.map(|profile| &profile.credential) {
            Some(Credential::Login {
                source: Some(source),
                ..
            }) => source.clone().into(),
            _ => "store".into(),
        }
    }

    fn provider(&self, selection: &Selection) -> ProviderLine {
        let usable = selection
            .candidates
            .iter()
            .filter(|c| c.reason == Reason::Ok);
        let ids = usable.filter_map(|candidate| match &candidate.origin {
            Origin::Profile { id, .. } => Some(id.as_str().to_owned()),
            Origin::Variable { .. } => None,
        });
        ProviderLine {
            provider: selection.provider.clone(),
            endpoint: self.endpoint(selection),
            effective: effective(selection),
            candidates: ids.collect(),
            env: self.variables(selection),
        }
    }

    fn variables(&self, selection: &Selection) -> Vec<Variable> {
        let variable = |candidate: &Candidate| {
            let Origin::Variable { name, place } = &candidate.origin else {
                return None;
            };
            Some(Variable {
                name: name.clone(),
                source: place.id(),
                masked: masked(candidate).unwrap_or_default(),
                kind: candidate.kind.clone(),
                status: self.status(candidate),
                reason_code: candidate.reason.code(),
                effective: is_winner(selection, candidate),
                obstacle: candidate.obstacle(),
                place: place.words(),
            })
        };
        selection.candidates.iter().filter_map(variable).collect()
    }

    /// Where requests with the credential in use go; empty where that is no address they could go
    /// to. Such an address may hold a password.
    fn endpoint(&self, selection: &Selection) -> String {
        if let Some(url) = selection
            .winner()
            .and_then(|winner| winner.base_url.as_ref())
        {
            return shown(url);
        }
        if selection.provider == bedrock::ID {
            return bedrock_endpoint(selection);
        }
        let Some(provider) = registry::find(&selection.provider) else {
            let configured = self.sources.config.providers.get(&selection.provider);
            return configured.map_or_else(String::new, |own| shown(&own.custom.base_url));
        };
        let environment = &self.sources.environment;
        let url = environment.get(provider.base_url_variable);
        shown(url.unwrap_or(provider.default_base_url))
    }
}

fn shown(url: &str) -> String {
    Endpoint::parse(url).map_or_else(|_| String::new(), |endpoint| endpoint.to_string())
}

/// Bedrock is in a region.
fn bedrock_endpoint(selection: &Selection) -> String {
    let whole = selection.winner().and_then(|winner| winner.whole.as_ref());
    match whole {
        Some(Credential::Aws(access)) => match &access.region {
            Some(region) => format!("https://bedrock-runtime.{region}.amazonaws.com"),
            None => String::new(),
        },
        _ => String::new(),
    }
}

/// The names that nearly all profiles have need no copy.
fn provider_name(name: &str) -> Cow<'static, str> {
    match registry::find(name) {
        Some(provider) => provider.id.into(),
        None => name.to_owned().into(),
    }
}

fn kind_name(kind: &str) -> Cow<'static, str> {
    match kind {
        "api_key" => "api_key".into(),
        "token" => "token".into(),
        "oauth" => "oauth".into(),
        "aws" => "aws".into(),
        other => other.to_owned().into(),
    }
}

fn is_winner(selection: &Selection, candidate: &Candidate) -> bool {
    selection
        .winner()
        .is_some_and(|winner| std::ptr::eq(winner, candidate))
}

fn effective(selection: &Selection) -> Effective {
    let Some(winner) = selection.winner() else {
        return Effective {
            kind: EffectiveKind::Missing,
            detail: match selection.effective() {
                Some(blamed) => {
                    let why = blamed.obstacle().unwrap_or_default();
                    format!("{}: {why}", blamed.name())
                }
                None => "nothing is stored and no variable is set".to_owned(),
            },
            profile_id: None,
        };
    };
    match &winner.origin {
        Origin::Profile { id, .. } => Effective {
            kind: EffectiveKind::Profile,
            detail: masked(winner).unwrap_or_default(),
            profile_id: Some(id.as_str().to_owned()),
        },
        Origin::Variable { name, .. } => Effective {
            kind: EffectiveKind::Env,
            detail: name.clone(),
            profile_id: None,
        },
    }
}

/// The secret by its mask, or what stands in its place: a folder, an AWS profile.
fn masked(candidate: &Candidate) -> Option<String> {
    match (&candidate.secret, &candidate.whole) {
        (Some(secret), _) => (!secret.is_empty()).then(|| secret.mask()),
        (None, Some(Credential::Login { config_dir, .. })) => config_dir.clone(),
        (None, Some(Credential::Aws(access))) => access.profile.clone(),
        _ => None,
    }
}

/// The orders that count: the store's, and the configuration's for other providers.
fn order(sources: &Sources) -> IndexMap<String, Vec<String>> {
    let own = sources.own.iter().flat_map(|store| &store.order);
    let mut order = IndexMap::new();
    for (provider, ids) in own.chain(&sources.config.order) {
        order
            .entry(provider.clone())
            .or_insert_with(|| ids.iter().map(ToString::to_string).collect());
    }
    order
}

fn active(sources: &Sources) -> Option<&Name> {
    sources.own.as_ref()?.active.as_ref()
}

fn unusable(profiles: &[ProfileLine]) -> Vec<Unusable> {
    let unusable = |profile: &&ProfileLine| {
        profile.until.is_some()
            || matches!(
                profile.status,
                Status::Expired | Status::Missing | Status::Unresolved
            )
    };
    let unusable = profiles.iter().filter(unusable);
    unusable
        .map(|profile| Unusable {
            id: profile.id.clone(),
            reason_code: profile.reason_code,
            until: profile.until,
        })
        .collect()
}

/// When a credential is taken again that is not taken now.
fn rests_until(candidate: &Candidate) -> Option<Seconds> {
    let rests = matches!(candidate.reason, Reason::Cooldown | Reason::Disabled);
    let pause = candidate.pause.as_ref().filter(|_| rests)?;
    Timestamp::from_millisecond(pause.until).ok().map(Seconds)
}
