//! How an import looks: each profile with where it stands there, what differs side by side, and
//! what is left out; a document for programs.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::theme::width_of;
use super::wrap::wrap;
use super::{Role, Theme, escape};
use crate::consumer::kept::Place;
use crate::import::Source;
use crate::import::plan::{Action, Entry, Plan};
use crate::secret::Secret;
use crate::store::{AwsAccess, Credential, MAIN, Name, Profile, ProfileId, SecretSource};

/// The plan, source by source, in lines of `width` columns where that is known.
#[must_use]
pub fn text(plan: &Plan, theme: Theme, width: Option<u16>) -> String {
    let agents = plan.agents();
    let shown = Shown {
        plan,
        theme,
        width: width.map_or(usize::MAX, usize::from),
        // One agent that everything goes to needs no name.
        agents: agents.iter().any(|agent| agent.as_str() != MAIN),
    };
    let mut text = String::new();
    for (source, root, _) in &plan.looked {
        shown.source(*source, root, &mut text);
    }
    for order in plan.orders.iter().filter(|order| order.is_new) {
        let ids: Vec<&str> = order.ids.iter().map(ProfileId::as_str).collect();
        let line = format!(
            "+ order of {} (agent {}): {}",
            order.provider,
            order.agent,
            ids.join(", ")
        );
        shown.line(Role::Success, "", &line, &mut text);
    }
    for agent in &plan.new_agents {
        shown.line(Role::Success, "", &format!("+ agent {agent}"), &mut text);
    }
    let is_token = |entry: &Entry| matches!(entry.profile.credential, Credential::Token { .. });
    if plan.entries.iter().any(is_token) {
        text.push_str("A subscription token is for the unmodified `claude` program: Anthropic's terms may not allow other uses.\n");
    }
    text
}

struct Shown<'a> {
    plan: &'a Plan,
    theme: Theme,
    width: usize,
    /// Each profile is shown with its agent.
    agents: bool,
}

impl Shown<'_> {
    fn line(&self, role: Role, indent: &str, line: &str, text: &mut String) {
        let painted = self.theme.paint(role, &escape::line(line));
        let mut whole = format!("{indent}{painted}");
        // What fits keeps the spaces that align it.
        if width_of(&whole) > self.width {
            whole = wrap(&whole, self.width, "  ");
        }
        let _ = writeln!(text, "{whole}");
    }

    fn detail(&self, line: &str, text: &mut String) {
        self.line(Role::Dim, "      ", line, text);
    }

    /// What was found in one source; nothing when that is nothing.
    fn source(&self, source: Source, root: &Path, text: &mut String) {
        let start = text.len();
        let plan = self.plan;
        for entry in plan.entries.iter().filter(|entry| entry.source == source) {
            self.profile(entry, root, text);
        }
        for planned in plan.settings.iter().filter(|it| it.source == source) {
            let (role, sign) = if planned.is_new {
                (Role::Success, "+")
            } else {
                (Role::Dim, "=")
            };
            // Only a text says something; an object may hold a secret.
            let value = planned
                .setting
                .value
                .as_str()
                .map_or(String::new(), |text| format!(": {text}"));
            let path = planned.setting.path.join(".");
            self.line(role, "  ", &format!("{sign} config {path}{value}"), text);
        }
        for (_, left) in plan.left_out.iter().filter(|(of, _)| *of == source) {
            self.line(
                Role::Warning,
                "  ",
                &format!("- left out: {}", left.why),
                text,
            );
            // Some say already which file they mean.
            if root.as_os_str().is_empty() || !left.why.contains(&*root.to_string_lossy()) {
                self.detail(&place(&left.place, root), text);
            }
            if let Some(advice) = &left.advice {
                self.detail(advice, text);
            }
        }
        if text.len() > start {
            let mut heading = self.theme.paint(Role::Heading, source.name());
            if !root.as_os_str().is_empty() {
                let folder = root.display().to_string();
                let _ = write!(heading, " ({})", escape::line(&folder));
            }
            heading.push('\n');
            text.insert_str(start, &heading);
        }
    }

    fn profile(&self, entry: &Entry, root: &Path, text: &mut String) {
        let (role, sign) = match entry.action {
            Action::Add => (Role::Success, "+"),
            Action::Replace => (Role::Warning, "~"),
            Action::Same => (Role::Dim, "="),
            Action::Conflict => (Role::Error, "!"),
        };
        let mut line = format!("{sign} {}", entry.id);
        if self.agents {
            let _ = write!(line, " (agent {})", entry.agent);
        }
        let is_news =
            |name: &&String| name.as_str() != entry.id.name() && !entry.place.at.ends_with(*name);
        if let Some(name) = entry.name_there.as_ref().filter(is_news) {
            let _ = write!(line, ", there {name}");
        }
        line.push_str(": ");
        line.push_str(&match entry.action {
            Action::Add => words(&entry.profile),
            Action::Same => "is here already".to_owned(),
            Action::Replace => "is replaced".to_owned(),
            Action::Conflict => "differs from what is here, which stays".to_owned(),
        });
        self.line(role, "  ", &line, text);
        if let Some(here) = entry.here.as_ref().filter(|_| entry.action != Action::Same) {
            self.detail(&format!("here   {}", words(here)), text);
            self.detail(&format!("there  {}", words(&entry.profile)), text);
        }
        self.detail(&place(&entry.place, root), text);
        for remark in &entry.remarks {
            self.detail(remark, text);
        }
    }
}

