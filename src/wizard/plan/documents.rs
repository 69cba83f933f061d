//! What effects make of the configuration and of the `.env` file.

use std::borrow::Cow;

use serde_json::Value;
use zeroize::Zeroizing;

use super::{Effect, Line, Outcome, Target, TargetState, line, shown};
use crate::document::dotenv::DotEnv;
use crate::document::json5::Json5;
use crate::error::Result;
use crate::store::config::forms;
use crate::store::{ProfileId, SecretSource};

/// Where the default model stands in the configuration.
const DEFAULT_MODEL: &str = "agents.defaults.model.primary";

pub(super) fn config(effects: &[Effect], state: &TargetState) -> Result<Outcome> {
    let text = state.text.as_ref().map_or("", |text| text.as_str());
    let settings = effects.iter().filter_map(setting);
    if settings.clone().next().is_none() {
        // A mistake in a file that is not needed is not in the way.
        return Ok(Outcome {
            lines: Vec::new(),
            bytes: Zeroizing::new(text.as_bytes().to_vec()),
        });
    }
    let mut document = Json5::parse(text).map_err(|problem| problem.into_error(&state.path))?;
    let rewritten = forms::modernise(&mut document)?;
    let mut lines = Vec::new();
    for (path, value) in settings {
        let keys: Vec<&str> = path.split('.').collect();
        let before = document.get(&keys).map(plain);
        if let Some(changed) = line(path.as_ref(), before, Some(plain(value.clone()))) {
            document.set(&keys, &value)?;
            lines.push(changed);
        }
    }
    if !lines.is_empty() {
        let old = || Some("Clawdbot's form".to_owned());
        let usual = || Some("the usual form".to_owned());
        let rewritten = rewritten.into_iter();
        lines.extend(rewritten.filter_map(|key| line(key, old(), usual())));
    }
    Ok(Outcome {
        lines,
        bytes: document.render(),
    })
}

/// A value as a line of a plan shows it.
fn plain(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

/// The setting that an effect is about, and its value.
fn setting(effect: &Effect) -> Option<(Cow<'_, str>, Value)> {
    match effect {
        Effect::SetDefault { model } => Some((DEFAULT_MODEL.into(), Value::from(model.as_str()))),
        Effect::EditDocument {
            target: Target::Config,
            path,
            value,
        } => Some((path.into(), Value::from(value.as_str()))),
        Effect::NameProvider { name, entry } => {
            Some((format!("secrets.providers.{name}").into(), entry.clone()))
        }
        _ => None,
    }
}

/// Lines are written there by who names that file; here they only follow their profiles.
pub(super) fn service_file(effects: &[Effect], state: &TargetState) -> Result<Outcome> {
    let writes = |effect: &&Effect| !matches!(effect, Effect::WriteEnv { .. });
    let followed: Vec<Effect> = effects.iter().filter(writes).cloned().collect();
    env_file(&followed, state)
}

pub(super) fn env_file(effects: &[Effect], state: &TargetState) -> Result<Outcome> {
    let text = state.text.as_ref().map_or("", |text| text.as_str());
    let mut file = DotEnv::parse(text);
    let mut lines = Vec::new();
    for effect in effects {
        match effect {
            Effect::WriteEnv {
                name,
                value,
                profile,
            } => {
                let managed = file
                    .managed()
                    .any(|(n, p, held)| n == name && p == profile.as_str() && held == value);
                if !managed {
                    let before = file.get(name).map(shown);
                    file.set_managed(name, value, profile.as_str())?;
                    let after = format!("{}, managed as {profile}", shown(value));
                    lines.extend(line(name, before, Some(after)));
                }
            }
            // A managed line follows its profile.
            Effect::PutCredential {
                profile,
                credential,
                ..
            } => lines.extend(follow(&mut file, profile, credential.secret())?),
            Effect::RemoveCredential { profile } => {
                lines.extend(follow(&mut file, profile, None)?);
            }
            _ => {}
        }
    }
    Ok(Outcome {
        lines: joined(lines),
        bytes: file.render(),
    })
}

fn follow(
    file: &mut DotEnv,
    profile: &ProfileId,
    secret: Option<&SecretSource>,
) -> Result<Vec<Line>> {
    let secret = match secret {
        Some(SecretSource::Stored(secret)) => Some(secret),
        _ => None,
    };
    let followed = file.follow(profile.as_str(), secret, |_| true)?;
    let lines = followed.iter();
    Ok(lines
        .filter_map(|(name, before)| line(name, Some(shown(before)), secret.map(shown)))
        .collect())
}

/// One line per variable: what it was first and what it is last.
fn joined(lines: Vec<Line>) -> Vec<Line> {
    let mut joined: Vec<Line> = Vec::new();
    for next in lines {
        match joined.iter_mut().find(|line| line.key == next.key) {
            Some(line) => line.after = next.after,
            None => joined.push(next),
        }
    }
    joined
}
