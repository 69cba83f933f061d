//! Ways to AWS among the candidates: profiles, and what the environment has.

use super::{Candidate, Origin, Rank, Reason};
use crate::secret::Secret;
use crate::store::aws::{AwsAccess, Method};
use crate::store::profile::{Credential, SecretSource};
use crate::store::sources::{Place, Sources};

/// How an `aws` profile stands; `held` says how the secret of its method does.
pub fn reason(access: &AwsAccess, held: Reason, now: i64) -> Reason {
    let found = match access.method {
        None => Reason::IneligibleProfile,
        Some(Method::AccessKeys) if access.access_key_id.is_none() => Reason::MissingCredential,
        Some(Method::AccessKeys | Method::Bearer) => held,
        Some(Method::Profile) if access.profile.is_none() => Reason::MissingCredential,
        Some(Method::Profile | Method::Chain) => Reason::Ok,
    };
    match access.expires {
        Some(end) if end <= 0 => Reason::InvalidExpires,
        Some(end) if end <= now && found == Reason::Ok => Reason::Expired,
        _ => found,
    }
}

/// What the environment offers, in the order of the SDKs: a Bedrock API key outranks access keys. A
/// key has its companions from its own place, where alone they belong to it.
pub fn variables(sources: &Sources) -> Vec<Candidate> {
    // An id, the name of a profile and a region are no secrets.
    let text = |name: &str, place: Place| {
        let value = sources.variable_at(place, name)?;
        Some(value.inspect(str::to_owned))
    };
    let mut found = Vec::new();
    let mut add = |name: &str, place: Place, secret: Option<Secret>, mut access: AwsAccess| {
        let region = ["AWS_REGION", "AWS_DEFAULT_REGION"];
        let region = |place: Place| region.iter().find_map(|name| text(name, place));
        access.region = region(place).or_else(|| region(Place::Process));
        let held = match &secret {
            Some(secret) if !secret.is_empty() => Reason::Ok,
            _ => Reason::MissingCredential,
        };
        let reason = reason(&access, held, 0);
        found.push(Candidate {
            origin: Origin::Variable {
                name: name.to_owned(),
                place,
            },
            rank: Rank::Environment,
            kind: "aws".to_owned(),
            whole: Some(Credential::Aws(Box::new(access))),
            reason,
            standing: None,
            secret,
            reference: None,
            expires: None,
            base_url: None,
            pause: None,
        });
    };
    if let Some((key, place)) = sources.variable("AWS_BEARER_TOKEN_BEDROCK") {
        let mut access = AwsAccess::new(Method::Bearer);
        access.bearer_token = SecretSource::Stored(key.clone());
        add("AWS_BEARER_TOKEN_BEDROCK", place, Some(key), access);
    }
    if let Some((_, place)) = sources.variable("AWS_ACCESS_KEY_ID") {
        let mut access = AwsAccess::new(Method::AccessKeys);
        access.access_key_id = text("AWS_ACCESS_KEY_ID", place);
        let secret = sources.variable_at(place, "AWS_SECRET_ACCESS_KEY");
        let held = secret.clone();
        access.secret_access_key = held.map_or(SecretSource::Absent, SecretSource::Stored);
        access.session_token = sources.variable_at(place, "AWS_SESSION_TOKEN");
        add("AWS_ACCESS_KEY_ID", place, secret, access);
    }
    if let Some((_, place)) = sources.variable("AWS_PROFILE") {
        let mut access = AwsAccess::new(Method::Profile);
        access.profile = text("AWS_PROFILE", place);
        add("AWS_PROFILE", place, None, access);
    }
    found
}
