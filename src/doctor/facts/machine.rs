//! What kind of machine this is, so that remedies fit it. Always collected; costs nothing.

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Machine {
    /// `linux`, `macos`, `windows`, …
    pub os: String,
    /// The processor that this program was built for: `x86_64`, `aarch64`, …
    pub processor: String,
    pub shell: Shell,
    /// The user id this process acts as; 0 where the system has none.
    pub user: u32,
    /// `HOME` (Windows: `USERPROFILE`); `None` when it is not set.
    pub home: Option<String>,
    /// The session came in over SSH.
    pub ssh: bool,
    pub container: bool,
    pub wsl: bool,
    /// A browser started here has a screen to show itself on.
    pub display: bool,
}

/// The user's shell, from `SHELL`: decides how a line to type is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Shell {
    Bash,
    Zsh,
    Fish,
    PowerShell,
    /// POSIX is assumed.
    #[default]
    Other,
}

impl Shell {
    /// A word of a line to type, quoted where this shell needs it.
    #[must_use]
    pub fn word(self, text: &str) -> String {
        let plain = |c: char| c.is_ascii_alphanumeric() || "/._-:@%+,".contains(c);
        if !text.is_empty() && text.chars().all(plain) {
            return text.to_owned();
        }
        match self {
            Self::Fish => format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'")),
            Self::PowerShell => format!("'{}'", text.replace('\'', "''")),
            Self::Bash | Self::Zsh | Self::Other => format!("'{}'", text.replace('\'', "'\\''")),
        }
    }

    /// How a line to type refers to a variable's value, as one word.
    #[must_use]
    pub fn reference(self, name: &str) -> String {
        match self {
            Self::PowerShell => format!("$env:{name}"),
            Self::Bash | Self::Zsh | Self::Fish | Self::Other => format!("\"${name}\""),
        }
    }

    /// The line that removes a variable from the running shell.
    #[must_use]
    pub fn unset(self, name: &str) -> String {
        match self {
            Self::Fish => format!("set -e {name}"),
            Self::PowerShell => format!("Remove-Item Env:{name}"),
            Self::Bash | Self::Zsh | Self::Other => format!("unset {name}"),
        }
    }

    /// The line that sets a variable in the running shell; `value` is used as it is written here.
    #[must_use]
    pub fn export(self, name: &str, value: &str) -> String {
        match self {
            Self::Fish => format!("set -gx {name} {value}"),
            Self::PowerShell => format!("$env:{name} = \"{value}\""),
            Self::Bash | Self::Zsh | Self::Other => format!("export {name}={value}"),
        }
    }

    /// The line that puts a folder first on `PATH` for good, such as `$HOME/.local/bin`.
    #[must_use]
    pub fn prepend_path(self, folder: &str) -> String {
        match self {
            Self::Fish => format!("fish_add_path {folder}"),
            Self::PowerShell => format!("$env:PATH = \"{folder};$env:PATH\""),
            Self::Zsh => format!("echo 'export PATH=\"{folder}:$PATH\"' >> ~/.zshrc"),
            Self::Bash => format!("echo 'export PATH=\"{folder}:$PATH\"' >> ~/.bashrc"),
            Self::Other => format!("echo 'export PATH=\"{folder}:$PATH\"' >> ~/.profile"),
        }
    }
}
