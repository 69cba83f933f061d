//! Stand-ins for `claude` and `aws` on the sandbox's `PATH`: small scripts that start this very
//! program, since the sandbox needs no other. They hide programs of those names in the sandbox alone.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::error::{Error, Kind, Result};
use crate::system::{Mode, System, this_program};

/// The programs that are stood in for.
pub const NAMES: &[&str] = &["claude", "aws"];

/// Bytes of a script at most.
const LIMIT: usize = 16 * 1024;

/// Where the stand-ins are.
#[must_use]
pub fn folder(sandbox: &Path) -> PathBuf {
    sandbox.join("bin")
}

/// Writes the stand-ins, unless they are there already.
///
/// # Errors
/// `Permission`, `CannotCreate` or `Io`.
pub fn install(system: &System, sandbox: &Path) -> Result<()> {
    let this = this_program()?;
    let bin = folder(sandbox);
    system.files.create_private_folder(&bin)?;
    for name in NAMES {
        let path = bin.join(format!("{name}{}", if cfg!(windows) { ".cmd" } else { "" }));
        let script = script(&this, sandbox, name)?;
        let there = system.files.read(&path, LIMIT).ok().flatten();
        if there.is_none_or(|found| *found != *script.as_bytes()) {
            system
                .files
                .write_atomic(&path, script.as_bytes(), Mode::Program)?;
        }
    }
    Ok(())
}

fn script(this: &Path, sandbox: &Path, name: &str) -> Result<String> {
    let (this, sandbox) = (quoted(this.as_os_str())?, quoted(sandbox.as_os_str())?);
    Ok(if cfg!(windows) {
        format!(
            "@rem Stands in for {name} in the keywright sandbox.\r\n@{this} sandbox stand-in --in {sandbox} {name} -- %*\r\n"
        )
    } else {
        format!(
            "#!/bin/sh\n# Stands in for {name} in the keywright sandbox.\nexec {this} sandbox stand-in --in {sandbox} {name} -- \"$@\"\n"
        )
    })
}

fn quoted(text: &OsStr) -> Result<String> {
    let unfit = || {
        Error::new(
            Kind::CannotCreate,
            format!("cannot write {} into a script", text.display()),
        )
    };
    let text = text.to_str().ok_or_else(unfit)?;
    if cfg!(windows) {
        return Ok(format!("\"{}\"", text.replace('%', "%%")));
    }
    shlex::try_quote(text)
        .map(std::borrow::Cow::into_owned)
        .map_err(|_| unfit())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn scripts_are_quoted() {
        let text = script(Path::new("/a b/key'wright"), Path::new("/h"), "aws").expect("text");
        let words = shlex::split(text.lines().last().expect("a line")).expect("words");
        let expected = [
            "exec",
            "/a b/key'wright",
            "sandbox",
            "stand-in",
            "--in",
            "/h",
            "aws",
            "--",
            "$@",
        ];
        assert_eq!(words, expected);
    }
}
