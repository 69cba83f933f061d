//! `models auth activate`: the account of a credential comes before all others.

use serde_json::json;

use crate::cli::auth::One;
use crate::command::Context;
use crate::error::Result;
use crate::exit::Exit;
use crate::store::{self, Name, ProfileId, save, usage};

/// Activates it.
///
/// # Errors
/// `NotFound`, saying where an inherited profile lives; those of writing.
pub fn run(arguments: &One, context: &Context<'_>) -> Result<Exit> {
    let (system, home, agent) = (context.system, context.home()?, context.agent()?);
    let id = ProfileId::parse(&arguments.id)?;
    let held = store::load(system, &home, &agent)?.unwrap_or_default();
    let ids = [id];
    save::own(system, &home, &agent, &held, &ids)?;
    let [id] = ids;
    let account = Name::parse(id.name())?;
    let receipt = save::activate(system, &home, &agent, Some(&account))?;
    let of_account: Vec<ProfileId> = held
        .profiles
        .keys()
        .filter(|other| other.name() == id.name())
        .cloned()
        .collect();
    // When it was used last is good to know, and no reason to fail.
    let _ = usage::note_used(system, &home, &agent, &of_account);
    let names: Vec<&str> = of_account.iter().map(ProfileId::as_str).collect();
    let ui = context.ui;
    if ui.json {
        ui.document(&json!({
            "schemaVersion": 1,
            "agent": agent.as_str(),
            "active": account.as_str(),
            "profiles": names,
            "changed": receipt.transaction.is_some(),
            "transaction": receipt.transaction,
        }))?;
        return Ok(Exit::Done);
    }
    let now = if receipt.transaction.is_some() {
        "is now"
    } else {
        "is already"
    };
    ui.say(&format!(
        "{account} {now} the active account ({}): it comes before every order. `keywright account use --none` ends it.",
        names.join(", ")
    ));
    Ok(Exit::Done)
}
