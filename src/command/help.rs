//! `help`: a command's own help, or a topic.

use std::fmt::Write;

use super::Context;
use crate::cli::{self, help::Help};
use crate::error::{Error, Kind, Result};
use crate::exit::{self, Exit};

/// Prints the help of a command or the table of exit codes.
///
/// # Errors
/// `Usage` for a topic that does not exist.
pub fn run(arguments: &Help, context: &Context<'_>) -> Result<Exit> {
    let text = match arguments.topic.first().map(String::as_str) {
        Some("exit-codes") => exit_codes(),
        _ => command_help(&arguments.topic, context)?,
    };
    context.ui.data(&text)?;
    Ok(Exit::Done)
}

fn command_help(topic: &[String], context: &Context<'_>) -> Result<String> {
    let mut root = cli::root();
    root.build();
    let mut command = &mut root;
    for name in topic {
        command = command.find_subcommand_mut(name).ok_or_else(|| {
            Error::usage(format!("there is no command or topic `{name}`"))
                .hint("`keywright help` lists the commands; the one topic is `exit-codes`.")
        })?;
    }
    let help = command.render_help();
    Ok(if context.ui.out.color {
        help.ansi().to_string()
    } else {
        help.to_string()
    })
}

fn exit_codes() -> String {
    let mut text = String::from("Exit codes\n\n");
    for (exit, meaning) in exit::TABLE {
        let _ = writeln!(text, "{:>5}  {meaning}", exit.code());
    }
    text.push_str("\nWhere several hold: 1 before 3 before 2 before 0. `exec` gives its program's code.\n\nError codes in JSON, with their exit code\n\n");
    for kind in Kind::ALL {
        let _ = writeln!(
            text,
            "{:>5}  {:<20} {}",
            kind.exit().code(),
            kind.code(),
            kind.meaning()
        );
    }
    text
}
