//! The events that can follow a command, one for each way on.

use super::samples;
use super::tested::{Tested, Weight};
use crate::wizard::catalog::{Domain, Fact, Validator};
use crate::wizard::engine::{
    Answer, Command, Committed, Event, Question, QuestionKind, Source, State, Value,
};
use crate::wizard::flow::{Flow, Step};

/// One way on.
pub(super) struct Branch {
    pub event: Event,
    pub words: String,
    pub weight: Weight,
}

fn branch(event: Event, words: impl Into<String>) -> Branch {
    weighted(event, words, Weight::Edge)
}

fn weighted(event: Event, words: impl Into<String>, weight: Weight) -> Branch {
    Branch {
        event,
        words: words.into(),
        weight,
    }
}

/// The ways on from `command`, the last one that the engine gave.
pub(super) fn branches(
    flow: &Flow,
    state: &State,
    command: &Command,
    tested: &Tested,
) -> Vec<Branch> {
    let step = flow.step(state.at());
    match command {
        Command::Ask(question) => answers(question, tested),
        Command::Detect(detection) => {
            let found = combinations(detection.what.sets, tested);
            let event = |(found, words, weight): Found| {
                weighted(Event::Detected(found), words.join(", "), weight)
            };
            found.into_iter().map(event).collect()
        }
        Command::Probe(probing) => {
            let kept = distinct(step, probing.what.outcomes, probing.what.sets, tested);
            let event = |outcome: &str| {
                let found = probing.what.sets.iter();
                let found = found.filter(|fact| !fact.optional).map(|fact| {
                    let value = match fact.domain {
                        // What a probe says of its own outcome.
                        Domain::Values(values) if values.contains(&outcome) => Value::text(outcome),
                        _ => samples::fact(fact, tested.shape(fact.name)),
                    };
                    (fact.name.to_owned(), value)
                });
                let probed = Event::Probed {
                    outcome: outcome.to_owned(),
                    found: found.collect(),
                };
                branch(probed, outcome)
            };
            kept.into_iter().map(event).collect()
        }
        Command::Handoff(handoff) => {
            let kept = distinct(step, handoff.program.outcomes, &[], tested);
            let event = |outcome: &str| {
                let outcome = outcome.to_owned();
                branch(
                    Event::HandedOff {
                        outcome: outcome.clone(),
                    },
                    outcome,
                )
            };
            kept.into_iter().map(event).collect()
        }
        Command::Review(_) => vec![branch(said(Answer::Yes), "yes")],
        Command::Commit(_) => committed(step),
        Command::Say(_) | Command::End(_) => Vec::new(),
    }
}

fn committed(step: Option<&Step>) -> Vec<Branch> {
    let ways = [
        (Committed::Done, "saved"),
        (Committed::Unchanged, "unchanged"),
    ];
    let mut seen = Vec::new();
    let differs = |(_, outcome): &(Committed, &str)| {
        let to = target(step, outcome);
        let new = !seen.contains(&to);
        seen.push(to);
        new
    };
    let kept = ways.into_iter().filter(differs);
    kept.map(|(how, words)| branch(Event::Committed(how), words))
        .collect()
}

fn said(answer: Answer) -> Event {
    Event::Answer(answer, Source::Prompt)
}

fn target<'a>(step: Option<&'a Step>, outcome: &str) -> Option<&'a str> {
    step?.on.as_ref()?.target(outcome)
}

/// Outcomes that lead elsewhere, or that conditions tell apart by the facts that name them.
fn distinct<'o>(
    step: Option<&Step>,
    outcomes: &[&'o str],
    facts: &[Fact],
    tested: &Tested,
) -> Vec<&'o str> {
    let mut seen: Vec<(Option<&str>, Vec<Option<&str>>)> = Vec::new();
    let mut kept = Vec::new();
    for outcome in outcomes {
        let to = target(step, outcome);
        let classes = facts.iter().filter_map(|fact| match fact.domain {
            Domain::Values(values) if values.contains(outcome) => {
                Some(tested.tells_apart(fact.name, outcome).then_some(*outcome))
            }
            _ => None,
        });
        let key = (to, classes.collect::<Vec<_>>());
        if !seen.contains(&key) {
            seen.push(key);
            kept.push(*outcome);
        }
    }
    kept
}

