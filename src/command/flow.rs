//! `flow`.

use super::Context;
use crate::cli::flow::Flow;
use crate::error::Result;
use crate::exit::Exit;

/// Runs the command.
///
/// # Errors
/// See the body.
pub fn run(arguments: &Flow, context: &Context<'_>) -> Result<Exit> {
    let _ = (arguments, context);
    todo!()
}
