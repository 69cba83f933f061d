//! Effects become changes and a diff that a person can read. Pure: the targets' texts come in as a
//! snapshot, and a plan holds no time and no random value; times are added at commit.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Serialize;

mod documents;
mod profiles;
mod resolve;

pub use resolve::resolve;
use zeroize::Zeroizing;

pub use crate::document::diff::{Line, Sign};
use crate::document::diff::{line, shown};
use crate::error::Result;
use crate::secret::Secret;
use crate::store::{Credential, ProfileId};

/// A file that an effect can change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Target {
    /// The profiles of the agent.
    Store,
    /// `config.json5`.
    Config,
    /// `.env`.
    EnvFile,
    /// The `.env` of OpenClaw's services, where a line in it is managed.
    OpenclawEnv,
    /// The same of Clawdbot's.
    ClawdbotEnv,
}

/// An effect with its values.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Stores a credential.
    PutCredential {
        profile: ProfileId,
        credential: Credential,
        /// The host it is meant for, where that is not the provider's own.
        base_url: Option<String>,
        /// How long it lasts from the commit on, for a token.
        lifetime: Option<Lifetime>,
        /// A probe accepted it in this run: the time of the commit is noted.
        verified: bool,
    },
    /// Names a place that a reference leads to: an entry of `secrets.providers`.
    NameProvider {
        name: String,
        entry: serde_json::Value,
    },
    RemoveCredential {
        profile: ProfileId,
    },
    /// Sets the model used by default.
    SetDefault {
        model: String,
    },
    /// Puts the profile first among its provider's.
    SetOrder {
        profile: ProfileId,
    },
    /// Writes a managed line of `.env`.
    WriteEnv {
        name: String,
        value: Secret,
        profile: ProfileId,
    },
    /// Readable by its owner alone.
    SetMode {
        target: Target,
    },
    /// Sets one value of a document.
    EditDocument {
        target: Target,
        path: String,
        value: String,
    },
}

/// How long a token lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetime {
    pub seconds: i64,
    /// Nobody said so.
    pub assumed: bool,
}

/// What the targets look like now.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    pub targets: BTreeMap<Target, TargetState>,
}

/// One target.
#[derive(Clone)]
pub struct TargetState {
    pub path: PathBuf,
    /// `None` where there is no such file. May hold secrets.
    pub text: Option<Zeroizing<String>>,
    /// Permission bits; 0 where there is no file or the system has none.
    pub mode: u32,
}

impl std::fmt::Debug for TargetState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The text may hold secrets.
        f.debug_struct("TargetState")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

/// What would be done.
#[derive(Clone, Debug)]
pub struct Plan {
    /// One per file that changes, in a fixed order.
    pub changes: Vec<FileChange>,
}

/// The change of one file.
#[derive(Clone, Debug)]
pub struct FileChange {
    pub target: Target,
    pub path: PathBuf,
    /// The file does not exist yet.
    pub creates: bool,
    /// Permission bits before and after, where they change.
    pub mode: Option<(u32, u32)>,
    pub lines: Vec<Line>,
}

impl Plan {
    /// Everything is as the effects want it already.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }
}

/// The new content of one target.
#[derive(Clone, Debug)]
pub struct Written {
    pub target: Target,
    pub path: PathBuf,
    pub bytes: Zeroizing<Vec<u8>>,
}

/// Plans `effects` against what is there. Given the same effects and the same snapshot the plan is
/// the same to the byte.
///
/// # Errors
/// `Malformed` when a target cannot be understood; then nothing may be written.
pub fn plan(effects: &[Effect], snapshot: &Snapshot) -> Result<Plan> {
    let mut changes = Vec::new();
    for (target, state) in &snapshot.targets {
        let outcome = outcome(effects, (*target, state), None)?;
        let touched = !outcome.lines.is_empty();
        let mode = mode(effects, (*target, state), touched);
        if touched || mode.is_some() {
            changes.push(FileChange {
                target: *target,
                path: state.path.clone(),
                creates: state.text.is_none(),
                mode,
                lines: outcome.lines,
            });
        }
    }
    Ok(Plan { changes })
}

/// The new content of every target that a plan changes, or whose mode it does; `now` (milliseconds
/// since 1970) is the time of the commit.
///
/// # Errors
/// As [`plan`].
pub fn write(effects: &[Effect], snapshot: &Snapshot, now: i64) -> Result<Vec<Written>> {
    let plan = plan(effects, snapshot)?;
    let mut written = Vec::new();
    for change in plan.changes {
        let Some(state) = snapshot.targets.get(&change.target) else {
            continue;
        };
        written.push(Written {
            target: change.target,
            path: change.path,
            bytes: outcome(effects, (change.target, state), Some(now))?.bytes,
        });
    }
    Ok(written)
}

/// What the effects make of one target.
struct Outcome {
    lines: Vec<Line>,
    /// The whole file; as it was where no line changes.
    bytes: Zeroizing<Vec<u8>>,
}

fn outcome(
    effects: &[Effect],
    (target, state): (Target, &TargetState),
    now: Option<i64>,
) -> Result<Outcome> {
    let mut outcome = match target {
        Target::Store => profiles::change(effects, state, now)?,
        Target::Config => documents::config(effects, state)?,
        Target::EnvFile => documents::env_file(effects, state)?,
        Target::OpenclawEnv | Target::ClawdbotEnv => documents::service_file(effects, state)?,
    };
    if outcome.lines.is_empty()
        && let Some(text) = &state.text
    {
        // Written as it is: a change of mode must not reformat the file.
        outcome.bytes = Zeroizing::new(text.as_bytes().to_vec());
    }
    Ok(outcome)
}

/// Readable and writable by its owner alone.
const PRIVATE: u32 = 0o600;

fn mode(
    effects: &[Effect],
    (target, state): (Target, &TargetState),
    touched: bool,
) -> Option<(u32, u32)> {
    let named = effects
        .iter()
        .any(|effect| *effect == Effect::SetMode { target });
    match &state.text {
        None => touched.then_some((0, PRIVATE)),
        // A system without modes says 0.
        Some(_) if state.mode == 0 || state.mode == PRIVATE => None,
        Some(_) => (touched || named).then_some((state.mode, PRIVATE)),
    }
}

#[cfg(test)]
mod tests;
