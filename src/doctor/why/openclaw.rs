//! OpenClaw's and Clawdbot's choice for Anthropic. The order is that of `consumer::openclaw`.

use super::{Answer, Candidate, Kind, environment, take_away};
use crate::consumer::openclaw::{Found, Kind as SourceKind, Place, Product, Source};
use crate::doctor::facts::Facts;

/// Turns what one of the two has into an answer.
#[must_use]
pub fn answer(found: &Found, facts: &Facts) -> Answer {
    let usable = |source: &&Source| source.obstacle.is_none();
    let winner = found.sources.iter().find(usable);
    let name = found.product.name();
    let sources = found.sources.iter().enumerate().map(|(index, source)| {
        let wins = winner.is_some_and(|winner| std::ptr::eq(winner, source));
        candidate(found, facts, index, source, wins)
    });
    Answer {
        consumer: found.product.id(),
        provider: Some("anthropic".to_owned()),
        winner: winner.map(|source| source.name.clone()),
        summary: winner.map_or_else(
            || format!("{name} finds no credential for Anthropic here."),
            |source| {
                format!(
                    "{name} uses {} for Anthropic, from {}.",
                    source.name,
                    from(found, facts, source)
                )
            },
        ),
        bill: winner.map(|source| kind(source).bill().to_owned()),
        sources: sources.collect(),
        notes: notes(found, winner),
    }
}

/// When neither has a folder here.
#[must_use]
pub fn nothing() -> Answer {
    Answer {
        consumer: Product::OpenClaw.id(),
        provider: Some("anthropic".to_owned()),
        winner: None,
        summary: "Neither OpenClaw nor Clawdbot has a folder here.".to_owned(),
        bill: None,
        sources: Vec::new(),
        notes: Vec::new(),
    }
}

const fn kind(source: &Source) -> Kind {
    match source.kind {
        SourceKind::ApiKey => Kind::ApiKey,
        SourceKind::Token => Kind::Token,
        SourceKind::Login => Kind::Login,
    }
}

fn place(found: &Found, facts: &Facts, source: &Source) -> String {
    match &source.place {
        Place::Runtime { model } => {
            format!("{}, agentRuntime of {model}", found.config.display())
        }
        Place::Profile(path) | Place::ClaudeCode(path) | Place::EnvFile(path) => {
            path.display().to_string()
        }
        Place::Process => environment(&source.name, &facts.start_up),
        Place::Setting(key) => format!("{}, {key}", found.config.display()),
    }
}

/// The same in a sentence.
fn from(found: &Found, facts: &Facts, source: &Source) -> String {
    let at = place(found, facts, source);
    match source.place {
        Place::Process => format!("the {at}"),
        _ => at,
    }
}

fn candidate(found: &Found, facts: &Facts, index: usize, source: &Source, wins: bool) -> Candidate {
    let kind = kind(source);
    Candidate {
        name: source.name.clone(),
        kind,
        value: source.value.clone(),
        place: place(found, facts, source),
        wins,
        obstacle: source.obstacle.as_ref().map(|why| format!("it {why}")),
        bill: kind.bill().to_owned(),
        would_need: if wins {
            Vec::new()
        } else {
            needs(found, facts, index)
        },
    }
}

/// What has to be done so that the source at `index` is taken.
fn needs(found: &Found, facts: &Facts, index: usize) -> Vec<String> {
    let source = &found.sources[index];
    let program = found.product.id();
    let obstacle = source.obstacle.as_ref();
    let mut steps: Vec<String> = obstacle
        .map(|why| format!("Mend it first: it {why}."))
        .into_iter()
        .collect();
    let before = found.sources[..index].iter();
    let before = before.filter(|other| other.obstacle.is_none());
    if matches!(source.place, Place::Profile(_) | Place::ClaudeCode(_)) {
        // Among profiles the order decides; what stands before all of them has to go.
        let runtime = before.filter(|other| matches!(other.place, Place::Runtime { .. }));
        steps.extend(runtime.map(|other| removal(found, facts, other)));
        steps.push(format!(
            "`{program} models auth order set --provider anthropic {}`",
            facts.machine.shell.word(&source.name)
        ));
        return steps;
    }
    steps.extend(before.map(|other| removal(found, facts, other)));
    steps
}

/// What takes a source away.
fn removal(found: &Found, facts: &Facts, source: &Source) -> String {
    let (name, product) = (&source.name, found.product);
    let config = found.config.display();
    match &source.place {
        Place::Runtime { model } => {
            format!("Remove `agentRuntime` of {model} from {config}.")
        }
        Place::Profile(_) if product == Product::OpenClaw => format!(
            "`openclaw models auth logout {}`",
            facts.machine.shell.word(name)
        ),
        Place::Profile(path) => format!("Remove `{name}` from {}.", path.display()),
        Place::ClaudeCode(_) => {
            format!("Leave {name} out: name the others in auth.order of {config}.")
        }
        Place::Process => take_away(facts, name),
        Place::EnvFile(path) => format!("Remove {name} from {}.", path.display()),
        Place::Setting(key) => format!("Remove `{key}` from {config}."),
    }
}

/// What else has a say.
fn notes(found: &Found, winner: Option<&Source>) -> Vec<String> {
    let name = found.product.name();
    let mut notes: Vec<String> = found
        .problems
        .iter()
        .map(|why| format!("Not everything could be read: {why}."))
        .collect();
    if found.database {
        notes.push(format!(
            "{name} keeps its profiles in a database, which is not read here: the profiles are those that {} names, and `openclaw models status` tells what they hold.",
            found.config.display()
        ));
    }
    match winner {
        Some(Source { place: Place::Process, .. }) => notes.push(format!(
            "This holds for a {name} that is started here: its gateway service has an environment of its own."
        )),
        Some(Source { place: Place::ClaudeCode(_), .. }) => notes.push(
            "Clawdbot copies the login of Claude Code and renews it by itself, and a refresh token works once: one of the two programs may be signed out."
                .to_owned(),
        ),
        _ => {}
    }
    let subscription = winner.is_some_and(|source| {
        source.kind != SourceKind::ApiKey && !matches!(source.place, Place::Runtime { .. })
    });
    if subscription {
        notes.push(
            "A subscription is meant for Claude Code: the API may refuse it in another program (API-007)."
                .to_owned(),
        );
    }
    if let Some(good) = &found.last_good {
        notes.push(format!(
            "{good} worked last (lastGood); the order does not depend on that."
        ));
    }
    if !found.rotated.is_empty() {
        notes.push(format!(
            "{} set, too: {name} turns to such keys where it rotates keys after a rate limit.",
            match found.rotated.as_slice() {
                [one] => format!("{one} is"),
                several => format!("{} are", several.join(" and ")),
            }
        ));
    }
    if !found.agents.is_empty() {
        notes.push(format!(
            "This is about the agent main; these have a store of their own: {}.",
            found.agents.join(", ")
        ));
    }
    notes
}
