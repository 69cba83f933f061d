//! The doctor's report as annotations of GitHub Actions: one workflow command in each line and
//! nothing else, so that no text from outside can begin one.

use std::fmt::Write;

use super::report_words::{TOLD, counts, headline, look, sentence, verdict_words};
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
    for entry in TOLD.iter().flat_map(|status| report.with(*status)) {
        let title = property(&format!("{} {}", entry.code, entry.title));
        let message = data(&message(entry));
        let _ = writeln!(text, "::{} title={title}::{message}", level(entry.status));
    }
    let level = match report.verdict {
        Verdict::Failures | Verdict::Incomplete => "error",
        Verdict::Warnings => "warning",
        Verdict::Healthy => "notice",
    };
    let (_, words) = verdict_words(report);
    let verdict = format!(
        "{}: {words} {} Exit code {}.",
        report.verdict.id(),
        counts(report),
        report.exit_code
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
    let mut lines = vec![format!("{word}: {}", sentence(&headline(entry)))];
    lines.extend(entry.reason.as_deref().map(sentence));
    if let Some(finding) = &entry.finding {
        let told = [&finding.detail, &finding.impact];
        lines.extend(told.map(|text| sentence(text)));
        if let Some(remedy) = finding.remedies.first() {
            lines.push(format!("{}:", remedy.title));
            lines.extend(remedy.steps.iter().map(|step| match step {
                Step::Command(text) | Step::Url(text) | Step::Edit(text) => text.clone(),
                Step::Flow(id) => format!("keywright onboard --flow {id}"),
            }));
        }
    }
    let lines: Vec<_> = lines
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
