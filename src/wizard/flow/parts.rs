//! Finding the parts of a flow: steps by id, and what a step has whatever its kind.

use crate::wizard::catalog::{self, CredentialKind};

use super::{Condition, Flow, Inputs, Step, Text};

impl Flow {
    /// The step of this id.
    #[must_use]
    pub fn step(&self, id: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.id == id)
    }
}

impl Flow {
    /// The kind of credential that it stores, if it stores one.
    #[must_use]
    pub fn stores(&self) -> Option<&'static CredentialKind> {
        let commits = self.steps.iter().filter_map(|step| step.commit.as_ref());
        let mut effects = commits.flat_map(|commit| &commit.effects);
        let put = effects.find_map(|effect| effect.put_credential.as_ref())?;
        catalog::credential_kind(&put.kind)
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
}
