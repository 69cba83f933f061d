//! `claude`: what it is asked for, the login that it makes up, and the token that it shows.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::guard_path;
use crate::error::{Error, Kind, Result};
use crate::sandbox::keys;
use crate::system::{Environment, Mode, System};
use crate::variables;

/// What `--version` prints; the number comes first, as it does there.
pub const VERSION: &str = "2.1.329 (Claude Code: a stand-in in the keywright sandbox)";

/// How long the access token of a login lives.
const ACCESS: SignedDuration = SignedDuration::from_hours(8);
/// How long a login lives.
const REFRESH: SignedDuration = SignedDuration::from_hours(28 * 24);
/// Bytes of a file of its own at most.
const LIMIT: usize = 1024 * 1024;

/// What the program is asked for.
#[derive(Debug, PartialEq, Eq)]
pub enum Wanted {
    Version,
    SetupToken,
    Login,
    Logout,
    /// `-p`: answer once, as JSON or as text.
    Print {
        json: bool,
        model: Option<String>,
    },
    /// Nothing that the stand-in can do.
    Other,
}

impl Wanted {
    /// What these arguments ask for. Options that make no difference here are passed over.
    #[must_use]
    pub fn of(arguments: &[OsString]) -> Self {
        let words: Vec<&str> = arguments.iter().filter_map(|word| word.to_str()).collect();
        let value = |name: &str| {
            let place = words.iter().position(|word| *word == name);
            let joined = words
                .iter()
                .find_map(|word| word.strip_prefix(name)?.strip_prefix('='));
            joined.or_else(|| words.get(place? + 1).copied())
        };
        let has = |names: &[&str]| words.iter().any(|word| names.contains(word));
        match words.as_slice() {
            ["setup-token", ..] => Self::SetupToken,
            ["auth", "login", ..] => Self::Login,
            ["auth", "logout", ..] => Self::Logout,
            _ if has(&["--version", "-v"]) => Self::Version,
            _ if has(&["-p", "--print"]) => Self::Print {
                json: value("--output-format") == Some("json"),
                model: value("--model").map(str::to_owned),
            },
            _ => Self::Other,
        }
    }
}

/// The token that `setup-token` shows.
#[must_use]
pub fn token() -> String {
    keys::TOKENS
        .first()
        .map(keys::TestKey::text)
        .unwrap_or_default()
}

/// A token as Claude Code shows it: in rows of one column less than the terminal has.
#[must_use]
pub fn in_rows(token: &str, columns: u16) -> String {
    let width = usize::from(columns).saturating_sub(1).max(1);
    let rows: Vec<&[u8]> = token.as_bytes().chunks(width).collect();
    let rows: Vec<_> = rows.into_iter().map(String::from_utf8_lossy).collect();
    rows.join("\r\n")
}

/// The folder of its files.
///
/// # Errors
/// `Config` without a home, `Usage` for a folder outside of the sandbox.
pub fn folder(environment: &Environment, sandbox: &Path) -> Result<PathBuf> {
    let folder = match environment.path(variables::CLAUDE_CONFIG_DIR) {
        Some(folder) => folder,
        None => home(environment)?.join(".claude"),
    };
    guard_path(&folder, sandbox)?;
    Ok(folder)
}

fn home(environment: &Environment) -> Result<PathBuf> {
    environment
        .home()
        .ok_or_else(|| Error::new(Kind::Config, "HOME is not set"))
}

/// Where the login is.
#[must_use]
pub fn login_file(folder: &Path) -> PathBuf {
    folder.join(".credentials.json")
}

/// Writes a login as Claude Code does after one has signed in. The file of it.
///
/// # Errors
/// As [`folder`], and `Permission`, `CannotCreate` or `Io`.
pub fn log_in(system: &System, sandbox: &Path) -> Result<PathBuf> {
    let folder = folder(&system.environment, sandbox)?;
    let now = system.clock.now();
    let after = |duration| now.checked_add(duration).unwrap_or(now).as_millisecond();
    let access = keys::named("subscription-login").map(keys::TestKey::text);
    let login = json!({ "claudeAiOauth": {
        "accessToken": access,
        "refreshToken": keys::refresh_token(),
        "expiresAt": after(ACCESS),
        "refreshTokenExpiresAt": after(REFRESH),
        "scopes": ["user:inference", "user:profile"],
        "subscriptionType": "max",
        "subscriptionTypeSource": "sign_in",
        "rateLimitTier": "default_claude_max_5x",
        "accountUuid": "00000000-0000-4000-8000-000000000001",
        "organizationUuid": "00000000-0000-4000-8000-000000000002",
    } });
    system.files.create_private_folder(&folder)?;
    remember_account(system, &folder)?;
    let path = login_file(&folder);
    system
        .files
        .write_atomic(&path, login.to_string().as_bytes(), Mode::Private)?;
    Ok(path)
}

/// Removes the login.
///
/// # Errors
/// As [`folder`], and `Permission` or `Io`.
pub fn log_out(system: &System, sandbox: &Path) -> Result<()> {
    let path = login_file(&folder(&system.environment, sandbox)?);
    if system.files.entry(&path)?.is_some() {
        system.files.remove(&path)?;
    }
    Ok(())
}

/// The account of the login stands in a file beside it, which holds other things, too.
fn remember_account(system: &System, folder: &Path) -> Result<()> {
    let beside = system.environment.path(variables::CLAUDE_CONFIG_DIR);
    let path = match beside {
        Some(_) => folder.join(".claude.json"),
        None => home(&system.environment)?.join(".claude.json"),
    };
    let found = system.files.read(&path, LIMIT)?;
    let mut state: Value = found
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .filter(Value::is_object)
        .unwrap_or_else(|| json!({}));
    state["hasCompletedOnboarding"] = json!(true);
    state["oauthAccount"] = json!({
        "accountUuid": "00000000-0000-4000-8000-000000000001",
        "emailAddress": "you@sandbox.invalid",
        "organizationUuid": "00000000-0000-4000-8000-000000000002",
        "organizationName": "Sandbox",
        "organizationRole": "admin",
        "displayName": "Sandbox",
    });
    system
        .files
        .write_atomic(&path, state.to_string().as_bytes(), Mode::Private)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments() {
        let check = |line: &str, expected: Wanted| {
            let words: Vec<OsString> = line.split_whitespace().map(OsString::from).collect();
            assert_eq!(Wanted::of(&words), expected, "{line}");
        };
        let print = |json, model: Option<&str>| Wanted::Print {
            json,
            model: model.map(str::to_owned),
        };
        check("--version", Wanted::Version);
        check("-v", Wanted::Version);
        check("setup-token", Wanted::SetupToken);
        check("auth login --claudeai", Wanted::Login);
        check("auth logout", Wanted::Logout);
        check("-p hi", print(false, None));
        check(
            "-p ok --output-format json --max-turns 1",
            print(true, None),
        );
        check(
            "--model m --print hi --output-format=json",
            print(true, Some("m")),
        );
        check("--output-format text -p", print(false, None));
        check("", Wanted::Other);
        check("doctor", Wanted::Other);
    }

    #[test]
    fn rows_are_one_column_short() {
        let check = |columns: u16, lengths: &[usize]| {
            let text = in_rows(&token(), columns);
            let rows: Vec<usize> = text.split("\r\n").map(str::len).collect();
            assert_eq!(rows, lengths, "{columns}");
        };
        check(80, &[79, 29]);
        check(100, &[99, 9]);
        check(250, &[108]);
        check(40, &[39, 39, 30]);
    }
}
