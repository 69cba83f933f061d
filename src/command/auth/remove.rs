//! `models auth remove`: credentials taken away, with everything of ours that follows them.

use serde_json::json;

use crate::cli::auth::Remove;
use crate::command::{Context, ask};
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::store::ProfileId;
use crate::store::save::{self, Purge};

/// Removes them. Only `--purge`, which nothing brings back, is asked about.
///
/// # Errors
/// `NotFound` when one of them is not there, and then none is removed; `Interrupted` for a no.
pub fn run(arguments: &Remove, context: &Context<'_>) -> Result<Exit> {
    let (home, agent) = (context.home()?, context.agent()?);
    let ids: Vec<ProfileId> = arguments
        .ids
        .iter()
        .map(|id| ProfileId::parse(id))
        .collect::<Result<_>>()?;
    let purge = if arguments.purge {
        Purge::Journal
    } else {
        Purge::Keep
    };
    if purge == Purge::Journal && !arguments.yes && ask::is_attended(context) {
        let question = "This also forgets every earlier change, so that `undo` cannot bring anything back. Go on?";
        if !ask::confirm(context, question)? {
            return Err(Error::new(Kind::Interrupted, "nothing was removed"));
        }
    }
    let removed = save::remove(context.system, &home, &agent, &ids, purge)?;
    let names: Vec<&str> = ids.iter().map(ProfileId::as_str).collect();
    let files: Vec<String> = removed
        .receipt
        .paths
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    let ui = context.ui;
    if ui.json {
        ui.document(&json!({
            "schemaVersion": 1,
            "agent": agent.as_str(),
            "removed": names,
            "endedAccount": removed.ended_account.map(|name| name.to_string()),
            "purged": purge == Purge::Journal,
            "files": files,
            "transaction": removed.receipt.transaction.filter(|_| purge == Purge::Keep),
        }))?;
        return Ok(Exit::Done);
    }
    ui.say(&format!("Removed {}.", names.join(", ")));
    if let Some(account) = removed.ended_account {
        ui.say(&format!(
            "It was the last of the active account {account}; no account is active now."
        ));
    }
    ui.say(match purge {
        Purge::Journal => {
            "It is forgotten here. Revoke the key at its provider if nobody shall use it any more."
        }
        Purge::Keep => {
            "`keywright undo` brings it back; `keywright history prune --all` forgets it for good."
        }
    });
    Ok(Exit::Done)
}
