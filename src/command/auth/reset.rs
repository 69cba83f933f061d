//! `models auth reset`: a credential that rests after a failure is used again.

use serde_json::json;

use crate::cli::auth::One;
use crate::command::Context;
use crate::error::Result;
use crate::exit::Exit;
use crate::store::{Name, ProfileId, save, usage};

/// Ends the cooldown.
///
/// # Errors
/// `NotFound`; those of writing.
pub fn run(arguments: &One, context: &Context<'_>) -> Result<Exit> {
    let (system, home, agent) = (context.system, context.home()?, context.agent()?);
    let ids = [ProfileId::parse(&arguments.id)?];
    let sources = context.sources()?;
    let held = sources.own.unwrap_or_default();
    let inherited = sources
        .inherited
        .is_some_and(|main| main.get(&ids[0]).is_some());
    if !inherited {
        save::own(system, &home, &agent, &held, &ids)?;
    }
    // A pause belongs to whose store has the profile.
    let owner = if inherited {
        Name::main()
    } else {
        agent.clone()
    };
    let ended = usage::reset(system, &home, &owner, &ids)?;
    let [id] = ids;
    if context.ui.json {
        context.ui.document(&json!({
            "schemaVersion": 1,
            "agent": agent.as_str(),
            "profile": id.as_str(),
            "ended": !ended.is_empty(),
        }))?;
    } else if ended.is_empty() {
        context
            .ui
            .say(&format!("{id} has no cooldown: nothing was changed."));
    } else {
        context
            .ui
            .say(&format!("The cooldown of {id} is over: it is used again."));
    }
    Ok(Exit::Done)
}
