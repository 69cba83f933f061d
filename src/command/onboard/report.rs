//! What is said when a flow has come to its end.

use super::{Run, here};
use crate::command::quoted;
use crate::doctor::collect::inherit::gateways;
use crate::error::{Error, Kind, Result};
use crate::provider::Outcome;
use crate::provider::words::{self, Action};
use crate::sandbox;
use crate::store::{Credential, SecretSource};
use crate::ui::Ui;
use crate::ui::receipt::{self, Receipt, Verification};
use crate::wizard::answers::declared::{self, declared, without_dashes};
use crate::wizard::drive::Report;
use crate::wizard::engine::{NamedPlace, Source, Value};
use crate::wizard::flow::Flow;
use crate::wizard::plan::Effect;

/// A flow that ended without what it was for, as an error with the verdict's words.
pub fn failure(run: &Run<'_>, flow: &Flow, report: &Report) -> Error {
    let ending = &report.ending;
    let kind = match ending.outcome.id {
        "refused" => Kind::Rejected,
        "conflict" => Kind::Conflict,
        "cancelled" => Kind::Interrupted,
        _ => Kind::Unreachable,
    };
    if kind == Kind::Interrupted {
        return Error::new(kind, "cancelled; nothing was changed");
    }
    let next: Vec<String> = ending.next.iter().map(|line| for_here(run, line)).collect();
    let next = next.join("` or `");
    let next = (!next.is_empty()).then(|| format!("`{next}`"));
    let verdict = report.verdict.as_ref().filter(|_| kind != Kind::Conflict);
    let Some(verdict) = verdict else {
        let text = fragment(&ending.text.join(" "));
        let error = Error::new(kind, text);
        return match next {
            Some(next) => error.hint(format!("{next}.")),
            None => error,
        };
    };
    let words = words::of(verdict);
    let noun = flow.stores().map_or("credential", |kind| kind.noun);
    let message = match kind {
        Kind::Rejected => format!(
            "the {noun} was refused and not saved: {}",
            fragment(&words.summary)
        ),
        _ => format!(
            "the {noun} could not be tested and was not saved: {}",
            fragment(&words.summary)
        ),
    };
    let advice: Vec<String> = words
        .advice
        .iter()
        .map(|advice| match &advice.action {
            // The doctor tries again what is stored, and nothing was.
            Some(Action::Command(_)) if advice.text.ends_with("ry again.") => {
                let again = format!("keywright onboard {}", begin(run, flow));
                format!("{} `{}`", advice.text, for_here(run, &again))
            }
            Some(Action::Command(command)) => {
                format!("{} `{}`", advice.text, for_here(run, command))
            }
            Some(Action::Url(url)) => format!("{} {url}", advice.text),
            None => advice.text.clone(),
        })
        .collect();
    let advice = advice.into_iter().reduce(|all, next| {
        let or = if next.starts_with("Or ") { "" } else { "Or: " };
        format!("{all} {or}{next}")
    });
    let error = Error::new(kind, message).request_id(verdict.request_id.clone());
    match advice.or(next) {
        Some(hint) => error.hint(hint),
        None => error,
    }
}

/// A sentence as a lowercase fragment, unless it begins with a name.
fn fragment(sentence: &str) -> String {
    let sentence = sentence.trim_end_matches('.');
    let mut characters = sentence.chars();
    match (characters.next(), sentence.split_whitespace().next()) {
        (Some(first), Some("The" | "A" | "An" | "This" | "These" | "Nothing" | "There" | "No")) => {
            first.to_lowercase().chain(characters).collect()
        }
        _ => sentence.to_owned(),
    }
}

/// What the receipt says.
pub fn receipt(run: &Run<'_>, flow: &Flow, report: &Report) -> Receipt {
    let words = report.ending.text.iter().map(|line| here::words(run, line));
    let mut receipt = Receipt {
        schema_version: 1,
        outcome: report.ending.outcome.id,
        text: words.collect(),
        doctor: for_here(run, "keywright doctor"),
        home: run.context.system.environment.home(),
        agent: run.agent.to_string(),
        profile: None,
        path: None,
        mode: None,
        masked: None,
        refers_to: None,
        verification: Verification::of(report.verdict.as_ref()),
        default_model: None,
        env_file: None,
        transaction: report
            .receipt
            .as_ref()
            .and_then(|receipt| receipt.transaction.clone()),
        next: report
            .ending
            .next
            .iter()
            .map(|line| for_here(run, line))
            .collect(),
        restart: Vec::new(),
        equivalent: None,
    };
    for effect in &report.effects {
        match effect {
            Effect::PutCredential {
                profile,
                credential,
                ..
            } => {
                let path = run.home.store(&run.agent);
                let files = run.context.system.files;
                let entry = files.followed_entry(&path).ok().flatten();
                receipt.profile = Some(profile.to_string());
                receipt.masked = masked(credential);
                receipt.refers_to = place(&report.answers).map(NamedPlace::words);
                receipt.mode = entry.map(|entry| format!("{:04o}", entry.mode));
                receipt.path = Some(path.display().to_string());
            }
            Effect::SetDefault { model } => receipt.default_model = Some(model.clone()),
            Effect::WriteEnv { .. } => {
                receipt.env_file = Some(run.home.env_file().display().to_string());
            }
            _ => {}
        }
    }
    if report.receipt.is_some() {
        // What is tried out in the sandbox is not for them.
        if !run.context.system.sandbox {
            receipt.restart = gateways::restarts(run.context.system);
        }
        receipt.equivalent = Some(for_here(run, &equivalent(run, flow, &report.answers)));
    }
    receipt
}

