//! How `account` looks: accounts as a table where it fits, else as a list; one account or one key
//! as a heading with its facts below.

use std::fmt::Write;

use super::table::table;
use super::theme::width_of;
use super::{Role, Theme, Ui, escape};
use crate::error::Result;
use crate::secret::Secret;
use crate::status::accounts::{Line, Part};
use crate::status::report::Seconds;
use crate::store::select::Status;

/// How a secret is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secrets {
    Masked,
    /// After `--show-secret`.
    Whole,
}

impl Ui {
    /// The accounts, and which one is active.
    ///
    /// # Errors
    /// `Io` when standard output cannot be written.
    pub fn accounts(&self, lines: &[Line], active: Option<&str>) -> Result<()> {
        let mut text = list(self.out, self.width, lines);
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&active_line(self.out, active));
        self.data(&text)
    }

    /// Which account is active, in one line.
    ///
    /// # Errors
    /// As [`Ui::accounts`].
    pub fn active_account(&self, active: Option<&str>) -> Result<()> {
        self.data(&active_line(self.out, active))
    }

    /// An account with everything that is known about its credentials.
    ///
    /// # Errors
    /// As [`Ui::accounts`].
    pub fn account(&self, line: &Line, parts: &[Part]) -> Result<()> {
        let theme = self.out;
        let mut text = theme.paint(Role::Heading, &format!("Account {}", line.name));
        text.push('\n');
        let facts = [
            ("Type", Some(line.kind.clone().into_owned())),
            ("Active", Some(yes_or_no(line.active).to_owned())),
            ("Created", Some(time(line.created_at, "unknown"))),
            ("Last used", Some(time(line.last_used_at, "never"))),
        ];
        add_facts(&mut text, theme, &facts);
        for part in parts {
            text.push('\n');
            text.push_str(&theme.paint(Role::Heading, &escape::line(&part.id)));
            text.push('\n');
            add_facts(&mut text, theme, &facts_of(part, Secrets::Masked));
        }
        self.data(&text)
    }

    /// One key of an account.
    ///
    /// # Errors
    /// As [`Ui::accounts`].
    pub fn account_key(&self, account: &str, part: &Part, secrets: Secrets) -> Result<()> {
        let theme = self.out;
        let heading = format!("{} - {account}", escape::line(&part.words));
        let mut text = theme.paint(Role::Heading, &heading);
        text.push('\n');
        add_facts(&mut text, theme, &facts_of(part, secrets));
        if secrets == Secrets::Masked && part.secret.is_some() {
            let hint = "Use --show-secret to reveal the full credential.";
            let _ = writeln!(text, "\n{}", theme.paint(Role::Dim, hint));
        }
        self.data(&text)
    }

    /// The providers that an account has keys for.
    ///
    /// # Errors
    /// As [`Ui::accounts`].
    pub fn account_keys(&self, account: &str, parts: &[Part]) -> Result<()> {
        let mut text = format!("API Keys for account: {account}\n\n");
        for part in parts {
            let provider = escape::line(&part.provider);
            let added = time(part.created_at, "unknown");
            let _ = writeln!(text, "  • {provider} - Added: {added}");
        }
        self.data(&text)
    }
}

fn active_line(theme: Theme, active: Option<&str>) -> String {
    match active {
        Some(name) => {
            let name = theme.paint(Role::Success, name);
            format!("Active Account: {name}\n")
        }
        None => "No active account\n".to_owned(),
    }
}

/// A table, or a list where the table would be wider than the terminal.
fn list(theme: Theme, width: Option<u16>, lines: &[Line]) -> String {
    if lines.is_empty() {
        return "No account is saved yet.\n".to_owned();
    }
    let rows: Vec<[String; 5]> = lines
        .iter()
        .map(|line| {
            let (words, role) = status(line);
            [
                escape::line(&line.name).into_owned(),
                escape::line(&line.kind).into_owned(),
                day(line.created_at),
                time(line.last_used_at, "never"),
                theme.paint(role, &words),
            ]
        })
        .collect();
    let cells: Vec<[&str; 5]> = rows
        .iter()
        .map(|row| row.each_ref().map(String::as_str))
        .collect();
    let wide = table(["Name", "Type", "Created", "Last Used", "Status"], &cells);
    // Every line is as wide as the columns are, but for its last cell.
    let widest = wide.lines().map(width_of).max().unwrap_or(0);
    if width.is_none_or(|width| widest <= usize::from(width)) {
        return wide;
    }
    let mut text = String::new();
    for [name, kind, created, used, status] in rows {
        let name = theme.paint(Role::Heading, &name);
        let _ = writeln!(
            text,
            "{name} {status}\n  {kind}\n  created {created}, last used {used}"
        );
    }
    text
}

