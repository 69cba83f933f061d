//! `doctor`.

use super::Context;
use crate::cli::doctor::Doctor;
use crate::error::Result;
use crate::exit::Exit;

/// Runs the command.
///
/// # Errors
/// See the body.
pub fn run(arguments: &Doctor, context: &Context<'_>) -> Result<Exit> {
    let _ = (arguments, context);
    todo!()
}
