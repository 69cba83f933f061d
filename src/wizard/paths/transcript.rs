//! A path as text: what was asked, answered and found, and how it ended. No secret stands there.

use std::fmt::Write;

use super::{End, Path};
use crate::wizard::engine::{Command, QuestionKind};
use crate::wizard::flow::Flow;
use crate::wizard::plan::Effect;

/// By flow: the digest of its transcripts, which are files of their own.
pub const INDEX: &str = include_str!("../../../wizard-flows/transcripts.json");

/// Tells one text from another.
#[must_use]
pub fn digest(text: &str) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
    digest.as_ref()[..12]
        .iter()
        .fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// Whether the transcripts that were looked at are those of these paths, one for each.
#[must_use]
pub fn covers(flow: &Flow, paths: &[Path]) -> bool {
    let index: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(INDEX).unwrap_or_default();
    let known = index.get(&flow.id).and_then(serde_json::Value::as_str);
    known == Some(&digest(&of_flow(&flow.title, paths)))
}

/// All paths of a flow, numbered.
#[must_use]
pub fn of_flow(title: &str, paths: &[Path]) -> String {
    let mut text = format!("{title}: {} paths\n", paths.len());
    for (index, path) in paths.iter().enumerate() {
        let _ = write!(text, "\n{}\n", index + 1);
        text.push_str(&of_path(path));
    }
    text
}

fn of_path(path: &Path) -> String {
    let mut text = String::new();
    for happened in &path.events {
        for command in &happened.before {
            said(command, &mut text);
        }
        let _ = writeln!(text, "  {}: {}", happened.step, happened.words);
    }
    match &path.end {
        End::Ended(ending) => {
            let exit = ending.outcome.exit;
            let flow = ending.flow.as_ref();
            let flow = flow.map_or_else(String::new, |flow| format!(" with {flow}"));
            let outcome = ending.outcome.id;
            let _ = writeln!(text, "  = {outcome}{flow}, exit {}", exit.code());
        }
        End::Back(step) => {
            let _ = writeln!(text, "  = back at {step}");
        }
    }
    text
}

/// What the effects will do, where that is decided.
fn said(command: &Command, text: &mut String) {
    match command {
        Command::Review(review) => {
            for effect in &review.effects {
                let _ = writeln!(text, "  + {}", effect_words(effect));
            }
        }
        Command::Ask(question) if question.problem.is_some() => {
            let _ = writeln!(
                text,
                "  ! {}",
                question.problem.as_deref().unwrap_or_default()
            );
        }
        Command::Ask(question) => {
            if let QuestionKind::Risk { risk } = &question.kind {
                let _ = writeln!(text, "  ? the risk {risk}");
            }
        }
        _ => {}
    }
}

fn effect_words(effect: &Effect) -> String {
    match effect {
        Effect::NameProvider { name, .. } => format!("name the provider {name}"),
        Effect::PutCredential {
            profile,
            credential,
            base_url,
            lifetime,
            verified,
        } => {
            let mut words = format!("put {profile}: {}", credential.kind());
            if let Some(url) = base_url {
                let _ = write!(words, " for {url}");
            }
            if let Some(lifetime) = lifetime {
                let assumed = if lifetime.assumed { " (assumed)" } else { "" };
                let _ = write!(words, ", lasts {} s{assumed}", lifetime.seconds);
            }
            words.push_str(if *verified {
                ", proven"
            } else {
                ", not proven"
            });
            words
        }
        Effect::RemoveCredential { profile } => format!("remove {profile}"),
        Effect::SetDefault { model } => format!("default model {model}"),
        Effect::SetOrder { profile } => format!("{profile} first"),
        Effect::WriteEnv { name, profile, .. } => format!(".env {name} of {profile}"),
        Effect::SetMode { target } => format!("mode of {target:?}"),
        Effect::EditDocument { path, value, .. } => format!("{path} = {value}"),
    }
}
