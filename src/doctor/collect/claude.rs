//! The `claude` programs of this machine: found, told apart by where they lead, and asked for
//! their version. Nothing but `--version` is ever asked: other commands can change a login.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::binary;
use crate::doctor::facts::claude::parse_version;
use crate::doctor::facts::{BuiltFor, Claude, Install, Method, Ran};
use crate::provider::paste;
use crate::system::processes::{Finished, Spawn, WhyUnusable};
use crate::system::{Environment, System};
use crate::variables;

const NAME: &str = "claude";
/// A cold start takes half a second on a slow machine.
const VERSION_TIMEOUT: Duration = Duration::from_secs(5);
/// Characters kept of what a program says.
const SAYS_LIMIT: usize = 200;
/// What npm's stand-in says when the native program was not installed.
const PLACEHOLDER: &str = "native binary not installed";
/// A home folder for a process that has none; `--version` touches no file.
const NO_HOME: &str = "/nonexistent";

/// Finds and examines every `claude`. No program runs longer than 5 s, or than nine tenths of
/// `limit`, so that none is left behind when the whole run is over.
#[must_use]
pub fn collect(system: &System, limit: Duration) -> Claude {
    let timeout = VERSION_TIMEOUT.min(limit * 9 / 10);
    let searched = usual_places(system);
    let mut installs = on_path(system);
    for place in &searched {
        add_usual_place(&mut installs, place);
    }
    for install in &mut installs {
        let real = install.real.as_deref().map(PathBuf::from);
        if let Some(real) = real {
            install.method = method(&real.to_string_lossy().replace('\\', "/"));
            install.built_for = built_for(system, &real);
            install.version = version_from_files(system, install.method, &real);
        }
    }
    let winner = installs.iter().position(|install| install.on_path);
    std::thread::scope(|scope| {
        for (index, install) in installs.iter_mut().enumerate() {
            let ask = Some(index) == winner || install.version.is_none();
            if ask && install.ran == Ran::NotTried {
                scope.spawn(move || {
                    install.ran = ask_version(system, Path::new(&install.path), timeout);
                });
            }
        }
    });
    let searched = searched.iter().filter_map(|place| place.parent());
    Claude {
        installs,
        searched: searched
            .map(|folder| folder.display().to_string())
            .collect(),
    }
}

fn on_path(system: &System) -> Vec<Install> {
    let usable = system
        .processes
        .find_all(NAME, &system.environment)
        .into_iter()
        .map(|path| found(&path, true, Ran::NotTried));
    let broken = system
        .processes
        .find_unusable(NAME, &system.environment)
        .into_iter()
        .map(|hit| found(&hit.path, true, unusable(hit.why)));
    usable.chain(broken).collect()
}

const fn unusable(why: WhyUnusable) -> Ran {
    match why {
        WhyUnusable::Dangling => Ran::Dangling,
        WhyUnusable::NotExecutable => Ran::NotExecutable,
    }
}

fn found(path: &Path, on_path: bool, ran: Ran) -> Install {
    Install {
        path: path.display().to_string(),
        real: path
            .canonicalize()
            .ok()
            .map(|real| real.display().to_string()),
        on_path,
        ran,
        ..Install::default()
    }
}

/// Another way to a program that is known becomes a second path of it.
fn add_usual_place(installs: &mut Vec<Install>, place: &Path) {
    if place.symlink_metadata().is_err() {
        return;
    }
    let ran = match place.metadata() {
        Ok(target) if target.is_dir() => return,
        Ok(target) if executable(&target) => Ran::NotTried,
        Ok(_) => Ran::NotExecutable,
        Err(_) => Ran::Dangling,
    };
    let install = found(place, false, ran);
    let same = |known: &&mut Install| {
        known.path == install.path || (known.real.is_some() && known.real == install.real)
    };
    match installs.iter_mut().find(same) {
        Some(known) if known.path == install.path => {}
        Some(known) => known.also.push(install.path),
        None => installs.push(install),
    }
}

#[cfg(unix)]
fn executable(target: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    target.permissions().mode() & 0o111 != 0
}

#[cfg(not(unix))]
fn executable(_: &std::fs::Metadata) -> bool {
    true
}

