//! Our own folder and what is in it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::store::config::Ignore;
use crate::system::files::Entry;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Home {
    /// Its path; `None` when none can be derived (no `HOME`).
    pub path: Option<String>,
    /// The agent whose store was read.
    pub agent: String,
    /// Our folders and files, those that are not there too, parents before children.
    pub paths: Vec<PathFact>,
    pub store: Document,
    pub config: Document,
    /// The configuration's `doctor.ignore`.
    pub ignored: Vec<Ignore>,
    /// The configuration's `agents.defaults.model.primary`.
    pub default_model: Option<String>,
    pub pending: Pending,
    /// What is to be said of single settings.
    pub settings: Vec<SettingRemark>,
    /// Managed lines of `.env`.
    pub managed: Vec<ManagedLine>,
    /// Profiles that end, those inherited from `main` among them.
    pub ending: Vec<Ending>,
    /// What ends within these milliseconds ends soon; `None` stands for a day.
    pub warn_within: Option<i64>,
    /// What the journal holds of secrets that were removed long ago.
    pub removed: Option<Removed>,
}

/// A profile whose credential ends.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Ending {
    pub id: String,
    /// `token` or `aws`.
    pub kind: String,
    /// Milliseconds since 1970.
    pub expires: i64,
    /// The end was not told but assumed: one year after it was made.
    pub assumed: bool,
    /// The agent it is inherited from.
    pub inherited_from: Option<String>,
}

/// Entries of the journal older than it keeps them, with keys that are in use no more.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Removed {
    pub entries: usize,
    /// The oldest one's time.
    pub since: Timestamp,
}

impl Home {
    /// The path of that role.
    #[must_use]
    pub fn path_of(&self, role: PathRole) -> Option<&PathFact> {
        self.paths.iter().find(|fact| fact.role == role)
    }
}

/// One of our folders or files.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PathFact {
    pub path: String,
    pub role: PathRole,
    /// Read without following links; `None` when nothing is there.
    pub entry: Option<Entry>,
    /// What a link leads to, when `entry` is a link that leads somewhere.
    pub behind: Option<Entry>,
    /// The system's words, when it does not tell.
    pub problem: Option<String>,
}

impl PathFact {
    /// It is there, or something that could not be looked at is.
    #[must_use]
    pub const fn present(&self) -> bool {
        self.entry.is_some() || self.problem.is_some()
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PathRole {
    /// The nearest folder above ours that is there; not ours to change.
    Parent,
    #[default]
    Home,
    AgentsFolder,
    AgentFolder,
    Store,
    /// The store of another agent.
    OtherStore,
    Config,
    EnvFile,
    StateFolder,
    /// A journal file or another file in the state folder.
    StateFile,
}

impl PathRole {
    /// Whether it must be a folder; else it must be a regular file.
    #[must_use]
    pub const fn is_folder(self) -> bool {
        matches!(
            self,
            Self::Parent | Self::Home | Self::AgentsFolder | Self::AgentFolder | Self::StateFolder
        )
    }
}

/// A file of ours that has a form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Document {
    pub path: String,
    pub state: DocumentState,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum DocumentState {
    #[default]
    Absent,
    /// Understood.
    Good,
    /// Not understood. `why` quotes no value.
    Malformed {
        why: String,
        /// From 1.
        line: Option<u32>,
        /// From 1.
        column: Option<u32>,
    },
    /// Not read: the system refused, or it is no regular file.
    Unreadable { why: String },
}

/// A setting that is wrong, or with something to know about it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SettingRemark {
    /// Its name, as `config set` takes it.
    pub key: String,
    /// From 1.
    pub line: usize,
    /// A fragment that fits behind the name.
    pub what: String,
    /// It does not do what it says.
    pub wrong: bool,
    /// What it should be, where that is known.
    pub right: Option<String>,
}

/// Work that another run has not finished.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Pending {
    /// The journal of a write that did not come to its end.
    pub journal: Option<String>,
    /// Who holds the lock right now, such as `process 4711`.
    pub lock_holder: Option<String>,
}

/// A line of `.env` that we keep equal to a profile.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ManagedLine {
    pub file: String,
    /// From 1.
    pub line: usize,
    pub variable: String,
    pub profile: String,
    /// Of the line's value.
    pub fingerprint: String,
    /// Of the profile's secret; `None` when there is no such profile, or it holds none itself.
    pub profile_fingerprint: Option<String>,
    /// There is such a profile.
    pub profile_exists: bool,
}
