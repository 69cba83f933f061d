//! How `doctor --fix` looks: the plan as a short diff, and what became of it.

use std::fmt::Write;

use super::wrap::wrap;
use super::{Role, Theme, Ui, escape, plan};
use crate::doctor::finding::{Safety, Step};
use crate::doctor::fix::document::{Applied, Planned};
use crate::doctor::fix::draft::FileChange;
use crate::doctor::fix::verify::Verified;
use crate::doctor::fix::{Fix, Left};

/// Before what belongs to the line above.
const MARGIN: &str = "    ";

/// The plan for a person, in lines of at most `width` columns, ending with a line break.
#[must_use]
pub fn text(plan: &Planned, theme: Theme, width: Option<u16>) -> String {
    let mut page = page(plan, theme, width);
    page.left(&plan.left);
    page.text
}

/// The same with what a person would type afterwards.
#[must_use]
pub fn whole_text(plan: &Planned, theme: Theme, width: Option<u16>) -> String {
    let mut page = page(plan, theme, width);
    page.afterwards(plan);
    page.left(&plan.left);
    page.text
}

fn page(plan: &Planned, theme: Theme, width: Option<u16>) -> Page {
    let width = width.map_or(usize::MAX, |columns| usize::from(columns).saturating_sub(1));
    let mut page = Page {
        theme,
        width,
        text: String::new(),
    };
    for fix in &plan.fixes {
        let code = theme.paint(Role::Dim, fix.code);
        let summary = theme.paint(Role::Heading, &escape::line(&fix.summary));
        page.line(&format!("{code} {summary}"));
        page.line(&remedy(fix, theme));
    }
    for change in &plan.files {
        page.line(&format!("  {}", file(change, theme)));
        for changed in &change.lines {
            page.line(&format!("{MARGIN}{}", plan::diff_line(changed, theme)));
        }
    }
    for command in &plan.commands {
        page.command(command);
    }
    page
}

struct Page {
    theme: Theme,
    width: usize,
    text: String,
}

impl Page {
    fn line(&mut self, painted: &str) {
        let _ = writeln!(self.text, "{}", wrap(painted, self.width, MARGIN));
    }

    /// Never wrapped: it is there to be copied.
    fn command(&mut self, line: &str) {
        let line = self.theme.paint(Role::Command, &escape::line(line));
        let _ = writeln!(self.text, "{MARGIN}{line}");
    }

    /// What a person types for it to take effect.
    fn afterwards(&mut self, plan: &Planned) {
        let lines = afterwards(plan);
        if !lines.is_empty() {
            self.line("For it to take effect, type:");
        }
        for line in lines {
            self.command(line);
        }
    }

    /// What the plan does not reach, with what to type.
    fn left(&mut self, left: &[Left]) {
        if left.is_empty() {
            return;
        }
        let heading = self.theme.paint(Role::Heading, "Left to you");
        self.line(&heading);
        for one in left {
            let code = self.theme.paint(Role::Dim, one.code);
            self.line(&format!("{code} {}", escape::line(&one.title)));
            if let Some(reason) = &one.reason {
                self.line(&format!("  not applied: {}", escape::line(reason)));
            }
            for step in &one.steps {
                match step {
                    Step::Command(words) | Step::Url(words) => self.command(words),
                    Step::Edit(words) => {
                        self.line(&format!("{MARGIN}{}", escape::line(words)));
                    }
                    Step::Flow(id) => self.command(&format!("keywright onboard --flow {id}")),
                }
            }
        }
    }
}

/// What stood in the way of remedies that the fix would carry out, a line for each.
#[must_use]
pub fn refused(left: &[Left]) -> Vec<String> {
    let refused = left.iter().filter_map(|one| {
        let reason = one.reason.as_deref()?;
        let line = format!("{} {}: {reason}.", one.code, one.title);
        Some(escape::line(&line).into_owned())
    });
    refused.collect()
}

/// The lines of all fixes, each once.
fn afterwards(plan: &Planned) -> Vec<&str> {
    let mut lines: Vec<&str> = Vec::new();
    for line in plan.fixes.iter().flat_map(|fix| &fix.then) {
        if !lines.contains(&line.as_str()) {
            lines.push(line);
        }
    }
    lines
}

fn remedy(fix: &Fix, theme: Theme) -> String {
    let arrow = theme.paint(Role::Info, "→");
    let title = fix.title.strip_prefix("Or ").map_or_else(
        || fix.title.clone(),
        |rest| {
            let mut letters = rest.chars();
            let first = letters.next().map(|first| first.to_ascii_uppercase());
            first.into_iter().chain(letters).collect()
        },
    );
    let title = escape::line(&title);
    let about = match (fix.safety, fix.undoable) {
        (Safety::Consent, _) => " (needs a yes)",
        (_, false) => " (cannot be undone)",
        _ => "",
    };
    format!("  {arrow} {title}{}", theme.paint(Role::Dim, about))
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
        let waits = |code: &str| {
            let mut fixes = plan.fixes.iter();
            fixes.any(|fix| fix.code == code && !fix.then.is_empty())
        };
        for one in verified {
            if one.cleared {
                let mark = self.err.paint(Role::Success, "✓");
                self.say(&format!("{mark} {} is cleared.", one.code));
            } else {
                let mark = self.err.paint(Role::Warning, "!");
                let words = if waits(&one.code) {
                    "has not cleared yet"
                } else {
                    "did not clear; the report says what is left"
                };
                self.stderr(&format!("{mark} {} {words}.", one.code));
            }
        }
        let then = afterwards(plan);
        if !then.is_empty() {
            self.stderr("For it to take effect, type:");
        }
        for command in then {
            let command = self.err.paint(Role::Command, &escape::line(command));
            self.stderr(&format!("  {command}"));
        }
    }
}
