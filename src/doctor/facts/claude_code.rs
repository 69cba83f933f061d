//! What Claude Code keeps here: its login, its own files, and what it would take as a credential.

use serde::{Deserialize, Serialize};

use super::environment::Variable;
use super::helper::HelperProgram;
use crate::consumer::claude_code::login::Login;
use crate::consumer::claude_code::outranks::{Source, SourceKind};
use crate::consumer::claude_code::places::{Chosen, Flaw};
use crate::consumer::claude_code::settings::{Layer, Problem};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ClaudeCode {
    /// `None` when it was not looked for.
    pub login: Option<Login>,
    pub folder: Folder,
    /// `.claude.json`.
    pub state: StateFile,
    /// The settings files that are there, the strongest first.
    pub settings: Vec<SettingsFile>,
    pub identity: Identity,
    /// Every source of a credential, in Claude Code's own order.
    pub sources: Vec<Source>,
}

impl ClaudeCode {
    /// The login, when there is something that is one or was one.
    #[must_use]
    pub fn login(&self) -> Option<&Login> {
        self.login.as_ref().filter(|login| login.is_there())
    }

    /// What Claude Code takes as its credential here.
    #[must_use]
    pub fn source_in_use(&self) -> Option<&Source> {
        self.sources.iter().find(|source| source.active)
    }

    /// It has a credential, or looks for one with a cloud provider; a profile that is active and
    /// not there is none.
    #[must_use]
    pub fn has_its_own(&self) -> bool {
        let there = || {
            let active = self.identity.active.as_ref();
            active.is_some_and(|name| self.identity.known.contains(name))
        };
        self.source_in_use()
            .is_some_and(|source| source.kind != SourceKind::ActiveProfile || there())
    }

    /// A variable that a settings file sets, and that file; the strongest one counts.
    #[must_use]
    pub fn setting(&self, name: &str) -> Option<(&SettingsFile, &Variable)> {
        self.settings.iter().find_map(|file| {
            let variable = file.variables.iter().find(|found| found.name == name)?;
            Some((file, variable))
        })
    }
}

/// The folder of its files.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Folder {
    pub path: String,
    /// As `CLAUDE_CONFIG_DIR` has it.
    pub written: String,
    /// What decides on it; `None` when it was not looked at.
    pub chosen: Option<Chosen>,
    pub flaws: Vec<Flaw>,
    /// Another folder than `~/.claude` is taken, it holds nothing, and a login is in `~/.claude`.
    pub hides_login: bool,
}

/// `.claude.json`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct StateFile {
    pub path: String,
    pub exists: bool,
    pub problem: Option<Problem>,
    /// `hasCompletedOnboarding` is true.
    pub onboarded: bool,
    /// A Console login put an API key there.
    pub managed_key: bool,
    /// The newest copy, where the file itself is broken.
    pub backup: Option<String>,
}

/// A settings file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SettingsFile {
    pub layer: Layer,
    pub path: String,
    pub problem: Option<Problem>,
    /// Those of `env` that matter here.
    pub variables: Vec<Variable>,
    pub api_key_helper: bool,
    /// What its command starts, where that is a whole path.
    #[serde(default)]
    pub helper: Option<HelperProgram>,
    /// `claudeai` or `console`.
    pub force_login_method: Option<String>,
    pub force_login_organization: bool,
}

/// Profiles of Anthropic's own tools, and workload identities.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Identity {
    /// The folder with the profiles.
    pub folder: String,
    /// `ANTHROPIC_PROFILE`.
    pub profile: Option<String>,
    /// The profiles that are there.
    pub known: Vec<String>,
    /// The profile that is active there.
    pub active: Option<String>,
    /// Variables of a workload identity that are set.
    pub variables: Vec<String>,
}
