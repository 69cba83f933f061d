//! `account`: credentials by the name of the account they belong to, with cuti's verbs and flags.
//! An account is nothing but the profiles that share the part after the colon.

mod add;
mod bedrock;
mod claude;
mod delete;
mod env;
mod show;
mod switch;

use super::Context;
use super::auth::provider as known;
use crate::cli::account::{Account as Arguments, Verb};
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::status::accounts::Judge;
use crate::store::account::{self, Account};
use crate::store::sources::Sources;
use crate::store::{Home, Name};

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
        Verb::List(arguments) => show::list(arguments, context),
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
        let mut sources = context.sources()?;
        // An account is chosen by its name: no order leaves it out.
        sources.config.order.clear();
        let stores = [&mut sources.own, &mut sources.inherited];
        for store in stores.into_iter().flatten() {
            store.order.clear();
        }
        Ok(Self {
            home: context.home()?,
            agent: context.agent()?,
            sources,
        })
    }

    /// The account of that name.
    fn account(&self, name: &Name, context: &Context<'_>) -> Result<Account<'_>> {
        account::find(&self.sources, name).ok_or_else(|| not_found(name, context))
    }

    /// How the credentials of these accounts stand, in a word for each.
    fn lines<'a>(&'a self, accounts: &[Account<'_>], context: &Context<'a>) -> Result<Judge<'a>> {
        Judge::of_lines(context.system, &self.sources, &providers(accounts))
    }

    /// How the credentials of one account stand, with everything that is known about them.
    fn parts<'a>(&'a self, account: &Account<'_>, context: &Context<'a>) -> Result<Judge<'a>> {
        let providers = providers(std::slice::from_ref(account));
        Judge::of_parts(context.system, &self.sources, &providers)
    }

    /// The active account.
    fn active(&self) -> Option<&Name> {
        self.sources.own.as_ref()?.active.as_ref()
    }
}

fn providers<'a>(accounts: &[Account<'a>]) -> Vec<&'a str> {
    let mut providers: Vec<&str> = Vec::new();
    for member in accounts.iter().flat_map(|account| &account.members) {
        if !providers.contains(&member.profile.provider.as_str()) {
            providers.push(&member.profile.provider);
        }
    }
    providers
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

/// A provider by what was typed: one that is known, of the configuration, or of a saved profile.
///
/// # Errors
/// `Usage`, with the nearest name or all of them.
fn provider(text: &str, sources: &Sources) -> Result<String> {
    known::known(&text.to_lowercase(), &known::others(sources))
}