/// Where installers put it, whether or not `PATH` leads there.
fn usual_places(system: &System) -> Vec<PathBuf> {
    let name = if cfg!(windows) { "claude.exe" } else { NAME };
    let mut folders = Vec::new();
    if let Some(home) = system.environment.home() {
        folders.push(home.join(".local/bin"));
        folders.push(home.join(".claude/local"));
    }
    folders.extend(npm_prefix(system).map(|prefix| {
        if cfg!(windows) {
            prefix
        } else {
            prefix.join("bin")
        }
    }));
    if cfg!(target_os = "macos") {
        folders.push("/opt/homebrew/bin".into());
    }
    if cfg!(unix) {
        folders.push("/usr/local/bin".into());
        folders.push("/usr/bin".into());
    }
    let mut places: Vec<PathBuf> = Vec::new();
    for folder in folders {
        let place = folder.join(name);
        if !places.contains(&place) {
            places.push(place);
        }
    }
    places
}

/// npm's global prefix as npm itself finds it: the environment, then `~/.npmrc`, then the folder
/// above that of `node`. npm is not run.
fn npm_prefix(system: &System) -> Option<PathBuf> {
    const LIMIT: usize = 64 * 1024;
    let environment = &system.environment;
    let set = ["NPM_CONFIG_PREFIX", "npm_config_prefix"];
    if let Some(prefix) = set.iter().find_map(|name| environment.path(name)) {
        return Some(prefix);
    }
    let home = environment.home();
    let configured = home.as_ref().and_then(|home| {
        let text = system.files.read_text(&home.join(".npmrc"), LIMIT).ok()??;
        let value = text.lines().find_map(|line| {
            let (key, value) = line.split_once('=')?;
            (key.trim() == "prefix").then(|| value.trim().trim_matches('"').to_owned())
        })?;
        let below_home = ["~/", "${HOME}/"]
            .iter()
            .find_map(|start| value.strip_prefix(start));
        Some(below_home.map_or_else(|| PathBuf::from(&value), |rest| home.join(rest)))
    });
    configured.or_else(|| {
        let node = system
            .processes
            .find_all("node", environment)
            .into_iter()
            .next()?;
        Some(node.parent()?.parent()?.to_path_buf())
    })
}

/// By the place that a path leads to, with forward slashes.
fn method(real: &str) -> Method {
    let holds = |part: &str| real.contains(part);
    if holds("/claude/versions/") {
        Method::Native
    } else if holds("/.claude/local/") {
        Method::LegacyLocal
    } else if holds("/node_modules/@anthropic-ai/claude-code") {
        Method::Npm
    } else if holds("/Caskroom/") || holds("/Cellar/") || holds("/homebrew/") {
        Method::Homebrew
    } else if real.starts_with("/usr/") && !real.starts_with("/usr/local/") {
        Method::System
    } else {
        Method::Unknown
    }
}

fn built_for(system: &System, real: &Path) -> BuiltFor {
    let start = system.files.read_start(real, binary::ENOUGH);
    let exists = |path: &str| matches!(system.files.followed_entry(Path::new(path)), Ok(Some(_)));
    start.map_or(BuiltFor::Any, |bytes| binary::built_for(&bytes, exists))
}

fn version_from_files(system: &System, method: Method, real: &Path) -> Option<String> {
    const LIMIT: usize = 256 * 1024;
    #[derive(serde::Deserialize)]
    struct Package {
        version: String,
    }
    let version = match method {
        Method::Native => real.file_name()?.to_str()?.to_owned(),
        Method::Npm | Method::LegacyLocal => {
            let package = real
                .ancestors()
                .find(|folder| folder.file_name().is_some_and(|name| name == "claude-code"))?
                .join("package.json");
            let text = system.files.read_text(&package, LIMIT).ok()??;
            serde_json::from_str::<Package>(&text).ok()?.version
        }
        Method::Homebrew | Method::System | Method::Unknown => return None,
    };
    parse_version(&version).map(|(major, minor, patch)| format!("{major}.{minor}.{patch}"))
}

