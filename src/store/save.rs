//! Profiles saved, removed and activated by commands: the store and the managed lines of every
//! `.env` file change in one commit, under the lock, on what stands there then.

pub mod together;

use std::path::PathBuf;

use super::env_files::{self, EnvFile};
use super::home::Home;
use super::name::{Name, ProfileId};
use super::profile::{Credential, Profile, SecretSource};
use super::profiles::Profiles;
use super::transaction::{Change, Receipt, update};
use super::{MAIN, find, load, read, undo, usage};
use crate::error::{Error, Kind, Result};
use crate::secret::Secret;
use crate::system::System;

/// What becomes of a profile that holds another credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replace {
    /// It stays, and saving is refused.
    Refuse,
    /// It is replaced; the journal keeps it for `undo`.
    Allow,
}

/// What the journal keeps of what was removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purge {
    /// Everything, for `undo`.
    Keep,
    /// Nothing: the whole journal is forgotten, because every entry may hold the secret.
    Journal,
}

/// What saving a profile came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Added,
    /// It held the same credential already.
    Same,
    Replaced,
}

impl Outcome {
    /// The stable name in JSON.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Same => "same",
            Self::Replaced => "replaced",
        }
    }
}

/// A profile that was saved.
#[derive(Clone, Debug)]
pub struct Saved {
    pub outcome: Outcome,
    pub receipt: Receipt,
}

/// Profiles that were removed.
#[derive(Clone, Debug)]
pub struct Removed {
    pub receipt: Receipt,
    /// The active account had no other profile, and was ended.
    pub ended_account: Option<Name>,
}

/// The store of one agent and the `.env` files, while they are changed.
pub struct Edit {
    pub profiles: Profiles,
    env_files: Vec<EnvFile>,
    /// Lines in a store of another agent than `main` follow only what they were made from: they do
    /// not say whose profile they name.
    main: bool,
    now: i64,
}

/// Saves one profile, and lets its managed lines follow. A new one has `createdAt` now, and fields
/// of the replaced one that we do not know stay.
///
/// # Errors
/// `Conflict` when the profile holds another credential and may not be replaced; `NotFound` for an
/// agent that does not exist; those of [`update`].
pub fn put(
    system: &System,
    home: &Home,
    agent: &Name,
    id: ProfileId,
    profile: Profile,
    replace: Replace,
) -> Result<Saved> {
    let label = format!("save {id}");
    let (outcome, receipt) = edit(system, home, agent, &label, |edit| {
        edit.put(id, profile, replace)
    })?;
    Ok(Saved { outcome, receipt })
}

/// Removes profiles with their managed lines and their places in every order.
///
/// # Errors
/// `NotFound` when one of them is not there, and then none is removed; those of [`update`].
pub fn remove(
    system: &System,
    home: &Home,
    agent: &Name,
    ids: &[ProfileId],
    purge: Purge,
) -> Result<Removed> {
    // A command that fails creates nothing, not even our folder.
    let held = load(system, home, agent)?.unwrap_or_default();
    own(system, home, agent, &held, ids)?;
    let label = match ids {
        [id] => format!("remove {id}"),
        ids => format!("remove {} profiles", ids.len()),
    };
    let (ended_account, receipt) = edit(system, home, agent, &label, |edit| {
        own(system, home, agent, &edit.profiles, ids)?;
        for id in ids {
            edit.remove(id)?;
        }
        Ok(edit.end_empty_account())
    })?;
    if purge == Purge::Journal {
        undo::prune(system, home, true)?;
    }
    Ok(Removed {
        receipt,
        ended_account,
    })
}

/// Makes an account the active one, or none. It may be inherited from `main`.
///
/// # Errors
/// `NotFound` for an account without a profile, naming those that are there; those of [`update`].
pub fn activate(
    system: &System,
    home: &Home,
    agent: &Name,
    account: Option<&Name>,
) -> Result<Receipt> {
    let held = load(system, home, agent)?.unwrap_or_default();
    is_account(system, home, &held, account)?;
    if held.active.as_ref() == account {
        return Ok(Receipt {
            transaction: None,
            paths: Vec::new(),
        });
    }
    let label = match account {
        Some(name) => format!("use the account {name}"),
        None => "use no account".to_owned(),
    };
    let ((), receipt) = edit(system, home, agent, &label, |edit| {
        is_account(system, home, &edit.profiles, account)?;
        edit.profiles.active = account.cloned();
        Ok(())
    })?;
    Ok(receipt)
}

