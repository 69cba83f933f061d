//! What a flow stores: the kinds of credential that `put_credential` names, each made of the
//! values of a run. Pure.

use crate::provider::anthropic::endpoint::DEFAULT_BASE_URL;
use crate::store::profile::CLAUDE_CLI;
use crate::store::{AwsAccess, Credential, Method, SecretSource};
use crate::wizard::catalog::{CredentialKind, Input};
use crate::wizard::engine::{Given, Source};

/// The credential that is made of the values, as far as the plan knows: when a token ends is
/// counted from the commit. `None` where a value is missing, which a verified flow rules out.
#[must_use]
pub fn build(kind: &CredentialKind, given: &Given) -> Option<Credential> {
    let stored = |input: Input| source(given, input);
    match kind.id {
        "anthropic-api-key" => Some(Credential::ApiKey {
            key: stored(Input::Secret)?,
        }),
        "anthropic-token" => Some(Credential::Token {
            token: stored(Input::Secret)?,
            expires: None,
            expires_assumed: false,
        }),
        "claude-login" => Some(Credential::Login {
            source: Some(CLAUDE_CLI.to_owned()),
            config_dir: Some(given.text(Input::ConfigDir)?.to_owned()),
        }),
        "bedrock" => Some(Credential::Aws(Box::new(aws(given)?))),
        _ => None,
    }
}

/// The secret itself, or where it stays.
fn source(given: &Given, input: Input) -> Option<SecretSource> {
    let secret = given.secret(input)?.clone();
    Some(match given.source(input) {
        Some(Source::Place(place)) => SecretSource::Reference(place.reference()),
        _ => SecretSource::Stored(secret),
    })
}

/// The value of a choice that stands for no value.
const NONE: &str = "none";

/// Only what belongs to the method: an answer to another one may be left from before.
fn aws(given: &Given) -> Option<AwsAccess> {
    let text = |input: Input| given.text(input).map(str::to_owned);
    let stored = |input: Input| source(given, input).unwrap_or(SecretSource::Absent);
    let method = Method::named(given.text(Input::Method)?)?;
    let mut access = AwsAccess::new(method);
    access.region = text(Input::Region);
    access.model = text(Input::Model).filter(|model| model != NONE);
    match method {
        Method::AccessKeys => {
            access.access_key_id = text(Input::AccessKeyId);
            access.secret_access_key = stored(Input::SecretKey);
            access.session_token = given.secret(Input::SessionToken).cloned();
        }
        Method::Bearer => access.bearer_token = stored(Input::Bearer),
        Method::Profile => access.profile = text(Input::AwsProfile),
        Method::Chain => {}
    }
    Some(access)
}

/// The address that the credential is for, where somebody named another than the provider's own:
/// one that is merely in the environment says nothing of what a key is for.
#[must_use]
pub fn base_url(given: &Given) -> Option<String> {
    let url = given.text(Input::BaseUrl)?;
    (given.is_said(Input::BaseUrl) && url != DEFAULT_BASE_URL).then(|| url.to_owned())
}
