//! `account add-api-key`: looks at the form of a key, tries it where that was asked for, saves it.

use serde::Serialize;

use super::{Place, bedrock, provider};
use crate::cli::account::{AddApiKey, ApiKey};
use crate::command::ask::{self, Wanted};
use crate::command::form::Form;
use crate::command::verify::base_url;
use crate::command::{Context, saved};
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::provider::anthropic::endpoint::Endpoint;
use crate::provider::{bedrock as aws, registry};
use crate::secret::Secret;
use crate::status::accounts::provider_name;
use crate::store::save::{Outcome, Replace};
use crate::store::{Credential, Name, Profile, ProfileId, SecretSource};
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
    let mut profile = Profile::new(provider.as_str(), made.credential.clone());
    profile.base_url.clone_from(&made.base_url);
    let new = saved::New {
        home: &place.home,
        agent: &place.agent,
        id: &id,
        profile,
        verify: arguments.verify,
        noun: Some(made.noun),
        replace: if arguments.replace {
            Replace::Allow
        } else {
            Replace::Refuse
        },
        env_files: &[],
    };
    let done = saved::save(&new, context)?;
    report(&name, &new, &made, &done, context)
}

/// A key that is one text.
fn key(
    arguments: &AddApiKey,
    (name, provider): (&Name, &str),
    context: &Context<'_>,
) -> Result<Made> {
    refuse_aws(arguments)?;
    let base_url = base_url(arguments.base_url.as_deref())?;
    let title = provider_name(provider);
    let wanted = Wanted {
        flag: ApiKey::FLAG,
        question: &format!("{title} API key for the account {name}"),
        help: None,
        missing: "an API key is needed",
        pasted: false,
    };
    let key = ask::secret(context, &wanted, arguments.api_key.way().as_ref())?;
    check(&key, provider, base_url.as_ref(), (name, context))?;
    Ok(Made {
        masked: key.mask(),
        credential: Credential::ApiKey {
            key: SecretSource::Stored(key),
        },
        base_url: base_url.map(|url| url.to_string()),
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
    base_url: Option<&Endpoint>,
    (name, context): (&Name, &Context<'_>),
) -> Result<()> {
    let form = Form::of_key(key, registry::find(provider), base_url);
    form.judge(context).map_err(|error| {
        if !form.is_token {
            return error;
        }
        let line =
            format!("models auth paste-token --provider anthropic --profile-id anthropic:{name}");
        error.hint(format!(
            "It works with Claude Code only. Save it as what it is with: {}",
            context.command_line(&line)
        ))
    })
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

fn report(
    name: &Name,
    new: &saved::New<'_>,
    made: &Made,
    done: &saved::Done,
    context: &Context<'_>,
) -> Result<Exit> {
    let (ui, id, saved) = (context.ui, new.id, &done.saved);
    let verification = Verification::of(done.verdict.as_ref());
    if ui.json {
        ui.document(&Document {
            schema_version: 1,
            agent: new.agent.as_str(),
            account: name.as_str(),
            outcome: saved.outcome.id(),
            profile: id.as_str(),
            masked: &made.masked,
            path: new.home.store(new.agent).display().to_string(),
            verification: &verification,
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
    match verification.status {
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
