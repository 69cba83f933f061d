//! Files: bounded reads that never hang, what is there without following links, and the one
//! atomic writer that everything else builds on.

pub mod access_list;
mod examined;
#[cfg_attr(unix, path = "files/unix.rs")]
#[cfg_attr(not(unix), path = "files/portable.rs")]
mod platform;
mod scratch;
mod write;

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::error::{Error, Kind, Result};

use access_list::Grant;
pub use scratch::{Scratch, remove_scratch};

/// Temporary files start with this; what follows names who may remove them.
pub const TEMPORARY_PREFIX: &str = ".keywright-";

/// Temporary files end with this.
pub const TEMPORARY_SUFFIX: &str = ".tmp";

/// What a text file may start with, and what [`Files::read_text`] drops.
pub const BYTE_ORDER_MARK: char = '\u{feff}';

/// Symbolic links followed in a row; the kernel's own limit.
const LINK_LIMIT: usize = 40;

/// The file system.
#[derive(Clone, Copy, Debug)]
pub struct Files;

/// What stands at a path. Read with `lstat`: a link is reported as a link.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    pub kind: EntryKind,
    /// Permission bits, `0o7777` at most; 0 where the system has none.
    pub mode: u32,
    /// Owner's user id; 0 where the system has none.
    pub owner: u32,
    pub group: u32,
    /// Number of hard links.
    pub links: u64,
    /// Bytes.
    pub size: u64,
    /// Where a symbolic link leads, as written in it.
    pub target: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EntryKind {
    File,
    Folder,
    Symlink,
    /// A FIFO, socket or device.
    Special,
}

/// Permission bits for a file that is written anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// 0600: ours, or anything that holds a secret.
    Private,
    /// 0700: a program of ours.
    Program,
    /// Mode and owner that an existing file has; 0600 when there is none.
    Keep,
    /// 0666 less the umask: reports and documents without secrets.
    Public,
    /// These bits.
    Exact(u32),
}

impl Files {
    /// The content of a regular file of at most `limit` bytes; `None` when nothing is there.
    /// Follows links. Never waits: a FIFO or device is refused, not opened for reading.
    ///
    /// # Errors
    /// `Malformed` when it is larger or no regular file, `Config` when a file stands where a
    /// folder must be, else `Permission` or `Io`.
    pub fn read(&self, path: &Path, limit: usize) -> Result<Option<Zeroizing<Vec<u8>>>> {
        let file = match platform::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(cannot_read(path, error)),
        };
        let (_, bytes) = examined::content(path, limit, file)?;
        Ok(Some(bytes))
    }

    /// The first bytes of a regular file, at most `limit`.
    ///
    /// # Errors
    /// As [`Files::read`]; `NotFound` when nothing is there.
    pub fn read_start(&self, path: &Path, limit: u64) -> Result<Vec<u8>> {
        let file = platform::open(path).map_err(|e| cannot_read(path, e))?;
        let found = file.metadata().map_err(|e| cannot_read(path, e))?;
        if !found.is_file() {
            return Err(not_regular(path, found.is_dir()));
        }
        let mut bytes = Vec::new();
        file.take(limit)
            .read_to_end(&mut bytes)
            .map_err(|e| cannot_read(path, e))?;
        Ok(bytes)
    }

    /// As [`Files::read`], for text: refuses what is not UTF-8 and drops a byte-order mark. Who
    /// edits another program's file reads it with [`Files::read_whole_text`].
    ///
    /// # Errors
    /// As [`Files::read`]; `Malformed` for text that is not UTF-8.
    pub fn read_text(&self, path: &Path, limit: usize) -> Result<Option<Zeroizing<String>>> {
        let whole = self.read_whole_text(path, limit)?;
        Ok(whole.map(|text| match text.strip_prefix(BYTE_ORDER_MARK) {
            Some(rest) => Zeroizing::new(rest.to_owned()),
            None => text,
        }))
    }

    /// As [`Files::read_text`], with the byte-order mark if there is one, so that it can be
    /// written back.
    ///
    /// # Errors
    /// As [`Files::read_text`].
    pub fn read_whole_text(&self, path: &Path, limit: usize) -> Result<Option<Zeroizing<String>>> {
        let Some(mut bytes) = self.read(path, limit)? else {
            return Ok(None);
        };
        let text = String::from_utf8(std::mem::take(&mut *bytes)).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            let _wiped = Zeroizing::new(error.into_bytes());
            Error::new(
                Kind::Malformed,
                format!("{} is not UTF-8 text (byte {at})", path.display()),
            )
            .path(path)
        })?;
        Ok(Some(Zeroizing::new(text)))
    }

    /// What stands at `path`, or `None`.
    ///
    /// # Errors
    /// `Permission` or `Io` when the system does not tell.
    pub fn entry(&self, path: &Path) -> Result<Option<Entry>> {
        let found = match std::fs::symlink_metadata(path) {
            Ok(found) => found,
            Err(error) if is_absent(&error) => return Ok(None),
            Err(error) => return Err(Error::io("cannot look at", path, error)),
        };
        let target = found.file_type().is_symlink().then(|| {
            std::fs::read_link(path)
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned()
        });
        Ok(Some(entry_of(&found, target)))
    }

    /// What stands where the links at `path` lead, or `None`.
    ///
    /// # Errors
    /// As [`Files::entry`].
    pub fn followed_entry(&self, path: &Path) -> Result<Option<Entry>> {
        match std::fs::metadata(path) {
            Ok(found) => Ok(Some(entry_of(&found, None))),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(Error::io("cannot look at", path, error)),
        }
    }

    /// Whom else an access list lets in at `path`, links followed; nobody where there is none. A
    /// list that gives anything to anybody shows in the group's bits of the mode.
    #[must_use]
    pub fn grants(&self, path: &Path) -> Vec<Grant> {
        platform::access_list(path).map_or_else(Vec::new, |bytes| access_list::parse(&bytes))
    }

    /// The names in a folder, sorted; none when it does not exist.
    ///
    /// # Errors
    /// `Permission`, `Config` or `Io`.
    pub fn list(&self, folder: &Path) -> Result<Vec<String>> {
        let entries = match std::fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(cannot_read(folder, error)),
        };
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|e| cannot_read(folder, e))?;
            // A name that is not UTF-8 is none of ours.
            names.extend(entry.file_name().into_string());
        }
        names.sort_unstable();
        Ok(names)
    }

    /// The path that the symbolic links at `path` lead to, whether or not something is there.
    ///
    /// # Errors
    /// `Io` for links that lead in a circle.
    pub fn resolve(&self, path: &Path) -> Result<PathBuf> {
        let mut target = path.to_path_buf();
        for _ in 0..LINK_LIMIT {
            match std::fs::read_link(&target) {
                Ok(next) => target = folder_of(&target).join(next),
                // Not a link, or nothing there.
                Err(_) => return Ok(target),
            }
        }
        Err(Error::new(
            Kind::Io,
            format!("the links at {} lead in a circle", path.display()),
        )
        .path(path))
    }

    /// Opens (and creates, 0600) a file to be locked. Its content is of no importance.
    ///
    /// # Errors
    /// `Permission`, `CannotCreate` or `Io`.
    pub fn open_lock(&self, path: &Path) -> Result<File> {
        let file = platform::open_lock(path).map_err(|e| write::cannot_create(path, e))?;
        match file.metadata() {
            Ok(found) if found.is_file() => {
                // The umask may have kept its owner from opening it once more.
                let _ = platform::set_mode(&file, 0o600);
                Ok(file)
            }
            Ok(found) => Err(not_regular(path, found.is_dir())),
            Err(error) => Err(cannot_read(path, error)),
        }
    }

    /// Opens an existing lock file without creating or changing anything; `None` when there is
    /// none.
    ///
    /// # Errors
    /// `Permission` or `Io`.
    pub fn open_existing_lock(&self, path: &Path) -> Result<Option<File>> {
        match platform::open(path) {
            Ok(file) => Ok(Some(file)),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(cannot_read(path, error)),
        }
    }

    /// The user id this process acts as; 0 where the system has none.
    #[must_use]
    pub fn user(&self) -> u32 {
        platform::user()
    }
}

