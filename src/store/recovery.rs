//! What a writer that was killed left behind is finished or taken back by the next one.

use std::path::Path;

use super::fingerprint::{Fingerprint, look};
use super::journal::{self, Entry, Journal, Record, State};
use crate::error::Result;
use crate::system::Files;
use crate::system::files::TEMPORARY_PREFIX;

/// Finishes or takes back every unfinished transaction. Only for who holds the lock.
///
/// # Errors
/// `Malformed` for an unfinished entry that cannot be read; else those of writing.
pub fn recover(files: Files, journal: &Journal) -> Result<()> {
    journal.sweep()?;
    if journal.unfinished()?.is_empty() {
        return Ok(());
    }
    for entry in journal.entries()? {
        if entry.state == State::Pending {
            if entry.is_empty() {
                return Err(journal.unreadable(&entry.id));
            }
            settle(files, journal, &entry)?;
        }
    }
    Ok(())
}

/// Forward when every file was written, else back.
fn settle(files: Files, journal: &Journal, entry: &Entry) -> Result<()> {
    let mut written = entry.surroundings.stands(files)?;
    for record in &entry.records {
        written &= now(files, &record.path)? == record.after;
    }
    if written {
        sweep(files, entry)?;
        return journal.finish(&entry.id);
    }
    take_back(files, journal, entry)
}

/// Gives each file that was written what it held before. A file that somebody else changed since
/// is left alone, and the entry stays in the history for its sake.
///
/// # Errors
/// Those of writing; then the entry stays unfinished.
pub fn take_back(files: Files, journal: &Journal, entry: &Entry) -> Result<()> {
    sweep(files, entry)?;
    let back = entry.surroundings.done(files)?.reversed();
    back.before_files(files)?;
    let mut foreign = false;
    for record in &entry.records {
        let found = now(files, &record.path)?;
        if found == before(record) {
            continue;
        }
        if found != record.after {
            foreign = true;
            continue;
        }
        match &record.before {
            Some(bytes) => files.write_atomic_as(&entry.id, &record.path, bytes, record.mode)?,
            None => files.remove(&record.path)?,
        }
    }
    back.after_files(files)?;
    if foreign {
        journal.finish(&entry.id)
    } else {
        journal.discard(&entry.id)
    }
}

/// Removes the temporary files of this transaction, where its files really are.
fn sweep(files: Files, entry: &Entry) -> Result<()> {
    let prefix = format!("{TEMPORARY_PREFIX}{}.", entry.id);
    for record in &entry.records {
        let target = files.resolve(&record.path)?;
        if let Some(folder) = target.parent() {
            journal::sweep(files, folder, &prefix)?;
        }
    }
    Ok(())
}

fn now(files: Files, path: &Path) -> Result<Option<Fingerprint>> {
    Ok(look(files, path)?.map(|seen| seen.fingerprint))
}

fn before(record: &Record) -> Option<Fingerprint> {
    record.before.as_ref().map(|bytes| Fingerprint::of(bytes))
}