/// Changes the store of `agent` and what follows it, in one commit.
///
/// # Errors
/// `NotFound` for an agent that does not exist; those of `change` and of [`update`].
pub fn edit<T>(
    system: &System,
    home: &Home,
    agent: &Name,
    label: &str,
    change: impl FnOnce(&mut Edit) -> Result<T>,
) -> Result<(T, Receipt)> {
    super::require_agent(system, home, agent)?;
    let (mut told, mut gone) = (None, Vec::new());
    let receipt = update(system, home, label, || {
        let stored = read(system, home, agent)?;
        let mut edit = Edit {
            profiles: stored.profiles,
            env_files: env_files::open_all(system, home)?,
            main: agent.as_str() == MAIN,
            now: system.clock.now().as_millisecond(),
        };
        let before = edit.profiles.clone();
        told = Some(change(&mut edit)?);
        gone = usage::gone(&before, &edit.profiles);
        let mut changes = Vec::new();
        if edit.profiles != before {
            let bytes = edit.profiles.render()?;
            changes.push(Change::write(home.store(agent), stored.fingerprint, bytes));
        }
        let files = edit.env_files.into_iter();
        changes.extend(files.filter_map(EnvFile::into_change));
        Ok(changes)
    })?;
    // Noted or not, the change stands.
    let _ = usage::reset(system, home, agent, &gone);
    let told = told.ok_or_else(|| Error::new(Kind::Io, "the change was not made"))?;
    Ok((told, receipt))
}

impl Edit {
    /// As [`put`].
    ///
    /// # Errors
    /// `Conflict`; `MalformedCredential` for a secret that a managed line cannot hold.
    pub fn put(
        &mut self,
        id: ProfileId,
        mut profile: Profile,
        replace: Replace,
    ) -> Result<Outcome> {
        let held = self.profiles.get(&id);
        let outcome = match held {
            None => Outcome::Added,
            Some(held) if is_same(held, &profile) => return Ok(Outcome::Same),
            Some(held) if replace == Replace::Refuse && !is_same_secret(held, &profile) => {
                return Err(occupied(&id));
            }
            Some(_) => Outcome::Replaced,
        };
        let before = held.and_then(stored).cloned();
        // A line is for one kind of credential: another kind would be a wrong value there.
        let kind = held.map(|held| held.credential.kind().to_owned());
        let stays = kind.is_none_or(|kind| kind == profile.credential.kind());
        if let Some(held) = held {
            profile.keep_unknown(held);
        }
        profile.created_at = profile.created_at.or(Some(self.now));
        self.follow(&id, stored(&profile).filter(|_| stays), before.as_ref())?;
        self.profiles.put(id, profile);
        Ok(outcome)
    }

    /// Takes a profile away, with its managed lines.
    ///
    /// # Errors
    /// None in practice: removing a line cannot fail.
    pub fn remove(&mut self, id: &ProfileId) -> Result<Option<Profile>> {
        let removed = self.profiles.remove(id);
        let before = removed.as_ref().and_then(stored).cloned();
        self.follow(id, None, before.as_ref())?;
        Ok(removed)
    }

    /// Writes a managed line of a stored profile's secret to a `.env` file, ours or another
    /// program's that the user agreed to.
    ///
    /// # Errors
    /// `Malformed`, `Permission` or `Io` for a file that cannot be read; `MalformedCredential`.
    pub fn write_line(
        &mut self,
        system: &System,
        path: PathBuf,
        name: &str,
        id: &ProfileId,
    ) -> Result<()> {
        let Some(secret) = self.profiles.get(id).and_then(stored).cloned() else {
            return Ok(());
        };
        let known = self.env_files.iter().position(|file| file.path == path);
        let at = if let Some(at) = known {
            at
        } else {
            self.env_files.push(env_files::open(system, path)?);
            self.env_files.len() - 1
        };
        self.env_files[at].set(name, &secret, id)
    }

