//! What `exec` and `env` share: the credential that was asked for, made into changes of an
//! environment.

use super::Context;
use crate::cli::Which;
use crate::consumer::{Changes, Consumer, ELSEWHERE, Grant};
use crate::error::{Error, Kind, Result};
use crate::provider::anthropic::endpoint::{Allowance, Endpoint, Origin, may_send};
use crate::secret::Secret;
use crate::store::{self, Credential, Name, Profile, ProfileId, Profiles, SecretSource};
use crate::ui::escape;
use crate::variables;

/// The provider whose credentials are handed out.
const PROVIDER: &str = "anthropic";

/// A credential and where it may go.
struct Chosen {
    grant: Grant,
    /// It comes from the environment, and so does the base URL.
    from_environment: bool,
}

/// What becomes of the environment of `consumer`, so that it uses the credential that was asked
/// for.
///
/// # Errors
/// `Usage` for names that cannot be and for a credential that is not made for this consumer,
/// `NotFound` where there is none, `Config` for a kind that no variable carries.
pub fn changes(which: &Which, consumer: &Consumer, context: &Context<'_>) -> Result<Changes> {
    let accepted = accepted(which)?;
    let chosen = choose(which, context)?;
    let from_environment = chosen.from_environment;
    let saved = match &chosen.grant {
        Grant::ApiKey { base_url, .. } => base_url.clone(),
        _ => None,
    };
    let mut changes = consumer.changes(chosen.grant, accepted)?;
    match saved {
        Some(url) => check_saved(&url)?,
        None if from_environment => {}
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
    let origin = Origin::Stored {
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
    let origin = Origin::Stored { base_url: None };
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

fn choose(which: &Which, context: &Context<'_>) -> Result<Chosen> {
    let (home, agent) = (context.home()?, context.agent()?);
    let profiles = store::load(context.system, &home, &agent)?.unwrap_or_default();
    let environment = &context.system.environment;
    let profile = which.profile.as_deref();
    let account = which.account.as_deref();
    let (profile, account) = if profile.is_some() || account.is_some() {
        (profile, account)
    } else {
        let profile = environment.get(variables::PROFILE);
        let account = environment.get(variables::ACCOUNT);
        (profile, account.filter(|_| profile.is_none()))
    };
    if let Some(text) = profile {
        let id = ProfileId::parse(text)?;
        let found = profiles.get(&id).ok_or_else(|| {
            Error::new(Kind::NotFound, format!("there is no profile {id}")).hint(known(&profiles))
        })?;
        return stored(&id, found, context);
    }
    if let Some(text) = account {
        let name = Name::parse(text)?;
        let (id, found) = of_account(&profiles, &name).ok_or_else(|| {
            Error::new(
                Kind::NotFound,
                format!("there is no account {name} with a Claude credential"),
            )
            .hint(known(&profiles))
        })?;
        return stored(id, found, context);
    }
    let active = profiles.active.as_ref();
    let first = active
        .and_then(|name| of_account(&profiles, name))
        .or_else(|| profiles.of_provider(PROVIDER).into_iter().next());
    match first {
        Some((id, found)) => stored(id, found, context),
        None => of_environment(context),
    }
}

fn of_account<'a>(profiles: &'a Profiles, name: &Name) -> Option<(&'a ProfileId, &'a Profile)> {
    let mut candidates = profiles.of_provider(PROVIDER).into_iter();
    candidates.find(|(id, _)| id.name() == name.as_str())
}

fn known(profiles: &Profiles) -> String {
    let ids: Vec<&str> = profiles.profiles.keys().map(ProfileId::as_str).collect();
    if ids.is_empty() {
        "There is none yet: keywright onboard".to_owned()
    } else {
        format!("There are: {}.", ids.join(", "))
    }
}

fn stored(id: &ProfileId, profile: &Profile, context: &Context<'_>) -> Result<Chosen> {
    let grant = match &profile.credential {
        Credential::ApiKey { key } => Grant::ApiKey {
            key: read(id, key, context)?,
            base_url: profile.base_url.clone(),
        },
        Credential::Token { token, .. } => Grant::SubscriptionToken(read(id, token, context)?),
        Credential::Login { config_dir, .. } => Grant::Login {
            config_dir: config_dir
                .as_deref()
                .and_then(|folder| login_folder(folder, context)),
        },
        Credential::Aws { .. } | Credential::Unknown { .. } => {
            return Err(Error::new(
                Kind::Config,
                format!("{id} is of a kind that cannot be handed to a program"),
            )
            .hint("Name another one with --profile."));
        }
    };
    Ok(Chosen {
        grant,
        from_environment: false,
    })
}

/// The folder of a login; `None` is the usual one, which must not be named: Claude Code takes a
/// named folder for another one, even when it is the same.
fn login_folder(folder: &str, context: &Context<'_>) -> Option<String> {
    if folder.trim_end_matches('/') == "~/.claude" {
        return None;
    }
    let Some(below) = folder.strip_prefix("~/") else {
        return Some(folder.to_owned());
    };
    let home = context.system.environment.home()?;
    Some(home.join(below).display().to_string())
}

fn read(id: &ProfileId, source: &SecretSource, context: &Context<'_>) -> Result<Secret> {
    let missing = |what: String, hint: &str| Err(Error::new(Kind::NotFound, what).hint(hint));
    match source {
        SecretSource::Stored(secret) if !secret.is_empty() => Ok(secret.clone()),
        SecretSource::Reference(reference) if reference.source == "env" => {
            match context.system.environment.get(&reference.id) {
                Some(value) => Ok(Secret::new(value)),
                None => missing(
                    format!(
                        "{id} refers to a variable that is not set: {}",
                        reference.id
                    ),
                    "Set it, or store the value: keywright onboard --replace",
                ),
            }
        }
        SecretSource::Reference(reference) => missing(
            format!(
                "{id} refers to a source that cannot be read: {}",
                reference.source
            ),
            "Store the value: keywright onboard --replace",
        ),
        _ => missing(
            format!("{id} holds no secret"),
            "Store one: keywright onboard --replace",
        ),
    }
}

fn of_environment(context: &Context<'_>) -> Result<Chosen> {
    let environment = &context.system.environment;
    let names = [variables::LIVE_ANTHROPIC_KEY, variables::ANTHROPIC_API_KEY];
    let key = names.iter().find_map(|name| environment.get(name));
    let key = key.ok_or_else(|| {
        Error::new(Kind::NotFound, "there is no Claude credential to use")
            .hint("Set one up: keywright onboard")
    })?;
    Ok(Chosen {
        grant: Grant::ApiKey {
            key: Secret::new(key),
            base_url: None,
        },
        from_environment: true,
    })
}
