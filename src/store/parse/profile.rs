//! One profile of a store file.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, Visitor};
use serde_json::{Map, Value};

use super::fields::{Key, Scalar, Unique, problem};
use crate::secret::Secret;
use crate::store::aws::AwsAccess;
use crate::store::name::{ProfileId, is_name};
use crate::store::profile::{CLAUDE_CLI, Credential, Profile, SecretRef, SecretSource};

/// The value behind a profile's name.
pub struct ProfileSeed<'a> {
    pub id: &'a ProfileId,
}

/// The fields as they come; `type` may be the last of them.
#[derive(Default)]
struct Fields<'de> {
    kind: Option<Cow<'de, str>>,
    provider: Option<String>,
    key: Option<Secret>,
    token: Option<Secret>,
    key_ref: Option<SecretRef>,
    token_ref: Option<SecretRef>,
    expires: Option<i64>,
    expires_assumed: Option<bool>,
    source: Option<String>,
    config_dir: Option<String>,
    base_url: Option<String>,
    created_at: Option<i64>,
    verified_at: Option<i64>,
    extra: Map<String, Value>,
}

impl<'de> DeserializeSeed<'de> for ProfileSeed<'_> {
    type Value = Profile;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Profile, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ProfileSeed<'_> {
    type Value = Profile;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a profile")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Profile, A::Error> {
        let mut fields = Fields::default();
        let mut seen: Vec<Cow<'de, str>> = Vec::with_capacity(8);
        while let Some(Key(key)) = map.next_key()? {
            if seen.contains(&key) {
                return Err(problem(format_args!(
                    "a field of `{}` stands twice",
                    self.id
                )));
            }
            fields.read(&key, &mut map, self.id)?;
            seen.push(key);
        }
        fields.into_profile(self.id)
    }
}

impl<'de> Fields<'de> {
    fn read<A: MapAccess<'de>>(
        &mut self,
        name: &str,
        map: &mut A,
        id: &ProfileId,
    ) -> Result<(), A::Error> {
        match name {
            "type" => self.kind = text(map, name, id)?,
            "provider" => self.provider = text(map, name, id)?.map(Cow::into_owned),
            "baseUrl" => self.base_url = text(map, name, id)?.map(Cow::into_owned),
            "createdAt" => self.created_at = number(map, name, id)?,
            "verifiedAt" => self.verified_at = number(map, name, id)?,
            _ if !self.is_known_kind() => self.keep(name, map)?,
            "key" => self.key = text(map, name, id)?.map(Secret::new),
            "token" => self.token = text(map, name, id)?.map(Secret::new),
            "keyRef" => self.key_ref = reference(map, name, id)?,
            "tokenRef" => self.token_ref = reference(map, name, id)?,
            "expires" => self.expires = number(map, name, id)?,
            "expiresAssumed" => self.expires_assumed = flag(map, name, id)?,
            "source" => self.source = text(map, name, id)?.map(Cow::into_owned),
            "configDir" => self.config_dir = text(map, name, id)?.map(Cow::into_owned),
            _ => self.keep(name, map)?,
        }
        Ok(())
    }

    /// Whether the fields are those of a type whose fields we know; taken for so until told.
    fn is_known_kind(&self) -> bool {
        let kind = self.kind.as_deref();
        kind.is_none_or(|kind| matches!(kind, "api_key" | "token" | "oauth"))
    }

    fn keep<A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<(), A::Error> {
        let Unique(value) = map.next_value()?;
        self.extra.insert(name.to_owned(), value);
        Ok(())
    }

    fn into_profile<E: Error>(mut self, id: &ProfileId) -> Result<Profile, E> {
        let Some(kind) = self.kind.take() else {
            return Err(problem(format_args!("the profile `{id}` has no `type`")));
        };
        let provider = self
            .provider
            .take()
            .unwrap_or_else(|| id.provider().to_owned());
        if !is_name(&provider) {
            return Err(problem(format_args!("the provider of `{id}` is no name")));
        }
        let credential = match kind.as_ref() {
            "api_key" => self.api_key(),
            "token" => self.token(),
            "oauth" if provider == "anthropic" => self.login(),
            "aws" => {
                self.return_unused();
                Credential::Aws(Box::new(AwsAccess::take(&mut self.extra)))
            }
            other => Credential::Unknown {
                kind: other.to_owned(),
            },
        };
        self.return_unused();
        Ok(Profile {
            provider,
            credential,
            base_url: self.base_url,
            created_at: self.created_at,
            verified_at: self.verified_at,
            extra: self.extra,
        })
    }

    fn api_key(&mut self) -> Credential {
        let reference = self.key_ref.take();
        Credential::ApiKey {
            key: secret_source(reference, &mut self.key),
        }
    }

    fn token(&mut self) -> Credential {
        let reference = self.token_ref.take();
        Credential::Token {
            token: secret_source(reference, &mut self.token),
            expires: self.expires.take(),
            expires_assumed: self.expires_assumed.take().unwrap_or_default(),
        }
    }

    /// A login with its tokens in the file, as Clawdbot writes it, becomes a reference to Claude
    /// Code's own: its refresh token works once, and a second owner would break it.
    fn login(&mut self) -> Credential {
        let copied = ["access", "refresh"].map(|name| self.extra.shift_remove(name).is_some());
        if copied.contains(&true) {
            self.expires = None;
        }
        let adopted = copied.contains(&true).then(|| CLAUDE_CLI.to_owned());
        Credential::Login {
            source: self.source.take().or(adopted),
            config_dir: self.config_dir.take(),
        }
    }

    /// Fields that do not belong to this type are unknown fields like any other.
    fn return_unused(&mut self) {
        let extra = &mut self.extra;
        let mut keep = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                extra.insert(name.to_owned(), value);
            }
        };
        let secret = |secret: Secret| Value::from(secret.for_file());
        let reference = |reference: SecretRef| Value::Object(reference.to_object());
        keep("key", self.key.take().map(secret));
        keep("token", self.token.take().map(secret));
        keep("keyRef", self.key_ref.take().map(reference));
        keep("tokenRef", self.token_ref.take().map(reference));
        keep("expires", self.expires.take().map(Value::from));
        keep(
            "expiresAssumed",
            self.expires_assumed.take().map(Value::from),
        );
        keep("source", self.source.take().map(Value::from));
        keep("configDir", self.config_dir.take().map(Value::from));
    }
}

