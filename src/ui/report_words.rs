//! Words that every form of the doctor's report shares, so that all of them say the same.

use std::cmp::Reverse;

use super::Role;
use crate::doctor::probes::Probe;
use crate::doctor::report::{Entry, Report, Status, Verdict};
use crate::doctor::why::Answer;
use crate::doctor::{Safety, Step};

/// What is told one by one, worst first.
const TOLD: &[Status] = &[
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
    let millis = report.duration_ms;
    let time = slow(millis).unwrap_or_else(|| format!("{millis} ms"));
    format!("({}; {time})", parts.join(", "))
}

/// What to do first.
pub(super) enum Next {
    /// A line to type, or a page to open: never broken.
    Line(String),
    /// A change to a file, in words.
    Words(String),
}

/// The best remedy against the worst problem, begun where it begins: a command behind an edit is of
/// no use without the edit, one behind a page leads there as well. With the word before it.
pub(super) fn next(report: &Report) -> Option<(&'static str, Next)> {
    let serious = [Status::Fail, Status::Broken, Status::TimedOut, Status::Warn];
    let first = told(report)
        .into_iter()
        .find(|entry| serious.contains(&entry.status))?;
    let remedies = first.finding.iter().flat_map(|found| &found.remedies);
    let best = remedies.clone().find(|remedy| !remedy.steps.is_empty());
    if let (Some(fix), Some(best)) = (&report.fix, best)
        && matches!(best.steps[0], Step::Edit(_))
        && best.safety != Safety::Manual
        && !best.actions.is_empty()
    {
        // What has to be written can be written for the asking.
        return Some(("Next", Next::Line(format!("{fix}={}", first.code))));
    }
    let step = remedies.into_iter().find_map(|remedy| {
        let mut steps = remedy.steps.iter();
        let typed = steps.find(|step| !matches!(step, Step::Url(_)));
        typed.or(remedy.steps.first())
    });
    Some(match step {
        Some(Step::Command(line) | Step::Url(line)) => ("Next", Next::Line(line.clone())),
        Some(Step::Flow(id)) => ("Next", Next::Line(format!("keywright onboard --flow {id}"))),
        Some(Step::Edit(words)) => ("Next", Next::Words(sentence(words))),
        None => {
            let line = format!("keywright doctor explain {}", first.code);
            ("More", Next::Line(line))
        }
    })
}

impl Next {
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Line(text) | Self::Words(text) => text,
        }
    }
}

/// What is told one by one: worst first, and what keeps most other checks from running before the
/// rest.
pub(super) fn told(report: &Report) -> Vec<&Entry> {
    let mut told = Vec::new();
    for (place, entry) in report.checks.iter().enumerate() {
        if let Some(rank) = TOLD.iter().position(|status| *status == entry.status) {
            let waiting = waiting_for(entry.code, report).count();
            told.push((rank, Reverse(waiting), place));
        }
    }
    told.sort_unstable();
    let entries = told.into_iter();
    entries.map(|(.., place)| &report.checks[place]).collect()
}

/// What was not run because of this check.
fn waiting_for<'a>(code: &'a str, report: &'a Report) -> impl Iterator<Item = &'a Entry> {
    let checks = report.checks.iter();
    checks.filter(move |entry| entry.blocked_by.as_deref() == Some(code))
}

/// How many checks were not run because of this one, with their families when there are several.
pub(super) fn blocked(code: &str, report: &Report) -> Option<String> {
    let mut families: Vec<&str> = waiting_for(code, report)
        .map(|entry| entry.category.title())
        .collect();
    let count = checks(families.len());
    families.dedup();
    let families = match families.as_slice() {
        [] => return None,
        [_] => String::new(),
        many => format!(": {}", many.join(", ")),
    };
    Some(format!("{count} not run because of {code}{families}."))
}

/// The line that mends what can be mended, where there is more than one such thing.
pub(super) fn mends(report: &Report) -> Option<String> {
    let fix = report.fix.as_ref()?;
    let codes: Vec<&str> = report.mendable().map(|entry| entry.code).collect();
    let several = (codes.len() > 1).then(|| codes.join(", "));
    several.map(|codes| format!("`{fix}` can mend {codes}, after asking."))
}

/// The answers that a check reports: they need no line of their own.
pub(super) fn answers<'a>(entry: &Entry, report: &'a Report) -> impl Iterator<Item = &'a Probe> {
    let code = entry.finding.is_some().then_some(entry.code);
    report
        .probes
        .iter()
        .filter(move |probe| probe.effective && probe.code.is_some() && probe.code == code)
}

/// Who was asked about what, and what came of it, in one line.
pub(super) fn asked_line(probe: &Probe) -> String {
    let circumstances = probe.circumstances();
    format!("{}: {} ({circumstances})", probe.profile_id, probe.title)
}

/// Which credential wins and what stands behind it, a line each.
pub(super) fn source_lines(answer: &Answer) -> impl Iterator<Item = String> + '_ {
    answer.sources.iter().zip(1..).map(|(source, number)| {
        let value = source.value.as_deref().unwrap_or("-");
        let status = source.status();
        format!(
            "{number}. {}: {status}, {value}, {}",
            source.name, source.place
        )
    })
}

/// `1.2 s` for what took so long that it is worth a word.
pub(super) fn slow(millis: u64) -> Option<String> {
    let tenths = millis / 100;
    (tenths >= 10).then(|| format!("{}.{} s", tenths / 10, tenths % 10))
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
