//! `sandbox`.

use super::Context;
use crate::cli::sandbox::Sandbox;
use crate::error::Result;
use crate::exit::Exit;

/// Runs the command.
///
/// # Errors
/// See the body.
pub fn run(arguments: &Sandbox, context: &Context<'_>) -> Result<Exit> {
    let _ = (arguments, context);
    todo!()
}
