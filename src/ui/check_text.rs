//! The list of the doctor's checks, and what one of them means.

use std::fmt::Write;

use serde::Serialize;

use super::{Role, Ui, wrap::wrap};
use crate::doctor::Category;
use crate::error::Result;

/// Longer lines are hard to read.
const WIDEST: usize = 100;

/// A code or a message, explained in full sentences; empty parts are left out.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// `None`: a message that no check looks for.
    pub code: Option<&'static str>,
    pub title: String,
    pub meaning: String,
    pub detection: String,
    pub mending: String,
    pub false_positives: String,
}

impl Ui {
    /// One line for each check, by category.
    ///
    /// # Errors
    /// `Io` when it cannot be written.
    pub fn check_list<'a>(
        &self,
        checks: impl Iterator<Item = (Category, &'a str, &'a str)>,
    ) -> Result<()> {
        let mut text = String::new();
        let mut last = None;
        for (category, code, title) in checks {
            if last.replace(category) != Some(category) {
                let heading = self.out.paint(Role::Heading, category.title());
                let gap = if text.is_empty() { "" } else { "\n" };
                let _ = writeln!(text, "{gap}{heading} ({})", category.id());
            }
            let line = wrap(&format!("{code}  {title}"), self.columns(2), "           ");
            let _ = writeln!(text, "  {line}");
        }
        self.data(&text)
    }

    /// Explanations, one after the other.
    ///
    /// # Errors
    /// `Io` when it cannot be written.
    pub fn explanations(&self, explained: &[Explanation]) -> Result<()> {
        let mut text = String::new();
        for (index, one) in explained.iter().enumerate() {
            if index > 0 {
                text.push('\n');
            }
            let heading = one.code.map_or_else(
                || one.title.clone(),
                |code| format!("{code}  {}", one.title),
            );
            let heading = wrap(&heading, self.columns(0), "  ");
            let _ = writeln!(text, "{}", self.out.paint(Role::Heading, &heading));
            let parts = [
                ("", &one.meaning),
                ("How it is found", &one.detection),
                ("How to mend it", &one.mending),
                ("When it is a false alarm", &one.false_positives),
            ];
            for (heading, words) in parts.into_iter().filter(|(_, words)| !words.is_empty()) {
                text.push('\n');
                if !heading.is_empty() {
                    let _ = writeln!(text, "{}", self.out.paint(Role::Heading, heading));
                }
                let _ = writeln!(text, "  {}", wrap(words, self.columns(2), "  "));
            }
        }
        self.data(&text)
    }

    /// Columns for text behind a margin.
    fn columns(&self, margin: usize) -> usize {
        self.width.map_or(usize::MAX, |columns| {
            usize::from(columns).min(WIDEST).saturating_sub(margin)
        })
    }
}
