//! Which credential would be used, and then, where that one may go and what the provider says to
//! it, and to the profiles that were asked for.

use std::path::Path;

use super::Request;
use super::aws;
use super::bedrock;
use super::endpoint;
use super::gather::{Part, Report};
use super::pinned;
use super::stored;
use super::trial::{self, Chosen, kind};
use super::value::describe_secret;
use crate::consumer::claude_code::login::{self, Login};
use crate::consumer::claude_code::places::Places;
use crate::consumer::claude_code::settings;
use crate::doctor::facts::{Area, Credentials, Misnamed, Place, Source, StoredProfile};
use crate::error::{Error, Result};
use crate::provider::anthropic;
use crate::provider::registry::VariableKind;
use crate::status::logins;
use crate::store::select::{self, Candidate, Origin, Pin};
use crate::store::sources::{self, Sources};
use crate::store::{self, Name, ProfileId};
use crate::system::System;
use crate::variables;

const PROVIDER: &str = anthropic::PROVIDER.id;

/// Finds the areas from the credential to the probe, as far as they are asked for.
pub fn collect(system: &System, request: &Request, report: &Report) {
    let read = sources(system, request.home.as_deref(), &request.agent);
    let mut aws = aws::Found::default();
    if request.areas.contains(&Area::Aws) {
        aws = aws::collect(system, request, read.as_ref().ok());
        report.found(Area::Aws, Part::Aws(Box::new(aws.facts.clone())));
    }
    let choice = read
        .as_ref()
        .map(|sources| choose(system, request, sources, aws.asked.as_deref()));
    let mut facts = Credentials {
        agent: request.agent.to_string(),
        provider: PROVIDER.to_owned(),
        looked_at: looked_at(),
        ..Credentials::default()
    };
    let usage = read.as_ref().ok().map(|sources| &sources.usage);
    facts.usage_problem = usage.and_then(|usage| usage.problem()).map(str::to_owned);
    let mut blocked_by = "STORE-009";
    let mut chosen = None;
    match choice {
        Ok(Ok(choice)) => {
            facts.sources = choice.sources;
            facts.profiles = choice.profiles;
            facts.misnamed = choice.misnamed;
            chosen = choice.chosen;
        }
        Ok(Err(error)) => blocked_by = problem(&mut facts, &error),
        Err(error) => blocked_by = problem(&mut facts, error),
    }
    report.found(Area::Credentials, Part::Credentials(facts));
    let credential = chosen.as_ref().map(|chosen| &chosen.credential);
    let settings = settings::look(system, &Places::of(system, None));
    let (endpoint, address) = endpoint::decide(&system.environment, &settings, credential);
    let shown = endpoint.clone();
    report.found(Area::Endpoint, Part::Endpoint(endpoint));
    let deadline = trial::deadline(request);
    let sources = read.as_ref().ok().filter(|_| !request.profiles.is_empty());
    let used = [credential.and_then(|c| c.profile.as_deref()), aws.stored()];
    std::thread::scope(|scope| {
        if request.areas.contains(&Area::Bedrock) {
            scope.spawn(|| {
                report.found(
                    Area::Bedrock,
                    Part::Bedrock(bedrock::ask(system, request, deadline, &aws)),
                );
            });
        }
        if request.areas.contains(&Area::Probe) {
            let pinned = sources.map(|sources| {
                scope.spawn(|| pinned::ask(system, request, sources, &used, deadline))
            });
            let to = (&shown, address);
            let mut probe = trial::run(system, request, deadline, chosen.as_ref(), blocked_by, to);
            probe.pinned = pinned
                .and_then(|asked| asked.join().ok())
                .unwrap_or_default();
            report.found(Area::Probe, Part::Probe(probe));
        }
    });
}

/// Notes why nothing could be chosen, and gives the check that reports it.
fn problem(facts: &mut Credentials, error: &Error) -> &'static str {
    facts.problem = Some(error.to_string());
    culprit(error)
}

/// What was chosen among the sources.
struct Choice {
    sources: Vec<Source>,
    profiles: Vec<StoredProfile>,
    misnamed: Vec<Misnamed>,
    chosen: Option<Chosen>,
}

/// Everything that a credential can come from; without a home there is still the environment.
/// `home` is that of `--home`.
///
/// # Errors
/// As [`Sources::read`].
pub fn sources(system: &System, home: Option<&Path>, agent: &Name) -> Result<Sources> {
    match store::Home::locate(home, &system.environment) {
        Ok(home) => Sources::read(system, &home, agent),
        Err(_) => Ok(Sources {
            agent: agent.clone(),
            own: None,
            inherited: None,
            config: store::config::Config::default(),
            env_file: crate::document::dotenv::DotEnv::default(),
            environment: system.environment.clone(),
            reach: None,
            login_shell: indexmap::IndexMap::new(),
            gaps: Vec::new(),
            usage: store::Usage::default(),
        }),
    }
}

fn choose(
    system: &System,
    request: &Request,
    sources: &Sources,
    asked: Option<&Candidate>,
) -> Result<Choice> {
    let pin = pin(system)?;
    let now = system.clock.now().as_millisecond();
    let mut selection = select::select(sources, PROVIDER, pin.as_ref(), now)?;
    logins::look(system, &mut selection, system.clock.now());
    if request.areas.contains(&Area::Probe) {
        selection.ask(system, sources, now);
    }
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
    let chosen = winner.map(|candidate| Chosen::of(candidate, trial::model(sources)));
    Ok(Choice {
        sources: found,
        profiles: stored::profiles(system, sources, &selection, asked),
        misnamed: stored::orders(sources),
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
                // A start-up file exports it, as it does for every program of that shell.
                sources::Place::Process | sources::Place::LoginShell => Place::Variable { name },
                sources::Place::EnvFile => Place::EnvFile { name },
                sources::Place::Config => Place::ConfigVars { name },
            }
        }
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