/// Where the secret stays, when the profile refers to it.
fn place(answers: &[(String, Value, Source)]) -> Option<&NamedPlace> {
    answers.iter().find_map(|(_, _, source)| match source {
        Source::Place(place) => Some(place),
        _ => None,
    })
}

/// The secret as it may be shown, for kinds that have one.
fn masked(credential: &Credential) -> Option<String> {
    match credential.secret()? {
        SecretSource::Stored(secret) => Some(secret.mask()),
        SecretSource::Reference(_) | SecretSource::Absent => None,
    }
}

/// Reports on stdout; a limit that was found is warned of.
pub fn show(ui: &Ui, receipt: &Receipt, report: &Report) -> Result<()> {
    if let Some(verdict) = &report.verdict
        && verdict.outcome() == Outcome::Limited
        && report.receipt.is_some()
    {
        ui.warn(&crate::ui::escape::line(&words::of(verdict).summary));
    }
    if ui.json {
        return ui.document(receipt);
    }
    ui.data(&receipt::text(receipt, ui.out, ui.width))
}

/// A command of ours as it must be typed to reach the same place as this run.
pub fn for_here(run: &Run<'_>, line: &str) -> String {
    let Some(rest) = line.strip_prefix("keywright ") else {
        let program = line.split(' ').next().unwrap_or_default();
        let stands_in = run.context.system.sandbox && sandbox::programs::NAMES.contains(&program);
        let before = if stands_in {
            "keywright sandbox -- "
        } else {
            ""
        };
        return format!("{before}{line}");
    };
    run.context.command_line(rest)
}

/// The flags by which this run begins again.
fn begin(run: &Run<'_>, flow: &Flow) -> String {
    let own = &run.arguments.own;
    match (&own.reauth, &own.reconfigure) {
        (Some(id), _) => format!("--reauth {}", quoted(id)),
        (None, Some(id)) => format!("--reconfigure {}", quoted(id)),
        (None, None) => format!("--flow {}", flow.id),
    }
}

/// The run that gives the same answers without a question. A secret is named by the way to give
/// it, never itself.
fn equivalent(run: &Run<'_>, flow: &Flow, answers: &[(String, Value, Source)]) -> String {
    let own = &run.arguments.own;
    let begin = begin(run, flow);
    let mut line = format!("keywright onboard --non-interactive {begin}");
    let limits = [
        ("--offline", own.offline),
        ("--skip-probe", own.skip_probe && !own.offline),
        ("--allow-insecure-url", own.allow_insecure_url),
    ];
    for (flag, _) in limits.iter().filter(|(_, given)| *given) {
        line.push(' ');
        line.push_str(flag);
    }
    if place(answers).is_some() {
        line.push_str(" --secret-input-mode ref");
    }
    // A risk stands on every way to a commit, so it was accepted.
    let risks = flow
        .steps
        .iter()
        .filter_map(|step| step.note.as_ref()?.risk.as_deref());
    for risk in risks {
        line.push_str(" --accept-risk=");
        line.push_str(risk);
    }
    let mut done: Vec<&str> = Vec::new();
    for answer in declared(flow) {
        let given = answers.iter().find(|(name, ..)| name == answer.variable);
        let Some((name, value, source)) = given.filter(|(name, ..)| !done.contains(&name.as_str()))
        else {
            continue;
        };
        let found = matches!(source, Source::Default | Source::Detected | Source::Stored);
        if found || is_default(&answer, value) {
            continue;
        }
        if let Some(word) = word(&answer, value, source) {
            done.push(name);
            line.push(' ');
            line.push_str(&word);
        }
    }
    line
}

/// Whether a run without questions takes this value by itself.
fn is_default(answer: &declared::Declared<'_>, value: &Value) -> bool {
    let default = match answer.kind {
        declared::Kind::Choose { unattended, .. } | declared::Kind::YesNo { unattended } => {
            unattended
        }
        declared::Kind::Text { .. } => {
            let ask = answer.step.ask.as_ref();
            ask.and_then(|ask| ask.default.as_deref())
        }
        declared::Kind::Secret { .. } => None,
    };
    default.is_some() && default == value.as_text()
}

fn word(answer: &declared::Declared<'_>, value: &Value, source: &Source) -> Option<String> {
    if let declared::Kind::Choose { options, .. } = answer.kind {
        let chosen = options
            .iter()
            .find(|option| value.as_text() == Some(&option.value));
        if let Some(flag) = chosen.and_then(|option| option.flag.as_deref()) {
            return Some(format!("--{}", without_dashes(flag)));
        }
    }
    let flag = answer.flag()?;
    Some(match (answer.kind, value) {
        (declared::Kind::Secret { .. }, _) => match source {
            Source::Environment(name) => format!("--{flag}-env {name}"),
            Source::Place(place) => {
                let (way, value) = place.flag();
                format!("--{flag}-{way} {}", quoted(&value))
            }
            _ => format!("--{flag}-stdin"),
        },
        (declared::Kind::YesNo { .. }, value) => format!("--{flag}={}", value.as_text()?),
        (_, value) => format!("--{flag} {}", quoted(value.as_text()?)),
    })
}
