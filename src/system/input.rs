//! What whoever started us put on standard input or on another descriptor: read once, to its end,
//! within a limit.

use std::io::{ErrorKind, Read};

use zeroize::Zeroizing;

use crate::error::{Error, Kind, Result};

/// The text on standard input, of at most `limit` bytes.
///
/// # Errors
/// `Malformed` when it is longer or no UTF-8, else `Io`.
pub fn read_stdin(limit: usize) -> Result<Zeroizing<String>> {
    read(std::io::stdin().lock(), "standard input", limit)
}

/// The text on descriptor `number`, of at most `limit` bytes.
///
/// # Errors
/// `NotFound` when it is not open, `Malformed` when it is longer or no UTF-8, `Usage` on Windows,
/// else `Io`.
pub fn read_descriptor(number: u32, limit: usize) -> Result<Zeroizing<String>> {
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

fn read(source: impl Read, name: &str, limit: usize) -> Result<Zeroizing<String>> {
    let mut bytes = Zeroizing::new(Vec::new());
    source
        .take(limit as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|e| Error::new(Kind::Io, format!("cannot read {name}")).caused_by(e))?;
    if bytes.len() > limit {
        let kind = Kind::Malformed;
        return Err(Error::new(
            kind,
            format!("{name} holds more than {limit} bytes"),
        ));
    }
    match std::str::from_utf8(&bytes) {
        Ok(text) => Ok(Zeroizing::new(text.to_owned())),
        Err(_) => Err(Error::new(
            Kind::Malformed,
            format!("{name} does not hold text"),
        )),
    }
}
