//! What commands that save a credential share: the lines for background services, the commit, and
//! what is said afterwards.

use std::path::PathBuf;

use serde_json::json;

use super::Context;
use crate::command::ask;
use crate::command::quoted;
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::provider::registry::{Provider, VariableKind};
use crate::provider::{Outcome as Tried, Verdict, words};
use crate::store::save::{self, Outcome, Replace};
use crate::store::{Credential, Home, Name, Profile, ProfileId, SecretSource, env_files};
use crate::system::files::Entry;
use crate::ui::escape;
use crate::ui::receipt::Verification;

/// What the report of a saved credential needs beside it.
pub struct Report<'a> {
    pub home: &'a Home,
    pub agent: &'a Name,
    /// `None` where nothing was tried.
    pub verdict: Option<&'a Verdict>,
    /// `.env` files that get a managed line.
    pub env_files: &'a [PathBuf],
}

/// Saves a profile, in one commit with its lines, and reports.
///
/// # Errors
/// `Conflict` where another credential is there and may not be replaced; those of writing.
pub fn put(
    report: &Report<'_>,
    id: &ProfileId,
    profile: Profile,
    replace: Replace,
    context: &Context<'_>,
) -> Result<Exit> {
    let (home, agent) = (report.home, report.agent);
    let replace = consent(report, id, &profile, replace, context)?;
    let label = format!("models auth: save {id}");
    let shown = profile.clone();
    let variable = crate::provider::registry::find(id.provider()).and_then(variable);
    let (outcome, receipt) = save::edit(context.system, home, agent, &label, |edit| {
        let outcome = edit.put(id.clone(), profile, replace)?;
        for path in report.env_files {
            if let Some(name) = variable {
                edit.write_line(context.system, path.clone(), name, id)?;
            }
        }
        Ok(outcome)
    })?;
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
            "masked": masked(&shown),
            "expiresAt": expires.map(|end| end.to_string()),
            "baseUrl": shown.base_url,
            "path": home.store(agent).display().to_string(),
            "files": paths,
            "transaction": receipt.transaction,
            "verification": Verification::of(report.verdict),
        }))?;
    } else {
        tell(report, id, &shown, outcome, &paths, context);
    }
    if let Some(verdict) = report.verdict
        && verdict.outcome() == Tried::Limited
    {
        context.ui.warn(&escape::line(&words::of(verdict).summary));
    }
    Ok(Exit::Done)
}

/// A person may say now that what is there is replaced.
///
/// # Errors
/// `Conflict` for a no, `Interrupted` when the question is left; those of reading the store.
pub fn consent(
    report: &Report<'_>,
    id: &ProfileId,
    profile: &Profile,
    replace: Replace,
    context: &Context<'_>,
) -> Result<Replace> {
    if replace == Replace::Allow || !ask::is_attended(context) {
        return Ok(replace);
    }
    let held = crate::store::load(context.system, report.home, report.agent)?.unwrap_or_default();
    let differs = held
        .get(id)
        .is_some_and(|held| !save::is_same(held, profile));
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

fn tell(
    report: &Report<'_>,
    id: &ProfileId,
    profile: &Profile,
    outcome: Outcome,
    paths: &[String],
    context: &Context<'_>,
) {
    let ui = context.ui;
    let masked = masked(profile).unwrap_or_default();
    let tried = match report.verdict {
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
    let store = report.home.store(report.agent).display().to_string();
    for path in paths {
        let what = if *path == store {
            ""
        } else {
            ", for background services"
        };
        ui.say(&format!("  {}{what}", escape::line(path)));
    }
    if report.verdict.is_none() && outcome != Outcome::Same {
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
