//! The doctor's report for people: what is wrong first, each with what was seen and what to type;
//! then what is fine in one line per category; last the verdict and the one next command.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::report_words::{
    abbreviated, checks, counts, headline, look, next, sentence, verdict_words,
};
use super::{Role, Theme, Ui, escape, theme::width_of, wrap::wrap};
use crate::doctor::probes::Status as ProbeStatus;
use crate::doctor::report::{Entry, Report, Status};
use crate::doctor::{Category, Finding, Remedy, Step};
use crate::error::Result;

/// Longer lines are hard to read.
const WIDEST: usize = 100;
const NARROWEST: usize = 20;
/// From here on there is room to set steps apart from their title.
const ROOMY: usize = 60;

/// What is shown as a block, worst first.
const PROBLEMS: &[Status] = &[
    Status::Fail,
    Status::Broken,
    Status::TimedOut,
    Status::Warn,
    Status::Info,
];

impl Ui {
    /// Writes the report. In sentences `home` is written `~`; commands keep whole paths.
    ///
    /// # Errors
    /// `Io` when it cannot be written.
    pub fn report_text(&self, report: &Report, home: Option<&str>) -> Result<()> {
        let width = self.width.map_or(usize::MAX, |columns| {
            usize::from(columns).clamp(NARROWEST, WIDEST)
        });
        let page = Page {
            theme: self.out,
            width,
            verbose: self.verbose,
            home: home.filter(|home| home.len() > 1),
            text: String::new(),
        };
        self.data(&page.report(report, self.quiet))
    }
}

struct Page<'a> {
    theme: Theme,
    width: usize,
    verbose: bool,
    home: Option<&'a str>,
    text: String,
}

