//! Where a run stands, and what follows from a changed answer.

use std::collections::{BTreeMap, BTreeSet};

use super::message::{Given, Mode};
use super::value::{Source, Value};
use crate::wizard::flow::{Flow, Step, With};

/// Where a run stands. Holds secrets in memory; `Debug` does not show them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    pub(super) mode: Mode,
    /// The step that waits for an event.
    pub(super) at: String,
    pub(super) waits: Waits,
    /// The steps passed on the way here, in order, each once.
    pub(super) trail: Vec<Passed>,
    /// By variable. Also answers of steps that are not on the present path: they are offered when
    /// the path comes back to them.
    pub(super) answers: BTreeMap<String, Answered>,
    /// By variable: what detectors and probes found, with the step that did.
    pub(super) facts: BTreeMap<String, (String, Value)>,
    /// By step: the outcome of detectors, probes and handoffs that have run and are still true.
    pub(super) ran: BTreeMap<String, String>,
    /// Steps whose risk was accepted.
    pub(super) accepted: BTreeSet<String>,
    /// By step: how often it was answered or has run.
    pub(super) repeats: BTreeMap<String, u32>,
    /// Why the last answer to the present question was not accepted.
    pub(super) problem: Option<String>,
    /// The text that was not accepted; never one that looks like a secret.
    pub(super) typed: Option<String>,
    /// The last commit found a target changed.
    pub(super) changed: bool,
}

/// What the run waits for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Waits {
    #[default]
    Start,
    Answer,
    /// The answer to "leave?"; the question at hand comes back after a no.
    Leave,
    Detector,
    Probe,
    Handoff,
    Review,
    Commit,
    Over,
}

/// A step on the path taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Passed {
    pub step: String,
    /// A person was asked there; Back stops at it.
    pub asked: bool,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answered {
    /// The step that asks for it.
    pub step: String,
    pub value: Value,
    pub source: Source,
    /// It holds without asking again.
    pub fresh: bool,
}

impl State {
    /// A run that has not started.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The step that waits for an event.
    #[must_use]
    pub fn at(&self) -> &str {
        &self.at
    }

    /// The steps passed on the way here, in order, each once.
    pub fn trail(&self) -> impl Iterator<Item = &str> {
        self.trail.iter().map(|passed| passed.step.as_str())
    }

    /// What a variable holds on the path taken: an answer, or what a detector or probe found.
    #[must_use]
    pub fn value(&self, variable: &str) -> Option<&Value> {
        if let Some(answered) = self.answers.get(variable) {
            return self.passed(&answered.step).then_some(&answered.value);
        }
        let (step, value) = self.facts.get(variable)?;
        self.passed(step).then_some(value)
    }

    /// Where the answer came from.
    #[must_use]
    pub fn source(&self, variable: &str) -> Option<&Source> {
        let answered = self.answers.get(variable)?;
        self.passed(&answered.step).then_some(&answered.source)
    }

    /// The answers of the path taken, with their sources: for the next flow, the resume file and
    /// the receipt. Holds secrets.
    #[must_use]
    pub fn answers(&self) -> Vec<(String, Value, Source)> {
        let on_path = self
            .answers
            .iter()
            .filter(|(_, answered)| self.passed(&answered.step));
        on_path
            .map(|(name, a)| (name.clone(), a.value.clone(), a.source.clone()))
            .collect()
    }

    /// How the detector, probe or handoff of a step went, on the path taken.
    #[must_use]
    pub fn outcome(&self, step: &str) -> Option<&str> {
        self.ran
            .get(step)
            .filter(|_| self.passed(step))
            .map(String::as_str)
    }

    pub(super) fn passed(&self, step: &str) -> bool {
        self.trail.iter().any(|passed| passed.step == step)
    }

    pub(super) fn repeats(&self, step: &str) -> u32 {
        self.repeats.get(step).copied().unwrap_or_default()
    }

    /// Forgets what depends on `variable`: answers are asked again with the old value offered,
    /// detectors and probes run again.
    pub(super) fn invalidate(&mut self, flow: &Flow, variable: &str) {
        let mut changed = vec![variable.to_owned()];
        let mut seen = BTreeSet::new();
        while let Some(variable) = changed.pop() {
            if !seen.insert(variable.clone()) {
                continue;
            }
            for step in &flow.steps {
                let depends = step
                    .reads("")
                    .iter()
                    .any(|read| !read.edge && read.variable == variable);
                if depends {
                    changed.extend(self.reopen(step));
                }
            }
        }
    }

    /// Makes a step do its work again, and gives the variables that are gone with that.
    pub(super) fn reopen(&mut self, step: &Step) -> Vec<String> {
        self.accepted.remove(&step.id);
        if let Some(answered) = self.answers.values_mut().find(|a| a.step == step.id) {
            answered.fresh = false;
        }
        if self.ran.remove(&step.id).is_none() {
            return Vec::new();
        }
        let gone: Vec<String> = self
            .facts
            .iter()
            .filter(|(_, (by, _))| *by == step.id)
            .map(|(name, _)| name.clone())
            .collect();
        for name in &gone {
            self.facts.remove(name);
        }
        gone
    }

    /// The values of the path taken, by the fields of `with`.
    #[must_use]
    pub fn given(&self, with: Option<&With>) -> Given {
        let mut given = Given::default();
        for (input, variable) in with.iter().flat_map(|with| with.fields()) {
            if let Some(value) = self.value(variable) {
                given.insert(input, value.clone(), self.source(variable).cloned());
            }
        }
        given
    }
}
