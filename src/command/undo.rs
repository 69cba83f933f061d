//! `undo`: takes a change back.

use serde::Serialize;

use super::Context;
use super::history::{Touched, touched};
use crate::cli::undo::Undo;
use crate::error::Result;
use crate::exit::Exit;
use crate::store::journal::Entry;
use crate::store::undo::{self, Undone};
use crate::ui::escape;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    schema_version: u32,
    /// What was taken back.
    undid: String,
    label: String,
    /// This undo, which can be undone itself.
    transaction: Option<String>,
    files: Vec<Touched>,
}

/// Gives each file of a change what it held before.
///
/// # Errors
/// `NotFound` when there is nothing to undo; `Conflict` when a file changed since.
pub fn run(arguments: &Undo, context: &Context<'_>) -> Result<Exit> {
    let home = context.home()?;
    let Undone { entry, receipt } =
        undo::undo(context.system, &home, arguments.transaction.as_deref())?;
    let files = reversed(&entry);
    if context.ui.json {
        context.ui.document(&Document {
            schema_version: 1,
            undid: entry.id,
            label: entry.label,
            transaction: receipt.transaction,
            files,
        })?;
        return Ok(Exit::Done);
    }
    context.ui.say(&format!(
        "Took back {}: {}.",
        entry.id,
        escape::line(&entry.label)
    ));
    for Touched { path, action } in files {
        context
            .ui
            .say(&format!("  {action}  {}", escape::line(&path)));
    }
    if let Some(id) = receipt.transaction {
        context
            .ui
            .say(&format!("`keywright undo {id}` brings it back."));
    }
    Ok(Exit::Done)
}

/// What taking it back did to each file.
fn reversed(entry: &Entry) -> Vec<Touched> {
    let mut files = touched(entry);
    for file in &mut files {
        file.action = if file.action == "created" {
            "removed"
        } else {
            "restored"
        };
    }
    files
}