impl Page<'_> {
    fn report(mut self, report: &Report, quiet: bool) -> String {
        let shown = |status: &&Status| !(quiet && **status == Status::Info);
        for status in PROBLEMS.iter().filter(shown) {
            for entry in report.with(*status) {
                self.problem(entry, report);
            }
        }
        if !quiet {
            self.probes(report);
            self.ignored(report);
            if self.verbose {
                self.every_check(report);
            } else {
                self.fine(report);
                self.left_out(report);
            }
        }
        self.verdict(report);
        self.text
    }

    /// A wrapped paragraph behind `margin`.
    fn line(&mut self, margin: &str, text: &str) {
        let wide = self.width.saturating_sub(margin.len());
        let _ = writeln!(self.text, "{margin}{}", wrap(text, wide, margin));
    }

    fn problem(&mut self, entry: &Entry, report: &Report) {
        let (symbol, word, role) = look(entry.status);
        let head = self.theme.paint(role, &format!("{symbol} {word}"));
        let code = self.theme.paint(Role::Dim, entry.code);
        let summary = entry.finding.as_ref().map_or_else(
            || format!("{}: not known", entry.title),
            |finding| finding.summary.clone(),
        );
        let summary = self.clean(&summary);
        let summary = self.theme.paint(Role::Heading, &summary);
        let title = wrap(&format!("{head} {code} {summary}"), self.width, "  ");
        let _ = writeln!(self.text, "{title}");
        if let Some(reason) = &entry.reason {
            self.sentence(reason);
        }
        if let Some(finding) = &entry.finding {
            // Nothing has to be mended: what was seen is enough.
            let brief = entry.status == Status::Info && !self.verbose;
            self.finding(finding, brief);
        }
        if let Some(answer) = &entry.why {
            self.sentence("Claude Code takes the first of these that can be used:");
            let table = super::why::folded(answer, self.theme, self.width, self.home);
            self.text.push_str(&table);
        }
        self.blocked(entry.code, report);
        self.text.push('\n');
    }

    fn finding(&mut self, finding: &Finding, brief: bool) {
        self.sentence(&finding.detail);
        if brief {
            return;
        }
        self.sentence(&finding.impact);
        if self.verbose {
            for evidence in &finding.evidence {
                let text = format!("seen in {}: {}", evidence.source, evidence.locator);
                let text = self.theme.paint(Role::Dim, &escape::line(&text));
                self.line("  ", &text);
            }
        }
        let shown = if self.verbose { usize::MAX } else { 2 };
        for remedy in finding.remedies.iter().take(shown) {
            self.remedy(remedy);
        }
        if let Some(docs) = finding.docs.as_ref().filter(|_| self.verbose) {
            self.line("  ", &escape::line(&format!("More: {docs}")));
        }
    }

    /// A sentence made harmless, with the home folder abbreviated.
    fn clean(&self, text: &str) -> String {
        let text = self.home.map_or_else(
            || text.to_owned(),
            |home| abbreviated(text, home.trim_end_matches('/')),
        );
        escape::line(&sentence(&text)).into_owned()
    }

    fn sentence(&mut self, text: &str) {
        if !text.is_empty() {
            let text = self.clean(text);
            self.line("  ", &text);
        }
    }

    fn remedy(&mut self, remedy: &Remedy) {
        let end = if remedy.steps.is_empty() { "." } else { ":" };
        let title = remedy.title.trim_end_matches(['.', ':']);
        let arrow = self.theme.paint(Role::Info, "→");
        let text = format!("{arrow} {}{end}", escape::line(title));
        let text = wrap(&text, self.width.saturating_sub(2), "    ");
        let _ = writeln!(self.text, "  {text}");
        let margin = self.step_margin();
        for step in &remedy.steps {
            match step {
                Step::Command(line) => self.command(line),
                Step::Flow(id) => self.command(&format!("keywright onboard --flow {id}")),
                Step::Url(url) => {
                    let url = self.theme.paint(Role::Value, &escape::line(url));
                    let _ = writeln!(self.text, "{margin}{url}");
                }
                Step::Edit(words) => {
                    let words = self.clean(words);
                    self.line(margin, &words);
                }
            }
        }
        if self.verbose && !remedy.why.is_empty() {
            let why = self.clean(&remedy.why);
            self.line(margin, &why);
        }
    }

    /// What stands before a step, below the title of its remedy.
    const fn step_margin(&self) -> &'static str {
        if self.width < ROOMY { "    " } else { "      " }
    }

    /// Never wrapped: it is there to be copied.
    fn command(&mut self, line: &str) {
        let margin = self.step_margin();
        let line = self.theme.paint(Role::Command, &escape::line(line));
        let _ = writeln!(self.text, "{margin}{line}");
    }

    /// Who was asked about which credential, and how long the answer took.
    fn probes(&mut self, report: &Report) {
        for probe in &report.probes {
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
    fn ignored(&mut self, report: &Report) {
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

    fn blocked(&mut self, code: &str, report: &Report) {
        let blocked = |entry: &&Entry| entry.blocked_by.as_deref() == Some(code);
        let count = report.checks.iter().filter(blocked).count();
        if count > 0 {
            let text = format!("{} not run because of {code}.", checks(count));
            let text = self.theme.paint(Role::Dim, &text);
            self.line("  ", &text);
        }
    }

    fn fine(&mut self, report: &Report) {
        let mut passed: BTreeMap<Category, usize> = BTreeMap::new();
        for entry in report.with(Status::Pass) {
            *passed.entry(entry.category).or_default() += 1;
        }
        let wide = passed.keys().map(|category| category.title().len()).max();
        for (category, count) in &passed {
            let mark = self.theme.paint(Role::Success, "✓ fine");
            let title = format!("{:<1$}", category.title(), wide.unwrap_or_default());
            let count = self.theme.paint(Role::Dim, &checks(*count));
            let _ = writeln!(self.text, "{mark}  {title}  {count}");
        }
    }

    /// Blocked by something that this run did not show, or not applicable because it was not asked.
    fn left_out(&mut self, report: &Report) {
        let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
        for entry in report.with(Status::Skipped) {
            let Some(by) = entry.blocked_by.as_deref() else {
                continue;
            };
            let shown = |other: &Entry| other.code == by && PROBLEMS.contains(&other.status);
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

    fn every_check(&mut self, report: &Report) {
        for entry in &report.checks {
            let (symbol, word, role) = look(entry.status);
            let head = self.theme.paint(role, &format!("{symbol} {word}"));
            let what = headline(entry);
            let time = format!("({} ms)", entry.duration_ms);
            let time = self.theme.paint(Role::Dim, &time);
            let text = format!("{head} {} {} {time}", entry.code, escape::line(&what));
            let text = wrap(&text, self.width, "  ");
            let _ = writeln!(self.text, "{text}");
        }
    }

    fn verdict(&mut self, report: &Report) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
        let (role, words) = verdict_words(report);
        let words = self.theme.paint(role, &words);
        let counts = self.theme.paint(Role::Dim, &counts(report));
        let text = wrap(&format!("{words} {counts}"), self.width, "");
        let _ = writeln!(self.text, "{text}");
        let (label, next) = next(report);
        let Some(next) = next else { return };
        let next = escape::line(&next);
        let fits = label.len() + 2 + width_of(&next) <= self.width;
        let gap = if fits { " " } else { "\n  " };
        let next = self.theme.paint(Role::Command, &next);
        let _ = writeln!(self.text, "{label}:{gap}{next}");
    }
}

#[cfg(test)]
#[path = "report_text_tests.rs"]
mod tests;
