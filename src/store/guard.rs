//! Whose home this is: refusals that come before anything is created.

use std::path::Path;

use super::home::Home;
use crate::error::{Error, Kind, Result};
use crate::system::Files;
use crate::system::files::{Entry, EntryKind};

/// Refuses a home that is a file, that is another user's, or that root would create in another
/// user's folder.
///
/// # Errors
/// `CannotCreate` or `Permission`.
pub fn home(files: Files, home: &Home) -> Result<()> {
    let mut folder = Some(home.root());
    while let Some(path) = folder {
        if let Some(entry) = files.followed_entry(path)? {
            return nearest(files, home, path, &entry);
        }
        folder = path.parent();
    }
    Ok(())
}

fn nearest(files: Files, home: &Home, path: &Path, entry: &Entry) -> Result<()> {
    if entry.kind != EntryKind::Folder {
        return Err(Error::new(
            Kind::CannotCreate,
            format!("{} is a file, not a folder", path.display()),
        )
        .path(path)
        .hint("Move the file away, or name another folder with --home DIR."));
    }
    let user = files.user();
    let ours = path == home.root();
    if entry.owner == user || !(ours || user == 0) {
        return Ok(());
    }
    Err(foreign(path, entry.owner, user))
}

/// Refuses to replace a file of ours that another user owns: it would change hands.
///
/// # Errors
/// `Permission`.
pub fn private_file(files: Files, path: &Path) -> Result<()> {
    let user = files.user();
    match files.followed_entry(path)? {
        Some(entry) if entry.owner != user => Err(foreign(path, entry.owner, user)),
        _ => Ok(()),
    }
}

fn foreign(path: &Path, owner: u32, user: u32) -> Error {
    let hint = if user == 0 {
        format!(
            "Run this as that user (`sudo -u '#{owner}' …`), or name a folder of root's own with --home DIR."
        )
    } else {
        "Name a folder of your own with --home DIR, or have the owner given back with chown."
            .to_owned()
    };
    Error::new(
        Kind::Permission,
        format!(
            "{} belongs to user id {owner}, and this is user id {user}",
            path.display()
        ),
    )
    .path(path)
    .hint(hint)
}
