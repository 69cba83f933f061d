//! The files that a plan is about: looking at them, and carrying a plan out. What was looked at is
//! compared again under the lock, so that a concurrent edit is never overwritten.

use std::collections::BTreeMap;
use std::path::PathBuf;

use zeroize::Zeroizing;

use super::detect::Place;
use super::plan::{Effect, Snapshot, Target, TargetState};
use crate::document::dotenv::DotEnv;
use crate::document::json5::Json5;
use crate::error::{Error, Kind, Result};
use crate::store::fingerprint::look as look_at;
use crate::store::{
    Change, Credential, Fingerprint, Profile, Profiles, Receipt, SecretSource, commit as commit_to,
};
use crate::system::files::BYTE_ORDER_MARK;

/// Where the default model stands in the configuration.
const DEFAULT_MODEL: [&str; 4] = ["agents", "defaults", "model", "primary"];

/// The targets as they were.
pub struct Seen {
    pub snapshot: Snapshot,
    fingerprints: BTreeMap<Target, Fingerprint>,
}

const ALL: [Target; 3] = [Target::Store, Target::Config, Target::EnvFile];

/// Looks at every target. Creates nothing.
///
/// # Errors
/// As reading the files says.
pub fn look(place: Place<'_>) -> Result<Seen> {
    let mut seen = Seen {
        snapshot: Snapshot::default(),
        fingerprints: BTreeMap::new(),
    };
    for target in ALL {
        let path = path(place, target);
        let found = look_at(place.system.files, &path)?;
        let mut text = None;
        if let Some(found) = found {
            let decoded = std::str::from_utf8(&found.bytes).map_err(|_| not_text(&path))?;
            let decoded = decoded.strip_prefix(BYTE_ORDER_MARK).unwrap_or(decoded);
            text = Some(Zeroizing::new(decoded.to_owned()));
            seen.fingerprints.insert(target, found.fingerprint);
        }
        let entry = place.system.files.followed_entry(&path)?;
        let mode = entry.map_or(0, |entry| entry.mode);
        seen.snapshot
            .targets
            .insert(target, TargetState { path, text, mode });
    }
    Ok(seen)
}

/// Whether carrying the effects out would change a file.
///
/// # Errors
/// As [`commit`], for targets that cannot be understood.
pub fn would_change(place: Place<'_>, effects: &[Effect], seen: &Seen) -> Result<bool> {
    let changes = changes(place, effects, seen)?;
    let changed = |change: &Change| {
        change.after.as_ref().map(|bytes| Fingerprint::of(bytes)) != change.before
    };
    Ok(changes.iter().any(changed))
}

/// Carries the effects out, all or none.
///
/// # Errors
/// `Conflict` when a target is no longer what was looked at; else what the store says.
pub fn commit(place: Place<'_>, effects: &[Effect], seen: &Seen) -> Result<Receipt> {
    let changes = changes(place, effects, seen)?;
    let label = effects.first().map_or("onboard", label);
    commit_to(place.system, place.home, label, changes)
}

/// What the history calls it.
const fn label(effect: &Effect) -> &'static str {
    match effect {
        Effect::PutApiKey { .. } => "onboard: save an API key",
        _ => "onboard",
    }
}

fn path(place: Place<'_>, target: Target) -> PathBuf {
    match target {
        Target::Store => place.home.store(place.agent),
        Target::Config => place.home.config(),
        Target::EnvFile => place.home.env_file(),
    }
}

fn not_text(path: &std::path::Path) -> Error {
    Error::new(
        Kind::Malformed,
        format!("{} is not UTF-8 text", path.display()),
    )
    .path(path)
}

/// The new bytes of every target that an effect touches.
fn changes(place: Place<'_>, effects: &[Effect], seen: &Seen) -> Result<Vec<Change>> {
    let mut changes = Vec::new();
    for (target, state) in &seen.snapshot.targets {
        let text = state.text.as_ref().map_or("", |text| text.as_str());
        let bytes = match target {
            Target::Store => store(place, effects, text, state)?,
            Target::Config => config(effects, text, state)?,
            Target::EnvFile => env_file(effects, text)?,
        };
        let before = seen.fingerprints.get(target).cloned();
        changes.extend(bytes.map(|bytes| Change::write(state.path.clone(), before, bytes)));
    }
    Ok(changes)
}

type Bytes = Option<Zeroizing<Vec<u8>>>;

fn store(place: Place<'_>, effects: &[Effect], text: &str, state: &TargetState) -> Result<Bytes> {
    let mut profiles = match state.text {
        Some(_) => Profiles::parse(text, &state.path)?,
        None => Profiles::default(),
    };
    let now = place.system.clock.now().as_millisecond();
    let mut touched = false;
    for effect in effects {
        match effect {
            Effect::PutApiKey {
                profile: id,
                key,
                base_url,
                verified,
            } => {
                let held = profiles.get(id);
                let stored = Credential::ApiKey {
                    key: SecretSource::Stored(key.clone()),
                };
                let same = held
                    .is_some_and(|held| held.credential == stored && held.base_url == *base_url);
                if same {
                    continue;
                }
                let mut profile = Profile::new(id.provider(), stored);
                profile.base_url.clone_from(base_url);
                profile.created_at = Some(now);
                profile.verified_at = verified.then_some(now);
                profiles.put(id.clone(), profile);
                touched = true;
            }
            Effect::RemoveCredential { profile } => {
                touched |= profiles.remove(profile).is_some();
            }
            Effect::SetOrder { profile } => {
                let order = profiles
                    .order
                    .entry(profile.provider().to_owned())
                    .or_default();
                order.retain(|id| id != profile);
                order.insert(0, profile.clone());
                touched = true;
            }
            _ => {}
        }
    }
    touched.then(|| profiles.render()).transpose()
}

fn config(effects: &[Effect], text: &str, state: &TargetState) -> Result<Bytes> {
    let mut document: Option<Json5> = None;
    for effect in effects {
        let (path, value): (Vec<&str>, &str) = match effect {
            Effect::SetDefault { model } => (DEFAULT_MODEL.to_vec(), model),
            Effect::EditDocument {
                target: Target::Config,
                path,
                value,
            } => (path.split('.').collect(), value),
            _ => continue,
        };
        let open = match document.take() {
            Some(open) => open,
            None => Json5::parse(text).map_err(|problem| problem.into_error(&state.path))?,
        };
        let mut open = open;
        open.set(&path, &serde_json::Value::from(value))?;
        document = Some(open);
    }
    Ok(document.map(|document| document.render()))
}

fn env_file(effects: &[Effect], text: &str) -> Result<Bytes> {
    let mut file: Option<DotEnv> = None;
    for effect in effects {
        if let Effect::WriteEnv {
            name,
            value,
            profile,
        } = effect
        {
            let file = file.get_or_insert_with(|| DotEnv::parse(text));
            file.set_managed(name, value, profile.as_str())?;
        }
    }
    Ok(file.map(|file| file.render()))
}
