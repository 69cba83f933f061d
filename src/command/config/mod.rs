//! `config`: where the settings are, what they say, changed one at a time, and checked.

mod check;
mod get;
mod set;

use serde_json::json;

use super::Context;
use crate::cli::config::{Config, Verb};
use crate::error::Result;
use crate::exit::Exit;

pub use set::set_model;

/// Runs the command.
///
/// # Errors
/// `Malformed` for a file with a mistake in it, with line and column; `NotFound` for a setting that
/// is not there; `Usage` for a name or value that cannot be; those of writing.
pub fn run(arguments: &Config, context: &Context<'_>) -> Result<Exit> {
    match &arguments.verb {
        Verb::Path => path(context),
        Verb::Get(arguments) => get::run(arguments, context),
        Verb::Set(arguments) => set::set(arguments, context),
        Verb::Unset(arguments) => set::unset(arguments, context),
        Verb::Check => check::run(context),
    }
}

fn path(context: &Context<'_>) -> Result<Exit> {
    let path = context.home()?.config();
    let exists = context.system.files.followed_entry(&path)?.is_some();
    let path = path.display().to_string();
    if context.ui.json {
        context
            .ui
            .document(&json!({ "schemaVersion": 1, "path": path, "exists": exists }))?;
    } else {
        context.ui.data(&format!("{path}\n"))?;
        if !exists {
            context
                .ui
                .say("There is no such file yet; `keywright config set` makes it.");
        }
    }
    Ok(Exit::Done)
}
