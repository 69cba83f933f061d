//! How `models status` looks: a table where it fits, else a list; or one line per credential.

use std::fmt::Write;

use serde_json::{Map, Value};

use super::table::table;
use super::theme::width_of;
use super::{Role, Theme, Ui, escape};
use crate::error::Result;
use crate::status::report::{EffectiveKind, ProfileLine, ProviderLine, Report, Variable};
use crate::store::select::Status;

/// One credential as a row: name, kind, value, how it stands.
struct Row {
    name: String,
    kind: &'static str,
    value: String,
    words: String,
    role: Role,
}

impl Ui {
    /// The overview for people.
    ///
    /// # Errors
    /// `Io` when standard output cannot be written.
    pub fn status(&self, report: &Report) -> Result<()> {
        let theme = self.out;
        let mut text = String::new();
        for provider in &report.auth.providers {
            text.push_str(&verdict(theme, provider, &report.auth.profiles));
        }
        let rows = rows(report);
        if !rows.is_empty() {
            text.push('\n');
            text.push_str(&credentials(theme, self.width, &rows));
        }
        if !report.probes.is_empty() {
            text.push('\n');
            text.push_str(&super::status_probes::lines(
                theme,
                self.width,
                &report.probes,
            ));
        }
        text.push('\n');
        let model = report.default_model.as_deref().unwrap_or("not set");
        let lines = [
            ("Default model", model),
            ("Agent", &report.agent),
            ("Store", &report.store_path),
        ];
        for (name, value) in lines {
            let name = theme.paint(Role::Dim, &format!("{name}:"));
            let _ = writeln!(text, "{name} {}", escape::line(value));
        }
        self.data(&text)
    }

    /// Saved credentials as a table, or as a list where that is too wide.
    ///
    /// # Errors
    /// `Io` when standard output cannot be written.
    pub fn profiles(&self, profiles: &[ProfileLine]) -> Result<()> {
        let rows: Vec<Row> = profiles.iter().map(profile_row).collect();
        self.data(&credentials(self.out, self.width, &rows))
    }

    /// One line per fact that is known, with the words of its name.
    ///
    /// # Errors
    /// `Io` when standard output cannot be written.
    pub fn facts(&self, facts: &Map<String, Value>) -> Result<()> {
        let mut text = String::new();
        for (name, value) in facts {
            let value = match value {
                Value::Null => continue,
                Value::String(value) => value.clone(),
                Value::Array(values) if values.is_empty() => continue,
                Value::Array(values) => {
                    let values: Vec<_> = values.iter().filter_map(Value::as_str).collect();
                    values.join(", ")
                }
                _ if name == "schemaVersion" => continue,
                value => value.to_string(),
            };
            let name = self.out.paint(Role::Dim, &format!("{}:", words(name)));
            let _ = writeln!(text, "{name} {}", escape::line(&value));
        }
        self.data(&text)
    }

    /// One line per credential: name, kind, status, reason, end, whether it is used, masked value.
    /// Then one per probe: `probe`, name, status, reason, HTTP status, milliseconds, request id.
    ///
    /// # Errors
    /// `Io` when standard output cannot be written.
    pub fn status_plain(&self, report: &Report) -> Result<()> {
        let mut text = String::new();
        for profile in &report.auth.profiles {
            let (id, kind) = (escape::line(&profile.id), escape::line(&profile.kind));
            let (status, reason) = (word(profile.status), profile.reason_code);
            let end = profile.expires_at.map(|end| end.to_string());
            let end = end.as_deref().unwrap_or("-");
            let used = used(profile.effective);
            let masked = profile.masked.as_deref().unwrap_or("-");
            let _ = writeln!(text, "{id} {kind} {status} {reason} {end} {used} {masked}");
        }
        for variable in report
            .auth
            .providers
            .iter()
            .flat_map(|provider| &provider.env)
        {
            let (name, kind) = (escape::line(&variable.name), &variable.kind);
            let (status, reason) = (word(variable.status), variable.reason_code);
            let (used, masked) = (used(variable.effective), &variable.masked);
            let _ = writeln!(
                text,
                "env:{name} {kind} {status} {reason} - {used} {masked}"
            );
        }
        for probe in &report.probes {
            text.push_str(&super::status_probes::plain(probe));
        }
        self.data(&text)
    }
}

