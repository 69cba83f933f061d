//! `models auth`: credentials saved, listed, ordered and removed, one file per verb.

mod activate;
mod list;
mod order;
mod paste;
pub(super) mod provider;
mod remove;
mod reset;
mod risk;
mod setup_token;
mod show;
mod sync;
mod target;

use super::Context;
use crate::cli::auth::{Auth, OrderVerb, Verb};
use crate::error::Result;
use crate::exit::Exit;

/// Runs the command.
///
/// # Errors
/// `NotFound` for a profile or agent that does not exist, `Usage` for what cannot be a name,
/// `MalformedCredential` and `Conflict` for what cannot be saved; those of reading and writing our
/// files.
pub fn run(arguments: &Auth, context: &Context<'_>) -> Result<Exit> {
    match &arguments.verb {
        Verb::SetupToken(arguments) => setup_token::run(arguments, context),
        Verb::PasteToken(arguments) => paste::token(arguments, context),
        Verb::PasteApiKey(arguments) => paste::api_key(arguments, context),
        Verb::List(arguments) => list::run(arguments, context),
        Verb::Show(arguments) => show::run(arguments, context),
        Verb::Remove(arguments) => remove::run(arguments, context),
        Verb::Activate(arguments) => activate::run(arguments, context),
        Verb::Sync(arguments) => sync::run(arguments, context),
        Verb::Reset(arguments) => reset::run(arguments, context),
        Verb::Order(arguments) => match &arguments.verb {
            OrderVerb::Get(arguments) => order::get(arguments, context),
            OrderVerb::Set(arguments) => order::set(arguments, context),
            OrderVerb::Clear(arguments) => order::clear(arguments, context),
        },
    }
}
