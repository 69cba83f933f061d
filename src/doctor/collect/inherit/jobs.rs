//! Cron jobs of these programs, by the crontabs that we may read. Cron gives a job nearly nothing:
//! what stands above it in the crontab, and on many systems `/etc/environment`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use zeroize::Zeroizing;

use super::crontab;
use super::program::fill;
use super::settings::{Place, Settings, is_shell};
use super::systemd::home_of;
use super::{asks_keywright, program_of};
use crate::doctor::facts::{Manager, Origin, Program, Service};
use crate::secret::Secret;
use crate::system::processes::Spawn;
use crate::system::{Platform, System};

const LIMIT: usize = 1024 * 1024;
/// Words one of which is in every job that matters.
pub const NAMES: &[&str] = &["claude", "openclaw", "clawdbot"];
const FOLDER: &str = "/etc/cron.d";
/// Where the crontabs of users are kept; only root may look there on most systems.
const SPOOLS: &[&str] = &["/var/spool/cron/crontabs", "/var/spool/cron"];

/// The jobs that start one of the programs.
/// With `deep` the user's own crontab is asked for where it may not be read.
pub fn jobs(system: &System, deep: bool) -> Vec<Service> {
    if system.platform == Platform::Windows {
        return Vec::new();
    }
    let mut files = vec![(PathBuf::from("/etc/crontab"), true)];
    let names = system.files.list(&system.at(Path::new(FOLDER)));
    for name in names.unwrap_or_default() {
        files.push((Path::new(FOLDER).join(name), true));
    }
    let environment = &system.environment;
    if let Some(user) = environment
        .get("USER")
        .or_else(|| environment.get("LOGNAME"))
        && !user.contains('/')
    {
        files.extend(
            SPOOLS
                .iter()
                .map(|spool| (Path::new(spool).join(user), false)),
        );
    }
    let mut found = Vec::new();
    let mut own = false;
    for (path, of_the_system) in files {
        if let Ok(Some(text)) = system.files.read_text(&system.at(&path), LIMIT) {
            own |= !of_the_system;
            found.extend(of_file(system, &path, &text, of_the_system));
        }
    }
    if deep
        && !own
        && let Some(text) = listed(system)
    {
        found.extend(of_file(system, Path::new(OWN), &text, false));
    }
    found
}

/// What stands before a line of a crontab that was asked for.
const OWN: &str = "crontab";
const TIMEOUT: Duration = Duration::from_secs(2);

/// The user's crontab as `crontab -l` shows it.
fn listed(system: &System) -> Option<Zeroizing<String>> {
    let environment = &system.environment;
    let program = system.processes.find_all("crontab", environment);
    let spawn = Spawn {
        program: program.first()?,
        arguments: &["-l"],
        environment,
        folder: Path::new("/"),
        timeout: TIMEOUT,
        output_limit: LIMIT,
    };
    let finished = system.processes.run(&spawn).ok()?;
    let stdout = Zeroizing::new(finished.stdout);
    let text = str::from_utf8(&stdout)
        .ok()
        .filter(|_| finished.code == Some(0))?;
    Some(Zeroizing::new(text.to_owned()))
}

fn of_file(system: &System, path: &Path, text: &str, of_the_system: bool) -> Vec<Service> {
    if !NAMES.iter().any(|name| text.contains(name)) {
        return Vec::new();
    }
    let crontab = crontab::parse(text, of_the_system);
    let file = path.display().to_string();
    let mut found = Vec::new();
    for job in &crontab.jobs {
        let command: Vec<String> = job.command.split_whitespace().map(str::to_owned).collect();
        let program = program_of(&command);
        if program == Program::Other {
            continue;
        }
        let mut settings = Settings::default();
        of_the_machine(system, &mut settings);
        for variable in crontab.variables.iter().filter(|v| v.line < job.line) {
            let place = Place {
                origin: Origin::Definition,
                place: &format!("{file}:{}", variable.line),
            };
            settings.put(&variable.name, &variable.value, &place);
        }
        let place = format!("{file}:{}", job.line);
        let assigned = command.iter().map_while(|word| word.split_once('='));
        for (name, value) in assigned {
            let place = Place {
                origin: Origin::Definition,
                place: &place,
            };
            settings.put(name, &Secret::new(value), &place);
        }
        let home = match &job.user {
            Some(user) => home_of(system, user),
            None => system.environment.home(),
        };
        let own = home.map(|home| fill(system, program, &home, &mut settings));
        found.push(Service {
            name: place,
            manager: Manager::Cron,
            program,
            file: file.clone(),
            asks_login_shell: asks_login_shell(&command)
                || own.as_ref().is_some_and(|own| own.asks_login_shell),
            own_store: own.as_ref().is_some_and(|own| own.store),
            asks_keywright: asks_keywright(&command),
            settings: settings.effective,
            overridden: settings.overridden,
            ..Service::default()
        });
    }
    found
}

/// Cron gives its jobs `/etc/environment`, where PAM tells it to.
fn of_the_machine(system: &System, settings: &mut Settings) {
    const FILE: &str = "/etc/environment";
    let Ok(Some(text)) = system.files.read_text(&system.at(Path::new(FILE)), LIMIT) else {
        return;
    };
    for assignment in super::environment_file::parse(&text).assignments {
        let place = Place {
            origin: Origin::System,
            place: &format!("{FILE}:{}", assignment.line),
        };
        settings.put(&assignment.name, &assignment.value, &place);
    }
}

/// `bash -lc '…'`, or a start-up file that is read first.
fn asks_login_shell(command: &[String]) -> bool {
    let mut words = command.iter();
    let login = |word: &String| word.starts_with('-') && word.contains('l');
    let shell = words.any(|word| is_shell(word)) && words.next().is_some_and(login);
    let files = [
        ".profile",
        ".bash_profile",
        ".bashrc",
        ".zshenv",
        ".zshrc",
        ".zprofile",
    ];
    shell
        || command
            .iter()
            .any(|word| files.iter().any(|file| word.ends_with(file)))
}
