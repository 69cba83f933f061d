//! The `claude` programs on this machine. Method and version are told by where a path leads,
//! never by the folder it stands in.

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Claude {
    /// Each real program once: those on `PATH` in its order, then those in the usual places. So
    /// the first one with `on_path` is the one a shell starts.
    pub installs: Vec<Install>,
    /// Folders that were searched beside `PATH`.
    pub searched: Vec<String>,
}

impl Claude {
    /// The one a shell starts.
    #[must_use]
    pub fn winner(&self) -> Option<&Install> {
        self.installs.iter().find(|install| install.on_path)
    }
}

/// One program.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Install {
    /// Where it was found first.
    pub path: String,
    /// Other paths that lead to the same program.
    pub also: Vec<String>,
    /// Where the path leads; `None` when it leads nowhere.
    pub real: Option<String>,
    pub on_path: bool,
    pub method: Method,
    /// From the link's target or `package.json`, without running it.
    pub version: Option<String>,
    /// What system the program is for, told by its first bytes.
    pub built_for: BuiltFor,
    pub ran: Ran,
}

impl Install {
    /// The version, from the program itself if it was run, else from its files.
    #[must_use]
    pub fn known_version(&self) -> Option<&str> {
        match &self.ran {
            Ran::Version(version) => Some(version),
            _ => self.version.as_deref(),
        }
    }
}

/// How it was installed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// `~/.local/share/claude/versions/<version>`
    Native,
    /// `…/node_modules/@anthropic-ai/claude-code/…`
    Npm,
    /// `~/.claude/local/…`
    LegacyLocal,
    Homebrew,
    /// A distribution's package, below `/usr`.
    System,
    #[default]
    Unknown,
}

/// The system and processor that a program was built for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum BuiltFor {
    /// A script, or a form that is not known: nothing can be said.
    #[default]
    Any,
    Linux {
        /// As `machine.processor`; `None` for one that is not known.
        processor: Option<String>,
        /// The program that has to load it, when that is not on this machine.
        missing_loader: Option<String>,
    },
    Windows,
    #[serde(rename = "macos")]
    MacOs,
}

/// What came of `claude --version`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "how", content = "what")]
pub enum Ran {
    /// Not tried: it is not the one a shell starts, and its version is known from its files.
    #[default]
    NotTried,
    /// It runs, and this is its version (`2.1.329`).
    Version(String),
    /// It ran and ended well, but what it said is no version: its first line, at most 200 characters.
    NoVersion(String),
    /// It ended with this exit code, or by a signal, and its first line of stderr.
    Failed { code: Option<i32>, says: String },
    /// npm's placeholder: the native program was not installed.
    Placeholder,
    /// It did not end in time and was killed.
    TimedOut,
    /// The path is a link that leads nowhere.
    Dangling,
    /// The file may not be executed.
    NotExecutable,
    /// The system refused to start it, in words.
    CannotStart(String),
}

/// `2.1.329` as numbers that can be compared; what follows the third number is ignored.
#[must_use]
pub fn parse_version(text: &str) -> Option<(u32, u32, u32)> {
    let mut parts = text.trim().splitn(3, '.');
    let mut number = |last: bool| {
        let part = parts.next()?;
        let end = part
            .find(|c: char| !c.is_ascii_digit())
            .filter(|_| last)
            .unwrap_or(part.len());
        part[..end].parse::<u32>().ok()
    };
    Some((number(false)?, number(false)?, number(true)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions() {
        let check = |text, expected| assert_eq!(parse_version(text), expected, "{text}");
        check("2.1.329", Some((2, 1, 329)));
        check("2.1.329 (Claude Code)", Some((2, 1, 329)));
        check("2.1.0-beta.1", Some((2, 1, 0)));
        check("2.1", None);
        check("v2.1.0", None);
        check("2.x.0", None);
        check("99999999999.0.0", None);
        check("", None);
    }
}
