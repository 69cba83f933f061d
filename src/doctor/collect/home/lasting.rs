//! How long things last: profiles that end, and the journal's copies of secrets that are gone.

use crate::doctor::collect::access::keys_in_text::keys;
use crate::doctor::facts::{Ending, Removed};
use crate::store::journal::{Journal, KEPT_FOR, Record};
use crate::store::{self, Credential, Home, MAIN, Name, Profile, ProfileId, Profiles};
use crate::system::System;

/// A store is smaller, and what is no store holds none of our keys.
const LIMIT: usize = 1024 * 1024;

/// The profiles that end, with those that an agent takes from `main`.
pub fn ending(system: &System, home: &Home, own: &Profiles, inherits: bool) -> Vec<Ending> {
    let mut found: Vec<Ending> = own
        .profiles
        .iter()
        .filter_map(|(id, p)| ends(id, p))
        .collect();
    let main = Name::parse(MAIN).ok().filter(|_| inherits);
    let main = main.and_then(|main| store::find(system, home, &main).ok().flatten());
    for (id, profile) in main.iter().flat_map(|main| &main.profiles) {
        if own.get(id).is_none() {
            found.extend(ends(id, profile).map(|ending| Ending {
                inherited_from: Some(MAIN.to_owned()),
                ..ending
            }));
        }
    }
    found
}

fn ends(id: &ProfileId, profile: &Profile) -> Option<Ending> {
    let expires = profile.expires().filter(|end| *end > 0)?;
    let assumed = matches!(
        profile.credential,
        Credential::Token {
            expires_assumed: true,
            ..
        }
    );
    Some(Ending {
        id: id.to_string(),
        kind: profile.credential.kind().to_owned(),
        expires,
        assumed,
        inherited_from: None,
    })
}

/// Old entries of the journal with a key that is not in its file any more.
pub fn removed(system: &System, home: &Home) -> Option<Removed> {
    let end = system.clock.now().checked_sub(KEPT_FOR).ok()?;
    let old = Journal::of(system.files, home).older_than(end).ok()?;
    let holding = old
        .iter()
        .filter(|entry| entry.records.iter().any(|record| is_gone(system, record)));
    let since = holding.clone().map(|entry| entry.created).min()?;
    Some(Removed {
        entries: holding.count(),
        since,
    })
}

fn is_gone(system: &System, record: &Record) -> bool {
    let Some(before) = record.before.as_deref().map(Vec::as_slice) else {
        return false;
    };
    let Ok(before) = std::str::from_utf8(before) else {
        return false;
    };
    let now = system.files.read_text(&record.path, LIMIT);
    let now = now.ok().flatten().unwrap_or_default();
    keys(before).any(|key| !now.contains(key))
}
