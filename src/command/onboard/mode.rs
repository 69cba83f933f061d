//! `--reauth` and `--reconfigure`: a run that begins with a profile that exists.

use std::path::Path;

use crate::cli::onboard::Onboard;
use crate::command::quoted;
use crate::consumer::claude_code::places::Places;
use crate::error::{Error, Kind, Result};
use crate::store::{Credential, Profile, ProfileId, Profiles, SecretSource};
use crate::system::System;
use crate::variables;
use crate::wizard::engine::{Mode, Opening, Source, Value};

/// The flow that sets up such a profile, and how its run begins; `None` for a run that begins with
/// nothing.
///
/// # Errors
/// `NotFound` for a profile that does not exist, `Config` for one that no flow sets up, `Usage` for
/// a login that is not the one of this environment.
pub fn opening(
    system: &System,
    arguments: &Onboard,
    profiles: &Profiles,
) -> Result<Option<(&'static str, Opening)>> {
    let own = &arguments.own;
    let (text, renews) = match (&own.reauth, &own.reconfigure) {
        (Some(id), _) => (id, true),
        (None, Some(id)) => (id, false),
        (None, None) => return Ok(None),
    };
    let id = ProfileId::parse(text)?;
    let profile = profiles.get(&id).ok_or_else(|| missing(&id, profiles))?;
    let flow = flow_of(&id, &profile.credential)?;
    if let Credential::Login {
        config_dir: Some(folder),
        ..
    } = &profile.credential
    {
        is_here(system, Path::new(folder), &id, renews)?;
    }
    let mut answers = told(&id, profile, renews);
    if renews {
        // What is renewed is asked for; everything else stays as it is.
        answers.retain(|(_, value)| value.as_secret().is_none());
    }
    let stored = |(name, value): (&str, Value)| (name.to_owned(), value, Source::Stored);
    let mode = if renews {
        Mode::Reauth(id)
    } else {
        Mode::Reconfigure(id)
    };
    let answers = answers.into_iter().map(stored).collect();
    Ok(Some((flow, Opening { mode, answers })))
}

fn missing(id: &ProfileId, profiles: &Profiles) -> Error {
    let known: Vec<&str> = profiles.profiles.keys().map(ProfileId::as_str).collect();
    let hint = if known.is_empty() {
        "No profile is saved yet: `keywright onboard` saves one.".to_owned()
    } else {
        format!("There is {}.", known.join(", "))
    };
    Error::new(Kind::NotFound, format!("there is no profile {id}")).hint(hint)
}

fn flow_of(id: &ProfileId, credential: &Credential) -> Result<&'static str> {
    match credential {
        Credential::ApiKey { .. } if id.provider() == "anthropic" => Ok("api-key"),
        Credential::Token { .. } if id.provider() == "anthropic" => Ok("setup-token"),
        Credential::Login { .. } => Ok("claude-cli"),
        Credential::Aws { .. } => Ok("bedrock"),
        _ => Err(
            Error::new(Kind::Config, format!("no flow sets up a profile like {id}"))
                .hint("`keywright flow list` lists the flows."),
        ),
    }
}

/// Signing in happens in the folder of this environment: it must be the one that the profile is
/// for, or another login would take its place.
fn is_here(system: &System, folder: &Path, id: &ProfileId, renews: bool) -> Result<()> {
    let (here, held) = (Places::of(system, None), Places::of(system, Some(folder)));
    if here.config_dir == held.config_dir {
        return Ok(());
    }
    let message = format!(
        "{id} is the login in {}, and Claude Code uses {} here",
        held.config_dir.display(),
        here.config_dir.display()
    );
    let environment = match held.variable() {
        Some(folder) => {
            let folder = folder.display().to_string();
            format!("{}={}", variables::CLAUDE_CONFIG_DIR, quoted(&folder))
        }
        None => format!("-u {}", variables::CLAUDE_CONFIG_DIR),
    };
    let mode = if renews { "--reauth" } else { "--reconfigure" };
    let hint = format!("`env {environment} keywright onboard {mode} {id}`.");
    Err(Error::usage(message).hint(hint))
}

/// The answers that the profile holds, by the variables of its flow.
fn told(id: &ProfileId, profile: &Profile, renews: bool) -> Vec<(&'static str, Value)> {
    let mut told = vec![("profile", Value::text(id.name()))];
    let secret = |source: &SecretSource| match source {
        SecretSource::Stored(secret) => Some(Value::Secret(secret.clone())),
        SecretSource::Reference(_) | SecretSource::Absent => None,
    };
    match &profile.credential {
        Credential::ApiKey { key } => {
            told.extend(secret(key).map(|key| ("key", key)));
            let url = profile.base_url.clone();
            told.extend(url.map(|url| ("base_url", Value::Text(url))));
        }
        Credential::Token { token, .. } => {
            told.extend(secret(token).map(|token| ("token", token)));
        }
        Credential::Aws(access) => {
            let mut text = |name, value: Option<&String>| {
                told.extend(value.map(|value| (name, Value::text(value.as_str()))));
            };
            text("region", access.region.as_ref());
            text("model", access.model.as_ref());
            text("aws_profile", access.profile.as_ref());
            told.extend(access.method.map(|m| ("method", Value::text(m.id()))));
            told.extend(secret(&access.secret_access_key).map(|key| ("secret_key", key)));
            told.extend(secret(&access.bearer_token).map(|key| ("bearer", key)));
            let session = access.session_token.clone().map(Value::Secret);
            told.extend(session.map(|token| ("session_token", token)));
            if !renews {
                // A new secret comes with a new id.
                let id = access.access_key_id.as_ref();
                told.extend(id.map(|id| ("access_key_id", Value::text(id.as_str()))));
            }
        }
        Credential::Login { .. } | Credential::Unknown { .. } => {}
    }
    told.push(("on_existing", Value::text("replace")));
    told
}
