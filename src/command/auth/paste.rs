//! `models auth paste-token` and `paste-api-key`: a secret from the keyboard, a pipe, a file, a
//! variable or a descriptor, its form checked, saved.

use std::path::PathBuf;

use super::risk;
use super::target::Target;
use crate::cli::auth::{KeyInput, Lasting, PasteApiKey, PasteToken, TokenInput};
use crate::command::ask::{self, Wanted};
use crate::command::form::Form;
use crate::command::sandbox::hand_out;
use crate::command::{Context, saved, verify};
use crate::duration;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::provider::anthropic::{self, token};
use crate::provider::bedrock;
use crate::provider::registry;
use crate::secret::Secret;
use crate::store::{Credential, Profile, SecretSource};
use crate::wizard::answers::Way;

/// Seconds of the year that a setup token lasts.
const YEAR: i64 = 365 * 86_400;
/// Seconds of ten years; no token lasts longer.
const TEN_YEARS: i64 = 10 * 366 * 86_400;

/// Saves a token.
///
/// # Errors
/// As [`super::run`].
pub fn token(arguments: &PasteToken, context: &Context<'_>) -> Result<Exit> {
    let target = Target::of(&arguments.place, "manual", context)?;
    let lifetime = lifetime(&arguments.lasting)?;
    if target.id.provider() != anthropic::PROVIDER.id {
        return other_token(arguments, &target, context);
    }
    risk::accept(&arguments.lasting, context)?;
    let secret = read_token(arguments.input.way(), context)?;
    save_token(&target, secret, lifetime, arguments.place.verify, context)
}

/// A subscription is Anthropic's alone: what another provider calls a token is its key.
fn other_token(arguments: &PasteToken, target: &Target, context: &Context<'_>) -> Result<Exit> {
    if arguments.lasting.expires_in.is_some() {
        return Err(
            Error::usage("only a subscription token has an end").hint("leave --expires-in out.")
        );
    }
    refuse_bedrock(target)?;
    let provider = registry::find(target.id.provider());
    let looks = |secret: &Secret| Form::of_key(secret, provider, None);
    let asked = (TokenInput::FLAG, "Token");
    let secret = read(asked, arguments.input.way(), looks, context)?;
    let profile = Profile::new(target.id.provider(), api_key_of(secret));
    save(target, profile, arguments.place.verify, &[], context)
}

/// Saves an API key.
///
/// # Errors
/// As [`super::run`].
pub fn api_key(arguments: &PasteApiKey, context: &Context<'_>) -> Result<Exit> {
    let target = Target::of(&arguments.place, "default", context)?;
    refuse_bedrock(&target)?;
    let provider = registry::find(target.id.provider());
    let base_url = verify::base_url(arguments.base_url.as_deref())?;
    let files = saved::env_files(&arguments.write_env, provider, context)?;
    let looks = |secret: &Secret| Form::of_key(secret, provider, base_url.as_ref());
    let asked = (KeyInput::FLAG, "API key");
    let secret = read(asked, arguments.input.way(), looks, context)?;
    let mut profile = Profile::new(target.id.provider(), api_key_of(secret));
    profile.base_url = base_url.map(|url| url.to_string());
    save(&target, profile, arguments.place.verify, &files, context)
}

const fn api_key_of(secret: Secret) -> Credential {
    let key = SecretSource::Stored(secret);
    Credential::ApiKey { key }
}

/// Reads a subscription token, as [`read`].
///
/// # Errors
/// As [`read`].
pub fn read_token(way: Option<Way>, context: &Context<'_>) -> Result<Secret> {
    let looks = |secret: &Secret| token_form(secret, context);
    read((TokenInput::FLAG, "Setup token"), way, looks, context)
}

/// Tries a token where that was asked for, and saves it.
///
/// # Errors
/// `Rejected` or `Unreachable` from the trial; those of saving.
pub fn save_token(
    target: &Target,
    secret: Secret,
    lifetime: Lifetime,
    verify: bool,
    context: &Context<'_>,
) -> Result<Exit> {
    let now = context.system.clock.now().as_millisecond();
    let credential = Credential::Token {
        token: SecretSource::Stored(secret),
        expires: Some(now.saturating_add(lifetime.seconds.saturating_mul(1000))),
        expires_assumed: lifetime.assumed,
    };
    let profile = Profile::new(target.id.provider(), credential);
    save(target, profile, verify, &[], context)
}

fn save(
    target: &Target,
    profile: Profile,
    verify: bool,
    env_files: &[PathBuf],
    context: &Context<'_>,
) -> Result<Exit> {
    let new = saved::New {
        home: &target.home,
        agent: &target.agent,
        id: &target.id,
        profile,
        verify,
        noun: None,
        replace: target.replace,
        env_files,
    };
    saved::put(&new, context)
}

/// Access to Bedrock is more than one secret.
fn refuse_bedrock(target: &Target) -> Result<()> {
    if target.id.provider() == bedrock::ID {
        return Err(Error::usage(
            "access to Bedrock is more than a key: it has a region and a method",
        )
        .hint("`keywright onboard --flow bedrock` sets it up."));
    }
    Ok(())
}

/// How long a token is valid from now on.
#[derive(Clone, Copy)]
pub struct Lifetime {
    pub seconds: i64,
    /// Nobody said so.
    pub assumed: bool,
}

/// Reads `--expires-in`; a year is assumed.
///
/// # Errors
/// `Usage`.
pub fn lifetime(lasting: &Lasting) -> Result<Lifetime> {
    let Some(text) = &lasting.expires_in else {
        return Ok(Lifetime {
            seconds: YEAR,
            assumed: true,
        });
    };
    let wrong = |why: &str| {
        Err(Error::usage(format!("--expires-in: {why}"))
            .hint("such as `--expires-in 365d` for a token made today."))
    };
    match duration::parse(text).map(|duration| duration.as_secs()) {
        Ok(seconds) if seconds > TEN_YEARS => wrong("no token lasts that long"),
        Ok(seconds) if seconds > 0 => Ok(Lifetime {
            seconds,
            assumed: false,
        }),
        Ok(_) => wrong("a duration is longer than nothing"),
        Err(why) => wrong(&why),
    }
}

/// Reads the secret: as the flags say, from a pipe, or from the keyboard, where a wrong one is
/// asked for again.
///
/// # Errors
/// `MissingAnswers` where there is none and nobody can be asked; `MalformedCredential`; those of
/// reading it.
fn read(
    (flag, question): (&str, &str),
    way: Option<Way>,
    looks: impl Fn(&Secret) -> Form,
    context: &Context<'_>,
) -> Result<Secret> {
    let piped = !context.system.terminal.stdin;
    let way = way.or_else(|| piped.then_some(Way::Stdin));
    let asks = way.is_none() && ask::is_attended(context);
    if asks && context.system.sandbox {
        let is_token = flag == TokenInput::FLAG;
        hand_out(context, if is_token { "setup-token" } else { "api-key" });
    }
    let wanted = Wanted {
        flag,
        question,
        help: Some("It is not shown while you paste it; lines that a terminal broke are joined."),
        missing: "no secret was given",
        pasted: true,
    };
    loop {
        let secret = ask::secret(context, &wanted, way.as_ref())?;
        let form = looks(&secret);
        match form.judge(context) {
            Err(_) if asks => form.warn(context),
            judged => return judged.map(|()| secret),
        }
    }
}

/// The form of a subscription token.
fn token_form(secret: &Secret, context: &Context<'_>) -> Form {
    let shape = token::check(secret, context.ui.width);
    Form::new(shape.severity(), "token", &shape.what(), &shape.advice())
}
