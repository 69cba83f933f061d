//! The engine: `step(flow, state, event) -> (state, commands)`. No IO, no clock, no environment.
//!
//! | file | what |
//! |---|---|
//! | `value` | values of variables, and where they came from |
//! | `message` | events in, commands out, questions |

pub mod message;
pub mod value;

pub use message::{
    Answer, AnsweredQuestion, Command, Committed, Default, Detection, Ending, Event, Given,
    KnownSecret, Mode, OfferedSecret, Opening, Options, Other, Probing, Progress, Question,
    QuestionKind, Review, Selectable,
};
pub use value::{Source, Value, Values};

use super::flow::Flow;

/// Where a run stands. Holds secrets in memory; `Debug` does not show them.
#[derive(Clone, Debug)]
pub struct State {}

impl State {
    /// A run that has not started.
    #[must_use]
    pub fn new() -> Self {
        Self {}
    }

    /// What a variable holds now: an answer, or a fact of a detector or probe.
    #[must_use]
    pub fn value(&self, variable: &str) -> Option<&Value> {
        let _ = variable;
        None
    }

    /// Every answer with its source, for the next flow, the resume file and the receipt. Holds
    /// secrets.
    #[must_use]
    pub fn answers(&self) -> Vec<(String, Value, Source)> {
        Vec::new()
    }
}

/// Takes one event and says what is to be done next.
#[must_use]
pub fn step(flow: &Flow, state: State, event: Event) -> (State, Vec<Command>) {
    let _ = (flow, event);
    (state, Vec::new())
}
