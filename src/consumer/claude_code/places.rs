//! Where Claude Code keeps things. Measured with 2.1.197 and 2.1.329.

use std::path::{Path, PathBuf};

use crate::system::{Platform, System};
use crate::variables::{CLAUDE_CONFIG_DIR, CLAUDE_SECURESTORAGE_CONFIG_DIR};

/// The folder below the home that is used when nothing names another.
pub const DEFAULT_FOLDER: &str = ".claude";

/// What decides on the configuration folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Chosen {
    /// Nothing does: `~/.claude`.
    Default,
    /// `CLAUDE_CONFIG_DIR` of this environment.
    Variable,
    /// `CLAUDE_CONFIG_DIR` is set and empty: the files are looked for in the working folder.
    EmptyVariable,
    /// The caller, for a profile or an account.
    Given,
}

/// Why a configuration folder is no good place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Flaw {
    /// The variable is set and empty.
    Empty,
    /// The path depends on the working folder.
    Relative,
    /// Nothing is there; `~/.claude` is not looked at instead.
    Missing,
    /// Something else than a folder is there.
    NotAFolder,
    /// A slash at its end gives the macOS Keychain item another name.
    TrailingSlash,
}

/// The places of one configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    pub chosen: Chosen,
    /// As it was written, before anything is put before it.
    pub written: PathBuf,
    /// The folder of settings, sessions and, unless a variable says otherwise, the login.
    pub config_dir: PathBuf,
    /// `.credentials.json`
    pub credentials: PathBuf,
    /// `.claude.json`: in the configuration folder when that is named, else beside it.
    pub state: PathBuf,
    /// `settings.json` of the user.
    pub settings: PathBuf,
    /// `.claude/settings.local.json` and `.claude/settings.json` of the working folder, the
    /// stronger one first.
    pub project_settings: [PathBuf; 2],
    /// What an administrator sets for everybody.
    pub managed_settings: PathBuf,
    /// Copies of `.claude.json` that Claude Code made.
    pub backups: PathBuf,
    /// Profiles and the active one, as the `ant` program writes them.
    pub anthropic: Option<PathBuf>,
    /// The text whose hash ends the name of a Keychain item; `None` for the default folder.
    pub keychain_folder: Option<PathBuf>,
}

impl Places {
    /// The places that `claude` would use here, or would with `CLAUDE_CONFIG_DIR` set to
    /// `config_dir`. A leading `~` stands for the home folder, and `~/.claude` for the default.
    #[must_use]
    pub fn of(system: &System, config_dir: Option<&Path>) -> Self {
        let environment = &system.environment;
        let home = environment.home().unwrap_or_else(|| PathBuf::from("~"));
        let default = home.join(DEFAULT_FOLDER);
        let variable = environment.raw(CLAUDE_CONFIG_DIR).map(PathBuf::from);
        let given = config_dir.map(|folder| expanded(folder, &home));
        let (chosen, written) = match (given, variable) {
            (Some(folder), _) if folder == default => (Chosen::Default, folder),
            (Some(folder), _) => (Chosen::Given, folder),
            (None, Some(folder)) if folder.as_os_str().is_empty() => {
                (Chosen::EmptyVariable, folder)
            }
            (None, Some(folder)) => (Chosen::Variable, folder),
            (None, None) => (Chosen::Default, default),
        };
        let absolute = |folder: &Path| environment.folder().join(folder);
        let config = absolute(&written);
        let storage = environment
            .path(CLAUDE_SECURESTORAGE_CONFIG_DIR)
            .filter(|_| config_dir.is_none());
        let named = (chosen != Chosen::Default).then(|| written.clone());
        let project = environment.folder().join(DEFAULT_FOLDER);
        Self {
            credentials: storage
                .as_deref()
                .map_or_else(|| config.clone(), absolute)
                .join(".credentials.json"),
            state: named
                .as_ref()
                .map_or_else(|| home.clone(), |_| config.clone())
                .join(".claude.json"),
            settings: config.join("settings.json"),
            project_settings: ["settings.local.json", "settings.json"].map(|f| project.join(f)),
            managed_settings: managed(system.platform),
            backups: config.join("backups"),
            anthropic: anthropic(system),
            keychain_folder: storage.or(named),
            config_dir: config,
            chosen,
            written,
        }
    }

    /// What `CLAUDE_CONFIG_DIR` must be so that `claude` uses these places; `None` when it must not
    /// be set.
    #[must_use]
    pub fn variable(&self) -> Option<&Path> {
        (self.chosen != Chosen::Default).then_some(self.config_dir.as_path())
    }

    /// What is wrong with the folder. A default folder that is not there is no flaw.
    #[must_use]
    pub fn flaws(&self, system: &System) -> Vec<Flaw> {
        let mut flaws = Vec::new();
        if self.chosen == Chosen::EmptyVariable {
            flaws.push(Flaw::Empty);
        } else if self.written.is_relative() {
            flaws.push(Flaw::Relative);
        }
        if self.chosen == Chosen::Variable && ends_with_slash(&self.written) {
            flaws.push(Flaw::TrailingSlash);
        }
        match system.files.followed_entry(&self.config_dir) {
            Ok(Some(entry)) if entry.kind != crate::system::files::EntryKind::Folder => {
                flaws.push(Flaw::NotAFolder);
            }
            Ok(None) if self.stands_below_a_file(system) => flaws.push(Flaw::NotAFolder),
            Ok(None) if self.chosen != Chosen::Default => flaws.push(Flaw::Missing),
            _ => {}
        }
        flaws
    }

