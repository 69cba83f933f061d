//! Which variables a step reads and sets, with the JSON pointer of each mention. The engine knows
//! from this what depends on an answer, the verifier what must be set before.

use super::{Condition, Effect, Step, Text, With};
use crate::wizard::catalog::{self, Domain, Fact, Takes};

/// What a mention of a variable needs it to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// In a text: anything but a secret.
    Shown,
    /// In `is` or `in`: a text.
    Compared,
    /// In `set` or `empty`: anything, set or not.
    Tested,
    /// A text.
    Text,
    /// A text; it may be unset.
    MaybeText,
    List,
    Secret,
    /// A secret; it may be unset.
    MaybeSecret,
}

/// One mention of a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    pub variable: String,
    /// Relative to the flow.
    pub pointer: String,
    pub need: Need,
    /// It stands in the edges of the step, not in the step itself.
    pub edge: bool,
}

/// A variable that a step sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sets {
    pub variable: String,
    pub domain: SetDomain,
    pub optional: bool,
}

/// The values that a variable can take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetDomain {
    Values(Vec<String>),
    Text,
    List,
    Secret,
}

impl Step {
    /// The variables that this step sets.
    #[must_use]
    pub fn sets(&self) -> Vec<Sets> {
        let one = |variable: &str, domain| {
            vec![Sets {
                variable: variable.to_owned(),
                domain,
                optional: false,
            }]
        };
        if let Some(choose) = &self.choose {
            let values = choose.options.iter().map(|o| o.value.clone()).collect();
            let open = choose.options_from.is_some() || choose.other.is_some();
            let domain = if open {
                SetDomain::Text
            } else {
                SetDomain::Values(values)
            };
            return one(&choose.variable, domain);
        }
        if let Some(ask) = &self.ask {
            return one(&ask.variable, SetDomain::Text);
        }
        if let Some(secret) = &self.secret {
            return one(&secret.variable, SetDomain::Secret);
        }
        if let Some(confirm) = &self.confirm {
            let values = vec!["yes".to_owned(), "no".to_owned()];
            return one(&confirm.variable, SetDomain::Values(values));
        }
        self.facts().iter().map(Sets::from).collect()
    }

    fn facts(&self) -> &'static [Fact] {
        let detector = self
            .detect
            .as_ref()
            .and_then(|d| catalog::detector(&d.what));
        let probe = self.probe.as_ref().and_then(|p| catalog::probe(&p.what));
        detector
            .map(|d| d.sets)
            .or_else(|| probe.map(|p| p.sets))
            .unwrap_or_default()
    }

    /// The variables that this step reads; `pointer` is the step's own.
    #[must_use]
    pub fn reads(&self, pointer: &str) -> Vec<Read> {
        let mut reads = Reads {
            found: Vec::new(),
            edge: false,
        };
        self.kind_reads(&mut reads, pointer);
        reads.edge = true;
        for (index, branch) in self.branch.iter().flatten().enumerate() {
            if let Some(condition) = &branch.when {
                reads.condition(condition, &format!("{pointer}/branch/{index}/when"));
            }
        }
        reads.found
    }

    fn kind_reads(&self, reads: &mut Reads, at: &str) {
        if let Some(note) = &self.note {
            reads.text(&note.text, &format!("{at}/note/text"));
        }
        self.question_reads(reads, at);
        let with = [
            (self.detect.as_ref().and_then(|d| d.with.as_ref()), "detect"),
            (self.probe.as_ref().and_then(|p| p.with.as_ref()), "probe"),
            (
                self.handoff.as_ref().and_then(|h| h.with.as_ref()),
                "handoff",
            ),
        ];
        for (with, kind) in with {
            if let Some(with) = with {
                reads.with(with, &format!("{at}/{kind}/with"));
            }
        }
        if let Some(text) = self.handoff.as_ref().and_then(|h| h.text.as_ref()) {
            reads.text(text, &format!("{at}/handoff/text"));
        }
        if let Some(commit) = &self.commit {
            reads.text(&commit.text, &format!("{at}/commit/text"));
            for (index, effect) in commit.effects.iter().enumerate() {
                reads.effect(effect, &format!("{at}/commit/effects/{index}"));
            }
        }
        if let Some(done) = &self.done {
            if let Some(text) = &done.text {
                reads.text(text, &format!("{at}/done/text"));
            }
            for (index, line) in done.next.iter().enumerate() {
                reads.line(line, &format!("{at}/done/next/{index}"));
            }
        }
    }

    fn question_reads(&self, reads: &mut Reads, at: &str) {
        if let Some(choose) = &self.choose {
            reads.asked(&choose.text, choose.help.as_ref(), &format!("{at}/choose"));
            if let Some(list) = &choose.options_from {
                reads.add(list, format!("{at}/choose/options_from"), Need::List);
            }
            if let Some(list) = &choose.order_from {
                reads.add(list, format!("{at}/choose/order_from"), Need::List);
            }
            for (index, name) in choose.default_from.iter().enumerate() {
                let at = format!("{at}/choose/default_from/{index}");
                reads.add(name, at, Need::Tested);
            }
            for (index, option) in choose.options.iter().enumerate() {
                let at = format!("{at}/choose/options/{index}");
                reads.line(&option.label, &format!("{at}/label"));
                if let Some(detail) = &option.detail {
                    reads.line(detail, &format!("{at}/detail"));
                }
                if let Some(condition) = &option.disabled_when {
                    reads.condition(condition, &format!("{at}/disabled_when"));
                }
                if let Some(reason) = &option.disabled_reason {
                    reads.line(reason, &format!("{at}/disabled_reason"));
                }
            }
        }
        if let Some(ask) = &self.ask {
            reads.asked(&ask.text, ask.help.as_ref(), &format!("{at}/ask"));
            for (index, name) in ask.default_from.iter().enumerate() {
                let at = format!("{at}/ask/default_from/{index}");
                reads.add(name, at, Need::MaybeText);
            }
            if let Some(condition) = &ask.ask_when {
                reads.condition(condition, &format!("{at}/ask/ask_when"));
            }
        }
        if let Some(secret) = &self.secret {
            reads.asked(&secret.text, secret.help.as_ref(), &format!("{at}/secret"));
            if let Some(name) = &secret.offer {
                reads.add(name, format!("{at}/secret/offer"), Need::MaybeSecret);
            }
            if let Some(name) = &secret.address {
                reads.add(name, format!("{at}/secret/address"), Need::Text);
            }
            if let Some(name) = &secret.offer_place {
                reads.add(name, format!("{at}/secret/offer_place"), Need::MaybeText);
            }
        }
        if let Some(confirm) = &self.confirm {
            reads.asked(
                &confirm.text,
                confirm.help.as_ref(),
                &format!("{at}/confirm"),
            );
        }
    }
}

