//! Services of launchd, by their property lists. They are read on a Mac alone.

use std::path::{Path, PathBuf};

use super::settings::{Place, Settings};
use super::{asks_keywright, file_name, plist, program, program_of};
use crate::doctor::facts::{Manager, Origin, Problem, ProblemKind, Program, Service};
use crate::system::{Platform, System};

const LIMIT: usize = 1024 * 1024;

/// Where property lists of users and administrators stand.
pub fn folders(system: &System) -> Vec<PathBuf> {
    if system.platform != Platform::MacOs {
        return Vec::new();
    }
    let own = system.environment.home();
    let own = own.map(|home| home.join("Library/LaunchAgents"));
    let shared = ["/Library/LaunchAgents", "/Library/LaunchDaemons"];
    own.into_iter().chain(shared.map(PathBuf::from)).collect()
}

/// The services of these programs, and the one with the label that was asked for.
pub fn services(system: &System, asked: Option<&str>) -> Vec<Service> {
    let mut found = Vec::new();
    for folder in folders(system) {
        let names = system.files.list(&system.at(&folder)).unwrap_or_default();
        for name in names {
            let Some(label) = name.strip_suffix(".plist") else {
                continue;
            };
            let service = read(system, &folder.join(&name), label, asked);
            if service.asked || service.program != Program::Other {
                found.push(service);
            }
        }
    }
    found
}

fn read(system: &System, path: &Path, label: &str, asked: Option<&str>) -> Service {
    let named = label.split('.').map(program).find(|p| *p != Program::Other);
    let file = path.display().to_string();
    let mut service = Service {
        name: label.to_owned(),
        manager: Manager::Launchd,
        program: named.unwrap_or_default(),
        asked: asked == Some(label) || asked == Some(file_name(path).as_str()),
        file: file.clone(),
        ..Service::default()
    };
    let text = system.files.read_text(&system.at(path), LIMIT);
    let text = text.ok().flatten().unwrap_or_default();
    let Some(list) = plist::parse(&text) else {
        service.problems.push(Problem {
            place: file.clone(),
            kind: ProblemKind::UnreadableFile,
            about: file,
        });
        return service;
    };
    if !list.label.is_empty() {
        service.asked |= asked == Some(list.label.as_str());
        service.name.clone_from(&list.label);
    }
    let words: Vec<String> = list
        .arguments
        .iter()
        .map(|word| word.as_str().to_owned())
        .collect();
    if service.program == Program::Other {
        service.program = program_of(&words);
    }
    service.asks_keywright = asks_keywright(&words);
    let mut settings = Settings::default();
    for (line, name, value) in &list.variables {
        let place = Place {
            origin: Origin::Definition,
            place: &format!("{file}:{line}"),
        };
        settings.put(name, value, &place);
    }
    if let Some(home) = system.environment.home() {
        let own = super::program::fill(system, service.program, &home, &mut settings);
        service.asks_login_shell = own.asks_login_shell;
        service.own_store = own.store;
    }
    service.settings = settings.effective;
    service.overridden = settings.overridden;
    service
}
