//! The report as data: every format renders this one value, and the exit code is part of it.
//! Field names are those of `doctor --json`.

use jiff::Timestamp;
use serde::Serialize;

use super::check::{Category, CheckMeta};
use super::finding::{Finding, Outcome, Remedy, Safety, Step};
use super::probes::Probe;
use super::why::Answer;
use crate::exit::Exit;

/// Version of the document's form.
pub const SCHEMA_VERSION: u32 = 1;

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Report {
    pub schema_version: u32,
    pub tool: Tool,
    #[cfg_attr(test, schemars(with = "String", extend("format" = "date-time")))]
    pub started_at: Timestamp,
    pub duration_ms: u64,
    pub verdict: Verdict,
    /// What `doctor` exits with.
    pub exit_code: u8,
    pub summary: Summary,
    /// In the order of the report: by category, then by code.
    pub checks: Vec<Entry>,
    /// Every credential that was tried or was to be tried, the one in use first.
    pub probes: Vec<Probe>,
    /// The line that offers to mend what can be mended; `None` where it was typed already, or the
    /// facts are those of another machine.
    #[serde(skip)]
    pub fix: Option<String>,
}

/// Who wrote the report.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Tool {
    pub name: &'static str,
    pub version: &'static str,
}

/// All checks in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum Verdict {
    Healthy,
    Warnings,
    Failures,
    /// Nothing failed, and something could not be looked at.
    Incomplete,
}

/// Number of checks by status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Summary {
    pub pass: usize,
    pub info: usize,
    pub warn: usize,
    pub fail: usize,
    pub skipped: usize,
    pub not_applicable: usize,
    pub broken: usize,
    pub timed_out: usize,
    pub suppressed: usize,
}

/// One check's result.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Entry {
    pub code: &'static str,
    pub id: &'static str,
    pub title: &'static str,
    pub category: Category,
    pub status: Status,
    /// Collecting what it reads, and judging it.
    pub duration_ms: u64,
    /// The code of the root cause of a skipped check.
    pub blocked_by: Option<String>,
    /// Why it was not looked at, could not be, or does not count.
    pub reason: Option<String>,
    pub finding: Option<Finding>,
    /// Which credential wins, where the finding is that several compete.
    pub why: Option<Answer>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum Status {
    Pass,
    Info,
    Warn,
    Fail,
    Skipped,
    NotApplicable,
    Broken,
    TimedOut,
    /// Found, and ignored by the user's configuration.
    Suppressed,
}

impl Entry {
    /// The result of a check that took `duration_ms`.
    #[must_use]
    pub fn new(meta: &CheckMeta, outcome: Outcome, duration_ms: u64) -> Self {
        let (status, blocked_by, reason, finding) = match outcome {
            Outcome::Pass => (Status::Pass, None, None, None),
            Outcome::Info(finding) => (Status::Info, None, None, Some(finding)),
            Outcome::Warn(finding) => (Status::Warn, None, None, Some(finding)),
            Outcome::Fail(finding) => (Status::Fail, None, None, Some(finding)),
            Outcome::Skipped { blocked_by } => (Status::Skipped, Some(blocked_by), None, None),
            Outcome::NotApplicable { why } => (Status::NotApplicable, None, Some(why), None),
            Outcome::Broken { why } => (Status::Broken, None, Some(why), None),
            Outcome::TimedOut => {
                let why = "It took too long".to_owned();
                (Status::TimedOut, None, Some(why), None)
            }
        };
        Self {
            code: meta.code,
            id: meta.id,
            title: meta.title,
            category: meta.category,
            status,
            duration_ms,
            blocked_by,
            reason,
            finding,
            why: None,
        }
    }
}

impl Summary {
    fn of(checks: &[Entry]) -> Self {
        let mut summary = Self::default();
        for check in checks {
            *match check.status {
                Status::Pass => &mut summary.pass,
                Status::Info => &mut summary.info,
                Status::Warn => &mut summary.warn,
                Status::Fail => &mut summary.fail,
                Status::Skipped => &mut summary.skipped,
                Status::NotApplicable => &mut summary.not_applicable,
                Status::Broken => &mut summary.broken,
                Status::TimedOut => &mut summary.timed_out,
                Status::Suppressed => &mut summary.suppressed,
            } += 1;
        }
        summary
    }

    /// Unknown is not healthy: neither what broke nor what is blocked by something unseen.
    const fn verdict(&self, unexplained: bool) -> Verdict {
        if self.fail > 0 {
            Verdict::Failures
        } else if self.broken + self.timed_out > 0 || unexplained {
            Verdict::Incomplete
        } else if self.warn > 0 {
            Verdict::Warnings
        } else {
            Verdict::Healthy
        }
    }
}

