//! The command line: clap definitions only. Arguments become a [`Command`] value; nothing is read,
//! looked up or decided here. Each verb has a file of its own, and a subcommand is built only when
//! it is the one asked for.

pub mod account;
pub mod auth;
pub mod aws_credentials;
pub mod config;
pub mod doctor;
pub mod env;
pub mod exec;
pub mod flow;
pub mod get;
pub mod help;
pub mod history;
pub mod import;
pub mod models;
pub mod onboard;
pub mod probing;
pub mod sandbox;
mod secret_input;
pub mod undo;
pub mod why;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::error::ContextValue;
use clap::{ArgMatches, Args, FromArgMatches};

use crate::ui::{ColorChoice, escape};

/// Options that every command takes, before or after its name.
#[derive(Args, Clone, Debug, Default)]
pub struct Global {
    /// Our folder, instead of ~/.config/keywright
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        help_heading = "Global options"
    )]
    pub home: Option<PathBuf>,
    /// Whose credentials (default: main)
    #[arg(
        long,
        global = true,
        value_name = "ID",
        help_heading = "Global options"
    )]
    pub agent: Option<String>,
    /// Report as one JSON document on stdout
    #[arg(long, global = true, help_heading = "Global options")]
    pub json: bool,
    /// When to use colour
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        help_heading = "Global options"
    )]
    pub color: ColorChoice,
    /// Say less
    #[arg(short, long, global = true, help_heading = "Global options")]
    pub quiet: bool,
    /// Say more
    #[arg(short, long, global = true, help_heading = "Global options")]
    pub verbose: bool,
    /// Never ask
    #[arg(long, global = true, help_heading = "Global options")]
    pub no_input: bool,
    /// Try it out: a home of its own and a stand-in for the API on this machine, no key, no network
    #[arg(long, global = true, help_heading = "Global options")]
    pub sandbox: bool,
}

/// Which credential a command hands out.
#[derive(Args, Clone, Debug, Default)]
pub struct Which {
    /// The profile, such as anthropic:default
    #[arg(long, value_name = "ID", conflicts_with = "account")]
    pub profile: Option<String>,
    /// The account, such as work
    #[arg(long, value_name = "NAME")]
    pub account: Option<String>,
    /// Accept a named risk; subscription-token-elsewhere hands a subscription to other programs
    #[arg(long, value_name = "RISK")]
    pub accept_risk: Vec<String>,
}

impl clap::ValueEnum for ColorChoice {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Auto, Self::Always, Self::Never]
    }

    fn to_possible_value(&self) -> Option<clap::builder::PossibleValue> {
        Some(clap::builder::PossibleValue::new(match self {
            Self::Auto => "auto",
            Self::Always => "always",
            Self::Never => "never",
        }))
    }
}

/// What was asked for.
#[derive(Debug)]
pub enum Command {
    Onboard(onboard::Onboard),
    Doctor(doctor::Doctor),
    Models(models::Models),
    Account(account::Account),
    Exec(exec::Exec),
    Env(env::Env),
    Get(get::Get),
    Config(config::Config),
    History(history::History),
    Import(import::Import),
    Undo(undo::Undo),
    Why(why::Why),
    Flow(flow::Flow),
    Sandbox(sandbox::Sandbox),
    Help(help::Help),
    AwsCredentials(aws_credentials::AwsCredentials),
}

/// A parsed command line.
#[derive(Debug)]
pub struct Invocation {
    pub global: Global,
    pub command: Command,
}

/// Parses a command line, the program's name first.
///
/// # Errors
/// clap's own error, which also stands for `--help`.
pub fn parse(arguments: &[OsString]) -> Result<Invocation, clap::Error> {
    parse_as_given(arguments).map_err(harmless)
}

/// What was typed comes back in clap's words, and may have been typed by a script, or be a secret
/// in the wrong place.
fn harmless(mut error: clap::Error) -> clap::Error {
    let line = |text: &String| escape::typed(text);
    let quoted: Vec<_> = error
        .context()
        .filter_map(|(kind, value)| match value {
            ContextValue::String(text) => Some((kind, ContextValue::String(line(text)))),
            ContextValue::Strings(texts) => {
                let lines = texts.iter().map(line).collect();
                Some((kind, ContextValue::Strings(lines)))
            }
            _ => None,
        })
        .collect();
    for (kind, value) in quoted {
        error.insert(kind, value);
    }
    error
}

fn parse_as_given(arguments: &[OsString]) -> Result<Invocation, clap::Error> {
    let mut matches = match quickly(arguments) {
        Some(matches) => matches,
        None => root().try_get_matches_from(arguments)?,
    };
    let global = Global::from_arg_matches(&matches)?;
    let (name, mut chosen) = matches.remove_subcommand().ok_or_else(|| {
        root().error(
            clap::error::ErrorKind::MissingSubcommand,
            "no command given",
        )
    })?;
    let command = command(&name, &mut chosen)?;
    Ok(Invocation { global, command })
}