fn entry_of(found: &std::fs::Metadata, target: Option<String>) -> Entry {
    let kind = if found.is_file() {
        EntryKind::File
    } else if found.is_dir() {
        EntryKind::Folder
    } else if found.file_type().is_symlink() {
        EntryKind::Symlink
    } else {
        EntryKind::Special
    };
    let numbers = platform::numbers(found);
    Entry {
        kind,
        mode: numbers.mode,
        owner: numbers.owner,
        group: numbers.group,
        links: numbers.links,
        size: found.len(),
        target,
    }
}

/// What the platform knows about a file besides its kind and size.
struct Numbers {
    mode: u32,
    owner: u32,
    group: u32,
    links: u64,
}

/// The folder a path is in; the working folder for a bare name.
fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// Nothing can be there: neither the name nor, perhaps, a folder on the way to it.
fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

fn cannot_read(path: &Path, error: io::Error) -> Error {
    let kind = error.kind();
    let failure = Error::io("cannot read", path, error);
    match kind {
        io::ErrorKind::NotADirectory => failure
            .with_kind(Kind::Config)
            .hint("A file stands where a folder must be. Move it away, or name another folder."),
        io::ErrorKind::PermissionDenied => failure.hint(
            "Make it and its folders readable for you, or have the owner given back with chown.",
        ),
        _ => failure,
    }
}

fn not_regular(path: &Path, folder: bool) -> Error {
    let what = if folder {
        "a folder"
    } else {
        "a pipe, socket or device"
    };
    Error::new(
        Kind::Malformed,
        format!("{} is {what}, not a file", path.display()),
    )
    .path(path)
    .hint("Move it away, or name another file.")
}

fn too_large(path: &Path, limit: usize) -> Error {
    Error::new(
        Kind::Malformed,
        format!(
            "{} is larger than {limit} bytes: it cannot be the file that is expected there",
            path.display()
        ),
    )
    .path(path)
}

#[cfg(test)]
mod tests;
