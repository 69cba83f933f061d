//! `env`.

use super::Context;
use crate::cli::env::Env;
use crate::error::Result;
use crate::exit::Exit;

/// Runs the command.
///
/// # Errors
/// See the body.
pub fn run(arguments: &Env, context: &Context<'_>) -> Result<Exit> {
    let _ = (arguments, context);
    todo!()
}
