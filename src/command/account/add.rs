//! `account add-api-key`: looks at the form of a key, tries it where that was asked for, saves it.

use serde::Serialize;

use super::verify;
use super::{Place, bedrock, provider};
use crate::cli::account::AddApiKey;
use crate::command::ask::{self, Wanted};
use crate::command::auth::verify::base_url;
use crate::command::{Context, saved};
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::provider::anthropic::shape::{Severity, check_gateway_key};
use crate::provider::{Outcome as Works, bedrock as aws, registry};
use crate::sandbox;
use crate::secret::Secret;
use crate::status::accounts::provider_name;
use crate::store::save::{self, Outcome, Replace, Saved};
use crate::store::{Credential, Name, Profile, ProfileId, SecretSource};
use crate::ui::escape;
use crate::ui::receipt::Verification;

/// What is to be saved, and how it is called.
pub struct Made {
    pub credential: Credential,
    pub base_url: Option<String>,
    /// `API key`, `Bedrock API key`, `access key`.
    pub noun: &'static str,
    pub masked: String,
}

/// Saves a key of an account.
///
/// # Errors
/// `MalformedCredential` for what cannot be such a key, `Usage` or `MissingAnswers` for what is
/// missing, `Rejected` and `Unreachable` for what `--verify` came to, `Conflict` where another key
/// is; nothing is saved then.
pub fn run(arguments: &AddApiKey, context: &Context<'_>) -> Result<Exit> {
    let name = Name::parse(&arguments.account)?;
    let place = Place::read(context)?;
    let provider = provider(&arguments.provider, &place.sources)?;
    let id = ProfileId::parse(&format!("{provider}:{name}"))?;
    let made = if provider == aws::ID {
        bedrock::made(arguments, &name, context)?
    } else {
        key(arguments, (&name, &provider), context)?
    };
    let tried = if arguments.verify {
        Some(verify::run(&made, &provider, context)?)
    } else {
        None
    };
    let mut profile = Profile::new(provider.as_str(), made.credential.clone());
    profile.base_url.clone_from(&made.base_url);
    let works = tried
        .as_ref()
        .is_some_and(|tried| tried.outcome() == Works::Works);
    let now = context.system.clock.now().as_millisecond();
    profile.verified_at = works.then_some(now);
    let replace = if arguments.replace {
        Replace::Allow
    } else {
        Replace::Refuse
    };
    let (home, agent) = (&place.home, &place.agent);
    let about = saved::Report {
        home,
        agent,
        verdict: tried.as_ref(),
        env_files: &[],
    };
    let replace = saved::consent(&about, &id, &profile, replace, context)?;
    let saved = save::put(context.system, home, agent, id.clone(), profile, replace)?;
    let verification = Verification::of(tried.as_ref());
    report(&Report {
        context,
        agent,
        name: &name,
        id: &id,
        made: &made,
        saved,
        verification,
    })
}

/// A key that is one text.
fn key(
    arguments: &AddApiKey,
    (name, provider): (&Name, &str),
    context: &Context<'_>,
) -> Result<Made> {
    refuse_aws(arguments)?;
    let base_url = base_url(arguments.base_url.as_deref())?.map(|url| url.to_string());
    let title = provider_name(provider);
    let wanted = Wanted {
        flag: "--api-key",
        question: &format!("{title} API key for the account {name}"),
        accepts: "an API key",
    };
    let key = ask::secret(context, &wanted, arguments.api_key.way().as_ref())?;
    check(&key, provider, base_url.as_deref(), (name, context))?;
    sandbox::admit(context.system, &key)?;
    Ok(Made {
        masked: key.mask(),
        credential: Credential::ApiKey {
            key: SecretSource::Stored(key),
        },
        base_url,
        noun: "API key",
    })
}

