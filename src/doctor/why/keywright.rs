//! keywright's own choice, for one provider.

use super::{Answer, Candidate, Kind};
use crate::doctor::facts::StartUp;
use crate::store::select::{Candidate as Found, Origin, Rank, Selection};
use crate::store::sources::Place;
use crate::variables;

/// Turns a selection into an answer; `start_up` tells which file sets a variable.
#[must_use]
pub fn answer(selection: &Selection, start_up: &StartUp) -> Answer {
    let provider = &selection.provider;
    let winner = selection.winner();
    let is_winner = |found: &Found| winner.is_some_and(|w| std::ptr::eq(w, found));
    let sources: Vec<Candidate> = selection
        .candidates
        .iter()
        .map(|found| candidate(found, is_winner(found), start_up))
        .collect();
    let summary = match (winner, selection.effective()) {
        (Some(found), _) => format!(
            "keywright uses {} for {provider}, {}.",
            found.name(),
            found.rank.words()
        ),
        (None, Some(blamed)) if blamed.rank <= Rank::Active => format!(
            "keywright uses nothing for {provider}: {} was chosen, and {}.",
            blamed.name(),
            blamed.obstacle().unwrap_or_default()
        ),
        (None, Some(_)) => {
            format!("keywright uses nothing for {provider}: nothing that is here can be used.")
        }
        (None, None) => format!("keywright has no credential for {provider}."),
    };
    Answer {
        consumer: "keywright",
        provider: Some(provider.clone()),
        winner: winner.map(|found| found.name().to_owned()),
        summary,
        bill: winner.map(|found| kind(found).bill().to_owned()),
        sources,
        notes: Vec::new(),
    }
}

fn candidate(found: &Found, wins: bool, start_up: &StartUp) -> Candidate {
    let kind = kind(found);
    Candidate {
        name: found.name().to_owned(),
        kind,
        value: found
            .secret
            .as_ref()
            .filter(|secret| !secret.is_empty())
            .map(crate::secret::Secret::mask)
            .or_else(|| found.is_not_asked().then(|| "not looked at".to_owned())),
        place: place(&found.origin, start_up),
        wins,
        obstacle: found.obstacle(),
        bill: kind.bill().to_owned(),
        would_need: if wins { Vec::new() } else { needs(found) },
    }
}

fn kind(found: &Found) -> Kind {
    let gateway = matches!(
        &found.origin,
        Origin::Variable { name, .. } if name == variables::ANTHROPIC_AUTH_TOKEN
    );
    match found.kind.as_str() {
        "api_key" => Kind::ApiKey,
        "token" if gateway => Kind::Bearer,
        "token" => Kind::Token,
        "oauth" => Kind::Login,
        "aws" => Kind::Aws,
        _ => Kind::Unknown,
    }
}

fn place(origin: &Origin, start_up: &StartUp) -> String {
    match origin {
        Origin::Profile {
            inherited: false, ..
        } => "store".to_owned(),
        Origin::Profile { .. } => "store of the agent main".to_owned(),
        Origin::Variable {
            name,
            place: Place::Process,
        } => super::environment(name, start_up),
        Origin::Variable { place, .. } => place.words().to_owned(),
    }
}

/// What has to be done so that it is the one that is used.
fn needs(found: &Found) -> Vec<String> {
    let mut steps = Vec::new();
    match &found.origin {
        Origin::Profile { id, .. } => {
            steps.push(format!(
                "Name it: `keywright exec --profile {id} -- …`, or set KEYWRIGHT_PROFILE."
            ));
        }
        Origin::Variable { .. } => steps.push(
            "A stored profile comes before the environment: it counts when none can be used."
                .to_owned(),
        ),
    }
    if let Some(obstacle) = found.obstacle()
        && found.reason != crate::store::select::Reason::ExcludedByAuthOrder
    {
        steps.insert(0, format!("Mend it first: {obstacle}."));
    }
    steps
}
