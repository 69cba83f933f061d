//! What commands that save a credential share: the lines for background services, the commit, and
//! what is said afterwards.

use std::path::PathBuf;

use serde_json::json;

use super::Context;
use crate::command::ask;
use crate::command::{quoted, verify};
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::provider::registry::{Provider, VariableKind};
use crate::provider::{Outcome as Tried, Verdict, words};
use crate::sandbox;
use crate::store::save::{self, Outcome, Replace, Saved};
use crate::store::{Credential, Home, Name, Profile, ProfileId, SecretSource, env_files};
use crate::system::files::Entry;
use crate::ui::escape;
use crate::ui::receipt::Verification;

/// A credential that is to be saved.
pub struct New<'a> {
    pub home: &'a Home,
    pub agent: &'a Name,
    pub id: &'a ProfileId,
    pub profile: Profile,
    /// It is tried first.
    pub verify: bool,
    /// What a trial that fails calls it; `None` where it says nothing of saving.
    pub noun: Option<&'static str>,
    pub replace: Replace,
    /// `.env` files that get a managed line.
    pub env_files: &'a [PathBuf],
}

/// What saving came to.
pub struct Done {
    pub saved: Saved,
    /// `None` where nothing was tried.
    pub verdict: Option<Verdict>,
}

/// Tries a credential where that was asked for, and saves it, in one commit with its lines.
///
/// # Errors
/// `Rejected` or `Unreachable` from the trial; `Conflict` where another credential is there and may
/// not be replaced; those of writing.
pub fn save(new: &New<'_>, context: &Context<'_>) -> Result<Done> {
    let New {
        home, agent, id, ..
    } = new;
    let mut profile = new.profile.clone();
    if let Some(SecretSource::Stored(secret)) = profile.secret() {
        sandbox::admit(context.system, secret)?;
    }
    let mut verdict = None;
    if new.verify {
        let tried = verify::profile(&profile, context);
        verdict = Some(tried.map_err(|error| not_saved(error, new.noun))?);
        profile.verified_at = Some(context.system.clock.now().as_millisecond());
    }
    let replace = consent(new, context)?;
    let variable = crate::provider::registry::find(id.provider()).and_then(variable);
    let label = format!("save {id}");
    let (outcome, receipt) = save::edit(context.system, home, agent, &label, |edit| {
        let outcome = edit.put((*id).clone(), profile, replace)?;
        for path in new.env_files {
            if let Some(name) = variable {
                edit.write_line(context.system, path.clone(), name, id)?;
            }
        }
        Ok(outcome)
    })?;
    if let Some(verdict) = &verdict
        && verdict.outcome() == Tried::Limited
    {
        context.ui.warn(&escape::line(&words::of(verdict).summary));
    }
    Ok(Done {
        saved: Saved { outcome, receipt },
        verdict,
    })
}

fn not_saved(error: Error, noun: Option<&str>) -> Error {
    let Some(noun) = noun else {
        return error;
    };
    let message = format!("the {noun} was not saved: {}", error.message());
    let told =
        Error::new(error.kind(), message).request_id(error.request_id_text().map(str::to_owned));
    match error.hint_text() {
        Some(hint) => told.hint(hint),
        None => told,
    }
}

/// Saves a credential as [`save`], and reports.
///
/// # Errors
/// As [`save`].
pub fn put(new: &New<'_>, context: &Context<'_>) -> Result<Exit> {
    let done = save(new, context)?;
    let Saved { outcome, receipt } = &done.saved;
    let New {
        home,
        agent,
        id,
        profile: shown,
        ..
    } = new;
    let paths: Vec<String> = receipt
        .paths
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    if context.ui.json {
        let expires = shown
            .expires()
            .and_then(|end| jiff::Timestamp::from_millisecond(end).ok());
        context.ui.document(&json!({
            "schemaVersion": 1,
            "outcome": outcome.id(),
            "agent": agent.as_str(),
            "profile": id.as_str(),
            "provider": shown.provider,
            "type": shown.credential.kind(),
            "masked": masked(shown),
            "expiresAt": expires.map(|end| end.to_string()),
            "baseUrl": shown.base_url,
            "path": home.store(agent).display().to_string(),
            "files": paths,
            "transaction": receipt.transaction,
            "verification": Verification::of(done.verdict.as_ref()),
        }))?;
    } else {
        tell(new, &done, &paths, context);
    }
    Ok(Exit::Done)
}

