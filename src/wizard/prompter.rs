//! What a front end must be able to do. The terminal, plain mode and the run without a terminal
//! each implement it; the loop that drives the engine knows nothing else of them.

use super::engine::{Answer, Question, Review, Source};
use super::plan::Plan;
use crate::error::Result;

/// What came back from a person, or from whatever stands for one.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    Answer(Answer, Source),
    /// Esc, or `<` in plain mode.
    Back,
    /// From the review to the question of this step.
    Jump(String),
    /// Ctrl-C, or the end of the input.
    Cancel,
}

/// A front end.
pub trait Prompter {
    /// Asks one question. A question with `problem` was answered before and must say why it is
    /// asked again.
    ///
    /// # Errors
    /// What keeps it from asking at all, such as `MissingAnswers`.
    fn ask(&mut self, question: &Question) -> Result<Reply>;

    /// Shows a plan before it is carried out; `Answer::Yes` carries it out.
    ///
    /// # Errors
    /// As [`Prompter::ask`].
    fn review(&mut self, review: &Review, plan: &Plan) -> Result<Reply>;

    /// Says something that needs no answer. Lines are not yet escaped for a terminal.
    fn say(&mut self, lines: &[String]);

    /// Something takes a moment; called with a short sentence before it starts.
    fn begin(&mut self, text: &str);

    /// It is over.
    fn end(&mut self);
}
