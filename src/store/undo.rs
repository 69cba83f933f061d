//! Taking a transaction back, and forgetting old ones. Both are writing commands: an undo is a
//! transaction itself.

use super::fingerprint::look;
use super::home::Home;
use super::journal::{Entry, Journal, State};
use super::surroundings::Changes;
use super::transaction::{Change, Receipt, Writer};
use crate::error::{Error, Kind, Result};
use crate::system::System;

/// What an undo did.
#[derive(Clone, Debug)]
pub struct Undone {
    /// What was taken back.
    pub entry: Entry,
    pub receipt: Receipt,
}

/// Every transaction that the journal still holds, oldest first. Writes nothing.
///
/// # Errors
/// `Permission` or `Io`.
pub fn history(system: &System, home: &Home) -> Result<Vec<Entry>> {
    Journal::of(system.files, home).entries()
}

/// Forgets old transactions, or all of them, with the secrets they hold. Gives the ids.
///
/// # Errors
/// `Locked`, `Permission` or `Io`.
pub fn prune(system: &System, home: &Home, all: bool) -> Result<Vec<String>> {
    if system.files.followed_entry(&home.journal())?.is_none() {
        return Ok(Vec::new());
    }
    let writer = Writer::begin(system, home)?;
    if all {
        writer.journal.prune(|_, _| false)
    } else {
        writer.prune()
    }
}

/// Gives each file of a transaction what it held before: the named one, or the last one that
/// stands.
///
/// # Errors
/// `NotFound` when there is nothing to undo; `Conflict` when one of its files changed since.
pub fn undo(system: &System, home: &Home, id: Option<&str>) -> Result<Undone> {
    if system.files.followed_entry(&home.journal())?.is_none() {
        return Err(nothing(id));
    }
    let writer = Writer::begin(system, home)?;
    let entry = choose(writer.journal.entries()?, id)?;
    let changes: Result<Vec<Change>> = entry
        .records
        .iter()
        .map(|record| {
            let now = look(system.files, &record.path)?.map(|seen| seen.fingerprint);
            if now != record.after {
                return Err(changed_since(&record.path, &entry.id));
            }
            Ok(Change {
                path: record.path.clone(),
                before: record.after.clone(),
                after: record.before.clone(),
                mode: record.mode,
            })
        })
        .collect();
    let label = format!("undo {}", entry.label);
    let changes = Changes {
        files: changes?,
        surroundings: entry.surroundings.reversed(),
    };
    let receipt = writer.apply(&label, Some(entry.id.clone()), changes)?;
    if receipt.transaction.is_none() {
        // It changed a mode alone, which stays: it must not keep earlier ones from being undone.
        writer.journal.discard(&entry.id)?;
    }
    Ok(Undone { entry, receipt })
}

fn choose(entries: Vec<Entry>, id: Option<&str>) -> Result<Entry> {
    let found = match id {
        Some(id) => entries.into_iter().find(|entry| entry.id == id),
        None => entries
            .into_iter()
            .rev()
            .find(|entry| entry.state == State::Done && entry.undoes.is_none()),
    };
    let entry = found.ok_or_else(|| nothing(id))?;
    match entry.state {
        State::Undone => Err(Error::new(
            Kind::Conflict,
            format!("{} was taken back already", entry.id),
        )
        .hint("`keywright history` shows by which transaction; undo that one to have it again.")),
        State::Damaged => Err(Error::new(
            Kind::Malformed,
            format!("the journal entry {} cannot be read", entry.id),
        )),
        State::Done | State::Pending => Ok(entry),
    }
}

fn nothing(id: Option<&str>) -> Error {
    let message = if id.is_some() {
        "there is no such transaction"
    } else {
        "there is nothing to undo"
    };
    Error::new(Kind::NotFound, message).hint("`keywright history` lists what can be taken back.")
}

fn changed_since(path: &std::path::Path, id: &str) -> Error {
    Error::new(
        Kind::Conflict,
        format!("{} changed since {id}", path.display()),
    )
    .path(path)
    .hint("Nothing was changed. `keywright history` lists later changes; undo those first.")
}
