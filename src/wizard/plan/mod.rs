//! Effects become changes and a diff that a person can read. Pure: the targets' texts come in as a
//! snapshot, and a plan holds no time and no random value; times are added at commit.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Serialize;

mod resolve;

pub use resolve::resolve;

use crate::error::Result;
use crate::secret::Secret;
use crate::store::ProfileId;

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
}

/// An effect with its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Stores an API key.
    PutApiKey {
        profile: ProfileId,
        key: Secret,
        /// The host it is meant for, where that is not the provider's own.
        base_url: Option<String>,
        /// A probe accepted it in this run: the time of the commit is noted.
        verified: bool,
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
    pub text: Option<zeroize::Zeroizing<String>>,
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

/// One line of the diff.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    pub sign: Sign,
    /// The key, with dots between its parts.
    pub key: String,
    /// Values as they may be shown: secrets as mask and fingerprint.
    pub before: Option<String>,
    pub after: Option<String>,
}

/// What becomes of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Sign {
    Added,
    Changed,
    Removed,
}

/// Plans `effects` against what is there. Given the same effects and the same snapshot the plan is
/// the same to the byte.
///
/// # Errors
/// `Malformed` when a target cannot be understood; then nothing may be written.
pub fn plan(effects: &[Effect], snapshot: &Snapshot) -> Result<Plan> {
    let _ = (effects, snapshot);
    Ok(Plan {
        changes: Vec::new(),
    })
}
