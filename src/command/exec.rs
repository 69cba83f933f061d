//! `exec`.

use super::Context;
use crate::cli::exec::Exec;
use crate::error::Result;
use crate::exit::Exit;

/// Runs the command.
///
/// # Errors
/// See the body.
pub fn run(arguments: &Exec, context: &Context<'_>) -> Result<Exit> {
    let _ = (arguments, context);
    todo!()
}
