//! What OpenClaw and Clawdbot read by themselves when they start: the `.env` of their own folder,
//! `env.vars` of their configuration, and a login shell when they are told to. Process variables
//! win over all of these.

use std::path::{Path, PathBuf};

use super::settings::{Place, Settings};
use zeroize::Zeroizing;

use crate::doctor::facts::{Origin, Program};
use crate::document::dotenv::DotEnv;
use crate::document::json5::Json5;
use crate::store::config;
use crate::system::System;

const LIMIT: usize = 1024 * 1024;

/// What such a program reads.
#[derive(Default)]
pub struct Own {
    pub files: Vec<PathBuf>,
    pub asks_login_shell: bool,
    /// There is a profile of Anthropic in the program's own store.
    pub store: bool,
}

/// Adds what the program itself reads to what it was started with.
pub fn fill(system: &System, program: Program, home: &Path, settings: &mut Settings) -> Own {
    let (variable, folder, name) = match program {
        Program::OpenClaw => ("OPENCLAW_STATE_DIR", ".openclaw", "openclaw.json"),
        Program::Clawdbot => ("CLAWDBOT_STATE_DIR", ".clawdbot", "clawdbot.json"),
        Program::Claude | Program::Other => return Own::default(),
    };
    let told = settings.signposts.get("HOME").map(PathBuf::from);
    let home = told.unwrap_or_else(|| home.to_path_buf());
    let folder = settings
        .signposts
        .get(variable)
        .map_or_else(|| home.join(folder), PathBuf::from);
    let mut own = Own::default();
    let path = folder.join(".env");
    if let Ok(Some(text)) = system.files.read_text(&path, LIMIT) {
        for (name, value) in DotEnv::parse(&text).iter() {
            let place = Place {
                origin: Origin::Program,
                place: &format!("{}:{}", path.display(), line_of(&text, name)),
            };
            settings.fill(name, value, &place);
        }
        own.files.push(path);
    }
    let path = folder.join(name);
    if let Ok(Some(text)) = system.files.read_text(&path, LIMIT) {
        if let Ok(config) = config::parse(&text, &path) {
            let place = Place {
                origin: Origin::Program,
                place: &format!("env.vars in {}", path.display()),
            };
            for (name, value) in &config.variables {
                settings.fill(name, value, &place);
            }
        }
        let enabled = || {
            Json5::parse(&text)
                .ok()?
                .get(&["env", "shellEnv", "enabled"])
        };
        own.asks_login_shell = text.contains("shellEnv") && enabled() == Some(true.into());
    }
    let load = settings.signposts.get("OPENCLAW_LOAD_SHELL_ENV");
    own.asks_login_shell |= load.is_some_and(|value| value == "1" || value == "true");
    own.store = has_profile(system, &folder);
    own
}

/// Whether the store of the program names a profile of Anthropic: OpenClaw's database, which holds
/// profiles as plain JSON, or the files of Clawdbot's agents. Nothing else is taken from it.
fn has_profile(system: &System, folder: &Path) -> bool {
    /// As much as a store is read of.
    const LIMIT: u64 = 8 * 1024 * 1024;
    const MARK: &[u8] = b"\"anthropic:";
    let state = folder.join("state");
    let mut files = vec![
        state.join("openclaw.sqlite"),
        state.join("openclaw.sqlite-wal"),
    ];
    let agents = folder.join("agents");
    for agent in system.files.list(&agents).unwrap_or_default() {
        let agent = agents.join(agent).join("agent");
        files.push(agent.join("auth-profiles.json"));
        files.push(agent.join("openclaw-agent.sqlite"));
    }
    files.iter().any(|path| {
        let bytes = system.files.read_start(path, LIMIT).map(Zeroizing::new);
        bytes.is_ok_and(|bytes| bytes.windows(MARK.len()).any(|window| window == MARK))
    })
}

/// The line that sets a variable last, from 1.
pub fn line_of(text: &str, variable: &str) -> usize {
    let assigns = |line: &str| {
        let line = line.trim_start();
        let line = line.strip_prefix("export ").unwrap_or(line).trim_start();
        let rest = line.strip_prefix(variable);
        rest.is_some_and(|rest| rest.trim_start().starts_with('='))
    };
    let lines: Vec<&str> = text.lines().collect();
    lines
        .iter()
        .rposition(|line| assigns(line))
        .map_or(1, |index| index + 1)
}
