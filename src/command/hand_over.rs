//! What `exec` and `env` share: the credential that was asked for, made into changes of an
//! environment.

use std::path::Path;

use super::Context;
use crate::cli::Which;
use crate::consumer::claude_code::outranks::{self, Source, SourceKind};
use crate::consumer::claude_code::places::Places;
use crate::consumer::claude_code::settings;
use crate::consumer::{self, AwsBy, Changes, Consumer, ELSEWHERE, Grant, Value};
use crate::error::{Error, Kind, Result};
use crate::provider::anthropic::endpoint::{self, Allowance, Endpoint, may_send};
use crate::provider::{anthropic, bedrock};
use crate::secret::Secret;
use crate::status::logins;
use crate::store::select::{Candidate, Origin, Pin, Rank, Reason, Selection, select};
use crate::store::sources::{Place, Sources};
use crate::store::{AwsAccess, Credential, Method, Name, ProfileId};
use crate::ui::escape;
use crate::variables;

/// What becomes of the environment of `consumer`, so that it uses the credential that was asked
/// for.
///
/// # Errors
/// `Usage` for names that cannot be and for a credential that is not made for this consumer,
/// `NotFound` where there is none, `Config` for a kind that no variable carries.
pub fn changes(which: &Which, consumer: &Consumer, context: &Context<'_>) -> Result<Changes> {
    let accepted = accepted(which)?;
    let takes = consumer.takes_subscription || accepted;
    let candidate = choose(which, consumer, takes, context)?;
    let mut changes = consumer.changes(grant(&candidate, context)?, accepted)?;
    if let Some(Credential::Login {
        config_dir: Some(_),
        ..
    }) = &candidate.whole
    {
        // It would lead to the login of another folder.
        changes.also_unset(variables::CLAUDE_SECURESTORAGE_CONFIG_DIR);
    }
    if let Some(url) = candidate.base_url.as_ref().filter(|_| !is_aws(&candidate)) {
        check_saved(url)?;
        changes.also_set(variables::ANTHROPIC_BASE_URL, Value::Plain(url.clone()));
    }
    if !is_of_this_environment(&candidate) {
        keep_from_foreign_hosts(&mut changes, &candidate, context);
    }
    if consumer.takes_subscription {
        warn_of_settings(&candidate, context);
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

/// Whether the one risk is accepted.
///
/// # Errors
/// `Usage` for another risk.
pub fn accepted(which: &Which) -> Result<bool> {
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

/// A stored credential must not be carried to a host that the environment happens to name.
fn keep_from_foreign_hosts(changes: &mut Changes, candidate: &Candidate, context: &Context<'_>) {
    for name in host_variables(candidate) {
        let value = context.system.environment.raw(name).unwrap_or_default();
        if value.is_empty() || changes.set.iter().any(|(set, _)| set == name) {
            continue;
        }
        let Some(why) = is_foreign(&value.to_string_lossy(), candidate) else {
            continue;
        };
        changes.also_unset(name);
        let remedy = if is_aws(candidate) {
            "A saved credential goes to AWS itself."
        } else if candidate.is_subscription() {
            "A subscription goes to Anthropic itself."
        } else {
            "To use that host, save the key for it: keywright onboard --replace --base-url URL"
        };
        let why = escape::line(&why);
        context
            .ui
            .warn(&format!("{name} is not passed on: {why}. {remedy}"));
    }
}

/// Whoever set it set the hosts beside it too.
fn is_of_this_environment(candidate: &Candidate) -> bool {
    let place = match candidate.origin {
        Origin::Variable { place, .. } => Some(place),
        Origin::Profile { .. } => None,
    };
    place == Some(Place::Process)
}

fn is_aws(candidate: &Candidate) -> bool {
    matches!(candidate.whole, Some(Credential::Aws(_)))
}

/// The variables that say where the credential goes.
fn host_variables(candidate: &Candidate) -> &'static [&'static str] {
    if is_aws(candidate) {
        bedrock::endpoint::VARIABLES
    } else {
        &[
            variables::ANTHROPIC_BASE_URL,
            variables::CLAUDE_CODE_CUSTOM_OAUTH_URL,
        ]
    }
}

/// Why the credential must not go to `url`; `None` when it may.
fn is_foreign(url: &str, candidate: &Candidate) -> Option<String> {
    let endpoint = match Endpoint::parse(url) {
        Ok(endpoint) => endpoint,
        Err(error) => return Some(error.message().to_owned()),
    };
    if is_aws(candidate) {
        let own = endpoint.is_loopback() || bedrock::endpoint::is_own(&endpoint);
        return (!own).then(|| format!("{} is not of AWS", endpoint.host()));
    }
    let base_url = candidate.base_url.as_deref();
    let origin = endpoint::Origin::Stored { base_url };
    let refusal = may_send(origin, &endpoint, Allowance::default()).err()?;
    Some(refusal.words())
}

/// The credential that is used. What was named is used or refused; else a subscription is passed
/// over where it may not go, and Bedrock comes in where nothing of Anthropic is.
///
/// # Errors
/// `Usage` for names that cannot be, `NotFound` where nothing can be used; those of reading our
/// files.
pub fn choose(
    which: &Which,
    consumer: &Consumer,
    takes_subscription: bool,
    context: &Context<'_>,
) -> Result<Candidate> {
    let pin = pin(which, context)?;
    let sources = context.sources()?;
    let now = context.system.clock.now();
    let mut first = None;
    for provider in providers(&sources, consumer, pin.as_ref()) {
        let mut selection = select(&sources, provider, pin.as_ref(), now.as_millisecond())?;
        logins::look(context.system, &mut selection, now);
        if let Some(found) = suitable(&selection, pin.is_some(), takes_subscription) {
            let mut found = found.clone();
            found.ask(context.system, &sources, now.as_millisecond());
            return found.required();
        }
        let chosen = |candidate: &Candidate| candidate.rank <= Rank::Active;
        if selection.winner().is_none() && selection.effective().is_some_and(chosen) {
            // It was chosen by name, so that nothing else takes its place.
            return selection.require().cloned();
        }
        first.get_or_insert(selection);
    }
    let Some(selection) = first else {
        return Err(Error::new(Kind::NotFound, "there is no credential"));
    };
    let mut candidate = selection.require()?.clone();
    candidate.ask(context.system, &sources, now.as_millisecond());
    let candidate = candidate.required()?;
    if pin.is_some() && candidate.rank != Rank::Pinned {
        let message = "what was named holds no credential that can be handed out";
        return Err(Error::new(Kind::NotFound, message)
            .hint("`keywright models status` lists what is there."));
    }
    Ok(candidate)
}

/// The credential of one profile, of whatever provider.
///
/// # Errors
/// `NotFound` for a profile that does not exist or cannot be used; those of reading our files.
pub fn named(id: &ProfileId, context: &Context<'_>) -> Result<Candidate> {
    let sources = context.sources()?;
    let now = context.system.clock.now();
    let pin = Pin::Profile(id.clone());
    let mut selection = select(&sources, id.provider(), Some(&pin), now.as_millisecond())?;
    logins::look(context.system, &mut selection, now);
    let mut candidate = selection.require()?.clone();
    candidate.ask(context.system, &sources, now.as_millisecond());
    candidate.required()
}

/// The providers in the order in which they are asked: those that the active account has something
/// for come first. The AWS CLI has a use for one of them only.
fn providers<'a>(sources: &Sources, consumer: &Consumer, pin: Option<&'a Pin>) -> Vec<&'a str> {
    let model = sources.config.default_model.as_deref().unwrap_or_default();
    let mut providers = match pin {
        Some(Pin::Profile(id)) if id.provider() == bedrock::ID => return vec![bedrock::ID],
        Some(Pin::Profile(_)) => return vec![anthropic::PROVIDER.id],
        _ if consumer.id == consumer::aws::CONSUMER.id => return vec![bedrock::ID],
        _ if model.starts_with("bedrock/") => vec![bedrock::ID, anthropic::PROVIDER.id],
        _ => vec![anthropic::PROVIDER.id, bedrock::ID],
    };
    if pin.is_none() {
        providers.sort_by_key(|provider| !sources.active_has(provider));
    }
    providers
}

