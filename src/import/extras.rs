//! What comes along with profiles: their order, and settings that mean the same here. Both come
//! only where nothing of the kind is here; what is here stays.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value as Json;

use super::plan::{Action, Entry, Plan};
use super::{Source, naming};
use crate::consumer::kept::{LeftOut, Order, Place, Setting};
use crate::document::json5::Json5;
use crate::error::Result;
use crate::store::{Home, Name, ProfileId, Profiles, SecretSource, config};
use crate::system::System;

/// A configuration larger than this is something else.
const SIZE_LIMIT: usize = 1024 * 1024;

/// The order of one provider's profiles for one agent.
#[derive(Clone, Debug)]
pub struct PlannedOrder {
    pub source: Source,
    pub agent: Name,
    pub provider: String,
    pub ids: Vec<ProfileId>,
    pub place: Place,
    /// The agent has none of its own.
    pub is_new: bool,
}

/// A setting of `config.json5`.
#[derive(Clone, Debug)]
pub struct PlannedSetting {
    pub source: Source,
    pub setting: Setting,
    /// It is not set here.
    pub is_new: bool,
}

/// The orders of one source, in the names of the plan. An order of one agent comes before one for
/// all of them.
pub(super) fn orders(
    (source, entries): (Source, &[Entry]),
    mut orders: Vec<Order>,
    agent: impl Fn(Option<&str>) -> Name,
) -> Vec<PlannedOrder> {
    orders.sort_by_key(|order| order.agent.is_none());
    let mut all: Vec<PlannedOrder> = Vec::new();
    for order in orders {
        let mut agents: Vec<Name> = match &order.agent {
            Some(name) => vec![agent(Some(name))],
            None => entries.iter().map(|entry| entry.agent.clone()).collect(),
        };
        agents.sort_unstable();
        agents.dedup();
        for agent in agents {
            let of_agent = entries.iter().filter(|entry| entry.agent == agent);
            let of_agent: Vec<&Entry> = of_agent.collect();
            let id = |name: &String| {
                let is_it = |entry: &&&Entry| match &entry.name_there {
                    Some(there) => there == name,
                    None => entry.id.as_str() == name,
                };
                Some(of_agent.iter().find(is_it)?.id.clone())
            };
            let ids: Vec<ProfileId> = order.names.iter().filter_map(id).collect();
            let provider = naming::allowed(&order.provider);
            let is_there =
                |other: &PlannedOrder| other.agent == agent && other.provider == provider;
            if ids.is_empty() || all.iter().any(is_there) {
                continue;
            }
            all.push(PlannedOrder {
                source,
                agent,
                provider,
                ids,
                place: order.place.clone(),
                is_new: true,
            });
        }
    }
    all
}

/// Adds the settings of one source. Where single profiles were chosen, only what those need.
pub(super) fn settings(
    plan: &mut Plan,
    (source, first): (Source, usize),
    settings: Vec<Setting>,
    chosen: bool,
) {
    for setting in settings {
        let needed = secret_provider(&setting.path).map(|name| {
            let mut entries = plan.entries[first..].iter();
            entries.any(|entry| refers_to(entry, name))
        });
        if needed == Some(false) || (needed.is_none() && chosen) {
            continue;
        }
        plan.settings.push(PlannedSetting {
            source,
            setting,
            is_new: true,
        });
    }
}

/// The name in `secrets.providers.NAME`.
fn secret_provider(path: &[String]) -> Option<&str> {
    match path {
        [first, second, name] if first == "secrets" && second == "providers" => Some(name),
        _ => None,
    }
}

fn refers_to(entry: &Entry, name: &str) -> bool {
    match entry.profile.secret() {
        Some(SecretSource::Reference(reference)) => {
            reference.source != "env" && reference.provider == name
        }
        _ => false,
    }
}

/// Compares orders and settings with what is here. A profile whose reference would mean something
/// else here is left out.
pub(super) fn settle(
    system: &System,
    home: &Home,
    stores: &BTreeMap<Name, Profiles>,
    plan: &mut Plan,
) -> Result<()> {
    settle_orders(stores, plan);
    settle_settings(system, home, plan)?;
    plan.orders.retain(|order| !order.ids.is_empty());
    Ok(())
}

