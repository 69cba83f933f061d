//! What the checks share: the flow, the places of its parts, and the defects so far.

use crate::wizard::condition::Condition;
use crate::wizard::flow::positions::Positions;
use crate::wizard::flow::{Diagnostic, Flow, Readable, Step, diagnostic};

pub(super) struct Checker<'a> {
    pub flow: &'a Flow,
    text: &'a str,
    positions: &'a Positions,
    defects: Vec<Diagnostic>,
}

/// An edge of a step.
pub(super) struct Edge<'a> {
    pub to: &'a str,
    /// Of the target's name.
    pub pointer: String,
    pub when: Option<&'a Condition>,
}

impl<'a> Checker<'a> {
    pub fn new(readable: &'a Readable<'a>) -> Self {
        Self {
            flow: &readable.flow,
            text: readable.text,
            positions: &readable.positions,
            defects: Vec::new(),
        }
    }

    pub fn is_sound(&self) -> bool {
        self.defects.is_empty()
    }

    pub fn into_defects(self) -> Vec<Diagnostic> {
        self.defects
    }

    /// A defect of the value at `pointer`.
    pub fn value(&mut self, code: &'static str, pointer: &str, message: impl Into<String>) {
        let span = self.positions.value(pointer);
        self.defects
            .push(Diagnostic::new(code, self.text, span, message));
    }

    /// A defect of the key at `pointer`.
    pub fn key(&mut self, code: &'static str, pointer: &str, message: impl Into<String>) {
        let span = self.positions.key(pointer);
        self.defects
            .push(Diagnostic::new(code, self.text, span, message));
    }

    /// A name at `pointer` that is not among `known`.
    pub fn unknown<'k>(
        &mut self,
        code: &'static str,
        pointer: &str,
        (what, name): (&str, &str),
        known: impl IntoIterator<Item = &'k str>,
    ) {
        let span = self.positions.value(pointer);
        let message = format!("there is no {what} `{name}`");
        let help = diagnostic::suggest(name, known);
        self.defects
            .push(Diagnostic::new(code, self.text, span, message).help(help));
    }

    /// The steps with their pointers.
    pub fn steps(&self) -> impl Iterator<Item = (String, &'a Step)> + use<'a> {
        let steps = self.flow.steps.iter().enumerate();
        steps.map(|(index, step)| (format!("/steps/{index}"), step))
    }
}

/// The edges of a step, in the order of the file.
pub(super) fn edges<'a>(pointer: &str, step: &'a Step) -> Vec<Edge<'a>> {
    let mut edges = Vec::new();
    if let Some(to) = &step.to {
        edges.push(Edge {
            to,
            pointer: format!("{pointer}/to"),
            when: None,
        });
    }
    for (index, branch) in step.branch.iter().flatten().enumerate() {
        edges.push(Edge {
            to: &branch.to,
            pointer: format!("{pointer}/branch/{index}/to"),
            when: branch.when.as_ref(),
        });
    }
    for (outcome, to) in step.on.iter().flat_map(|on| &on.0) {
        edges.push(Edge {
            to,
            pointer: format!("{pointer}/on/{outcome}"),
            when: None,
        });
    }
    edges
}
