//! `openclaw.json` and `clawdbot.json`: what they say about credentials for Anthropic.

use std::path::Path;

use serde_json::Value as Json;

use super::{FILE_LIMIT, Value};
use crate::document::json5::Json5;
use crate::secret::Secret;
use crate::system::System;

pub(super) const PROVIDER: &str = "anthropic";

/// As far as it matters here.
#[derive(Debug, Default)]
pub(super) struct Config {
    /// `auth.order.anthropic`.
    pub order: Option<Vec<String>>,
    /// `auth.profiles` of the provider: id and mode.
    pub profiles: Vec<(String, String)>,
    /// `env.vars`.
    pub variables: Vec<(String, Secret)>,
    /// Texts right below `env`, the form of Clawdbot.
    pub old_variables: Vec<(String, Secret)>,
    /// `models.providers.anthropic.apiKey`.
    pub model_key: Option<Value>,
    /// The default model, when `claude` itself runs it.
    pub run_by_claude: Option<String>,
}

impl Config {
    /// Reads it; all defaults when there is none.
    ///
    /// # Errors
    /// Why it cannot be read: a sentence without its period.
    pub(super) fn read(system: &System, path: &Path) -> Result<Self, String> {
        let Some(document) = document(system, path)? else {
            return Ok(Self::default());
        };
        let mut config = Self {
            order: document
                .get(&["auth", "order", PROVIDER])
                .as_ref()
                .and_then(Json::as_array)
                .map(|ids| ids.iter().filter_map(text_of).collect()),
            model_key: document
                .get(&["models", "providers", PROVIDER, "apiKey"])
                .as_ref()
                .and_then(value),
            run_by_claude: run_by_claude(&document),
            ..Self::default()
        };
        for (id, profile) in fields(document.get(&["auth", "profiles"])) {
            if profile["provider"] == PROVIDER {
                config
                    .profiles
                    .push((id, text_of(&profile["mode"]).unwrap_or_default()));
            }
        }
        for (name, found) in fields(document.get(&["env"])) {
            config
                .old_variables
                .extend(found.as_str().map(|text| (name, Secret::new(text))));
        }
        for (name, found) in fields(document.get(&["env", "vars"])) {
            config
                .variables
                .extend(found.as_str().map(|text| (name, Secret::new(text))));
        }
        Ok(config)
    }
}

/// The document; `None` when there is no file.
///
/// # Errors
/// Why it cannot be read: a sentence without its period.
pub(super) fn document(system: &System, path: &Path) -> Result<Option<Json5>, String> {
    let text = system.files.read_text(path, FILE_LIMIT);
    let Some(text) = text.map_err(|error| error.message().to_owned())? else {
        return Ok(None);
    };
    Json5::parse(&text).map(Some).map_err(|problem| {
        format!(
            "{}:{}:{}: {}",
            path.display(),
            problem.line,
            problem.column,
            problem.what
        )
    })
}

pub(super) fn text_of(value: &Json) -> Option<String> {
    value.as_str().map(str::to_owned)
}

pub(super) fn fields(object: Option<Json>) -> Vec<(String, Json)> {
    match object {
        Some(Json::Object(fields)) => fields.into_iter().collect(),
        _ => Vec::new(),
    }
}

/// A text, or a reference to one.
pub(super) fn value(found: &Json) -> Option<Value> {
    if let Some(text) = found.as_str() {
        // `${NAME}` is OpenClaw's short form of a reference to a variable.
        let name = text
            .strip_prefix("${")
            .and_then(|rest| rest.strip_suffix('}'));
        return Some(match name {
            Some(name) => Value::Reference {
                source: "env".to_owned(),
                provider: "default".to_owned(),
                id: name.to_owned(),
            },
            None => Value::Plain(Secret::new(text)),
        });
    }
    Some(Value::Reference {
        source: text_of(&found["source"])?,
        provider: text_of(&found["provider"]).unwrap_or_else(|| "default".to_owned()),
        id: text_of(&found["id"])?,
    })
}

pub(super) fn run_by_claude(document: &Json5) -> Option<String> {
    let model = document.get(&["agents", "defaults", "model"])?;
    let model = model.as_str().or_else(|| model["primary"].as_str())?;
    let path = ["agents", "defaults", "models", model, "agentRuntime", "id"];
    let runtime = document.get(&path)?;
    (runtime == "claude-cli").then(|| model.to_owned())
}
