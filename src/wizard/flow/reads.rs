//! Which variables a step reads and sets, with the JSON pointer of each mention. The engine knows
//! from this what depends on an answer, the verifier what must be set before.

use super::{Condition, Effect, Flow, Inputs, Step, Text, With};
use crate::wizard::catalog::{self, Domain, Fact};

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

impl Flow {
    /// The step of this id.
    #[must_use]
    pub fn step(&self, id: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.id == id)
    }
}

impl Step {
    /// The variable that a person is asked for here.
    #[must_use]
    pub fn asks_for(&self) -> Option<&str> {
        let choose = self.choose.as_ref().map(|choose| &choose.variable);
        let ask = self.ask.as_ref().map(|ask| &ask.variable);
        let secret = self.secret.as_ref().map(|secret| &secret.variable);
        let confirm = self.confirm.as_ref().map(|confirm| &confirm.variable);
        let variable = choose.or(ask).or(secret).or(confirm);
        variable.map(String::as_str)
    }

    /// How its answer is given without a terminal.
    #[must_use]
    pub fn inputs(&self) -> Option<&Inputs> {
        let choose = self.choose.as_ref().and_then(|c| c.inputs.as_ref());
        let ask = self.ask.as_ref().and_then(|a| a.inputs.as_ref());
        let secret = self.secret.as_ref().and_then(|s| s.inputs.as_ref());
        let confirm = self.confirm.as_ref().and_then(|c| c.inputs.as_ref());
        choose.or(ask).or(secret).or(confirm)
    }

    /// The name of its kind, for a step that asks for a variable.
    #[must_use]
    pub fn question_kind(&self) -> &'static str {
        if self.choose.is_some() {
            "choose"
        } else if self.ask.is_some() {
            "ask"
        } else if self.secret.is_some() {
            "secret"
        } else {
            "confirm"
        }
    }

    /// Its conditions, with their pointers.
    #[must_use]
    pub fn conditions(&self, at: &str) -> Vec<(String, &Condition)> {
        let mut found = Vec::new();
        let options = self.choose.iter().flat_map(|choose| &choose.options);
        for (index, option) in options.enumerate() {
            if let Some(condition) = &option.disabled_when {
                let pointer = format!("{at}/choose/options/{index}/disabled_when");
                found.push((pointer, condition));
            }
        }
        if let Some(condition) = self.ask.as_ref().and_then(|ask| ask.ask_when.as_ref()) {
            found.push((format!("{at}/ask/ask_when"), condition));
        }
        for (index, branch) in self.branch.iter().flatten().enumerate() {
            if let Some(condition) = &branch.when {
                found.push((format!("{at}/branch/{index}/when"), condition));
            }
        }
        let effects = self.commit.iter().flat_map(|commit| &commit.effects);
        for (index, effect) in effects.enumerate() {
            if let Some(condition) = &effect.when {
                found.push((format!("{at}/commit/effects/{index}/when"), condition));
            }
        }
        found
    }

    /// Its texts, labels of options aside, with their pointers.
    #[must_use]
    pub fn texts(&self, at: &str) -> Vec<(String, &Text)> {
        let texts = [
            ("note/text", self.note.as_ref().map(|n| &n.text)),
            ("choose/text", self.choose.as_ref().map(|c| &c.text)),
            (
                "choose/help",
                self.choose.as_ref().and_then(|c| c.help.as_ref()),
            ),
            ("ask/text", self.ask.as_ref().map(|a| &a.text)),
            ("ask/help", self.ask.as_ref().and_then(|a| a.help.as_ref())),
            ("secret/text", self.secret.as_ref().map(|s| &s.text)),
            (
                "secret/help",
                self.secret.as_ref().and_then(|s| s.help.as_ref()),
            ),
            ("confirm/text", self.confirm.as_ref().map(|c| &c.text)),
            (
                "confirm/help",
                self.confirm.as_ref().and_then(|c| c.help.as_ref()),
            ),
            (
                "handoff/text",
                self.handoff.as_ref().and_then(|h| h.text.as_ref()),
            ),
            ("commit/text", self.commit.as_ref().map(|c| &c.text)),
            (
                "done/text",
                self.done.as_ref().and_then(|d| d.text.as_ref()),
            ),
        ];
        let there = texts.into_iter();
        there
            .filter_map(|(field, text)| Some((format!("{at}/{field}"), text?)))
            .collect()
    }

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
        let fields = [
            (&with.profile, "profile", Need::Text),
            (&with.secret, "secret", Need::Secret),
            (&with.base_url, "base_url", Need::Text),
            (&with.model, "model", Need::Text),
        ];
        for (name, field, need) in fields {
            if let Some(name) = name {
                self.add(name, format!("{at}/{field}"), need);
            }
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
