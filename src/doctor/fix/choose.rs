//! Which remedies a plan is made of, and in which order.

use super::super::action::Action;
use super::super::finding::{Finding, Remedy};
use super::super::report::{Entry, Report, Status};
use super::{Fix, Left};

/// What somebody wants to have mended.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Remedies that need a yes are among it.
    pub consent: bool,
    /// Codes or categories, in any case; every one where there is none.
    pub codes: Vec<String>,
}

/// A remedy with the finding that it belongs to.
#[derive(Clone, Copy)]
pub struct Chosen<'a> {
    pub entry: &'a Entry,
    pub finding: &'a Finding,
    pub remedy: &'a Remedy,
}

/// The remedies of each finding that counts, best first: what blocks others comes first, then
/// failures, then warnings. What only informs is mended where its code was named.
#[must_use]
pub fn findings<'a>(report: &'a Report, wanted: &Wanted) -> Vec<Vec<Chosen<'a>>> {
    let named = |entry: &Entry| {
        let mut codes = wanted.codes.iter();
        codes.any(|code| {
            code.eq_ignore_ascii_case(entry.code) || code.eq_ignore_ascii_case(entry.category.id())
        })
    };
    let counts = |entry: &&Entry| match entry.status {
        Status::Fail | Status::Warn => wanted.codes.is_empty() || named(entry),
        Status::Info => named(entry),
        _ => false,
    };
    let mut entries: Vec<&Entry> = report.checks.iter().filter(counts).collect();
    // A stable sort: within a rank, the order of the report.
    entries.sort_by_key(|entry| {
        let blocks = |other: &Entry| other.blocked_by.as_deref() == Some(entry.code);
        let rank = match entry.status {
            Status::Fail => 0,
            Status::Warn => 1,
            _ => 2,
        };
        (!report.checks.iter().any(blocks), rank)
    });
    entries.into_iter().map(of).collect()
}

fn of(entry: &Entry) -> Vec<Chosen<'_>> {
    let finding = entry.finding.iter();
    finding
        .flat_map(|finding| {
            finding.remedies.iter().map(|remedy| Chosen {
                entry,
                finding,
                remedy,
            })
        })
        .collect()
}

impl Chosen<'_> {
    pub(super) fn fix(&self) -> Fix {
        let Remedy {
            title,
            safety,
            verify,
            undoable,
            ..
        } = self.remedy;
        Fix {
            code: self.entry.code,
            subject: self.finding.subject.clone(),
            summary: self.finding.summary.clone(),
            title: title.clone(),
            safety: *safety,
            verify: verify.clone(),
            undoable: *undoable,
            then: afterwards(self.remedy),
        }
    }

    pub(super) fn left(&self, reason: Option<String>) -> Left {
        Left {
            code: self.entry.code,
            title: self.remedy.title.clone(),
            safety: self.remedy.safety,
            reason,
            steps: self.remedy.steps.clone(),
        }
    }
}

fn afterwards(remedy: &Remedy) -> Vec<String> {
    let actions = remedy.actions.iter();
    let lines = actions.filter_map(|action| match action {
        Action::Afterwards { command } => Some(command.clone()),
        _ => None,
    });
    lines.collect()
}
