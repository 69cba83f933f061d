//! `exec`: becomes another program that has a credential, and none of the variables that would get
//! in its way.

use super::{Context, hand_over};
use crate::cli::exec::Exec;
use crate::consumer;
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;

/// What shells give for a program that is there and cannot be run.
const CANNOT_EXECUTE: u8 = 126;
/// What shells give for a program that is not there.
const NO_PROGRAM: u8 = 127;

/// Replaces this process. Comes back only when that was not possible, and then with 126 or 127 as
/// shells do.
///
/// # Errors
/// `Usage` with `--json` or an empty program name; else what keeps the credential from being used.
pub fn run(arguments: &Exec, context: &Context<'_>) -> Result<Exit> {
    hand_over::refuse_json(context)?;
    let Some(program) = arguments.command.first().filter(|name| !name.is_empty()) else {
        return Err(Error::usage("no program is named"));
    };
    let consumer = consumer::of_program(program);
    let changes = hand_over::changes(&arguments.which, consumer, context)?;
    let environment = changes.applied_to(&context.system.environment)?;
    let processes = context.system.processes;
    let ended = if context.system.sandbox {
        // The stand-in for the API lives in this process, so this process has to stay.
        let ended = processes.run_attached(&arguments.command, &environment);
        ended.map(|ended| ended.code)
    } else {
        processes.become_program(&arguments.command, &environment)
    };
    match ended {
        Ok(code) => Ok(Exit::Child(code)),
        Err(error) => {
            context.ui.failure(&error);
            Ok(Exit::Child(if error.kind() == Kind::NotFound {
                NO_PROGRAM
            } else {
                CANNOT_EXECUTE
            }))
        }
    }
}
