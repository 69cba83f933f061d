//! How one stored credential stands.

use jiff::{SignedDuration, Timestamp};

use super::report::{ReasonCode, Status};
use crate::provider::anthropic::shape::{Severity, check_gateway_key};
use crate::provider::registry;
use crate::secret::Secret;
use crate::store::{Credential, Profile, SecretRef, SecretSource};
use crate::system::Environment;

/// What there is to say about a credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub status: Status,
    pub reason: ReasonCode,
    pub expires: Option<Timestamp>,
    pub masked: Option<String>,
}

impl Standing {
    /// Whether a request could be sent with it.
    #[must_use]
    pub const fn is_usable(&self) -> bool {
        matches!(self.status, Status::Ok | Status::Static | Status::Expiring)
    }

    const fn unusable(status: Status, reason: ReasonCode) -> Self {
        Self {
            status,
            reason,
            expires: None,
            masked: None,
        }
    }
}

/// What the judgement depends on beside the profile.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances<'a> {
    pub environment: &'a Environment,
    pub now: Timestamp,
    /// A credential that ends within this time is `expiring`.
    pub warn_within: SignedDuration,
}

/// Judges one profile.
#[must_use]
pub fn judge(profile: &Profile, circumstances: Circumstances<'_>) -> Standing {
    match &profile.credential {
        Credential::ApiKey { key } => with_secret(key, circumstances, |secret| {
            if is_impossible(profile, secret) {
                Standing::unusable(Status::Missing, ReasonCode::MalformedApiKey)
            } else {
                Standing::unusable(Status::Static, ReasonCode::Ok)
            }
        }),
        Credential::Token { token, expires, .. } => {
            with_secret(token, circumstances, |_| lifetime(*expires, circumstances))
        }
        // Kinds that this version keeps, but gives to no program.
        Credential::Login { .. } | Credential::Aws { .. } | Credential::Unknown { .. } => {
            Standing::unusable(Status::Unresolved, ReasonCode::IneligibleProfile)
        }
    }
}

/// Finds the secret and lets `look` judge it; says so when there is none.
fn with_secret(
    source: &SecretSource,
    circumstances: Circumstances<'_>,
    look: impl FnOnce(&Secret) -> Standing,
) -> Standing {
    let resolved;
    let secret = match source {
        SecretSource::Stored(secret) => secret,
        SecretSource::Reference(reference) => match resolve(reference, circumstances) {
            Some(secret) => {
                resolved = secret;
                &resolved
            }
            None => return Standing::unusable(Status::Unresolved, ReasonCode::UnresolvedRef),
        },
        SecretSource::Absent => {
            return Standing::unusable(Status::Missing, ReasonCode::MissingCredential);
        }
    };
    if secret.is_empty() {
        return Standing::unusable(Status::Missing, ReasonCode::MissingCredential);
    }
    Standing {
        masked: Some(secret.mask()),
        ..look(secret)
    }
}

/// The value of a reference to the environment; other sources are not read for an overview.
fn resolve(reference: &SecretRef, circumstances: Circumstances<'_>) -> Option<Secret> {
    if reference.source != "env" {
        return None;
    }
    circumstances
        .environment
        .get(&reference.id)
        .map(Secret::new)
}

/// A text that no provider would take for a key. A key for another host may look like anything.
fn is_impossible(profile: &Profile, secret: &Secret) -> bool {
    let check = match registry::find(&profile.provider) {
        Some(provider) if profile.base_url.is_none() => provider.check,
        _ => check_gateway_key,
    };
    check(secret).severity() == Severity::Refuse
}

fn lifetime(expires: Option<i64>, circumstances: Circumstances<'_>) -> Standing {
    let Some(end) = expires else {
        return Standing::unusable(Status::Static, ReasonCode::Ok);
    };
    let end = Timestamp::from_millisecond(end).ok().filter(|_| end > 0);
    let Some(end) = end else {
        return Standing::unusable(Status::Missing, ReasonCode::InvalidExpires);
    };
    let left = end.duration_since(circumstances.now);
    let (status, reason) = if left <= SignedDuration::ZERO {
        (Status::Expired, ReasonCode::Expired)
    } else if left <= circumstances.warn_within {
        (Status::Expiring, ReasonCode::Ok)
    } else {
        (Status::Ok, ReasonCode::Ok)
    };
    Standing {
        expires: Some(end),
        ..Standing::unusable(status, reason)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_795_255_200_000;
    const HOUR: i64 = 3_600_000;

    fn check(credential: Credential, base_url: Option<&str>, status: Status, reason: ReasonCode) {
        let mut profile = Profile::new("anthropic", credential);
        profile.base_url = base_url.map(str::to_owned);
        let environment = Environment::of(
            [("SET", format!("sk-ant-api03-{}AA", "kQ7".repeat(31)))],
            "/",
        );
        let standing = judge(
            &profile,
            Circumstances {
                environment: &environment,
                now: Timestamp::from_millisecond(NOW).expect("a time"),
                warn_within: SignedDuration::from_hours(24),
            },
        );
        assert_eq!(
            (standing.status, standing.reason),
            (status, reason),
            "{profile:?}"
        );
    }

    fn stored(text: &str) -> SecretSource {
        SecretSource::Stored(Secret::new(text))
    }

    #[test]
    fn keys() {
        let key = |key| Credential::ApiKey { key };
        let good = format!("sk-ant-api03-{}AA", "kQ7".repeat(31));
        check(key(stored(&good)), None, Status::Static, ReasonCode::Ok);
        check(
            key(stored("")),
            None,
            Status::Missing,
            ReasonCode::MissingCredential,
        );
        check(
            key(SecretSource::Absent),
            None,
            Status::Missing,
            ReasonCode::MissingCredential,
        );
        check(
            key(stored("hello")),
            None,
            Status::Missing,
            ReasonCode::MalformedApiKey,
        );
        check(
            key(stored("gateway-key-of-some-kind")),
            Some("https://gateway.example"),
            Status::Static,
            ReasonCode::Ok,
        );
        let reference = |name: &str| SecretSource::Reference(SecretRef::variable(name));
        check(key(reference("SET")), None, Status::Static, ReasonCode::Ok);
        check(
            key(reference("UNSET")),
            None,
            Status::Unresolved,
            ReasonCode::UnresolvedRef,
        );
    }

    #[test]
    fn tokens() {
        let token = |expires| Credential::Token {
            token: stored("sk-ant-oat01-made-up-for-this-test"),
            expires,
            expires_assumed: false,
        };
        let cases = [
            (None, Status::Static, ReasonCode::Ok),
            (Some(NOW + 25 * HOUR), Status::Ok, ReasonCode::Ok),
            (Some(NOW + 24 * HOUR), Status::Expiring, ReasonCode::Ok),
            (Some(NOW + 1), Status::Expiring, ReasonCode::Ok),
            (Some(NOW), Status::Expired, ReasonCode::Expired),
            (Some(1), Status::Expired, ReasonCode::Expired),
            (Some(0), Status::Missing, ReasonCode::InvalidExpires),
            (Some(-5), Status::Missing, ReasonCode::InvalidExpires),
            (Some(i64::MAX), Status::Missing, ReasonCode::InvalidExpires),
        ];
        for (expires, status, reason) in cases {
            check(token(expires), None, status, reason);
        }
    }
}