impl Verdict {
    /// As in JSON.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::Warnings => "warnings",
            Self::Failures => "failures",
            Self::Incomplete => "incomplete",
        }
    }

    const fn exit(self, strict: bool) -> Exit {
        match self {
            Self::Failures => Exit::Problem,
            Self::Incomplete => Exit::Undetermined,
            Self::Warnings if strict => Exit::Warnings,
            Self::Warnings | Self::Healthy => Exit::Done,
        }
    }
}

impl Report {
    /// Gives our own commands in the remedies the options that this report was made with.
    pub fn give_commands_options(&mut self, options: &str) {
        let findings = self.checks.iter_mut().filter_map(|c| c.finding.as_mut());
        let remedies = findings.flat_map(|finding| finding.remedies.iter_mut());
        for step in remedies.flat_map(|remedy| remedy.steps.iter_mut()) {
            if let Step::Command(line) = step
                && let Some(rest) = line.strip_prefix("keywright ")
            {
                *line = format!("keywright {options} {rest}");
            }
        }
    }

    /// Counts and judges. With `strict`, warnings alone are worth exit 2.
    #[must_use]
    pub fn new(started_at: Timestamp, duration_ms: u64, checks: Vec<Entry>, strict: bool) -> Self {
        let summary = Summary::of(&checks);
        let unexplained = checks.iter().any(|check| {
            let by = check.blocked_by.as_deref();
            let explains = |other: &Entry| {
                Some(other.code) == by
                    && !matches!(other.status, Status::Pass | Status::NotApplicable)
            };
            by.is_some() && !checks.iter().any(explains)
        });
        let verdict = summary.verdict(unexplained);
        Self {
            schema_version: SCHEMA_VERSION,
            tool: Tool {
                name: env!("CARGO_PKG_NAME"),
                version: env!("CARGO_PKG_VERSION"),
            },
            started_at,
            duration_ms,
            verdict,
            exit_code: verdict.exit(strict).code(),
            summary,
            checks,
            probes: Vec::new(),
            fix: None,
        }
    }

    /// What counts and can be mended by `doctor --fix`.
    pub fn mendable(&self) -> impl Iterator<Item = &Entry> {
        let mends = |remedy: &Remedy| remedy.safety != Safety::Manual && !remedy.actions.is_empty();
        self.checks.iter().filter(move |entry| {
            let finding = entry.finding.iter();
            let mut remedies = finding.flat_map(|finding| &finding.remedies);
            matches!(entry.status, Status::Fail | Status::Warn) && remedies.any(mends)
        })
    }

    /// As [`Report::exit_code`].
    #[must_use]
    pub const fn exit(&self) -> Exit {
        match self.exit_code {
            0 => Exit::Done,
            2 => Exit::Warnings,
            3 => Exit::Undetermined,
            _ => Exit::Problem,
        }
    }

    /// The checks of that status, in the order of the report.
    pub fn with(&self, status: Status) -> impl Iterator<Item = &Entry> {
        self.checks
            .iter()
            .filter(move |check| check.status == status)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const META: CheckMeta = CheckMeta {
        code: "CLI-001",
        id: "x",
        title: "x",
        category: Category::Cli,
        needs: &[],
        facts: &[],
    };

    fn finding() -> Finding {
        Finding {
            subject: String::new(),
            summary: String::new(),
            detail: String::new(),
            impact: String::new(),
            evidence: Vec::new(),
            remedies: Vec::new(),
            docs: None,
        }
    }

    #[test]
    fn one_rule_for_verdict_and_exit_code() {
        let warn = || Outcome::Warn(finding());
        let fail = || Outcome::Fail(finding());
        let broken = || Outcome::Broken { why: String::new() };
        let check = |outcomes: Vec<Outcome>, strict, verdict, exit: u8| {
            let entries = outcomes
                .into_iter()
                .map(|outcome| Entry::new(&META, outcome, 0))
                .collect();
            let report = Report::new(Timestamp::UNIX_EPOCH, 0, entries, strict);
            assert_eq!((report.verdict, report.exit_code), (verdict, exit));
            assert_eq!(report.exit().code(), exit);
        };
        check(vec![], false, Verdict::Healthy, 0);
        check(vec![Outcome::Pass], true, Verdict::Healthy, 0);
        check(vec![Outcome::Info(finding())], true, Verdict::Healthy, 0);
        check(vec![warn()], false, Verdict::Warnings, 0);
        check(vec![warn()], true, Verdict::Warnings, 2);
        check(vec![broken(), warn()], true, Verdict::Incomplete, 3);
        check(vec![Outcome::TimedOut], false, Verdict::Incomplete, 3);
        check(vec![fail(), broken(), warn()], true, Verdict::Failures, 1);
        let skipped = Outcome::Skipped {
            blocked_by: "X".to_owned(),
        };
        check(vec![skipped], true, Verdict::Incomplete, 3);
    }
}
