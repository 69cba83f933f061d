//! The world that `--sandbox` gives a command: a home of its own below the cache folder, an
//! environment without anyone's credentials, and the stand-in as the only API.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::server::{Running, Sandbox};
use super::{keys, profiles, programs};
use crate::error::{Error, Kind, Result};
use crate::secret::Secret;
use crate::system::{Environment, System};
use crate::variables;

/// Starts the stand-in in this process and gives the system that a command shall see. The sandbox
/// ends when [`Running`] is dropped.
///
/// # Errors
/// `Config` when there is no cache folder, else what [`Sandbox::start`] says.
pub fn enter(system: &System) -> Result<(System, Running)> {
    let folder = folder(&system.environment)?;
    let running = Sandbox::start(None, system.clock)?;
    let environment = environment(&system.environment, &folder, &running.base_url);
    let mut inside = System::with_environment(environment);
    inside.sandbox = true;
    Ok((inside, running))
}

/// Lets a credential pass that the sandbox may see: any outside of it, test keys inside.
///
/// # Errors
/// `MalformedCredential` for any other key inside the sandbox: it must not be typed into a trial.
pub fn admit(system: &System, secret: &Secret) -> Result<()> {
    if !system.sandbox || keys::is_ours(secret) {
        return Ok(());
    }
    Err(Error::new(
        Kind::MalformedCredential,
        "the sandbox takes its own test keys only; this key was neither sent nor stored",
    )
    .hint("`keywright sandbox keys` lists the test keys."))
}

/// The folder that holds everything that is done in the sandbox. Nothing is created.
///
/// # Errors
/// `Config` when no cache folder can be derived from the environment.
pub fn folder(environment: &Environment) -> Result<PathBuf> {
    let cache = if cfg!(windows) {
        environment.path("LOCALAPPDATA")
    } else {
        let xdg = environment
            .path(variables::XDG_CACHE_HOME)
            .filter(|path| path.is_absolute());
        xdg.or_else(|| Some(environment.home()?.join(".cache")))
    };
    cache
        .map(|cache| cache.join("keywright").join("sandbox"))
        .ok_or_else(|| {
            Error::new(
                Kind::Config,
                "cannot tell where to keep the sandbox: HOME is not set",
            )
            .hint("set HOME or XDG_CACHE_HOME.")
        })
}

/// The line that stands on every screen of the sandbox.
///
/// # Errors
/// As [`folder`].
pub fn notice(system: &System) -> Result<String> {
    let folder = folder(&system.environment)?;
    Ok(format!(
        "Sandbox: loopback only, nothing leaves this machine. Its files are in {}.",
        folder.display()
    ))
}

/// Creates what programs find in the sandbox: a home folder, private to the user, and the stand-in
/// programs.
///
/// # Errors
/// As [`folder`], and `Permission`, `CannotCreate` or `Io`.
pub fn create_home(system: &System) -> Result<()> {
    let folder = folder(&system.environment)?;
    let home = home(&folder);
    if system.files.entry(&home)?.is_none() {
        system.files.create_private_folder(&home)?;
        profiles::create(system, &home)?;
    }
    programs::install(system, &folder)
}

/// The home folder of programs in the sandbox.
#[must_use]
pub fn home(folder: &Path) -> PathBuf {
    folder.join("home")
}

/// What a program sees in the sandbox: `outside` without credentials, proxies, cloud settings and
/// folders of the user, and with the stand-in as its API.
#[must_use]
pub fn environment(outside: &Environment, folder: &Path, base_url: &str) -> Environment {
    let kept = outside
        .iter()
        .filter(|(name, value)| is_harmless(name, value));
    let mut inside = Environment::of(kept, outside.folder());
    let home = home(folder);
    if cfg!(windows) {
        inside.set("USERPROFILE", &home);
        inside.set("APPDATA", home.join("AppData").join("Roaming"));
        inside.set("LOCALAPPDATA", home.join("AppData").join("Local"));
    }
    inside.set("HOME", &home);
    inside.set(variables::HOME, folder.join("keywright"));
    for name in ENDPOINTS {
        inside.set(name, base_url);
    }
    for (name, value) in FIXED {
        inside.set(name, *value);
    }
    let bin = programs::folder(folder);
    let path = inside.raw("PATH").unwrap_or_default().to_owned();
    let folders = std::iter::once(bin).chain(std::env::split_paths(&path));
    if let Ok(path) = std::env::join_paths(folders.filter(|f| !f.as_os_str().is_empty())) {
        inside.set("PATH", path);
    }
    inside
}

