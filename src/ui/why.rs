//! How `why` looks: who wins and who is billed, then every source as a table where it fits, else
//! as a list, then what each of the others would need.

use std::fmt::Write;

use super::table::table;
use super::theme::width_of;
use super::wrap::wrap;
use super::{Role, Theme, Ui, escape};
use crate::doctor::why::{Answer, Candidate, Report};
use crate::error::Result;

/// Longer lines are hard to read.
const WIDEST: usize = 100;
const NARROWEST: usize = 20;

impl Ui {
    /// Writes the answer. In places `home` is written `~`.
    ///
    /// # Errors
    /// `Io` when standard output cannot be written.
    pub fn why(&self, report: &Report, home: Option<&str>) -> Result<()> {
        let page = Page {
            theme: self.out,
            width: self.width.map_or(WIDEST, |columns| {
                usize::from(columns).clamp(NARROWEST, WIDEST)
            }),
            home: home.filter(|home| home.len() > 1),
        };
        let answers: Vec<String> = report.answers.iter().map(|one| page.answer(one)).collect();
        self.data(&answers.join("\n"))
    }
}

/// The sources alone, for a report that says the rest: a table or a list behind a margin.
pub(super) fn folded(answer: &Answer, theme: Theme, width: usize, home: Option<&str>) -> String {
    const MARGIN: &str = "    ";
    let page = Page {
        theme,
        width: width.saturating_sub(MARGIN.len()).max(NARROWEST),
        home,
    };
    let mut text = String::new();
    for line in page.sources(&page.rows(answer)).lines() {
        let _ = writeln!(text, "{MARGIN}{line}");
    }
    text
}

struct Page<'a> {
    theme: Theme,
    width: usize,
    home: Option<&'a str>,
}

/// A source as cells.
struct Row {
    number: String,
    name: String,
    kind: &'static str,
    value: String,
    place: String,
    status: String,
    role: Role,
}

impl Page<'_> {
    fn answer(&self, answer: &Answer) -> String {
        let mut text = String::new();
        let role = if answer.winner.is_some() {
            Role::Heading
        } else {
            Role::Warning
        };
        let summary = self.theme.paint(role, &self.shown(&answer.summary));
        let _ = writeln!(text, "{}", wrap(&summary, self.width, ""));
        for words in answer.bill.iter().chain(&answer.notes) {
            let _ = writeln!(text, "{}", wrap(&self.shown(words), self.width, ""));
        }
        if answer.sources.is_empty() {
            return text;
        }
        text.push('\n');
        text.push_str(&self.sources(&self.rows(answer)));
        for source in answer.sources.iter().filter(|source| !source.wins) {
            text.push('\n');
            self.instead(&mut text, source);
        }
        text
    }

    fn rows(&self, answer: &Answer) -> Vec<Row> {
        let sources = answer.sources.iter().enumerate();
        sources
            .map(|(index, source)| self.row(index + 1, source))
            .collect()
    }

    fn row(&self, number: usize, source: &Candidate) -> Row {
        let role = match (&source.obstacle, source.wins) {
            (_, true) => Role::Success,
            (Some(_), false) => Role::Error,
            (None, false) => Role::Dim,
        };
        Row {
            number: number.to_string(),
            name: escape::line(&source.name).into_owned(),
            kind: source.kind.words(),
            value: source
                .value
                .as_deref()
                .map_or_else(|| "-".to_owned(), |value| escape::line(value).into_owned()),
            place: self.shown(&source.place),
            status: source.status().to_owned(),
            role,
        }
    }

    /// A table, or a list where the table would be wider than the terminal.
    fn sources(&self, rows: &[Row]) -> String {
        let table = self.table(rows);
        if table.lines().map(width_of).max().unwrap_or(0) <= self.width {
            return table;
        }
        let mut text = String::new();
        for row in rows {
            let name = self.theme.paint(Role::Heading, &row.name);
            let status = self.theme.paint(row.role, &row.status);
            let head = format!("{}. {name}: {status}", row.number);
            let _ = writeln!(text, "{}", wrap(&head, self.width, "   "));
            for line in [format!("{} {}", row.kind, row.value), row.place.clone()] {
                let _ = writeln!(text, "   {}", wrap(&line, self.width - 3, "   "));
            }
        }
        text
    }

    fn table(&self, rows: &[Row]) -> String {
        let statuses: Vec<String> = rows
            .iter()
            .map(|row| self.theme.paint(row.role, &row.status))
            .collect();
        let cells: Vec<[&str; 5]> = rows
            .iter()
            .zip(&statuses)
            .map(|(row, status)| [&*row.number, &*row.name, &*row.value, &*row.place, status])
            .collect();
        table(["", "Source", "Value", "Where", "Status"], &cells)
    }

    /// What has to be done to use this source, and who would pay.
    fn instead(&self, text: &mut String, source: &Candidate) {
        let arrow = self.theme.paint(Role::Info, "→");
        let head = format!("{arrow} To use {} instead:", self.shown(&source.name));
        let _ = writeln!(text, "{}", wrap(&head, self.width, "  "));
        for step in source
            .would_need
            .iter()
            .map(String::as_str)
            .chain([source.bill.as_str()])
        {
            let step = self.shown(step);
            let _ = writeln!(text, "    {}", wrap(&step, self.width - 4, "    "));
        }
    }

    /// Made harmless, with the home folder abbreviated.
    fn shown(&self, text: &str) -> String {
        let text = match self.home {
            Some(home) => {
                let home = home.trim_end_matches('/');
                text.replace(&format!("{home}/"), "~/")
            }
            None => text.to_owned(),
        };
        escape::line(&text).into_owned()
    }
}
