//! Which credential would be used, and then, where that one may go and what the provider says to
//! it. The secret stays in this file and goes nowhere but into the probe.

use std::path::Path;
use std::time::Duration;

use super::Request;
use super::aws;
use super::bedrock;
use super::endpoint::{self, Credential};
use super::gather::{Part, Report};
use super::probe::{self, Question};
use super::value::describe_secret;
use crate::consumer::claude_code::login::{self, Login};
use crate::doctor::facts::{
    Area, Credentials, DefectKind, Endpoint, Level, Looks, Permission, Place, Probe, ProbeState,
    Source, SourceKind, Value,
};
use crate::error::{Error, Result};
use crate::probe::claude_code;
use crate::provider::anthropic::{self, endpoint::Endpoint as Address};
use crate::provider::registry::VariableKind;
use crate::secret::Secret;
use crate::status::logins;
use crate::store::select::{self, Candidate, Origin, Pin};
use crate::store::sources::{self, Sources};
use crate::store::{self, Name, ProfileId};
use crate::system::System;
use crate::variables;

const PROVIDER: &str = anthropic::PROVIDER.id;
/// The longest that one request may take.
const PROBE_TIMEOUT: Duration = Duration::from_secs(10);
/// The longest that claude may take for one answer.
const PROGRAM_TIMEOUT: Duration = Duration::from_secs(14);

/// Finds the areas from the credential to the probe, as far as they are asked for.
pub fn collect(system: &System, request: &Request, report: &Report) {
    let read = read(system, request);
    let mut aws = aws::Found::default();
    if request.areas.contains(&Area::Aws) {
        aws = aws::collect(system, read.as_ref().ok());
        report.found(Area::Aws, Part::Aws(Box::new(aws.facts.clone())));
    }
    let choice = read.and_then(|sources| choose(system, &sources));
    let mut facts = Credentials {
        agent: request.agent.to_string(),
        provider: PROVIDER.to_owned(),
        looked_at: looked_at(),
        ..Credentials::default()
    };
    let (chosen, blocked_by) = match choice {
        Ok(choice) => {
            facts.sources = choice.sources;
            (choice.chosen, "STORE-009")
        }
        Err(error) => {
            facts.problem = Some(error.to_string());
            (None, culprit(&error))
        }
    };
    report.found(Area::Credentials, Part::Credentials(facts));
    let credential = chosen.as_ref().map(|chosen| &chosen.credential);
    let (endpoint, address) = endpoint::decide(&system.environment, credential);
    let shown = endpoint.clone();
    report.found(Area::Endpoint, Part::Endpoint(endpoint));
    std::thread::scope(|scope| {
        if request.areas.contains(&Area::Bedrock) {
            scope.spawn(|| {
                report.found(
                    Area::Bedrock,
                    Part::Bedrock(bedrock::ask(system, request, &aws)),
                );
            });
        }
        if request.areas.contains(&Area::Probe) {
            let probe = match obstacle(request, chosen.as_ref(), blocked_by, &shown) {
                Some(state) => not_asked(request, state),
                None => match (&chosen, address) {
                    (Some(chosen), Some(address)) => ask(system, request, chosen, address),
                    _ => not_asked(request, blocked("the base URL cannot be used", "ENV-004")),
                },
            };
            report.found(Area::Probe, Part::Probe(probe));
        }
    });
}

fn not_asked(request: &Request, state: ProbeState) -> Probe {
    Probe {
        level: request.level,
        state,
        clock_ahead: None,
    }
}

/// What was chosen among the sources.
struct Choice {
    sources: Vec<Source>,
    chosen: Option<Chosen>,
}

/// The credential that would be used.
struct Chosen {
    kind: SourceKind,
    secret: Option<Secret>,
    value: Option<Value>,
    credential: Credential,
    /// The configured model, without its provider's name.
    model: Option<String>,
}

impl Chosen {
    /// It is for the claude program alone.
    fn is_subscription_token(&self) -> bool {
        let looks = self.value.as_ref().map(|value| value.looks);
        self.kind == SourceKind::Token && looks == Some(Looks::SubscriptionToken)
    }
}

