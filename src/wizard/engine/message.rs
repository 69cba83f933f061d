//! What goes into the engine and what comes out of it.

use std::collections::BTreeMap;

use super::value::{Source, Value};
use crate::secret::Secret;
use crate::store::ProfileId;
use crate::wizard::catalog::{self, Input};
use crate::wizard::flow::Inputs;
use crate::wizard::plan::Effect;

/// Why the flow is run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    #[default]
    New,
    /// Only the secret of this profile and what it needs.
    Reauth(ProfileId),
    /// Everything, with the present values offered.
    Reconfigure(ProfileId),
}

/// How a run begins.
#[derive(Clone, Debug, Default)]
pub struct Opening {
    pub mode: Mode,
    /// Answers that are known already (resume file, the profile at hand, a flow that handed over).
    /// With [`Mode::Reconfigure`] they are only offered.
    pub answers: Vec<(String, Value, Source)>,
}

/// What happened.
#[derive(Clone, Debug)]
pub enum Event {
    Start(Opening),
    Answer(Answer, Source),
    /// To the last question.
    Back,
    /// From the review to the question of this step.
    Jump(String),
    /// The user wants to leave.
    Cancel,
    /// What a detector found: only variables that it has something for.
    Detected(Vec<(String, Value)>),
    /// How a probe went, and what it found.
    Probed {
        outcome: String,
        found: Vec<(String, Value)>,
    },
    /// How the other program ended.
    HandedOff {
        outcome: String,
    },
    Committed(Committed),
}

/// How a commit went. A failure to write ends the run outside of the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Committed {
    /// Outcome `saved`.
    Done,
    /// Outcome `unchanged`: everything was as planned already, and nothing was written.
    Unchanged,
    /// A target changed meanwhile: the review is shown again.
    Changed,
}

/// An answer to a question.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// For `Ask`; also a typed value of `Choose`.
    Text(String),
    /// For `Choose`: the option's value, or another one where the question allows it.
    Choice(String),
    /// For `Confirm`, `Risk`, `Leave` and the review.
    Yes,
    /// For `Confirm`, `Risk`, `Leave` and the review.
    No,
    Secret(Secret),
    /// For `Secret`: the one that was entered before stays.
    Keep,
    /// For `Secret`: take the offered one.
    TakeOffered,
}

/// What is to be done. One list ends with at most one command that waits for an event.
#[derive(Clone, Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "a handful exist in a run, and a question is what most of them are"
)]
pub enum Command {
    /// Lines to show; nothing is awaited.
    Say(Vec<String>),
    Ask(Question),
    Detect(Detection),
    Probe(Probing),
    /// Give the terminal away, or open a page; `outcome` is one of the program's.
    Handoff(Handoff),
    /// Make a plan of these effects, show it, and ask.
    Review(Review),
    /// Carry the effects out.
    Commit(Vec<Effect>),
    End(Ending),
}

/// The values that a detector, a probe, a handoff or an effect works on, by the fields of `with`;
/// what is not set on the path taken is not there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given(BTreeMap<Input, (Value, Option<Source>)>);

impl Given {
    pub(super) fn insert(&mut self, input: Input, value: Value, source: Option<Source>) {
        self.0.insert(input, (value, source));
    }

    #[must_use]
    pub fn text(&self, input: Input) -> Option<&str> {
        self.0.get(&input)?.0.as_text()
    }

    #[must_use]
    pub fn secret(&self, input: Input) -> Option<&Secret> {
        self.0.get(&input)?.0.as_secret()
    }

    /// Where an answer came from; `None` for what a detector or a probe found.
    #[must_use]
    pub fn source(&self, input: Input) -> Option<&Source> {
        self.0.get(&input)?.1.as_ref()
    }

    /// Somebody said so: it was not merely found or the default.
    #[must_use]
    pub fn is_said(&self, input: Input) -> bool {
        let source = self.source(input);
        source.is_some_and(|source| !matches!(source, Source::Default | Source::Detected))
    }
}

/// A detector to run.
#[derive(Clone, Debug)]
pub struct Detection {
    pub what: &'static catalog::Detector,
    pub given: Given,
}

/// A program to hand the terminal to, or a page to open.
#[derive(Clone, Debug)]
pub struct Handoff {
    pub program: &'static catalog::Program,
    pub link: Option<&'static catalog::Link>,
    /// What is said before.
    pub text: Vec<String>,
    pub given: Given,
}

