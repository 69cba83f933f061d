//! `models auth sync`: logins of Claude Code that are saved by reference are looked at again. Their
//! tokens stay where they are; a profile that still holds copies of them, as Clawdbot made them, is
//! turned into a reference.

use std::path::Path;

use serde_json::{Value, json};

use crate::cli::auth::Sync;
use crate::command::Context;
use crate::consumer::claude_code::login::{self, Login};
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::store::profile::CLAUDE_CLI;
use crate::store::save::Replace;
use crate::store::{self, Credential, Profile, ProfileId, save};
use crate::ui::escape;

/// Fields of a copied login; a reference has none of them.
const COPIED: &[&str] = &["access", "refresh", "expires", "token", "key"];

/// Looks at one login or all of them.
///
/// # Errors
/// `NotFound` for a profile that is not there, `Usage` for one that is no login; those of writing.
pub fn run(arguments: &Sync, context: &Context<'_>) -> Result<Exit> {
    let (system, home, agent) = (context.system, context.home()?, context.agent()?);
    let held = store::load(system, &home, &agent)?.unwrap_or_default();
    let named = arguments.id.as_deref().map(ProfileId::parse).transpose()?;
    if let Some(id) = &named {
        save::own(system, &home, &agent, &held, std::slice::from_ref(id))?;
    }
    let mut logins: Vec<(ProfileId, Option<String>, bool)> = Vec::new();
    for (id, profile) in &held.profiles {
        if named.as_ref().is_some_and(|named| named != id) {
            continue;
        }
        if let Credential::Login { config_dir, .. } = &profile.credential {
            logins.push((id.clone(), config_dir.clone(), holds_copies(profile)));
        } else if named.is_some() {
            return Err(
                Error::usage(format!("{id} is no login of Claude Code")).hint(
                    "Only a login is looked at again; every other credential stands in the store.",
                ),
            );
        }
    }
    let copies: Vec<ProfileId> = logins
        .iter()
        .filter(|(_, _, copies)| *copies)
        .map(|(id, ..)| id.clone())
        .collect();
    let transaction = if copies.is_empty() {
        None
    } else {
        let ((), receipt) =
            save::edit(system, &home, &agent, "keep logins by reference", |edit| {
                for id in &copies {
                    if let Some(profile) = edit.profiles.get(id).cloned() {
                        edit.put(id.clone(), reference(profile), Replace::Allow)?;
                        for name in COPIED {
                            if let Some(profile) = edit.profiles.profiles.get_mut(id) {
                                profile.extra.shift_remove(*name);
                            }
                        }
                    }
                }
                Ok(())
            })?;
        receipt.transaction
    };
    let now = system.clock.now();
    let seen: Vec<(ProfileId, Login, bool)> = logins
        .into_iter()
        .map(|(id, folder, copies)| {
            let login = login::look(system, folder.as_deref().map(Path::new), now);
            (id, login, copies)
        })
        .collect();
    tell(&seen, transaction, agent.as_str(), context)?;
    let usable = seen.iter().all(|(_, login, _)| login.standing.is_usable());
    Ok(if usable { Exit::Done } else { Exit::Problem })
}

fn holds_copies(profile: &Profile) -> bool {
    let source = matches!(
        &profile.credential,
        Credential::Login {
            source: Some(_),
            ..
        }
    );
    !source || COPIED.iter().any(|name| profile.extra.contains_key(*name))
}

/// The profile without what was copied into it.
fn reference(mut profile: Profile) -> Profile {
    if let Credential::Login { source, config_dir } = &mut profile.credential {
        source.get_or_insert_with(|| CLAUDE_CLI.to_owned());
        config_dir.get_or_insert_with(|| "~/.claude".to_owned());
    }
    profile
}

fn tell(
    seen: &[(ProfileId, Login, bool)],
    transaction: Option<String>,
    agent: &str,
    context: &Context<'_>,
) -> Result<()> {
    let ui = context.ui;
    if ui.json {
        let logins: Vec<Value> = seen.iter().map(document).collect();
        return ui.document(&json!({
            "schemaVersion": 1,
            "agent": agent,
            "logins": logins,
            "transaction": transaction,
        }));
    }
    if seen.is_empty() {
        ui.say("No login of Claude Code is saved. `keywright onboard --flow claude-cli` saves one, by reference.");
    }
    for (id, login, copies) in seen {
        if *copies {
            ui.say(&format!(
                "{id} held copies of tokens; it is a reference to the login now."
            ));
        }
        let ends = login
            .ends()
            .map_or_else(String::new, |end| format!(", until {end}"));
        let whose = login
            .account
            .as_ref()
            .and_then(|account| account.email.as_deref());
        let whose = whose.map_or_else(String::new, |whose| format!(", {whose}"));
        let plan = login
            .plan
            .as_ref()
            .map_or_else(String::new, |plan| format!(", {plan}"));
        let line = format!(
            "{id}: {}{ends}{plan}{whose} ({})\n",
            login.standing.title(),
            login.config_dir.display()
        );
        ui.data(&format!("{}\n", escape::line(line.trim_end())))?;
        if !login.standing.is_usable() {
            ui.say("Sign in with `claude auth login`; `keywright doctor` says more.");
        }
    }
    Ok(())
}

fn document((id, login, copies): &(ProfileId, Login, bool)) -> Value {
    json!({
        "profile": id.as_str(),
        "configDir": login.config_dir.display().to_string(),
        "standing": login.standing.id(),
        "usable": login.standing.is_usable(),
        "plan": login.plan,
        "email": login.account.as_ref().and_then(|account| account.email.clone()),
        "expiresAt": login.ends().map(|end| end.to_string()),
        "madeReference": copies,
    })
}
