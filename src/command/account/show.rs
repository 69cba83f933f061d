//! `account list`, `info`, `current`, `show-api-key` and `list-api-keys`: they read and tell.

use serde::Serialize;

use super::{Place, no_key, provider};
use crate::cli::account::{List, ShowApiKey};
use crate::command::Context;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::status::accounts::{Line, Part, ids};
use crate::store::Name;
use crate::store::account::{self, Account};
use crate::ui::account::Secrets;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed<'a> {
    schema_version: u32,
    agent: &'a str,
    active: Option<&'a str>,
    accounts: &'a [Line],
}

/// The accounts, by name.
pub fn list(arguments: &List, context: &Context<'_>) -> Result<Exit> {
    if arguments.backups {
        let line = context.command_line("history");
        context.ui.say(&format!(
            "There are no copies of accounts. Earlier states: {line}"
        ));
    }
    let place = Place::read(context)?;
    let lines = lines(&place, context)?;
    let active = place.active().cloned();
    let active = active.as_ref().map(Name::as_str);
    // Thousands of profiles take their room; they have been told.
    let Place { agent, sources, .. } = place;
    drop(sources);
    if context.ui.json {
        context.ui.document(&Listed {
            schema_version: 1,
            agent: agent.as_str(),
            active,
            accounts: &lines,
        })?;
    } else {
        context.ui.accounts(&lines, active)?;
        if lines.is_empty() {
            let line = context.command_line("account add-api-key NAME");
            context.ui.say(&format!("Add one with: {line}"));
        }
    }
    Ok(Exit::Done)
}

fn lines(place: &Place, context: &Context<'_>) -> Result<Vec<Line>> {
    let accounts = account::all(&place.sources);
    let judge = place.lines(&accounts, context)?;
    Ok(accounts.iter().map(|one| judge.line(one)).collect())
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Described<'a, A> {
    schema_version: u32,
    agent: &'a str,
    /// With what is known about it, or its name alone.
    account: A,
    profiles: &'a [Part],
}

/// One account with everything that is known about it.
pub fn info(name: &str, context: &Context<'_>) -> Result<Exit> {
    let name = Name::parse(name)?;
    let place = Place::read(context)?;
    let account = place.account(&name, context)?;
    let judge = place.parts(&account, context)?;
    let line = judge.line(&account);
    let parts: Vec<Part> = account.members.iter().map(|one| judge.part(one)).collect();
    if context.ui.json {
        context.ui.document(&Described {
            schema_version: 1,
            agent: place.agent.as_str(),
            account: &line,
            profiles: &parts,
        })?;
    } else {
        context.ui.account(&line, &parts)?;
    }
    Ok(Exit::Done)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Current<'a> {
    schema_version: u32,
    agent: &'a str,
    active: Option<&'a str>,
    /// Of the active account.
    profiles: Vec<String>,
}

/// The active account. Having none is no failure.
pub fn current(context: &Context<'_>) -> Result<Exit> {
    let place = Place::read(context)?;
    let active = place.active();
    let account = active.and_then(|name| account::find(&place.sources, name));
    if context.ui.json {
        context.ui.document(&Current {
            schema_version: 1,
            agent: place.agent.as_str(),
            active: active.map(Name::as_str),
            profiles: account.as_ref().map(ids).unwrap_or_default(),
        })?;
        return Ok(Exit::Done);
    }
    context.ui.active_account(active.map(Name::as_str))?;
    if let (Some(name), None) = (active, account) {
        let line = context.command_line("account use --none");
        context.ui.warn(&format!(
            "the account {name} has no credential any more, so that it changes nothing. End it with: {line}"
        ));
    }
    Ok(Exit::Done)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Key<'a> {
    schema_version: u32,
    agent: &'a str,
    account: &'a str,
    profile: &'a Part,
}

/// One key of an account.
pub fn key(arguments: &ShowApiKey, context: &Context<'_>) -> Result<Exit> {
    let name = Name::parse(&arguments.account)?;
    if arguments.show_secret && context.ui.json {
        return Err(Error::usage("a secret is not put into a report")
            .hint("Leave --json out to see it, or leave --show-secret out."));
    }
    let place = Place::read(context)?;
    let provider = provider(&arguments.provider, &place.sources)?;
    let missing = || no_key(&name, &provider, context);
    let account = account::find(&place.sources, &name).ok_or_else(missing)?;
    let member = account.key(&provider).ok_or_else(missing)?;
    let judge = place.parts(&account, context)?;
    let part = judge.part(&member);
    if context.ui.json {
        context.ui.document(&Key {
            schema_version: 1,
            agent: place.agent.as_str(),
            account: name.as_str(),
            profile: &part,
        })?;
    } else {
        let secrets = if arguments.show_secret {
            Secrets::Whole
        } else {
            Secrets::Masked
        };
        context.ui.account_key(name.as_str(), &part, secrets)?;
        if arguments.show_secret && part.secret.is_none() && part.reference.is_some() {
            // A program or a keyring is asked by who needs the value alone.
            let line = context.command_line(&format!("get --raw --profile {}", part.id));
            context
                .ui
                .say(&format!("It is not kept here. Get it with: {line}"));
        }
    }
    Ok(Exit::Done)
}

/// The keys of an account, by provider.
pub fn keys(name: &str, context: &Context<'_>) -> Result<Exit> {
    let name = Name::parse(name)?;
    let place = Place::read(context)?;
    let account: Account<'_> = place.account(&name, context)?;
    let judge = place.parts(&account, context)?;
    let members = account.members.iter().filter(|member| member.is_key());
    let parts: Vec<Part> = members.map(|member| judge.part(member)).collect();
    if context.ui.json {
        context.ui.document(&Described {
            schema_version: 1,
            agent: place.agent.as_str(),
            account: name.as_str(),
            profiles: &parts,
        })?;
    } else if parts.is_empty() {
        let line = context.command_line(&format!("account add-api-key {name}"));
        context
            .ui
            .data(&format!("No API keys for account: {name}\n"))?;
        context.ui.say(&format!("Add one with: {line}"));
    } else {
        context.ui.account_keys(name.as_str(), &parts)?;
    }
    Ok(Exit::Done)
}