/// `expiresAt` as `expires at`.
fn words(name: &str) -> String {
    let mut words = String::with_capacity(name.len() + 4);
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            words.push(' ');
        }
        words.push(c.to_ascii_lowercase());
    }
    words
}

/// A table, or a list where the table would be wider than the terminal.
fn credentials(theme: Theme, width: Option<u16>, rows: &[Row]) -> String {
    let table = columns(theme, rows);
    let widest = table.lines().map(width_of).max().unwrap_or(0);
    if width.is_none_or(|width| widest <= usize::from(width)) {
        return table;
    }
    let mut text = String::new();
    for row in rows {
        let name = theme.paint(Role::Heading, &row.name);
        let words = theme.paint(row.role, &row.words);
        let _ = writeln!(text, "{name}\n  {words}\n  {} {}", row.kind, row.value);
    }
    text
}

fn columns(theme: Theme, rows: &[Row]) -> String {
    let words: Vec<String> = rows
        .iter()
        .map(|row| theme.paint(row.role, &row.words))
        .collect();
    let cells: Vec<[&str; 4]> = rows
        .iter()
        .zip(&words)
        .map(|(row, words)| [row.name.as_str(), row.kind, &row.value, words])
        .collect();
    table(["Credential", "Kind", "Value", "Status"], &cells)
}

const fn word(status: Status) -> &'static str {
    match status {
        Status::Ok => "ok",
        Status::Static => "static",
        Status::Expiring => "expiring",
        Status::Expired => "expired",
        Status::Missing => "missing",
        Status::Unresolved => "unresolved",
    }
}

const fn used(effective: bool) -> &'static str {
    if effective { "in-use" } else { "-" }
}

fn rows(report: &Report) -> Vec<Row> {
    let profiles = report.auth.profiles.iter().map(profile_row);
    let variables = report
        .auth
        .providers
        .iter()
        .flat_map(|provider| &provider.env);
    profiles.chain(variables.map(variable_row)).collect()
}

fn profile_row(profile: &ProfileLine) -> Row {
    let end = profile.expires_at.map(|end| end.to_string());
    let (mut words, role) = match (profile.status, end, &profile.obstacle) {
        (Status::Expired, Some(end), _) => (format!("expired {end}"), Role::Error),
        (Status::Expiring, Some(end), _) => (format!("expires {end}"), Role::Warning),
        (Status::Ok | Status::Static, _, Some(obstacle)) if profile.until.is_some() => {
            (obstacle.clone(), Role::Warning)
        }
        (Status::Ok | Status::Static, _, Some(obstacle)) => (obstacle.clone(), Role::Dim),
        (_, _, Some(obstacle)) => (obstacle.clone(), Role::Error),
        (_, Some(end), None) => (format!("valid until {end}"), ready(profile.effective)),
        (_, None, None) => (String::new(), ready(profile.effective)),
    };
    if profile.effective {
        let comma = if words.is_empty() { "" } else { ", " };
        words = format!("in use{comma}{words}");
    } else if words.is_empty() {
        "ready".clone_into(&mut words);
    }
    if let Some(agent) = &profile.inherited_from {
        let _ = write!(words, ", from agent {agent}");
    }
    Row {
        name: escape::line(&profile.id).into_owned(),
        kind: kind_words(&profile.kind),
        value: value(profile).to_owned(),
        words: escape::line(&words).into_owned(),
        role,
    }
}

/// The masked value; one that somebody has to be asked for was left where it is.
fn value(profile: &ProfileLine) -> &str {
    let referred = profile.source.starts_with("ref:") && profile.obstacle.is_none();
    let none = if referred { "not looked at" } else { "-" };
    profile.masked.as_deref().unwrap_or(none)
}

