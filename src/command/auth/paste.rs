//! `models auth paste-token` and `paste-api-key`: a secret from the keyboard, a pipe, a file, a
//! variable or a descriptor, its form checked, saved.

use std::path::PathBuf;

use super::target::Target;
use super::{risk, verify};
use crate::cli::auth::{Lasting, PasteApiKey, PasteToken, Ways};
use crate::command::sandbox::hand_out;
use crate::command::saved::{self, Report};
use crate::command::{Context, ask};
use crate::duration;
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::provider::anthropic::endpoint::Endpoint;
use crate::provider::anthropic::shape::Severity;
use crate::provider::anthropic::{self, shape, token};
use crate::provider::registry::{self, Provider};
use crate::provider::{bedrock, paste};
use crate::sandbox;
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
    let ways = arguments.input.ways();
    let secret = read(&ways, "Setup token", &looks_like_token(context), context)?;
    save_token(&target, &secret, lifetime, arguments.place.verify, context)
}

/// A subscription is Anthropic's alone: what another provider calls a token is its key.
fn other_token(arguments: &PasteToken, target: &Target, context: &Context<'_>) -> Result<Exit> {
    if arguments.lasting.expires_in.is_some() {
        return Err(
            Error::usage("only a subscription token has an end").hint("leave --expires-in out.")
        );
    }
    refuse_bedrock(target)?;
    let ways = arguments.input.ways();
    let provider = registry::find(target.id.provider());
    let secret = read(&ways, "Token", &looks_like_key(provider, None), context)?;
    save_key(target, &secret, arguments.place.verify, &[], None, context)
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
    let ways = arguments.input.ways();
    let files = saved::env_files(&arguments.write_env, provider, context)?;
    let looks = looks_like_key(provider, base_url.as_ref());
    let secret = read(&ways, "API key", &looks, context)?;
    let verify = arguments.place.verify;
    save_key(&target, &secret, verify, &files, base_url, context)
}

/// Tries a token where that was asked for, and saves it.
///
/// # Errors
/// `Rejected` or `Unreachable` from the trial; those of saving.
pub fn save_token(
    target: &Target,
    secret: &Secret,
    lifetime: Lifetime,
    verify: bool,
    context: &Context<'_>,
) -> Result<Exit> {
    sandbox::admit(context.system, secret)?;
    let verdict = verify.then(|| verify::token(secret, context)).transpose()?;
    let now = context.system.clock.now().as_millisecond();
    let credential = Credential::Token {
        token: SecretSource::Stored(secret.clone()),
        expires: Some(now.saturating_add(lifetime.seconds.saturating_mul(1000))),
        expires_assumed: lifetime.assumed,
    };
    let mut profile = Profile::new(target.id.provider(), credential);
    profile.verified_at = verdict.as_ref().map(|_| now);
    let report = Report {
        home: &target.home,
        agent: &target.agent,
        verdict: verdict.as_ref(),
        env_files: &[],
    };
    saved::put(&report, &target.id, profile, target.replace, context)
}

