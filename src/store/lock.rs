//! The lock that every writer holds: a sidecar file that is never removed or renamed, locked with
//! the system's own advisory lock, so that it is free as soon as its holder is gone.

use std::fs::{File, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use crate::error::{Error, Kind, Result};
use crate::system::Files;

/// How long a writer waits for another one.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// Pause between two attempts.
const PAUSE: Duration = Duration::from_millis(5);

/// Held until it is dropped.
#[derive(Debug)]
pub struct Lock {
    /// Keeps the lock; closing the file frees it.
    _file: File,
}

impl Lock {
    /// Takes the lock at `path`, waiting at most `patience`. The folder must exist.
    ///
    /// # Errors
    /// `Locked` naming the holder's process id; `Io` where the file system knows no locks.
    pub fn acquire(files: Files, path: &Path, patience: Duration) -> Result<Self> {
        let mut file = files.open_lock(path)?;
        let start = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if start.elapsed() < patience => {
                    std::thread::sleep(PAUSE);
                }
                Err(TryLockError::WouldBlock) => return Err(held(path, &mut file, patience)),
                Err(TryLockError::Error(error)) => {
                    return Err(Error::io("cannot lock", path, error).with_kind(Kind::Io).hint(
                        "The file system of this folder may not know locks. Name another folder with --home DIR.",
                    ));
                }
            }
        }
        note_holder(&mut file);
        Ok(Self { _file: file })
    }
}

/// Whether another process holds the lock at `path`, and its id as far as it is known. Creates and
/// changes nothing.
///
/// # Errors
/// `Permission` or `Io`.
pub fn holder(files: Files, path: &Path) -> Result<Option<Holder>> {
    let Some(mut file) = files.open_existing_lock(path)? else {
        return Ok(None);
    };
    // Shared, and for a moment only: a writer that meets it tries again.
    match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => Ok(Some(Holder {
            process: process_in(&mut file),
        })),
        Ok(()) | Err(TryLockError::Error(_)) => Ok(None),
    }
}

/// Who holds the lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Its process id; `None` when the file does not tell.
    pub process: Option<u32>,
}

/// For the message of whoever waits in vain; a lock without it is a lock all the same.
fn note_holder(file: &mut File) {
    let _ = file
        .set_len(0)
        .and_then(|()| file.rewind())
        .and_then(|()| writeln!(file, "{}", std::process::id()));
}

fn process_in(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.rewind().ok()?;
    file.take(16).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

fn held(path: &Path, file: &mut File, patience: Duration) -> Error {
    let who = process_in(file).map_or_else(
        || "another keywright".to_owned(),
        |process| format!("another keywright (process {process})"),
    );
    Error::new(
        Kind::Locked,
        format!("{who} has held the lock for {} s", patience.as_secs()),
    )
    .path(path)
    .hint("Wait until it has finished, or end it, then try again. Nothing was changed.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_at_a_time() {
        let folder = tempfile::tempdir().expect("a scratch folder");
        let path = folder.path().join("lock");
        assert_eq!(holder(Files, &path).expect("looked"), None);
        assert!(!path.exists(), "looking creates nothing");
        let lock = Lock::acquire(Files, &path, PATIENCE).expect("free");
        let us = Holder {
            process: Some(std::process::id()),
        };
        assert_eq!(holder(Files, &path).expect("looked"), Some(us));
        let refused = Lock::acquire(Files, &path, Duration::ZERO).expect_err("held");
        assert_eq!(refused.kind(), Kind::Locked);
        assert!(refused.message().contains(&std::process::id().to_string()));
        drop(lock);
        assert_eq!(holder(Files, &path).expect("looked"), None);
        Lock::acquire(Files, &path, Duration::ZERO).expect("free again");
    }
}
