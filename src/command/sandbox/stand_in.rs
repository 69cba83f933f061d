//! `sandbox stand-in`: what the scripts on the sandbox's `PATH` start. The words are those of the
//! programs that are stood in for, in short, and say so.

use std::ffi::OsString;
use std::path::Path;

use crate::cli::sandbox::StandIn;
use crate::command::Context;
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::sandbox::stand_in::answer;
use crate::sandbox::stand_in::claude::{self, Wanted};
use crate::sandbox::{profiles, stand_in};
use crate::system::input;
use crate::system::terminal::DEFAULT_WIDTH;
use crate::ui::{escape, wrap};

/// Stands in for a program.
///
/// # Errors
/// `Usage` outside of the sandbox and for what the stand-in cannot do; else what the system says.
pub fn run(arguments: &StandIn, context: &Context<'_>) -> Result<Exit> {
    let rest = arguments.arguments.as_slice();
    match arguments.program.as_str() {
        "claude" => as_claude(rest, &arguments.folder, context),
        "aws" => as_aws(rest, &arguments.folder, context),
        _ => Err(Error::usage("there is no stand-in for that program")),
    }
}

fn as_claude(arguments: &[OsString], sandbox: &Path, context: &Context<'_>) -> Result<Exit> {
    let wanted = Wanted::of(arguments);
    if wanted == Wanted::Version {
        context.ui.data(&format!("{}\n", claude::VERSION))?;
        return Ok(Exit::Done);
    }
    stand_in::guard(&context.system.environment)?;
    say(
        context,
        "This is a stand-in for claude in the keywright sandbox.",
    );
    match wanted {
        Wanted::SetupToken => setup_token(context),
        Wanted::Login => log_in(sandbox, context),
        Wanted::Logout => {
            claude::log_out(context.system, sandbox)?;
            context
                .ui
                .data("Logged out: the made-up login is removed.\n")?;
            Ok(Exit::Done)
        }
        Wanted::Print { json, model } => print(json, model.as_deref(), sandbox, context),
        Wanted::Version | Wanted::Other => Err(unknown(
            "`claude --version`, `claude setup-token`, `claude auth login`, `claude auth logout` and `claude -p`",
        )),
    }
}

fn unknown(known: &str) -> Error {
    Error::usage("this stand-in does not know that").hint(format!("It knows {known}."))
}

/// The real program asks a browser and takes a code; here Enter stands for both.
fn setup_token(context: &Context<'_>) -> Result<Exit> {
    let terminal = context.system.terminal;
    if !(terminal.stdin && terminal.stdout) {
        return Err(Error::usage("`claude setup-token` needs a terminal")
            .hint("The real program would wait here for ever."));
    }
    data(
        context,
        "It makes a long-lived (1-year) token of a Claude subscription. Here nobody is signed in, and the token opens the sandbox only.\n\nPress Enter to go on, as if you had signed in.",
    )?;
    input::wait_for_line()?;
    data(
        context,
        "✔ Long-lived authentication token created\n\nYour OAuth token (valid for 1 year):\n",
    )?;
    let columns = terminal.width().unwrap_or(DEFAULT_WIDTH);
    let token = claude::token();
    context
        .ui
        .data(&format!("{}\r\n\n", claude::in_rows(&token, columns)))?;
    data(
        context,
        "Store it safely: it is not shown again.\nUse it as CLAUDE_CODE_OAUTH_TOKEN, or paste it into keywright.",
    )?;
    Ok(Exit::Done)
}

fn log_in(sandbox: &Path, context: &Context<'_>) -> Result<Exit> {
    // Nothing is asked before it is clear that the login may be written.
    claude::folder(&context.system.environment, sandbox)?;
    confirm(context)?;
    let path = claude::log_in(context.system, sandbox)?;
    data(
        context,
        &format!(
            "Login successful. It is made up, and in {}.",
            path.display()
        ),
    )?;
    Ok(Exit::Done)
}

fn print(json: bool, model: Option<&str>, sandbox: &Path, context: &Context<'_>) -> Result<Exit> {
    let answer = answer::ask(context.system, sandbox, model)?;
    let text = if json {
        answer.document().to_string()
    } else {
        escape::line(&answer.text).into_owned()
    };
    context.ui.data(&format!("{text}\n"))?;
    Ok(if answer.is_error {
        Exit::Problem
    } else {
        Exit::Done
    })
}

fn as_aws(arguments: &[OsString], sandbox: &Path, context: &Context<'_>) -> Result<Exit> {
    let words: Vec<&str> = arguments.iter().filter_map(|word| word.to_str()).collect();
    if words == ["--version"] {
        context
            .ui
            .data("aws-cli/2.31.0 (a stand-in in the keywright sandbox)\n")?;
        return Ok(Exit::Done);
    }
    stand_in::guard(&context.system.environment)?;
    say(
        context,
        "This is a stand-in for aws in the keywright sandbox.",
    );
    let environment = &context.system.environment;
    let profile = match words.as_slice() {
        ["sso", "login"] => environment.get("AWS_PROFILE"),
        ["sso", "login", "--profile", name] => Some(*name),
        ["sso", "login", "--sso-session", profiles::SESSION] => Some(profiles::PROFILE),
        ["sso", "login", "--sso-session", _] => None,
        _ => {
            return Err(unknown(
                "`aws --version` and `aws sso login --profile NAME`",
            ));
        }
    };
    if profile != Some(profiles::PROFILE) {
        return Err(Error::new(
            Kind::NotFound,
            "there is no such profile with single sign-on in the sandbox",
        )
        .hint(format!("Its one is {}.", profiles::PROFILE)));
    }
    let home = environment
        .home()
        .ok_or_else(|| Error::new(Kind::Config, "HOME is not set"))?;
    stand_in::guard_path(&home, sandbox)?;
    confirm(context)?;
    let path = profiles::renew(context.system, &home)?;
    data(
        context,
        &format!(
            "Signed in for 8 hours. The session is made up, and in {}.",
            path.display()
        ),
    )?;
    Ok(Exit::Done)
}

/// Waits where the real program waits for a browser; a script is not kept waiting.
fn confirm(context: &Context<'_>) -> Result<()> {
    if !context.system.terminal.stdin {
        return Ok(());
    }
    data(
        context,
        "The real program opens a browser. Press Enter to go on, as if you had signed in.",
    )?;
    input::wait_for_line()
}

fn data(context: &Context<'_>, text: &str) -> Result<()> {
    context.ui.data(&format!("{}\n", fitted(context, text)))
}

fn say(context: &Context<'_>, text: &str) {
    context.ui.say(&fitted(context, text));
}

fn fitted(context: &Context<'_>, text: &str) -> String {
    let width = context.ui.width.map_or(usize::MAX, usize::from);
    let lines: Vec<_> = text.split('\n').map(escape::line).collect();
    wrap::wrap(&lines.join("\n"), width, "")
}
