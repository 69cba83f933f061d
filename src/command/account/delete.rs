//! `account delete` and `account delete-api-key`: they ask first, and touch that account alone.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{Place, no_key, not_found, provider};
use crate::cli::account::{Delete, DeleteApiKey};
use crate::command::{Context, ask};
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::store::account::{self, Member};
use crate::store::save::{self, Purge, Removed};
use crate::store::{self, Credential, MAIN, Name, ProfileId};
use crate::system::files::EntryKind;
use crate::ui::escape;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Deleted<'a> {
    schema_version: u32,
    agent: &'a str,
    account: &'a str,
    profiles: Vec<&'a str>,
    /// It was the active account, and no account is active now.
    was_active: bool,
    /// The Claude Code folder of its own that was removed.
    claude_folder: Option<String>,
    transaction: Option<String>,
}

/// Removes one key of an account.
pub fn key(arguments: &DeleteApiKey, context: &Context<'_>) -> Result<Exit> {
    let name = Name::parse(&arguments.account)?;
    let place = Place::read(context)?;
    let provider = provider(&arguments.provider, &place.sources)?;
    let missing = || no_key(&name, &provider, context);
    let account = account::find(&place.sources, &name).ok_or_else(missing)?;
    let member = account.key(&provider).ok_or_else(missing)?;
    let ids = own(&place, &[member], context)?;
    let question = format!("Delete the {provider} API key of the account {name}?");
    if !ask::confirm_unless(context, arguments.force, &question)? {
        kept(context);
        return Ok(Exit::Done);
    }
    let removed = save::remove(context.system, &place.home, &place.agent, &ids, Purge::Keep)?;
    let text = format!("Deleted {provider} API key from account: {name}\n");
    report(&place, &name, (&ids, &removed, None), &text, context)
}

/// Removes every profile of an account; its own Claude Code folder only when that was asked for.
pub fn account(arguments: &Delete, context: &Context<'_>) -> Result<Exit> {
    let name = Name::parse(&arguments.account)?;
    let place = Place::read(context)?;
    let folder = own_folder(&place, &name, context)?;
    if let (true, Some(folder)) = (arguments.claude_login, &folder)
        && let Some(other) = others(&place, &name, folder, context)?
    {
        let message = format!("the Claude Code folder of `{name}` is the login of {other} too");
        let line = context.command_line(&format!("account delete {name}"));
        let hint = format!("Nothing was removed. To keep the folder: {line}");
        return Err(Error::new(Kind::Conflict, message).hint(hint));
    }
    let account = account::find(&place.sources, &name);
    let members = account.map(|account| account.members).unwrap_or_default();
    let with_folder = arguments.claude_login && folder.is_some();
    if members.is_empty() && !with_folder {
        return Err(not_found(&name, context));
    }
    // The folder may be all that is left of an account that is otherwise inherited.
    let ids = match own(&place, &members, context) {
        Err(_) if with_folder => Vec::new(),
        ids => ids?,
    };
    if !ask::confirm_unless(
        context,
        arguments.force,
        &question(&name, &ids, with_folder),
    )? {
        kept(context);
        return Ok(Exit::Done);
    }
    let removed = if ids.is_empty() {
        None
    } else {
        let (system, home) = (context.system, &place.home);
        Some(save::remove(system, home, &place.agent, &ids, Purge::Keep)?)
    };
    let gone = folder.clone().filter(|_| with_folder);
    if let Some(folder) = &gone {
        context.system.files.remove_folder(folder)?;
    }
    let text = format!("Deleted account: {name}\n");
    let receipt = removed.unwrap_or_else(nothing);
    let exit = report(&place, &name, (&ids, &receipt, gone), &text, context)?;
    if !ids.is_empty() && inherits(&place, &name) {
        context.ui.say(&format!(
            "The agent main has an account {name} too, and it is inherited."
        ));
    }
    let unused = |folder: &PathBuf| matches!(others(&place, &name, folder, context), Ok(None));
    if let Some(folder) = folder.filter(|folder| !with_folder && unused(folder)) {
        let line = context.command_line(&format!("account delete {name} --claude-login"));
        let folder = escape::line(&folder.display().to_string()).into_owned();
        context.ui.say(&format!(
            "Its Claude Code folder stays: {folder}. Remove it too with: {line}"
        ));
    }
    Ok(exit)
}

