//! Reads a store file. Every refusal has its own words: a JSON library's message could quote a
//! secret, and a duplicate key could hide one.

mod fields;
mod profile;

use std::fmt;
use std::path::Path;

use indexmap::IndexMap;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;

use super::name::{Name, ProfileId, is_name};
use super::profiles::{Profiles, VERSION};
use crate::error::{Error, Kind, Result};
use crate::system::files::BYTE_ORDER_MARK;
use fields::{Key, OURS, Scalar, Unique, problem};

/// Parses the text of a store file.
pub fn profiles(text: &str, path: &Path) -> Result<Profiles> {
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    if text.trim_ascii().is_empty() {
        return Err(malformed(path, None, "the file is empty"));
    }
    read(text, StoreSeed).map_err(|error| {
        // A newer file may well be built differently: its version is the news then.
        let newer = read(text, VersionSeed).err();
        explain(
            newer.as_ref().filter(|e| is_ours(e)).unwrap_or(&error),
            path,
        )
    })
}

fn read<'de, S: DeserializeSeed<'de>>(
    text: &'de str,
    seed: S,
) -> Result<S::Value, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = seed.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(value)
}

fn is_ours(error: &serde_json::Error) -> bool {
    error.is_data() && error.to_string().starts_with(OURS)
}

/// The library's error in our words. Only text that starts with our mark is passed on.
fn explain(error: &serde_json::Error, path: &Path) -> Error {
    let own = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    let what = match error.classify() {
        Category::Eof => "the file ends too early: it was cut off",
        Category::Data => match own.strip_prefix(OURS) {
            Some(own) => own.strip_suffix(place.as_str()).unwrap_or(own),
            None => "a value has a type that does not belong there",
        },
        Category::Syntax | Category::Io => "this is not valid JSON",
    };
    malformed(path, Some((error.line(), error.column().max(1))), what)
}

fn malformed(path: &Path, place: Option<(usize, usize)>, what: &str) -> Error {
    let place = place.map(|(line, column)| format!(":{line}:{column}"));
    let error = Error::new(
        Kind::Malformed,
        format!("{}{}: {what}", path.display(), place.unwrap_or_default()),
    )
    .path(path);
    error.hint(if what.contains("newer") {
        "Update keywright. Nothing was changed."
    } else {
        "Nothing was changed. Mend the file in an editor, or move it away and run `keywright onboard`."
    })
}

/// The whole file.
struct StoreSeed;

impl<'de> DeserializeSeed<'de> for StoreSeed {
    type Value = Profiles;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Profiles, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for StoreSeed {
    type Value = Profiles;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a store")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Profiles, A::Error> {
        let mut store = Profiles::default();
        let mut seen = Vec::with_capacity(4);
        while let Some(Key(key)) = map.next_key()? {
            if seen.contains(&key) {
                return Err(problem("a field stands twice"));
            }
            match key.as_ref() {
                "version" => version(&map.next_value()?)?,
                "profiles" => store.profiles = map.next_value_seed(ProfilesSeed)?,
                "order" => store.order = map.next_value_seed(OrderSeed)?,
                "active" => store.active = active(map.next_value()?)?,
                _ => {
                    store
                        .extra
                        .insert(key.as_ref().to_owned(), map.next_value::<Unique>()?.0);
                }
            }
            seen.push(key);
        }
        if seen.iter().any(|key| key == "version") {
            Ok(store)
        } else {
            Err(problem("there is no `version`"))
        }
    }
}

fn version<E: serde::de::Error>(value: &Scalar<'_>) -> Result<(), E> {
    match value {
        Scalar::Number(number) if u64::try_from(*number) == Ok(VERSION) => Ok(()),
        Scalar::Number(number) if *number > 1 => Err(problem(format_args!(
            "version {number} is newer than this program knows ({VERSION})"
        ))),
        _ => Err(problem("`version` must be 1")),
    }
}

fn active<E: serde::de::Error>(value: Scalar<'_>) -> Result<Option<Name>, E> {
    match value {
        Scalar::Null => Ok(None),
        Scalar::Text(text) => Name::parse(&text)
            .map(Some)
            .map_err(|_| problem("`active` is no account name")),
        _ => Err(problem("`active` must be the name of an account")),
    }
}

/// Nothing but the version of a file that could not be read.
struct VersionSeed;

impl<'de> DeserializeSeed<'de> for VersionSeed {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for VersionSeed {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a store")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(Key(key)) = map.next_key()? {
            if key == "version" {
                if let newer @ Scalar::Number(2..) = map.next_value()? {
                    version(&newer)?;
                }
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

/// `profiles`.
struct ProfilesSeed;

impl<'de> DeserializeSeed<'de> for ProfilesSeed {
    type Value = IndexMap<ProfileId, super::Profile>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ProfilesSeed {
    type Value = IndexMap<ProfileId, super::Profile>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("profiles")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut profiles = IndexMap::new();
        while let Some(Key(key)) = map.next_key()? {
            let id = ProfileId::parse(&key).map_err(|_| {
                problem("a profile's name is not of the form `provider:name` in a-z, 0-9, `.`, `_` and `-`")
            })?;
            if profiles.contains_key(&id) {
                return Err(problem(format_args!("the profile `{id}` stands twice")));
            }
            let profile = map.next_value_seed(profile::ProfileSeed { id: &id })?;
            profiles.insert(id, profile);
        }
        Ok(profiles)
    }
}

/// `order`.
struct OrderSeed;

impl<'de> DeserializeSeed<'de> for OrderSeed {
    type Value = IndexMap<String, Vec<ProfileId>>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for OrderSeed {
    type Value = IndexMap<String, Vec<ProfileId>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an order")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(IndexMap::new())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut order = IndexMap::new();
        while let Some(Key(key)) = map.next_key()? {
            if !is_name(&key) {
                return Err(problem(
                    "`order` holds something that is no provider's name",
                ));
            }
            if order.contains_key(key.as_ref()) {
                return Err(problem(format_args!("the order of `{key}` stands twice")));
            }
            order.insert(key.as_ref().to_owned(), map.next_value::<Ids>()?.0);
        }
        Ok(order)
    }
}

/// A list of profile ids.
struct Ids(Vec<ProfileId>);

impl<'de> serde::Deserialize<'de> for Ids {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List;
        impl<'de> Visitor<'de> for List {
            type Value = Ids;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of profile names")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Ids, A::Error> {
                let mut ids = Vec::new();
                while let Some(value) = list.next_element::<Scalar<'_>>()? {
                    let id = match value {
                        Scalar::Text(text) => ProfileId::parse(&text).ok(),
                        _ => None,
                    };
                    ids.push(id.ok_or_else(|| {
                        problem("`order` must list profile names such as `anthropic:default`")
                    })?);
                }
                Ok(Ids(ids))
            }
        }
        deserializer.deserialize_any(List)
    }
}