fn settle_orders(stores: &BTreeMap<Name, Profiles>, plan: &mut Plan) {
    let orders = std::mem::take(&mut plan.orders);
    for mut order in orders {
        let here = stores.get(&order.agent);
        order.is_new = here.is_none_or(|store| !store.order.contains_key(&order.provider));
        let twice =
            |other: &PlannedOrder| other.agent == order.agent && other.provider == order.provider;
        if plan.orders.iter().any(twice) {
            continue;
        }
        // Only a profile of the same store can be left out on purpose.
        let others = plan.entries.iter().filter(|entry| {
            entry.agent == order.agent
                && entry.profile.provider == order.provider
                && !(entry.is_ordered && entry.source == order.source)
                && !order.ids.contains(&entry.id)
        });
        let others: Vec<ProfileId> = others.map(|entry| entry.id.clone()).collect();
        order.ids.extend(others);
        plan.orders.push(order);
    }
}

/// A configuration of ours that cannot be read keeps settings away, and nothing else.
fn settle_settings(system: &System, home: &Home, plan: &mut Plan) -> Result<()> {
    let path = home.config();
    let text = system.files.read_text(&path, SIZE_LIMIT)?;
    let document = Json5::parse(&text.unwrap_or_default()).ok();
    // What stands here in Clawdbot's form is set as well.
    let mut document = document.and_then(|mut document| {
        config::forms::modernise(&mut document).ok()?;
        Some(document)
    });
    let settings = std::mem::take(&mut plan.settings);
    for mut planned in settings {
        match compare(document.as_mut(), &planned.setting, &path) {
            Ok(is_new) => {
                planned.is_new = is_new;
                plan.settings.push(planned);
            }
            Err(why) => {
                without_provider(plan, &planned);
                let left = LeftOut {
                    place: planned.setting.place,
                    why: why.to_owned(),
                    advice: None,
                };
                plan.left_out.push((planned.source, left));
            }
        }
    }
    Ok(())
}

/// Whether the setting is new here, or why it cannot be taken.
fn compare(
    document: Option<&mut Json5>,
    setting: &Setting,
    path: &Path,
) -> Result<bool, &'static str> {
    let document = document.ok_or(
        "our configuration cannot be read: `keywright config check` says where it is wrong",
    )?;
    let keys: Vec<&str> = setting.path.iter().map(String::as_str).collect();
    match document.get(&keys) {
        Some(here) if here == setting.value => Ok(false),
        Some(_) => Err("this is set here to something else, which stays"),
        None if fits(document, &keys, &setting.value, path) => Ok(true),
        None => Err("this cannot stand in our configuration"),
    }
}

/// Sets it, and tells whether the configuration can still be read.
fn fits(document: &mut Json5, keys: &[&str], value: &Json, path: &Path) -> bool {
    let set = document.set(keys, value).is_ok();
    let bytes = document.render();
    let text = String::from_utf8_lossy(&bytes);
    let readable = set && config::parse(&text, path).is_ok();
    if !readable {
        document.remove(keys);
    }
    readable
}

fn without_provider(plan: &mut Plan, planned: &PlannedSetting) {
    let Some(name) = secret_provider(&planned.setting.path) else {
        return;
    };
    let (out, kept) = std::mem::take(&mut plan.entries)
        .into_iter()
        .partition(|entry| {
            entry.source == planned.source && entry.action != Action::Same && refers_to(entry, name)
        });
    plan.entries = kept;
    let out: Vec<Entry> = out;
    for entry in out {
        let left = LeftOut {
            place: entry.place,
            why: format!(
                "it refers to `{name}`, which secrets.providers defines in another way here"
            ),
            advice: Some("Rename the provider in one of the two configurations.".to_owned()),
        };
        plan.left_out.push((entry.source, left));
        for order in &mut plan.orders {
            order
                .ids
                .retain(|id| order.agent != entry.agent || *id != entry.id);
        }
    }
}