/// Without a home there is still the environment.
fn read(system: &System, request: &Request) -> Result<Sources> {
    match store::Home::locate(request.home.as_deref(), &system.environment) {
        Ok(home) => Sources::read(system, &home, &request.agent),
        Err(_) => Ok(Sources {
            agent: request.agent.clone(),
            own: None,
            inherited: None,
            config: store::config::Config::default(),
            env_file: crate::document::dotenv::DotEnv::default(),
            environment: system.environment.clone(),
        }),
    }
}

fn choose(system: &System, sources: &Sources) -> Result<Choice> {
    let pin = pin(system)?;
    let now = system.clock.now().as_millisecond();
    let mut selection = select::select(sources, PROVIDER, pin.as_ref(), now)?;
    logins::look(system, &mut selection, system.clock.now());
    let winner = selection.winner();
    let is_winner = |candidate: &Candidate| winner.is_some_and(|w| std::ptr::eq(w, candidate));
    let found = selection
        .candidates
        .iter()
        .map(|candidate| Source {
            expires_assumed: assumed(sources, candidate),
            login: referred(system, candidate),
            ..source(candidate, is_winner(candidate))
        })
        .collect();
    let model = sources.config.default_model.as_deref();
    let model = model.map(|model| model.rsplit('/').next().unwrap_or(model).to_owned());
    let chosen = winner.map(|candidate| Chosen {
        kind: kind(&candidate.kind),
        secret: candidate.secret.clone(),
        value: candidate.secret.as_ref().map(describe_secret),
        credential: Credential {
            profile: match &candidate.origin {
                Origin::Profile { id, .. } => Some(id.to_string()),
                Origin::Variable { .. } => None,
            },
            base_url: candidate.base_url.clone(),
            same_environment: from_this_environment(&candidate.origin),
        },
        model,
    });
    Ok(Choice {
        sources: found,
        chosen,
    })
}

/// What `KEYWRIGHT_PROFILE` or `KEYWRIGHT_ACCOUNT` chooses by name.
///
/// # Errors
/// `Usage` for a text that can be no name.
pub fn pin(system: &System) -> Result<Option<Pin>> {
    let environment = &system.environment;
    if let Some(id) = environment.get(variables::PROFILE) {
        return ProfileId::parse(id).map(|id| Some(Pin::Profile(id)));
    }
    let account = environment.get(variables::ACCOUNT);
    account
        .map(|name| Name::parse(name).map(Pin::Account))
        .transpose()
}

fn from_this_environment(origin: &Origin) -> bool {
    matches!(
        origin,
        Origin::Variable {
            place: sources::Place::Process,
            ..
        }
    )
}

fn source(candidate: &Candidate, effective: bool) -> Source {
    Source {
        place: place(&candidate.origin),
        kind: kind(&candidate.kind),
        effective,
        unusable: candidate.obstacle(),
        value: candidate.secret.as_ref().map(describe_secret),
        expires: candidate.expires,
        expires_assumed: false,
        base_url: candidate.base_url.clone(),
        login: None,
    }
}

/// The login that a profile stands for, which may be kept in a folder of its own.
fn referred(system: &System, candidate: &Candidate) -> Option<Box<Login>> {
    let Some(store::Credential::Login { config_dir, .. }) = &candidate.whole else {
        return None;
    };
    let folder = config_dir.as_deref().map(Path::new);
    Some(Box::new(login::look(system, folder, system.clock.now())))
}

/// The end of a stored token was not told when it was saved.
fn assumed(sources: &Sources, candidate: &Candidate) -> bool {
    let Origin::Profile { id, .. } = &candidate.origin else {
        return false;
    };
    let stores = [&sources.own, &sources.inherited];
    let profile = stores.into_iter().flatten().find_map(|store| store.get(id));
    profile.is_some_and(|profile| {
        matches!(
            profile.credential,
            store::Credential::Token {
                expires_assumed: true,
                ..
            }
        )
    })
}

fn place(origin: &Origin) -> Place {
    match origin {
        Origin::Profile { id, inherited } => Place::Profile {
            id: id.to_string(),
            inherited_from: inherited.then(|| store::MAIN.to_owned()),
        },
        Origin::Variable { name, place } => {
            let name = name.clone();
            match place {
                sources::Place::Process => Place::Variable { name },
                sources::Place::EnvFile => Place::EnvFile { name },
                sources::Place::Config => Place::ConfigVars { name },
            }
        }
    }
}

fn kind(name: &str) -> SourceKind {
    match name {
        "api_key" => SourceKind::ApiKey,
        "token" => SourceKind::Token,
        "oauth" => SourceKind::Login,
        "aws" => SourceKind::Aws,
        _ => SourceKind::Unknown,
    }
}