fn ask_version(system: &System, program: &Path, timeout: Duration) -> Ran {
    let environment = child_environment(&system.environment);
    let home = environment.path("HOME").filter(|home| home.is_dir());
    let folder = home.unwrap_or_else(|| PathBuf::from("/"));
    let outcome = system.processes.run(&Spawn {
        program,
        arguments: &["--version"],
        environment: &environment,
        folder: &folder,
        timeout,
        output_limit: 16 * 1024,
    });
    match outcome {
        Ok(finished) => read_version(&finished),
        Err(error) => Ran::CannotStart(error.to_string()),
    }
}

/// The environment of this process without credentials, and with the folders named that `claude`
/// would otherwise look up.
fn child_environment(own: &Environment) -> Environment {
    let mut environment = own.clone();
    let names: Vec<String> = own
        .iter()
        .filter_map(|(name, _)| name.to_str())
        .filter(|name| {
            let start = |prefix| name.starts_with(prefix);
            start("ANTHROPIC_") || start("CLAUDE_CODE_") || start("AWS_") || start("KEYWRIGHT_")
        })
        .map(str::to_owned)
        .collect();
    for name in names {
        environment.remove(&name);
    }
    let home = own.home().unwrap_or_else(|| NO_HOME.into());
    if environment.path(variables::CLAUDE_CONFIG_DIR).is_none() {
        environment.set(variables::CLAUDE_CONFIG_DIR, home.join(".claude"));
    }
    environment.set("HOME", home);
    environment
}

fn read_version(finished: &Finished) -> Ran {
    if finished.timed_out {
        return Ran::TimedOut;
    }
    let stdout = String::from_utf8_lossy(&finished.stdout);
    let stderr = String::from_utf8_lossy(&finished.stderr);
    if stdout.contains(PLACEHOLDER) || stderr.contains(PLACEHOLDER) {
        return Ran::Placeholder;
    }
    if finished.code != Some(0) {
        let says = first_line(&stderr);
        let says = if says.is_empty() {
            first_line(&stdout)
        } else {
            says
        };
        return Ran::Failed {
            code: finished.code,
            says,
        };
    }
    let line = first_line(&stdout);
    let word = line.split_whitespace().next().unwrap_or_default();
    match parse_version(word) {
        Some((major, minor, patch)) => Ran::Version(format!("{major}.{minor}.{patch}")),
        None => Ran::NoVersion(line),
    }
}

fn first_line(text: &str) -> String {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty());
    // A program may say what it was given.
    let line = paste::scrub(line.unwrap_or_default());
    line.chars().take(SAYS_LIMIT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_by_target() {
        let check = |real, expected| assert_eq!(method(real), expected, "{real}");
        check("/h/.local/share/claude/versions/2.1.329", Method::Native);
        check(
            "/n/lib/node_modules/@anthropic-ai/claude-code/bin/claude.exe",
            Method::Npm,
        );
        check(
            "/usr/lib/node_modules/@anthropic-ai/claude-code/cli.js",
            Method::Npm,
        );
        check(
            "/h/.claude/local/node_modules/@anthropic-ai/claude-code/cli.js",
            Method::LegacyLocal,
        );
        check(
            "/opt/homebrew/Caskroom/claude-code/2.1.0/claude",
            Method::Homebrew,
        );
        check("/usr/bin/claude", Method::System);
        check("/usr/local/bin/claude", Method::Unknown);
        check("/h/bin/claude", Method::Unknown);
    }

    #[test]
    fn versions_from_what_it_says() {
        let check = |code, stdout: &str, stderr: &str, expected: Ran| {
            let finished = Finished {
                code,
                timed_out: false,
                stdout: stdout.into(),
                stderr: stderr.into(),
                elapsed: Duration::ZERO,
            };
            assert_eq!(read_version(&finished), expected);
        };
        let text = str::to_owned;
        check(
            Some(0),
            "2.1.329 (Claude Code)\n",
            "",
            Ran::Version(text("2.1.329")),
        );
        check(Some(0), "hello\nworld", "", Ran::NoVersion(text("hello")));
        check(Some(0), "", "", Ran::NoVersion(String::new()));
        check(
            Some(1),
            "",
            "\nbad\nworse",
            Ran::Failed {
                code: Some(1),
                says: text("bad"),
            },
        );
        check(
            Some(1),
            "",
            "Error: claude native binary not installed.",
            Ran::Placeholder,
        );
    }
}