/// Files by their place below the folder of the source.
fn place(place: &Place, root: &Path) -> String {
    let below = |path: &PathBuf| path.strip_prefix(root).unwrap_or(path).to_owned();
    match place.path.as_ref().map(below) {
        None => format!("from the variable {}", place.at),
        Some(path) if place.at.is_empty() => format!("from {}", path.display()),
        Some(path) => format!("from {}, {}", path.display(), place.at),
    }
}

/// What a profile is, with its secret by mask and fingerprint.
fn words(profile: &Profile) -> String {
    let mut words = match &profile.credential {
        Credential::ApiKey { key } => format!("API key {}", secret(key)),
        Credential::Token { token, expires, .. } => {
            let end = expires.and_then(|end| Timestamp::from_millisecond(end).ok());
            let end = end.map_or(String::new(), |end| {
                end.strftime(", ends %Y-%m-%d").to_string()
            });
            format!("subscription token {}{end}", secret(token))
        }
        Credential::Login { config_dir, .. } => format!(
            "the Claude Code login in {}, by reference",
            config_dir.as_deref().unwrap_or("~/.claude")
        ),
        Credential::Aws(access) => aws(access),
        Credential::Unknown { kind } => format!("a credential of the type {kind}"),
    };
    if let Some(url) = &profile.base_url {
        let _ = write!(words, " for {url}");
    }
    words
}

fn aws(access: &AwsAccess) -> String {
    let mut words = access
        .method
        .map_or("AWS", |method| method.words())
        .to_owned();
    let mut add = |before: &str, value: Option<&str>| {
        if let Some(value) = value {
            words.push_str(before);
            words.push_str(value);
        }
    };
    add(" ", access.access_key_id.as_deref());
    add(" ", access.profile.as_deref());
    add(" ", access.secret().map(secret).as_deref());
    add(" in ", access.region.as_deref());
    add(" for ", access.model.as_deref());
    words
}

fn secret(source: &SecretSource) -> String {
    match source {
        SecretSource::Stored(secret) => secret.described(),
        SecretSource::Reference(reference) => {
            format!(
                "by reference ({} {}: {})",
                reference.source, reference.provider, reference.id
            )
        }
        SecretSource::Absent => "without a value".to_owned(),
    }
}

/// The document of `--json`.
#[must_use]
pub fn document(plan: &Plan, outcome: &str, transaction: Option<&str>) -> Value {
    let profiles: Vec<Value> = plan.entries.iter().map(entry).collect();
    let orders = plan.orders.iter().map(|order| {
        let ids: Vec<&str> = order.ids.iter().map(ProfileId::as_str).collect();
        json!({
            "agent": order.agent.as_str(),
            "provider": order.provider,
            "ids": ids,
            "action": if order.is_new { "add" } else { "keep" },
        })
    });
    let settings = plan.settings.iter().map(|planned| {
        json!({
            "path": planned.setting.path.join("."),
            "value": planned.setting.value.as_str(),
            "source": planned.source.id(),
            "action": if planned.is_new { "add" } else { "same" },
        })
    });
    let left_out = plan.left_out.iter().map(|(source, left)| {
        json!({
            "source": source.id(),
            "place": located(&left.place),
            "reason": left.why,
            "advice": left.advice,
        })
    });
    let looked = plan.looked.iter().map(|(source, folder, found)| {
        let folder = (!folder.as_os_str().is_empty()).then(|| folder.display().to_string());
        json!({ "source": source.id(), "folder": folder, "found": found })
    });
    let agents: Vec<&str> = plan.new_agents.iter().map(Name::as_str).collect();
    json!({
        "schemaVersion": 1,
        "outcome": outcome,
        "transaction": transaction,
        "sources": looked.collect::<Vec<_>>(),
        "newAgents": agents,
        "profiles": profiles,
        "orders": orders.collect::<Vec<_>>(),
        "settings": settings.collect::<Vec<_>>(),
        "leftOut": left_out.collect::<Vec<_>>(),
    })
}

fn entry(entry: &Entry) -> Value {
    json!({
        "id": entry.id.as_str(),
        "agent": entry.agent.as_str(),
        "action": entry.action.id(),
        "source": entry.source.id(),
        "place": located(&entry.place),
        "nameThere": entry.name_there,
        "there": side(&entry.profile),
        "here": entry.here.as_ref().map(side),
        "remarks": entry.remarks,
    })
}

fn located(place: &Place) -> Value {
    let source = match &place.path {
        Some(path) => path.display().to_string(),
        None => "environment".to_owned(),
    };
    json!({ "source": source, "locator": (!place.at.is_empty()).then_some(&place.at) })
}

/// One of the two sides of a comparison.
fn side(profile: &Profile) -> Value {
    let stored = match profile.secret() {
        Some(SecretSource::Stored(secret)) => Some(secret),
        _ => None,
    };
    json!({
        "type": profile.credential.kind(),
        "provider": profile.provider,
        "masked": stored.map(Secret::mask),
        "fingerprint": stored.map(Secret::fingerprint),
        "words": words(profile),
    })
}
