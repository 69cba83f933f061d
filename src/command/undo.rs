//! `undo`.

use super::Context;
use crate::cli::undo::Undo;
use crate::error::Result;
use crate::exit::Exit;

/// Runs the command.
///
/// # Errors
/// See the body.
pub fn run(arguments: &Undo, context: &Context<'_>) -> Result<Exit> {
    let _ = (arguments, context);
    todo!()
}