fn variable_row(variable: &Variable) -> Row {
    let (words, role) = match &variable.obstacle {
        Some(obstacle) => (obstacle.clone(), Role::Error),
        None if variable.effective => (format!("in use, from {}", variable.place), Role::Success),
        None => (format!("set in {}", variable.place), Role::Dim),
    };
    Row {
        name: escape::line(&variable.name).into_owned(),
        kind: kind_words(&variable.kind),
        value: variable.masked.clone(),
        words,
        role,
    }
}

const fn ready(effective: bool) -> Role {
    if effective { Role::Success } else { Role::Dim }
}

fn kind_words(kind: &str) -> &'static str {
    match kind {
        "api_key" => "API key",
        "token" => "token",
        "oauth" => "login",
        "aws" => "AWS",
        _ => "unknown",
    }
}

/// One sentence per provider, with the remedy where there is nothing to use.
fn verdict(theme: Theme, provider: &ProviderLine, profiles: &[ProfileLine]) -> String {
    let name = theme.paint(Role::Heading, &escape::line(&provider.provider));
    let detail = escape::line(&provider.effective.detail);
    match (provider.effective.kind, &provider.effective.profile_id) {
        (EffectiveKind::Profile, Some(id)) => {
            let id = theme.paint(Role::Success, &escape::line(id));
            format!("{name} uses {id}.\n")
        }
        (EffectiveKind::Env, _) => {
            let variable = theme.paint(Role::Success, &detail);
            format!("{name} uses {variable} from the environment.\n")
        }
        _ => {
            let none = theme.paint(Role::Error, "has no usable credential");
            let (what, command) = remedy(provider, profiles);
            let command = theme.paint(Role::Command, &escape::line(&command));
            format!("{name} {none}: {detail}.\n{what} {command}\n")
        }
    }
}

/// What to do where the first credential of a provider is there and cannot be used.
fn remedy(provider: &ProviderLine, profiles: &[ProfileLine]) -> (&'static str, String) {
    let first = profiles.iter().find(|p| p.provider == provider.provider);
    match first.map(|first| (first.reason_code, &first.id)) {
        Some(("cooldown" | "disabled", id)) => (
            "End the pause with:",
            format!("keywright models auth reset {id}"),
        ),
        Some(("unresolved_ref", _)) => ("See what mends it with:", "keywright doctor".to_owned()),
        _ => ("Set one up with:", "keywright onboard".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<Row> {
        let row = |name: &str, value: &str, words: &str, role| Row {
            name: name.to_owned(),
            kind: "API key",
            value: value.to_owned(),
            words: words.to_owned(),
            role,
        };
        vec![
            row(
                "anthropic:default",
                "sk-ant-api03-…4f2A",
                "in use",
                Role::Success,
            ),
            row("anthropic:work", "-", "it holds no credential", Role::Error),
        ]
    }

    const PLAIN: Theme = Theme { color: false };

    #[test]
    fn a_table_where_it_fits() {
        let expected = "\
Credential         Kind     Value               Status
anthropic:default  API key  sk-ant-api03-…4f2A  in use
anthropic:work     API key  -                   it holds no credential
";
        assert_eq!(credentials(PLAIN, Some(80), &rows()), expected);
        assert_eq!(credentials(PLAIN, None, &rows()), expected);
    }

    #[test]
    fn a_list_where_it_does_not() {
        let expected = "\
anthropic:default
  in use
  API key sk-ant-api03-…4f2A
anthropic:work
  it holds no credential
  API key -
";
        assert_eq!(credentials(PLAIN, Some(40), &rows()), expected);
    }

    #[test]
    fn colour_moves_nothing() {
        let painted = credentials(Theme { color: true }, Some(80), &rows());
        let plain = credentials(PLAIN, Some(80), &rows());
        let widths = |text: &str| text.lines().map(width_of).collect::<Vec<_>>();
        assert!(painted.contains('\u{1b}'));
        assert_eq!(widths(&painted), widths(&plain));
    }
}
