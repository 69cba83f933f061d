//! A systemd service by its files: what it would be started with. What systemd itself would say is
//! not asked, so a unit can be told about that was edited and not loaded, or on a machine where
//! systemd does not run.

use std::path::{Path, PathBuf};

use super::environment_file;
use super::search::Folders;
use super::settings::{Place, Settings, is_shell};
use super::unit::{self, Entry, Specifiers};
use crate::doctor::collect::environment;
use crate::doctor::facts::{LoadedCredential, Manager, Origin, Problem, ProblemKind, Service};
use crate::secret::Secret;
use crate::system::System;

/// Units and files of variables are written by hand.
const LIMIT: usize = 256 * 1024;
const NOTHING: &str = "/dev/null";

/// What was read of a unit, for whoever looks further.
pub struct Unit {
    pub service: Service,
    pub settings: Settings,
    /// The words of `ExecStart=`.
    pub command: Vec<String>,
    /// The home folder of the user that it runs as, where it is known.
    pub home: Option<PathBuf>,
    /// Files of variables that were read.
    pub environment_files: Vec<PathBuf>,
}

/// Reads a unit and its drop-ins; `None` when there is no such unit. `base` is what the manager
/// gives to every service.
pub fn read(system: &System, folders: &Folders, name: &str, base: Settings) -> Option<Unit> {
    let file = folders.find(system, name)?;
    let at = system.at(&file);
    let entry = system.files.entry(&at).ok().flatten()?;
    let mut names = vec![name.to_owned()];
    if let Some(target) = &entry.target {
        let alias = target.rsplit('/').next().unwrap_or_default();
        if alias != name && alias.ends_with(".service") {
            names.push(alias.to_owned());
        }
    }
    let mut unit = Unit {
        service: Service {
            name: name.to_owned(),
            manager: folders.manager,
            file: file.display().to_string(),
            masked: entry.target.as_deref() == Some(NOTHING),
            ..Service::default()
        },
        settings: base,
        command: Vec::new(),
        home: Some(folders.home.clone()),
        environment_files: Vec::new(),
    };
    if unit.service.masked {
        return Some(unit);
    }
    let drop_ins = folders.drop_ins(system, &names);
    let mut lines = Lines::default();
    for path in std::iter::once(&file).chain(&drop_ins) {
        match system.files.read_text(&system.at(path), LIMIT) {
            Ok(Some(text)) => {
                unit.service.masked |= *path == file && text.trim().is_empty();
                lines.take(path, &text);
            }
            Ok(None) => {}
            Err(_) => unit.service.problems.push(Problem {
                place: path.display().to_string(),
                kind: ProblemKind::UnreadableFile,
                about: path.display().to_string(),
            }),
        }
    }
    let shown = drop_ins.iter().map(|path| path.display().to_string());
    unit.service.drop_ins = shown.collect();
    let runtime = folders.runtime.to_string_lossy();
    let configuration = folders.configuration.to_string_lossy();
    let home = folders.home.to_string_lossy();
    let specifiers = Specifiers {
        unit: name,
        home: &home,
        runtime: &runtime,
        configuration: &configuration,
    };
    unit.apply(system, &lines, &specifiers);
    Some(unit)
}

/// The entries of `[Service]`, in the order in which they count, with the file of each.
#[derive(Default)]
struct Lines {
    entries: Vec<(PathBuf, Entry)>,
}

impl Lines {
    fn take(&mut self, path: &Path, text: &str) {
        let of_service = unit::entries(text)
            .into_iter()
            .filter(|entry| entry.section == "Service");
        self.entries
            .extend(of_service.map(|entry| (path.to_path_buf(), entry)));
    }

    /// The entries of a name after its last empty one, each with its place.
    fn of(&self, name: &str) -> Vec<(String, &str)> {
        let mut found = Vec::new();
        for (path, entry) in &self.entries {
            if entry.name == name {
                if entry.value.is_empty() {
                    found.clear();
                } else {
                    let place = format!("{}:{}", path.display(), entry.line);
                    found.push((place, entry.value.as_str()));
                }
            }
        }
        found
    }
}

