//! What other processes than this one get. Services and jobs are read from their files and, where
//! one runs, from the process; nothing is started but `systemctl --user show-environment`, and
//! only where there is a user service to ask about. `--deep` also runs a login shell and
//! `crontab -l`.

mod base;
mod copies;
mod crontab;
mod editor;
pub mod environment_file;
pub mod gateways;
mod git_index;
mod holders;
mod jobs;
mod launchd;
mod login_shell;
mod plist;
mod process;
mod program;
mod search;
mod settings;
mod ssh;
mod synced;
mod systemd;
mod unit;
mod work_tree;

use std::path::Path;
use std::time::Duration;

use super::machine;
use crate::doctor::facts::{Inheritance, Manager, Program, Service, StartUp};
use crate::error::{Error, Result};
use crate::system::{Platform, System};
use search::Folders;
use settings::names_program;

pub use login_shell::command as login_shell_command;

/// What to look at beyond what is found by itself.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// `--service`, as [`service`] gives it.
    pub service: Option<String>,
    /// `--deep`: a login shell may be run.
    pub deep: bool,
    /// For all of it.
    pub timeout: Duration,
    /// `--home`.
    pub home: Option<std::path::PathBuf>,
    pub agent: String,
}

/// Reads what is there.
#[must_use]
pub fn collect(system: &System, wanted: &Wanted, start_up: &StartUp) -> Inheritance {
    let mut found = Inheritance {
        editor: editor::editor(system),
        ssh: machine::machine(system).ssh.then(|| ssh::ssh(system)),
        ..Inheritance::default()
    };
    if wanted.deep {
        found.login_shell = login_shell::run(system, wanted.timeout);
    }
    let mut holders = holders::Holders::default();
    let mut manager = base::Manager::new(system, wanted.timeout);
    for folders in managers(system) {
        let mut names = folders.names(system, |name| program(name) != Program::Other);
        let asked = wanted.service.as_ref().filter(|name| {
            let known = found.services.iter().any(|service| service.asked);
            !known && folders.find(system, name).is_some()
        });
        names.extend(asked.filter(|name| !names.contains(name)).cloned());
        for name in names {
            let base = manager.base(system, &folders);
            if let Some(unit) = systemd::read(system, &folders, &name, base) {
                let service = complete(system, &folders, unit, &mut holders, asked == Some(&name));
                found.services.push(service);
            }
        }
    }
    found
        .services
        .extend(launchd::services(system, wanted.service.as_deref()));
    found.services.extend(jobs::jobs(system, wanted.deep));
    found.services.extend(container(system));
    for service in &mut found.services {
        service.settings.sort_by(|a, b| a.name.cmp(&b.name));
    }
    (found.holders, found.copies) = holders.collect(system, wanted, start_up, &found.services);
    found
}

/// The full name of the service that `--service` means.
///
/// # Errors
/// `Usage` when there is none, with the folders that were searched.
pub fn service(system: &System, name: &str) -> Result<String> {
    let full = if system.platform == Platform::MacOs || name.ends_with(".service") {
        name.to_owned()
    } else {
        format!("{name}.service")
    };
    let plain = !name.is_empty() && !name.contains(['/', '\0']);
    if plain
        && managers(system)
            .iter()
            .any(|folders| folders.find(system, &full).is_some())
        || launchd::services(system, Some(&full))
            .iter()
            .any(|service| service.asked)
    {
        return Ok(full);
    }
    let mut searched = launchd::folders(system);
    for folders in managers(system) {
        let there = |folder: &&std::path::PathBuf| {
            matches!(system.files.followed_entry(&system.at(folder)), Ok(Some(_)))
        };
        searched.extend(folders.paths.iter().filter(there).cloned());
    }
    let searched: Vec<String> = searched
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    let hint = if searched.is_empty() {
        "No folder for services was found on this machine.".to_owned()
    } else {
        format!("Searched in {}.", searched.join(", "))
    };
    let name: String = name.chars().take(80).collect();
    Err(Error::usage(format!("there is no service `{name}`")).hint(hint))
}

/// The managers of this platform, the user's own first.
fn managers(system: &System) -> Vec<Folders> {
    if system.platform != Platform::Unix {
        return Vec::new();
    }
    let user = search::of_user(system).into_iter();
    user.chain([search::of_the_system()]).collect()
}

/// Whose something is, by its name or a word of its command.
fn program(word: &str) -> Program {
    let programs = [
        ("openclaw", Program::OpenClaw),
        ("clawdbot", Program::Clawdbot),
        ("claude", Program::Claude),
    ];
    let found = programs.iter().find(|(name, _)| names_program(word, name));
    found.map_or(Program::Other, |(_, program)| *program)
}

/// Whose a command is: that of the first word that says it.
fn program_of(words: &[String]) -> Program {
    let mut programs = words.iter().map(|word| program(word));
    programs
        .find(|found| *found != Program::Other)
        .unwrap_or_default()
}

/// `keywright exec -- …`
fn asks_keywright(words: &[String]) -> bool {
    let mut words = words.iter();
    words.any(|word| names_program(word, "keywright")) && words.any(|word| word == "exec")
}

/// Adds what does not stand in the unit: what the program reads by itself, and how it runs.
fn complete(
    system: &System,
    folders: &Folders,
    mut unit: systemd::Unit,
    holders: &mut holders::Holders,
    asked: bool,
) -> Service {
    let mut service = unit.service;
    service.asked = asked;
    service.program = match program_of(&unit.command) {
        Program::Other => program(&service.name),
        found => found,
    };
    service.asks_keywright = asks_keywright(&unit.command);
    if let Some(home) = &unit.home {
        let own = program::fill(system, service.program, home, &mut unit.settings);
        service.asks_login_shell |= own.asks_login_shell;
        service.own_store = own.store;
        holders.files.extend(own.files);
    }
    let named = unit.environment_files.iter();
    service.environment_files = named.map(|path| path.display().to_string()).collect();
    holders.files.extend(unit.environment_files);
    service.settings = unit.settings.effective;
    service.overridden = unit.settings.overridden;
    service.running = process::running(system, &folders.process_lists(system, &service.name));
    service
}

/// The first process of a container, when it is one of these programs.
fn container(system: &System) -> Option<Service> {
    const FIRST: u32 = 1;
    if !machine::machine(system).container {
        return None;
    }
    let words = process::command(system, FIRST)?;
    let named = |word: &String| jobs::NAMES.iter().any(|name| word.contains(name));
    if !words.iter().any(named) {
        return None;
    }
    let program = program_of(&words);
    let settings = process::settings(system, FIRST)?;
    (program != Program::Other).then(|| Service {
        name: "the container".to_owned(),
        manager: Manager::Container,
        program,
        file: process::place(FIRST),
        asks_keywright: asks_keywright(&words),
        settings,
        ..Service::default()
    })
}

/// The last part of a path, or all of it.
fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests;
