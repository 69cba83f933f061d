//! `--verify`: one try of a key before it is saved, as `onboard` makes it.

use super::add::Made;
use crate::command::Context;
use crate::error::{Error, Result};
use crate::probe::bedrock::Trial;
use crate::probe::{self, Probe};
use crate::provider::anthropic::endpoint::{Allowance, Endpoint, Origin, may_send};
use crate::provider::bedrock::{Access, AccessKeys, Endpoints, Region};
use crate::provider::registry::{self, Provider};
use crate::provider::{Level, Outcome, Verdict, words};
use crate::store::{AwsAccess, Credential, SecretSource};
use crate::ui::escape;
pub use crate::ui::receipt::Verification;

/// What came of it; the key may be saved.
pub struct Tried(Verdict);

impl Tried {
    /// It works without a limit.
    pub fn works(&self) -> bool {
        self.0.outcome() == Outcome::Works
    }
}

/// For the report; nothing was tried without a verdict.
pub fn verification(tried: Option<&Tried>) -> Verification {
    Verification::of(tried.map(|tried| &tried.0))
}

/// Tries the key. One that is limited now is as good as any, and is warned of.
///
/// # Errors
/// `Rejected`, or `Unreachable` where nothing could be found out; `Usage` for a provider that there
/// is no free request for.
pub fn run(made: &Made, provider: &str, context: &Context<'_>) -> Result<Tried> {
    let verdict = match &made.credential {
        Credential::Aws(access) => aws(access, context)?,
        credential => {
            let known = registry::find(provider).ok_or_else(|| {
                Error::usage(format!(
                    "there is no free request that tries a key of {provider}"
                ))
                .hint("Leave --verify out.")
            })?;
            key(credential, known, made.base_url.as_deref(), context)?
        }
    };
    match (verdict.outcome(), words::error(&verdict)) {
        (Outcome::Works, _) | (_, None) => {}
        (Outcome::Limited, _) => {
            let words = words::of(&verdict).summary;
            context.ui.warn(&escape::line(&words));
        }
        (_, Some(error)) => {
            let message = format!("the {} was not saved: {}", made.noun, error.message());
            let told = Error::new(error.kind(), message).request_id(verdict.request_id.clone());
            return Err(match error.hint_text() {
                Some(hint) => told.hint(hint),
                None => told,
            });
        }
    }
    Ok(Tried(verdict))
}

fn key(
    credential: &Credential,
    provider: &'static Provider,
    base_url: Option<&str>,
    context: &Context<'_>,
) -> Result<Verdict> {
    let Some(SecretSource::Stored(key)) = credential.secret() else {
        return Err(Error::usage("there is no key to try"));
    };
    let variable = context.system.environment.get(provider.base_url_variable);
    let url = base_url.or(variable).unwrap_or(provider.default_base_url);
    let endpoint = Endpoint::parse(url)?;
    let confirmed = base_url.is_some();
    let allowance = Allowance {
        confirmed: Some(&endpoint).filter(|_| confirmed),
        insecure: false,
    };
    if let Err(refusal) = may_send(Origin::Entered, &endpoint, allowance) {
        return Ok(refusal.verdict());
    }
    let probe = Probe {
        provider,
        endpoint,
        key: key.clone(),
        level: Level::Credential,
        timeout: probe::TIMEOUT,
    };
    Ok(probe::run(context.system, &probe))
}

/// Who one is and which models there are, then the model that was named.
fn aws(access: &AwsAccess, context: &Context<'_>) -> Result<Verdict> {
    let Some(SecretSource::Stored(secret)) = access.secret() else {
        return Err(Error::usage("there is no key to try"));
    };
    let region =
        Region::parse(access.region.as_deref().unwrap_or_default()).map_err(Error::usage)?;
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
    match &access.model {
        Some(model) if found.verdict.outcome() == Outcome::Works => {
            Ok(trial.model(context.system, model, &found.profiles, false))
        }
        _ => Ok(found.verdict),
    }
}
