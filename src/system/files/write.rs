//! The atomic writer, and the other things that change what is on disk.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use tempfile::{Builder, NamedTempFile};

use super::{
    Entry, EntryKind, Files, Mode, TEMPORARY_PREFIX, TEMPORARY_SUFFIX, folder_of, is_absent,
    not_regular, platform,
};
use crate::error::{Error, Kind, Result};

impl Files {
    /// Creates the folder and its missing parents with mode 0700; existing ones are left alone.
    ///
    /// # Errors
    /// `Permission` or `CannotCreate`.
    pub fn create_private_folder(&self, path: &Path) -> Result<()> {
        match self.followed_entry(path)? {
            Some(entry) if entry.kind == EntryKind::Folder => return Ok(()),
            Some(_) => return Err(not_a_folder(path)),
            None => {}
        }
        if let Some(parent) = path.parent().filter(|p| !p.as_os_str().is_empty()) {
            self.create_private_folder(parent)?;
        }
        match platform::create_folder(path) {
            Ok(()) => sync_folder(folder_of(path)),
            // Another process was faster.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
            Err(error) => Err(cannot_create(path, error)),
        }
    }

    /// Replaces `path` as one step: a temporary file in the same folder, created 0600 with
    /// `O_EXCL`, written, synced, renamed over it, and the folder synced. A symbolic link keeps
    /// pointing where it points: its target is replaced.
    ///
    /// # Errors
    /// `Permission`, `CannotCreate` or `Io`; then the old file stands unchanged and no temporary
    /// file is left. Only when syncing the folder fails may the new file already stand.
    pub fn write_atomic(&self, path: &Path, bytes: &[u8], mode: Mode) -> Result<()> {
        self.write_atomic_as("", path, bytes, mode)
    }

    /// As [`Files::write_atomic`]; `owner` becomes part of the temporary file's name, so that
    /// whoever finds it after a crash knows whose it was.
    ///
    /// # Errors
    /// As [`Files::write_atomic`].
    pub fn write_atomic_as(
        &self,
        owner: &str,
        path: &Path,
        bytes: &[u8],
        mode: Mode,
    ) -> Result<()> {
        let target = self.resolve(path)?;
        let folder = folder_of(&target);
        let old = self.entry(&target)?;
        if let Some(old) = old.as_ref().filter(|old| old.kind != EntryKind::File) {
            return Err(not_regular(&target, old.kind == EntryKind::Folder));
        }
        let mut temporary =
            create_temporary(owner, folder, mode).map_err(|e| cannot_create(&target, e))?;
        dress(temporary.as_file(), old.as_ref(), mode)
            .map_err(|e| cannot_keep_owner(&target, e))?;
        temporary
            .write_all(bytes)
            .and_then(|()| temporary.as_file().sync_all())
            .map_err(|e| cannot_write(&target, e))?;
        temporary
            .persist(&target)
            .map_err(|e| cannot_write(&target, e.error))?;
        sync_folder(folder)
    }

    /// Creates a file, 0600, as one step, and only where nothing stands: neither a file nor a
    /// link, whether or not it leads anywhere.
    ///
    /// # Errors
    /// `CannotCreate` when something is there; else as [`Files::write_atomic`].
    pub fn write_new(&self, path: &Path, bytes: &[u8]) -> Result<()> {
        let folder = folder_of(path);
        let mut temporary =
            create_temporary("", folder, Mode::Private).map_err(|e| cannot_create(path, e))?;
        dress(temporary.as_file(), None, Mode::Private).map_err(|e| cannot_create(path, e))?;
        temporary
            .write_all(bytes)
            .and_then(|()| temporary.as_file().sync_all())
            .map_err(|e| cannot_write(path, e))?;
        temporary
            .persist_noclobber(path)
            .map_err(|e| cannot_create(path, e.error))?;
        sync_folder(folder)
    }

    /// Removes a file for good; a link stays, its target goes. Nothing there is no error.
    ///
    /// # Errors
    /// `Permission` or `Io`.
    pub fn remove(&self, path: &Path) -> Result<()> {
        let target = self.resolve(path)?;
        match std::fs::remove_file(&target) {
            Ok(()) => sync_folder(folder_of(&target)),
            Err(error) if is_absent(&error) => Ok(()),
            Err(error) => Err(Error::io("cannot remove", &target, error)),
        }
    }

