//! `models status`.

use super::Context;
use crate::cli::models::Models;
use crate::error::Result;
use crate::exit::Exit;

/// Runs the command.
///
/// # Errors
/// See the body.
pub fn run(arguments: &Models, context: &Context<'_>) -> Result<Exit> {
    let _ = (arguments, context);
    todo!()
}
