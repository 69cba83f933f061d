//! What Claude Code keeps: read by its own module in `consumer`, and described without a secret.

use std::path::Path;

use super::value::describe_secret;
use crate::consumer::claude_code::places::{Chosen, DEFAULT_FOLDER, Places};
use crate::consumer::claude_code::settings::{self, Settings};
use crate::consumer::claude_code::{login, onboarding, outranks};
use crate::doctor::facts::{
    ClaudeCode, Folder, HelperProgram, Identity, SettingsFile, StateFile, Variable,
};
use crate::system::System;

/// Variables of a workload identity.
const FEDERATION: &[&str] = &[
    "ANTHROPIC_IDENTITY_TOKEN",
    "ANTHROPIC_IDENTITY_TOKEN_FILE",
    "ANTHROPIC_FEDERATION_RULE_ID",
];
const PROFILE: &str = "ANTHROPIC_PROFILE";
/// Longer names are no names of profiles.
const NAME_LIMIT: usize = 4096;

/// Reads Claude Code's files; starts nothing but `security` on a Mac.
#[must_use]
pub fn collect(system: &System) -> ClaudeCode {
    let now = system.clock.now();
    let sources = outranks::sources(system, None, now);
    if system.environment.home().is_none() && system.environment.raw("CLAUDE_CONFIG_DIR").is_none()
    {
        // There is still the environment, and what an administrator set.
        return ClaudeCode {
            sources,
            ..ClaudeCode::default()
        };
    }
    let places = Places::of(system, None);
    let state = onboarding::look(system, &places);
    ClaudeCode {
        login: Some(login::look(system, None, now)),
        folder: Folder {
            path: places.config_dir.display().to_string(),
            written: places.written.display().to_string(),
            chosen: Some(places.chosen),
            flaws: places.flaws(system),
            hides_login: hides_login(system, &places),
        },
        state: StateFile {
            path: state.path.display().to_string(),
            exists: state.exists,
            problem: state.problem,
            onboarded: state.completed,
            managed_key: state.managed_key,
            backup: state.backup.map(|path| path.display().to_string()),
        },
        settings: settings::look(system, &places)
            .into_iter()
            .map(|file| described(system, file))
            .collect(),
        identity: identity(system, places.anthropic.as_deref()),
        sources,
    }
}

fn hides_login(system: &System, places: &Places) -> bool {
    let there = |path: &Path| matches!(system.files.entry(path), Ok(Some(_)));
    let default = system
        .environment
        .home()
        .map(|home| home.join(DEFAULT_FOLDER));
    let login = default.map(|folder| folder.join(".credentials.json"));
    places.chosen != Chosen::Default
        && login.is_some_and(|login| login != places.credentials && there(&login))
        && !there(&places.credentials)
}

fn described(system: &System, file: Settings) -> SettingsFile {
    let helper = file.helper_program().map(|path| HelperProgram {
        entry: system.files.followed_entry(&path).ok().flatten(),
        path: path.display().to_string(),
    });
    let variables = file.env.into_iter().map(|(name, secret)| Variable {
        value: (!secret.is_empty()).then(|| describe_secret(&secret)),
        name,
    });
    SettingsFile {
        layer: file.layer,
        path: file.path.display().to_string(),
        problem: file.problem,
        variables: variables.collect(),
        api_key_helper: file.api_key_helper,
        helper,
        force_login_method: file.force_login_method,
        force_login_organization: file.force_login_organization,
    }
}

/// Profiles of Anthropic's own tools: `configs/NAME.json`, and the name in `active_config`.
fn identity(system: &System, folder: Option<&Path>) -> Identity {
    let environment = &system.environment;
    let set = |name: &&&str| environment.get(name).is_some();
    let mut found = Identity {
        profile: environment.get(PROFILE).map(str::to_owned),
        variables: FEDERATION
            .iter()
            .filter(set)
            .map(|name| (*name).to_owned())
            .collect(),
        ..Identity::default()
    };
    let Some(folder) = folder else {
        return found;
    };
    found.folder = folder.display().to_string();
    let active = system
        .files
        .read_text(&folder.join("active_config"), NAME_LIMIT);
    if let Ok(Some(name)) = active {
        found.active = Some(name.trim().to_owned()).filter(|name| !name.is_empty());
    }
    if found.profile.is_some() || found.active.is_some() {
        let names = system
            .files
            .list(&folder.join("configs"))
            .unwrap_or_default();
        found.known = names
            .iter()
            .map(|name| name.strip_suffix(".json").unwrap_or(name).to_owned())
            .collect();
    }
    found
}