    /// Removes a folder with everything in it, and its parent where that is empty then. Links in it
    /// are removed, not followed. A folder that is not there is no error.
    ///
    /// # Errors
    /// `Permission` or `Io`; then a part of it may be gone.
    pub fn remove_folder(&self, path: &Path) -> Result<()> {
        match std::fs::remove_dir_all(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(Error::io("cannot remove", path, error));
            }
            _ => {}
        }
        let parent = folder_of(path);
        // A folder that holds something else stays.
        match std::fs::remove_dir(parent) {
            Ok(()) => sync_folder(folder_of(parent)),
            Err(_) => sync_folder(parent),
        }
    }

    /// Gives a file or folder these permission bits; a link is followed.
    ///
    /// # Errors
    /// `Permission`, `NotFound` or `Io`.
    pub fn set_mode(&self, path: &Path, mode: u32) -> Result<()> {
        let target = self.resolve(path)?;
        platform::change_mode(&target, mode)
            .map_err(|error| Error::io("cannot change the mode of", &target, error))
    }

    /// Removes a folder with nothing in it; one that is not there or not empty is left alone.
    ///
    /// # Errors
    /// `Permission` or `Io`.
    pub fn remove_empty_folder(&self, path: &Path) -> Result<()> {
        match std::fs::remove_dir(path) {
            Ok(()) => sync_folder(folder_of(path)),
            Err(error) if is_absent(&error) || error.kind() == io::ErrorKind::DirectoryNotEmpty => {
                Ok(())
            }
            Err(error) => Err(Error::io("cannot remove", path, error)),
        }
    }

    /// Gives a file another name in the same folder, for good.
    ///
    /// # Errors
    /// `Permission` or `Io`.
    pub fn rename(&self, from: &Path, to: &Path) -> Result<()> {
        std::fs::rename(from, to).map_err(|e| Error::io("cannot rename", from, e))?;
        sync_folder(folder_of(to))
    }
}

fn sync_folder(folder: &Path) -> Result<()> {
    platform::sync_folder(folder).map_err(|e| Error::io("cannot sync the folder", folder, e))
}

fn create_temporary(owner: &str, folder: &Path, mode: Mode) -> io::Result<NamedTempFile> {
    let prefix = format!("{TEMPORARY_PREFIX}{owner}.");
    let mut builder = Builder::new();
    builder.prefix(&prefix).suffix(TEMPORARY_SUFFIX);
    #[cfg(unix)]
    {
        // Anything else is 0600 by the crate's own default, which it creates with O_EXCL.
        if mode == Mode::Public {
            builder.permissions(platform::permissions(0o666));
        }
    }
    #[cfg(not(unix))]
    let _ = mode;
    builder.tempfile_in(folder)
}

/// Mode and owner before the first byte is in the file.
fn dress(file: &File, old: Option<&Entry>, mode: Mode) -> io::Result<()> {
    match (mode, old) {
        (Mode::Keep, Some(old)) => platform::take_over(file, old),
        // A file system without modes is the doctor's finding, not a reason to keep no secret.
        (Mode::Keep, None) | (Mode::Private, _) => platform::set_mode(file, 0o600).or(Ok(())),
        (Mode::Program, _) => platform::set_mode(file, 0o700),
        (Mode::Exact(bits), _) => platform::set_mode(file, bits),
        (Mode::Public, _) => Ok(()),
    }
}

fn not_a_folder(path: &Path) -> Error {
    Error::new(
        Kind::CannotCreate,
        format!(
            "cannot create the folder {}: a file stands there",
            path.display()
        ),
    )
    .path(path)
    .hint("Move the file away, or name another folder with --home DIR.")
}

/// A new file or folder that could not be made.
pub fn cannot_create(path: &Path, error: io::Error) -> Error {
    let kind = match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Kind::Permission,
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Kind::Io,
        _ => Kind::CannotCreate,
    };
    with_remedy(Error::io("cannot create", path, bare(error)).with_kind(kind))
}

fn cannot_write(path: &Path, error: io::Error) -> Error {
    if error.kind() == io::ErrorKind::ResourceBusy {
        return Error::io("cannot replace", path, error).hint(
            "The file is mounted by itself, as containers do it. Mount the folder that holds it instead.",
        );
    }
    with_remedy(Error::io("cannot write", path, bare(error)))
}

/// The system's words without the random name of the temporary file, which is gone already.
fn bare(error: io::Error) -> io::Error {
    match error.to_string().split_once(" at path ") {
        Some((cause, _)) => io::Error::new(error.kind(), cause.to_owned()),
        None => error,
    }
}

fn cannot_keep_owner(path: &Path, error: io::Error) -> Error {
    Error::io("cannot keep the owner of", path, error)
        .hint("Run this as the user that the file belongs to.")
}

fn with_remedy(error: Error) -> Error {
    match error.kind() {
        Kind::Permission => error.hint("Make the folder writable for you."),
        Kind::Io => error.hint("Nothing was changed. Make room or mend the disk, then try again."),
        _ => error,
    }
}
