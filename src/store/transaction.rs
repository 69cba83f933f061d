//! The one transactional writer: lock, recover, compare with what the plan saw, journal, write,
//! mark as done. Whatever happens in between, afterwards each file is exactly old or exactly new,
//! and all files of a transaction are the same of the two.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::fingerprint::{Fingerprint, Seen, look};
use super::guard;
use super::home::Home;
use super::journal::{self, Entry, Journal, KEPT_ENTRIES, KEPT_FOR, Record, State};
use super::lock::{Lock, PATIENCE};
use super::recovery;
use super::surroundings::Changes;
use super::usage;
use crate::error::{Error, Kind, Result};
use crate::system::files::Entry as FileEntry;
use crate::system::{Files, Mode, System};

/// One file to change.
#[derive(Clone)]
pub struct Change {
    pub path: PathBuf,
    /// What the plan saw; `None` when the file was not there.
    pub before: Option<Fingerprint>,
    /// The new bytes; `None` removes the file.
    pub after: Option<Zeroizing<Vec<u8>>>,
    pub mode: Mode,
}

/// What a transaction did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// For `undo`; `None` when everything was as it should be already.
    pub transaction: Option<String>,
    /// The files and folders that were changed, as they were named.
    pub paths: Vec<PathBuf>,
}

impl Change {
    /// Gives `path` new bytes; mode 0600.
    #[must_use]
    pub fn write(path: PathBuf, before: Option<Fingerprint>, after: Zeroizing<Vec<u8>>) -> Self {
        Self {
            path,
            before,
            after: Some(after),
            mode: Mode::Private,
        }
    }

    /// Bytes that are as they should be may stand in a file that others can read.
    fn is_needed(&self, files: Files) -> Result<bool> {
        let after = self.after.as_ref().map(|bytes| Fingerprint::of(bytes));
        if after != self.before {
            return Ok(true);
        }
        let is_open = |entry: FileEntry| entry.mode & 0o077 != 0;
        let found = files.followed_entry(&self.path)?;
        Ok(self.mode == Mode::Private && found.is_some_and(is_open))
    }
}

/// Does the changes of a plan, all or none.
///
/// # Errors
/// `Conflict` when a file is no longer what the plan saw (plan again); `Locked`; `Permission`,
/// `CannotCreate` or `Io` when a file cannot be written: then nothing is changed.
pub fn commit(system: &System, home: &Home, label: &str, changes: Vec<Change>) -> Result<Receipt> {
    commit_all(system, home, label, changes.into())
}

/// As [`commit`], with modes and folders besides the files.
///
/// # Errors
/// As [`commit`].
pub fn commit_all(system: &System, home: &Home, label: &str, changes: Changes) -> Result<Receipt> {
    let writer = Writer::begin(system, home)?;
    writer.apply(label, None, changes)
}

/// As [`commit`], with changes that are planned while the lock is held: no conflict is possible
/// with another keywright.
///
/// # Errors
/// Those of `plan` and of [`commit`].
pub fn update(
    system: &System,
    home: &Home,
    label: &str,
    plan: impl FnOnce() -> Result<Vec<Change>>,
) -> Result<Receipt> {
    let writer = Writer::begin(system, home)?;
    let changes = plan()?;
    writer.apply(label, None, changes.into())
}

/// Who holds the lock of a home whose journal is in order.
pub(super) struct Writer<'a> {
    system: &'a System,
    files: Files,
    home: &'a Home,
    pub(super) journal: Journal,
    _lock: Lock,
}

impl<'a> Writer<'a> {
    /// Creates our folders, takes the lock and recovers what another writer left behind.
    pub(super) fn begin(system: &'a System, home: &'a Home) -> Result<Self> {
        let files = system.files;
        guard::home(files, home)?;
        files.create_private_folder(&home.journal())?;
        let lock = Lock::acquire(files, &home.lock(), PATIENCE)?;
        let journal = Journal::of(files, home);
        recovery::recover(files, &journal)?;
        // What is written without an entry in the journal leaves only this behind.
        journal::sweep(files, &home.state(), &usage::temporary_prefix())?;
        Ok(Self {
            system,
            files,
            home,
            journal,
            _lock: lock,
        })
    }

