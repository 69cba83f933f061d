//! `onboard`: the wizard.

use super::Context;
use crate::cli::onboard::Onboard;
use crate::error::Result;
use crate::exit::Exit;

/// Runs the command.
///
/// # Errors
/// See the body.
pub fn run(arguments: &Onboard, context: &Context<'_>) -> Result<Exit> {
    let _ = (arguments, context);
    todo!()
}
