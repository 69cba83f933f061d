//! One file per verb: gather what it needs, call the layer that knows, report, give an exit code.

mod account;
mod ask;
mod auth;
mod aws_credentials;
mod config;
mod doctor;
mod env;
mod exec;
mod flow;
mod form;
mod get;
mod hand_over;
mod help;
mod history;
mod import;
mod models;
mod onboard;
mod sandbox;
mod saved;
mod undo;
mod verify;
mod why;

use std::ffi::OsString;

use crate::cli::{self, Command, Global, Invocation};
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::store::sources::Sources;
use crate::store::{self, Home, Name};
use crate::system::{Clock, System};
use crate::ui::{ColorChoice, Role, Ui, escape, wrap};
use crate::variables;

/// What every command gets.
pub struct Context<'a> {
    pub system: &'a System,
    pub ui: &'a Ui,
    pub global: &'a Global,
}

impl Context<'_> {
    /// Our home folder. Nothing is created.
    ///
    /// # Errors
    /// `Config` when no folder can be derived.
    pub fn home(&self) -> Result<Home> {
        Home::locate(self.global.home.as_deref(), &self.system.environment)
    }

    /// The agent whose store is used.
    ///
    /// # Errors
    /// `Usage` for a name that cannot be one.
    pub fn agent(&self) -> Result<Name> {
        let given = self.global.agent.as_deref();
        let variable = self.system.environment.get(variables::AGENT);
        store::agent_name(given.or(variable).unwrap_or(store::MAIN))
    }

    /// A command of ours, named without `keywright`, as it must be typed to reach the same place as
    /// this run.
    pub fn command_line(&self, rest: &str) -> String {
        self.command_line_of(self.global.agent.as_deref().unwrap_or_default(), rest)
    }

    /// As [`Self::command_line`], for another agent.
    pub fn command_line_of(&self, agent: &str, rest: &str) -> String {
        let mut words = vec!["keywright".to_owned()];
        if self.system.sandbox {
            words.push("--sandbox".to_owned());
        }
        if let Some(home) = &self.global.home {
            words.push(format!("--home {}", quoted(&home.display().to_string())));
        }
        if !agent.is_empty() {
            words.push(format!("--agent {}", quoted(agent)));
        }
        words.push(rest.to_owned());
        words.join(" ")
    }
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    shlex::try_quote(word).map_or_else(|_| word.to_owned(), std::borrow::Cow::into_owned)
}

impl Context<'_> {
    /// Everything that a credential can come from; what had to be left out is warned of.
    ///
    /// # Errors
    /// As [`Sources::read`].
    pub fn sources(&self) -> Result<Sources> {
        let sources = Sources::read(self.system, &self.home()?, &self.agent()?)?;
        for gap in &sources.gaps {
            self.ui.warn(&escape::line(&gap.what));
            if let Some(snippet) = &gap.snippet {
                self.ui.stderr(snippet);
            }
            self.ui.stderr(&format!(
                "{} {}",
                self.ui.err.paint(Role::Info, "hint:"),
                gap.hint
            ));
        }
        Ok(sources)
    }
}

/// Runs one command line and reports how it went.
pub fn run(arguments: &[OsString], system: &System) -> Exit {
    let invocation = match cli::parse(arguments) {
        Ok(invocation) => invocation,
        Err(error) => return refused(&error, arguments, system),
    };
    let mut ui = interface(&invocation.global, system);
    if let Command::Doctor(doctor) = &invocation.command {
        ui.json |= doctor.is_json();
    }
    let outcome = Clock::check(&system.environment).and_then(|()| {
        if invocation.global.sandbox {
            in_sandbox(&invocation, system, &ui)
        } else {
            dispatch(&invocation, system, &ui)
        }
    });
    outcome.unwrap_or_else(|error| ui.failure(&error))
}

/// Runs the command in the sandbox, which lives as long as the command.
fn in_sandbox(invocation: &Invocation, system: &System, ui: &Ui) -> Result<Exit> {
    if matches!(invocation.command, Command::Sandbox(_) | Command::Help(_)) {
        return dispatch(invocation, system, ui);
    }
    if invocation.global.home.is_some() {
        return Err(
            Error::usage("--sandbox has a home of its own and cannot be used with --home")
                .hint("leave one of the two out."),
        );
    }
    let (inside, _running) = crate::sandbox::enter(system)?;
    announce_sandbox(system, ui)?;
    let saves = matches!(&invocation.command, Command::Models(models) if models.saves());
    if saves || matches!(invocation.command, Command::Exec(_) | Command::Onboard(_)) {
        crate::sandbox::create_home(system)?;
    }
    dispatch(invocation, &inside, ui)
}

/// Says on every screen what this is.
fn announce_sandbox(system: &System, ui: &Ui) -> Result<()> {
    let notice = crate::sandbox::notice(system)?;
    let width = ui.width.map_or(usize::MAX, usize::from);
    let notice = wrap::wrap(&escape::line(&notice), width, "");
    ui.say(&ui.err.paint(Role::Dim, &notice));
    Ok(())
}

fn interface(global: &Global, system: &System) -> Ui {
    let mut ui = Ui::new(global.color, &system.environment, system.terminal);
    ui.json = global.json;
    ui.quiet = global.quiet;
    ui.verbose = global.verbose;
    ui
}

fn dispatch(invocation: &Invocation, system: &System, ui: &Ui) -> Result<Exit> {
    let context = Context {
        system,
        ui,
        global: &invocation.global,
    };
    match &invocation.command {
        Command::Onboard(arguments) => onboard::run(arguments, &context),
        Command::Doctor(arguments) => doctor::run(arguments, &context),
        Command::Models(arguments) => models::run(arguments, &context),
        Command::Account(arguments) => account::run(arguments, &context),
        Command::Exec(arguments) => exec::run(arguments, &context),
        Command::Env(arguments) => env::run(arguments, &context),
        Command::Get(arguments) => get::run(arguments, &context),
        Command::Config(arguments) => config::run(arguments, &context),
        Command::Import(arguments) => import::run(arguments, &context),
        Command::History(arguments) => history::run(arguments, &context),
        Command::Undo(arguments) => undo::run(arguments, &context),
        Command::Why(arguments) => why::run(arguments, &context),
        Command::Flow(arguments) => flow::run(arguments, &context),
        Command::Sandbox(arguments) => sandbox::run(arguments, &context),
        Command::Help(arguments) => help::run(arguments, &context),
        Command::AwsCredentials(arguments) => aws_credentials::run(arguments, &context),
    }
}

/// A command line that clap did not accept, or a request for help.
fn refused(error: &clap::Error, arguments: &[OsString], system: &System) -> Exit {
    let mut ui = Ui::new(ColorChoice::Auto, &system.environment, system.terminal);
    let text = |color: bool| {
        let rendered = error.render();
        if color {
            rendered.ansi().to_string()
        } else {
            rendered.to_string()
        }
    };
    if !error.use_stderr() {
        return ui
            .data(&text(ui.out.color))
            .map_or_else(|e| ui.failure(&e), |()| Exit::Done);
    }
    ui.json = arguments.iter().any(|argument| argument == "--json");
    if ui.json {
        let first: String = text(false)
            .lines()
            .take_while(|line| !line.is_empty())
            .collect::<Vec<_>>()
            .join(" ");
        let message = first.trim_start_matches("error: ").to_owned();
        return ui.failure(
            &Error::new(Kind::Usage, message).hint("`keywright help` lists the commands."),
        );
    }
    ui.stderr(text(ui.err.color).trim_end());
    Exit::Usage
}