/// The winner, or the next one that may go where this one may not. With none, what is in the way of
/// the first provider's is told.
fn suitable(selection: &Selection, pinned: bool, takes_subscription: bool) -> Option<&Candidate> {
    let winner = selection.winner()?;
    if pinned {
        return (winner.rank == Rank::Pinned).then_some(winner);
    }
    let fits = |candidate: &&Candidate| {
        candidate.reason == Reason::Ok && (takes_subscription || !candidate.is_subscription())
    };
    if winner.rank == Rank::Active {
        return Some(winner);
    }
    selection.candidates.iter().find(fits)
}

/// The files of Claude Code have the last word, whatever the environment says: what they set goes
/// over a variable of the same name, and comes before what Claude Code takes later.
fn warn_of_settings(candidate: &Candidate, context: &Context<'_>) {
    let now = context.system.clock.now();
    let folder = match &candidate.whole {
        Some(Credential::Login { config_dir, .. }) => config_dir.as_deref().map(Path::new),
        _ => None,
    };
    for file in settings::look(context.system, &Places::of(context.system, folder)) {
        let foreign =
            |url: &str| !is_of_this_environment(candidate) && is_foreign(url, candidate).is_some();
        for name in file.set_to(host_variables(candidate), foreign) {
            let path = file.path.display();
            context.ui.warn(&escape::line(&format!(
                "`env.{name}` in {path} sends what is handed over here to a host that it was not saved for."
            )));
        }
    }
    let kind = match &candidate.whole {
        Some(Credential::Login { .. }) => SourceKind::Login,
        // Nothing comes before the switch to Bedrock.
        Some(_) => return,
        None if candidate.kind == "token" => SourceKind::OauthToken,
        None => SourceKind::ApiKey,
    };
    let sources = outranks::sources(context.system, folder, now);
    let in_files = |source: &&Source| {
        let set = matches!(source.place, outranks::Place::Setting { .. });
        let in_file = set || matches!(source.place, outranks::Place::File(_));
        let before = source.kind < kind || (set && source.kind == kind);
        in_file && before && !source.overridden
    };
    for source in sources.iter().filter(in_files) {
        let words = source.sentence("what is handed over here");
        context.ui.warn(&escape::line(&words));
    }
}