/// What a detector finds, in words where that could be otherwise.
type Found = (Vec<(String, Value)>, Vec<String>, Weight);

/// Every combination of what edges tell apart; what only matters elsewhere differs in one fact
/// from the first combination.
fn combinations(facts: &[Fact], tested: &Tested) -> Vec<Found> {
    let mut all: Vec<Found> = vec![(Vec::new(), Vec::new(), Weight::Edge)];
    for fact in facts {
        let options = options(fact, tested);
        let several = options.len() > 1;
        let mut extended = Vec::new();
        for (place, (found, words, weight)) in all.iter().enumerate() {
            for (value, word, own) in &options {
                let once = *own == Weight::Once;
                if once && (place > 0 || *weight == Weight::Once) {
                    continue;
                }
                let (mut found, mut words) = (found.clone(), words.clone());
                found.extend(value.clone().map(|value| (fact.name.to_owned(), value)));
                words.extend(several.then(|| word.clone()));
                let weight = if once { Weight::Once } else { *weight };
                extended.push((found, words, weight));
                // A combination that is shown once stays one.
                if weight == Weight::Once && !once {
                    break;
                }
            }
        }
        all = extended;
    }
    all
}

/// What a fact can be, as far as it matters.
fn options(fact: &Fact, tested: &Tested) -> Vec<(Option<Value>, String, Weight)> {
    let name = fact.name;
    let set = (
        Some(samples::fact(fact, tested.shape(name))),
        format!("{name} is set"),
        Weight::Edge,
    );
    match (fact.domain, tested.presence(name)) {
        (Domain::Values(values), _) => {
            let classes = tested.classes(name, values).into_iter();
            classes
                .map(|(value, weight)| {
                    (
                        Some(Value::text(value)),
                        format!("{name} is {value}"),
                        weight,
                    )
                })
                .collect()
        }
        (Domain::List, Some(weight)) => {
            let empty = Some(Value::List(Vec::new()));
            vec![set, (empty, format!("{name} is empty"), weight)]
        }
        (_, Some(weight)) if fact.optional => {
            vec![set, (None, format!("{name} is not set"), weight)]
        }
        // What may be missing is missing here: whoever needs it has to ask.
        _ if fact.optional => vec![(None, String::new(), Weight::Edge)],
        _ => vec![set],
    }
}

fn answers(question: &Question, tested: &Tested) -> Vec<Branch> {
    match &question.kind {
        QuestionKind::Risk { .. } => vec![branch(said(Answer::Yes), "accepted")],
        QuestionKind::Choose(options) => {
            let open: Vec<&str> = options
                .options
                .iter()
                .filter(|option| option.disabled.is_none())
                .map(|option| option.value.as_str())
                .collect();
            let classes = tested.classes(&question.variable, &open).into_iter();
            let chosen = |(value, weight): (&str, Weight)| {
                weighted(said(Answer::Choice(value.to_owned())), value, weight)
            };
            let mut ways: Vec<Branch> = classes.map(chosen).collect();
            if ways.is_empty()
                && let Some(other) = &options.other
            {
                ways.push(typed(other.validator));
            }
            ways
        }
        QuestionKind::Ask {
            validator, default, ..
        } => match default {
            Some(default) if question.silent => {
                vec![branch(
                    said(Answer::Text(default.text.clone())),
                    format!("({})", default.text),
                )]
            }
            _ => vec![typed(validator)],
        },
        QuestionKind::Secret { shape, offer, .. } => {
            let answer = match offer {
                Some(_) => branch(said(Answer::TakeOffered), "<the offered secret>"),
                None => branch(said(Answer::Secret(samples::secret(shape.id))), "<secret>"),
            };
            vec![answer]
        }
        QuestionKind::Confirm { .. } => {
            let classes = tested
                .classes(&question.variable, &["yes", "no"])
                .into_iter();
            let answer = |(value, weight): (&str, Weight)| {
                let answer = if value == "yes" {
                    Answer::Yes
                } else {
                    Answer::No
                };
                weighted(said(answer), value, weight)
            };
            classes.map(answer).collect()
        }
        QuestionKind::Leave => Vec::new(),
    }
}

fn typed(validator: &Validator) -> Branch {
    let text = samples::text(validator.id);
    branch(said(Answer::Text(text.to_owned())), text)
}
