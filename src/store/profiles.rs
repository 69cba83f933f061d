//! The store file of one agent, `auth-profiles.json` version 1: profiles, their order and the
//! active account, together in one file so that nearly every change is one rename.

use std::path::Path;

use indexmap::IndexMap;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use super::name::{Name, ProfileId};
use super::profile::Profile;
use super::{parse, render};
use crate::error::Result;

/// The version that this program reads and writes.
pub const VERSION: u64 = 1;

/// A store larger than this is something else: ten thousand profiles take three to five megabytes.
pub const SIZE_LIMIT: usize = 16 * 1024 * 1024;

/// What a store file says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Profiles {
    /// In the order of the file.
    pub profiles: IndexMap<ProfileId, Profile>,
    /// Per provider, which profiles are tried and in which order; the others are left out.
    pub order: IndexMap<String, Vec<ProfileId>>,
    /// The account whose profiles come before all others.
    pub active: Option<Name>,
    /// Fields that we do not know; they survive a rewrite.
    pub extra: Map<String, Value>,
}

impl Profiles {
    /// Reads the text of a store file; a byte-order mark is accepted. `path` is for messages.
    ///
    /// # Errors
    /// `Malformed` with path, line and column; never with a part of the text.
    pub fn parse(text: &str, path: &Path) -> Result<Self> {
        parse::profiles(text, path)
    }

    /// The bytes of the file: indented JSON with a newline at the end, known fields first.
    ///
    /// # Errors
    /// None in practice; a number that JSON cannot hold would be one.
    pub fn render(&self) -> Result<Zeroizing<Vec<u8>>> {
        render::profiles(self)
    }

    #[must_use]
    pub fn get(&self, id: &ProfileId) -> Option<&Profile> {
        self.profiles.get(id)
    }

    /// Adds or replaces a profile. A new one goes to the end, and to the end of its provider's
    /// order where there is one: else it would never be used.
    pub fn put(&mut self, id: ProfileId, profile: Profile) {
        if let Some(order) = self.order.get_mut(&profile.provider)
            && !order.contains(&id)
        {
            order.push(id.clone());
        }
        self.profiles.insert(id, profile);
    }

    /// Takes a profile out of the store and of every order.
    pub fn remove(&mut self, id: &ProfileId) -> Option<Profile> {
        for order in self.order.values_mut() {
            order.retain(|other| other != id);
        }
        self.order.retain(|_, order| !order.is_empty());
        self.profiles.shift_remove(id)
    }

    /// The profiles of one provider, sorted by their ids.
    #[must_use]
    pub fn of_provider(&self, provider: &str) -> Vec<(&ProfileId, &Profile)> {
        let mut found: Vec<_> = self
            .profiles
            .iter()
            .filter(|(_, profile)| profile.provider == provider)
            .collect();
        found.sort_unstable_by_key(|(id, _)| *id);
        found
    }
}

#[cfg(test)]
mod tests;
