//! What the start-up files of the user's shell define. They are read, never run.

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct StartUp {
    /// In the order of the files and lines.
    pub definitions: Vec<Definition>,
}

impl StartUp {
    /// Where a variable is set; the last place counts.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<&Definition> {
        self.definitions
            .iter()
            .rev()
            .find(|found| found.what == Defines::Variable && found.name == name)
    }
}

/// A name that a start-up file gives a meaning to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Definition {
    pub file: String,
    /// From 1.
    pub line: usize,
    pub what: Defines,
    pub name: String,
}

impl Definition {
    /// `file:line`.
    #[must_use]
    pub fn place(&self) -> String {
        format!("{}:{}", self.file, self.line)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Defines {
    /// One that starts something else than the program of its name.
    Alias,
    Function,
    /// A credential, or the choice of one.
    Variable,
}
