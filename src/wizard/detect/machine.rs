//! What this machine has already, and which flow fits it best.

use super::{Place, environment_key, named};
use crate::error::Result;
use crate::store;
use crate::wizard::engine::Value;

pub(super) fn facts(place: Place<'_>) -> Result<Vec<(String, Value)>> {
    let system = place.system;
    let profiles = store::read(system, place.home, place.agent)?.profiles;
    let ids: Vec<String> = profiles.profiles.keys().map(ToString::to_string).collect();
    let key = environment_key::find(system);
    let mut found = Vec::new();
    if let Some((name, _)) = &key {
        found.push(format!("An Anthropic API key in {name}."));
    }
    if !ids.is_empty() {
        found.push(format!("Saved by keywright: {}.", ids.join(", ")));
    }
    Ok(vec![named("found", Value::List(found))])
}
