//! An answer becomes a value, or is refused with a reason.

use super::message::Answer;
use super::state::State;
use super::value::{Source, Value};
use super::{options, question};
use crate::provider::anthropic::endpoint::DEFAULT_BASE_URL;
use crate::provider::paste::looks_like_secret;
use crate::secret::Secret;
use crate::wizard::catalog::{self, Destination, Looks};
use crate::wizard::flow::{AskSecret, Choose, Step};

/// What became of an answer.
pub(super) enum Accepted {
    Value {
        value: Value,
        /// Where that is not the source of the answer.
        source: Option<Source>,
        /// What is odd about it.
        warning: Option<String>,
    },
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

fn plain(value: Value) -> Accepted {
    Accepted::Value {
        value,
        source: None,
        warning: None,
    }
}

/// An address that somebody named is a gateway's; one that was merely found is not.
fn destination(asked: &AskSecret, state: &State) -> Destination {
    let named = asked.address.as_deref().filter(|name| {
        let own = state.value(name).and_then(Value::as_text) == Some(DEFAULT_BASE_URL);
        let found = matches!(
            state.source(name),
            None | Some(Source::Default | Source::Detected)
        );
        !own && !found
    });
    named.map_or(Destination::Provider, |_| Destination::Gateway)
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
            Answer::Yes => plain(Value::yes_no(true)),
            Answer::No => plain(Value::yes_no(false)),
            Answer::Text(text) | Answer::Choice(text) => confirmed(&text),
            _ => refused("answer yes or no"),
        };
    }
    secret(step, state, answer)
}

fn confirmed(text: &str) -> Accepted {
    match text.trim().to_ascii_lowercase().as_str() {
        "y" | "yes" | "true" | "1" => plain(Value::yes_no(true)),
        "n" | "no" | "false" | "0" => plain(Value::yes_no(false)),
        _ => refused("answer yes or no"),
    }
}

fn chosen(choose: &Choose, state: &State, value: &str) -> Accepted {
    let Some(options) = options::options(choose, state) else {
        return refused("choose one of the options");
    };
    if let Some(option) = options.options.iter().find(|o| o.value == value) {
        return match &option.disabled {
            None => plain(Value::text(value)),
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
    let Some(validator) = catalog::validator(validator) else {
        return refused("this cannot be checked");
    };
    let hidden = validator.hides(text);
    match (validator.check)(text) {
        _ if hidden && looks_like_secret(text) => refused(SECRET_HERE),
        Ok(value) => plain(Value::Text(value)),
        Err(problem) => Accepted::Refused {
            problem,
            typed: (!hidden).then(|| text.to_owned()),
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
    let check = |secret: Secret, source| {
        let warning = match (shape.check)(&secret, destination(asked, state)) {
            Looks::Right => None,
            Looks::Odd(words) => Some(words),
            Looks::Wrong(problem) => return refused(problem),
        };
        Accepted::Value {
            value: Value::Secret(secret),
            source,
            warning,
        }
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
        Accepted::Value { value, .. } => Some(value),
        _ => None,
    }
}

const SECRET_HERE: &str = "this looks like a secret; it was not kept. It is asked for elsewhere";

/// Refuses text that looks like a secret, for every place that is shown, logged or kept.
///
/// # Errors
/// The reason, without a part of the text.
pub fn no_secret(text: &str) -> Result<(), String> {
    if looks_like_secret(text) {
        return Err(SECRET_HERE.to_owned());
    }
    Ok(())
}
