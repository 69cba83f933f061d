//! The credential of an `aws` profile: a way to AWS, with the region and the model.

use std::fmt;

use serde::ser::SerializeMap;
use serde_json::{Map, Value};

use super::profile::{SecretRef, SecretSource};
use super::render::{optional, secret};
use crate::secret::Secret;

/// A way to AWS.
#[derive(Clone, PartialEq, Eq)]
pub struct AwsAccess {
    /// `None` for a method that this version does not know; it is kept as it is.
    pub method: Option<Method>,
    pub region: Option<String>,
    /// The model that is used when none is named.
    pub model: Option<String>,
    pub access_key_id: Option<String>,
    pub secret_access_key: SecretSource,
    pub session_token: Option<Secret>,
    /// A Bedrock API key.
    pub bearer_token: SecretSource,
    /// A profile of the AWS CLI.
    pub profile: Option<String>,
    /// Milliseconds since 1970.
    pub expires: Option<i64>,
}

/// How AWS is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    AccessKeys,
    Bearer,
    /// A profile of the AWS CLI.
    Profile,
    /// The default chain: what the machine itself has.
    Chain,
}

impl Method {
    /// Every method.
    pub const ALL: &[Self] = &[Self::AccessKeys, Self::Bearer, Self::Profile, Self::Chain];

    /// Its name in a store file and on the command line.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::AccessKeys => "access_keys",
            Self::Bearer => "bearer",
            Self::Profile => "profile",
            Self::Chain => "chain",
        }
    }

    /// The method of that name.
    #[must_use]
    pub fn named(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|method| method.id() == id)
    }

    /// In words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::AccessKeys => "access key",
            Self::Bearer => "Bedrock API key",
            Self::Profile => "AWS profile",
            Self::Chain => "the machine's own role",
        }
    }
}

impl AwsAccess {
    /// A way to AWS that has nothing but its method.
    #[must_use]
    pub const fn new(method: Method) -> Self {
        Self {
            method: Some(method),
            region: None,
            model: None,
            access_key_id: None,
            secret_access_key: SecretSource::Absent,
            session_token: None,
            bearer_token: SecretSource::Absent,
            profile: None,
            expires: None,
        }
    }

    /// The one secret that its method stands on; `None` where it has none of its own.
    #[must_use]
    pub const fn secret(&self) -> Option<&SecretSource> {
        match self.method {
            Some(Method::AccessKeys) => Some(&self.secret_access_key),
            Some(Method::Bearer) => Some(&self.bearer_token),
            _ => None,
        }
    }

    /// Takes its own fields out of those of a profile. What has the wrong type stays there.
    pub(super) fn take(fields: &mut Map<String, Value>) -> Self {
        let method = text(fields, "method").and_then(|id| {
            let method = Method::named(&id);
            if method.is_none() {
                fields.insert("method".to_owned(), Value::String(id));
            }
            method
        });
        let mut source = |name: &str, reference: &str| {
            let named = match fields.get(reference).cloned() {
                Some(Value::Object(object)) => SecretRef::from_object(object),
                _ => None,
            };
            if let Some(named) = named {
                fields.shift_remove(reference);
                return SecretSource::Reference(named);
            }
            let value = text(fields, name).map(Secret::new);
            value.map_or(SecretSource::Absent, SecretSource::Stored)
        };
        let secret_access_key = source("secretAccessKey", "secretAccessKeyRef");
        let bearer_token = source("bearerToken", "bearerTokenRef");
        let expires = fields.get("expires").and_then(Value::as_i64);
        if expires.is_some() {
            fields.shift_remove("expires");
        }
        Self {
            method,
            region: text(fields, "region"),
            model: text(fields, "modelId"),
            access_key_id: text(fields, "accessKeyId"),
            secret_access_key,
            session_token: text(fields, "sessionToken").map(Secret::new),
            bearer_token,
            profile: text(fields, "awsProfile"),
            expires,
        }
    }

    /// Writes its fields.
    pub(super) fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        optional(map, "method", self.method.map(Method::id))?;
        optional(map, "region", self.region.as_deref())?;
        optional(map, "modelId", self.model.as_deref())?;
        optional(map, "accessKeyId", self.access_key_id.as_deref())?;
        let key = &self.secret_access_key;
        secret(map, "secretAccessKey", "secretAccessKeyRef", key)?;
        let session = self.session_token.as_ref().map(Secret::for_file);
        optional(map, "sessionToken", session)?;
        secret(map, "bearerToken", "bearerTokenRef", &self.bearer_token)?;
        optional(map, "awsProfile", self.profile.as_deref())?;
        optional(map, "expires", self.expires)
    }
}

/// Without the id, which people take for a secret too.
impl fmt::Debug for AwsAccess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AwsAccess")
            .field("method", &self.method)
            .field("region", &self.region)
            .field("model", &self.model)
            .field("profile", &self.profile)
            .finish_non_exhaustive()
    }
}

/// Takes a text field out; one of another type stays.
fn text(fields: &mut Map<String, Value>, name: &str) -> Option<String> {
    if !fields.get(name)?.is_string() {
        return None;
    }
    match fields.shift_remove(name)? {
        Value::String(text) => Some(text),
        _ => None,
    }
}
