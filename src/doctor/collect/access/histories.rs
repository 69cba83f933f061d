//! Command histories that hold keys: counted, and nothing of them kept.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::keys_in_text::{find, lines};
use crate::doctor::facts::History;
use crate::system::System;

/// A hundred thousand commands have less; a larger one is left alone.
const LIMIT: usize = 8 * 1024 * 1024;
/// Line numbers that are kept.
const MOST: usize = 20;

/// Below the home folder: bash, zsh, what zsh proposes to newcomers, Python, and fish.
const USUAL: &[&str] = &[
    ".bash_history",
    ".zsh_history",
    ".histfile",
    ".python_history",
    ".local/share/fish/fish_history",
];

/// Every history with a key in it.
#[must_use]
pub fn collect(system: &System) -> Vec<History> {
    let mut all = paths(system);
    all.sort();
    all.dedup();
    all.into_iter()
        .filter_map(|path| look(system, &path))
        .collect()
}

fn paths(system: &System) -> Vec<PathBuf> {
    let environment = &system.environment;
    let mut all = Vec::new();
    let named = environment.path("HISTFILE");
    all.extend(named.map(|path| environment.folder().join(path)));
    let zsh = environment.path("ZDOTDIR");
    all.extend(zsh.map(|folder| folder.join(".zsh_history")));
    let data = environment.path("XDG_DATA_HOME");
    all.extend(data.map(|folder| folder.join("fish/fish_history")));
    if let Some(home) = environment.home() {
        all.extend(USUAL.iter().map(|name| home.join(name)));
    }
    all
}

fn look(system: &System, path: &Path) -> Option<History> {
    let bytes = system.files.read(path, LIMIT).ok()??;
    // Histories hold whatever was typed, also what is no UTF-8.
    let text = Zeroizing::new(String::from_utf8_lossy(&bytes).into_owned());
    let keys = find(&text);
    if keys.is_empty() {
        return None;
    }
    let prefixes = keys.iter().map(|(beginning, _)| (*beginning).to_owned());
    let prefixes = prefixes.collect();
    let places = keys.into_iter().flat_map(|(_, places)| places).collect();
    let mut lines = lines(&text, places);
    let count = lines.len();
    lines.truncate(MOST);
    Some(History {
        path: path.display().to_string(),
        lines,
        count,
        prefixes,
    })
}
