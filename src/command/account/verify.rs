//! `--verify`: one try of a key before it is saved, as `onboard` makes it.

use super::add::Made;
use crate::command::Context;
use crate::command::auth::verify;
use crate::error::{Error, Result};
use crate::probe;
use crate::probe::bedrock::Trial;
use crate::provider::anthropic::endpoint::Endpoint;
use crate::provider::bedrock::{Access, AccessKeys, Endpoints, Region};
use crate::provider::{Outcome, Verdict, registry, words};
use crate::secret::Secret;
use crate::store::{AwsAccess, Credential, SecretSource};
use crate::ui::escape;

/// Tries the key. One that is limited now is as good as any, and is warned of.
///
/// # Errors
/// `Rejected`, or `Unreachable` where nothing could be found out; `Usage` for a provider that there
/// is no free request for.
pub fn run(made: &Made, provider: &str, context: &Context<'_>) -> Result<Verdict> {
    let Some(SecretSource::Stored(secret)) = made.credential.secret() else {
        return Err(Error::usage("there is no key to try"));
    };
    let tried = if let Credential::Aws(access) = &made.credential {
        aws(access, secret, context)
    } else {
        let url = made.base_url.as_deref().map(Endpoint::parse).transpose()?;
        verify::key(registry::find(provider), secret, url.as_ref(), context)
    };
    let verdict = tried.map_err(|error| {
        let message = format!("the {} was not saved: {}", made.noun, error.message());
        let told = Error::new(error.kind(), message)
            .request_id(error.request_id_text().map(str::to_owned));
        match error.hint_text() {
            Some(hint) => told.hint(hint),
            None => told,
        }
    })?;
    if verdict.outcome() == Outcome::Limited {
        context.ui.warn(&escape::line(&words::of(&verdict).summary));
    }
    Ok(verdict)
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
    verify::accepted(verdict)
}
