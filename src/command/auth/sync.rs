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
use crate::store::{self, Credential, ProfileId, copied, save};
use crate::ui::escape;

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
    let copied = copied::logins(system, &home, &agent)?;
    let mut logins: Vec<(ProfileId, Option<String>, bool)> = Vec::new();
    for (id, profile) in &held.profiles {
        if named.as_ref().is_some_and(|named| named != id) {
            continue;
        }
        if let Credential::Login { config_dir, .. } = &profile.credential {
            logins.push((id.clone(), config_dir.clone(), copied.contains(id)));
        } else if named.is_some() {
            return Err(
                Error::usage(format!("{id} is no login of Claude Code")).hint(
                    "Only a login is looked at again; every other credential stands in the store.",
                ),
            );
        }
    }
    let transaction = if logins.iter().any(|(_, _, copies)| *copies) {
        // Reading leaves the copies out, so that writing what was read is all there is to do.
        let label = "keep logins by reference";
        store::update_profiles(system, &home, &agent, label, |_| Ok(()))?.transaction
    } else {
        None
    };
    let now = system.clock.now();
    let seen: Vec<(ProfileId, Login, bool)> = logins
        .into_iter()
        .map(|(id, folder, copies)| {
            let login = login::look(system, folder.as_deref().map(Path::new), now);
            (id, login, copies)
        })
        .collect();
    tell(&seen, transaction.as_deref(), agent.as_str(), context)?;
    let usable = seen.iter().all(|(_, login, _)| login.standing.is_usable());
    Ok(if usable { Exit::Done } else { Exit::Problem })
}

fn tell(
    seen: &[(ProfileId, Login, bool)],
    transaction: Option<&str>,
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
