//! How a credential compares with the profile that has its name.

use super::{Place, named};
use crate::error::Result;
use crate::store::{self, AwsAccess, Credential, Method, Profile, ProfileId, SecretSource};
use crate::wizard::catalog::{CredentialKind, Input};
use crate::wizard::credential;
use crate::wizard::engine::{Given, Value};

pub(super) fn compare(
    place: Place<'_>,
    kind: &CredentialKind,
    given: &Given,
) -> Result<Vec<(String, Value)>> {
    let profiles = store::read(place.system, place.home, place.agent)?.profiles;
    let name = given.text(Input::Profile).unwrap_or("default");
    let id = |name: &str| ProfileId::parse(&format!("{}:{name}", kind.provider));
    let held = profiles.get(&id(name)?);
    let new = credential::build(kind, given);
    let state = match (held, new) {
        (None, _) => "absent",
        (Some(held), Some(new)) if is_same(&held.credential, &new) => "same",
        (Some(_), _) => "different",
    };
    let mut free = name.to_owned();
    for number in 2.. {
        if profiles.get(&id(&free)?).is_none() {
            break;
        }
        free = format!("{name}-{number}");
    }
    Ok(vec![
        named("profile_state", Value::text(state)),
        named(
            "profile_holds",
            Value::Text(held.map_or_else(|| "none".to_owned(), holds)),
        ),
        named("free_profile", Value::Text(free)),
    ])
}

/// When a token ends makes it no other token.
fn is_same(held: &Credential, new: &Credential) -> bool {
    match (held, new) {
        (Credential::Token { token: held, .. }, Credential::Token { token: new, .. }) => {
            held == new
        }
        (held, new) => held == new,
    }
}

/// What a profile holds, in a few words.
fn holds(profile: &Profile) -> String {
    match (&profile.credential, profile.secret()) {
        (Credential::Aws(access), _) => aws(access),
        (_, Some(SecretSource::Stored(secret))) => secret.mask(),
        (Credential::Login { config_dir, .. }, _) => format!(
            "the Claude Code login in {}",
            config_dir.as_deref().unwrap_or("its usual folder")
        ),
        _ => "none".to_owned(),
    }
}

fn aws(access: &AwsAccess) -> String {
    let method = access.method.map_or("access", Method::words);
    let secret = match access.secret() {
        Some(SecretSource::Stored(secret)) => format!(" {}", secret.mask()),
        _ => access
            .profile
            .as_ref()
            .map_or_else(String::new, |name| format!(" {name}")),
    };
    let region = access.region.as_deref().unwrap_or("no region");
    format!("{method}{secret} for {region}")
}
