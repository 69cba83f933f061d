//! `--verify`: a credential is tried before it is saved. What is refused or not known is not saved.

use crate::command::Context;
use crate::error::{Error, Kind, Result};
use crate::probe::bedrock::Trial;
use crate::probe::{self, claude_code};
use crate::provider::anthropic::endpoint::{Allowance, Endpoint, Origin, may_send};
use crate::provider::bedrock::{Access, AccessKeys, Endpoints, Region};
use crate::provider::registry::{self, Level, Provider};
use crate::provider::{Outcome, Verdict, words};
use crate::secret::Secret;
use crate::store::{AwsAccess, Credential, Profile, SecretSource};

/// Tries a credential as it would be saved.
///
/// # Errors
/// `Rejected` or `Unreachable`; `Config` for an address that a key may not go to; `Usage` for what
/// nobody can ask about.
pub fn profile(profile: &Profile, context: &Context<'_>) -> Result<Verdict> {
    let Some(SecretSource::Stored(secret)) = profile.secret() else {
        return Err(Error::usage("there is no key to try"));
    };
    match &profile.credential {
        Credential::Aws(access) => aws(access, secret, context),
        Credential::Token { .. } => token(secret, context),
        _ => {
            let url = profile.base_url.as_deref().map(Endpoint::parse);
            let provider = registry::find(&profile.provider);
            key(provider, secret, url.transpose()?, context)
        }
    }
}

/// Tries a key at its provider's address, or at the one that was named.
fn key(
    provider: Option<&'static Provider>,
    key: &Secret,
    base_url: Option<Endpoint>,
    context: &Context<'_>,
) -> Result<Verdict> {
    let Some(provider) = provider else {
        return Err(
            Error::usage("keys of this provider cannot be tried").hint("leave --verify out.")
        );
    };
    let endpoint = match base_url {
        Some(url) => url,
        None => of_environment(provider, context)?,
    };
    let verdict = probe::run(
        context.system,
        &probe::Probe {
            provider,
            endpoint,
            key: key.clone(),
            level: Level::Credential,
            timeout: probe::TIMEOUT,
        },
    );
    accepted(verdict)
}

/// Tries a subscription token by the unmodified `claude` program.
fn token(token: &Secret, context: &Context<'_>) -> Result<Verdict> {
    let trial = claude_code::Trial {
        token: token.clone(),
        endpoint: claude_code::endpoint(context.system),
        timeout: claude_code::TIMEOUT,
    };
    accepted(claude_code::run(context.system, &trial))
}

/// The address of `--base-url`, which a key must be able to go to.
///
/// # Errors
/// `Usage`.
pub fn base_url(text: Option<&str>) -> Result<Option<Endpoint>> {
    let Some(text) = text else {
        return Ok(None);
    };
    let endpoint = Endpoint::parse(text).map_err(|error| error.with_kind(Kind::Usage))?;
    let allowance = Allowance {
        confirmed: Some(&endpoint),
        insecure: false,
    };
    may_send(Origin::Entered, &endpoint, allowance)
        .map_err(|refusal| Error::usage(refusal.words()).hint("give an https address."))?;
    Ok(Some(endpoint))
}

/// Where the environment sends requests, if the key may go there.
fn of_environment(provider: &Provider, context: &Context<'_>) -> Result<Endpoint> {
    let Some(url) = context.system.environment.get(provider.base_url_variable) else {
        return Endpoint::parse(provider.default_base_url);
    };
    let endpoint = Endpoint::parse(url)?;
    may_send(Origin::Entered, &endpoint, Allowance::default()).map_err(|refusal| {
        let message = format!(
            "the key was not tried and not saved: {} names another host, and {}",
            provider.base_url_variable,
            refusal.words()
        );
        Error::new(Kind::Config, message)
            .hint("Give --base-url URL to save it for that host, or unset the variable.")
    })?;
    Ok(endpoint)
}

/// Who one is and which models there are, then the model that was named.
fn aws(access: &AwsAccess, secret: &Secret, context: &Context<'_>) -> Result<Verdict> {
    let region = access.region.as_deref().unwrap_or_default();
    let region = Region::parse(region).map_err(Error::usage)?;
    let lookup = |name: &str| {
        let value = context.system.environment.get(name)?.trim();
        (!value.is_empty()).then(|| value.to_owned())
    };
    let trial = Trial {
        access: match &access.access_key_id {
            Some(id) => Access::Keys(AccessKeys {
                id: id.clone(),
                secret: secret.clone(),
                session: access.session_token.clone(),
            }),
            None => Access::Bearer(secret.clone()),
        },
        sign_in: None,
        endpoints: Endpoints::of(&region, &lookup)?,
        region,
        timeout: probe::TIMEOUT,
        until: None,
    };
    let found = trial.access(context.system);
    let verdict = match &access.model {
        Some(model) if found.verdict.outcome() == Outcome::Works => {
            trial.model(context.system, model, &found.profiles, false)
        }
        _ => found.verdict,
    };
    accepted(verdict)
}

/// A credential that works, though perhaps not now.
fn accepted(verdict: Verdict) -> Result<Verdict> {
    if matches!(verdict.outcome(), Outcome::Works | Outcome::Limited) {
        return Ok(verdict);
    }
    match words::error(&verdict) {
        Some(error) => Err(error),
        None => Ok(verdict),
    }
}
