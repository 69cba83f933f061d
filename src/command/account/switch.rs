//! `account use`: the account whose profiles come before all others, whatever the order says.

use serde::Serialize;

use super::Place;
use crate::cli::account::Use;
use crate::command::Context;
use crate::error::Result;
use crate::exit::Exit;
use crate::provider::{anthropic, bedrock};
use crate::status::accounts::{Part, ids};
use crate::store::account::Account;
use crate::store::select::Status;
use crate::store::{Name, save, usage};
use crate::ui::escape;
use crate::variables;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Switched<'a> {
    schema_version: u32,
    agent: &'a str,
    active: Option<&'a str>,
    /// The account that was active before.
    before: Option<&'a str>,
    profiles: Vec<String>,
    /// For `keywright undo`; `null` when nothing had to be changed.
    transaction: Option<String>,
}

/// Makes an account the active one, or none.
pub fn run(arguments: &Use, context: &Context<'_>) -> Result<Exit> {
    let name = arguments.account.as_deref().map(Name::parse).transpose()?;
    let place = Place::read(context)?;
    let account = match &name {
        Some(name) => Some(place.account(name, context)?),
        None => None,
    };
    let (system, home) = (context.system, &place.home);
    let receipt = save::activate(system, home, &place.agent, name.as_ref())?;
    if let Some(account) = &account {
        note_use(&place, account, context);
    }
    if context.ui.json {
        context.ui.document(&Switched {
            schema_version: 1,
            agent: place.agent.as_str(),
            active: name.as_ref().map(Name::as_str),
            before: place.active().map(Name::as_str),
            profiles: account.as_ref().map(ids).unwrap_or_default(),
            transaction: receipt.transaction,
        })?;
        return Ok(Exit::Done);
    }
    match (&account, place.active()) {
        (Some(account), _) => tell(&place, account, context)?,
        (None, None) => context.ui.data("No account was active.\n")?,
        (None, Some(before)) => context.ui.data(&format!(
            "The account {before} is no longer active: the order of the profiles decides.\n"
        ))?,
    }
    Ok(Exit::Done)
}

/// What cannot be noted changes nothing of what was done.
fn note_use(place: &Place, account: &Account<'_>, context: &Context<'_>) {
    let members = account.members.iter();
    let used: Vec<_> = members.map(|member| member.id.clone()).collect();
    if let Err(error) = usage::note_used(context.system, &place.home, &place.agent, &used) {
        let error = escape::line(&error.to_string()).into_owned();
        context
            .ui
            .warn(&format!("its use could not be noted: {error}"));
    }
}

/// What is used from now on, and what could keep it from that.
fn tell(place: &Place, account: &Account<'_>, context: &Context<'_>) -> Result<()> {
    let ui = context.ui;
    ui.data(&format!("Switched to account: {}\n", account.name))?;
    let judge = place.parts(account, context)?;
    let parts: Vec<Part> = account.members.iter().map(|one| judge.part(one)).collect();
    for part in &parts {
        let value = part.masked.as_deref().or(part.config_dir.as_deref());
        let value = value.map(|value| format!(", {value}")).unwrap_or_default();
        let line = format!("  {} ({}{value})", part.id, part.words);
        ui.data(&format!("{}\n", escape::line(&line)))?;
        if let (Some(obstacle), Status::Missing | Status::Expired | Status::Unresolved) =
            (&part.obstacle, part.status)
        {
            let warning = format!("{} cannot be used: {obstacle}", part.id);
            ui.warn(&escape::line(&warning));
        }
    }
    let handed_out = [anthropic::PROVIDER.id, bedrock::ID];
    if !parts
        .iter()
        .any(|part| handed_out.contains(&part.provider.as_str()))
    {
        ui.say("`keywright exec` and `keywright env` hand out credentials of anthropic and bedrock, of which this account has none.");
    }
    let environment = &context.system.environment;
    for name in [variables::PROFILE, variables::ACCOUNT] {
        if environment.get(name).is_some() {
            ui.warn(&format!(
                "{name} is set, and comes before the active account"
            ));
        }
    }
    Ok(())
}