/// As the whole command line would be parsed, with no verb but the one that stands in it: the others
/// are needed only to say what is wrong.
fn quickly(arguments: &[OsString]) -> Option<ArgMatches> {
    let mut words = arguments.iter().skip(1);
    let verb = words.find_map(|word| VERBS.iter().find(|(name, ..)| word == name))?;
    with_verbs(std::slice::from_ref(verb))
        .try_get_matches_from(arguments)
        .ok()
}

/// The whole command, also for completions and generated documents.
#[must_use]
pub fn root() -> clap::Command {
    with_verbs(VERBS)
}

fn with_verbs(verbs: &[Verb]) -> clap::Command {
    let root = clap::Command::new("keywright")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Gets Claude access working on any machine, and says what is wrong when it does not")
        .after_help(
            "Start with `keywright onboard`. When something does not work: `keywright doctor`.",
        )
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true);
    verbs
        .iter()
        .fold(Global::augment_args(root), |root, &(name, about, of)| {
            // What this program asks itself is no verb for people.
            let hidden = name == aws_credentials::NAME;
            let verb = clap::Command::new(name).about(about).hide(hidden);
            root.subcommand(verb.defer(of))
        })
}

/// A verb: its name, what it does, and what makes its arguments when it is the one asked for.
type Verb = (
    &'static str,
    &'static str,
    fn(clap::Command) -> clap::Command,
);

/// Every verb, in the order of the help.
const VERBS: &[Verb] = &[
    (
        "onboard",
        "Set up a credential: the wizard",
        onboard::arguments,
    ),
    (
        "doctor",
        "Find out what is wrong, and what to type",
        doctor::Doctor::augment_args,
    ),
    (
        "models",
        "Which credentials are there: show, save, order and remove them",
        models::Models::augment_args,
    ),
    (
        "status",
        "The same as `models status`",
        models::Status::augment_args,
    ),
    (
        "account",
        "Keep credentials as named accounts, and switch between them",
        account::Account::augment_args,
    ),
    (
        "why",
        "Show which credential a program uses, and who is billed",
        why::Why::augment_args,
    ),
    (
        "exec",
        "Run a program with a credential",
        exec::Exec::augment_args,
    ),
    (
        "env",
        "Print shell code that sets a credential",
        env::Env::augment_args,
    ),
    (
        "get",
        "Show the credential in use, masked, or print it for a script",
        get::Get::augment_args,
    ),
    (
        "config",
        "Show, set and check settings",
        config::Config::augment_args,
    ),
    (
        "import",
        "Take over what other programs keep",
        import::Import::augment_args,
    ),
    (
        "history",
        "List what was changed",
        history::History::augment_args,
    ),
    ("undo", "Take a change back", undo::Undo::augment_args),
    (
        "flow",
        "List, show and check the wizard's flow files",
        flow::Flow::augment_args,
    ),
    (
        "sandbox",
        "A stand-in for the API on this machine, with test keys",
        sandbox::Sandbox::augment_args,
    ),
    (
        "help",
        "Explain a command or a topic",
        help::Help::augment_args,
    ),
    (
        aws_credentials::NAME,
        "Answers keywright itself",
        aws_credentials::AwsCredentials::augment_args,
    ),
];

fn command(name: &str, matches: &mut ArgMatches) -> Result<Command, clap::Error> {
    Ok(match name {
        "onboard" => Command::Onboard(onboard::Onboard::from_matches(matches)?),
        "doctor" => Command::Doctor(FromArgMatches::from_arg_matches_mut(matches)?),
        "models" => Command::Models(FromArgMatches::from_arg_matches_mut(matches)?),
        "account" => Command::Account(FromArgMatches::from_arg_matches_mut(matches)?),
        "status" => Command::Models(models::Models::status(
            FromArgMatches::from_arg_matches_mut(matches)?,
        )),
        "exec" => Command::Exec(FromArgMatches::from_arg_matches_mut(matches)?),
        "env" => Command::Env(FromArgMatches::from_arg_matches_mut(matches)?),
        "get" => Command::Get(FromArgMatches::from_arg_matches_mut(matches)?),
        "config" => Command::Config(FromArgMatches::from_arg_matches_mut(matches)?),
        "import" => Command::Import(FromArgMatches::from_arg_matches_mut(matches)?),
        "history" => Command::History(FromArgMatches::from_arg_matches_mut(matches)?),
        "undo" => Command::Undo(FromArgMatches::from_arg_matches_mut(matches)?),
        "why" => Command::Why(FromArgMatches::from_arg_matches_mut(matches)?),
        "flow" => Command::Flow(FromArgMatches::from_arg_matches_mut(matches)?),
        "sandbox" => Command::Sandbox(FromArgMatches::from_arg_matches_mut(matches)?),
        aws_credentials::NAME => {
            Command::AwsCredentials(FromArgMatches::from_arg_matches_mut(matches)?)
        }
        _ => Command::Help(FromArgMatches::from_arg_matches_mut(matches)?),
    })
}
