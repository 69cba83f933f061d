//! The doctor's report for people: what is wrong first, root causes before the rest, each with what
//! was seen, what to type and what it blocks; then what is fine in one line per category; last the
//! verdict and what to do next. What is not wrong is drawn in `report_checks`.

use std::fmt::Write;

use super::report_words::{
    Next, abbreviated, answers, blocked, counts, look, mends, next, sentence, slow, told,
    verdict_words,
};
use super::{Role, Theme, Ui, escape, theme::width_of, wrap::wrap};
use crate::doctor::report::{Entry, Report, Status};
use crate::doctor::{Finding, Remedy, Step};
use crate::error::Result;

/// Longer lines are hard to read.
const WIDEST: usize = 100;
const NARROWEST: usize = 20;
/// From here on there is room to set steps apart from their title.
pub(super) const ROOMY: usize = 60;

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

pub(super) struct Page<'a> {
    pub(super) theme: Theme,
    pub(super) width: usize,
    pub(super) verbose: bool,
    pub(super) home: Option<&'a str>,
    pub(super) text: String,
}

impl Page<'_> {
    fn report(mut self, report: &Report, quiet: bool) -> String {
        for entry in told(report) {
            match entry.status {
                Status::Suppressed => {}
                Status::Info if quiet => {}
                _ => self.problem(entry, report),
            }
        }
        self.gap();
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

    /// An empty line, unless there is one or nothing stands above.
    pub(super) fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// A wrapped paragraph behind `margin`.
    fn line(&mut self, margin: &str, text: &str) {
        let wide = self.width.saturating_sub(margin.len());
        let _ = writeln!(self.text, "{margin}{}", wrap(text, wide, margin));
    }

    fn problem(&mut self, entry: &Entry, report: &Report) {
        // Nothing has to be mended: what was seen is enough, and notes stand close together.
        let brief = entry.status == Status::Info && !self.verbose;
        if !brief {
            self.gap();
        }
        let (symbol, word, role) = look(entry.status);
        let head = self.theme.paint(role, &format!("{symbol} {word}"));
        let code = self.theme.paint(Role::Dim, entry.code);
        let summary = entry.finding.as_ref().map_or_else(
            || format!("{}: not known", entry.title),
            |finding| finding.summary.clone(),
        );
        let summary = self.clean(&summary);
        let summary = self.theme.paint(Role::Heading, &summary);
        let time = slow(entry.duration_ms).map(|time| format!(" ({time})"));
        let time = self.theme.paint(Role::Dim, &time.unwrap_or_default());
        let title = wrap(&format!("{head} {code} {summary}{time}"), self.width, "  ");
        let _ = writeln!(self.text, "{title}");
        if let Some(reason) = &entry.reason {
            self.sentence(reason);
        }
        if let Some(finding) = &entry.finding {
            self.finding(finding, brief);
        }
        for probe in answers(entry, report) {
            let answer = probe.circumstances();
            self.aside(&format!("Asked about {}: {answer}.", probe.profile_id));
        }
        if let Some(finding) = entry.finding.as_ref().filter(|_| !brief) {
            self.remedies(finding);
        }
        if let Some(answer) = &entry.why {
            self.sentence("Claude Code takes the first of these that can be used:");
            let table = super::why::folded(answer, self.theme, self.width, self.home);
            self.text.push_str(&table);
        }
        if let Some(words) = blocked(entry.code, report) {
            self.aside(&words);
        }
        if !brief {
            self.gap();
        }
    }

    /// A line of second importance.
    fn aside(&mut self, text: &str) {
        let text = self.theme.paint(Role::Dim, &escape::line(text));
        self.line("  ", &text);
    }

    fn finding(&mut self, finding: &Finding, brief: bool) {
        self.sentence(&finding.detail);
        if brief {
            return;
        }
        self.sentence(&finding.impact);
        if self.verbose {
            for evidence in &finding.evidence {
                self.aside(&format!(
                    "seen in {}: {}",
                    evidence.source, evidence.locator
                ));
            }
        }
    }

    fn remedies(&mut self, finding: &Finding) {
        let shown = if self.verbose { usize::MAX } else { 2 };
        for remedy in finding.remedies.iter().take(shown) {
            self.remedy(remedy);
        }
        if let Some(docs) = finding.docs.as_ref().filter(|_| self.verbose) {
            self.line("  ", &escape::line(&format!("More: {docs}")));
        }
    }

    /// A sentence made harmless, with the home folder abbreviated.
    pub(super) fn clean(&self, text: &str) -> String {
        let text = self.home.map_or_else(
            || text.to_owned(),
            |home| abbreviated(text, home.trim_end_matches('/')),
        );
        escape::line(&sentence(&text)).into_owned()
    }

    pub(super) fn sentence(&mut self, text: &str) {
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

    fn verdict(&mut self, report: &Report) {
        self.gap();
        let (role, words) = verdict_words(report);
        let words = self.theme.paint(role, &words);
        let counts = self.theme.paint(Role::Dim, &counts(report));
        let text = wrap(&format!("{words} {counts}"), self.width, "");
        let _ = writeln!(self.text, "{text}");
        if let Some(words) = mends(report) {
            let words = self.theme.paint(Role::Dim, &escape::line(&words));
            let _ = writeln!(self.text, "{}", wrap(&words, self.width, ""));
        }
        match next(report) {
            Some((label, Next::Line(line))) => {
                let line = escape::line(&line);
                let fits = label.len() + 2 + width_of(&line) <= self.width;
                let gap = if fits { " " } else { "\n  " };
                let line = self.theme.paint(Role::Command, &line);
                let _ = writeln!(self.text, "{label}:{gap}{line}");
            }
            Some((label, Next::Words(words))) => {
                let words = format!("{label}: {}", self.clean(&words));
                let _ = writeln!(self.text, "{}", wrap(&words, self.width, "  "));
            }
            None => {}
        }
    }
}

#[cfg(test)]
#[path = "report_text_tests.rs"]
mod tests;