/// Whether it is active, and what is wrong with it.
fn status(line: &Line) -> (String, Role) {
    let (problem, role) = match line.status {
        Status::Ok | Status::Static => (None, Role::Success),
        Status::Expiring => (Some("expires soon"), Role::Warning),
        Status::Expired => (Some("expired"), Role::Error),
        Status::Missing => (Some("cannot be used"), Role::Error),
        Status::Unresolved => (Some("reference not resolved"), Role::Error),
    };
    let words = match (line.active, problem) {
        (true, Some(problem)) => ["Active, ", problem].concat(),
        (true, None) => "Active".to_owned(),
        (false, problem) => problem.unwrap_or_default().to_owned(),
    };
    (words, role)
}

type Fact = (&'static str, Option<String>);

/// What is known about a credential.
fn facts_of(part: &Part, secrets: Secrets) -> Vec<Fact> {
    let whole = secrets == Secrets::Whole;
    let clean = |text: &Option<String>| text.as_deref().map(|t| escape::line(t).into_owned());
    let (name, value) = match part.method {
        Some("access_keys") => ("Secret Key", &part.masked),
        Some("bearer") => ("Bearer Key", &part.masked),
        _ if part.kind == "token" => ("Token", &part.masked),
        _ => ("API Key", &part.masked),
    };
    let shown = if whole {
        let secret = part.secret.as_ref().map(Secret::for_screen);
        secret.map(|text| escape::line(text).into_owned())
    } else {
        value.clone()
    };
    let id = if whole {
        clean(&part.whole_id)
    } else {
        part.access_key_id.clone()
    };
    let ready = matches!(part.status, Status::Ok | Status::Static);
    vec![
        ("Provider", Some(escape::line(&part.provider).into_owned())),
        ("Type", Some(escape::line(&part.words).into_owned())),
        ("Created", Some(time(part.created_at, "unknown"))),
        ("Verified", part.verified_at.map(minute)),
        ("Last used", part.last_used_at.map(minute)),
        ("Expires", part.expires_at.map(minute)),
        ("Method", part.method.map(str::to_owned)),
        ("Region", clean(&part.region)),
        ("Model", clean(&part.model)),
        ("Access Key", id),
        (name, shown),
        ("Reference", clean(&part.reference)),
        ("Claude folder", clean(&part.config_dir)),
        ("Host", clean(&part.base_url)),
        ("Inherited from", part.inherited_from.map(str::to_owned)),
        ("Problem", clean(&part.obstacle).filter(|_| !ready)),
    ]
}

fn add_facts(text: &mut String, theme: Theme, facts: &[Fact]) {
    for (name, value) in facts {
        if let Some(value) = value {
            let name = theme.paint(Role::Dim, &[name, ":"].concat());
            let _ = writeln!(text, "  {name} {value}");
        }
    }
}

const fn yes_or_no(answer: bool) -> &'static str {
    if answer { "yes" } else { "no" }
}

fn time(time: Option<Seconds>, without: &str) -> String {
    time.map_or_else(|| without.to_owned(), minute)
}

/// UTC, to the minute.
fn minute(time: Seconds) -> String {
    let text = time.to_string();
    match (text.get(..10), text.get(11..16)) {
        (Some(day), Some(minute)) => [day, " ", minute, "Z"].concat(),
        _ => text,
    }
}

fn day(time: Option<Seconds>) -> String {
    time.map_or_else(
        || "unknown".to_owned(),
        |time| time.to_string()[..10].to_owned(),
    )
}
