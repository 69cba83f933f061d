//! The login of Claude Code that is here, and in which state. Its tokens are looked at while the
//! file is read and are kept nowhere; nothing is refreshed, since a refresh token works once and
//! belongs to the program that holds it.

mod document;
mod words;

use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

pub use document::{Document, TokenKind, classify};

use super::keychain::{self, Item};
use super::onboarding;
use super::places::{Chosen, Places};
use crate::error::Error;
use crate::system::System;
use crate::system::files::EntryKind;

/// Bytes of a login file at most: a real one has a few kilobytes.
pub const FILE_LIMIT: usize = 1024 * 1024;
/// How long before its end a sign-in is said to be ending; Claude Code warns as early.
pub const SOON: SignedDuration = SignedDuration::from_hours(3 * 24);

macro_rules! standings {
    ($($name:ident $id:literal $usable:literal $doc:literal,)+) => {
        /// The state of a login.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Standing { $(#[doc = $doc] $name,)+ }

        impl Standing {
            /// Every standing.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The stable name in JSON.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)+ }
            }

            /// Claude Code can work with it now, or after a refresh of its own.
            #[must_use]
            pub const fn is_usable(self) -> bool {
                match self { $(Self::$name => $usable,)+ }
            }
        }
    };
}

standings! {
    Missing "missing" false "No login is here.",
    Unreadable "unreadable" false "Something is there that cannot be read: a mode, a folder, a pipe, far too large.",
    Broken "broken" false "The file is no JSON object.",
    NoLogin "no-login" false "The file holds other things, but no login.",
    Blanked "blanked" false "Claude Code emptied it after a refresh was refused.",
    NoInference "no-inference" false "The sign-in does not allow calls of models.",
    Valid "valid" true "The access token is valid now.",
    Refreshable "refreshable" true "The access token is past, and Claude Code renews it on its next use.",
    EndingSoon "ending-soon" true "It works, and ends within three days.",
    Dead "dead" false "It has ended: nothing can renew it.",
    InKeychain "in-keychain" true "The macOS Keychain holds one, which only Claude Code may look into.",
    KeychainLocked "keychain-locked" false "The macOS Keychain is locked, as it is over SSH.",
}

/// Whose login it is, as `.claude.json` remembers it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Account {
    pub email: Option<String>,
    pub organization: Option<String>,
}

/// What stands in the way of the file being Claude Code's alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LoginFile {
    /// Permission bits of the file itself; 0 where the system has none.
    pub mode: u32,
    /// Owner's user id, and the one of this process.
    pub owner: u32,
    pub user: u32,
    pub group: u32,
    /// Hard links to it; more than one is a copy that a refresh leaves behind.
    pub links: u64,
    /// Where it leads, when it is a symbolic link.
    pub target: Option<String>,
    /// The file itself is mounted from somewhere else, as a container is given one file.
    pub mounted: bool,
}

impl LoginFile {
    /// It is reached by more than one name, so that a refresh in one place ends the login in another.
    #[must_use]
    pub const fn is_shared(&self) -> bool {
        self.links > 1 || self.target.is_some() || self.mounted
    }
}

/// A login, without anything secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Login {
    pub config_dir: PathBuf,
    pub chosen: Chosen,
    /// The file that holds it or would.
    pub path: PathBuf,
    pub standing: Standing,
    /// Line and column, from 1, where the file stops being JSON.
    pub position: Option<(usize, usize)>,
    /// Why the file cannot be read or understood: a lowercase fragment.
    pub problem: Option<String>,
    /// `max`, `pro`, `team`, `enterprise`: as the file says it.
    pub plan: Option<String>,
    /// Such as `default_claude_max_5x`.
    pub rate_limit_tier: Option<String>,
    pub account: Option<Account>,
    pub scopes: Vec<String>,
    pub access: TokenKind,
    pub refresh: TokenKind,
    pub access_expires: Option<Timestamp>,
    /// Older files do not say it.
    pub refresh_expires: Option<Timestamp>,
    /// `None` when no file is there.
    pub file: Option<LoginFile>,
    /// What the Keychain of a Mac says; `None` on other systems.
    pub keychain: Option<Item>,
}

impl Login {
    /// There is something that is a login or was one.
    #[must_use]
    pub const fn is_there(&self) -> bool {
        !matches!(self.standing, Standing::Missing | Standing::NoLogin)
    }

