//! The cached sessions of single sign-on. Their times are read; their tokens are not.

use std::fmt::Write;

use jiff::{SignedDuration, Timestamp};
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use serde::Deserialize;

use super::Places;
use crate::system::System;

/// Bytes of a cache file that are looked at.
const FILE_LIMIT: usize = 256 * 1024;

/// How a session stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Session {
    Valid {
        until: Timestamp,
    },
    /// Past its end; the SDK renews it by itself.
    Renewable,
    Expired {
        at: Timestamp,
    },
    /// Nobody has signed in, or the cache cannot be read.
    Missing,
}

impl Session {
    /// Somebody has to sign in.
    #[must_use]
    pub const fn is_over(&self) -> bool {
        matches!(self, Self::Expired { .. } | Self::Missing)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Cached {
    expires_at: Option<String>,
    registration_expires_at: Option<String>,
    /// Whether there is one; what it is stays unread.
    refresh_token: Option<serde::de::IgnoredAny>,
}

/// The cached session that is filed under `id`.
pub(super) fn look(system: &System, places: &Places, id: &str, now: Timestamp) -> Session {
    let Some(folder) = &places.sso_cache else {
        return Session::Missing;
    };
    // Source: botocore's and the SDKs' naming of the cache's files.
    let name = digest(&SHA1_FOR_LEGACY_USE_ONLY, id.as_bytes());
    let name = name.as_ref().iter().fold(String::new(), |mut name, byte| {
        let _ = write!(name, "{byte:02x}");
        name
    });
    let bytes = system
        .files
        .read(&folder.join(format!("{name}.json")), FILE_LIMIT);
    let cached = bytes.ok().flatten().map(zeroize::Zeroizing::new);
    let cached = cached.and_then(|bytes| serde_json::from_slice::<Cached>(&bytes).ok());
    let Some(cached) = cached else {
        return Session::Missing;
    };
    standing(&cached, now)
}

fn standing(cached: &Cached, now: Timestamp) -> Session {
    let Some(until) = cached.expires_at.as_deref().and_then(time) else {
        return Session::Missing;
    };
    if until > now {
        return Session::Valid { until };
    }
    let registered = cached.registration_expires_at.as_deref().and_then(time);
    // A refresh token outlives its access token by days, not for ever.
    let fresh = until
        .checked_add(SignedDuration::from_hours(90 * 24))
        .is_ok_and(|end| end > now);
    if cached.refresh_token.is_some() && fresh && registered.is_some_and(|end| end > now) {
        Session::Renewable
    } else {
        Session::Expired { at: until }
    }
}

/// RFC 3339; old versions wrote `UTC` for `Z`.
fn time(text: &str) -> Option<Timestamp> {
    text.replace("UTC", "Z").parse().ok()
}
