//! Files: bounded reads that never hang, what is there without following links, and the one
//! atomic writer that everything else builds on.

use std::path::Path;

use zeroize::Zeroizing;

use crate::error::Result;

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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// 0600: ours, or anything that holds a secret.
    Private,
    /// What an existing file has; 0600 when there is none.
    Keep,
    /// 0666 less the umask: reports and documents without secrets.
    Public,
}

impl Files {
    /// The content of a regular file of at most `limit` bytes; `None` when nothing is there.
    /// Follows links. Never waits: a FIFO or device is refused, not opened for reading.
    ///
    /// # Errors
    /// `Malformed` when it is larger or no regular file, else `Permission` or `Io`.
    pub fn read(&self, path: &Path, limit: usize) -> Result<Option<Zeroizing<Vec<u8>>>> {
        let _ = (path, limit);
        todo!()
    }

    /// As [`Files::read`], for text: refuses what is not UTF-8 and drops a byte-order mark.
    ///
    /// # Errors
    /// As [`Files::read`]; `Malformed` for text that is not UTF-8.
    pub fn read_text(&self, path: &Path, limit: usize) -> Result<Option<Zeroizing<String>>> {
        let _ = (path, limit);
        todo!()
    }

    /// What stands at `path`, or `None`.
    ///
    /// # Errors
    /// `Permission` or `Io` when the system does not tell.
    pub fn entry(&self, path: &Path) -> Result<Option<Entry>> {
        let _ = path;
        todo!()
    }

    /// Creates the folder and its missing parents with mode 0700; existing ones are left alone.
    ///
    /// # Errors
    /// `Permission` or `CannotCreate`.
    pub fn create_private_folder(&self, path: &Path) -> Result<()> {
        let _ = path;
        todo!()
    }

    /// Replaces `path` as one step: a temporary file in the same folder, created 0600 with
    /// `O_EXCL`, written, synced, renamed over it, and the folder synced. A symbolic link keeps
    /// pointing where it points: its target is replaced.
    ///
    /// # Errors
    /// `Permission`, `CannotCreate` or `Io`; then the old file stands unchanged and no temporary
    /// file is left.
    pub fn write_atomic(&self, path: &Path, bytes: &[u8], mode: Mode) -> Result<()> {
        let _ = (path, bytes, mode);
        todo!()
    }

    /// The user id this process acts as; 0 where the system has none.
    #[must_use]
    pub fn user(&self) -> u32 {
        todo!()
    }
}
