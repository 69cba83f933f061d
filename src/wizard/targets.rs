//! The files that a plan is about: looking at them, and carrying a plan out. What was looked at is
//! compared again under the lock, so that a concurrent edit is never overwritten.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::detect::Place;
use super::plan::{self, Effect, Snapshot, Target, TargetState};
use crate::document::dotenv::DotEnv;
use crate::error::{Error, Kind, Result};
use crate::store::fingerprint::look as look_at;
use crate::store::{self, Change, Credential, Fingerprint, Receipt, env_files};

/// The targets as they were.
pub struct Seen {
    pub snapshot: Snapshot,
    fingerprints: BTreeMap<Target, Fingerprint>,
}

const OURS: [Target; 3] = [Target::Store, Target::Config, Target::EnvFile];
/// In the order of [`env_files::of_services`].
const OF_SERVICES: [Target; 2] = [Target::OpenclawEnv, Target::ClawdbotEnv];

/// Looks at every target. Creates nothing.
///
/// # Errors
/// As reading the files says.
pub fn look(place: Place<'_>) -> Result<Seen> {
    let mut seen = Seen {
        snapshot: Snapshot::default(),
        fingerprints: BTreeMap::new(),
    };
    for target in OURS {
        let path = path(place, target);
        let found = look_at(place.system.files, &path)?;
        let mut text = None;
        if let Some(found) = found {
            let decoded = std::str::from_utf8(&found.bytes).map_err(|_| not_text(&path))?;
            text = Some(Zeroizing::new(decoded.to_owned()));
            seen.fingerprints.insert(target, found.fingerprint);
        }
        let entry = place.system.files.followed_entry(&path)?;
        let mode = entry.map_or(0, |entry| entry.mode);
        seen.snapshot
            .targets
            .insert(target, TargetState { path, text, mode });
    }
    let services = env_files::of_services(&place.system.environment);
    for (target, path) in OF_SERVICES.into_iter().zip(services) {
        seen.add_service(place, target, path);
    }
    Ok(seen)
}

impl Seen {
    /// Another program's file is a target when a line in it is managed; one that cannot be read
    /// has none.
    fn add_service(&mut self, place: Place<'_>, target: Target, path: PathBuf) {
        let Ok(Some(found)) = look_at(place.system.files, &path) else {
            return;
        };
        let Ok(text) = std::str::from_utf8(&found.bytes) else {
            return;
        };
        if DotEnv::parse(text).managed().next().is_none() {
            return;
        }
        let entry = place.system.files.followed_entry(&path).ok().flatten();
        let state = TargetState {
            path,
            text: Some(Zeroizing::new(text.to_owned())),
            mode: entry.map_or(0, |entry| entry.mode),
        };
        self.snapshot.targets.insert(target, state);
        self.fingerprints.insert(target, found.fingerprint);
    }
}

/// Carries the effects out, all or none.
///
/// # Errors
/// `Conflict` when a target is no longer what was looked at; else what the store says.
pub fn commit(place: Place<'_>, effects: &[Effect], seen: &Seen) -> Result<Receipt> {
    let now = place.system.clock.now().as_millisecond();
    let written = plan::write(effects, &seen.snapshot, now)?;
    let change = |written: plan::Written| {
        let before = seen.fingerprints.get(&written.target).cloned();
        Change::write(written.path, before, written.bytes)
    };
    let changes = written.into_iter().map(change).collect();
    let label = effects.first().map_or("onboard", label);
    store::commit(place.system, place.home, label, changes)
}

/// What the history calls it.
const fn label(effect: &Effect) -> &'static str {
    match effect {
        Effect::PutCredential { credential, .. } => match credential {
            Credential::ApiKey { .. } => "onboard: save an API key",
            Credential::Token { .. } => "onboard: save a setup token",
            Credential::Login { .. } => "onboard: use the Claude Code login",
            _ => "onboard: save Bedrock access",
        },
        _ => "onboard",
    }
}

fn path(place: Place<'_>, target: Target) -> PathBuf {
    match target {
        Target::Store => place.home.store(place.agent),
        Target::Config => place.home.config(),
        _ => place.home.env_file(),
    }
}

fn not_text(path: &Path) -> Error {
    Error::new(
        Kind::Malformed,
        format!("{} is not UTF-8 text", path.display()),
    )
    .path(path)
}
