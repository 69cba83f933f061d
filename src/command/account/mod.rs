//! `account`: credentials by the name of the account they belong to, with cuti's verbs and flags.
//! An account is nothing but the profiles that share the part after the colon.

mod add;
mod bedrock;
mod claude;
mod delete;
mod env;
mod show;
mod switch;
mod verify;

use super::Context;
use crate::cli::account::{Account as Arguments, Verb};
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::provider::{bedrock as aws, registry};
use crate::status::accounts::Judge;
use crate::store::account::{self, Account};
use crate::store::sources::Sources;
use crate::store::{Home, Name, Usage};

/// Runs one of the verbs.
///
/// # Errors
/// `Usage` for names that cannot be, `NotFound` for an account, key or agent that is not there;
/// those of reading and writing the store.
pub fn run(arguments: &Arguments, context: &Context<'_>) -> Result<Exit> {
    match &arguments.verb {
        Verb::AddApiKey(arguments) => add::run(arguments, context),
        Verb::ShowApiKey(arguments) => show::key(arguments, context),
        Verb::ListApiKeys(arguments) => show::keys(&arguments.account, context),
        Verb::DeleteApiKey(arguments) => delete::key(arguments, context),
        Verb::List(_) => show::list(context),
        Verb::Info(arguments) => show::info(&arguments.account, context),
        Verb::Use(arguments) => switch::run(arguments, context),
        Verb::Current => show::current(context),
        Verb::New(arguments) => claude::new(arguments, context),
        Verb::Save(arguments) => claude::save(arguments, context),
        Verb::Delete(arguments) => delete::account(arguments, context),
        Verb::Env(arguments) => env::run(arguments, context),
    }
}

/// Everything that the verbs look at.
struct Place {
    home: Home,
    agent: Name,
    sources: Sources,
}

impl Place {
    fn read(context: &Context<'_>) -> Result<Self> {
        let (home, agent) = (context.home()?, context.agent()?);
        let sources = context.sources()?;
        Ok(Self {
            home,
            agent,
            sources,
        })
    }

    /// The account of that name.
    fn account(&self, name: &Name, context: &Context<'_>) -> Result<Account<'_>> {
        account::find(&self.sources, name).ok_or_else(|| not_found(name, context))
    }

    /// How the credentials of these accounts stand.
    fn judge<'a>(&'a self, accounts: &[Account<'_>], context: &Context<'a>) -> Result<Judge<'a>> {
        let mut providers: Vec<&str> = Vec::new();
        for member in accounts.iter().flat_map(|account| &account.members) {
            if !providers.contains(&member.profile.provider.as_str()) {
                providers.push(&member.profile.provider);
            }
        }
        let usage = Usage::read(context.system, &self.home);
        Judge::new(context.system, &self.sources, usage, &providers)
    }

    /// The active account.
    fn active(&self) -> Option<&Name> {
        self.sources.own.as_ref()?.active.as_ref()
    }
}

/// The refusal for an account that is not there: the hint is the line that makes it.
fn not_found(name: &Name, context: &Context<'_>) -> Error {
    let line = context.command_line(&format!("account add-api-key {name}"));
    Error::new(Kind::NotFound, format!("there is no account `{name}`")).hint(line)
}

/// The refusal for a key that is not there: the hint is the line that adds it.
fn no_key(name: &Name, provider: &str, context: &Context<'_>) -> Error {
    let line = format!("account add-api-key {name} --provider {provider}");
    let message = format!("there is no {provider} API key in the account `{name}`");
    Error::new(Kind::NotFound, message).hint(context.command_line(&line))
}

/// A provider by what was typed: one that is known, or a custom one of the configuration.
///
/// # Errors
/// `Usage` that lists those that are known.
fn provider(text: &str) -> Result<String> {
    let wanted = text.to_lowercase();
    let mut known: Vec<&str> = registry::ALL.iter().map(|provider| provider.id).collect();
    known.push(aws::ID);
    if known.contains(&wanted.as_str()) {
        return Ok(wanted);
    }
    let near = known.iter().copied();
    let near = near.min_by_key(|id| strsim::damerau_levenshtein(id, &wanted));
    let near = near.filter(|id| strsim::damerau_levenshtein(id, &wanted) <= 2);
    let list = known.join(", ");
    Err(
        Error::usage("there is no provider of that name").hint(match near {
            Some(near) => format!("Did you mean {near}? There is {list}."),
            None => format!("There is {list}."),
        }),
    )
}
