//! The git work tree that a file lies in, and whether git tracks it. Git is not run.

use std::path::{Path, PathBuf};

use super::git_index;
use crate::system::System;
use crate::system::files::EntryKind;

/// The index of some hundred thousand files.
const INDEX_LIMIT: usize = 16 * 1024 * 1024;
const LINK_LIMIT: usize = 4096;

/// A work tree and whether the file is tracked there; `None` for the latter where the index
/// cannot be read.
pub fn of(system: &System, path: &Path) -> Option<(PathBuf, Option<bool>)> {
    let root = path
        .ancestors()
        .skip(1)
        .find(|folder| matches!(system.files.entry(&folder.join(".git")), Ok(Some(_))))?;
    let relative = path.strip_prefix(root).ok()?;
    let tracked = index(system, root).and_then(|index| {
        let bytes = system.files.read(&index, INDEX_LIMIT).ok()?;
        // Without an index nothing was ever added.
        bytes.map_or(Some(false), |bytes| {
            git_index::tracks(&bytes, relative.as_os_str().as_encoded_bytes())
        })
    });
    Some((root.to_path_buf(), tracked))
}

/// The index of a work tree: below `.git`, or below the folder that a file `.git` names.
fn index(system: &System, root: &Path) -> Option<PathBuf> {
    let git = root.join(".git");
    let entry = system.files.followed_entry(&git).ok()??;
    if entry.kind == EntryKind::Folder {
        return Some(git.join("index"));
    }
    let text = system.files.read_text(&git, LINK_LIMIT).ok()??;
    let folder = text.trim().strip_prefix("gitdir:")?.trim();
    Some(root.join(folder).join("index"))
}
