//! The doctor's report for people: what is wrong first, each with what was seen and what to type;
//! then what is fine in one line per category; last the verdict and the one next command.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::{Role, Theme, Ui, escape, theme::width_of, wrap::wrap};
use crate::doctor::report::{Entry, Report, Status, Verdict};
use crate::doctor::{Category, Finding, Remedy, Step};
use crate::error::Result;

/// Longer lines are hard to read.
const WIDEST: usize = 100;
const NARROWEST: usize = 20;
/// From here on there is room to set steps apart from their title.
const ROOMY: usize = 60;

/// How each status looks; every symbol has its word.
const fn look(status: Status) -> (&'static str, &'static str, Role) {
    match status {
        Status::Pass => ("✓", "fine", Role::Success),
        Status::Info => ("i", "note", Role::Info),
        Status::Warn => ("!", "warning", Role::Warning),
        Status::Fail => ("✗", "error", Role::Error),
        Status::Skipped => ("-", "not run", Role::Dim),
        Status::NotApplicable => ("-", "not needed", Role::Dim),
        Status::Broken => ("?", "unknown", Role::Warning),
        Status::TimedOut => ("?", "timed out", Role::Warning),
        Status::Suppressed => ("-", "ignored", Role::Dim),
    }
}

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
            let what = match (&entry.finding, &entry.blocked_by, &entry.reason) {
                (Some(finding), ..) => finding.summary.clone(),
                (None, Some(by), _) => format!("{}: because of {by}", entry.title),
                (None, None, Some(reason)) => format!("{}: {reason}", entry.title),
                (None, None, None) => entry.title.to_owned(),
            };
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

fn verdict_words(report: &Report) -> (Role, String) {
    let summary = &report.summary;
    let warnings = match summary.warn {
        0 => String::new(),
        1 => " and 1 warning".to_owned(),
        many => format!(" and {many} warnings"),
    };
    match report.verdict {
        Verdict::Healthy if asked(report) => (
            Role::Success,
            "Claude access works on this machine.".to_owned(),
        ),
        Verdict::Healthy => (Role::Success, "Nothing wrong was found.".to_owned()),
        Verdict::Warnings => {
            let words = warnings.trim_start_matches(" and ");
            (Role::Warning, format!("Nothing failed; {words}."))
        }
        Verdict::Failures => {
            let errors = if summary.fail == 1 { "error" } else { "errors" };
            (Role::Error, format!("{} {errors}{warnings}.", summary.fail))
        }
        Verdict::Incomplete => {
            let words = format!("Not everything could be looked at{warnings}.");
            (Role::Warning, words.replace(" and ", "; "))
        }
    }
}

/// The API itself, or AWS, has answered that it works.
fn asked(report: &Report) -> bool {
    let answered = |entry: &Entry| matches!(entry.code, "API-001" | "AWS-024");
    let works = |entry: &Entry| answered(entry) && entry.status == Status::Pass;
    report.checks.iter().any(works)
}

fn counts(report: &Report) -> String {
    let summary = &report.summary;
    let mut parts = vec![format!("{} fine", summary.pass)];
    if summary.info > 0 {
        parts.push(format!("{} to note", summary.info));
    }
    if summary.skipped > 0 {
        parts.push(format!("{} not run", summary.skipped));
    }
    if summary.suppressed > 0 {
        parts.push(format!("{} ignored", summary.suppressed));
    }
    let tenths = (report.duration_ms + 50) / 100;
    format!("({}; {}.{} s)", parts.join(", "), tenths / 10, tenths % 10)
}

/// The most useful line to type next: the first command against the worst problem.
fn next(report: &Report) -> (&'static str, Option<String>) {
    let command = |entry: &Entry| {
        let finding = entry.finding.as_ref()?;
        let steps = finding.remedies.iter().flat_map(|remedy| &remedy.steps);
        steps.into_iter().find_map(|step| match step {
            Step::Command(line) => Some(line.clone()),
            Step::Flow(id) => Some(format!("keywright onboard --flow {id}")),
            Step::Url(_) | Step::Edit(_) => None,
        })
    };
    let serious = [Status::Fail, Status::Broken, Status::TimedOut, Status::Warn];
    let mut worst = serious.iter().flat_map(|status| report.with(*status));
    let Some(first) = worst.next() else {
        return ("Next", None);
    };
    match command(first) {
        Some(line) => ("Next", Some(line)),
        None => (
            "More",
            Some(format!("keywright doctor explain {}", first.code)),
        ),
    }
}

fn checks(count: usize) -> String {
    match count {
        1 => "1 check".to_owned(),
        many => format!("{many} checks"),
    }
}

/// `~` in the place of `home` where a path begins with it.
fn abbreviated(text: &str, home: &str) -> String {
    let mut short = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(home) {
        let starts =
            before.ends_with([' ', '"', '`', '\'', '(']) || (before.is_empty() && short.is_empty());
        let whole = after.starts_with('/') && starts;
        short.push_str(before);
        short.push_str(if whole { "~" } else { home });
        rest = after;
    }
    short.push_str(rest);
    short
}

/// With a period at the end, unless the text has its own end.
fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() || text.ends_with(['.', '!', '?', ':', '…']) {
        return text.to_owned();
    }
    format!("{text}.")
}

#[cfg(test)]
#[path = "report_text_tests.rs"]
mod tests;
