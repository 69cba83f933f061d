//! Working copies of what a plan changes. Several remedies may change one file: each sees what the
//! one before it made.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Serialize;
use zeroize::Zeroizing;

use crate::document::diff::Line;
use crate::error::{Error, Kind, Result};
use crate::store::fingerprint::{Seen, look};
use crate::store::surroundings::Surroundings;
use crate::store::{Change, Changes, FolderChange, ModeChange};
use crate::system::files::{Entry, EntryKind};
use crate::system::{Files, Mode};

/// Readable and writable by its owner alone.
const PRIVATE: u32 = 0o600;

/// What would be changed.
#[derive(Clone, Default)]
pub struct Draft {
    files: BTreeMap<PathBuf, Working>,
    /// Bits before and after.
    modes: BTreeMap<PathBuf, (u32, u32)>,
    folders: Vec<PathBuf>,
    /// Old changes of ours are forgotten, and cut off ones finished.
    pub prunes: bool,
}

/// A file that is edited.
#[derive(Clone)]
struct Working {
    before: Option<Seen>,
    /// Of the file that is there, or that is made.
    mode: u32,
    after: Option<Zeroizing<Vec<u8>>>,
    lines: Vec<Line>,
    about: Option<String>,
}

/// One file or folder of the plan, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct FileChange {
    pub path: String,
    pub creates: bool,
    pub removes: bool,
    /// Permission bits in octal, where they change.
    pub mode_before: Option<String>,
    pub mode_after: Option<String>,
    /// What happens to the whole file, in a few words.
    pub about: Option<String>,
    pub lines: Vec<Line>,
}

impl Draft {
    /// The text of a file as it is by now; `None` where there is none.
    ///
    /// # Errors
    /// `Permission` for a file of somebody else, `Conflict` for one with several names, `Malformed`
    /// for what is no text.
    pub(super) fn text(&mut self, files: Files, path: &Path) -> Result<Option<Zeroizing<String>>> {
        let working = self.open(files, path)?;
        let Some(bytes) = &working.after else {
            return Ok(None);
        };
        let text = std::str::from_utf8(bytes).map_err(|_| {
            let message = format!("{} is not UTF-8 text", path.display());
            Error::new(Kind::Malformed, message).path(path)
        })?;
        Ok(Some(Zeroizing::new(text.to_owned())))
    }

    /// Gives a file another content.
    ///
    /// # Errors
    /// As [`Draft::text`].
    pub(super) fn write(
        &mut self,
        files: Files,
        path: &Path,
        (bytes, lines): (Zeroizing<Vec<u8>>, Vec<Line>),
    ) -> Result<()> {
        let working = self.open(files, path)?;
        working.after = Some(bytes);
        working.lines.extend(lines);
        self.make_folders(files, path)
    }

    /// Gives a file another name; the first of `to`, `to-2` … at which nothing stands.
    ///
    /// # Errors
    /// `NotFound` where there is no file, `Conflict` where no name is free.
    pub(super) fn move_away(&mut self, files: Files, path: &Path, to: &Path) -> Result<()> {
        let free = self.free_name(files, to)?;
        let working = self.open(files, path)?;
        let Some(bytes) = working.after.take() else {
            return Err(absent(path));
        };
        working.about = Some(format!("moved to {}", free.display()));
        let mode = working.mode;
        let moved = self.open(files, &free)?;
        moved.after = Some(bytes);
        moved.mode = mode;
        moved.about = Some(format!("what {} held", path.display()));
        Ok(())
    }

    /// Puts a copy of `from` where nothing stands any more.
    ///
    /// # Errors
    /// `NotFound` or `Conflict`; as [`Draft::text`].
    pub(super) fn copy(&mut self, files: Files, from: &Path, path: &Path) -> Result<()> {
        let Some(seen) = look(files, from)? else {
            return Err(absent(from));
        };
        let working = self.open(files, path)?;
        if working.after.is_some() {
            return Err(taken(path));
        }
        working.after = Some(seen.bytes);
        working.about = Some(format!("a copy of {}", from.display()));
        Ok(())
    }

    /// Gives a file or folder these permission bits.
    ///
    /// # Errors
    /// `NotFound`; `Permission` for what is somebody else's.
    pub(super) fn set_mode(&mut self, files: Files, path: &Path, mode: u32) -> Result<()> {
        let path = files.resolve(path)?;
        let entry = files.followed_entry(&path)?.ok_or_else(|| absent(&path))?;
        if !matches!(entry.kind, EntryKind::File | EntryKind::Folder) {
            return Err(odd(&path));
        }
        ours(files, &path, &entry)?;
        let before = self.modes.get(&path).map_or(entry.mode, |known| known.0);
        if before != mode {
            self.modes.insert(path, (before, mode));
        }
        Ok(())
    }

    /// Lets whoever may read a file execute it.
    ///
    /// # Errors
    /// As [`Draft::set_mode`].
    pub(super) fn allow_execution(&mut self, files: Files, path: &Path) -> Result<()> {
        let entry = files.followed_entry(path)?.ok_or_else(|| absent(path))?;
        self.set_mode(files, path, entry.mode | ((entry.mode & 0o444) >> 2))
    }

