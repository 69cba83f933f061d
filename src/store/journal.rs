//! What was changed, kept for crash recovery and for `undo`: one file per transaction, with what
//! each file held before. An entry is `.pending.json` until every file is written and
//! `.done.json` from then on, so that one rename decides which it is.

mod entry;

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::{Timestamp, Zoned, tz::TimeZone};
use zeroize::Zeroizing;

pub use entry::{Entry, Record, State};

use super::home::Home;
use crate::error::{Error, Kind, Result};
use crate::system::files::{TEMPORARY_PREFIX, TEMPORARY_SUFFIX};
use crate::system::{Files, Mode};

/// Entries kept.
pub const KEPT_ENTRIES: usize = 5;

/// How long an entry is kept.
pub const KEPT_FOR: Duration = Duration::from_hours(7 * 24);

/// An entry holds copies of whole documents.
const SIZE_LIMIT: usize = 64 * 1024 * 1024;

const PENDING: &str = ".pending.json";
const DONE: &str = ".done.json";

/// The journal of one home.
#[derive(Clone, Debug)]
pub struct Journal {
    files: Files,
    home: PathBuf,
    folder: PathBuf,
}

impl Journal {
    #[must_use]
    pub fn of(files: Files, home: &Home) -> Self {
        Self {
            files,
            home: home.root().to_path_buf(),
            folder: home.journal(),
        }
    }

    /// Every entry, oldest first. Entries that cannot be read are listed as damaged.
    ///
    /// # Errors
    /// `Permission` or `Io`.
    pub fn entries(&self) -> Result<Vec<Entry>> {
        let names = self.names()?;
        let entries: Result<Vec<Entry>> = names.iter().map(|name| self.read(name)).collect();
        let mut entries = entries?;
        entries.sort_by_key(Entry::sequence);
        entry::mark_undone(&mut entries);
        Ok(entries)
    }

    /// Ids of transactions that were begun and not finished. Reads no content.
    ///
    /// # Errors
    /// As [`Journal::entries`].
    pub fn unfinished(&self) -> Result<Vec<String>> {
        let names = self.names()?;
        let ids = names.iter().filter_map(|name| name.strip_suffix(PENDING));
        Ok(ids.map(str::to_owned).collect())
    }

    /// The entries made before `time`, by their ids; the others are not opened. Those that cannot
    /// be read are left out.
    ///
    /// # Errors
    /// As [`Journal::entries`].
    pub fn older_than(&self, time: Timestamp) -> Result<Vec<Entry>> {
        let end = stamp(time);
        let mut names = self.names()?;
        names.retain(|name| name.as_str() < end.as_str());
        let entries: Result<Vec<Entry>> = names.iter().map(|name| self.read(name)).collect();
        let mut entries = entries?;
        entries.retain(|entry| entry.state != State::Damaged && entry.created < time);
        Ok(entries)
    }

    /// An id for the next transaction: time for people, a number for the order.
    ///
    /// # Errors
    /// As [`Journal::entries`].
    pub fn next_id(&self, now: Timestamp) -> Result<String> {
        let names = self.names()?;
        let last = names.iter().map(|name| entry::sequence(id_of(name))).max();
        Ok(format!("{}-{}", stamp(now), last.unwrap_or_default() + 1))
    }

    /// Puts an entry on disk before the first file is changed.
    ///
    /// # Errors
    /// As [`Files::write_atomic`].
    pub fn begin(&self, entry: &Entry) -> Result<()> {
        let bytes = entry.render(&self.home)?;
        self.files
            .write_atomic(&self.path(&entry.id, PENDING), &bytes, Mode::Private)
    }

    /// Every file is written: the transaction is done.
    ///
    /// # Errors
    /// As [`Files::rename`].
    pub fn finish(&self, id: &str) -> Result<()> {
        self.files
            .rename(&self.path(id, PENDING), &self.path(id, DONE))
    }

    /// Takes an entry out, whatever its state.
    ///
    /// # Errors
    /// As [`Files::remove`].
    pub fn discard(&self, id: &str) -> Result<()> {
        self.files.remove(&self.path(id, PENDING))?;
        self.files.remove(&self.path(id, DONE))
    }

    /// Removes what `keep` does not want: it gets the age of an entry, counted from the newest, and
    /// when it was begun. Gives the ids removed. Names alone are looked at: an entry holds a whole
    /// store, and a writer has no time to read them all.
    ///
    /// # Errors
    /// As [`Files::remove`].
    pub fn prune(&self, keep: impl Fn(usize, Timestamp) -> bool) -> Result<Vec<String>> {
        let mut names = self.names()?;
        names.sort_by_key(|name| std::cmp::Reverse(entry::sequence(id_of(name))));
        let mut removed = Vec::new();
        for (age, name) in names.iter().enumerate() {
            let id = id_of(name);
            let created = entry::begun(id).unwrap_or(Timestamp::UNIX_EPOCH);
            if name.ends_with(DONE) && !keep(age, created) {
                self.discard(id)?;
                removed.push(id.to_owned());
            }
        }
        Ok(removed)
    }

    /// Temporary files of a writer that was killed while it wrote the journal. Only for who
    /// holds the lock.
    ///
    /// # Errors
    /// As [`Files::remove`].
    pub fn sweep(&self) -> Result<()> {
        sweep(self.files, &self.folder, TEMPORARY_PREFIX)
    }

    fn names(&self) -> Result<Vec<String>> {
        let mut names = self.files.list(&self.folder)?;
        names.retain(|name| {
            !name.starts_with('.') && (name.ends_with(PENDING) || name.ends_with(DONE))
        });
        Ok(names)
    }

    fn path(&self, id: &str, state: &str) -> PathBuf {
        self.folder.join(format!("{id}{state}"))
    }

    fn read(&self, name: &str) -> Result<Entry> {
        let path = self.folder.join(name);
        let id = id_of(name);
        let pending = name.ends_with(PENDING);
        let text = match self.files.read_text(&path, SIZE_LIMIT) {
            Err(error) if error.kind() != Kind::Malformed => return Err(error),
            other => other.ok().flatten(),
        };
        let parsed = text.and_then(|text: Zeroizing<String>| Entry::parse(&text, id, &self.home));
        let mut entry = parsed.unwrap_or_else(|| Entry::damaged(id));
        if pending {
            entry.state = State::Pending;
        }
        Ok(entry)
    }

    /// The refusal for an unfinished entry that cannot be read.
    #[must_use]
    pub fn unreadable(&self, id: &str) -> Error {
        let path = self.path(id, PENDING);
        Error::new(
            Kind::Malformed,
            format!(
                "the unfinished journal entry {} cannot be read",
                path.display()
            ),
        )
        .path(path)
        .hint("Check with `keywright doctor` whether the store is whole, then move this file away.")
    }
}

/// How an id begins: in the order of time as text, too.
fn stamp(time: Timestamp) -> String {
    let time = Zoned::new(time, TimeZone::UTC);
    time.strftime("%Y%m%d-%H%M%S").to_string()
}

fn id_of(name: &str) -> &str {
    name.strip_suffix(PENDING)
        .or_else(|| name.strip_suffix(DONE))
        .unwrap_or(name)
}

/// Removes temporary files of ours that start with `prefix` from a folder.
///
/// # Errors
/// As [`Files::remove`].
pub fn sweep(files: Files, folder: &Path, prefix: &str) -> Result<()> {
    for name in files.list(folder)? {
        if name.starts_with(prefix) && name.ends_with(TEMPORARY_SUFFIX) {
            files.remove(&folder.join(name))?;
        }
    }
    Ok(())
}