impl From<&Fact> for Sets {
    fn from(fact: &Fact) -> Self {
        Self {
            variable: fact.name.to_owned(),
            domain: match fact.domain {
                Domain::Values(values) => {
                    SetDomain::Values(values.iter().map(|v| (*v).to_owned()).collect())
                }
                Domain::Text => SetDomain::Text,
                Domain::List => SetDomain::List,
                Domain::Secret => SetDomain::Secret,
            },
            optional: fact.optional,
        }
    }
}

struct Reads {
    found: Vec<Read>,
    edge: bool,
}

impl Reads {
    fn add(&mut self, variable: &str, pointer: String, need: Need) {
        self.found.push(Read {
            variable: variable.to_owned(),
            pointer,
            need,
            edge: self.edge,
        });
    }

    fn asked(&mut self, text: &Text, help: Option<&Text>, at: &str) {
        self.text(text, &format!("{at}/text"));
        if let Some(help) = help {
            self.text(help, &format!("{at}/help"));
        }
    }

    fn text(&mut self, text: &Text, at: &str) {
        for (line, variable) in text.variables() {
            if catalog::page(variable).is_none() {
                self.add(variable, format!("{at}/{line}"), Need::Shown);
            }
        }
    }

    fn line(&mut self, line: &str, at: &str) {
        for (_, variable) in Text::line(line).variables() {
            if catalog::page(variable).is_none() {
                self.add(variable, at.to_owned(), Need::Shown);
            }
        }
    }

    fn condition(&mut self, condition: &Condition, at: &str) {
        if let Some(is) = &condition.is {
            self.add(&is.variable, format!("{at}/is/variable"), Need::Compared);
        }
        if let Some(one_of) = &condition.one_of {
            self.add(
                &one_of.variable,
                format!("{at}/in/variable"),
                Need::Compared,
            );
        }
        if let Some(name) = &condition.empty {
            self.add(name, format!("{at}/empty"), Need::Tested);
        }
        if let Some(name) = &condition.set {
            self.add(name, format!("{at}/set"), Need::Tested);
        }
        if let Some(inner) = &condition.not {
            self.condition(inner, &format!("{at}/not"));
        }
        for (name, list) in [("all", &condition.all), ("any", &condition.any)] {
            for (index, inner) in list.iter().flatten().enumerate() {
                self.condition(inner, &format!("{at}/{name}/{index}"));
            }
        }
    }

    fn with(&mut self, with: &With, at: &str) {
        for (input, variable) in with.fields() {
            let need = match input.takes() {
                Takes::Text => Need::Text,
                Takes::MaybeText => Need::MaybeText,
                Takes::Secret => Need::Secret,
                Takes::MaybeSecret => Need::MaybeSecret,
            };
            self.add(variable, format!("{at}/{}", input.name()), need);
        }
    }

    fn effect(&mut self, effect: &Effect, at: &str) {
        if let Some(condition) = &effect.when {
            self.condition(condition, &format!("{at}/when"));
        }
        if let Some((verb, with)) = effect.with() {
            self.with(with, &format!("{at}/{verb}/with"));
        }
        if let Some(edit) = &effect.edit_document {
            let at = format!("{at}/edit_document/variable");
            self.add(&edit.variable, at, Need::Text);
        }
    }
}