    fn open(&mut self, files: Files, path: &Path) -> Result<&mut Working> {
        let path = files.resolve(path)?;
        if !self.files.contains_key(&path) {
            let working = read(files, &path)?;
            self.files.insert(path.clone(), working);
        }
        self.files.get_mut(&path).ok_or_else(|| absent(&path))
    }

    fn free_name(&self, files: Files, wanted: &Path) -> Result<PathBuf> {
        for number in 1..10 {
            let mut name = wanted.as_os_str().to_owned();
            if number > 1 {
                name.push(format!("-{number}"));
            }
            let name = PathBuf::from(name);
            if files.entry(&name)?.is_none() && !self.files.contains_key(&name) {
                return Ok(name);
            }
        }
        Err(taken(wanted))
    }

    /// The folders that a new file needs, the outer one first.
    fn make_folders(&mut self, files: Files, path: &Path) -> Result<()> {
        let mut missing = Vec::new();
        let mut folder = path.parent();
        while let Some(path) = folder.filter(|path| !path.as_os_str().is_empty()) {
            if files.followed_entry(path)?.is_some() {
                break;
            }
            missing.push(path.to_path_buf());
            folder = path.parent();
        }
        missing.retain(|path| !self.folders.contains(path));
        self.folders.extend(missing.into_iter().rev());
        Ok(())
    }

    /// What the transaction gets.
    #[must_use]
    pub fn changes(self) -> Changes {
        let mut changes = Changes::default();
        for (path, working) in self.files {
            let before = working.before.map(|seen| seen.fingerprint);
            let mode = match (&before, &working.after) {
                (None, None) => continue,
                // The link, owner and mode of a file that stays are kept.
                (Some(_), Some(_)) => Mode::Keep,
                _ => Mode::Exact(working.mode),
            };
            changes.files.push(Change {
                path,
                before,
                after: working.after,
                mode,
            });
        }
        let modes = self.modes.into_iter();
        changes.surroundings = Surroundings {
            modes: modes
                .map(|(path, (before, after))| ModeChange {
                    path,
                    before,
                    after,
                })
                .collect(),
            folders: self
                .folders
                .into_iter()
                .map(|path| FolderChange { path, made: true })
                .collect(),
        };
        changes
    }

    /// The plan for a person.
    #[must_use]
    pub fn shown(&self) -> Vec<FileChange> {
        let octal = |mode: u32| format!("{mode:04o}");
        let mut shown: BTreeMap<&Path, FileChange> = BTreeMap::new();
        for (path, working) in &self.files {
            let creates = working.before.is_none();
            if creates && working.after.is_none() {
                continue;
            }
            shown.insert(
                path,
                FileChange {
                    path: path.display().to_string(),
                    creates,
                    removes: working.after.is_none(),
                    mode_before: None,
                    mode_after: creates.then(|| octal(working.mode)),
                    about: working.about.clone(),
                    lines: working.lines.clone(),
                },
            );
        }
        for (path, (before, after)) in &self.modes {
            let change = shown.entry(path).or_insert_with(|| FileChange {
                path: path.display().to_string(),
                creates: false,
                removes: false,
                mode_before: None,
                mode_after: None,
                about: None,
                lines: Vec::new(),
            });
            change.mode_before = Some(octal(*before));
            change.mode_after = Some(octal(*after));
        }
        shown.into_values().collect()
    }
}

/// A working copy of what stands there.
fn read(files: Files, path: &Path) -> Result<Working> {
    let entry = files.followed_entry(path)?;
    if let Some(entry) = &entry {
        if entry.kind != EntryKind::File {
            return Err(odd(path));
        }
        ours(files, path, entry)?;
        if entry.links > 1 {
            let message = format!("{} has {} names (hard links)", path.display(), entry.links);
            return Err(Error::new(Kind::Conflict, message).path(path));
        }
    }
    let before = look(files, path)?;
    Ok(Working {
        after: before.as_ref().map(|seen| seen.bytes.clone()),
        mode: entry.map_or(PRIVATE, |entry| entry.mode),
        before,
        lines: Vec::new(),
        about: None,
    })
}

fn ours(files: Files, path: &Path, entry: &Entry) -> Result<()> {
    let user = files.user();
    if entry.owner == user {
        return Ok(());
    }
    let message = format!(
        "{} belongs to user id {}, and this is user id {user}",
        path.display(),
        entry.owner
    );
    Err(Error::new(Kind::Permission, message).path(path))
}

pub(super) fn absent(path: &Path) -> Error {
    Error::new(Kind::NotFound, format!("there is no {}", path.display())).path(path)
}

pub(super) fn taken(path: &Path) -> Error {
    let message = format!("something stands at {} already", path.display());
    Error::new(Kind::Conflict, message).path(path)
}

fn odd(path: &Path) -> Error {
    let message = format!("{} is no plain file", path.display());
    Error::new(Kind::Malformed, message).path(path)
}
