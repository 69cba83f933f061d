//! Our home folder and the names of everything in it. Knows paths; touches nothing.

use std::path::{Path, PathBuf};

use super::name::Name;
use crate::error::{Error, Kind, Result};
use crate::system::Environment;
use crate::variables;

/// The folder that holds everything of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home(PathBuf);

impl Home {
    /// `--home`, then `KEYWRIGHT_HOME`, then `$XDG_CONFIG_HOME/keywright`, then
    /// `~/.config/keywright` (Windows: `%APPDATA%\keywright`). Relative paths are taken from the
    /// working folder; a relative `XDG_CONFIG_HOME` is ignored, as its specification says.
    ///
    /// # Errors
    /// `Config` when none of these is set.
    pub fn locate(flag: Option<&Path>, environment: &Environment) -> Result<Self> {
        let given = flag
            .map(Path::to_path_buf)
            .or_else(|| environment.path(variables::HOME));
        if let Some(folder) = given {
            return Ok(Self(environment.folder().join(folder)));
        }
        let base = if cfg!(windows) {
            environment.path("APPDATA")
        } else {
            let xdg = environment
                .path("XDG_CONFIG_HOME")
                .filter(|path| path.is_absolute());
            xdg.or_else(|| Some(environment.home()?.join(".config")))
        };
        base.map(|folder| Self(folder.join("keywright")))
            .ok_or_else(|| {
                Error::new(
                    Kind::Config,
                    "cannot tell where to keep credentials: HOME is not set",
                )
                .hint("set HOME, or name a folder with --home DIR or KEYWRIGHT_HOME=DIR.")
            })
    }

    #[must_use]
    pub fn root(&self) -> &Path {
        &self.0
    }

    /// The profiles of one agent.
    #[must_use]
    pub fn store(&self, agent: &Name) -> PathBuf {
        self.agents()
            .join(agent.as_str())
            .join("auth-profiles.json")
    }

    /// One folder per agent.
    #[must_use]
    pub fn agents(&self) -> PathBuf {
        self.0.join("agents")
    }

    #[must_use]
    pub fn config(&self) -> PathBuf {
        self.0.join("config.json5")
    }

    /// The Claude Code configuration folder of an account's own.
    #[must_use]
    pub fn account_login(&self, name: &Name) -> PathBuf {
        self.0.join("accounts").join(name.as_str()).join("claude")
    }

    /// Variables for daemons, in the form of a systemd `EnvironmentFile`.
    #[must_use]
    pub fn env_file(&self) -> PathBuf {
        self.0.join(".env")
    }

    /// Lock, journal and resume file.
    #[must_use]
    pub fn state(&self) -> PathBuf {
        self.0.join("state")
    }

    /// When profiles were used, and which of them rest.
    #[must_use]
    pub fn usage(&self) -> PathBuf {
        self.state().join("usage.json")
    }

    /// What every writer locks.
    #[must_use]
    pub fn lock(&self) -> PathBuf {
        self.state().join("lock")
    }

    /// One file per change, for crash recovery and `undo`.
    #[must_use]
    pub fn journal(&self) -> PathBuf {
        self.state().join("journal")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order() {
        let check = |flag: Option<&str>, variables: &[(&str, &str)], expected: Option<&str>| {
            let environment = Environment::of(variables.iter().copied(), "/here");
            let found = Home::locate(flag.map(Path::new), &environment).ok();
            assert_eq!(found, expected.map(|path| Home(path.into())));
        };
        let all = [
            ("KEYWRIGHT_HOME", "/k"),
            ("XDG_CONFIG_HOME", "/x"),
            ("HOME", "/h"),
        ];
        check(Some("/f"), &all, Some("/f"));
        check(Some("f"), &all, Some("/here/f"));
        check(None, &all, Some("/k"));
        check(None, &all[1..], Some("/x/keywright"));
        check(
            None,
            &[("XDG_CONFIG_HOME", "rel"), ("HOME", "/h")],
            Some("/h/.config/keywright"),
        );
        check(None, &all[2..], Some("/h/.config/keywright"));
        check(None, &[("HOME", "")], None);
        check(None, &[], None);
    }
}
