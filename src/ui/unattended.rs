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
    /// What the flow said since the last question: why it asks again, where it does.
    said: Vec<String>,
}

impl<'a> Unattended<'a> {
    /// A front end that never asks. `flows` are those that the run may go through.
    #[must_use]
    pub fn new(ui: &'a Ui, answers: Answers<'a>, flows: &'a [Flow]) -> Self {
        Self {
            ui,
            answers,
            flows,
            said: Vec::new(),
        }
    }

    /// What is missing from this question on.
    fn lacking(&self, question: &Question) -> Error {
        match self.flows.iter().find(|flow| flow.id == question.flow) {
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
        let said = std::mem::take(&mut self.said);
        if question.repeat > 0 {
            let why = if said.is_empty() {
                &question.text
            } else {
                &said
            };
            let message = format!(
                "`{}` is asked for again: {}",
                question.variable,
                why.join(" ")
            );
            return Err(Error::usage(escape::line(message.trim_end_matches('.'))));
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
        self.said.extend(lines.iter().cloned());
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