    /// Journals and does the changes.
    pub(super) fn apply(
        &self,
        label: &str,
        undoes: Option<String>,
        planned: Changes,
    ) -> Result<Receipt> {
        let Changes {
            files: planned,
            mut surroundings,
        } = planned;
        surroundings.compare(self.files)?;
        let mut records = Vec::with_capacity(planned.len());
        let mut changes = Vec::with_capacity(planned.len());
        for change in planned {
            let record = self.compare(&change)?;
            if change.is_needed(self.files)? {
                records.push(record);
                changes.push(change);
            }
        }
        if changes.is_empty() && surroundings.is_empty() {
            return Ok(Receipt {
                transaction: None,
                paths: Vec::new(),
            });
        }
        self.create_folders(&changes)?;
        let now = self.system.clock.now();
        let entry = Entry {
            id: self.journal.next_id(now)?,
            label: label.to_owned(),
            created: now,
            undoes,
            state: State::Pending,
            records,
            surroundings,
        };
        let begun = self.journal.begin(&entry);
        let written = begun.and_then(|()| self.write(&entry, &changes));
        if let Err(error) = written.and_then(|()| self.journal.finish(&entry.id)) {
            // The entry may stand even where putting it there failed at the very end. What is left
            // undone here is done by the next writer.
            let _ = recovery::take_back(self.files, &self.journal, &entry);
            return Err(error);
        }
        // The changes stand; what cannot be forgotten now is forgotten by the next writer.
        let _ = self.prune();
        let mut paths: Vec<PathBuf> = changes.into_iter().map(|change| change.path).collect();
        paths.extend(entry.surroundings.modes.into_iter().map(|mode| mode.path));
        Ok(Receipt {
            transaction: Some(entry.id),
            paths,
        })
    }

    /// The record of a change, when the file still is what the plan saw.
    fn compare(&self, change: &Change) -> Result<Record> {
        if change.mode == Mode::Private {
            guard::private_file(self.files, &change.path)?;
        }
        let seen = look(self.files, &change.path)?;
        let now = seen.as_ref().map(|seen| &seen.fingerprint);
        if now != change.before.as_ref() {
            return Err(changed_meanwhile(&change.path));
        }
        Ok(Record {
            path: change.path.clone(),
            before: seen.map(|Seen { bytes, .. }| bytes),
            after: change.after.as_ref().map(|bytes| Fingerprint::of(bytes)),
            mode: change.mode,
        })
    }

    /// Our own folders only: a missing folder of another program is an error.
    fn create_folders(&self, changes: &[Change]) -> Result<()> {
        for change in changes {
            if let Some(folder) = change.path.parent()
                && folder.starts_with(self.home.root())
            {
                self.files.create_private_folder(folder)?;
            }
        }
        Ok(())
    }

    fn write(&self, entry: &Entry, changes: &[Change]) -> Result<()> {
        entry.surroundings.before_files(self.files)?;
        for change in changes {
            match &change.after {
                Some(bytes) => {
                    self.files
                        .write_atomic_as(&entry.id, &change.path, bytes, change.mode)?;
                }
                None => self.files.remove(&change.path)?,
            }
        }
        entry.surroundings.after_files(self.files)
    }

    /// Keeps what the retention allows.
    pub(super) fn prune(&self) -> Result<Vec<String>> {
        let now = self.system.clock.now();
        self.journal.prune(|age, begun| {
            let since = now.duration_since(begun);
            age < KEPT_ENTRIES && since.unsigned_abs() < KEPT_FOR
        })
    }
}

/// The refusal of a file that is not what the plan saw.
pub(super) fn changed_meanwhile(path: &Path) -> Error {
    Error::new(
        Kind::Conflict,
        format!("{} changed meanwhile", path.display()),
    )
    .path(path)
    .hint("Nothing was changed. Run the command again.")
}
