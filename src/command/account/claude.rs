//! `account new --claude-login` and `account save`: an account's Claude login, by reference. No
//! token is read into our store, and none is copied.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::Place;
use crate::cli::account::{New, Save};
use crate::command::{Context, ask, quoted};
use crate::consumer::claude_code::login::{self, Login};
use crate::consumer::claude_code::places::{Chosen, Places};
use crate::consumer::{Grant, claude_code};
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::provider::anthropic;
use crate::store::account::LOGIN;
use crate::store::profile::CLAUDE_CLI;
use crate::store::save::{self, Outcome, Replace};
use crate::store::{self, Credential, Name, Profile, ProfileId};
use crate::ui::escape;
use crate::variables::CLAUDE_CONFIG_DIR;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    schema_version: u32,
    agent: &'a str,
    account: &'a str,
    /// `added`, `same` or `replaced`.
    outcome: &'static str,
    profile: &'a str,
    config_dir: &'a str,
    /// Whether somebody is signed in there.
    signed_in: bool,
    /// What to type next.
    next: Vec<String>,
    transaction: Option<String>,
}

/// Gives an account a Claude Code folder of its own, and hands over to `claude auth login`.
pub fn new(arguments: &New, context: &Context<'_>) -> Result<Exit> {
    let name = Name::parse(&arguments.account)?;
    if !arguments.claude_login {
        let key = context.command_line(&format!("account add-api-key {name}"));
        let login = context.command_line(&format!("account new {name} --claude-login"));
        return Err(
            Error::usage("an account is made by its first credential").hint(format!(
                "With an API key: {key}. With a Claude login: {login}"
            )),
        );
    }
    let place = Place::read(context)?;
    let folder = place.home.account_login(&name);
    let Some(text) = folder.to_str() else {
        return Err(Error::new(
            Kind::CannotCreate,
            "the path of our folder is not UTF-8 text",
        )
        .hint("Name another folder with --home DIR."));
    };
    let remove = format!("models auth remove {LOGIN}:{name}");
    refuse_another(&place, &name, text, || {
        format!("Remove it first: {}", context.command_line(&remove))
    })?;
    let look = || login::look(context.system, Some(&folder), context.system.clock.now());
    let attended = ask::is_attended(context) && context.system.terminal.stdout;
    let claude = if attended && !look().standing.is_usable() {
        Some(program(context)?)
    } else {
        None
    };
    // Whoever may not write the store makes no folder beside it.
    store::update(
        context.system,
        &place.home,
        "new account",
        || Ok(Vec::new()),
    )?;
    context.system.files.create_private_folder(&folder)?;
    if let Some(claude) = claude {
        sign_in(claude, &folder, context)?;
        signed_in(&look(), &name, context)?;
    }
    record(&place, &name, (text, &look(), Replace::Refuse), context)
}

/// Whoever was asked to sign in and did not has no account.
fn signed_in(login: &Login, name: &Name, context: &Context<'_>) -> Result<()> {
    if login.standing.is_usable() {
        return Ok(());
    }
    let line = context.command_line(&format!("account new {name} --claude-login"));
    let why = login.words(context.system.clock.now()).summary;
    let why = why.trim_end_matches('.');
    let message = format!("nobody signed in, and nothing was saved: {why}");
    Err(Error::new(Kind::NotFound, message).hint(format!("Go on with: {line}")))
}

/// Records a reference to the login that Claude Code uses here.
pub fn save(arguments: &Save, context: &Context<'_>) -> Result<Exit> {
    let given = arguments.account.as_deref().or(arguments.name.as_deref());
    let name = Name::parse(given.unwrap_or_default())?;
    let places = Places::of(context.system, None);
    if places.chosen == Chosen::EmptyVariable {
        return Err(Error::new(
            Kind::Config,
            "CLAUDE_CONFIG_DIR is set and empty, so that the login depends on the working folder",
        )
        .hint("Unset it, or set it to a folder."));
    }
    let found = login::look(context.system, None, context.system.clock.now());
    if !found.standing.is_usable() {
        let why = found.words(context.system.clock.now()).summary;
        return Err(Error::new(
            Kind::NotFound,
            format!("there is no login to save: {}", why.trim_end_matches('.')),
        )
        .hint("claude auth login"));
    }
    let folder = match places.variable() {
        None => "~/.claude".to_owned(),
        Some(folder) => folder.to_str().map(str::to_owned).ok_or_else(|| {
            Error::new(
                Kind::CannotCreate,
                "the path of the Claude Code folder is not UTF-8 text",
            )
        })?,
    };
    let place = Place::read(context)?;
    let replace = if arguments.force {
        Replace::Allow
    } else {
        let line = format!("account save {name} --force");
        refuse_another(&place, &name, &folder, || {
            format!("Replace it with: {}", context.command_line(&line))
        })?;
        Replace::Refuse
    };
    record(&place, &name, (&folder, &found, replace), context)
}