fn save_key(
    target: &Target,
    secret: &Secret,
    verify: bool,
    env_files: &[PathBuf],
    base_url: Option<Endpoint>,
    context: &Context<'_>,
) -> Result<Exit> {
    sandbox::admit(context.system, secret)?;
    let provider = registry::find(target.id.provider());
    let verdict = if verify {
        Some(verify::key(provider, secret, base_url.as_ref(), context)?)
    } else {
        None
    };
    let key = SecretSource::Stored(secret.clone());
    let mut profile = Profile::new(target.id.provider(), Credential::ApiKey { key });
    profile.base_url = base_url.map(|url| url.to_string());
    let now = context.system.clock.now().as_millisecond();
    profile.verified_at = verdict.as_ref().map(|_| now);
    let report = Report {
        home: &target.home,
        agent: &target.agent,
        verdict: verdict.as_ref(),
        env_files,
    };
    saved::put(&report, &target.id, profile, target.replace, context)
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

/// Why a secret cannot be saved, or what is odd about it.
pub type Looks<'a> = dyn Fn(&Secret) -> Form + 'a;

/// What a secret looks like; never with a part of it.
pub struct Form {
    severity: Severity,
    words: String,
    refusal: Option<Error>,
}

/// The form of a subscription token.
pub fn looks_like_token(context: &Context<'_>) -> impl Fn(&Secret) -> Form + use<> {
    let columns = context.ui.width;
    move |secret| {
        let shape = token::check(secret, columns);
        Form {
            severity: shape.severity(),
            words: format!("this is {}. {}", shape.what(), shape.advice()),
            refusal: shape.refusal(),
        }
    }
}

/// A gateway has its own rules for its keys.
fn looks_like_key(
    provider: Option<&'static Provider>,
    base_url: Option<&Endpoint>,
) -> impl Fn(&Secret) -> Form + use<> {
    let own = base_url.is_none_or(Endpoint::is_own);
    move |secret| {
        let shape = match provider {
            Some(provider) if own => (provider.check)(secret),
            _ => shape::check_gateway_key(secret),
        };
        Form {
            severity: shape.severity(),
            words: format!("this is {}. {}", shape.what(), shape.advice()),
            refusal: shape.refusal(),
        }
    }
}

/// Reads the secret: as the flags say, from a pipe, or from the keyboard, where a wrong one is
/// asked for again.
///
/// # Errors
/// `MissingAnswers` where there is none and nobody can be asked; `MalformedCredential`; those of
/// reading it.
pub fn read(
    ways: &Ways<'_>,
    question: &str,
    looks: &Looks<'_>,
    context: &Context<'_>,
) -> Result<Secret> {
    if let Some(way) = way(ways, context) {
        let secret = clean(&way.read_secret(context.system)?, context);
        let form = looks(&secret);
        if form.severity == Severity::Warn {
            context.ui.warn(&form.words);
        }
        return match form.refusal {
            Some(refusal) => Err(refusal),
            None => Ok(secret),
        };
    }
    if !ask::is_attended(context) {
        let flag = ways.flag;
        let message = "no secret was given, and there is no terminal to ask on";
        return Err(Error::new(Kind::MissingAnswers, message).hint(format!(
            "Pipe it in, or give --{flag}-file PATH, --{flag}-env NAME or --{flag}-fd N."
        )));
    }
    if context.system.sandbox {
        let is_token = ways.flag == "token";
        hand_out(context, if is_token { "setup-token" } else { "api-key" });
    }
    loop {
        let help = "It is not shown while you paste it; lines that a terminal broke are joined.";
        let secret = clean(&ask::typed(context, question, Some(help))?, context);
        let form = looks(&secret);
        if form.refusal.is_none() {
            if form.severity == Severity::Warn {
                context.ui.warn(&form.words);
            }
            return Ok(secret);
        }
        context.ui.warn(&form.words);
    }
}

/// The way that a flag names, else the pipe that standard input is.
fn way(ways: &Ways<'_>, context: &Context<'_>) -> Option<Way> {
    let flag = ways.flag;
    if let Some(value) = ways.value {
        if *value == Secret::new("-") {
            return Some(Way::Stdin);
        }
        ask::warn_exposed(context, &format!("--{flag}"));
        return Some(Way::Value(value.clone()));
    }
    let file = ways.file.map(|path| Way::File(path.clone()));
    let variable = ways.variable.map(|name| Way::Environment(name.to_owned()));
    let piped = ways.stdin || !context.system.terminal.stdin;
    file.or(variable)
        .or_else(|| ways.descriptor.map(Way::Descriptor))
        .or_else(|| piped.then_some(Way::Stdin))
}

/// Takes off what does not belong to a secret, and says so.
fn clean(secret: &Secret, context: &Context<'_>) -> Secret {
    let pasted = paste::clean(secret);
    if !pasted.notes.is_empty() {
        let words: Vec<String> = pasted.notes.iter().map(paste::Note::words).collect();
        context
            .ui
            .say(&format!("Cleaned what was pasted: {}.", words.join(", ")));
    }
    pasted.secret
}
