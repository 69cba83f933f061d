//! The risk of a subscription token, in the words of the flow that sets one up.

use crate::cli::auth::Lasting;
use crate::command::{Context, ask};
use crate::error::{Error, Kind, Result};
use crate::ui::{escape, wrap};
use crate::wizard::{catalog, flow};

/// What `--accept-risk` names.
const RISK: &str = "subscription-token";

/// Has the risk accepted, by the flag or by a person who reads what it is.
///
/// # Errors
/// `Usage` for another risk; `MissingAnswers` where nobody can be asked; `Interrupted` for a no.
pub fn accept(lasting: &Lasting, context: &Context<'_>) -> Result<()> {
    // A bare flag, as other programs have it, names nothing.
    let mut named = lasting.accept_risk.iter().filter(|id| !id.is_empty());
    if named.clone().any(|id| id != RISK) {
        let error = Error::usage("a risk of that name cannot be accepted here");
        return Err(error.hint(format!("The one risk is {RISK}.")));
    }
    if named.next().is_some() {
        return Ok(());
    }
    let note = note();
    let (question, words) = match note.split_last() {
        Some((question, words)) => (question.as_str(), words),
        None => ("Go on with the token?", &[][..]),
    };
    if !ask::is_attended(context) {
        let message = format!("the risk {RISK} has not been accepted");
        let words = words.join(" ");
        let hint = format!("{words} Give --accept-risk={RISK} to accept it.");
        return Err(Error::new(Kind::MissingAnswers, message).hint(hint));
    }
    let width = context.ui.width.map_or(usize::MAX, usize::from);
    for line in words {
        context
            .ui
            .stderr(&wrap::wrap(&escape::line(line), width, ""));
    }
    if ask::confirm(context, question)? {
        return Ok(());
    }
    Err(Error::new(
        Kind::Interrupted,
        "the risk was not accepted; nothing was changed",
    ))
}

/// The lines of the note, the question last.
fn note() -> Vec<String> {
    let flow = flow::embedded("setup-token");
    let steps = flow.into_iter().flat_map(|flow| flow.steps);
    let mut notes = steps.filter_map(|step| step.note);
    let note = notes.find(|note| note.risk.as_deref() == Some(RISK));
    let page =
        |name: &str| catalog::page(name).map_or_else(String::new, |link| link.url.to_owned());
    note.map_or_else(Vec::new, |note| note.text.render(page))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_note_of_the_flow_is_found() {
        let note = note();
        assert!(note.len() > 2, "{note:?}");
        assert!(
            note.iter().any(|line| line.starts_with("https://")),
            "{note:?}"
        );
        assert!(
            note.last().is_some_and(|line| line.ends_with('?')),
            "{note:?}"
        );
    }
}
