//! The doctor's report as annotations of GitHub Actions: one workflow command in each line and
//! nothing else, so that no text from outside can begin one.

use std::fmt::Write;

use super::report_words::{
    asked_line, counts, headline, look, next, sentence, source_lines, told, verdict_words,
};
use super::{Ui, escape};
use crate::doctor::Step;
use crate::doctor::report::{Entry, Report, Status, Verdict};
use crate::error::Result;

impl Ui {
    /// Writes the report as workflow commands.
    ///
    /// # Errors
    /// `Io` when it cannot be written.
    pub fn report_github(&self, report: &Report) -> Result<()> {
        self.data(&commands(report))
    }
}

fn commands(report: &Report) -> String {
    let mut text = String::new();
    for entry in told(report) {
        let title = property(&format!("{} {}", entry.code, entry.title));
        let message = data(&message(entry));
        let _ = writeln!(text, "::{} title={title}::{message}", level(entry.status));
    }
    let level = match report.verdict {
        Verdict::Failures | Verdict::Incomplete => "error",
        Verdict::Warnings => "warning",
        Verdict::Healthy => "notice",
    };
    if !report.probes.is_empty() {
        let asked: Vec<_> = report.probes.iter().map(asked_line).collect();
        let asked = data(&lines(&asked));
        let _ = writeln!(text, "::notice title=Credentials that were tried::{asked}");
    }
    let (_, words) = verdict_words(report);
    let next =
        next(report).map(|(label, next)| format!("\n{label}: {}", escape::line(next.text())));
    let verdict = format!(
        "{}: {words} {} Exit code {}.{}",
        report.verdict.id(),
        counts(report),
        report.exit_code,
        next.unwrap_or_default()
    );
    let title = property("keywright doctor");
    let _ = writeln!(text, "::{level} title={title}::{}", data(&verdict));
    text
}

const fn level(status: Status) -> &'static str {
    match status {
        Status::Fail | Status::Broken | Status::TimedOut => "error",
        Status::Warn => "warning",
        _ => "notice",
    }
}

/// What is wrong, and the first remedy; an annotation shows its line breaks.
fn message(entry: &Entry) -> String {
    let (_, word, _) = look(entry.status);
    let mut told = vec![format!("{word}: {}", sentence(&headline(entry)))];
    told.extend(entry.reason.as_deref().map(sentence));
    if let Some(finding) = &entry.finding {
        told.extend([&finding.detail, &finding.impact].map(|text| sentence(text)));
        if let Some(remedy) = finding.remedies.first() {
            told.push(format!("{}:", remedy.title));
            told.extend(remedy.steps.iter().map(|step| match step {
                Step::Command(text) | Step::Url(text) | Step::Edit(text) => text.clone(),
                Step::Flow(id) => format!("keywright onboard --flow {id}"),
            }));
        }
    }
    told.extend(entry.why.iter().flat_map(source_lines));
    lines(&told)
}

/// Lines that are not empty, each made harmless.
fn lines(told: &[String]) -> String {
    let lines: Vec<_> = told
        .iter()
        .filter(|line| !line.is_empty())
        .map(|line| escape::line(line).into_owned())
        .collect();
    lines.join("\n")
}

/// The message of a workflow command.
fn data(text: &str) -> String {
    let text = text.replace('%', "%25");
    // Some runners still look for commands of the old form in the middle of a line.
    let text = text.replace("##[", "## [");
    text.replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a workflow command.
fn property(text: &str) -> String {
    data(&escape::line(text))
        .replace(':', "%3A")
        .replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_breaks_out() {
        let check = |text: &str, message: &str, title: &str| {
            assert_eq!(
                (data(text), property(text)),
                (message.into(), title.into()),
                "{text}"
            );
        };
        check("100%", "100%25", "100%25");
        check(
            "%0A::error::x",
            "%250A::error::x",
            "%250A%3A%3Aerror%3A%3Ax",
        );
        check(
            "a\r\n::stop-commands::x",
            "a%0D%0A::stop-commands::x",
            "a  %3A%3Astop-commands%3A%3Ax",
        );
        check("a,file=b", "a,file=b", "a%2Cfile=b");
        check("##[set-env]", "## [set-env]", "## [set-env]");
    }
}
