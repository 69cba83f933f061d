//! An Anthropic API key in the environment.

use super::named;
use crate::provider::anthropic;
use crate::provider::anthropic::endpoint::Endpoint;
use crate::provider::registry::VariableKind;
use crate::secret::Secret;
use crate::system::System;
use crate::wizard::engine::Value;

pub(super) fn facts(system: &System) -> Vec<(String, Value)> {
    let mut facts = Vec::new();
    if let Some((name, secret)) = find(system) {
        facts.push(named("environment_key", Value::Secret(secret)));
        facts.push(named("environment_key_place", Value::Text(name)));
    }
    let variable = anthropic::PROVIDER.base_url_variable;
    let endpoint = system
        .environment
        .get(variable)
        .and_then(|text| Endpoint::parse(text).ok())
        .unwrap_or_else(Endpoint::anthropic);
    let foreign = !endpoint.is_own() && !endpoint.is_loopback();
    facts.push(named("base_url_here", Value::Text(endpoint.to_string())));
    facts.push(named("foreign_base_url", Value::yes_no(foreign)));
    facts
}

/// The first variable that holds a key, in the order in which programs look. A value that cannot
/// be a key is not offered: the doctor speaks of it.
pub(super) fn find(system: &System) -> Option<(String, Secret)> {
    let environment = &system.environment;
    let usable = |text: &str| {
        let secret = Secret::new(text.trim());
        let shape = (anthropic::PROVIDER.check)(&secret);
        (!text.trim().is_empty() && shape.refusal().is_none()).then_some(secret)
    };
    for variable in anthropic::PROVIDER.variables {
        let name = variable.name;
        let secret = match variable.kind {
            VariableKind::ApiKeyOverride | VariableKind::ApiKey => {
                environment.get(name).and_then(usable)
            }
            VariableKind::ApiKeyList => environment
                .get(name)
                .and_then(|list| list.split([',', ';']).find_map(usable)),
            VariableKind::ApiKeyPrefix => {
                let mut named = environment
                    .iter()
                    .filter_map(|(name, value)| Some((name.to_str()?, value.to_str()?)));
                let first = named.find_map(|(other, value)| {
                    Some((
                        other.to_owned(),
                        usable(value).filter(|_| other.starts_with(name))?,
                    ))
                });
                if first.is_some() {
                    return first;
                }
                None
            }
            VariableKind::Token => None,
        };
        if let Some(secret) = secret {
            return Some((name.to_owned(), secret));
        }
    }
    None
}
