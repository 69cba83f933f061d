//! How `models status` looks: a table where it fits, else a list; or one line per credential.

use std::fmt::Write;

use comfy_table::{ContentArrangement, Table, presets};

use super::{Role, Theme, Ui, escape, theme};
use crate::error::Result;
use crate::status::report::{
    Effective, EffectiveKind, ProfileLine, ProviderLine, ReasonCode, Report, Status,
};

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
        let theme = &self.out;
        let mut text = String::new();
        for provider in &report.auth.providers {
            text.push_str(&verdict(theme, provider));
        }
        let rows = rows(report);
        if !rows.is_empty() {
            text.push('\n');
            text.push_str(&self.credentials(&rows));
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

    /// One line per credential: id, kind, status, reason, end, whether it is used, masked value.
    ///
    /// # Errors
    /// `Io` when standard output cannot be written.
    pub fn status_plain(&self, report: &Report) -> Result<()> {
        let mut text = String::new();
        for profile in &report.auth.profiles {
            let end = profile.expires_at.map(|end| end.to_string());
            let (id, kind) = (escape::line(&profile.id), escape::line(&profile.kind));
            let fields = [
                id.as_ref(),
                kind.as_ref(),
                profile.status.word(),
                profile.reason_code.word(),
                end.as_deref().unwrap_or("-"),
                if profile.effective { "in-use" } else { "-" },
                profile.masked.as_deref().unwrap_or("-"),
            ];
            text.push_str(&fields.join(" "));
            text.push('\n');
        }
        for provider in &report.auth.providers {
            for variable in &provider.env {
                let used = if is_used(&provider.effective, &variable.name) {
                    "in-use"
                } else {
                    "-"
                };
                let name = escape::line(&variable.name);
                let (kind, masked) = (variable.kind, &variable.masked);
                let _ = writeln!(text, "env:{name} {kind} static ok - {used} {masked}");
            }
        }
        self.data(&text)
    }

    fn credentials(&self, rows: &[Row]) -> String {
        let table = table(&self.out, rows);
        let widest = table.lines().map(theme::width_of).max().unwrap_or(0);
        if self.width.is_none_or(|width| widest <= usize::from(width)) {
            return table;
        }
        let mut text = String::new();
        for row in rows {
            let name = self.out.paint(Role::Heading, &row.name);
            let words = self.out.paint(row.role, &row.words);
            let _ = writeln!(text, "{name}\n  {words}\n  {} {}", row.kind, row.value);
        }
        text
    }
}

fn table(theme: &Theme, rows: &[Row]) -> String {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Disabled)
        .set_header(["Credential", "Kind", "Value", "Status"]);
    for row in rows {
        // Only the last column may be painted: the library counts escapes as characters.
        let words = theme.paint(row.role, &row.words);
        table.add_row([row.name.as_str(), row.kind, &row.value, &words]);
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    let mut text = table.trim_fmt();
    text.push('\n');
    text
}

fn rows(report: &Report) -> Vec<Row> {
    let profiles = report.auth.profiles.iter().map(profile_row);
    let variables = report.auth.providers.iter().flat_map(|provider| {
        provider.env.iter().map(|variable| {
            let used = is_used(&provider.effective, &variable.name);
            Row {
                name: escape::line(&variable.name).into_owned(),
                kind: kind_words(variable.kind),
                value: variable.masked.clone(),
                words: if used { "in use" } else { "in the environment" }.to_owned(),
                role: if used { Role::Success } else { Role::Dim },
            }
        })
    });
    profiles.chain(variables).collect()
}

fn is_used(effective: &Effective, variable: &str) -> bool {
    effective.kind == EffectiveKind::Env && effective.detail == variable
}

fn profile_row(profile: &ProfileLine) -> Row {
    let (words, role) = standing(profile);
    let mut words = if profile.effective && words.is_empty() {
        "in use".to_owned()
    } else if profile.effective {
        format!("in use, {words}")
    } else if words.is_empty() {
        "ready".to_owned()
    } else {
        words
    };
    if let Some(agent) = &profile.inherited_from {
        let _ = write!(words, ", from agent {}", escape::line(agent));
    }
    Row {
        name: escape::line(&profile.id).into_owned(),
        kind: kind_words(&profile.kind),
        value: profile.masked.clone().unwrap_or_else(|| "-".to_owned()),
        words,
        role: if profile.effective && role == Role::Dim {
            Role::Success
        } else {
            role
        },
    }
}

/// What is special about a credential; nothing when it could be used as it is.
fn standing(profile: &ProfileLine) -> (String, Role) {
    let end = profile
        .expires_at
        .map_or_else(|| "unknown".to_owned(), |end| end.to_string());
    match (profile.status, profile.reason_code) {
        (Status::Expired, _) => (format!("expired {end}"), Role::Error),
        (Status::Expiring, _) => (format!("expires {end}"), Role::Warning),
        (_, ReasonCode::MissingCredential) => ("has no value".to_owned(), Role::Error),
        (_, ReasonCode::MalformedApiKey) => ("cannot be a key".to_owned(), Role::Error),
        (_, ReasonCode::InvalidExpires) => ("ends at an impossible time".to_owned(), Role::Error),
        (_, ReasonCode::UnresolvedRef) => (
            format!(
                "its reference ({}) gives nothing",
                escape::line(&profile.source)
            ),
            Role::Error,
        ),
        (_, ReasonCode::IneligibleProfile) => {
            ("of a kind that is not used here".to_owned(), Role::Dim)
        }
        (_, ReasonCode::ExcludedByAuthOrder) => ("left out of the order".to_owned(), Role::Dim),
        (Status::Ok, _) => (format!("valid until {end}"), Role::Dim),
        _ => (String::new(), Role::Dim),
    }
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
fn verdict(theme: &Theme, provider: &ProviderLine) -> String {
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
            let command = theme.paint(Role::Command, "keywright onboard");
            format!("{name} {none}: {detail}.\nSet one up with: {command}\n")
        }
    }
}