/// In the order of precedence.
fn looked_at() -> Vec<String> {
    let mut places = vec!["the profiles of the store".to_owned()];
    places.extend(anthropic::PROVIDER.variables.iter().map(|variable| {
        let several = variable.kind == VariableKind::ApiKeyPrefix;
        format!("{}{}", variable.name, if several { "*" } else { "" })
    }));
    places.push("the same names in keywright's .env and in env.vars of config.json5".to_owned());
    places
}

/// The check that reports why nothing could be chosen.
fn culprit(error: &Error) -> &'static str {
    let path = error.path_text().unwrap_or_default();
    let file = Path::new(&path).file_name().unwrap_or_default();
    if file == "config.json5" {
        "STORE-012"
    } else if file == "auth-profiles.json" {
        "STORE-001"
    } else {
        "STORE-009"
    }
}

fn blocked(why: &str, by: &str) -> ProbeState {
    ProbeState::NotAsked {
        why: why.to_owned(),
        blocked_by: Some(by.to_owned()),
    }
}

/// Why the provider is not asked about this credential.
fn obstacle(
    request: &Request,
    chosen: Option<&Chosen>,
    blocked_by: &str,
    endpoint: &Endpoint,
) -> Option<ProbeState> {
    let Some(chosen) = chosen else {
        return Some(blocked("there is no credential to ask about", blocked_by));
    };
    let by_claude = chosen.is_subscription_token() && request.level == Level::Paid;
    if (chosen.kind != SourceKind::ApiKey && !by_claude) || chosen.secret.is_none() {
        return Some(for_claude_alone(chosen));
    }
    if endpoint.malformed.is_some() || endpoint.permission != Permission::Allowed {
        return Some(blocked("the key may not be sent there", "ENV-004"));
    }
    let value = chosen.value.as_ref().filter(|_| !by_claude)?;
    let variable = chosen.credential.profile.is_none();
    if of_another_kind(value) {
        let by = if variable { "ENV-002" } else { "CRED-030" };
        return Some(blocked("it is no API key", by));
    }
    if cannot_be_sent(value) {
        let by = if variable { "ENV-003" } else { "CRED-030" };
        return Some(blocked("no request can carry the key as it is", by));
    }
    None
}

/// What is said of a credential that no request of ours may carry.
fn for_claude_alone(chosen: &Chosen) -> ProbeState {
    if chosen.is_subscription_token() {
        return ProbeState::NotVerified {
            why: "A subscription token is shown to the claude program alone, and running that costs a little usage.".to_owned(),
        };
    }
    let why = match chosen.kind {
        SourceKind::Login => "the login of Claude Code is tried by Claude Code alone",
        SourceKind::Token => "the form of a gateway's token is not known",
        _ => "it is no API key",
    };
    ProbeState::NotAsked {
        why: why.to_owned(),
        blocked_by: None,
    }
}

/// Anthropic's other credentials, which no API request of ours may carry.
const fn of_another_kind(value: &Value) -> bool {
    matches!(
        value.looks,
        Looks::SubscriptionToken | Looks::RefreshToken | Looks::SessionCookie | Looks::AdminKey
    )
}

fn cannot_be_sent(value: &Value) -> bool {
    value.defects.iter().any(|defect| {
        !matches!(
            defect.kind,
            DefectKind::Quote
                | DefectKind::Assignment
                | DefectKind::Unexpanded
                | DefectKind::Placeholder
                | DefectKind::Ellipsis
        )
    })
}

fn ask(system: &System, request: &Request, chosen: &Chosen, address: Address) -> Probe {
    let Some(key) = &chosen.secret else {
        return Probe::default();
    };
    if chosen.is_subscription_token() {
        let trial = claude_code::Trial {
            token: key.clone(),
            endpoint: address,
            timeout: PROGRAM_TIMEOUT.min(request.timeout * 9 / 10),
        };
        let verdict = claude_code::run(system, &trial);
        return not_asked(request, ProbeState::Asked(Box::new(verdict)));
    }
    probe::ask(
        system,
        &Question {
            endpoint: address,
            key,
            level: request.level,
            model: chosen.model.as_deref(),
            timeout: PROBE_TIMEOUT.min(request.timeout * 9 / 10),
        },
    )
}
