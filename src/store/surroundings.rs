//! What a transaction does besides the bytes of files: permission bits, and folders that are made
//! for a file or were made for one that goes again.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::transaction::{Change, changed_meanwhile};
use crate::error::Result;
use crate::system::Files;
use crate::system::files::EntryKind;

/// Everything that a transaction does.
#[derive(Clone, Default)]
pub struct Changes {
    pub files: Vec<Change>,
    pub surroundings: Surroundings,
}

/// The part of a transaction that is no content.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Surroundings {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub modes: Vec<ModeChange>,
    /// The outer one first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub folders: Vec<FolderChange>,
}

/// New permission bits for a file or folder; a link is followed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModeChange {
    pub path: PathBuf,
    /// What the plan saw.
    pub before: u32,
    pub after: u32,
}

/// A folder that is made, 0700, or taken away where it is empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FolderChange {
    pub path: PathBuf,
    pub made: bool,
}

impl From<Vec<Change>> for Changes {
    fn from(files: Vec<Change>) -> Self {
        Self {
            files,
            surroundings: Surroundings::default(),
        }
    }
}

impl Surroundings {
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.modes.is_empty() && self.folders.is_empty()
    }

    /// The same with each path seen differently.
    pub(super) fn with_paths(mut self, seen: impl Fn(&Path) -> PathBuf) -> Self {
        for change in &mut self.modes {
            change.path = seen(&change.path);
        }
        for change in &mut self.folders {
            change.path = seen(&change.path);
        }
        self
    }

    /// What takes this back.
    #[must_use]
    pub fn reversed(&self) -> Self {
        let back = |change: &ModeChange| ModeChange {
            path: change.path.clone(),
            before: change.after,
            after: change.before,
        };
        let turned = |change: &FolderChange| FolderChange {
            path: change.path.clone(),
            made: !change.made,
        };
        Self {
            modes: self.modes.iter().rev().map(back).collect(),
            folders: self.folders.iter().rev().map(turned).collect(),
        }
    }

    /// Refuses modes that are no longer what the plan saw, and leaves out folders that are there by
    /// now: they are not this transaction's to take away.
    ///
    /// # Errors
    /// `Conflict`; `Permission` or `Io` when the system does not tell.
    pub(super) fn compare(&mut self, files: Files) -> Result<()> {
        for change in &self.modes {
            if mode_of(files, change)? != Some(change.before) {
                return Err(changed_meanwhile(&change.path));
            }
        }
        let mut folders = Vec::with_capacity(self.folders.len());
        for change in self.folders.drain(..) {
            if !change.made || files.followed_entry(&change.path)?.is_none() {
                folders.push(change);
            }
        }
        self.folders = folders;
        Ok(())
    }

    /// Makes the folders that files are to be put in.
    ///
    /// # Errors
    /// As [`Files::create_private_folder`].
    pub(super) fn before_files(&self, files: Files) -> Result<()> {
        let mut made = self.folders.iter().filter(|change| change.made);
        made.try_for_each(|change| files.create_private_folder(&change.path))
    }

    /// Sets the modes, and takes away folders that are empty now.
    ///
    /// # Errors
    /// `Permission` or `Io`.
    pub(super) fn after_files(&self, files: Files) -> Result<()> {
        for change in &self.modes {
            files.set_mode(&change.path, change.after)?;
        }
        for change in self.folders.iter().filter(|change| !change.made) {
            files.remove_empty_folder(&change.path)?;
        }
        Ok(())
    }

    /// Whether all of it was done. A folder that is not empty may stay.
    ///
    /// # Errors
    /// `Permission` or `Io`.
    pub(super) fn stands(&self, files: Files) -> Result<bool> {
        for change in &self.modes {
            if mode_of(files, change)? != Some(change.after) {
                return Ok(false);
            }
        }
        for change in self.folders.iter().filter(|change| change.made) {
            if files.entry(&change.path)?.is_none() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// What of it can be taken back; a mode that is neither the old nor the new one is somebody
    /// else's by now.
    pub(super) fn done(&self, files: Files) -> Result<Self> {
        let mut done = Self {
            folders: self.folders.clone(),
            ..Self::default()
        };
        for change in &self.modes {
            if mode_of(files, change)? == Some(change.after) {
                done.modes.push(change.clone());
            }
        }
        Ok(done)
    }
}

fn mode_of(files: Files, change: &ModeChange) -> Result<Option<u32>> {
    let entry = files.followed_entry(&change.path)?;
    let plain = entry.filter(|e| matches!(e.kind, EntryKind::File | EntryKind::Folder));
    Ok(plain.map(|entry| entry.mode))
}
