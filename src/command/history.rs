//! `history`.

use super::Context;
use crate::cli::history::History;
use crate::error::Result;
use crate::exit::Exit;

/// Runs the command.
///
/// # Errors
/// See the body.
pub fn run(arguments: &History, context: &Context<'_>) -> Result<Exit> {
    let _ = (arguments, context);
    todo!()
}