    fn follow(
        &mut self,
        id: &ProfileId,
        secret: Option<&Secret>,
        before: Option<&Secret>,
    ) -> Result<()> {
        let main = self.main;
        for file in &mut self.env_files {
            file.follow(id, secret, |value| main || Some(value) == before)?;
        }
        Ok(())
    }

    /// Ends the active account when no profile of it is left.
    fn end_empty_account(&mut self) -> Option<Name> {
        let active = self.profiles.active.as_ref()?;
        let mut ids = self.profiles.profiles.keys();
        if ids.any(|id| id.name() == active.as_str()) {
            return None;
        }
        self.profiles.active.take()
    }
}

/// Refuses ids that are not in the agent's own store, and says where an inherited one lives.
///
/// # Errors
/// `NotFound`.
pub fn own(
    system: &System,
    home: &Home,
    agent: &Name,
    held: &Profiles,
    ids: &[ProfileId],
) -> Result<()> {
    let Some(missing) = ids.iter().find(|id| held.get(id).is_none()) else {
        return Ok(());
    };
    if agent.as_str() != MAIN
        && let Some(main) = find(system, home, &Name::parse(MAIN)?)?
        && main.get(missing).is_some()
    {
        let message = format!(
            "{missing} is not of the agent {agent}: it is inherited from the agent {MAIN}, and lives there"
        );
        return Err(Error::new(Kind::NotFound, message)
            .path(home.store(&Name::parse(MAIN)?))
            .hint(format!("Name that agent: `keywright --agent {MAIN} …`.")));
    }
    Err(Error::new(Kind::NotFound, format!("there is no profile {missing}")).hint(known(held)))
}

/// The profiles that are there, as a sentence.
#[must_use]
pub fn known(held: &Profiles) -> String {
    /// Names that a refusal lists at most.
    const SHOWN: usize = 10;
    let ids: Vec<&str> = held.profiles.keys().map(ProfileId::as_str).collect();
    match ids.as_slice() {
        [] => "No profile is saved yet: `keywright onboard` saves one.".to_owned(),
        ids if ids.len() <= SHOWN => format!("There is {}.", ids.join(", ")),
        ids => format!(
            "There is {} and {} more: `keywright models auth list` lists them.",
            ids[..SHOWN].join(", "),
            ids.len() - SHOWN
        ),
    }
}

fn is_account(system: &System, home: &Home, held: &Profiles, account: Option<&Name>) -> Result<()> {
    let Some(account) = account else {
        return Ok(());
    };
    let is_of = |id: &ProfileId| id.name() == account.as_str();
    let has_it = |store: &Profiles| store.profiles.keys().any(is_of);
    if has_it(held) || find(system, home, &Name::main())?.is_some_and(|main| has_it(&main)) {
        return Ok(());
    }
    let message = format!("there is no account `{account}`");
    Err(Error::new(Kind::NotFound, message).hint(known(held)))
}

fn occupied(id: &ProfileId) -> Error {
    Error::new(Kind::Conflict, format!("{id} holds another credential")).hint(
        "Nothing was changed. Give --replace to replace it (`keywright undo` brings it back), or another name.",
    )
}

fn stored(profile: &Profile) -> Option<&Secret> {
    match profile.secret() {
        Some(SecretSource::Stored(secret)) => Some(secret),
        _ => None,
    }
}

/// Nothing of the new one would be news. An end that was only assumed says nothing.
#[must_use]
pub fn is_same(held: &Profile, new: &Profile) -> bool {
    let credential = match (&held.credential, &new.credential) {
        (
            Credential::Token { token, .. },
            Credential::Token {
                token: other,
                expires_assumed: true,
                ..
            },
        ) => token == other,
        (held, new) => held == new,
    };
    credential && held.base_url == new.base_url && held.provider == new.provider
}

/// The same secret for the same host: what is known about it may change.
#[must_use]
pub fn is_same_secret(held: &Profile, new: &Profile) -> bool {
    let same = match (&held.credential, &new.credential) {
        (Credential::Token { token, .. }, Credential::Token { token: other, .. }) => token == other,
        (held, new) => held == new,
    };
    same && held.base_url == new.base_url && held.provider == new.provider
}

#[cfg(test)]
mod tests;
