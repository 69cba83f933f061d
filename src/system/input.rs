//! What whoever started us put on standard input or on another descriptor: bytes, read once, to
//! the end, within a limit.

use std::io::{BufRead, ErrorKind, Read};

use zeroize::Zeroizing;

use crate::error::{Error, Kind, Result};

/// Bytes of a line that is only waited for.
const LINE_LIMIT: u64 = 64 * 1024;

/// Bytes that there is room for from the start.
const ROOM: usize = 64 * 1024;

/// The bytes on standard input; of more than `limit` one more than that.
///
/// # Errors
/// `Io`.
pub fn read_stdin(limit: usize) -> Result<Zeroizing<Vec<u8>>> {
    read(std::io::stdin().lock(), "standard input", limit)
}

/// Waits for the end of a line on standard input, or of the input, and forgets what was typed.
///
/// # Errors
/// `Io`.
pub fn wait_for_line() -> Result<()> {
    let mut line = Zeroizing::new(String::new());
    std::io::stdin()
        .lock()
        .take(LINE_LIMIT)
        .read_line(&mut line)
        .map_err(|e| Error::new(Kind::Io, "cannot read standard input").caused_by(e))?;
    Ok(())
}

/// The bytes on descriptor `number`; of more than `limit` one more than that.
///
/// # Errors
/// `NotFound` when it is not open, `Permission`, `Usage` on Windows, else `Io`.
pub fn read_descriptor(number: u32, limit: usize) -> Result<Zeroizing<Vec<u8>>> {
    let name = format!("file descriptor {number}");
    if cfg!(windows) {
        return Err(Error::usage("this system has no numbered file descriptors")
            .hint("use the form with -stdin or -file instead."));
    }
    // Opening by name needs no unsafe code, and the pipe or file behind it is the same.
    let file = std::fs::File::open(format!("/dev/fd/{number}")).map_err(|error| {
        let kind = match error.kind() {
            ErrorKind::NotFound => Kind::NotFound,
            ErrorKind::PermissionDenied => Kind::Permission,
            _ => Kind::Io,
        };
        Error::new(kind, format!("{name} is not open for reading")).hint(format!(
            "open it in the same command, such as `{number}<file`."
        ))
    })?;
    read(file, &name, limit)
}

fn read(source: impl Read, name: &str, limit: usize) -> Result<Zeroizing<Vec<u8>>> {
    // Room at once: a buffer that grows leaves copies of a secret behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(limit.min(ROOM) + 1));
    source
        .take(limit as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|e| Error::new(Kind::Io, format!("cannot read {name}")).caused_by(e))?;
    Ok(bytes)
}
