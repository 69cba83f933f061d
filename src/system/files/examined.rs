//! Reading a file together with what it is, so that what was judged is what was read.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::{Entry, Files, cannot_read, entry_of, is_absent, not_regular, platform, too_large};
use crate::error::Result;

impl Files {
    /// As [`Files::read`], with the owner, the mode and the links of the very file that was read.
    /// A link at `path` itself is refused.
    ///
    /// # Errors
    /// As [`Files::read`]; `Io` for a link.
    pub fn read_examined(
        &self,
        path: &Path,
        limit: usize,
    ) -> Result<Option<(Entry, Zeroizing<Vec<u8>>)>> {
        examined(path, limit, platform::open_itself(path))
    }

    /// As [`Files::read_examined`], and the links at `path` are followed.
    ///
    /// # Errors
    /// As [`Files::read`].
    pub fn read_followed(
        &self,
        path: &Path,
        limit: usize,
    ) -> Result<Option<(Entry, Zeroizing<Vec<u8>>)>> {
        examined(path, limit, platform::open(path))
    }

    /// The path without any link in it; `None` when nothing is there.
    #[must_use]
    pub fn real(&self, path: &Path) -> Option<PathBuf> {
        path.canonicalize().ok()
    }
}

fn examined(
    path: &Path,
    limit: usize,
    opened: io::Result<File>,
) -> Result<Option<(Entry, Zeroizing<Vec<u8>>)>> {
    let file = match opened {
        Ok(file) => file,
        Err(error) if is_absent(&error) => return Ok(None),
        Err(error) => return Err(cannot_read(path, error)),
    };
    let (found, bytes) = content(path, limit, file)?;
    Ok(Some((entry_of(&found, None), bytes)))
}

/// What an open file is and holds, where it is a regular file of at most `limit` bytes.
pub(super) fn content(
    path: &Path,
    limit: usize,
    file: File,
) -> Result<(Metadata, Zeroizing<Vec<u8>>)> {
    let found = file.metadata().map_err(|e| cannot_read(path, e))?;
    if !found.is_file() {
        return Err(not_regular(path, found.is_dir()));
    }
    let size = usize::try_from(found.len()).unwrap_or(usize::MAX);
    if size > limit {
        return Err(too_large(path, limit));
    }
    // Full size at once: a buffer that grows leaves copies of a secret behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(size + 1));
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    file.take(most)
        .read_to_end(&mut bytes)
        .map_err(|e| cannot_read(path, e))?;
    if bytes.len() > limit {
        return Err(too_large(path, limit));
    }
    Ok((found, bytes))
}
