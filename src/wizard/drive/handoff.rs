//! Handing the terminal to another program. Nothing of what it says is read: it has the terminal
//! itself, and what it shows is for the person.

use std::ffi::OsString;

use crate::error::{Kind, Result};
use crate::system::{System, browser};
use crate::wizard::catalog::Opens;
use crate::wizard::engine::Handoff;

/// Runs the program of a handoff, and gives the outcome that the catalogue knows.
///
/// # Errors
/// What keeps a program that was started from being waited for.
pub(super) fn run(system: &System, handoff: &Handoff) -> Result<&'static str> {
    match &handoff.program.opens {
        Opens::Page => {
            let link = handoff.link;
            let opened = link.is_some_and(|link| browser::open(&system.environment, link.url));
            Ok(if opened { "opened" } else { "unavailable" })
        }
        Opens::Terminal { words, last } => {
            let last = last.and_then(|input| handoff.given.text(input));
            let words = words.iter().copied().chain(last);
            in_terminal(system, words.map(OsString::from).collect())
        }
    }
}

/// It ended well.
pub const RETURNED: &str = "returned";

/// Gives this terminal to a program, and gives the outcome that the catalogue knows.
///
/// # Errors
/// What keeps a program that was started from being waited for.
pub fn in_terminal(system: &System, mut command: Vec<OsString>) -> Result<&'static str> {
    let terminal = system.terminal;
    if !(terminal.stdin && terminal.stdout) {
        return Ok("unavailable");
    }
    let name = command.first().and_then(|name| name.to_str());
    let found = name.and_then(|name| {
        let all = system.processes.find_all(name, &system.environment);
        all.into_iter().next()
    });
    let (Some(program), Some(first)) = (found, command.first_mut()) else {
        return Ok("unavailable");
    };
    *first = program.into();
    let lent = terminal.lend();
    let ended = system.processes.run_attached(&command, &system.environment);
    drop(lent);
    match ended {
        // `claude setup-token` ends with 0 after Ctrl-C too (2.1.197 and 2.1.329).
        Ok(ended) if ended.code == 0 && !ended.interrupted => Ok(RETURNED),
        Ok(_) => Ok("failed"),
        Err(error) if matches!(error.kind(), Kind::NotFound | Kind::Permission) => {
            Ok("unavailable")
        }
        Err(error) => Err(error),
    }
}
