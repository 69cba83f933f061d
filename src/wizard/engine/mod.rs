//! The engine: `step(flow, state, event) -> (state, commands)`. No IO, no clock, no environment.
//!
//! | file | what |
//! |---|---|
//! | `value` | values of variables, and where they came from |
//! | `message` | events in, commands out, questions |
//! | `state` | where a run stands, and what follows from a changed answer |
//! | `walk` | going from step to step until somebody or something is needed |
//! | `question` | a step becomes a question |
//! | `options` | what can be chosen |
//! | `accept` | an answer becomes a value, or is refused with a reason |
//! | `progress` | "step n of m" |

mod accept;
pub mod message;
mod named_place;
mod options;
mod progress;
mod question;
mod state;
pub mod value;
mod walk;

#[cfg(test)]
mod tests;

pub use accept::no_secret;
pub use message::{
    Answer, AnsweredQuestion, Command, Committed, Default, Detection, Ending, Event, Given,
    Handoff, KnownSecret, Mode, OfferedSecret, Opening, Options, Other, Probing, Progress,
    Question, QuestionKind, Review, Selectable,
};
pub use named_place::NamedPlace;
pub use state::State;
pub use value::{Source, Value, Values};

use super::catalog;
use super::flow::Flow;
use state::{Answered, Waits};
use walk::Walk;

/// Takes one event and says what is to be done next. An event that does not fit what the run waits
/// for changes nothing and asks for the same again.
///
/// `flow` must have passed `verify`.
#[must_use]
pub fn step(flow: &Flow, state: State, event: Event) -> (State, Vec<Command>) {
    let mut walk = Walk::new(flow, state);
    match (walk.state.waits, event) {
        (Waits::Start, Event::Start(opening)) => start(&mut walk, opening),
        (Waits::Over, _) => {}
        (_, Event::Cancel) => cancelled(&mut walk),
        (Waits::Answer | Waits::Review, Event::Back) => walk.back(),
        (Waits::Leave, Event::Back | Event::Answer(Answer::No, _)) => walk.ask_again(),
        (Waits::Leave, Event::Answer(Answer::Yes, _)) => cancelled(&mut walk),
        (Waits::Answer, Event::Answer(answer, source)) => walk.answer(answer, source),
        (Waits::Answer | Waits::Review, Event::Jump(step)) => walk.jump(&step),
        (Waits::Review, Event::Answer(Answer::Yes, _)) => walk.commit(),
        (Waits::Review, Event::Answer(Answer::No, _)) => walk.leave(),
        (Waits::Detector, Event::Detected(found)) => walk.ran("", found),
        (Waits::Probe, Event::Probed { outcome, found }) => walk.ran(&outcome, found),
        (Waits::Handoff, Event::HandedOff { outcome }) => walk.ran(&outcome, Vec::new()),
        // A plan without a change needs no review.
        (Waits::Review, Event::Committed(Committed::Unchanged)) => {
            walk.committed(Committed::Unchanged);
        }
        (Waits::Commit, Event::Committed(how)) => walk.committed(how),
        _ => walk.ask_again(),
    }
    (walk.state, walk.commands)
}

fn start(walk: &mut Walk<'_>, opening: Opening) {
    let fresh = !matches!(opening.mode, Mode::Reconfigure(_));
    walk.state.mode = opening.mode;
    for (variable, value, source) in opening.answers {
        let asks = walk
            .flow
            .steps
            .iter()
            .find(|step| step.asks_for() == Some(&variable));
        if let Some(step) = asks {
            let answered = Answered {
                step: step.id.clone(),
                value,
                source,
                fresh,
            };
            walk.state.answers.insert(variable, answered);
        }
    }
    if let Some(first) = walk.flow.steps.first() {
        walk.enter(&first.id);
    }
}

fn cancelled(walk: &mut Walk<'_>) {
    if let Some(outcome) = catalog::outcome("cancelled") {
        walk.end(Ending {
            outcome,
            text: Vec::new(),
            flow: None,
            next: Vec::new(),
        });
    }
}
