//! What a file was like when somebody looked at it.

use std::fmt::Write;
use std::path::Path;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::error::Result;
use crate::system::Files;

/// Files that we edit are small; a larger one is something else. The largest is a store.
pub const DOCUMENT_LIMIT: usize = super::profiles::SIZE_LIMIT;

/// SHA-256 of a file's bytes, in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint(String);

impl Fingerprint {
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        let digest = ring::digest::digest(&ring::digest::SHA256, bytes);
        let mut text = String::with_capacity(64);
        for byte in digest.as_ref() {
            let _ = write!(text, "{byte:02x}");
        }
        Self(text)
    }
}

/// The bytes of a file with their fingerprint.
#[derive(Clone, Debug)]
pub struct Seen {
    pub bytes: Zeroizing<Vec<u8>>,
    pub fingerprint: Fingerprint,
}

/// Looks at a file that is to be changed; `None` when it is not there.
///
/// # Errors
/// As [`Files::read`].
pub fn look(files: Files, path: &Path) -> Result<Option<Seen>> {
    let found = files.read(path, DOCUMENT_LIMIT)?;
    Ok(found.map(|bytes| Seen {
        fingerprint: Fingerprint::of(&bytes),
        bytes,
    }))
}
