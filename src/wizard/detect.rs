//! The wizard's detectors: what this machine has already. They read, and they write nothing; what
//! they find is never a secret's text, except for the environment's own key, which stays wrapped.

use std::path::PathBuf;

use crate::error::Result;
use crate::provider::anthropic;
use crate::provider::anthropic::endpoint::Endpoint;
use crate::provider::registry::VariableKind;
use crate::secret::Secret;
use crate::store::{self, Credential, Home, Name, ProfileId, SecretSource};
use crate::system::System;
use crate::variables;
use crate::wizard::catalog::Input;
use crate::wizard::engine::{Detection, Given, Value};

/// Where detectors look.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    pub system: &'a System,
    pub home: &'a Home,
    pub agent: &'a Name,
}

/// Runs one detector.
///
/// # Errors
/// What reading our own files says; other programs' files that cannot be read count as absent.
pub fn detect(place: Place<'_>, detection: &Detection) -> Result<Vec<(String, Value)>> {
    match detection.what.id {
        "machine" => machine(place),
        "environment-key" => Ok(environment_key(place.system)),
        "profile" => profile(place, &detection.given),
        "defaults" => defaults(place),
        _ => Ok(Vec::new()),
    }
}

fn named(name: &str, value: Value) -> (String, Value) {
    (name.to_owned(), value)
}

fn machine(place: Place<'_>) -> Result<Vec<(String, Value)>> {
    let system = place.system;
    let profiles = store::read(system, place.home, place.agent)?.profiles;
    let ids: Vec<String> = profiles.profiles.keys().map(ToString::to_string).collect();
    let key = find_environment_key(system);
    let mut found = Vec::new();
    if let Some((name, _)) = &key {
        found.push(format!("An Anthropic API key in {name}."));
    }
    if !ids.is_empty() {
        found.push(format!("Saved by keywright: {}.", ids.join(", ")));
    }
    let mut facts = vec![
        named("has_environment_key", Value::yes_no(key.is_some())),
        named("has_profiles", Value::yes_no(!ids.is_empty())),
    ];
    for (fact, sentence, paths) in traces(system) {
        let there = paths
            .iter()
            .any(|path| matches!(system.files.followed_entry(path), Ok(Some(_))));
        if there {
            found.push(sentence.to_owned());
        }
        facts.push(named(fact, Value::yes_no(there)));
    }
    facts.push(named("found", Value::List(found)));
    Ok(facts)
}

/// What other programs leave behind where they keep credentials.
fn traces(system: &System) -> [(&'static str, &'static str, Vec<PathBuf>); 5] {
    let environment = &system.environment;
    let home = environment.home();
    let below = |path: &str| -> Vec<PathBuf> { home.iter().map(|home| home.join(path)).collect() };
    let claude = environment.path(variables::CLAUDE_CONFIG_DIR).map_or_else(
        || below(".claude/.credentials.json"),
        |folder| vec![folder.join(".credentials.json")],
    );
    let mut aws = below(".aws/credentials");
    aws.extend(below(".aws/config"));
    [
        ("has_claude_login", "A Claude Code login.", claude),
        ("has_aws_profile", "AWS profiles.", aws),
        (
            "has_openclaw",
            "OpenClaw.",
            below(".openclaw/openclaw.json"),
        ),
        (
            "has_clawdbot",
            "Clawdbot.",
            below(".clawdbot/clawdbot.json"),
        ),
        ("has_cuti", "cuti.", below(".cuti")),
    ]
}

fn environment_key(system: &System) -> Vec<(String, Value)> {
    let mut facts = Vec::new();
    if let Some((name, secret)) = find_environment_key(system) {
        facts.push(named("environment_key", Value::Secret(secret)));
        facts.push(named("environment_key_place", Value::Text(name)));
    }
    let variable = anthropic::PROVIDER.base_url_variable;
    let endpoint = system
        .environment
        .get(variable)
        .and_then(|text| Endpoint::parse(text).ok())
        .unwrap_or_else(Endpoint::anthropic);
    let foreign = !endpoint.is_own() && !endpoint.is_loopback();
    facts.push(named("base_url_here", Value::Text(endpoint.to_string())));
    facts.push(named("foreign_base_url", Value::yes_no(foreign)));
    facts
}

/// The first variable that holds a key, in the order in which programs look. A value that cannot
/// be a key is not offered: the doctor speaks of it.
fn find_environment_key(system: &System) -> Option<(String, Secret)> {
    let environment = &system.environment;
    let usable = |text: &str| {
        let secret = Secret::new(text.trim());
        let shape = (anthropic::PROVIDER.check)(&secret);
        (!text.trim().is_empty() && shape.refusal().is_none()).then_some(secret)
    };
    for variable in anthropic::PROVIDER.variables {
        let name = variable.name;
        let secret = match variable.kind {
            VariableKind::ApiKeyOverride | VariableKind::ApiKey => {
                environment.get(name).and_then(usable)
            }
            VariableKind::ApiKeyList => environment
                .get(name)
                .and_then(|list| list.split([',', ';']).find_map(usable)),
            VariableKind::ApiKeyPrefix => {
                let mut named = environment
                    .iter()
                    .filter_map(|(name, value)| Some((name.to_str()?, value.to_str()?)));
                let first = named.find_map(|(other, value)| {
                    Some((
                        other.to_owned(),
                        usable(value).filter(|_| other.starts_with(name))?,
                    ))
                });
                if first.is_some() {
                    return first;
                }
                None
            }
            VariableKind::Token => None,
        };
        if let Some(secret) = secret {
            return Some((name.to_owned(), secret));
        }
    }
    None
}

fn profile(place: Place<'_>, given: &Given) -> Result<Vec<(String, Value)>> {
    let profiles = store::read(place.system, place.home, place.agent)?.profiles;
    let provider = anthropic::PROVIDER.id;
    let name = given.text(Input::Profile).unwrap_or("default");
    let id = |name: &str| ProfileId::parse(&format!("{provider}:{name}"));
    let held = profiles.get(&id(name)?).map(|profile| &profile.credential);
    let stored = match held {
        Some(Credential::ApiKey {
            key: SecretSource::Stored(secret),
        }) => Some(secret),
        _ => None,
    };
    let state = match (held, stored) {
        (None, _) => "absent",
        (Some(_), Some(secret)) if Some(secret) == given.secret(Input::Secret) => "same",
        (Some(_), _) => "different",
    };
    let mut free = name.to_owned();
    for number in 2.. {
        if profiles.get(&id(&free)?).is_none() {
            break;
        }
        free = format!("{name}-{number}");
    }
    let holds = stored.map_or_else(|| "none".to_owned(), Secret::mask);
    Ok(vec![
        named("profile_state", Value::text(state)),
        named("profile_holds", Value::Text(holds)),
        named("free_profile", Value::Text(free)),
    ])
}

/// The model that the configuration names as the default.
fn defaults(place: Place<'_>) -> Result<Vec<(String, Value)>> {
    let model = store::config::load(place.system, place.home)?.default_model;
    let known = model.map(|model| named("current_model", Value::Text(model)));
    Ok(known.into_iter().collect())
}
