//! A secret that a verb of `account` needs: read where a flag says, else asked for.

use crate::command::{Context, ask};
use crate::error::{Error, Kind, Result};
use crate::provider::paste::{self, Note};
use crate::secret::Secret;
use crate::wizard::answers::Way;

/// A secret that a command needs.
pub struct Wanted<'a> {
    /// The flag that gives it, with its dashes; `-stdin`, `-file`, `-env` and `-fd` go behind it.
    pub flag: &'a str,
    /// What to ask when no flag gives it.
    pub question: &'a str,
    /// What is accepted, in words.
    pub accepts: &'a str,
}

/// The secret as it was meant. What was taken off a paste is told, and a value that stood on the
/// command line is warned of.
///
/// # Errors
/// `MissingAnswers` where nobody can be asked; `Interrupted`; those of [`Way::read_secret`].
pub fn secret(context: &Context<'_>, wanted: &Wanted<'_>, way: Option<&Way>) -> Result<Secret> {
    let Wanted {
        flag,
        question,
        accepts,
    } = wanted;
    let given = match way {
        Some(way) => {
            if matches!(way, Way::Value(_)) {
                warn_exposed(context, flag);
            }
            way.read_secret(context.system)?
        }
        None if ask::is_attended(context) => {
            ask::secret(context, question, "It is not shown while you paste it.")?
        }
        None => {
            let message = format!("{accepts} is needed, and there is no terminal to ask on");
            return Err(Error::new(Kind::MissingAnswers, message).hint(format!(
                "Give it with {flag}-stdin, {flag}-file PATH, {flag}-env NAME or {flag}-fd N."
            )));
        }
    };
    let pasted = paste::clean(&given);
    if !pasted.notes.is_empty() {
        let notes: Vec<String> = pasted.notes.iter().map(Note::words).collect();
        let notes = notes.join(", ");
        context
            .ui
            .say(&format!("Cleaned what was pasted: {notes}."));
    }
    Ok(pasted.secret)
}

/// Says what a secret on the command line means, and which flag is better.
pub fn warn_exposed(context: &Context<'_>, flag: &str) {
    context.ui.warn(&format!(
        "{flag} shows the secret to every user of this machine and keeps it in the shell's history; use {flag}-stdin or {flag}-file."
    ));
}
