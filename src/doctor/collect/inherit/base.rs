//! What a systemd manager gives to every service that it starts: `environment.d` and
//! `DefaultEnvironment=` by their files, and what was imported later by asking the user's manager
//! for names.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::environment_file;
use super::search::{Folders, is_configuration};
use super::settings::{Place, Settings};
use super::unit;
use crate::doctor::facts::{Manager as Kind, Origin};
use crate::secret::Secret;
use crate::system::System;
use crate::system::processes::Spawn;

const LIMIT: usize = 1024 * 1024;
/// A manager answers in a few milliseconds; one that hangs shall not hold the report up.
const TIMEOUT: Duration = Duration::from_secs(2);
const PLACE: &str = "the user manager (systemctl --user show-environment)";

/// The names in the environment of the user's manager, asked for once and only when needed.
pub struct Manager {
    names: Option<Vec<String>>,
    timeout: Duration,
}

impl Manager {
    pub fn new(_system: &System, timeout: Duration) -> Self {
        Self {
            names: None,
            timeout: TIMEOUT.min(timeout / 2),
        }
    }

    /// What every service of that manager starts with.
    pub fn base(&mut self, system: &System, folders: &Folders) -> Settings {
        let mut settings = Settings::default();
        let kind = match folders.manager {
            Kind::SystemdUser => "user",
            _ => "system",
        };
        if folders.manager == Kind::SystemdUser {
            let timeout = self.timeout;
            let names = self.names.get_or_insert_with(|| names(system, timeout));
            for name in names.iter() {
                settings.put_name(name, PLACE);
            }
            for path in environment_d(system, folders) {
                variables(system, &path, &mut settings);
            }
        }
        defaults(
            system,
            &Path::new("/etc/systemd").join(format!("{kind}.conf")),
            &mut settings,
        );
        settings
    }
}

/// The files of `environment.d`, in the order in which they are read.
fn environment_d(system: &System, folders: &Folders) -> Vec<PathBuf> {
    let mut found: BTreeMap<String, PathBuf> = BTreeMap::new();
    let folders = [
        folders.configuration.clone(),
        PathBuf::from("/etc"),
        PathBuf::from("/run"),
        PathBuf::from("/usr/local/lib"),
        PathBuf::from("/usr/lib"),
    ];
    for folder in folders.map(|folder| folder.join("environment.d")) {
        for name in system.files.list(&system.at(&folder)).unwrap_or_default() {
            if is_configuration(&name) {
                let path = folder.join(&name);
                found.entry(name).or_insert(path);
            }
        }
    }
    found.into_values().collect()
}

fn variables(system: &System, path: &Path, settings: &mut Settings) {
    let Ok(Some(text)) = system.files.read_text(&system.at(path), LIMIT) else {
        return;
    };
    for assignment in environment_file::parse(&text).assignments {
        let place = Place {
            origin: Origin::System,
            place: &format!("{}:{}", path.display(), assignment.line),
        };
        settings.put(&assignment.name, &assignment.value, &place);
    }
}

/// `DefaultEnvironment=` of the manager's own configuration.
fn defaults(system: &System, path: &Path, settings: &mut Settings) {
    let Ok(Some(text)) = system.files.read_text(&system.at(path), LIMIT) else {
        return;
    };
    for entry in unit::entries(&text) {
        if entry.section != "Manager" || entry.name != "DefaultEnvironment" {
            continue;
        }
        let place = Place {
            origin: Origin::System,
            place: &format!("{}:{}", path.display(), entry.line),
        };
        for word in unit::words(&entry.value) {
            if let Some((name, value)) = word.split_once('=') {
                settings.put(name, &Secret::new(value), &place);
            }
        }
    }
}

/// The names of the variables of the user's manager; none where it cannot be asked.
fn names(system: &System, timeout: Duration) -> Vec<String> {
    const OUTPUT: usize = 1024 * 1024;
    let environment = &system.environment;
    if environment.path("XDG_RUNTIME_DIR").is_none() {
        return Vec::new();
    }
    let Some(program) = system
        .processes
        .find_all("systemctl", environment)
        .into_iter()
        .next()
    else {
        return Vec::new();
    };
    let spawn = Spawn {
        program: &program,
        arguments: &["--user", "--no-pager", "show-environment"],
        environment,
        folder: Path::new("/"),
        timeout,
        output_limit: OUTPUT,
    };
    let Ok(finished) = system.processes.run(&spawn) else {
        return Vec::new();
    };
    let stdout = zeroize::Zeroizing::new(finished.stdout);
    if finished.code != Some(0) {
        return Vec::new();
    }
    stdout
        .split(|byte| *byte == b'\n')
        .filter_map(|line| {
            let end = line.iter().position(|byte| *byte == b'=')?;
            Some(str::from_utf8(&line[..end]).ok()?.to_owned())
        })
        .collect()
}
