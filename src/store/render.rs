//! Writes a store file. The one place where a stored secret becomes bytes again; the order of the
//! fields is fixed, so that the same store is always the same file.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;
use zeroize::Zeroizing;

use super::profile::{Credential, Profile, SecretSource};
use super::profiles::{Profiles, VERSION};
use crate::error::{Error, Kind, Result};

/// Room for one profile with a long key; a buffer that grows leaves copies of secrets behind.
const PROFILE_SIZE: usize = 1024;

/// The bytes of a store file.
pub fn profiles(store: &Profiles) -> Result<Zeroizing<Vec<u8>>> {
    let room = (store.profiles.len() + 1) * PROFILE_SIZE;
    let mut bytes = Zeroizing::new(Vec::with_capacity(room));
    serde_json::to_writer_pretty(&mut *bytes, &File(store))
        .map_err(|_| Error::new(Kind::Io, "cannot write the profiles as JSON"))?;
    bytes.push(b'\n');
    Ok(bytes)
}

struct File<'a>(&'a Profiles);

impl Serialize for File<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let store = self.0;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("version", &VERSION)?;
        map.serialize_entry("profiles", &All(store))?;
        if !store.order.is_empty() {
            map.serialize_entry("order", &Order(store))?;
        }
        if let Some(active) = &store.active {
            map.serialize_entry("active", active.as_str())?;
        }
        for (name, value) in &store.extra {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

struct All<'a>(&'a Profiles);

impl Serialize for All<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(
            self.0
                .profiles
                .iter()
                .map(|(id, profile)| (id.as_str(), One(profile))),
        )
    }
}

struct Order<'a>(&'a Profiles);

impl Serialize for Order<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.order.iter().map(|(provider, ids)| {
            let ids: Vec<&str> = ids.iter().map(super::ProfileId::as_str).collect();
            (provider, ids)
        }))
    }
}

struct One<'a>(&'a Profile);

impl Serialize for One<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let profile = self.0;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("type", profile.credential.kind())?;
        map.serialize_entry("provider", &profile.provider)?;
        match &profile.credential {
            Credential::ApiKey { key } => secret(&mut map, "key", "keyRef", key)?,
            Credential::Token {
                token,
                expires,
                expires_assumed,
            } => {
                secret(&mut map, "token", "tokenRef", token)?;
                optional(&mut map, "expires", *expires)?;
                optional(&mut map, "expiresAssumed", expires_assumed.then_some(true))?;
            }
            Credential::Login { source, config_dir } => {
                optional(&mut map, "source", source.as_deref())?;
                optional(&mut map, "configDir", config_dir.as_deref())?;
            }
            Credential::Aws(access) => access.write(&mut map)?,
            Credential::Unknown { .. } => {}
        }
        optional(&mut map, "baseUrl", profile.base_url.as_deref())?;
        optional(&mut map, "createdAt", profile.created_at)?;
        optional(&mut map, "verifiedAt", profile.verified_at)?;
        for (name, value) in &profile.extra {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

pub(super) fn optional<M: SerializeMap>(
    map: &mut M,
    name: &str,
    value: Option<impl Serialize>,
) -> Result<(), M::Error> {
    match value {
        Some(value) => map.serialize_entry(name, &value),
        None => Ok(()),
    }
}

pub(super) fn secret<M: SerializeMap>(
    map: &mut M,
    name: &str,
    reference_name: &str,
    source: &SecretSource,
) -> Result<(), M::Error> {
    match source {
        SecretSource::Stored(secret) => map.serialize_entry(name, secret.for_file()),
        SecretSource::Reference(reference) => {
            map.serialize_entry(reference_name, &Value::Object(reference.to_object()))
        }
        SecretSource::Absent => Ok(()),
    }
}
