//! `config get`: what the file says, with what may be a secret masked.

use serde_json::{Value, json};

use crate::cli::config::Get;
use crate::command::Context;
use crate::document::json5::Json5;
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::provider::paste::looks_like_secret;
use crate::secret::Secret;
use crate::store::config::{self, key::Key};
use crate::ui::escape;

/// Names of settings of other programs whose values are secrets, in lower case; they may end a
/// longer name, and may stand in the plural.
const SECRET_NAMES: &[&str] = &[
    "authorization",
    "bearer",
    "cookie",
    "credential",
    "key",
    "passphrase",
    "passwd",
    "password",
    "secret",
    "signature",
    "token",
];
/// Everything below these may be one.
const SECRET_GROUPS: &[&str] = &["args", "env", "headers"];

/// Shows one setting or all.
///
/// # Errors
/// As [`super::run`].
pub fn run(arguments: &Get, context: &Context<'_>) -> Result<Exit> {
    let home = context.home()?;
    let key = arguments.key.as_deref().map(Key::parse).transpose()?;
    let path = home.config();
    let text = config::text(context.system, &home)?;
    let document = text
        .as_ref()
        .map(|text| Json5::parse(text).map_err(|problem| config::malformed(problem, &path)))
        .transpose()?;
    let found = match (&document, &key) {
        (Some(document), Some(key)) => document.get(&key.path()),
        (Some(document), None) => document.whole(),
        (None, _) => None,
    };
    let Some(value) = found.or_else(|| key.is_none().then(|| json!({}))) else {
        let name = key.as_ref().map(ToString::to_string).unwrap_or_default();
        let message = format!("{} is not set", escape::typed(&name));
        return Err(Error::new(Kind::NotFound, message)
            .path(&path)
            .hint("`keywright config get` shows every setting."));
    };
    let start = key.as_ref().map_or_else(Vec::new, |key| key.0.clone());
    let shown = masked(value, &mut start.clone());
    if context.ui.json {
        let key = key.map(|key| key.to_string());
        context
            .ui
            .document(&json!({ "schemaVersion": 1, "key": key, "value": shown }))?;
        return Ok(Exit::Done);
    }
    let text = match &shown {
        Value::String(text) => escape::line(text).into_owned(),
        other => serde_json::to_string_pretty(other).unwrap_or_default(),
    };
    context.ui.data(&format!("{text}\n"))?;
    Ok(Exit::Done)
}

/// The value with everything masked that may be a secret, by its place, name or look.
fn masked(value: Value, path: &mut Vec<String>) -> Value {
    match value {
        Value::String(text) if is_secret_place(path) || holds_secret(&text) => {
            Value::String(Secret::new(text).mask())
        }
        Value::Number(number) if is_in_group(path) => {
            Value::String(Secret::new(number.to_string()).mask())
        }
        Value::Array(values) => Value::Array(
            values
                .into_iter()
                .map(|value| masked(value, path))
                .collect(),
        ),
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| {
                path.push(name.clone());
                let value = masked(value, path);
                path.pop();
                (name, value)
            })
            .collect::<serde_json::Map<_, _>>()
            .into(),
        other => other,
    }
}

fn is_secret_place(path: &[String]) -> bool {
    let last = path.last().map(|name| name.to_lowercase());
    let last = last.unwrap_or_default();
    let singular = last.strip_suffix('s').unwrap_or(&last);
    SECRET_NAMES.iter().any(|word| singular.ends_with(word)) || is_in_group(path)
}

fn is_in_group(path: &[String]) -> bool {
    // These are no variables.
    if matches!(path, [env, shell, ..] if env == "env" && shell == "shellEnv") {
        return false;
    }
    let is_group = |name: &String| SECRET_GROUPS.contains(&name.to_lowercase().as_str());
    path.iter().any(is_group)
}

/// A text that looks like a secret, or an address with a user or a query, which may be one.
fn holds_secret(text: &str) -> bool {
    let address = text.split_once("://").is_some_and(|(_, rest)| {
        let host = rest.split(['/', '#']).next().unwrap_or_default();
        host.contains('@') || rest.contains('?')
    });
    address || looks_like_secret(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_a_secret_is_masked() {
        let check = |path: &[&str], value: Value, expected: Value| {
            let mut path = path.iter().map(|name| (*name).to_owned()).collect();
            assert_eq!(masked(value, &mut path), expected);
        };
        let key = format!("sk-ant-api03-{}4f2A", "x".repeat(91));
        check(&["env", "vars", "A"], json!("plain"), json!("…"));
        check(
            &["env"],
            json!({"B": "plain", "vars": {"A": key}}),
            json!({"B": "…", "vars": {"A": "sk-ant-api03-…4f2A"}}),
        );
        check(
            &["env"],
            json!({"shellEnv": {"enabled": true}}),
            json!({"shellEnv": {"enabled": true}}),
        );
        check(
            &["models"],
            json!({"apiKey": "short", "apiKeys": ["short"], "id": "m-1", "maxTokens": 5}),
            json!({"apiKey": "…", "apiKeys": ["…"], "id": "m-1", "maxTokens": 5}),
        );
        check(
            &["models", "providers", "acme"],
            json!({"headers": {"Authorization": "Bearer x", "n": 1}, "baseUrl": "https://a.example/v1"}),
            json!({"headers": {"Authorization": "…", "n": "…"}, "baseUrl": "https://a.example/v1"}),
        );
        check(
            &["secrets", "providers", "vault"],
            json!({"command": "/bin/vault", "args": ["-p", "x"], "env": {"A": "x"}}),
            json!({"command": "/bin/vault", "args": ["…", "…"], "env": {"A": "…"}}),
        );
        check(
            &["env", "vars"],
            json!({"A": {"b": "x"}}),
            json!({"A": {"b": "…"}}),
        );
        for address in ["https://u:p@a.example", "https://a.example/?k=v"] {
            check(&["x"], json!(address), json!("…"));
        }
        check(
            &["x"],
            json!([key, "a"]),
            json!(["sk-ant-api03-…4f2A", "a"]),
        );
        check(
            &["auth", "order", "anthropic"],
            json!(["anthropic:work"]),
            json!(["anthropic:work"]),
        );
    }
}
