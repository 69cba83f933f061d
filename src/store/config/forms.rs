//! Clawdbot's forms of settings, rewritten as ours. They are understood wherever the configuration
//! is read; a command that writes the file anyway makes them the usual ones.

use serde_json::{Value, json};

use super::key::Key;
use super::modes::is_old_login;
use crate::document::json5::Json5;
use crate::error::Result;

/// Keys of `env` that are no variables.
pub(super) const NO_VARIABLES: &[&str] = &["vars", "shellEnv"];

/// Rewrites them, and gives the paths of those that were found.
///
/// # Errors
/// `Config` when something else than an object stands where an object must.
pub fn modernise(document: &mut Json5) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let object = |document: &Json5, path: &[&str]| match document.get(path) {
        Some(Value::Object(object)) => object,
        _ => serde_json::Map::new(),
    };
    for (name, value) in object(document, &["env"]) {
        if NO_VARIABLES.contains(&name.as_str()) || !value.is_string() {
            continue;
        }
        // What stands in `env.vars` already counts.
        if document.get(&["env", "vars", &name]).is_none() {
            document.set(&["env", "vars", &name], &value)?;
        }
        document.remove(&["env", &name]);
        found.push(format!("env.{name}"));
    }
    let model = ["agents", "defaults", "model"];
    if let Some(Value::String(text)) = document.get(&model) {
        document.set(&model, &json!({ "primary": text }))?;
        found.push(model.join("."));
    }
    for (id, profile) in object(document, &["auth", "profiles"]) {
        let mode = profile.get("mode").and_then(Value::as_str);
        if mode.is_some_and(|mode| is_old_login(&id, mode)) {
            document.set(&["auth", "profiles", &id, "mode"], &json!("oauth"))?;
            found.push(format!("auth.profiles[\"{id}\"].mode"));
        }
    }
    Ok(found)
}

/// Where a text is set whose name is in Clawdbot's form.
#[must_use]
pub(super) fn usual(key: &Key, value: Option<&Value>) -> Key {
    let is_text = value.is_some_and(Value::is_string);
    let usual: Vec<&str> = match key.path().as_slice() {
        ["env", name] if is_text && !NO_VARIABLES.contains(name) => vec!["env", "vars", name],
        model @ ["agents", "defaults", "model"] if is_text => [model, &["primary"]].concat(),
        _ => return key.clone(),
    };
    Key(usual.into_iter().map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str, count: usize) {
        let mut document = Json5::parse(text).expect("JSON5");
        let found = modernise(&mut document).expect("rewritten");
        assert_eq!(found.len(), count, "{found:?}");
        let rendered = String::from_utf8(document.render().to_vec()).expect("text");
        let value = |text: &str| Json5::parse(text).expect("JSON5").get(&["a"]);
        let whole = |text: &str| value(&format!("{{a: {text}}}"));
        assert_eq!(whole(&rendered), whole(expected), "{rendered}");
        assert!(modernise(&mut document).expect("again").is_empty());
    }

    #[test]
    fn old_forms_become_ours() {
        check("{x: 1}", "{x: 1}", 0);
        check(
            "{env: {A: 'x', vars: {B: 'y'}, shellEnv: {enabled: true}}}",
            "{env: {vars: {B: 'y', A: 'x'}, shellEnv: {enabled: true}}}",
            1,
        );
        check(
            "{env: {A: 'x', vars: {A: 'y'}}}",
            "{env: {vars: {A: 'y'}}}",
            1,
        );
        check(
            "{agents: {defaults: {model: 'a/b'}}}",
            "{agents: {defaults: {model: {primary: 'a/b'}}}}",
            1,
        );
        check(
            "{auth: {profiles: {'anthropic:claude-cli': {mode: 'token'}, 'anthropic:manual': {mode: 'token'}}}}",
            "{auth: {profiles: {'anthropic:claude-cli': {mode: 'oauth'}, 'anthropic:manual': {mode: 'token'}}}}",
            1,
        );
    }

    #[test]
    fn comments_stay() {
        let mut document =
            Json5::parse("{ // mine\n  env: { A: 'x' }, // here\n}\n").expect("JSON5");
        modernise(&mut document).expect("rewritten");
        let text = String::from_utf8(document.render().to_vec()).expect("text");
        assert!(
            text.contains("// mine") && text.contains("// here"),
            "{text}"
        );
    }
}
