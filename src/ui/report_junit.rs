//! The doctor's report as a `JUnit` document, for what shows the results of tests: a suite for each
//! category, a case for each check. A failed check is a failure, one that could not be done is an
//! error, one that was not done or is ignored is skipped; a warning is a case that passes and says
//! so, unless warnings alone decide the exit code (`--strict`).

use std::fmt::Write;

use super::report_words::{
    asked_line, headline, look, next, sentence, source_lines, verdict_words,
};
use super::{Ui, escape};
use crate::doctor::probes::Probe;
use crate::doctor::report::{Entry, Report, Status};
use crate::doctor::{Category, Finding, Step};
use crate::error::Result;

impl Ui {
    /// Writes the report as a `JUnit` document.
    ///
    /// # Errors
    /// `Io` when it cannot be written.
    pub fn report_junit(&self, report: &Report) -> Result<()> {
        self.data(&document(report))
    }
}

/// What a check is for who counts test results.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Case {
    Passed,
    Failure,
    Error,
    Skipped,
}

fn document(report: &Report) -> String {
    let all: Vec<&Entry> = report.checks.iter().collect();
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(
        text,
        "<testsuites name=\"keywright doctor\"{} time=\"{}\">",
        counted(&all, report),
        seconds(report.duration_ms)
    );
    // Entries are in the order of their categories.
    let suites = all.chunk_by(|one, other| one.category == other.category);
    let last = all.last().map(|entry| entry.category);
    for entries in suites {
        let category = entries[0].category;
        // Who was asked belongs to no single check; those who asked are in the last families.
        let asked = (Some(category) == last).then_some(&report.probes[..]);
        suite(
            &mut text,
            category,
            entries,
            asked.unwrap_or_default(),
            report,
        );
    }
    text.push_str("</testsuites>\n");
    text
}

fn suite(
    text: &mut String,
    category: Category,
    entries: &[&Entry],
    asked: &[Probe],
    report: &Report,
) {
    let slowest = entries.iter().map(|entry| entry.duration_ms).max();
    let _ = writeln!(
        text,
        "  <testsuite name=\"{}\"{} time=\"{}\" timestamp=\"{}\">",
        category.id(),
        counted(entries, report),
        seconds(slowest.unwrap_or_default()),
        report.started_at
    );
    let (_, verdict) = verdict_words(report);
    let next = next(report).map(|(_, next)| next.text().to_owned());
    let _ = writeln!(text, "    <properties>");
    for (name, value) in [
        ("tool", report.tool.name.to_owned()),
        ("version", report.tool.version.to_owned()),
        ("verdict", report.verdict.id().to_owned()),
        ("exitCode", report.exit_code.to_string()),
        ("summary", verdict),
        ("next", next.unwrap_or_default()),
    ] {
        let _ = writeln!(
            text,
            "      <property name=\"{name}\" value=\"{}\"/>",
            xml(&value)
        );
    }
    let _ = writeln!(text, "    </properties>");
    for entry in entries {
        case(text, entry, report);
    }
    if !asked.is_empty() {
        let lines: Vec<String> = asked.iter().map(asked_line).collect();
        let lines = xml_lines(&lines);
        let _ = writeln!(text, "    <system-out>{lines}</system-out>");
    }
    let _ = writeln!(text, "  </testsuite>");
}

fn case(text: &mut String, entry: &Entry, report: &Report) {
    let _ = write!(
        text,
        "    <testcase classname=\"keywright.doctor.{}\" name=\"{} {}\" time=\"{}\"",
        entry.category.id(),
        entry.code,
        xml(entry.title),
        seconds(entry.duration_ms)
    );
    let message = xml(&headline(entry));
    let body = xml_lines(&body(entry));
    let inner = match judged(entry, report) {
        Case::Passed if entry.finding.is_none() => {
            text.push_str("/>\n");
            return;
        }
        Case::Passed => format!("<system-out>{body}</system-out>"),
        Case::Failure => element("failure", &message, entry, &body),
        Case::Error => element("error", &message, entry, &body),
        Case::Skipped => {
            let (_, word, _) = look(entry.status);
            format!("<skipped message=\"{word}: {message}\"/>")
        }
    };
    let _ = writeln!(text, ">\n      {inner}\n    </testcase>");
}

fn element(name: &str, message: &str, entry: &Entry, body: &str) -> String {
    let code = entry.code;
    format!("<{name} message=\"{message}\" type=\"{code}\">{body}</{name}>")
}