/// The flags, else the variables that stand for them.
///
/// # Errors
/// `Usage` for names that cannot be.
pub fn pin(which: &Which, context: &Context<'_>) -> Result<Option<Pin>> {
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

fn grant(candidate: &Candidate, context: &Context<'_>) -> Result<Grant> {
    let refused = |why: &str| {
        let message = format!(
            "`{}` cannot be handed to a program: {why}",
            candidate.name()
        );
        Error::new(Kind::Config, message).hint("Name another one with --profile.")
    };
    match (&candidate.whole, &candidate.secret) {
        (Some(Credential::Login { config_dir, .. }), _) => {
            let folder = config_dir.as_deref().map(Path::new);
            let places = Places::of(context.system, folder);
            Ok(Grant::Login {
                config_dir: places.variable().map(Path::to_path_buf),
            })
        }
        (Some(Credential::Aws(access)), secret) => aws(access, secret.as_ref())
            .map(Grant::Aws)
            .ok_or_else(|| refused("its method is not known")),
        (_, Some(key)) if candidate.kind == "api_key" => Ok(Grant::ApiKey(key.clone())),
        (_, Some(token)) if candidate.kind == "token" => {
            Ok(Grant::SubscriptionToken(token.clone()))
        }
        _ => Err(refused("its kind is not known")),
    }
}

fn aws(access: &AwsAccess, secret: Option<&Secret>) -> Option<consumer::Aws> {
    let by = match access.method? {
        Method::AccessKeys => AwsBy::Keys {
            id: access.access_key_id.clone()?,
            secret: secret?.clone(),
            session: access.session_token.clone(),
        },
        Method::Bearer => AwsBy::Bearer(secret?.clone()),
        Method::Profile => AwsBy::Profile(access.profile.clone()?),
        Method::Chain => AwsBy::Chain,
    };
    Some(consumer::Aws {
        by,
        region: access.region.clone(),
        model: access.model.clone(),
    })
}
