//! The lower half of the doctor's report for people: what was asked, what does not count, what is
//! fine or was left out, and with `-v` every single check.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::report_text::{Page, ROOMY};
use super::report_words::{answers, checks, headline, look, sentence, slow};
use super::{Role, escape, wrap::wrap};
use crate::doctor::Category;
use crate::doctor::probes::{Probe, Status as ProbeStatus};
use crate::doctor::report::{Entry, Report, Status};

/// What has a block of its own above.
const SHOWN: &[Status] = &[
    Status::Fail,
    Status::Broken,
    Status::TimedOut,
    Status::Warn,
    Status::Info,
];

/// Up to the words of a check that stands in columns.
const INDENT: &str = "                                   ";

impl Page<'_> {
    /// Who was asked about which credential, and how long the answer took, unless a finding has
    /// said it.
    pub(super) fn probes(&mut self, report: &Report) {
        let told = |probe: &&Probe| {
            let mut entries = report.checks.iter();
            let shown = |entry: &Entry| SHOWN.contains(&entry.status);
            entries.any(|entry| shown(entry) && answers(entry, report).any(|one| one == *probe))
        };
        for probe in report.probes.iter().filter(|probe| !told(probe)) {
            let (mark, role) = match probe.status {
                ProbeStatus::Ok => ("✓ asked", Role::Success),
                ProbeStatus::NotTried => ("- asked", Role::Dim),
                ProbeStatus::Auth => ("✗ asked", Role::Error),
                _ => ("! asked", Role::Warning),
            };
            let answer = probe.circumstances();
            let answer = escape::line(&answer).into_owned();
            let text = format!(
                "{}  {}: {} {}",
                self.theme.paint(role, mark),
                escape::line(&probe.profile_id),
                probe.title,
                self.theme.paint(Role::Dim, &format!("({answer})")),
            );
            let text = wrap(&text, self.width, "  ");
            let _ = writeln!(self.text, "{text}");
        }
    }

    /// What was found and does not count, since the user said so.
    pub(super) fn ignored(&mut self, report: &Report) {
        for entry in report.with(Status::Suppressed) {
            let (symbol, word, role) = look(entry.status);
            let head = self.theme.paint(role, &format!("{symbol} {word}"));
            let summary = self.clean(&headline(entry));
            let title = format!("{head} {} {summary}", entry.code);
            let title = wrap(&title, self.width, "  ");
            let _ = writeln!(self.text, "{title}");
            if let Some(reason) = &entry.reason {
                self.sentence(reason);
            }
        }
    }

    /// One line for each family, with the time of its slowest check where that was long.
    pub(super) fn fine(&mut self, report: &Report) {
        let of = |category: Category| {
            let passed = report.with(Status::Pass);
            passed.filter(move |entry| entry.category == category)
        };
        let present = || Category::ALL.iter().filter(|one| of(**one).count() > 0);
        let wide = present().map(|category| category.title().len()).max();
        for category in present() {
            let mark = self.theme.paint(Role::Success, "✓ fine");
            let title = format!("{:<1$}", category.title(), wide.unwrap_or_default());
            let time = of(*category).map(|entry| entry.duration_ms).max();
            let time = time.and_then(slow).map(|time| format!(", {time}"));
            let count = checks(of(*category).count()) + &time.unwrap_or_default();
            let count = self.theme.paint(Role::Dim, &count);
            let _ = writeln!(self.text, "{mark}  {title}  {count}");
        }
    }

    /// Blocked by something that this run did not show, or not applicable because it was not asked.
    pub(super) fn left_out(&mut self, report: &Report) {
        let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
        for entry in report.with(Status::Skipped) {
            let Some(by) = entry.blocked_by.as_deref() else {
                continue;
            };
            let shown = |other: &Entry| other.code == by && SHOWN.contains(&other.status);
            if !report.checks.iter().any(shown) {
                *reasons
                    .entry(format!("not run because of {by}"))
                    .or_default() += 1;
            }
        }
        for entry in report.with(Status::NotApplicable) {
            // What the user chose to leave out is worth a word; what this machine lacks is not.
            let why = entry
                .reason
                .as_deref()
                .filter(|why| why.starts_with("left out"));
            let why = why.map_or_else(|| "not needed here".to_owned(), str::to_owned);
            *reasons.entry(why).or_default() += 1;
        }
        for (reason, count) in reasons {
            let text = format!("- {} {}", checks(count), escape::line(&sentence(&reason)));
            let text = self.theme.paint(Role::Dim, &text);
            let text = wrap(&text, self.width, "  ");
            let _ = writeln!(self.text, "{text}");
        }
    }

    /// Every check in the order of the report, with its time: in columns where there is room.
    pub(super) fn every_check(&mut self, report: &Report) {
        self.gap();
        let mut family = None;
        for entry in &report.checks {
            if family.replace(entry.category) != Some(entry.category) {
                let title = self.theme.paint(Role::Heading, entry.category.title());
                let _ = writeln!(self.text, "{title}");
            }
            let (symbol, word, role) = look(entry.status);
            let what = self.clean(&headline(entry));
            let text = if self.width < ROOMY {
                let head = self.theme.paint(role, &format!("{symbol} {word}"));
                // In one word, so that it stays together.
                let time = format!("({}ms)", entry.duration_ms);
                let time = self.theme.paint(Role::Dim, &time);
                let text = format!("{head} {} {what} {time}", entry.code);
                wrap(&text, self.width - 2, "    ")
            } else {
                let head = format!("{:<12}", format!("{symbol} {word}"));
                let head = self.theme.paint(role, &head);
                let time = format!("{:>8}", format!("{} ms", entry.duration_ms));
                let time = self.theme.paint(Role::Dim, &time);
                let what = wrap(&what, self.width.saturating_sub(INDENT.len()), INDENT);
                format!("{head} {:<9} {time}  {what}", entry.code)
            };
            let _ = writeln!(self.text, "  {text}");
        }
    }
}
