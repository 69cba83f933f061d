//! `models auth order`: which profiles of a provider are tried, and in which order.

use serde_json::json;

use super::provider;
use crate::cli::auth::{OrderOf, OrderSet};
use crate::command::Context;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::store::sources::Sources;
use crate::store::{self, Home, Name, ProfileId, Profiles, save};
use crate::ui::escape;

/// Where an order comes from.
struct InEffect {
    ids: Vec<String>,
    /// `store`, `config` or `names`.
    source: &'static str,
    inherited: Vec<String>,
    /// Those of `ids` that no store has.
    unknown: Vec<String>,
}

/// Shows the order.
///
/// # Errors
/// `Usage` for an unknown provider; those of reading our files.
pub fn get(arguments: &OrderOf, context: &Context<'_>) -> Result<Exit> {
    let (home, agent) = (context.home()?, context.agent()?);
    let sources = context.sources()?;
    let held = sources.own.clone().unwrap_or_default();
    let provider = provider::known(&arguments.provider, &provider::others(&sources))?;
    let order = in_effect(&sources, &held, &provider);
    let active = held.active.as_ref().map(ToString::to_string);
    let ui = context.ui;
    if ui.json {
        ui.document(&json!({
            "schemaVersion": 1,
            "agent": agent.as_str(),
            "provider": provider,
            "source": order.source,
            "order": order.ids,
            "inherited": order.inherited,
            "unknown": order.unknown,
            "active": active,
            "storePath": home.store(&agent).display().to_string(),
        }))?;
        return Ok(Exit::Done);
    }
    let mut text = String::new();
    for id in &order.ids {
        text.push_str(id);
        text.push('\n');
    }
    ui.data(&text)?;
    ui.say(match order.source {
        "store" => "This order is the agent's own; profiles that it leaves out are not used.",
        "config" => {
            "This order is auth.order of config.json5; profiles that it leaves out are not used."
        }
        _ => "No order is set: profiles are tried by their names.",
    });
    if !order.unknown.is_empty() {
        let names = escape::line(&order.unknown.join(", ")).into_owned();
        let command = format!("keywright models auth order set --provider {provider} ID…");
        ui.warn(&format!(
            "there is no profile {names}, and the order passes over it; `{command}` sets another order."
        ));
    }
    if !order.inherited.is_empty() {
        ui.say(&format!(
            "After them, inherited from the agent main: {}.",
            order.inherited.join(", ")
        ));
    }
    mention_active(&held, context);
    Ok(Exit::Done)
}

/// Sets the order.
///
/// # Errors
/// `NotFound` for an id that is not there, with those that are; `Usage` for one that stands twice
/// or is of another provider.
pub fn set(arguments: &OrderSet, context: &Context<'_>) -> Result<Exit> {
    let (home, agent) = (context.home()?, context.agent()?);
    let sources = context.sources()?;
    let provider = provider::known(&arguments.provider, &provider::others(&sources))?;
    let held = sources.own.unwrap_or_default();
    let mut ids: Vec<ProfileId> = Vec::new();
    for text in &arguments.ids {
        let id = ProfileId::parse(text)?;
        if ids.contains(&id) {
            return Err(Error::usage(format!("{id} stands twice in the order")));
        }
        ids.push(id);
    }
    save::own(context.system, &home, &agent, &held, &ids)?;
    let foreign = |id: &&ProfileId| held.get(id).is_some_and(|p| p.provider != provider);
    if let Some(id) = ids.iter().find(foreign) {
        return Err(Error::usage(format!(
            "{id} is not of the provider {provider}"
        )));
    }
    change(&home, &agent, &provider, Some(ids), context)
}

/// Removes the order.
///
/// # Errors
/// `Usage` for an unknown provider; those of writing.
pub fn clear(arguments: &OrderOf, context: &Context<'_>) -> Result<Exit> {
    let (home, agent) = (context.home()?, context.agent()?);
    let sources = context.sources()?;
    let provider = provider::known(&arguments.provider, &provider::others(&sources))?;
    change(&home, &agent, &provider, None, context)
}

fn change(
    home: &Home,
    agent: &Name,
    provider: &str,
    ids: Option<Vec<ProfileId>>,
    context: &Context<'_>,
) -> Result<Exit> {
    let system = context.system;
    let before = store::load(system, home, agent)?.unwrap_or_default();
    let transaction = if before.order.get(provider) == ids.as_ref() {
        None
    } else {
        let label = format!("order of {provider}");
        let ((), receipt) = save::edit(system, home, agent, &label, |edit| {
            let wanted = ids.as_deref().unwrap_or_default();
            save::own(system, home, agent, &edit.profiles, wanted)?;
            match ids {
                Some(ids) => drop(edit.profiles.order.insert(provider.to_owned(), ids)),
                None => drop(edit.profiles.order.shift_remove(provider)),
            }
            Ok(())
        })?;
        receipt.transaction
    };
    let sources = Sources::read(system, home, agent)?;
    let held = sources.own.clone().unwrap_or_default();
    let order = in_effect(&sources, &held, provider);
    let ui = context.ui;
    if ui.json {
        ui.document(&json!({
            "schemaVersion": 1,
            "agent": agent.as_str(),
            "provider": provider,
            "source": order.source,
            "order": order.ids,
            "active": held.active.as_ref().map(ToString::to_string),
            "changed": transaction.is_some(),
            "transaction": transaction,
        }))?;
        return Ok(Exit::Done);
    }
    ui.say(&match (order.source, order.ids.as_slice()) {
        ("store", ids) => format!(
            "{provider} tries {}, and no other profile.",
            ids.join(", then ")
        ),
        ("config", ids) => format!(
            "{provider} goes by auth.order of config.json5 now: {}.",
            ids.join(", ")
        ),
        (_, []) => format!("{provider} has no order, and no profile."),
        (_, ids) => format!(
            "{provider} has no order: profiles are tried by their names: {}.",
            ids.join(", ")
        ),
    });
    mention_active(&held, context);
    Ok(Exit::Done)
}

fn in_effect(sources: &Sources, held: &Profiles, provider: &str) -> InEffect {
    let texts = |ids: &[ProfileId]| ids.iter().map(ToString::to_string).collect();
    let (ids, source) = match (held.order.get(provider), sources.config.order.get(provider)) {
        (Some(order), _) => (texts(order), "store"),
        (None, Some(order)) => (texts(order), "config"),
        (None, None) => {
            let all = held.of_provider(provider).into_iter();
            (all.map(|(id, _)| id.to_string()).collect(), "names")
        }
    };
    let ids: Vec<String> = ids;
    let is_there = |id: &ProfileId| {
        let main = sources.inherited.as_ref();
        held.get(id).or_else(|| main?.get(id)).is_some()
    };
    let unknown = ids.iter().filter(|id| {
        let id = ProfileId::parse(id);
        !id.is_ok_and(|id| is_there(&id))
    });
    let unknown = unknown.cloned().collect();
    let main = sources
        .inherited
        .iter()
        .flat_map(|main| main.of_provider(provider));
    let inherited = main.filter(|(id, _)| held.get(id).is_none());
    InEffect {
        ids,
        source,
        inherited: inherited.map(|(id, _)| id.to_string()).collect(),
        unknown,
    }
}

fn mention_active(held: &Profiles, context: &Context<'_>) {
    if let Some(account) = &held.active {
        context.ui.warn(&format!(
            "the account {account} is active and comes before the order; `keywright account use --none` ends it."
        ));
    }
}
