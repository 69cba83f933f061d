//! `doctor --fix`: one plan from the remedies of all findings, shown before it is carried out, done
//! in one transaction, and judged afterwards by the same checks on a new picture of the machine.
//!
//! - [`choose`] picks remedies, causes first, and knows what was left to a person.
//! - `act` turns one action into an edit of working copies; what it does not understand it refuses.
//! - [`draft`] holds the working copies, and what the transaction gets.
//! - [`verify`] compares the codes of two reports.
//!
//! No program is started, and nothing is guessed: an action names its file and what must stand there.

mod act;
pub mod choose;
pub mod document;
pub mod draft;
mod shell_line;
pub mod verify;

use serde::Serialize;

use super::finding::{Safety, Step};
use super::report::Report;
use crate::error::Result;
use crate::store::{self, Home, Name, Receipt, undo};
use crate::system::System;
use choose::{Chosen, Wanted};
use draft::{Draft, FileChange};

/// Where a plan is made and carried out.
#[derive(Clone, Copy)]
pub struct Desk<'a> {
    pub system: &'a System,
    pub home: &'a Home,
    pub agent: &'a Name,
}

/// What would be done.
pub struct Plan {
    pub fixes: Vec<Fix>,
    /// What the fixes do not reach.
    pub left: Vec<Left>,
    draft: Draft,
}

/// A remedy that is part of the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Fix {
    /// Of the finding.
    pub code: &'static str,
    pub subject: String,
    pub summary: String,
    /// Of the remedy.
    pub title: String,
    pub safety: Safety,
    /// Codes of the checks that pass afterwards.
    pub verify: Vec<String>,
    pub undoable: bool,
    /// What a person still types for it to take effect.
    pub then: Vec<String>,
}

/// A remedy that is not part of the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Left {
    pub code: &'static str,
    pub title: String,
    pub safety: Safety,
    /// Why it is left: a lowercase fragment; `null` for what only a person can do.
    pub reason: Option<String>,
    pub steps: Vec<Step>,
}

impl Plan {
    /// The plan for what `report` found. Reads the files in question; writes nothing.
    #[must_use]
    pub fn of(report: &Report, wanted: &Wanted, desk: Desk<'_>) -> Self {
        let mut plan = Self {
            fixes: Vec::new(),
            left: Vec::new(),
            draft: Draft::default(),
        };
        for findings in choose::findings(report, wanted) {
            plan.take(&findings, wanted, desk);
        }
        plan
    }

    /// Takes in what mends one finding: every remedy that can be applied, and another way only where
    /// nothing before it could.
    fn take(&mut self, remedies: &[Chosen<'_>], wanted: &Wanted, desk: Desk<'_>) {
        let mut taken = false;
        let mut left = Vec::new();
        for chosen in remedies {
            let alternative = chosen.remedy.alternative;
            if alternative && taken {
                continue;
            }
            match self.draft(chosen, wanted, desk) {
                Ok(()) => {
                    taken = true;
                    self.fixes.push(chosen.fix());
                    if alternative {
                        // What it stands for is no longer needed.
                        left.clear();
                    }
                }
                Err(reason) => left.push(chosen.left(reason)),
            }
        }
        self.left.extend(left);
    }

    /// All actions of one remedy, or none.
    fn draft(
        &mut self,
        chosen: &Chosen<'_>,
        wanted: &Wanted,
        desk: Desk<'_>,
    ) -> Result<(), Option<String>> {
        let remedy = chosen.remedy;
        if remedy.safety == Safety::Manual || remedy.actions.is_empty() {
            return Err(None);
        }
        if remedy.safety == Safety::Consent && !wanted.consent {
            let why = "it needs a yes, which `--include consent` gives";
            return Err(Some(why.to_owned()));
        }
        let mut draft = self.draft.clone();
        for action in &remedy.actions {
            act::act(action, &mut draft, desk).map_err(|error| Some(error.to_string()))?;
        }
        self.draft = draft;
        Ok(())
    }

    /// There is nothing that could be applied.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.fixes.is_empty()
    }

    /// Whether the plan has a fix of that class.
    #[must_use]
    pub fn has(&self, safety: Safety) -> bool {
        self.fixes.iter().any(|fix| fix.safety == safety)
    }

    /// The files as they would be, in the order of their paths.
    #[must_use]
    pub fn files(&self) -> Vec<FileChange> {
        self.draft.shown()
    }

    /// Commands of our own that are part of the plan.
    #[must_use]
    pub fn commands(&self) -> Vec<&'static str> {
        let prunes = self.draft.prunes.then_some("keywright history prune");
        prunes.into_iter().collect()
    }

    /// Carries the plan out, all of its files or none.
    ///
    /// # Errors
    /// `Conflict` when a file is no longer what the plan saw; else as [`store::commit_all`].
    pub fn apply(self, desk: Desk<'_>) -> Result<Receipt> {
        if self.draft.prunes {
            undo::prune(desk.system, desk.home, false)?;
        }
        let changes = self.draft.changes();
        if changes.files.is_empty() && changes.surroundings.is_empty() {
            return Ok(Receipt {
                transaction: None,
                paths: Vec::new(),
            });
        }
        let mut codes: Vec<&str> = self.fixes.iter().map(|fix| fix.code).collect();
        codes.dedup();
        let label = format!("doctor --fix: {}", codes.join(", "));
        store::commit_all(desk.system, desk.home, &label, changes)
    }
}

#[cfg(test)]
mod tests;