impl Unit {
    /// In the order of systemd.exec(5): what is passed on, `Environment=`, `EnvironmentFile=`, and
    /// at last `UnsetEnvironment=`.
    fn apply(&mut self, system: &System, lines: &Lines, specifiers: &Specifiers<'_>) {
        self.user(system, lines);
        if self.service.manager == Manager::SystemdSystem {
            for (place, value) in lines.of("PassEnvironment") {
                for name in unit::words(value) {
                    self.settings.put_name(&name, &place);
                }
            }
        }
        for (place, value) in lines.of("Environment") {
            self.environment(&place, value, specifiers);
        }
        for (place, value) in lines.of("EnvironmentFile") {
            self.environment_file(system, &place, value, specifiers);
        }
        for (place, value) in lines.of("UnsetEnvironment") {
            for word in unit::words(value) {
                match word.split_once('=') {
                    Some((name, value)) => {
                        self.settings.unset(name, Some(&Secret::new(value)), &place);
                    }
                    None => self.settings.unset(&word, None, &place),
                }
            }
        }
        for key in [
            "LoadCredential",
            "LoadCredentialEncrypted",
            "SetCredential",
            "SetCredentialEncrypted",
        ] {
            for (place, value) in lines.of(key) {
                let loads = key.starts_with("Load");
                let credential = credential(system, value, loads, place, specifiers);
                self.service.credentials.push(credential);
            }
        }
        if let Some((_, value)) = lines.of("ExecStart").first() {
            let words = unit::words(value);
            self.command = words.iter().map(|word| word.as_str().to_owned()).collect();
        }
        self.arguments_of_env(lines);
        self.service.asks_login_shell = asks_login_shell(&self.command);
    }

    /// `ExecStart=/usr/bin/env NAME=value …`
    fn arguments_of_env(&mut self, lines: &Lines) {
        let Some((place, _)) = lines.of("ExecStart").into_iter().next() else {
            return;
        };
        let mut words = self.command.iter();
        if !words.next().is_some_and(|word| word.ends_with("/env")) {
            return;
        }
        let place = Place {
            origin: Origin::Definition,
            place: &place,
        };
        for (name, value) in words.map_while(|word| word.split_once('=')) {
            self.settings.put(name, &Secret::new(value), &place);
        }
    }

    /// A service of the system runs as root, or as somebody with a home in `/etc/passwd`.
    fn user(&mut self, system: &System, lines: &Lines) {
        if self.service.manager != Manager::SystemdSystem {
            return;
        }
        if let Some((_, user)) = lines.of("User").last() {
            self.home = home_of(system, user);
        }
    }

    fn environment(&mut self, place: &str, value: &str, specifiers: &Specifiers<'_>) {
        for word in unit::words(value) {
            let Some((name, value)) = word.split_once('=') else {
                continue;
            };
            // What a specifier stands for may not be known; the variable is set all the same.
            let expanded = specifiers.expand(value);
            let value = Secret::new(expanded.as_ref().map_or(value, |text| text.as_str()));
            let place = Place {
                origin: Origin::Definition,
                place,
            };
            self.settings.put(name, &value, &place);
        }
    }

    fn environment_file(
        &mut self,
        system: &System,
        place: &str,
        value: &str,
        specifiers: &Specifiers<'_>,
    ) {
        let (optional, path) = match value.strip_prefix('-') {
            Some(path) => (true, path),
            None => (false, value),
        };
        let mut problem = |kind, about: &str| {
            self.service.problems.push(Problem {
                place: place.to_owned(),
                kind,
                about: about.to_owned(),
            });
        };
        let Some(path) = specifiers.expand(path) else {
            return problem(ProblemKind::UnreadableFile, path);
        };
        if !path.starts_with('/') {
            return problem(ProblemKind::RelativePath, &path);
        }
        let mut paths = matching(system, Path::new(path.as_str()));
        paths.retain(|path| !matches!(system.files.followed_entry(&system.at(path)), Ok(None)));
        if paths.is_empty() {
            let kind = if optional {
                ProblemKind::MissingOptionalFile
            } else {
                ProblemKind::MissingFile
            };
            return problem(kind, &path);
        }
        for path in paths {
            self.variables(system, &path);
        }
    }

