//! The receipt at the end of `onboard`: what is where now, whether it works, and what to type
//! next. One value, as text and as a document.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::wrap::wrap;
use super::{Role, Theme, escape};
use crate::provider::{Outcome, Verdict, words};

/// Everything a receipt says. It holds no secret.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Receipt {
    pub schema_version: u32,
    /// `saved`, `nothing-to-do` or `declined`.
    pub outcome: &'static str,
    /// The flow's own last words, as sentences.
    #[serde(skip)]
    pub text: Vec<String>,
    /// The line that examines it, as it must be typed here.
    #[serde(skip)]
    pub doctor: String,
    /// What is written `~` for people.
    #[serde(skip)]
    pub home: Option<PathBuf>,
    pub agent: String,
    pub profile: Option<String>,
    /// The store file.
    pub path: Option<String>,
    /// Its permission bits in octal.
    pub mode: Option<String>,
    pub masked: Option<String>,
    /// The place of the secret, in words, when the profile refers to it.
    pub refers_to: Option<String>,
    pub verification: Verification,
    pub default_model: Option<String>,
    /// The file for background services, where the key was written to it.
    pub env_file: Option<String>,
    /// For `keywright undo`.
    pub transaction: Option<String>,
    /// Commands to type next.
    pub next: Vec<String>,
    /// What restarts the gateways that are services here.
    pub restart: Vec<String>,
    /// The same run without questions, never with the secret.
    pub equivalent: Option<String>,
}

/// How the credential was tested.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Verification {
    /// `works`, `limited`, `undetermined` or `not-tested`.
    pub status: &'static str,
    /// The class that the reply belongs to.
    pub reason: Option<&'static str>,
    /// What was seen, in a sentence.
    pub message: Option<String>,
    pub host: Option<String>,
    pub http_status: Option<u16>,
    pub request_id: Option<String>,
    pub latency_ms: Option<u64>,
}

impl Verification {
    /// What a verdict says; nothing was tried without one.
    #[must_use]
    pub fn of(verdict: Option<&Verdict>) -> Self {
        let status = match verdict.map(Verdict::outcome) {
            Some(Outcome::Works) => "works",
            Some(Outcome::Limited) => "limited",
            Some(Outcome::Refused) => "refused",
            Some(Outcome::Undetermined) => "undetermined",
            None => "not-tested",
        };
        Self {
            status,
            reason: verdict.map(|verdict| verdict.reason.id()),
            message: verdict.map(|verdict| words::of(verdict).summary),
            host: verdict.map(|verdict| verdict.host.clone()),
            http_status: verdict.and_then(|verdict| verdict.http_status),
            request_id: verdict.and_then(|verdict| verdict.request_id.clone()),
            latency_ms: verdict.map(|v| u64::try_from(v.elapsed.as_millis()).unwrap_or(u64::MAX)),
        }
    }
}

/// The receipt for people, in lines of at most `width` columns.
#[must_use]
pub fn text(receipt: &Receipt, theme: Theme, width: Option<u16>) -> String {
    let width = width.map_or(usize::MAX, |columns| usize::from(columns).saturating_sub(1));
    let mut text = String::from("\n");
    for (number, line) in receipt.text.iter().enumerate() {
        let line = escape::line(line);
        let line = if number == 0 && receipt.outcome != "declined" {
            format!("{} {line}", theme.paint(Role::Success, "✓"))
        } else {
            line.into_owned()
        };
        let _ = writeln!(text, "{}", wrap(&line, width, "  "));
    }
    for (name, value) in facts(receipt) {
        // The value is wrapped beside its name.
        let value = wrap(
            &escape::line(&value),
            width.saturating_sub(11),
            "           ",
        );
        let name = theme.paint(Role::Dim, &format!("{name:<8}"));
        let _ = writeln!(text, "  {name} {value}");
    }
    commands("Next", &receipt.next, theme, &mut text);
    commands(
        "If the gateway here shall use it",
        &receipt.restart,
        theme,
        &mut text,
    );
    if let Some(equivalent) = &receipt.equivalent {
        let lines = std::slice::from_ref(equivalent);
        commands("The same without questions", lines, theme, &mut text);
    }
    text
}

fn facts(receipt: &Receipt) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    let mut add = |name, value: Option<String>| facts.extend(value.map(|value| (name, value)));
    add("key", receipt.masked.clone());
    let place = receipt.refers_to.as_ref();
    add("key", place.map(|place| format!("stays in {place}")));
    if receipt.profile.is_some() {
        add("test", Some(tested(receipt)));
    }
    let mode = receipt.mode.as_ref().map(|mode| format!(" (mode {mode})"));
    let short = |path: &String| {
        let home = receipt.home.as_ref();
        let below = home.and_then(|home| Path::new(path).strip_prefix(home).ok());
        below.map_or_else(|| path.clone(), |rest| format!("~/{}", rest.display()))
    };
    let stored = receipt.path.as_ref().map(short);
    add(
        "stored",
        stored.map(|path| format!("{path}{}", mode.unwrap_or_default())),
    );
    add("model", receipt.default_model.clone());
    add("services", receipt.env_file.as_ref().map(short));
    facts
}

fn tested(receipt: &Receipt) -> String {
    let verification = &receipt.verification;
    let mut text = match verification.status {
        "works" => "it works".to_owned(),
        "limited" => "accepted, but limited now".to_owned(),
        "undetermined" => "no answer, so nothing is known".to_owned(),
        _ => format!("not tested; `{}` can do it", receipt.doctor),
    };
    if let Some(id) = &verification.request_id {
        let _ = write!(text, " (request {id})");
    }
    text
}

fn commands(heading: &str, commands: &[String], theme: Theme, text: &mut String) {
    if commands.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{}", theme.paint(Role::Heading, heading));
    for command in commands {
        // Never wrapped: what is copied must stay in one piece.
        let _ = writeln!(
            text,
            "  {}",
            theme.paint(Role::Command, &escape::line(command))
        );
    }
}
