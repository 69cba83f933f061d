//! An answer becomes a value, or is refused with a reason.

use super::message::Answer;
use super::question;
use super::state::State;
use super::value::{Source, Value};
use crate::secret::Secret;
use crate::wizard::catalog;
use crate::wizard::flow::{Choose, Step};

/// What became of an answer.
pub(super) enum Accepted {
    /// A value, and its source where that is not the one of the answer.
    Value(Value, Option<Source>),
    /// The secret that was there before.
    Kept,
    Risk,
    /// The risk was not accepted.
    NoRisk,
    Refused {
        problem: String,
        /// To be offered again; never text that looks like a secret.
        typed: Option<String>,
    },
}

fn refused(problem: impl Into<String>) -> Accepted {
    Accepted::Refused {
        problem: problem.into(),
        typed: None,
    }
}

/// Takes an answer to the question of `step`.
pub(super) fn accept(step: &Step, state: &State, answer: Answer) -> Accepted {
    if step.note.is_some() {
        return match answer {
            Answer::Yes => Accepted::Risk,
            _ => Accepted::NoRisk,
        };
    }
    if let Some(choose) = &step.choose {
        return match answer {
            Answer::Choice(value) | Answer::Text(value) => chosen(choose, state, &value),
            _ => refused("choose one of the options"),
        };
    }
    if let Some(ask) = &step.ask {
        return match answer {
            Answer::Text(text) | Answer::Choice(text) => typed(&ask.validator, &text),
            _ => refused("type an answer"),
        };
    }
    if step.confirm.is_some() {
        return match answer {
            Answer::Yes => Accepted::Value(Value::yes_no(true), None),
            Answer::No => Accepted::Value(Value::yes_no(false), None),
            Answer::Text(text) | Answer::Choice(text) => confirmed(&text),
            _ => refused("answer yes or no"),
        };
    }
    secret(step, state, answer)
}

fn confirmed(text: &str) -> Accepted {
    match text.trim().to_ascii_lowercase().as_str() {
        "y" | "yes" | "true" | "1" => Accepted::Value(Value::yes_no(true), None),
        "n" | "no" | "false" | "0" => Accepted::Value(Value::yes_no(false), None),
        _ => refused("answer yes or no"),
    }
}

fn chosen(choose: &Choose, state: &State, value: &str) -> Accepted {
    let Some(options) = question::options(choose, state) else {
        return refused("choose one of the options");
    };
    if let Some(option) = options.options.iter().find(|o| o.value == value) {
        return match &option.disabled {
            None => Accepted::Value(Value::text(value), None),
            Some(reason) => refused(format!("`{}` cannot be chosen: {reason}", option.label)),
        };
    }
    match options.other {
        Some(other) => typed(other.validator.id, value),
        None if no_secret(value).is_err() => refused(SECRET_HERE),
        None => {
            let values: Vec<&str> = options.options.iter().map(|o| o.value.as_str()).collect();
            refused(format!("choose one of: {}", values.join(", ")))
        }
    }
}

fn typed(validator: &str, text: &str) -> Accepted {
    let text = text.trim();
    if let Err(problem) = no_secret(text) {
        return refused(problem);
    }
    let Some(validator) = catalog::validator(validator) else {
        return refused("this cannot be checked");
    };
    match (validator.check)(text) {
        Ok(value) => Accepted::Value(Value::Text(value), None),
        Err(problem) => Accepted::Refused {
            problem,
            typed: Some(text.to_owned()),
        },
    }
}

fn secret(step: &Step, state: &State, answer: Answer) -> Accepted {
    let Some(asked) = &step.secret else {
        return refused("this step asks nothing");
    };
    let Some(shape) = catalog::shape(&asked.shape) else {
        return refused("this cannot be checked");
    };
    let check = |secret: Secret, source| match (shape.check)(&secret) {
        Ok(()) => Accepted::Value(Value::Secret(secret), source),
        Err(problem) => refused(problem),
    };
    match answer {
        Answer::Secret(secret) => check(secret, None),
        Answer::Keep if state.answers.contains_key(&asked.variable) => Accepted::Kept,
        Answer::TakeOffered => match question::offered(asked, state) {
            Some(found) => {
                let place = question::offer_place(asked, state);
                check(
                    found.clone(),
                    Some(place.map_or(Source::Detected, Source::Environment)),
                )
            }
            None => refused("nothing is offered here"),
        },
        _ => refused("enter the secret"),
    }
}

/// The proper form of a value that is there already, if it still answers the step.
pub(super) fn still_good(step: &Step, state: &State, value: &Value) -> Option<Value> {
    let answer = match value {
        Value::Text(text) => Answer::Text(text.clone()),
        Value::Secret(secret) => Answer::Secret(secret.clone()),
        Value::List(_) => return None,
    };
    match accept(step, state, answer) {
        Accepted::Value(value, _) => Some(value),
        _ => None,
    }
}

const SECRET_HERE: &str = "this looks like a secret; it was not kept. It is asked for elsewhere";

/// Refuses text that looks like a secret, for every place that is shown, logged or kept.
///
/// # Errors
/// The reason, without a part of the text.
pub fn no_secret(text: &str) -> Result<(), String> {
    if catalog::looks_like_secret(text) {
        return Err(SECRET_HERE.to_owned());
    }
    Ok(())
}
