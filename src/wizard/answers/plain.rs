//! Answers that are no secrets: a text becomes a choice, a yes or a no.

use super::source::Way;
use crate::error::{Error, Result};
use crate::wizard::engine::{Answer, Options, Question, QuestionKind, Source};

/// An answer from its text.
///
/// # Errors
/// `Usage` for a value that the question does not have.
pub fn read(way: &Way, source: &Source, question: &Question) -> Result<Answer> {
    let Way::Text(text) = way else {
        return Err(Error::usage(format!(
            "`{}` is no secret: give it as it is",
            question.variable
        )));
    };
    let refused = |accepts: String| {
        let place = place(source, &question.variable);
        Error::usage(format!("{place} takes {accepts}"))
    };
    match &question.kind {
        QuestionKind::Choose(options) => {
            let known = options.options.iter().find(|option| option.value == *text);
            match known.map(|option| option.disabled.as_deref()) {
                Some(Some(reason)) => {
                    let place = place(source, &question.variable);
                    let message = format!("{place} cannot be {text} here: {reason}");
                    let hint = format!("it takes {} here.", values(options));
                    Err(Error::usage(message).hint(hint))
                }
                None if options.other.is_none() => Err(refused(values(options))),
                _ => Ok(chosen(options, text.clone())),
            }
        }
        QuestionKind::Confirm { .. } => match text.as_str() {
            "yes" => Ok(Answer::Yes),
            "no" => Ok(Answer::No),
            _ => Err(refused("yes or no".to_owned())),
        },
        _ => Ok(Answer::Text(text.clone())),
    }
}

/// Where a value came from, as the subject of a sentence.
fn place(source: &Source, variable: &str) -> String {
    match source {
        Source::Flag(flag) => flag.clone(),
        Source::Environment(name) => name.clone(),
        _ => format!("\"{variable}\" in the answers file"),
    }
}

/// What can be chosen now.
fn values(options: &Options) -> String {
    let open = options.options.iter().filter(|o| o.disabled.is_none());
    let values: Vec<&str> = open.map(|option| option.value.as_str()).collect();
    format!("one of {}", values.join(", "))
}

pub fn chosen(options: &Options, value: String) -> Answer {
    if options.options.iter().any(|option| option.value == value) {
        Answer::Choice(value)
    } else {
        Answer::Text(value)
    }
}

pub const fn yes_or_no(yes: bool) -> Answer {
    if yes { Answer::Yes } else { Answer::No }
}