fn question(name: &Name, ids: &[ProfileId], with_folder: bool) -> String {
    let ids: Vec<&str> = ids.iter().map(ProfileId::as_str).collect();
    let folder = if with_folder {
        "its Claude Code folder with the login, settings and sessions in it"
    } else {
        ""
    };
    let both = if ids.is_empty() || folder.is_empty() {
        ""
    } else {
        " and "
    };
    format!(
        "Delete the account {name}: {}{both}{folder}?",
        ids.join(", ")
    )
}

const fn nothing() -> Removed {
    Removed {
        receipt: crate::store::Receipt {
            transaction: None,
            paths: Vec::new(),
        },
        ended_account: None,
    }
}

/// The ids, all of them the agent's own.
fn own(place: &Place, members: &[Member<'_>], context: &Context<'_>) -> Result<Vec<ProfileId>> {
    let own = members.iter().filter(|member| !member.inherited);
    let ids: Vec<ProfileId> = own.map(|member| member.id.clone()).collect();
    if ids.is_empty() {
        let agent = &place.agent;
        let message =
            format!("the agent {agent} has none of this: it is inherited from the agent main");
        let of_main = context.command_line_of(MAIN, "account list");
        return Err(Error::new(Kind::NotFound, message).hint(of_main));
    }
    Ok(ids)
}

/// The Claude Code folder that `account new` made.
fn own_folder(place: &Place, name: &Name, context: &Context<'_>) -> Result<Option<PathBuf>> {
    let folder = place.home.account_login(name);
    let entry = context.system.files.entry(&folder)?;
    Ok(entry
        .filter(|entry| entry.kind == EntryKind::Folder)
        .map(|_| folder))
}

/// Credentials of that name are there for every agent that has none of its own.
fn inherits(place: &Place, name: &Name) -> bool {
    let mut stores = place.sources.inherited.iter();
    stores.any(|main| main.profiles.keys().any(|id| id.name() == name.as_str()))
}

/// Another account, or another agent's, that signs in with this folder.
fn others(
    place: &Place,
    name: &Name,
    folder: &Path,
    context: &Context<'_>,
) -> Result<Option<String>> {
    let folder = folder.to_str();
    for agent in store::agents(context.system, &place.home)? {
        let here = agent == place.agent;
        let held = store::load(context.system, &place.home, &agent)?.unwrap_or_default();
        let found = held.profiles.iter().find(|(id, profile)| {
            let Credential::Login { config_dir, .. } = &profile.credential else {
                return false;
            };
            let goes = here && id.name() == name.as_str();
            !goes && config_dir.as_deref() == folder
        });
        if let Some((id, _)) = found {
            return Ok(Some(format!("{id} of the agent {agent}")));
        }
    }
    Ok(None)
}

fn kept(context: &Context<'_>) {
    context.ui.say("Deletion cancelled. Nothing was changed.");
}

fn report(
    place: &Place,
    name: &Name,
    (ids, removed, folder): (&[ProfileId], &Removed, Option<PathBuf>),
    text: &str,
    context: &Context<'_>,
) -> Result<Exit> {
    if context.ui.json {
        context.ui.document(&Deleted {
            schema_version: 1,
            agent: place.agent.as_str(),
            account: name.as_str(),
            profiles: ids.iter().map(ProfileId::as_str).collect(),
            was_active: removed.ended_account.is_some(),
            claude_folder: folder.map(|folder| folder.display().to_string()),
            transaction: removed.receipt.transaction.clone(),
        })?;
        return Ok(Exit::Done);
    }
    context.ui.data(text)?;
    if removed.ended_account.is_some() {
        context
            .ui
            .say("It was the active account; none is active now.");
    }
    if removed.receipt.transaction.is_some() {
        context.ui.say(if folder.is_some() {
            "`keywright undo` brings its credentials back, but not the Claude Code folder."
        } else {
            "`keywright undo` brings it back; `keywright history prune --all` forgets the secret for good."
        });
    }
    Ok(Exit::Done)
}