/// Variables that lead to an API. The last one is Claude Code's own.
const ENDPOINTS: &[&str] = &[
    variables::ANTHROPIC_BASE_URL,
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_STS",
    "AWS_ENDPOINT_URL_BEDROCK",
    "AWS_ENDPOINT_URL_BEDROCK_RUNTIME",
    "ANTHROPIC_BEDROCK_BASE_URL",
];

/// What keeps programs from looking for others: a proxy, the metadata of a cloud's machine, and
/// what Claude Code asks of other hosts.
const FIXED: &[(&str, &str)] = &[
    ("NO_PROXY", "127.0.0.1,localhost"),
    ("AWS_EC2_METADATA_DISABLED", "true"),
    ("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1"),
    ("DISABLE_AUTOUPDATER", "1"),
];

/// Beginnings of names that belong to a provider, to a cloud or to us.
const PREFIXES: &[&str] = &[
    "ANTHROPIC_",
    "AWS_",
    "AZURE_",
    "BEDROCK_",
    "CLAUDE",
    "CLAWDBOT_",
    "CLOUD_ML_",
    "GEMINI_",
    "GOOGLE_",
    "KEYWRIGHT_",
    "OPENAI_",
    "OPENCLAW_",
    "OPENROUTER_",
    "VERTEX_",
    "XDG_",
];

/// Ends of names that promise a secret, and of the proxy variables.
const SUFFIXES: &[&str] = &[
    "_API_KEY",
    "_API_KEYS",
    "_ACCESS_KEY",
    "_CREDENTIALS",
    "_PASSWORD",
    "_PROXY",
    "_SECRET",
    "_TOKEN",
];

/// Names of ours that say how to behave, not who one is.
const KEPT: &[&str] = &[
    variables::NOW,
    variables::NO_INPUT,
    variables::AGENT,
    variables::PROFILE,
    variables::ACCOUNT,
    "XDG_RUNTIME_DIR",
];

fn is_harmless(name: &OsStr, value: &OsStr) -> bool {
    // What is not UTF-8 is no credential that any provider gives out.
    let value = value.to_str().unwrap_or_default();
    if keys::is_known(value) {
        return true;
    }
    if !Secret::new(value).public_prefix().is_empty() {
        return false;
    }
    let name = name.to_string_lossy().to_ascii_uppercase();
    KEPT.contains(&name.as_str())
        || !(PREFIXES.iter().any(|prefix| name.starts_with(prefix))
            || SUFFIXES.iter().any(|suffix| name.ends_with(suffix)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_the_user_gets_in() {
        let check = |name: &str, value: &str, expected: bool| {
            let found = is_harmless(OsStr::new(name), OsStr::new(value));
            assert_eq!(found, expected, "{name}");
        };
        let test_key = keys::ALL[0].text();
        check("PATH", "/bin", true);
        check("TERM", "xterm", true);
        check("NO_COLOR", "1", true);
        check("KEYWRIGHT_NOW", "2026-01-01T00:00:00Z", true);
        check("KEYWRIGHT_HOME", "/h", false);
        check("KEYWRIGHT_LIVE_ANTHROPIC_KEY", "x", false);
        check("ANTHROPIC_API_KEY", "anything", false);
        check("ANTHROPIC_API_KEY", &test_key, true);
        check("MY_KEY", &test_key, true);
        check("MY_KEY", "sk-ant-api03-real", false);
        check("CLAUDE_CODE_USE_BEDROCK", "1", false);
        check("CLAUDECODE", "1", false);
        check("AWS_PROFILE", "p", false);
        check("https_proxy", "http://p", false);
        check("GITHUB_TOKEN", "x", false);
        check("XDG_CONFIG_HOME", "/x", false);
    }

    #[test]
    fn homes_are_below_the_cache() {
        let outside = Environment::of([("HOME", "/h"), ("PATH", "/bin")], "/here");
        let folder = folder(&outside).expect("HOME is set");
        assert_eq!(folder, Path::new("/h/.cache/keywright/sandbox"));
        let inside = environment(&outside, &folder, "http://127.0.0.1:1");
        assert_eq!(
            inside.get("PATH"),
            Some("/h/.cache/keywright/sandbox/bin:/bin")
        );
        assert_eq!(inside.get("HOME"), Some("/h/.cache/keywright/sandbox/home"));
        assert_eq!(
            inside.get("KEYWRIGHT_HOME"),
            Some("/h/.cache/keywright/sandbox/keywright")
        );
        for name in ENDPOINTS {
            assert_eq!(inside.get(name), Some("http://127.0.0.1:1"), "{name}");
        }
        assert!(super::folder(&Environment::of([("PATH", "/bin")], "/")).is_err());
    }
}