/// A probe to run.
#[derive(Clone, Debug)]
pub struct Probing {
    pub what: &'static catalog::Probe,
    /// What is said while it runs.
    pub text: String,
    pub given: Given,
    /// 1 for the first try.
    pub attempt: u32,
}

/// "Step n of m" on the path taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    pub step: usize,
    pub of: usize,
}

/// A question to a person, or to whatever stands for one. Its texts may hold words from outside
/// and are not yet escaped for a terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The id of the flow.
    pub flow: String,
    /// The id of the step that asks.
    pub step: String,
    /// The variable that the answer sets; empty for `Risk` and `Leave`.
    pub variable: String,
    pub text: Vec<String>,
    pub help: Vec<String>,
    pub kind: QuestionKind,
    pub progress: Progress,
    /// Why the last answer was not accepted.
    pub problem: Option<String>,
    /// How often this step was answered before in this run. Without a terminal the same answer
    /// would come again, so a question that repeats is a failure there.
    pub repeat: u32,
    /// Not to be asked: a given answer or the default is taken without a word.
    pub silent: bool,
    /// How the answer is given without a terminal.
    pub inputs: Inputs,
}

/// What kind of answer is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QuestionKind {
    /// An explicit yes; `--accept-risk=ID` without a terminal.
    Risk {
        risk: String,
    },
    Choose(Options),
    Ask {
        validator: &'static catalog::Validator,
        /// What was typed before and is wanted back, first; then the present or default value.
        default: Option<Default>,
        /// The default may be taken where nobody can be asked.
        safe_default: bool,
    },
    Secret {
        shape: &'static catalog::Shape,
        /// Entered before in this run; [`Answer::Keep`] keeps it.
        kept: Option<KnownSecret>,
        /// Found on this machine; [`Answer::TakeOffered`] takes it.
        offer: Option<OfferedSecret>,
    },
    Confirm {
        default: Option<bool>,
        /// The answer where nobody can be asked.
        unattended: Option<bool>,
    },
    /// Back on the first question: leave without a change?
    Leave,
}

/// The options of a `Choose`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    pub options: Vec<Selectable>,
    /// Index of the option offered first.
    pub default: usize,
    /// Lets the user type another value.
    pub other: Option<Other>,
    /// The value taken where nobody can be asked.
    pub unattended: Option<String>,
}

/// One option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selectable {
    pub value: String,
    pub label: String,
    pub detail: Option<String>,
    pub recommended: bool,
    /// Why it cannot be chosen here.
    pub disabled: Option<String>,
    /// The flag without a value that chooses it.
    pub flag: Option<String>,
}

/// The way to type a value that is not listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Other {
    pub label: String,
    /// The prompt's words.
    pub text: String,
    pub validator: &'static catalog::Validator,
    /// What was typed before.
    pub typed: Option<String>,
}

/// A text that stands in the prompt already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Default {
    pub text: String,
    /// Where it comes from, in words; `None` for what the user typed.
    pub from: Option<String>,
}

/// A secret as it may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownSecret {
    pub mask: String,
    pub fingerprint: String,
}

/// A secret that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferedSecret {
    pub secret: KnownSecret,
    /// Where, such as `ANTHROPIC_API_KEY`; `None` where that needs no saying.
    pub place: Option<String>,
}

/// The review before a commit.
#[derive(Clone, Debug)]
pub struct Review {
    pub step: String,
    pub text: Vec<String>,
    pub progress: Progress,
    pub effects: Vec<Effect>,
    /// The answers so far, for going back to one of them.
    pub answers: Vec<AnsweredQuestion>,
    /// A target changed while the last plan was carried out: nothing was written, and the plan is
    /// a new one.
    pub changed: bool,
}

/// One answered question, as the review lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnsweredQuestion {
    /// For [`Event::Jump`].
    pub step: String,
    /// A short name for the answer.
    pub label: String,
    /// A secret by its mask, an option by its label.
    pub value: String,
    pub source: Source,
}

/// How the run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    pub outcome: &'static catalog::Outcome,
    pub text: Vec<String>,
    /// The flow that goes on from here; the answers go with it.
    pub flow: Option<String>,
    /// Commands to type next.
    pub next: Vec<String>,
}
