//! What `openclaw.json` and `clawdbot.json` say that means the same in our configuration, or that
//! is a credential: for whoever takes it over.

use std::path::Path;

use serde_json::Value as Json;

use super::config::{document, fields, run_by_claude, text_of, value};
use crate::consumer::kept::variables::Variable;
use crate::consumer::kept::{Holdings, Kept, Order, Place, Setting, Value, What};
use crate::document::json5::Json5;
use crate::secret::Secret;
use crate::system::System;

/// The configuration, as far as it can be taken over.
#[derive(Default)]
pub(super) struct Settings {
    /// `env.vars`, and Clawdbot's texts right below `env`.
    pub variables: Vec<Variable>,
    /// `models.providers.<id>.apiKey`, and the login of a default model that `claude` itself runs.
    pub keys: Vec<Kept>,
    /// `models.providers.<id>.baseUrl`
    pub base_urls: Vec<(String, String)>,
    /// `secrets.providers.<name>`
    pub secret_providers: Vec<(String, Json)>,
    /// Ids of `auth.profiles`.
    pub profiles: Vec<String>,
}

/// Reads it. What stands in ours in the same way goes to `holdings` at once.
pub(super) fn read(system: &System, path: &Path, holdings: &mut Holdings) -> Settings {
    let document = match document(system, path) {
        Ok(Some(document)) => document,
        Ok(None) => return Settings::default(),
        Err(why) => {
            holdings.leave_out(Place::file(path), why);
            return Settings::default();
        }
    };
    let mut settings = Settings {
        variables: variables(&document, path),
        secret_providers: fields(document.get(&["secrets", "providers"])),
        profiles: fields(document.get(&["auth", "profiles"]))
            .into_iter()
            .map(|(id, _)| id)
            .collect(),
        ..Settings::default()
    };
    for (id, provider) in fields(document.get(&["models", "providers"])) {
        let url = text_of(&provider["baseUrl"]).filter(|url| !url.is_empty());
        let found = provider.get("apiKey").and_then(value);
        if let Some(found) = found.filter(|value| !is_empty(value)) {
            let place = Place::key(path, format!("models.providers.{id}.apiKey"));
            settings
                .keys
                .push(Kept::new((&id, "default"), What::ApiKey(found), place));
        }
        settings.base_urls.extend(url.map(|url| (id, url)));
    }
    if let Some(model) = run_by_claude(&document) {
        let place = Place::key(path, format!("agents.defaults.models.{model}.agentRuntime"));
        let what = What::Login { config_dir: None };
        settings
            .keys
            .push(Kept::new(("anthropic", "claude-cli"), what, place));
    }
    orders(&document, path, holdings);
    models(&document, path, holdings);
    settings
}

fn is_empty(value: &Value) -> bool {
    matches!(value, Value::Plain(secret) if secret.is_empty())
}

fn variables(document: &Json5, path: &Path) -> Vec<Variable> {
    let mut all = Vec::new();
    for at in [&["env"][..], &["env", "vars"]] {
        for (name, found) in fields(document.get(at)) {
            let Some(text) = found.as_str() else {
                continue;
            };
            let place = Place::key(path, format!("{}.{name}", at.join(".")));
            let value = Secret::new(text);
            all.push(Variable { name, value, place });
        }
    }
    all
}

fn orders(document: &Json5, path: &Path, holdings: &mut Holdings) {
    for (provider, ids) in fields(document.get(&["auth", "order"])) {
        let names = ids.as_array().into_iter().flatten().filter_map(text_of);
        holdings.orders.push(Order {
            agent: None,
            names: names.collect(),
            place: Place::key(path, format!("auth.order.{provider}")),
            provider,
        });
    }
}

/// The default model, and how long the prompts of each model are cached.
fn models(document: &Json5, path: &Path, holdings: &mut Holdings) {
    let mut take = |keys: &[&str], value: Json| {
        holdings.settings.push(Setting {
            path: keys.iter().map(|key| (*key).to_owned()).collect(),
            value,
            place: Place::key(path, keys.join(".")),
        });
    };
    let model = document.get(&["agents", "defaults", "model"]);
    let model = model.as_ref();
    let primary = model.and_then(|model| model.as_str().or_else(|| model["primary"].as_str()));
    if let Some(primary) = primary {
        let keys = ["agents", "defaults", "model", "primary"];
        take(&keys, Json::from(primary));
    }
    for (model, found) in fields(document.get(&["agents", "defaults", "models"])) {
        let ttl = &found["params"]["cacheControlTtl"];
        if matches!(ttl.as_str(), Some("5m" | "1h")) {
            let keys = [
                "agents",
                "defaults",
                "models",
                &model,
                "params",
                "cacheControlTtl",
            ];
            take(&keys, ttl.clone());
        }
    }
}
