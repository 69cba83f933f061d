//! Words that every form of the doctor's report shares, so that all of them say the same.

use super::Role;
use crate::doctor::Step;
use crate::doctor::report::{Entry, Report, Status, Verdict};

/// What is told one by one, worst first.
pub(super) const TOLD: &[Status] = &[
    Status::Fail,
    Status::Broken,
    Status::TimedOut,
    Status::Warn,
    Status::Info,
    Status::Suppressed,
];

/// How each status looks; every symbol has its word.
pub(super) const fn look(status: Status) -> (&'static str, &'static str, Role) {
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

/// A result in one line: what is wrong, why nothing is known, or what is in order.
pub(super) fn headline(entry: &Entry) -> String {
    match (&entry.finding, &entry.blocked_by, &entry.reason) {
        (Some(finding), ..) => finding.summary.clone(),
        (None, Some(by), _) => format!("{}: because of {by}", entry.title),
        (None, None, Some(reason)) => format!("{}: {reason}", entry.title),
        (None, None, None) => entry.title.to_owned(),
    }
}

/// The verdict as a sentence.
pub(super) fn verdict_words(report: &Report) -> (Role, String) {
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
        Verdict::Healthy if summary.suppressed > 0 => (
            Role::Success,
            "Nothing wrong was found beside what is ignored.".to_owned(),
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

/// How many checks came out how, and how long it took, in parentheses.
pub(super) fn counts(report: &Report) -> String {
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
pub(super) fn next(report: &Report) -> (&'static str, Option<String>) {
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

/// A number of checks in words.
pub(super) fn checks(count: usize) -> String {
    match count {
        1 => "1 check".to_owned(),
        many => format!("{many} checks"),
    }
}

/// `~` in the place of `home` where a path begins with it.
pub(super) fn abbreviated(text: &str, home: &str) -> String {
    // `HOME=//` leaves nothing to look for.
    if home.is_empty() {
        return text.to_owned();
    }
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
pub(super) fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() || text.ends_with(['.', '!', '?', ':', '…']) {
        return text.to_owned();
    }
    format!("{text}.")
}
