//! What is on disk: our home, the profiles, the configuration, and the one transactional writer.
//!
//! Reading creates nothing, not even a folder. A home or a store that is a symbolic link is
//! followed, and what it leads to is replaced; folders that exist keep their modes.

pub mod account;
pub mod aws;
pub mod config;
pub mod copied;
pub mod env_files;
pub mod fingerprint;
mod guard;
pub mod home;
pub mod journal;
pub mod lock;
pub mod name;
mod parse;
pub mod profile;
pub mod profiles;
mod recovery;
pub mod reference;
mod render;
pub mod save;
pub mod select;
mod shell_environment;
pub mod sources;
pub mod surroundings;
pub mod transaction;
pub mod undo;
pub mod usage;

pub use aws::{AwsAccess, Method};
pub use fingerprint::Fingerprint;
pub use home::Home;
pub use name::{Name, ProfileId};
pub use profile::{Credential, Profile, SecretRef, SecretSource};
pub use profiles::Profiles;
pub use surroundings::{Changes, FolderChange, ModeChange};
pub use transaction::{Change, Receipt, commit, commit_all, update};
pub use usage::Usage;

use std::path::Path;

use crate::error::{Error, Kind, Result};
use crate::system::System;

/// The agent that every home has, and whose profiles the others inherit.
pub const MAIN: &str = "main";

/// A store file as it was when it was read.
#[derive(Clone, Debug)]
pub struct Stored {
    /// Empty when there is no file.
    pub profiles: Profiles,
    /// For [`Change::before`].
    pub fingerprint: Option<Fingerprint>,
}

/// The profiles of `agent`; `None` when `main` has none yet.
///
/// # Errors
/// `NotFound` for another agent that does not exist, naming those that do; `Malformed` with line
/// and column; `Permission` or `Io`.
pub fn load(system: &System, home: &Home, agent: &Name) -> Result<Option<Profiles>> {
    let found = find(system, home, agent)?;
    if found.is_none() {
        require_agent(system, home, agent)?;
    }
    Ok(found)
}

/// Refuses an agent that does not exist; `main` always does.
///
/// # Errors
/// `NotFound`, naming those that exist; `Permission` or `Io`.
pub fn require_agent(system: &System, home: &Home, agent: &Name) -> Result<()> {
    if agent.as_str() == MAIN || exists(system, home, agent)? {
        return Ok(());
    }
    Err(no_agent(system, home, agent))
}

/// As [`load`], and an agent that does not exist has no profiles.
///
/// # Errors
/// As [`load`], without `NotFound`.
pub fn find(system: &System, home: &Home, agent: &Name) -> Result<Option<Profiles>> {
    let path = home.store(agent);
    let bytes = system.files.read(&path, profiles::SIZE_LIMIT)?;
    bytes.map(|bytes| parse_bytes(&bytes, &path)).transpose()
}

/// The store file of `agent`, which need not exist: for plans and for `onboard`, which creates it.
///
/// # Errors
/// `Malformed` with line and column; `Permission` or `Io`.
pub fn read(system: &System, home: &Home, agent: &Name) -> Result<Stored> {
    let path = home.store(agent);
    let Some(bytes) = system.files.read(&path, profiles::SIZE_LIMIT)? else {
        return Ok(Stored {
            profiles: Profiles::default(),
            fingerprint: None,
        });
    };
    Ok(Stored {
        profiles: parse_bytes(&bytes, &path)?,
        fingerprint: Some(Fingerprint::of(&bytes)),
    })
}

/// Changes the store of `agent` under the lock.
///
/// # Errors
/// Those of `change`, of [`read`] and of [`commit`].
pub fn update_profiles(
    system: &System,
    home: &Home,
    agent: &Name,
    label: &str,
    change: impl FnOnce(&mut Profiles) -> Result<()>,
) -> Result<Receipt> {
    update(system, home, label, || {
        let mut stored = read(system, home, agent)?;
        change(&mut stored.profiles)?;
        let after = stored.profiles.render()?;
        Ok(vec![Change::write(
            home.store(agent),
            stored.fingerprint,
            after,
        )])
    })
}

/// The agents of this home: folders with a name that can be one. `main` is always among them.
///
/// # Errors
/// `Permission` or `Io`.
pub fn agents(system: &System, home: &Home) -> Result<Vec<Name>> {
    let names = system.files.list(&home.agents())?;
    let mut agents: Vec<Name> = names
        .iter()
        .filter_map(|name| agent_name(name).ok())
        .collect();
    let main = Name::parse(MAIN)?;
    if !agents.contains(&main) {
        agents.insert(0, main);
    }
    Ok(agents)
}

/// The name of an agent. `defaults` is none: it stands for all of them in the configuration.
///
/// # Errors
/// `Usage`.
pub fn agent_name(text: &str) -> Result<Name> {
    match Name::parse(text)? {
        name if name.as_str() == "defaults" => Err(Error::usage(
            "`defaults` cannot be the name of an agent: in the configuration it means all of them",
        )),
        name => Ok(name),
    }
}

/// What a reader must know before it trusts what it sees.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pending {
    /// Transactions that were begun and not finished.
    pub unfinished: Vec<String>,
    /// Who holds the lock now.
    pub holder: Option<lock::Holder>,
}

/// Whether a writer is at work or was killed. Creates nothing.
///
/// # Errors
/// `Permission` or `Io`.
pub fn pending(system: &System, home: &Home) -> Result<Pending> {
    Ok(Pending {
        unfinished: journal::Journal::of(system.files, home).unfinished()?,
        holder: lock::holder(system.files, &home.lock())?,
    })
}

fn exists(system: &System, home: &Home, agent: &Name) -> Result<bool> {
    let folder = home.agents().join(agent.as_str());
    Ok(system.files.followed_entry(&folder)?.is_some())
}

fn no_agent(system: &System, home: &Home, agent: &Name) -> Error {
    let known = agents(system, home).unwrap_or_default();
    let known: Vec<&str> = known.iter().map(Name::as_str).collect();
    Error::new(
        Kind::NotFound,
        format!("there is no agent `{agent}`; there is {}", known.join(", ")),
    )
    .hint(format!("`keywright --agent {agent} onboard` creates it."))
}

fn parse_bytes(bytes: &[u8], path: &Path) -> Result<Profiles> {
    let text = std::str::from_utf8(bytes).map_err(|_| {
        let message = format!("{} is not UTF-8 text", path.display());
        Error::new(Kind::Malformed, message).path(path)
    })?;
    Profiles::parse(text, path)
}
