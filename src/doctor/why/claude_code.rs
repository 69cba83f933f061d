//! Claude Code's choice. The order and what each source costs are those of
//! `consumer::claude_code::outranks`.

use super::{Answer, Candidate, Kind};
use crate::consumer::claude_code::login::Login;
use crate::consumer::claude_code::outranks::{Place, Source, SourceKind};
use crate::doctor::facts::Facts;

const NAME: &str = "Claude Code";

/// Turns what was found into an answer.
#[must_use]
pub fn answer(facts: &Facts) -> Answer {
    let found = &facts.claude_code.sources;
    let mut sources: Vec<Candidate> = found
        .iter()
        .enumerate()
        .map(|(index, source)| candidate(facts, &found[..index], source))
        .collect();
    sources.extend(lost_login(facts, found));
    let winner = facts.claude_code.source_in_use();
    Answer {
        consumer: "claude-code",
        provider: None,
        winner: winner.map(|source| source.name.clone()),
        summary: winner.map_or_else(
            || format!("{NAME} finds no credential here, and asks for a sign-in."),
            |source| format!("{NAME} uses {}, from {}.", title(source), source.place),
        ),
        bill: winner.map(bill),
        sources,
        notes: notes(facts, winner),
    }
}

/// What a cloud switch stands for says more than its name.
fn title(source: &Source) -> String {
    let cloud = match source.name.as_str() {
        "CLAUDE_CODE_USE_BEDROCK" | "CLAUDE_CODE_USE_MANTLE" => "Amazon Bedrock",
        "CLAUDE_CODE_USE_VERTEX" => "Google Vertex AI",
        "CLAUDE_CODE_USE_FOUNDRY" => "Microsoft Foundry",
        "CLAUDE_CODE_USE_ANTHROPIC_AWS" => "Anthropic's service on AWS",
        _ if source.kind == SourceKind::Login => return "its own login".to_owned(),
        name => return name.to_owned(),
    };
    format!("{cloud} because of {}", source.name)
}

fn bill(source: &Source) -> String {
    format!("It {}.", source.what)
}

const fn kind(source: &Source) -> Kind {
    match source.kind {
        SourceKind::Cloud => Kind::Cloud,
        SourceKind::AuthToken => Kind::Bearer,
        SourceKind::ApiKey | SourceKind::ManagedKey => Kind::ApiKey,
        SourceKind::Helper => Kind::Helper,
        SourceKind::OauthToken => Kind::Token,
        SourceKind::Profile | SourceKind::ActiveProfile => Kind::Identity,
        SourceKind::Login => Kind::Login,
    }
}

fn candidate(facts: &Facts, before: &[Source], source: &Source) -> Candidate {
    let login = facts.claude_code.login.as_ref();
    let value = match source.kind {
        SourceKind::Login => login.and_then(held),
        _ => source.masked.clone(),
    };
    let would_need = if source.active {
        Vec::new()
    } else {
        overriding(facts, source)
            .into_iter()
            .chain(needs(facts, before))
            .collect()
    };
    Candidate {
        name: source.name.clone(),
        kind: kind(source),
        value,
        place: place(facts, source),
        wins: source.active,
        obstacle: None,
        bill: bill(source),
        would_need,
    }
}

/// Plan and end of a login.
fn held(login: &Login) -> Option<String> {
    let end = login
        .ends()
        .map(|end| format!("until {}", end.strftime("%Y-%m-%d")));
    let parts: Vec<String> = std::iter::once(login.holder())
        .filter(|holder| !holder.is_empty())
        .chain(end)
        .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn place(facts: &Facts, source: &Source) -> String {
    match &source.place {
        Place::Environment => super::environment(&source.name, &facts.start_up),
        Place::Setting { path, key } => format!("{}, {key}", path.display()),
        Place::File(path) => path.display().to_string(),
        Place::Keychain => "macOS Keychain".to_owned(),
    }
}

/// What has to go so that the one behind these is taken.
fn needs(facts: &Facts, before: &[Source]) -> Vec<String> {
    let counts = before.iter().filter(|source| !source.overridden);
    counts.map(|source| removal(facts, source)).collect()
}

/// The setting that has the last word on a variable.
fn overriding(facts: &Facts, source: &Source) -> Option<String> {
    if !source.overridden || source.place != Place::Environment {
        return None;
    }
    let (file, _) = facts.claude_code.setting(&source.name)?;
    Some(format!(
        "Remove `env.{}` from {}, which comes before the environment.",
        source.name, file.path
    ))
}

fn removal(facts: &Facts, source: &Source) -> String {
    let name = &source.name;
    match &source.place {
        Place::Environment => super::take_away(facts, name),
        Place::Setting { path, key } => format!("Remove `{key}` from {}.", path.display()),
        Place::File(path) if source.kind == SourceKind::ManagedKey => {
            format!("Remove `{name}` from {}.", path.display())
        }
        Place::File(_) | Place::Keychain => "Sign out with `claude auth logout`.".to_owned(),
    }
}

/// A login that is there and cannot be used.
fn lost_login(facts: &Facts, found: &[Source]) -> Option<Candidate> {
    let login = facts.claude_code.login()?;
    if login.standing.is_usable() {
        return None;
    }
    let words = login.words(facts.now);
    let mut would_need = needs(facts, found);
    would_need.extend(words.advice.iter().map(|advice| advice.text.clone()));
    Some(Candidate {
        name: "login".to_owned(),
        kind: Kind::Login,
        value: held(login),
        place: login.path.display().to_string(),
        wins: false,
        obstacle: Some(words.title.to_owned()),
        bill: Kind::Login.bill().to_owned(),
        would_need,
    })
}

/// What else has a say: how Bedrock is reached, and what is to be known of the one that wins.
fn notes(facts: &Facts, winner: Option<&Source>) -> Vec<String> {
    let mut notes: Vec<String> = winner
        .and_then(|source| source.note.clone())
        .into_iter()
        .collect();
    let bedrock = winner.is_some_and(|source| source.name == "CLAUDE_CODE_USE_BEDROCK");
    if !bedrock {
        return notes;
    }
    notes.push(match facts.aws.credentials.first() {
        Some(credential) => format!("AWS is reached with {}.", credential.place),
        None => "No AWS credential was found: `keywright doctor --only aws` says what is missing."
            .to_owned(),
    });
    if let Some(region) = &facts.aws.region {
        notes.push(format!(
            "The region is {}, from {}.",
            region.value, region.source
        ));
    }
    notes
}
