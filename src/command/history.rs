//! `history` and `history prune`: what can be taken back, and forgetting it.

use std::fmt::Write;

use jiff::Timestamp;
use serde::Serialize;

use super::Context;
use crate::cli::history::{History, Verb};
use crate::error::Result;
use crate::exit::Exit;
use crate::store::journal::{Entry, KEPT_ENTRIES, KEPT_FOR, Record, State};
use crate::store::undo;
use crate::ui::escape;

/// Lists the journal, or prunes it.
///
/// # Errors
/// `Locked`, `Permission` or `Io`.
pub fn run(arguments: &History, context: &Context<'_>) -> Result<Exit> {
    match &arguments.verb {
        None => list(context),
        Some(Verb::Prune(arguments)) => prune(arguments.all, context),
    }
}

/// One file of a transaction, in JSON.
#[derive(Serialize)]
pub struct Touched {
    pub path: String,
    pub action: &'static str,
}

/// What a transaction did to its files.
pub fn touched(entry: &Entry) -> Vec<Touched> {
    let action = |record: &Record| match (&record.before, &record.after) {
        (None, _) => "created",
        (_, None) => "removed",
        _ => "changed",
    };
    let files = entry.records.iter();
    let files = files.map(|record| (&record.path, action(record)));
    let modes = entry.surroundings.modes.iter();
    let modes = modes.map(|mode| (&mode.path, "mode changed"));
    let folders = entry.surroundings.folders.iter();
    let folders = folders.map(|folder| {
        let action = if folder.made { "created" } else { "removed" };
        (&folder.path, action)
    });
    let all = folders.chain(files).chain(modes);
    all.map(|(path, action)| Touched {
        path: path.display().to_string(),
        action,
    })
    .collect()
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    schema_version: u32,
    /// Newest first.
    entries: Vec<Listed>,
    retention: Retention,
    /// The entries still hold what the files held before, secrets too.
    holds_former_content: bool,
}

#[derive(Serialize)]
struct Retention {
    entries: usize,
    days: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    id: String,
    label: String,
    /// `null` for a damaged entry.
    created_at: Option<Timestamp>,
    state: State,
    undoes: Option<String>,
    files: Vec<Touched>,
}

impl Listed {
    fn of(entry: Entry) -> Self {
        Self {
            created_at: (entry.state != State::Damaged).then_some(entry.created),
            files: touched(&entry),
            id: entry.id,
            label: entry.label,
            state: entry.state,
            undoes: entry.undoes,
        }
    }
}

fn list(context: &Context<'_>) -> Result<Exit> {
    let mut entries = undo::history(context.system, &context.home()?)?;
    entries.reverse();
    if context.ui.json {
        context.ui.document(&Document {
            schema_version: 1,
            holds_former_content: entries.iter().any(|entry| !entry.records.is_empty()),
            entries: entries.into_iter().map(Listed::of).collect(),
            retention: Retention {
                entries: KEPT_ENTRIES,
                days: KEPT_FOR.as_secs() / (24 * 60 * 60),
            },
        })?;
        return Ok(Exit::Done);
    }
    if entries.is_empty() {
        context.ui.say("Nothing was changed here yet.");
        return Ok(Exit::Done);
    }
    context.ui.data(&text(&entries))?;
    context.ui.say(
        "These entries still hold what the files held before, removed secrets too. `keywright history prune --all` forgets them.",
    );
    Ok(Exit::Done)
}

fn text(entries: &[Entry]) -> String {
    let mut text = String::new();
    for entry in entries {
        let state = match entry.state {
            State::Pending => " (unfinished)",
            State::Undone => " (undone)",
            State::Damaged => " (damaged)",
            State::Done => "",
        };
        let created = match entry.state {
            State::Damaged => String::new(),
            _ => entry.created.strftime("  %Y-%m-%d %H:%M:%SZ").to_string(),
        };
        let label = escape::line(&entry.label);
        let _ = writeln!(text, "{}{created}  {label}{state}", escape::line(&entry.id));
        for Touched { path, action } in touched(entry) {
            let _ = writeln!(text, "  {action}  {}", escape::line(&path));
        }
    }
    text
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Pruned {
    schema_version: u32,
    removed: Vec<String>,
}

fn prune(all: bool, context: &Context<'_>) -> Result<Exit> {
    let removed = undo::prune(context.system, &context.home()?, all)?;
    if context.ui.json {
        context.ui.document(&Pruned {
            schema_version: 1,
            removed,
        })?;
        return Ok(Exit::Done);
    }
    context.ui.say(&match removed.len() {
        0 => "There was nothing to forget.".to_owned(),
        1 => "Forgot 1 change; it can no longer be undone.".to_owned(),
        count => format!("Forgot {count} changes; they can no longer be undone."),
    });
    Ok(Exit::Done)
}
