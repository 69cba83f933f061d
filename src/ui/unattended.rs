//! The wizard's front end where nobody can be asked: it takes what was given, and fails with
//! everything that lacks.

use super::{Ui, escape};
use crate::error::{Error, Kind, Result};
use crate::wizard::answers::{Answers, refused_secret};
use crate::wizard::engine::{Answer, Question, QuestionKind, Review, Source};
use crate::wizard::flow::Flow;
use crate::wizard::plan::Plan;
use crate::wizard::prompter::{Prompter, Reply};

/// A run without a person.
pub struct Unattended<'a> {
    ui: &'a Ui,
    answers: Answers<'a>,
    flows: &'a [Flow],
}

impl<'a> Unattended<'a> {
    /// A front end that never asks. `flows` are those that the run may go through.
    #[must_use]
    pub const fn new(ui: &'a Ui, answers: Answers<'a>, flows: &'a [Flow]) -> Self {
        Self { ui, answers, flows }
    }

    /// What is missing from this question on. Step ids are told apart by their variable.
    fn lacking(&self, question: &Question) -> Error {
        let asks = |flow: &&Flow| flow.steps.iter().any(|step| step.id == question.step);
        match self.flows.iter().find(asks) {
            Some(flow) => self.answers.lacking(flow, question),
            None => Error::new(Kind::MissingAnswers, "an answer is missing"),
        }
    }
}

impl Prompter for Unattended<'_> {
    fn ask(&mut self, question: &Question) -> Result<Reply> {
        if let Some(problem) = &question.problem {
            return Err(not_accepted(question, problem));
        }
        if question.repeat > 0 {
            return Err(Error::usage(format!(
                "the flow asks for `{}` again, and there is nobody to ask",
                question.variable
            )));
        }
        match self.answers.given_or_default(question)? {
            Some(reply) => Ok(reply),
            None => Err(self.lacking(question)),
        }
    }

    fn review(&mut self, _: &Review, _: &Plan) -> Result<Reply> {
        Ok(Reply::Answer(Answer::Yes, Source::Default))
    }

    /// The words of a flow are for a person who reads along.
    fn say(&mut self, lines: &[String]) {
        if self.ui.verbose {
            for line in lines {
                self.ui.say(&escape::line(line));
            }
        }
    }

    fn begin(&mut self, text: &str) {
        self.ui.say(&escape::line(text));
    }

    fn end(&mut self) {}
}

/// An answer that the flow did not take: asking again would give the same.
fn not_accepted(question: &Question, problem: &str) -> Error {
    match question.kind {
        QuestionKind::Secret { .. } => refused_secret(problem),
        _ => Error::usage(format!("{}: {problem}", question.variable)),
    }
}
