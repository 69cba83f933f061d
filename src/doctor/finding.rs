//! What a check says. Field names are those of `doctor --json`.

use serde::Serialize;
use serde_json::Value;

use super::action::Action;

/// The result of one check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Looked at and in order.
    Pass,
    Info(Finding),
    Warn(Finding),
    Fail(Finding),
    /// Not looked at, because the check of this code failed.
    Skipped {
        blocked_by: String,
    },
    /// There is nothing to look at here, and why.
    NotApplicable {
        why: String,
    },
    /// The check itself failed; unknown is not healthy.
    Broken {
        why: String,
    },
    TimedOut,
}

/// What is wrong, seen where, and what to do. Text from outside stands in it as it came; the
/// renderers escape it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Finding {
    /// What it is about: a profile id, a path, a variable, a host.
    pub subject: String,
    /// One line: what is wrong.
    pub summary: String,
    /// What was seen.
    pub detail: String,
    /// What it means for the user; empty when the summary says it.
    pub impact: String,
    pub evidence: Vec<Evidence>,
    /// Best first.
    pub remedies: Vec<Remedy>,
    /// A page that explains more.
    pub docs: Option<String>,
}

/// Where something was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Evidence {
    /// `file`, `environment`, `program`, `http`, …
    pub source: String,
    /// A path with line, a variable's name, a request id.
    pub locator: String,
}

/// One way to mend it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Remedy {
    pub title: String,
    pub why: String,
    pub safety: Safety,
    /// What a person does.
    pub steps: Vec<Step>,
    /// The same for `doctor --fix`; empty for a remedy that is manual.
    pub actions: Vec<Action>,
    /// Another way than the remedies before it, as a title that begins with `Or` says: it is applied
    /// where none of those is.
    pub alternative: bool,
    /// Codes of the checks that pass afterwards.
    pub verify: Vec<String>,
    pub undoable: bool,
}

/// Who may apply a remedy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum Safety {
    /// Touches only our own home.
    Safe,
    /// Touches something else; needs a yes.
    Consent,
    /// Only a person can do it.
    Manual,
}

/// One thing to do. Exactly one of these keys in JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum Step {
    /// A line to type into the user's shell.
    Command(String),
    /// A page to open.
    Url(String),
    /// A change to a file, in words.
    Edit(String),
    /// A flow to run: `keywright onboard --flow ID`.
    Flow(String),
}

impl Finding {
    /// A finding about `subject`; the summary is one line that says what is wrong.
    #[must_use]
    pub fn new(subject: impl Into<String>, summary: impl Into<String>) -> Self {
        Self {
            subject: subject.into(),
            summary: summary.into(),
            detail: String::new(),
            impact: String::new(),
            evidence: Vec::new(),
            remedies: Vec::new(),
            docs: None,
        }
    }

    /// What was seen.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    /// What it means for the user.
    #[must_use]
    pub fn impact(mut self, impact: impl Into<String>) -> Self {
        self.impact = impact.into();
        self
    }

    /// Where it was seen.
    #[must_use]
    pub fn seen(mut self, source: &str, locator: impl Into<String>) -> Self {
        self.evidence.push(Evidence {
            source: source.to_owned(),
            locator: locator.into(),
        });
        self
    }

    /// One more way to mend it, after those already named.
    #[must_use]
    pub fn remedy(mut self, remedy: Remedy) -> Self {
        self.remedies.push(remedy);
        self
    }
}

impl Remedy {
    /// Something that only a person can do.
    #[must_use]
    pub fn manual(title: impl Into<String>) -> Self {
        let title = title.into();
        Self {
            alternative: title.starts_with("Or "),
            title,
            why: String::new(),
            safety: Safety::Manual,
            steps: Vec::new(),
            actions: Vec::new(),
            verify: Vec::new(),
            undoable: false,
        }
    }

    /// A remedy that touches only our own home: `--fix` applies it, and `keywright undo` takes it
    /// back.
    #[must_use]
    pub fn safe(title: impl Into<String>) -> Self {
        Self::of(Safety::Safe, title, true)
    }

    /// A remedy that touches something else, or loses something: `--fix` applies it after a yes,
    /// and `keywright undo` takes it back.
    #[must_use]
    pub fn consent(title: impl Into<String>) -> Self {
        Self::of(Safety::Consent, title, true)
    }

    /// A remedy of this class, and whether `keywright undo` takes it back.
    #[must_use]
    pub fn of(safety: Safety, title: impl Into<String>, undoable: bool) -> Self {
        Self {
            safety,
            undoable,
            ..Self::manual(title)
        }
    }

    /// Why this helps.
    #[must_use]
    pub fn why(mut self, why: impl Into<String>) -> Self {
        self.why = why.into();
        self
    }

    /// One more step.
    #[must_use]
    pub fn step(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    /// A line to type.
    #[must_use]
    pub fn command(self, line: impl Into<String>) -> Self {
        self.step(Step::Command(line.into()))
    }

    /// What `doctor --fix` does in place of the lines to type.
    #[must_use]
    pub fn action(mut self, action: Action) -> Self {
        self.actions.push(action);
        self
    }

    /// `--fix` gives a file or folder these permission bits. Beside it stands the command that a
    /// person types.
    #[must_use]
    pub fn mode(self, path: impl Into<String>, mode: u32) -> Self {
        let path = path.into();
        self.action(Action::SetMode { path, mode })
    }

    /// `--fix` sets the value at a path of keys in a JSON or JSON5 document.
    #[must_use]
    pub fn set_key(self, path: impl Into<String>, keys: &[&str], value: Value) -> Self {
        self.action(Action::SetKey {
            path: path.into(),
            keys: keys.iter().map(|key| (*key).to_owned()).collect(),
            value,
        })
    }

    /// Marks this as another way than the remedies before it.
    #[must_use]
    pub const fn otherwise(mut self) -> Self {
        self.alternative = true;
        self
    }

    /// Codes of the checks that pass afterwards.
    #[must_use]
    pub fn verify(mut self, codes: &[&str]) -> Self {
        self.verify = codes.iter().map(|code| (*code).to_owned()).collect();
        self
    }
}