    /// Reads a file of variables as systemd does.
    fn variables(&mut self, system: &System, path: &Path) {
        let shown = path.display().to_string();
        let mut problem = |place: String, kind, about: String| {
            self.service.problems.push(Problem { place, kind, about });
        };
        let Ok(Some(text)) = system.files.read_text(&system.at(path), LIMIT) else {
            return problem(shown.clone(), ProblemKind::UnreadableFile, shown);
        };
        let file = environment_file::parse(&text);
        for (line, word) in &file.ignored {
            if environment::relevant(word) {
                let place = format!("{shown}:{line}");
                problem(place, ProblemKind::IgnoredLine, word.clone());
            }
        }
        if let Some(line) = file.open_quote {
            problem(
                format!("{shown}:{line}"),
                ProblemKind::OpenQuote,
                shown.clone(),
            );
        }
        for assignment in &file.assignments {
            let place = Place {
                origin: Origin::EnvironmentFile,
                place: &format!("{shown}:{}", assignment.line),
            };
            self.settings
                .put(&assignment.name, &assignment.value, &place);
        }
        self.environment_files.push(path.to_path_buf());
    }
}

/// `LoadCredential=NAME:PATH`; a relative path is a name in the manager's credential folders.
fn credential(
    system: &System,
    value: &str,
    loads: bool,
    place: String,
    specifiers: &Specifiers<'_>,
) -> LoadedCredential {
    // What stands behind the name of `SetCredential=` is the secret itself.
    let alone = if loads { value } else { "" };
    let (name, path) = value.split_once(':').unwrap_or((alone, alone));
    let path = if loads { specifiers.expand(path) } else { None };
    let path = path.map_or_else(String::new, |path| path.as_str().to_owned());
    let there = path.starts_with('/').then(|| {
        let entry = system.files.followed_entry(&system.at(Path::new(&path)));
        matches!(entry, Ok(Some(_)))
    });
    LoadedCredential {
        name: name.to_owned(),
        path,
        there,
        place,
    }
}

/// The files that a path with a `*` in its last part means.
fn matching(system: &System, path: &Path) -> Vec<PathBuf> {
    let name = path.file_name().and_then(|name| name.to_str());
    let parts = name.and_then(|name| name.split_once('*'));
    let (Some((start, end)), Some(folder)) = (parts, path.parent()) else {
        return vec![path.to_path_buf()];
    };
    let names = system.files.list(&system.at(folder)).unwrap_or_default();
    names
        .iter()
        .filter(|name| !name.starts_with('.') || start.starts_with('.'))
        .filter(|name| name.len() >= start.len() + end.len())
        .filter(|name| name.starts_with(start) && name.ends_with(end))
        .map(|name| folder.join(name))
        .collect()
}

/// The home folder of a user, by name or number.
pub fn home_of(system: &System, user: &str) -> Option<PathBuf> {
    let path = system.at(Path::new("/etc/passwd"));
    let text = system.files.read_text(&path, LIMIT).ok()??;
    text.lines().find_map(|line| {
        let fields: Vec<&str> = line.split(':').collect();
        let found = fields.first() == Some(&user) || fields.get(2) == Some(&user);
        Some(PathBuf::from(fields.get(5).filter(|_| found)?))
    })
}

/// `bash -lc …`
fn asks_login_shell(command: &[String]) -> bool {
    let Some((first, options)) = command.split_first() else {
        return false;
    };
    let login = |word: &String| {
        *word == "--login" || word.starts_with('-') && !word.starts_with("--") && word.contains('l')
    };
    is_shell(first.trim_start_matches(['-', '@', ':', '+', '!'])) && options.iter().any(login)
}
