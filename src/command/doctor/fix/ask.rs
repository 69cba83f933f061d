//! The one question of `doctor --fix`.

use crate::command::{self, Context};
use crate::doctor::finding::Safety;
use crate::doctor::fix::Plan;
use crate::error::{Error, Kind, Result};
use crate::ui::keyboard::{self, Given, Keyboard};

/// What of the plan is carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    All,
    /// What touches only our own files.
    Own,
    None,
}

/// Asks, the plan being on the screen.
///
/// # Errors
/// `Interrupted` for Ctrl-C; `Io` when the terminal fails.
pub fn ask(plan: &Plan, context: &Context<'_>) -> Result<Choice> {
    match put(command::ask::keyboard(context).as_mut(), plan)? {
        Given::Answer(choice) => Ok(choice),
        Given::Back => Ok(Choice::None),
        Given::Cancel => {
            let message = "cancelled; nothing was changed";
            Err(Error::new(Kind::Interrupted, message))
        }
    }
}

fn put(keyboard: &mut dyn Keyboard, plan: &Plan) -> Result<Given<Choice>> {
    if !(plan.has(Safety::Safe) && plan.has(Safety::Consent)) {
        let answer = keyboard.confirm("Apply this?", None)?;
        return Ok(answer.map(|yes| if yes { Choice::All } else { Choice::None }));
    }
    let choices = [
        keyboard::Choice::new("All of it"),
        keyboard::Choice::new("Only what touches keywright's own files"),
        keyboard::Choice::new("Nothing"),
    ];
    let given = keyboard.choose("Apply this?", &choices, 0)?;
    Ok(given.map(|index| match index {
        0 => Choice::All,
        1 => Choice::Own,
        _ => Choice::None,
    }))
}