fn judged(entry: &Entry, report: &Report) -> Case {
    match entry.status {
        Status::Fail => Case::Failure,
        // Only with `--strict` is this the exit code.
        Status::Warn if report.exit_code == 2 => Case::Failure,
        Status::Pass | Status::Info | Status::Warn => Case::Passed,
        Status::Broken | Status::TimedOut => Case::Error,
        Status::Skipped | Status::NotApplicable | Status::Suppressed => Case::Skipped,
    }
}

/// The attributes that count.
fn counted(entries: &[&Entry], report: &Report) -> String {
    let count = |case| {
        let of = |entry: &&&Entry| judged(entry, report) == case;
        entries.iter().filter(of).count()
    };
    format!(
        " tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\"",
        entries.len(),
        count(Case::Failure),
        count(Case::Error),
        count(Case::Skipped)
    )
}

/// What was seen and what to do, one thing in each line.
fn body(entry: &Entry) -> Vec<String> {
    let (_, word, _) = look(entry.status);
    let mut lines = vec![format!("{word}: {}", sentence(&headline(entry)))];
    lines.extend(entry.reason.as_deref().map(sentence));
    lines.extend(entry.finding.iter().flat_map(told));
    lines.extend(entry.why.iter().flat_map(source_lines));
    lines
}

fn told(finding: &Finding) -> Vec<String> {
    let mut lines: Vec<String> = [&finding.detail, &finding.impact]
        .into_iter()
        .filter(|text| !text.is_empty())
        .map(|text| sentence(text))
        .collect();
    let seen = finding.evidence.iter();
    lines.extend(seen.map(|seen| format!("seen in {}: {}", seen.source, seen.locator)));
    for remedy in &finding.remedies {
        lines.push(format!("-> {}", remedy.title));
        lines.extend(remedy.steps.iter().map(|step| match step {
            Step::Command(line) => format!("   $ {line}"),
            Step::Flow(id) => format!("   $ keywright onboard --flow {id}"),
            Step::Url(text) | Step::Edit(text) => format!("   {text}"),
        }));
    }
    lines
}

fn seconds(millis: u64) -> String {
    format!("{}.{:03}", millis / 1000, millis % 1000)
}

fn xml_lines(lines: &[String]) -> String {
    let lines: Vec<String> = lines.iter().map(|line| xml(line)).collect();
    lines.join("\n")
}

/// Text from outside as the content of an element or attribute. XML has no way at all to write a
/// control character, so those were written out before.
fn xml(text: &str) -> String {
    let text = escape::line(text);
    let mut clean = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => clean.push_str("&amp;"),
            '<' => clean.push_str("&lt;"),
            '>' => clean.push_str("&gt;"),
            '"' => clean.push_str("&quot;"),
            '\'' => clean.push_str("&#39;"),
            '\u{fffe}' | '\u{ffff}' => {
                let _ = write!(clean, "\\u{{{:x}}}", u32::from(c));
            }
            c => clean.push(c),
        }
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_breaks_out() {
        let check = |text: &str, expected: &str| assert_eq!(xml(text), expected);
        check("plain ünïcode 漢字", "plain ünïcode 漢字");
        check("]]></failure>", "]]&gt;&lt;/failure&gt;");
        check("\" type='x' &amp;", "&quot; type=&#39;x&#39; &amp;amp;");
        check("\u{0}\u{1b}[31m\u{fffe}", "\\u{0}\\u{1b}[31m\\u{fffe}");
        check("two\nlines", "two lines");
    }

    #[test]
    fn what_is_not_known_is_an_error() {
        let meta = crate::doctor::CheckMeta {
            code: "CLI-003",
            id: "x",
            title: "claude runs",
            category: Category::Cli,
            needs: &[],
            facts: &[],
        };
        let entry = Entry::new(&meta, crate::doctor::Outcome::TimedOut, 1500);
        let report = Report::new(jiff::Timestamp::UNIX_EPOCH, 1500, vec![entry], false);
        let text = document(&report);
        for part in [
            " tests=\"1\" failures=\"0\" errors=\"1\" skipped=\"0\" time=\"1.500\"",
            "<error message=\"claude runs: It took too long\" type=\"CLI-003\">",
            "name=\"verdict\" value=\"incomplete\"",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }

    #[test]
    fn times() {
        assert_eq!(
            (seconds(5), seconds(61_200)),
            ("0.005".into(), "61.200".into())
        );
    }
}
