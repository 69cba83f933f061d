//! What a flow stores: the kinds of credential that `put_credential` names, each made of the
//! values of a run. Pure.

use crate::provider::anthropic::endpoint::DEFAULT_BASE_URL;
use crate::store::profile::CLAUDE_CLI;
use crate::store::{Credential, SecretSource};
use crate::wizard::catalog::{CredentialKind, Input};
use crate::wizard::engine::Given;

/// The credential that is made of the values, as far as the plan knows: when a token ends is
/// counted from the commit. `None` where a value is missing, which a verified flow rules out.
#[must_use]
pub fn build(kind: &CredentialKind, given: &Given) -> Option<Credential> {
    let stored = |input: Input| given.secret(input).cloned().map(SecretSource::Stored);
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
        _ => None,
    }
}

/// The address that the credential is for, where somebody named another than the provider's own:
/// one that is merely in the environment says nothing of what a key is for.
#[must_use]
pub fn base_url(given: &Given) -> Option<String> {
    let url = given.text(Input::BaseUrl)?;
    (given.is_said(Input::BaseUrl) && url != DEFAULT_BASE_URL).then(|| url.to_owned())
}