/// A reference outranks a value beside it, which then stays where it is.
fn secret_source(reference: Option<SecretRef>, stored: &mut Option<Secret>) -> SecretSource {
    match reference {
        Some(reference) => SecretSource::Reference(reference),
        None => stored
            .take()
            .map_or(SecretSource::Absent, SecretSource::Stored),
    }
}

fn wrong<E: Error>(name: &str, id: &ProfileId, what: &str) -> E {
    problem(format_args!("`{name}` of `{id}` must be {what}"))
}

fn text<'de, A: MapAccess<'de>>(
    map: &mut A,
    name: &str,
    id: &ProfileId,
) -> Result<Option<Cow<'de, str>>, A::Error> {
    match map.next_value()? {
        Scalar::Null => Ok(None),
        Scalar::Text(text) => Ok(Some(text)),
        _ => Err(wrong(name, id, "text")),
    }
}

fn number<'de, A: MapAccess<'de>>(
    map: &mut A,
    name: &str,
    id: &ProfileId,
) -> Result<Option<i64>, A::Error> {
    match map.next_value()? {
        Scalar::Null => Ok(None),
        Scalar::Number(number) => Ok(Some(number)),
        _ => Err(wrong(name, id, "a number of milliseconds since 1970")),
    }
}

fn flag<'de, A: MapAccess<'de>>(
    map: &mut A,
    name: &str,
    id: &ProfileId,
) -> Result<Option<bool>, A::Error> {
    match map.next_value()? {
        Scalar::Null => Ok(None),
        Scalar::Bool(flag) => Ok(Some(flag)),
        _ => Err(wrong(name, id, "true or false")),
    }
}

fn reference<'de, A: MapAccess<'de>>(
    map: &mut A,
    name: &str,
    id: &ProfileId,
) -> Result<Option<SecretRef>, A::Error> {
    let Unique(value) = map.next_value()?;
    match value {
        Value::Null => Ok(None),
        Value::Object(object) => SecretRef::from_object(object).map(Some).ok_or_else(|| {
            wrong(
                name,
                id,
                "an object with `source`, `provider` and `id` as text",
            )
        }),
        _ => Err(wrong(
            name,
            id,
            "an object with `source`, `provider` and `id`",
        )),
    }
}
