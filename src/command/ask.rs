//! Whether a person can be asked, and the few questions that commands beside the wizard ask.

use super::Context;
use crate::error::{Error, Kind, Result};
use crate::secret::Secret;
use crate::ui::keyboard::{Given, Keyboard};
use crate::ui::plain::Plain;
use crate::ui::prompt::Prompt;
use crate::variables;

/// Both the keyboard and the words are on a terminal, and nothing says never to ask.
pub fn is_attended(context: &Context<'_>) -> bool {
    let environment = &context.system.environment;
    let terminal = context.system.terminal;
    terminal.stdin
        && terminal.stderr
        && !context.global.no_input
        && !environment.flag(variables::NO_INPUT)
        && !environment.flag(variables::CI)
}

/// Yes or no; `default` is what Enter stands for.
///
/// # Errors
/// `Interrupted` when it is cancelled; `Io`.
pub fn confirm(context: &Context<'_>, question: &str, default: Option<bool>) -> Result<bool> {
    answer(keyboard(context).confirm(question, default)?)
}

/// A text that is not shown.
///
/// # Errors
/// `Interrupted` when it is cancelled; `Io`.
pub fn secret(context: &Context<'_>, question: &str, help: &str) -> Result<Secret> {
    answer(keyboard(context).secret(question, Some(help))?)
}

fn keyboard(context: &Context<'_>) -> Box<dyn Keyboard> {
    let environment = &context.system.environment;
    let terminal = context.system.terminal;
    let plain = environment.flag(variables::ACCESSIBLE)
        || environment.get("TERM").is_none_or(|term| term == "dumb");
    if plain {
        Box::new(Plain::new(terminal))
    } else {
        Box::new(Prompt::new(context.ui.err, terminal))
    }
}

fn answer<T>(given: Given<T>) -> Result<T> {
    match given {
        Given::Answer(answer) => Ok(answer),
        Given::Back | Given::Cancel => Err(Error::new(
            Kind::Interrupted,
            "cancelled; nothing was changed",
        )),
    }
}