/// Refuses an account whose login is another one.
fn refuse_another(
    place: &Place,
    name: &Name,
    folder: &str,
    remedy: impl FnOnce() -> String,
) -> Result<()> {
    let id = ProfileId::parse(&format!("{LOGIN}:{name}"))?;
    let held = place.sources.own.as_ref().and_then(|own| own.get(&id));
    match held.map(|held| &held.credential) {
        Some(Credential::Login { config_dir, .. }) if config_dir.as_deref() != Some(folder) => {
            let message = format!("the account `{name}` has another Claude login already");
            Err(Error::new(Kind::Conflict, message).hint(remedy()))
        }
        _ => Ok(()),
    }
}

fn program(context: &Context<'_>) -> Result<PathBuf> {
    let system = context.system;
    let found = system.processes.find_all("claude", &system.environment);
    found.into_iter().next().ok_or_else(|| {
        Error::new(
            Kind::MissingProgram,
            "`claude` is not installed, or not on PATH",
        )
        .hint("npm install -g @anthropic-ai/claude-code")
    })
}

/// Runs `claude auth login` on this terminal, with the folder and without every other credential.
fn sign_in(claude: PathBuf, folder: &Path, context: &Context<'_>) -> Result<()> {
    let system = context.system;
    let grant = Grant::Login {
        config_dir: Some(folder.to_path_buf()),
    };
    let changes = claude_code::CONSUMER.changes(grant, false)?;
    let environment = changes.applied_to(&system.environment)?;
    context
        .ui
        .say("`claude auth login` takes over now. Sign in as it says; this goes on when it ends.");
    let command: Vec<OsString> = vec![claude.into(), "auth".into(), "login".into()];
    let lent = system.terminal.lend();
    let ended = system.processes.run_attached(&command, &environment);
    drop(lent);
    ended.map(|_| ())
}

fn record(
    place: &Place,
    name: &Name,
    (folder, login, replace): (&str, &Login, Replace),
    context: &Context<'_>,
) -> Result<Exit> {
    let id = ProfileId::parse(&format!("{LOGIN}:{name}"))?;
    let credential = Credential::Login {
        source: Some(CLAUDE_CLI.to_owned()),
        config_dir: Some(folder.to_owned()),
    };
    let profile = Profile::new(anthropic::PROVIDER.id, credential);
    let (system, home) = (context.system, &place.home);
    let saved = save::put(system, home, &place.agent, id.clone(), profile, replace)?;
    let signed_in = login.standing.is_usable();
    let next = if signed_in {
        context.command_line(&format!("account use {name}"))
    } else {
        let line = format!("{CLAUDE_CONFIG_DIR}={} claude auth login", quoted(folder));
        if context.system.sandbox {
            format!("keywright sandbox -- env {line}")
        } else {
            line
        }
    };
    if context.ui.json {
        context.ui.document(&Document {
            schema_version: 1,
            agent: place.agent.as_str(),
            account: name.as_str(),
            outcome: saved.outcome.id(),
            profile: id.as_str(),
            config_dir: folder,
            signed_in,
            next: vec![next],
            transaction: saved.receipt.transaction,
        })?;
        return Ok(Exit::Done);
    }
    let holder = login.holder();
    let holder = if holder.is_empty() {
        String::new()
    } else {
        format!(" ({holder})")
    };
    let verb = match saved.outcome {
        Outcome::Added => "Saved",
        Outcome::Same => "Nothing to do for",
        Outcome::Replaced => "Updated",
    };
    let line = format!("{verb} account: {name}, the Claude login in {folder}{holder}");
    context.ui.data(&format!("{}\n", escape::line(&line)))?;
    if signed_in {
        context.ui.say("It is a reference: no token is copied, and whoever signs in there later is this account.");
        context.ui.say(&format!("Use it with: {next}"));
    } else {
        context.ui.say(&format!(
            "Nobody is signed in there yet. Sign in with: {next}"
        ));
    }
    Ok(Exit::Done)
}
