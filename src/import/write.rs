//! Carries a plan out in one transaction.

use super::plan::{Action, Plan};
use crate::document::json5::Json5;
use crate::error::{Error, Kind, Result};
use crate::store::config::forms;
use crate::store::fingerprint::look;
use crate::store::save::{Edit, Replace, together};
use crate::store::{Change, Home, Name, Receipt};
use crate::system::System;

/// Saves what the plan adds and replaces, with the orders and settings that come along, and the
/// managed lines that follow.
///
/// # Errors
/// `Conflict` when something changed meanwhile; what writing our files says. Then nothing is
/// changed.
pub fn write(system: &System, home: &Home, plan: &Plan) -> Result<Receipt> {
    let label = label(plan);
    let settings = settings(system, home, plan)?;
    together::edit_all(
        system,
        home,
        &label,
        &plan.agents(),
        settings,
        |agent, edit| apply(plan, agent, edit),
    )
}

fn apply(plan: &Plan, agent: &Name, edit: &mut Edit) -> Result<()> {
    for entry in plan.entries.iter().filter(|entry| entry.agent == *agent) {
        let replace = match entry.action {
            Action::Add => Replace::Refuse,
            Action::Replace => Replace::Allow,
            Action::Same | Action::Conflict => continue,
        };
        edit.put(entry.id.clone(), entry.profile.clone(), replace)?;
    }
    let orders = plan.orders.iter();
    for order in orders.filter(|order| order.is_new && order.agent == *agent) {
        let mut ids = order.ids.clone();
        ids.retain(|id| edit.profiles.get(id).is_some());
        // One that was set meanwhile stays.
        let provider = order.provider.clone();
        edit.profiles.order.entry(provider).or_insert(ids);
    }
    Ok(())
}

/// What the history calls it.
fn label(plan: &Plan) -> String {
    let mut names: Vec<&str> = Vec::new();
    for entry in &plan.entries {
        if !names.contains(&entry.source.name()) {
            names.push(entry.source.name());
        }
    }
    let count = plan.count(Action::Add) + plan.count(Action::Replace);
    let profiles = if count == 1 { "profile" } else { "profiles" };
    format!("import {count} {profiles} from {}", names.join(", "))
}

fn settings(system: &System, home: &Home, plan: &Plan) -> Result<Vec<Change>> {
    if !plan.settings.iter().any(|setting| setting.is_new) {
        return Ok(Vec::new());
    }
    let path = home.config();
    let seen = look(system.files, &path)?;
    let bytes = seen.as_ref().map_or(&[][..], |seen| &seen.bytes);
    let text = std::str::from_utf8(bytes).map_err(|_| {
        let message = format!("{} is not UTF-8 text", path.display());
        Error::new(Kind::Malformed, message).path(&path)
    })?;
    let mut document = Json5::parse(text).map_err(|problem| problem.into_error(&path))?;
    forms::modernise(&mut document)?;
    for planned in plan.settings.iter().filter(|planned| planned.is_new) {
        let setting = &planned.setting;
        let keys: Vec<&str> = setting.path.iter().map(String::as_str).collect();
        document.set(&keys, &setting.value)?;
    }
    let before = seen.map(|seen| seen.fingerprint);
    Ok(vec![Change::write(path, before, document.render())])
}
