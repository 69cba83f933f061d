//! Ways to AWS among the candidates: profiles, and what the environment has.

use super::{Candidate, Origin, Rank, Reason};
use crate::secret::Secret;
use crate::store::aws::{AwsAccess, Method};
use crate::store::profile::{Credential, SecretRef, SecretSource};
use crate::store::sources::{Place, Sources};

/// How an `aws` profile stands; `secret` is the resolved one of its method.
pub fn reason(
    access: &AwsAccess,
    secret: Option<&Secret>,
    reference: Option<&SecretRef>,
    now: i64,
) -> Reason {
    let held = match (secret, reference) {
        (Some(secret), _) if !secret.is_empty() => Reason::Ok,
        (None, Some(_)) => Reason::UnresolvedRef,
        _ => Reason::MissingCredential,
    };
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

/// What the environment offers, in the order of the SDKs: a Bedrock API key outranks access keys.
pub fn variables(sources: &Sources) -> Vec<Candidate> {
    let text = |name: &str| sources.environment.get(name).map(str::to_owned);
    let region = || text("AWS_REGION").or_else(|| text("AWS_DEFAULT_REGION"));
    let mut found = Vec::new();
    let mut add = |name: &str, place: Place, secret: Option<Secret>, mut access: AwsAccess| {
        access.region = region();
        let reason = reason(&access, secret.as_ref(), None, 0);
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
        });
    };
    if let Some((key, place)) = sources.variable("AWS_BEARER_TOKEN_BEDROCK") {
        let mut access = AwsAccess::new(Method::Bearer);
        access.bearer_token = SecretSource::Stored(key.clone());
        add("AWS_BEARER_TOKEN_BEDROCK", place, Some(key), access);
    }
    if let Some(id) = text("AWS_ACCESS_KEY_ID") {
        let mut access = AwsAccess::new(Method::AccessKeys);
        access.access_key_id = Some(id);
        let secret = sources
            .variable("AWS_SECRET_ACCESS_KEY")
            .map(|(secret, _)| secret);
        let held = secret
            .clone()
            .map_or(SecretSource::Absent, SecretSource::Stored);
        access.secret_access_key = held;
        access.session_token = sources
            .variable("AWS_SESSION_TOKEN")
            .map(|(token, _)| token);
        add("AWS_ACCESS_KEY_ID", Place::Process, secret, access);
    }
    if let Some(name) = text("AWS_PROFILE") {
        let mut access = AwsAccess::new(Method::Profile);
        access.profile = Some(name);
        add("AWS_PROFILE", Place::Process, None, access);
    }
    found
}
