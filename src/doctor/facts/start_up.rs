//! What the start-up files of the user's shell define. They are read, never run.

use serde::{Deserialize, Serialize};

use super::value::Value;

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

    /// Where a variable is set for the sessions of that kind; the last place counts.
    #[must_use]
    pub fn for_session(&self, name: &str, read_by: fn(Sessions) -> bool) -> Option<&Definition> {
        let here = |found: &&Definition| found.name == name && read_by(found.sessions);
        self.definitions
            .iter()
            .rev()
            .filter(|found| found.what == Defines::Variable)
            .find(here)
    }
}

/// Which kinds of session read a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Sessions {
    /// A shell that somebody logged in to: a console, SSH with a terminal, some desktops.
    pub login: bool,
    /// A login shell that runs one command: `bash -lc …`.
    pub login_command: bool,
    /// A shell in a terminal window.
    pub interactive: bool,
    /// A shell that runs one command or a script: `bash -c …`.
    pub command: bool,
    /// A command over SSH: `ssh host claude`.
    pub ssh: bool,
}

impl Sessions {
    /// Those of either.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self {
            login: self.login || other.login,
            login_command: self.login_command || other.login_command,
            interactive: self.interactive || other.interactive,
            command: self.command || other.command,
            ssh: self.ssh || other.ssh,
        }
    }

    /// Those of them that somebody types into.
    #[must_use]
    pub const fn typed_into(self) -> Self {
        Self {
            login_command: false,
            command: false,
            ssh: false,
            ..self
        }
    }

    /// In words, after "read by".
    #[must_use]
    pub fn words(self) -> String {
        let kinds = [
            (self.login, "login shells"),
            (self.interactive, "interactive shells"),
            (self.command, "scripts"),
            (self.ssh, "commands over SSH"),
        ];
        let named: Vec<&str> = kinds.iter().filter(|k| k.0).map(|k| k.1).collect();
        if named.is_empty() {
            "no shell".to_owned()
        } else {
            named.join(", ")
        }
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
    /// What a variable is set to, where that is written out.
    #[serde(default)]
    pub value: Option<Value>,
    /// Who reads the line.
    #[serde(default)]
    pub sessions: Sessions,
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