/// What belongs to AWS alone is a mistake beside another provider.
fn refuse_aws(arguments: &AddApiKey) -> Result<()> {
    let given = [
        ("--region", arguments.region.is_some()),
        ("--access-key", arguments.access_key.is_some()),
        ("--secret-key", arguments.secret_key.way().is_some()),
        ("--model", arguments.model.is_some()),
        ("--bearer", arguments.bearer),
        ("--access-keys", arguments.access_keys),
    ];
    let flags: Vec<&str> = given
        .iter()
        .filter(|(_, is)| *is)
        .map(|(flag, _)| *flag)
        .collect();
    if flags.is_empty() {
        return Ok(());
    }
    let flags = flags.join(", ");
    Err(
        Error::usage(format!("{flags}: only for --provider bedrock"))
            .hint("Add --provider bedrock, or leave it out."),
    )
}

/// Refuses what cannot be such a key, and warns of what looks odd.
fn check(
    key: &Secret,
    provider: &str,
    base_url: Option<&str>,
    (name, context): (&Name, &Context<'_>),
) -> Result<()> {
    let own = base_url.is_none();
    let shape = match registry::find(provider) {
        Some(known) if own => (known.check)(key),
        _ => check_gateway_key(key),
    };
    match shape.severity() {
        Severity::Fine => Ok(()),
        Severity::Warn => {
            let words = format!("this is {}. {}", shape.what(), shape.advice());
            context.ui.warn(&escape::line(&words));
            Ok(())
        }
        Severity::Refuse => {
            let message = format!("the key cannot be used: it is {}", shape.what());
            let error = Error::new(Kind::MalformedCredential, message);
            if shape.id() != "setup-token" {
                return Err(error.hint(shape.advice()));
            }
            let line = format!(
                "models auth paste-token --provider anthropic --profile-id anthropic:{name}"
            );
            Err(error.hint(format!(
                "It works with Claude Code only. Save it as what it is with: {}",
                context.command_line(&line)
            )))
        }
    }
}

struct Report<'a> {
    context: &'a Context<'a>,
    agent: &'a Name,
    name: &'a Name,
    id: &'a ProfileId,
    made: &'a Made,
    saved: Saved,
    verification: Verification,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    schema_version: u32,
    agent: &'a str,
    account: &'a str,
    /// `added`, `same` or `replaced`.
    outcome: &'static str,
    profile: &'a str,
    masked: &'a str,
    /// The store file.
    path: String,
    verification: &'a Verification,
    /// For `keywright undo`; `null` when nothing had to be changed.
    transaction: Option<&'a str>,
}

fn report(report: &Report<'_>) -> Result<Exit> {
    let Report {
        context,
        name,
        id,
        made,
        saved,
        ..
    } = report;
    let ui = context.ui;
    if ui.json {
        ui.document(&Document {
            schema_version: 1,
            agent: report.agent.as_str(),
            account: name.as_str(),
            outcome: saved.outcome.id(),
            profile: id.as_str(),
            masked: &made.masked,
            path: context.home()?.store(report.agent).display().to_string(),
            verification: &report.verification,
            transaction: saved.receipt.transaction.as_deref(),
        })?;
        return Ok(Exit::Done);
    }
    let provider = id.provider();
    let title = if provider == aws::ID {
        ""
    } else {
        provider_name(provider)
    };
    let what = format!("{title} {} {}", made.noun, made.masked);
    let what = what.trim_start();
    ui.data(&match saved.outcome {
        Outcome::Added => format!("Added {what} to account: {name}\n"),
        Outcome::Same => format!("Account {name} has {what} already: nothing to do.\n"),
        Outcome::Replaced => format!("Replaced the {} of account {name}: now {what}\n", made.noun),
    })?;
    match report.verification.status {
        "works" => ui.say("Verified: it works."),
        "limited" => ui.say("Verified: it is accepted, and limited now."),
        _ => {
            let line = format!("models status --probe --probe-profile {id}");
            let line = context.command_line(&line);
            ui.say(&format!("Not verified. Try it with: {line}"));
        }
    }
    let line = context.command_line(&format!("account use {name}"));
    ui.say(&format!("Use it with: {line}"));
    Ok(Exit::Done)
}
