//! What `exec` and `env` share: the credential that was asked for, made into changes of an
//! environment.

use super::Context;
use crate::cli::Which;
use crate::consumer::{Changes, Consumer, ELSEWHERE, Grant};
use crate::error::{Error, Kind, Result};
use crate::provider::anthropic::endpoint::{self, Allowance, Endpoint, may_send};
use crate::store::select::{Candidate, Origin, Pin, Rank, select};
use crate::store::sources::{Place, Sources};
use crate::store::{Name, ProfileId};
use crate::ui::escape;
use crate::variables;

/// The provider whose credentials are handed out.
const PROVIDER: &str = "anthropic";

/// What becomes of the environment of `consumer`, so that it uses the credential that was asked
/// for.
///
/// # Errors
/// `Usage` for names that cannot be and for a credential that is not made for this consumer,
/// `NotFound` where there is none, `Config` for a kind that no variable carries.
pub fn changes(which: &Which, consumer: &Consumer, context: &Context<'_>) -> Result<Changes> {
    let accepted = accepted(which)?;
    let candidate = choose(which, context)?;
    let base_url = candidate.base_url.clone();
    let mut changes = consumer.changes(grant(&candidate)?, accepted)?;
    let same_environment = matches!(
        candidate.origin,
        Origin::Variable {
            place: Place::Process,
            ..
        }
    );
    match base_url {
        Some(url) => check_saved(&url)?,
        None if same_environment => {}
        None => keep_from_foreign_host(&mut changes, context),
    }
    if context.ui.verbose {
        for name in changes.unset.iter().filter(|name| is_set(context, name)) {
            context.ui.say(&format!("{name} is not passed on."));
        }
    }
    Ok(changes)
}

/// Output of their own is what these commands are for.
///
/// # Errors
/// `Usage` with `--json`.
pub fn refuse_json(context: &Context<'_>) -> Result<()> {
    if context.global.json {
        return Err(Error::usage("this command has a format of its own")
            .hint("Leave --json out. `keywright models status --json` reports on credentials."));
    }
    Ok(())
}

fn accepted(which: &Which) -> Result<bool> {
    if which.accept_risk.iter().any(|risk| risk != ELSEWHERE) {
        return Err(Error::usage("a risk of that name cannot be accepted here")
            .hint(format!("The one risk is {ELSEWHERE}.")));
    }
    Ok(!which.accept_risk.is_empty())
}

fn is_set(context: &Context<'_>, name: &str) -> bool {
    context.system.environment.raw(name).is_some()
}

/// The saved base URL must be one that the key may be sent to.
fn check_saved(url: &str) -> Result<()> {
    let origin = endpoint::Origin::Stored {
        base_url: Some(url),
    };
    let endpoint = Endpoint::parse(url)?;
    may_send(origin, &endpoint, Allowance::default()).map_err(|refusal| {
        Error::new(Kind::Config, refusal.words())
            .hint("Save the key for an https address: keywright onboard --replace --base-url URL")
    })
}

/// A stored key must not be carried to a host that the environment happens to name.
fn keep_from_foreign_host(changes: &mut Changes, context: &Context<'_>) {
    let Some(url) = context
        .system
        .environment
        .get(variables::ANTHROPIC_BASE_URL)
    else {
        return;
    };
    let origin = endpoint::Origin::Stored { base_url: None };
    let why = match Endpoint::parse(url) {
        Ok(endpoint) => match may_send(origin, &endpoint, Allowance::default()) {
            Ok(()) => return,
            Err(refusal) => refusal.words(),
        },
        Err(error) => error.message().to_owned(),
    };
    changes.also_unset(variables::ANTHROPIC_BASE_URL);
    context.ui.warn(&format!(
        "ANTHROPIC_BASE_URL is not passed on: {}. To use that host, save the key for it: keywright onboard --replace --base-url URL",
        escape::line(&why)
    ));
}

fn choose(which: &Which, context: &Context<'_>) -> Result<Candidate> {
    let (home, agent) = (context.home()?, context.agent()?);
    let pin = pin(which, context)?;
    let sources = Sources::read(context.system, &home, &agent)?;
    let now = context.system.clock.now().as_millisecond();
    let selection = select(&sources, PROVIDER, pin.as_ref(), now)?;
    let candidate = selection.require()?;
    if pin.is_some() && candidate.rank != Rank::Pinned {
        let message = "what was named holds no Anthropic credential";
        return Err(Error::new(Kind::NotFound, message)
            .hint("`keywright models status` lists what is there."));
    }
    Ok(candidate.clone())
}

/// The flags, else the variables that stand for them.
fn pin(which: &Which, context: &Context<'_>) -> Result<Option<Pin>> {
    let environment = &context.system.environment;
    let named = |profile: Option<&str>, account: Option<&str>| match (profile, account) {
        (Some(id), _) => Some(ProfileId::parse(id).map(Pin::Profile)),
        (None, Some(name)) => Some(Name::parse(name).map(Pin::Account)),
        (None, None) => None,
    };
    named(which.profile.as_deref(), which.account.as_deref())
        .or_else(|| {
            named(
                environment.get(variables::PROFILE),
                environment.get(variables::ACCOUNT),
            )
        })
        .transpose()
}

fn grant(candidate: &Candidate) -> Result<Grant> {
    match (candidate.kind.as_str(), &candidate.secret) {
        ("api_key", Some(key)) => Ok(Grant::ApiKey {
            key: key.clone(),
            base_url: candidate.base_url.clone(),
        }),
        ("token", Some(token)) => Ok(Grant::SubscriptionToken(token.clone())),
        _ => Err(Error::new(
            Kind::Config,
            format!("`{}` cannot be handed to a program", candidate.name()),
        )
        .hint("Name another one with --profile.")),
    }
}
