//! The files in which other programs keep credentials.

use std::path::{Path, PathBuf};

use crate::consumer::aws;
use crate::consumer::claude_code::places::Places;
use crate::consumer::openclaw::{self, Product};
use crate::doctor::facts::Owner;
use crate::system::System;

/// More files than this in one folder are not looked at.
const MOST: usize = 50;

/// A file of another program; it need not be there.
pub struct Place {
    pub path: PathBuf,
    pub owner: Owner,
}

/// Every place where a program keeps a credential on this machine.
#[must_use]
pub fn all(system: &System) -> Vec<Place> {
    let mut found = Vec::new();
    let mut add = |owner, paths: Vec<PathBuf>| {
        found.extend(paths.into_iter().map(|path| Place { path, owner }));
    };
    let home = system.environment.home();
    let configured = system
        .environment
        .raw(crate::variables::CLAUDE_CONFIG_DIR)
        .is_some();
    if home.is_some() || configured {
        let login = Places::of(system, None).credentials;
        add(Owner::ClaudeCode, vec![login]);
    }
    let aws = aws::Places::of(&system.environment);
    add(Owner::Aws, of_aws(system, &aws));
    for product in Product::ALL {
        let folder = openclaw::folder(system, *product);
        add(
            Owner::Other,
            folder.map_or_else(Vec::new, |folder| of_gateway(system, &folder)),
        );
    }
    if let Some(home) = home {
        add(Owner::Other, of_cuti(system, &home.join(".cuti")));
    }
    found
}

/// Both files, and what sign-ins and roles leave in the caches.
#[must_use]
pub fn of_aws(system: &System, places: &aws::Places) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = [&places.credentials, &places.config]
        .into_iter()
        .flatten()
        .cloned()
        .collect();
    let folder = system.environment.home().map(|home| home.join(".aws"));
    let roles = folder.map(|folder| folder.join("cli/cache"));
    for cache in [places.sso_cache.clone(), roles].into_iter().flatten() {
        let mut names = system.files.list(&cache).unwrap_or_default();
        names.retain(|name| Path::new(name).extension().is_some_and(|end| end == "json"));
        found.extend(names.iter().take(MOST).map(|name| cache.join(name)));
    }
    found
}

/// OpenClaw's and Clawdbot's folders have the same form, but for where the profiles are.
fn of_gateway(system: &System, folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![
        folder.join(".env"),
        folder.join("state/openclaw.sqlite"),
        folder.join("credentials/oauth.json"),
    ];
    for agent in below(system, &folder.join("agents")) {
        found.push(agent.join("agent/auth-profiles.json"));
        found.push(agent.join("agent/openclaw-agent.sqlite"));
    }
    found
}

fn of_cuti(system: &System, folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![folder.join("claude-linux/.credentials.json")];
    for account in below(system, &folder.join("claude-accounts")) {
        for name in [".api_keys.json", "env.sh", ".credentials.json"] {
            found.push(account.join(name));
        }
    }
    found
}

fn below(system: &System, folder: &Path) -> Vec<PathBuf> {
    let names = system.files.list(folder).unwrap_or_default();
    let plain = names.iter().filter(|name| !name.contains('.'));
    plain.take(MOST).map(|name| folder.join(name)).collect()
}
