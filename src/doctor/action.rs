//! What `doctor --fix` can do by itself, as data: a remedy names its actions beside the lines that a
//! person would type. `fix` turns them into changes of files and never guesses: an action that does
//! not find what it names is refused.

use serde::{Serialize, Serializer};
use serde_json::Value;

/// One thing that the fix does. Paths are absolute. Exactly one of these keys in JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum Action {
    /// Gives a file or folder, for a link what it leads to, these permission bits.
    SetMode {
        path: String,
        /// Octal digits in JSON.
        #[serde(serialize_with = "octal")]
        #[cfg_attr(test, schemars(with = "String"))]
        mode: u32,
    },
    /// Lets whoever may read a program execute it.
    AllowExecution { path: String },
    /// Takes the line, counted from 1, out of a start-up file that defines this name and does nothing
    /// else.
    RemoveDefinition {
        path: String,
        line: usize,
        name: String,
    },
    /// Sets the value at a path of keys in a JSON or JSON5 document. The file is made, 0600, where
    /// there is none.
    SetKey {
        path: String,
        keys: Vec<String>,
        #[cfg_attr(test, schemars(with = "Value"))]
        value: Value,
    },
    /// Takes a key with its value out of a JSON or JSON5 document.
    RemoveKey { path: String, keys: Vec<String> },
    /// Takes the entry at an index, which must begin on this line, counted from 1, out of a list in
    /// a JSON5 document.
    RemoveEntry {
        path: String,
        keys: Vec<String>,
        index: usize,
        line: usize,
    },
    /// Gives a managed line of our `.env` the key that its profile holds.
    RenewLine {
        path: String,
        variable: String,
        profile: String,
    },
    /// Takes a variable out of our `.env`, with the comment that marks it as managed.
    RemoveLine { path: String, variable: String },
    /// Writes the value that this process has for a variable to a `.env`, which is made, 0600,
    /// where there is none.
    SetVariable { path: String, variable: String },
    /// Makes a file, 0600, that is not there, and its folder.
    Create { path: String, text: String },
    /// Gives a file another name beside it, where nothing stands.
    MoveAway { path: String, to: String },
    /// Puts a copy of a file where nothing stands any more.
    Copy { from: String, path: String },
    /// Finishes or takes back what was cut off in our home, and forgets changes that are too old to
    /// be kept, with the secrets in them.
    PruneHistory,
    /// A line that a person types afterwards, since the fix starts no program.
    Afterwards { command: String },
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the form that serde asks for"
)]
fn octal<S: Serializer>(mode: &u32, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&format!("{mode:04o}"))
}
