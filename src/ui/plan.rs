//! How a plan looks: a short diff for people, a document for programs.

use serde::Serialize;

use super::{Role, Theme, escape};
use crate::wizard::plan::{FileChange, Line, Plan, Sign};

/// The diff, one file after the other, ending without a line break.
#[must_use]
pub fn text(plan: &Plan, theme: Theme) -> String {
    if plan.changes.is_empty() {
        return "Nothing would change.".to_owned();
    }
    let files: Vec<String> = plan
        .changes
        .iter()
        .map(|change| file(change, theme))
        .collect();
    files.join("\n")
}

fn file(change: &FileChange, theme: Theme) -> String {
    let path = change.path.display().to_string();
    let mut text = theme.paint(Role::Value, &escape::line(&path));
    let about = match (change.creates, change.mode) {
        (true, Some((_, mode))) => format!(" (new, mode {mode:04o})"),
        (true, None) => " (new)".to_owned(),
        (false, Some((before, after))) => format!(" (mode {before:04o} becomes {after:04o})"),
        (false, None) => String::new(),
    };
    text.push_str(&theme.paint(Role::Dim, &about));
    for line in &change.lines {
        text.push_str("\n  ");
        text.push_str(&diff_line(line, theme));
    }
    text
}

/// One line of a diff.
pub(super) fn diff_line(line: &Line, theme: Theme) -> String {
    let key = escape::line(&line.key);
    let value = |value: &Option<String>| match value {
        Some(value) => escape::line(value).into_owned(),
        None => "nothing".to_owned(),
    };
    let (role, text) = match line.sign {
        Sign::Added => (Role::Success, format!("+ {key}: {}", value(&line.after))),
        Sign::Removed => (Role::Error, format!("- {key}: {}", value(&line.before))),
        Sign::Changed => {
            let (before, after) = (value(&line.before), value(&line.after));
            (Role::Warning, format!("~ {key}: {before} → {after}"))
        }
    };
    theme.paint(role, &text)
}

/// The document of `--dry-run --json`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Document<'a> {
    schema_version: u32,
    dry_run: bool,
    agent: &'a str,
    plan: Vec<Change<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Change<'a> {
    path: String,
    creates: bool,
    mode_before: Option<String>,
    mode_after: Option<String>,
    lines: &'a [Line],
}

/// The plan as a document.
#[must_use]
pub fn document<'a>(plan: &'a Plan, agent: &'a str) -> Document<'a> {
    let octal = |mode: u32| format!("{mode:04o}");
    let change = |change: &'a FileChange| Change {
        path: change.path.display().to_string(),
        creates: change.creates,
        mode_before: change.mode.map(|(before, _)| octal(before)),
        mode_after: change.mode.map(|(_, after)| octal(after)),
        lines: &change.lines,
    };
    Document {
        schema_version: 1,
        dry_run: true,
        agent,
        plan: plan.changes.iter().map(change).collect(),
    }
}