/// A person may say now that what is there is replaced.
///
/// # Errors
/// `Conflict` for a no, `Interrupted` when the question is left; those of reading the store.
fn consent(new: &New<'_>, context: &Context<'_>) -> Result<Replace> {
    let New { id, replace, .. } = *new;
    if replace == Replace::Allow || !ask::is_attended(context) {
        return Ok(replace);
    }
    let held = crate::store::load(context.system, new.home, new.agent)?.unwrap_or_default();
    let differs = held
        .get(id)
        .is_some_and(|held| !save::is_same(held, &new.profile));
    if !differs {
        return Ok(replace);
    }
    let question = format!("{id} holds another credential. Replace it?");
    if ask::confirm(context, &question)? {
        return Ok(Replace::Allow);
    }
    Err(Error::new(
        Kind::Conflict,
        format!("{id} was not replaced; nothing was changed"),
    ))
}

fn tell(new: &New<'_>, done: &Done, paths: &[String], context: &Context<'_>) {
    let (ui, id, outcome) = (context.ui, new.id, done.saved.outcome);
    let masked = masked(&new.profile).unwrap_or_default();
    let tried = match done.verdict.as_ref().map(Verdict::outcome) {
        Some(Tried::Limited) => "it is accepted, and limited now",
        Some(_) => "it works",
        None => "not verified",
    };
    ui.say(&match outcome {
        Outcome::Added => format!("Saved {id}: {masked}, {tried}."),
        Outcome::Replaced => {
            format!("Replaced {id}: {masked}, {tried}. `keywright undo` brings the old one back.")
        }
        Outcome::Same if paths.is_empty() => {
            format!("{id} holds this credential already: nothing was changed.")
        }
        Outcome::Same => format!("{id} holds this credential already."),
    });
    let store = new.home.store(new.agent).display().to_string();
    for path in paths {
        let what = if *path == store {
            ""
        } else {
            ", for background services"
        };
        ui.say(&format!("  {}{what}", escape::line(path)));
    }
    if done.verdict.is_none() && outcome != Outcome::Same {
        let id = quoted(id.as_str());
        ui.say(&format!(
            "`keywright models status --probe --probe-profile {id}` tries it."
        ));
    }
}

fn masked(profile: &Profile) -> Option<String> {
    match (profile.secret(), &profile.credential) {
        (Some(SecretSource::Stored(secret)), _) => Some(secret.mask()),
        (_, Credential::Login { config_dir, .. }) => config_dir.clone(),
        _ => None,
    }
}

/// The variable that carries a provider's one key.
fn variable(provider: &'static Provider) -> Option<&'static str> {
    let mut variables = provider.variables.iter();
    let found = variables.find(|variable| variable.kind == VariableKind::ApiKey);
    found.map(|variable| variable.name)
}

/// The `.env` files that a key is also written to: those that were named, else those of other
/// programs' services that a person agrees to.
///
/// # Errors
/// `NotFound` for a program that is not here; `Usage` for a provider without a variable.
pub fn env_files(
    named: &[String],
    provider: Option<&'static Provider>,
    context: &Context<'_>,
) -> Result<Vec<PathBuf>> {
    let services = env_files::of_services(&context.system.environment);
    let mut found = Vec::new();
    for whose in named {
        let path = match (whose.as_str(), services.as_slice()) {
            ("openclaw", [path, _]) | ("clawdbot", [_, path]) => path.clone(),
            _ => context.home()?.env_file(),
        };
        let folder = path
            .parent()
            .map(|folder| context.system.files.followed_entry(folder));
        let there = folder.transpose()?.flatten().is_some();
        if whose != "keywright" && !there {
            let message = format!("{whose} has no folder here to keep a .env in");
            return Err(Error::new(Kind::NotFound, message).path(path));
        }
        found.push(path);
    }
    if !named.is_empty() && provider.and_then(variable).is_none() {
        return Err(Error::usage("no variable carries a key of this provider")
            .hint("leave --write-env out."));
    }
    let Some(name) = provider.and_then(variable) else {
        return Ok(found);
    };
    if !named.is_empty() || !ask::is_attended(context) {
        return Ok(found);
    }
    for path in services {
        let entry: Option<Entry> = context.system.files.followed_entry(&path)?;
        if entry.is_none() {
            continue;
        }
        let question = format!(
            "Also keep {name} in {} up to date, for the service that reads it?",
            escape::line(&path.display().to_string())
        );
        if ask::confirm(context, &question)? {
            found.push(path);
        }
    }
    Ok(found)
}
