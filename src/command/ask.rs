//! What single commands ask a person, and the ways to give them a secret without a person. Flows
//! have their own questions; here it is one line, or yes or no.

use super::Context;
use crate::error::{Error, Kind, Result};
use crate::provider::paste::{self, Note};
use crate::secret::Secret;
use crate::system::signals;
use crate::ui::keyboard::{Given, Keyboard};
use crate::ui::plain::Plain;
use crate::ui::prompt::Prompt;
use crate::variables;
use crate::wizard::answers::Way;

/// A secret that a command needs.
pub struct Wanted<'a> {
    /// The flag that gives it, with its dashes; `-stdin`, `-file`, `-env` and `-fd` go behind it.
    pub flag: &'a str,
    /// What to ask when no flag gives it, and what to say beside.
    pub question: &'a str,
    pub help: Option<&'a str>,
    /// What is said where nobody can be asked.
    pub missing: &'a str,
    /// It is what the command is for, so that a pipe needs no flag.
    pub pasted: bool,
}

/// Whether a person can be asked: both the keyboard and the words are on a terminal, and nothing
/// forbids it.
pub fn is_attended(context: &Context<'_>) -> bool {
    let environment = &context.system.environment;
    let terminal = context.system.terminal.stdin && context.system.terminal.stderr;
    let silenced = context.global.no_input
        || environment.flag(variables::NO_INPUT)
        || environment.flag(variables::CI);
    terminal && !silenced
}

/// The secret as it was meant: read where `way` says, else asked for. What was taken off a paste is
/// told, and a value that stood on the command line is warned of.
///
/// # Errors
/// `MissingAnswers` where nobody can be asked; `Interrupted`; those of [`Way::read_secret`].
pub fn secret(context: &Context<'_>, wanted: &Wanted<'_>, way: Option<&Way>) -> Result<Secret> {
    let given = match way {
        Some(way) => {
            if matches!(way, Way::Value(_)) {
                warn_exposed(context, wanted.flag);
            }
            way.read_secret(context.system)?
        }
        None if is_attended(context) => typed(context, wanted)?,
        None => {
            let Wanted { flag, missing, .. } = wanted;
            let first = if wanted.pasted {
                "Pipe it in, or give".to_owned()
            } else {
                format!("Give it with {flag}-stdin,")
            };
            let message = format!("{missing}, and there is no terminal to ask on");
            return Err(Error::new(Kind::MissingAnswers, message).hint(format!(
                "{first} {flag}-file PATH, {flag}-env NAME or {flag}-fd N."
            )));
        }
    };
    let pasted = paste::clean(&given);
    if !pasted.notes.is_empty() {
        let notes: Vec<String> = pasted.notes.iter().map(Note::words).collect();
        let notes = notes.join(", ");
        let from = if wanted.pasted {
            "Cleaned what was pasted"
        } else {
            "From what you gave"
        };
        context.ui.say(&format!("{from}: {notes}."));
    }
    Ok(pasted.secret)
}

/// Says what a secret on the command line means, and which flag is better.
pub fn warn_exposed(context: &Context<'_>, flag: &str) {
    context.ui.warn(&format!(
        "{flag} shows the secret to every user of this machine and keeps it in the shell's history; use {flag}-stdin or {flag}-file."
    ));
}

/// A secret as it was typed or pasted, which is not shown. Only where [`is_attended`].
fn typed(context: &Context<'_>, wanted: &Wanted<'_>) -> Result<Secret> {
    match keyboard(context).secret(wanted.question, wanted.help)? {
        Given::Answer(secret) => Ok(secret),
        Given::Back | Given::Cancel => Err(cancelled()),
    }
}

/// Asks before something is done that a person should want. Only where [`is_attended`].
///
/// # Errors
/// `Interrupted` when the question is left; `Io` when the terminal fails.
pub fn confirm(context: &Context<'_>, question: &str) -> Result<bool> {
    match keyboard(context).confirm(question, Some(false))? {
        Given::Answer(answer) => Ok(answer),
        Given::Back | Given::Cancel => Err(cancelled()),
    }
}

/// As [`confirm`], where `forced` stands for yes and nobody at the terminal for a refusal.
///
/// # Errors
/// As [`confirm`]; `Usage` where nobody can be asked.
pub fn confirm_unless(context: &Context<'_>, forced: bool, question: &str) -> Result<bool> {
    if forced {
        return Ok(true);
    }
    if !is_attended(context) {
        return Err(
            Error::usage("this asks first, and there is no terminal to ask on")
                .hint("Add --force to do it without a question."),
        );
    }
    confirm(context, question)
}

fn cancelled() -> Error {
    Error::new(Kind::Interrupted, "cancelled; nothing was changed")
}

/// Drawn with a cursor where the terminal has one.
pub fn keyboard(context: &Context<'_>) -> Box<dyn Keyboard> {
    let Context { system, ui, .. } = context;
    signals::watch(system.terminal, "Nothing was changed.");
    let dumb = system
        .environment
        .get("TERM")
        .is_none_or(|term| term == "dumb");
    if dumb || system.environment.flag(variables::ACCESSIBLE) {
        Box::new(Plain::new(system.terminal))
    } else {
        Box::new(Prompt::new(ui.err, system.terminal))
    }
}