    /// Something on the way to the folder is no folder, such as a `HOME` that is a file.
    fn stands_below_a_file(&self, system: &System) -> bool {
        let above = self.config_dir.ancestors().skip(1);
        let mut entries = above.filter_map(|path| system.files.followed_entry(path).ok()?);
        let nearest = entries.next();
        nearest.is_some_and(|entry| entry.kind != crate::system::files::EntryKind::Folder)
    }
}

/// `~` and `~/…` below the home folder.
fn expanded(folder: &Path, home: &Path) -> PathBuf {
    folder
        .strip_prefix("~")
        .map_or_else(|_| folder.to_path_buf(), |rest| home.join(rest))
}

fn ends_with_slash(folder: &Path) -> bool {
    let text = folder.as_os_str().as_encoded_bytes();
    text.len() > 1 && text.ends_with(b"/")
}

/// Where administrators put settings, by the documentation.
fn managed(platform: Platform) -> PathBuf {
    PathBuf::from(match platform {
        Platform::MacOs => "/Library/Application Support/ClaudeCode/managed-settings.json",
        Platform::Windows => r"C:\Program Files\ClaudeCode\managed-settings.json",
        Platform::Unix => "/etc/claude-code/managed-settings.json",
    })
}

fn anthropic(system: &System) -> Option<PathBuf> {
    let environment = &system.environment;
    if system.platform == Platform::Windows {
        return Some(environment.path("APPDATA")?.join("Anthropic"));
    }
    Some(environment.home()?.join(".config").join("anthropic"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::Environment;

    fn places(variables: &[(&str, &str)], given: Option<&str>) -> Places {
        let mut all = vec![("HOME", "/home/u")];
        all.extend(variables);
        let system = System::with_environment(Environment::of(all, "/work"));
        Places::of(&system, given.map(Path::new))
    }

    #[test]
    fn files_follow_the_variables() {
        let check = |variables: &[(&str, &str)], given, login: &str, state: &str| {
            let found = places(variables, given);
            assert_eq!(
                found.credentials,
                Path::new(login),
                "{variables:?} {given:?}"
            );
            assert_eq!(found.state, Path::new(state), "{variables:?} {given:?}");
        };
        let usual = "/home/u/.claude/.credentials.json";
        let beside = "/home/u/.claude.json";
        check(&[], None, usual, beside);
        check(&[], Some("~/.claude"), usual, beside);
        check(&[], Some("/home/u/.claude"), usual, beside);
        check(
            &[(CLAUDE_CONFIG_DIR, "/x")],
            Some("~/.claude"),
            usual,
            beside,
        );
        check(
            &[(CLAUDE_CONFIG_DIR, "/x")],
            None,
            "/x/.credentials.json",
            "/x/.claude.json",
        );
        check(
            &[],
            Some("~/two"),
            "/home/u/two/.credentials.json",
            "/home/u/two/.claude.json",
        );
        check(
            &[(CLAUDE_CONFIG_DIR, "rel")],
            None,
            "/work/rel/.credentials.json",
            "/work/rel/.claude.json",
        );
        check(
            &[(CLAUDE_CONFIG_DIR, "")],
            None,
            "/work/.credentials.json",
            "/work/.claude.json",
        );
        // Named, the default folder holds `.claude.json` too.
        let named = [(CLAUDE_CONFIG_DIR, "/home/u/.claude")];
        check(&named, None, usual, "/home/u/.claude/.claude.json");
        let storage = [(CLAUDE_SECURESTORAGE_CONFIG_DIR, "/s")];
        check(&storage, None, "/s/.credentials.json", beside);
        check(
            &storage,
            Some("/x"),
            "/x/.credentials.json",
            "/x/.claude.json",
        );
    }

    #[test]
    fn the_keychain_item_is_named_after_a_folder_that_is_named() {
        let check = |variables: &[(&str, &str)], expected: Option<&str>| {
            let found = places(variables, None).keychain_folder;
            assert_eq!(found.as_deref(), expected.map(Path::new), "{variables:?}");
        };
        check(&[], None);
        check(&[(CLAUDE_CONFIG_DIR, "/x/")], Some("/x/"));
        check(&[(CLAUDE_SECURESTORAGE_CONFIG_DIR, "/s")], Some("/s"));
    }

    #[test]
    fn flaws_of_the_folder() {
        let scratch = tempfile::tempdir().expect("a scratch folder");
        let file = scratch.path().join("file");
        std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&file)
            .expect("a file");
        let check = |value: &str, expected: &[Flaw]| {
            let environment = Environment::of(
                [
                    ("HOME", scratch.path().as_os_str()),
                    (CLAUDE_CONFIG_DIR, value.as_ref()),
                ],
                scratch.path(),
            );
            let system = System::with_environment(environment);
            assert_eq!(
                Places::of(&system, None).flaws(&system),
                expected,
                "{value}"
            );
        };
        let here = scratch.path().to_str().expect("UTF-8");
        check(here, &[]);
        check(&format!("{here}/"), &[Flaw::TrailingSlash]);
        check("", &[Flaw::Empty]);
        check(".", &[Flaw::Relative]);
        check("none", &[Flaw::Relative, Flaw::Missing]);
        check(&format!("{here}/none"), &[Flaw::Missing]);
        check(&format!("{here}/file"), &[Flaw::NotAFolder]);
        check(&format!("{here}/file/x/y"), &[Flaw::NotAFolder]);
    }
}
