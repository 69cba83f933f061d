//! How `doctor --fix` looks: the plan as a short diff, and what became of it.

use std::fmt::Write;

use super::wrap::wrap;
use super::{Role, Theme, Ui, escape, plan};
use crate::doctor::finding::{Safety, Step};
use crate::doctor::fix::document::{Applied, Planned};
use crate::doctor::fix::draft::FileChange;
use crate::doctor::fix::verify::Verified;
use crate::doctor::fix::{Fix, Left};

/// Columns that a command may have before it is too long to be read; it is never wrapped.
const MARGIN: &str = "    ";

/// The plan for a person, in lines of at most `width` columns, ending with a line break.
#[must_use]
pub fn text(plan: &Planned, theme: Theme, width: Option<u16>) -> String {
    let width = width.map_or(usize::MAX, |columns| usize::from(columns).saturating_sub(1));
    let mut text = String::new();
    let mut line = |painted: String| {
        let _ = writeln!(text, "{}", wrap(&painted, width, MARGIN));
    };
    for fix in &plan.fixes {
        line(headline(fix, theme));
    }
    for change in &plan.files {
        line(format!("  {}", file(change, theme)));
        for changed in &change.lines {
            line(format!("{MARGIN}{}", plan::diff_line(changed, theme)));
        }
    }
    for command in &plan.commands {
        line(format!("  {}", theme.paint(Role::Command, command)));
    }
    left(&plan.left, theme, &mut line);
    text
}

fn headline(fix: &Fix, theme: Theme) -> String {
    let code = theme.paint(Role::Dim, fix.code);
    let title = fix.title.strip_prefix("Or ").map_or_else(
        || fix.title.clone(),
        |rest| {
            let mut letters = rest.chars();
            let first = letters.next().map(|first| first.to_ascii_uppercase());
            first.into_iter().chain(letters).collect()
        },
    );
    let title = theme.paint(Role::Heading, &escape::line(&title));
    let about = match (fix.safety, fix.undoable) {
        (Safety::Consent, _) => " (not keywright's alone)",
        (_, false) => " (cannot be undone)",
        _ => "",
    };
    format!("{code} {title}{}", theme.paint(Role::Dim, about))
}

fn file(change: &FileChange, theme: Theme) -> String {
    let mut words: Vec<String> = Vec::new();
    words.extend(change.creates.then(|| "new".to_owned()));
    words.extend(change.about.clone());
    match (&change.mode_before, &change.mode_after) {
        (Some(before), Some(after)) => words.push(format!("mode {before} becomes {after}")),
        (None, Some(mode)) => words.push(format!("mode {mode}")),
        _ => {}
    }
    let about = words.join(", ");
    let about = if about.is_empty() {
        about
    } else {
        format!(" ({})", escape::line(&about))
    };
    let path = theme.paint(Role::Value, &escape::line(&change.path));
    format!("{path}{}", theme.paint(Role::Dim, &about))
}

/// What the plan does not reach, with what to type.
fn left(left: &[Left], theme: Theme, line: &mut impl FnMut(String)) {
    if left.is_empty() {
        return;
    }
    line(theme.paint(Role::Heading, "Left to you"));
    for one in left {
        let code = theme.paint(Role::Dim, one.code);
        line(format!("{code} {}", escape::line(&one.title)));
        if let Some(reason) = &one.reason {
            line(format!("  not applied: {}", escape::line(reason)));
        }
        for step in &one.steps {
            let (Step::Command(words) | Step::Url(words) | Step::Edit(words)) = step else {
                continue;
            };
            line(format!(
                "{MARGIN}{}",
                theme.paint(Role::Command, &escape::line(words))
            ));
        }
    }
}

impl Ui {
    /// What became of the fixes.
    pub fn fixed(&self, plan: &Planned, applied: &Applied, verified: &[Verified]) {
        match (&applied.transaction, applied.paths.len()) {
            (Some(id), count) => {
                let noun = if count == 1 { "file" } else { "files" };
                self.say(&format!(
                    "Changed {count} {noun}. `keywright undo {id}` takes it back."
                ));
            }
            (None, _) => self.say("Done."),
        }
        for one in verified {
            if one.cleared {
                let mark = self.err.paint(Role::Success, "✓");
                self.say(&format!("{mark} {} is cleared.", one.code));
            } else {
                let mark = self.err.paint(Role::Warning, "!");
                self.stderr(&format!(
                    "{mark} {} did not clear; below it says what is left.",
                    one.code
                ));
            }
        }
        let mut then: Vec<&String> = plan.fixes.iter().flat_map(|fix| &fix.then).collect();
        then.dedup();
        if !then.is_empty() {
            self.stderr("For it to take effect, type:");
        }
        for command in then {
            let command = self.err.paint(Role::Command, &escape::line(command));
            self.stderr(&format!("  {command}"));
        }
    }
}