    /// When somebody has to sign in again, as far as it is known: the refresh token's end, or the
    /// access token's when nothing can renew it. What a file says is not the end of a login that is
    /// in the Keychain.
    #[must_use]
    pub const fn ends(&self) -> Option<Timestamp> {
        match self.refresh {
            _ if matches!(self.standing, Standing::InKeychain) => None,
            TokenKind::None => self.access_expires,
            _ => self.refresh_expires,
        }
    }
}

/// Looks at the login that `claude` would use here, or would with `CLAUDE_CONFIG_DIR` set to
/// `config_dir`. Reads files, asks a Mac's Keychain whether it has an item, and changes nothing.
#[must_use]
pub fn look(system: &System, config_dir: Option<&Path>, now: Timestamp) -> Login {
    let places = Places::of(system, config_dir);
    let file = login_file(system, &places.credentials);
    let document = read(system, &places.credentials, now);
    let keychain = keychain::look(system, &places);
    let standing = match keychain {
        // Claude Code asks the Keychain first, and the file when it gets nothing from there.
        Some(Item::Present) => Standing::InKeychain,
        Some(Item::Locked) if !document.standing.is_usable() => Standing::KeychainLocked,
        _ => document.standing,
    };
    let account = onboarding::look(system, &places).account;
    Login {
        config_dir: places.config_dir,
        chosen: places.chosen,
        path: places.credentials,
        standing,
        position: document.position,
        problem: document.problem,
        plan: document.plan,
        rate_limit_tier: document.rate_limit_tier,
        account,
        scopes: document.scopes,
        access: document.access,
        refresh: document.refresh,
        access_expires: document.access_expires,
        refresh_expires: document.refresh_expires,
        file,
        keychain,
    }
}

fn read(system: &System, path: &Path, now: Timestamp) -> Document {
    match system.files.read_whole_text(path, FILE_LIMIT) {
        Ok(Some(text)) => classify(&text, now),
        Ok(None) if is_link(system, path) => Document {
            problem: Some("it is a link that leads nowhere".to_owned()),
            ..Document::of(Standing::Unreadable)
        },
        Ok(None) => Document::of(Standing::Missing),
        Err(error) => Document {
            problem: Some(reason(path, &error)),
            ..Document::of(Standing::Unreadable)
        },
    }
}

/// The innermost words of an error, which the path is already named beside.
fn reason(path: &Path, error: &Error) -> String {
    let text = error.causes().last();
    let text = text.unwrap_or_else(|| error.message().to_owned());
    let rest = text.strip_prefix(&path.display().to_string());
    rest.map_or_else(|| text.clone(), |rest| format!("it{rest}"))
}

fn is_link(system: &System, path: &Path) -> bool {
    let entry = system.files.entry(path).ok().flatten();
    entry.is_some_and(|entry| entry.kind == EntryKind::Symlink)
}

/// Mode, owner and links are those of the file behind a link. `None` where there is no file.
fn login_file(system: &System, path: &Path) -> Option<LoginFile> {
    let target = system.files.entry(path).ok()??.target;
    let entry = system.files.followed_entry(path).ok()??;
    (entry.kind == EntryKind::File).then(|| LoginFile {
        mounted: is_mounted(system, path),
        mode: entry.mode,
        owner: entry.owner,
        user: system.files.user(),
        group: entry.group,
        links: entry.links,
        target,
    })
}

/// Whether something is mounted at this very path (proc(5), mountinfo).
fn is_mounted(system: &System, path: &Path) -> bool {
    const MOUNTS: &str = "/proc/self/mountinfo";
    const MOST: u64 = 1024 * 1024;
    let mounts = system.files.read_start(&system.at(Path::new(MOUNTS)), MOST);
    let real = system.files.real(path);
    let real = real.as_deref().unwrap_or(path).to_string_lossy();
    mounts.is_ok_and(|mounts| is_mount_point(&String::from_utf8_lossy(&mounts), &real))
}

/// The fifth word of a line is where it is mounted, with white space in octal.
fn is_mount_point(mounts: &str, path: &str) -> bool {
    let words = path.replace('\\', "\\134").replace(' ', "\\040");
    let mut lines = mounts.lines();
    lines.any(|line| line.split(' ').nth(4) == Some(words.as_str()))
}

#[cfg(test)]
mod tests;
