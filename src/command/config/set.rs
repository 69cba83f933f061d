//! `config set`, `config unset` and `models set`: one setting changed, everything else kept.

use serde_json::{Value, json};

use crate::cli::config::{Set, Unset};
use crate::command::Context;
use crate::command::auth::provider;
use crate::document::json5::Json5;
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::provider::paste::{self, looks_like_secret};
use crate::store::config::edit::{self, Edited};
use crate::store::config::key::Key;
use crate::store::config::schema::{is_known, provider_of, takes_text};
use crate::system::input;
use crate::ui::escape;
use crate::wizard::catalog;

/// The setting of the default model.
const DEFAULT_MODEL: &str = "agents.defaults.model.primary";

/// Sets a setting.
///
/// # Errors
/// As [`super::run`].
pub fn set(arguments: &Set, context: &Context<'_>) -> Result<Exit> {
    let key = Key::parse(&arguments.key)?;
    let text = if arguments.value == "-" {
        from_stdin(context)?
    } else {
        if looks_like_secret(&arguments.value) {
            context.ui.warn(
                "a secret on the command line can be seen by every user of this machine, and stays in the shell's history; give `-` and pipe it in.",
            );
        }
        zeroize::Zeroizing::new(arguments.value.clone())
    };
    let value = match read(&text) {
        value @ Value::String(_) => value,
        _ if takes_text(&key) => Value::from(text.as_str()),
        value => value,
    };
    let edited = edit::change(context.system, &context.home()?, &key, Some(&value))?;
    let what = if edited.receipt.transaction.is_some() {
        format!("Set {key}.")
    } else {
        format!("{key} is so already: nothing was changed.")
    };
    if !is_known(&key) {
        context.ui.warn(&format!(
            "{} is no setting of keywright: nobody here reads it.",
            escape::typed(&key.to_string())
        ));
    }
    report(&key, &edited, &what, context)
}

/// Removes a setting.
///
/// # Errors
/// As [`super::run`].
pub fn unset(arguments: &Unset, context: &Context<'_>) -> Result<Exit> {
    let key = Key::parse(&arguments.key)?;
    let edited = edit::change(context.system, &context.home()?, &key, None)?;
    if !edited.found {
        let message = format!("{} is not set", escape::typed(&key.to_string()));
        return Err(
            Error::new(Kind::NotFound, message).hint("`keywright config get` shows every setting.")
        );
    }
    report(&key, &edited, &format!("Removed {key}."), context)
}

/// Sets the default model.
///
/// # Errors
/// `Usage` for what is no model id, or names no provider that is known; those of writing.
pub fn set_model(model: &str, context: &Context<'_>) -> Result<Exit> {
    let validator = catalog::validator("model-id");
    let checked = validator.map_or_else(|| Ok(model.to_owned()), |v| (v.check)(model));
    let model =
        checked.map_err(|why| Error::usage(why).hint("such as anthropic/claude-sonnet-4-5."))?;
    if let Some(name) = provider_of(&model) {
        let sources = context.sources()?;
        provider::known(name, &provider::others(&sources))?;
    }
    let key = Key::parse(DEFAULT_MODEL)?;
    let value = Value::from(model.as_str());
    let edited = edit::change(context.system, &context.home()?, &key, Some(&value))?;
    let what = if edited.receipt.transaction.is_some() {
        format!("The default model is {model} now.")
    } else {
        format!("The default model is {model} already: nothing was changed.")
    };
    if context.ui.json {
        context.ui.document(&json!({
            "schemaVersion": 1,
            "defaultModel": model,
            "changed": edited.receipt.transaction.is_some(),
            "transaction": edited.receipt.transaction,
        }))?;
        return Ok(Exit::Done);
    }
    report(&key, &edited, &what, context)
}

/// JSON5 where it is that, else text.
fn read(text: &str) -> Value {
    let document = Json5::parse(text).ok();
    document
        .and_then(|document| document.whole())
        .unwrap_or_else(|| Value::from(text))
}

/// The text on standard input, without its last line break.
fn from_stdin(context: &Context<'_>) -> Result<zeroize::Zeroizing<String>> {
    if context.system.terminal.stdin {
        return Err(
            Error::usage("standard input is the terminal, which would show what is typed")
                .hint("pipe the value in."),
        );
    }
    let bytes = input::read_stdin(paste::INPUT_LIMIT)?;
    let text = paste::decode(&bytes)?;
    Ok(zeroize::Zeroizing::new(
        text.trim_end_matches(['\r', '\n']).to_owned(),
    ))
}

fn report(key: &Key, edited: &Edited, what: &str, context: &Context<'_>) -> Result<Exit> {
    let changed = edited.receipt.transaction.is_some();
    let ui = context.ui;
    if ui.json {
        ui.document(&json!({
            "schemaVersion": 1,
            "key": key.to_string(),
            "changed": changed,
            "rewritten": edited.rewritten,
            "path": context.home()?.config().display().to_string(),
            "transaction": edited.receipt.transaction,
        }))?;
        return Ok(Exit::Done);
    }
    ui.say(&escape::line(what));
    if !edited.rewritten.is_empty() {
        let names = escape::line(&edited.rewritten.join(", ")).into_owned();
        ui.say(&format!("Clawdbot's form was made the usual one: {names}."));
    }
    if changed {
        ui.say("`keywright undo` takes it back.");
    }
    Ok(Exit::Done)
}
