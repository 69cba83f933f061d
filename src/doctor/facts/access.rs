//! Who can get at the files that hold credentials, beside what each program's own facts tell.

use serde::{Deserialize, Serialize};

use crate::system::files::Entry;
use crate::system::files::access_list::Grant;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Access {
    /// The folders above files with credentials, up to the home folder or the root, each once.
    pub folders: Vec<Above>,
    /// Access lists of such files and of their folders, where there is one that lets somebody in.
    pub lists: Vec<AccessList>,
    /// The groups that may do something somewhere in this.
    pub groups: Vec<Group>,
    /// Folders that Kubernetes keeps: a link `..data` in each leads to what it holds now.
    pub mounts: Vec<String>,
    /// The user that stands for all who have no number here; `None` where everybody has one.
    pub nobody: Option<u32>,
    /// The command histories in which a key stands.
    pub histories: Vec<History>,
}

impl Access {
    /// What an access list gives to others there.
    #[must_use]
    pub fn grants(&self, path: &str) -> &[Grant] {
        let list = self.lists.iter().find(|list| list.path == path);
        list.map_or(&[], |list| &list.grants)
    }

    /// It lies in a folder that Kubernetes keeps, or is one.
    #[must_use]
    pub fn is_mounted(&self, path: &str) -> bool {
        let path = std::path::Path::new(path);
        self.mounts.iter().any(|mount| path.starts_with(mount))
    }
}

/// A folder above.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Above {
    /// Without links.
    pub path: String,
    pub entry: Entry,
    /// Whose files lie below, in the order of [`Owner`].
    pub below: Vec<Owner>,
}

/// Whose file it is. Of several below one folder, the first speaks of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Owner {
    Keywright,
    ClaudeCode,
    Aws,
    /// OpenClaw, Clawdbot, cuti.
    Other,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AccessList {
    pub path: String,
    pub grants: Vec<Grant>,
}

/// A group of this machine.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Group {
    pub id: u32,
    /// `None` where the system's own files do not know it, and for a private one, whose name is
    /// that of the user.
    pub name: Option<String>,
    /// Nobody is in it but this user, and root.
    pub private: bool,
}

/// A command history with keys in it. What stands in its lines is not kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct History {
    pub path: String,
    /// The lines with a key, from 1; the first ones where there are many.
    pub lines: Vec<usize>,
    /// How many there are.
    pub count: usize,
    /// How the keys begin, such as `sk-ant-`: all that a line to type needs to find them.
    pub prefixes: Vec<String>,
}
