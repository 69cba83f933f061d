//! The two forms of a Bedrock credential, told apart by shape: a model id with the two keys of AWS,
//! as cuti's documents have it, or a Bedrock API key alone.

use super::add::Made;
use crate::cli::account::{AddApiKey, ApiKey, SecretKey};
use crate::command::Context;
use crate::command::ask::{self, Wanted};
use crate::command::form::Form;
use crate::error::{Error, Kind, Missing, Result};
use crate::provider::anthropic::shape::Severity;
use crate::provider::bedrock::Region;
use crate::provider::bedrock::shape;
use crate::provider::paste;
use crate::secret::Secret;
use crate::status::accounts;
use crate::store::{AwsAccess, Credential, Method, Name, SecretSource};
use crate::wizard::answers::Way;
use crate::wizard::catalog;

/// Where a Bedrock API key is used when no region is named, as in cuti.
const REGION: &str = "us-east-1";

/// Puts the credential together from what was given.
///
/// # Errors
/// `MissingAnswers` that names everything that is missing; `Usage` for two forms at once;
/// `MalformedCredential` for what cannot be what it is given as.
pub fn made(arguments: &AddApiKey, name: &Name, context: &Context<'_>) -> Result<Made> {
    if arguments.base_url.is_some() {
        return Err(Error::usage("--base-url: not for --provider bedrock")
            .hint("The region says where it is."));
    }
    let keys = arguments.access_keys
        || arguments.access_key.is_some()
        || arguments.secret_key.way().is_some();
    let way = arguments.api_key.way();
    if arguments.bearer || (!keys && way.is_none()) {
        let key = api_key(way.as_ref(), name, context)?;
        return bearer(key, arguments, context);
    }
    let Some(way) = way else {
        return access_keys(arguments, None, name, context);
    };
    // It may be no secret: in cuti's first form it is the id of a model.
    let text = way.read_secret(context.system)?;
    let key = paste::clean(&text).secret;
    let shape = shape::bedrock_key(&key);
    if shape == shape::Form::NotABedrockKey {
        return access_keys(arguments, Some(&text), name, context);
    }
    if keys && shape.severity() != Severity::Refuse {
        return Err(
            Error::usage("a Bedrock API key and an access key are two ways to sign in")
                .hint("Give --api-key alone, or --access-key and --secret-key without it."),
        );
    }
    if matches!(way, Way::Value(_)) {
        ask::warn_exposed(context, ApiKey::FLAG);
    }
    bearer(key, arguments, context)
}

fn api_key(way: Option<&Way>, name: &Name, context: &Context<'_>) -> Result<Secret> {
    let wanted = Wanted {
        flag: ApiKey::FLAG,
        question: &format!("Bedrock API key for the account {name}"),
        help: None,
        missing: "a Bedrock API key is needed",
        pasted: false,
    };
    ask::secret(context, &wanted, way)
}

fn bearer(key: Secret, arguments: &AddApiKey, context: &Context<'_>) -> Result<Made> {
    form(shape::bedrock_key(&key), "key").judge(context)?;
    let mut access = AwsAccess::new(Method::Bearer);
    if arguments.region.is_none() {
        context.ui.say(&format!(
            "No region was given: {REGION} is used. Name another with --region."
        ));
    }
    access.region = Some(region(arguments.region.as_deref().unwrap_or(REGION))?);
    access.model = model(arguments, None)?;
    let masked = key.mask();
    access.bearer_token = SecretSource::Stored(key);
    Ok(Made {
        credential: Credential::Aws(Box::new(access)),
        base_url: None,
        noun: "Bedrock API key",
        masked,
    })
}

fn access_keys(
    arguments: &AddApiKey,
    model_id: Option<&Secret>,
    name: &Name,
    context: &Context<'_>,
) -> Result<Made> {
    let way = arguments.secret_key.way();
    let (Some(region_name), Some(id)) = (&arguments.region, &arguments.access_key) else {
        return Err(missing(arguments, way.is_none()));
    };
    if way.is_none() && !ask::is_attended(context) {
        return Err(missing(arguments, true));
    }
    let mut access = AwsAccess::new(Method::AccessKeys);
    access.region = Some(region(region_name)?);
    access.model = model(arguments, model_id)?;
    match shape::access_key_id(id) {
        shape::Form::Temporary => {
            let line = format!("onboard --flow bedrock --profile-id bedrock:{name}");
            return Err(
                Error::usage("a temporary access key works only with its session token")
                    .hint(format!("Give both in: {}", context.command_line(&line))),
            );
        }
        other => form(other, "access key id").judge(context)?,
    }
    let wanted = Wanted {
        flag: SecretKey::FLAG,
        question: &format!("Secret access key for the account {name}"),
        help: None,
        missing: "a secret access key is needed",
        pasted: false,
    };
    let secret = ask::secret(context, &wanted, way.as_ref())?;
    form(shape::secret_key(&secret), "secret access key").judge(context)?;
    let masked = accounts::masked_id(id);
    access.access_key_id = Some(id.clone());
    access.secret_access_key = SecretSource::Stored(secret);
    Ok(Made {
        credential: Credential::Aws(Box::new(access)),
        base_url: None,
        noun: "AWS access key",
        masked,
    })
}

/// Everything that an access key needs and that was not given.
fn missing(arguments: &AddApiKey, secret: bool) -> Error {
    let parts = [
        (
            "region",
            "--region",
            "an AWS region such as us-east-1",
            arguments.region.is_none(),
        ),
        (
            "accessKeyId",
            "--access-key",
            "an id that begins with AKIA",
            arguments.access_key.is_none(),
        ),
        (
            "secretAccessKey",
            "--secret-key",
            "the secret of the access key, better with --secret-key-stdin or --secret-key-file",
            secret,
        ),
    ];
    let parts = parts.into_iter().filter(|(_, _, _, missing)| *missing);
    let missing: Vec<Missing> = parts
        .map(|(variable, flag, accepts, _)| Missing {
            variable: variable.to_owned(),
            because: "an AWS access key is its id, its secret and a region".to_owned(),
            flag: flag.to_owned(),
            env: None,
            answers_key: String::new(),
            accepts: accepts.to_owned(),
        })
        .collect();
    let flags: Vec<&str> = missing.iter().map(|one| one.flag.as_str()).collect();
    let flags = match flags.as_slice() {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        flags => flags.join(""),
    };
    Error::new(Kind::MissingAnswers, format!("Bedrock requires {flags}"))
        .hint("A Bedrock API key needs none of them: it begins with ABSK.")
        .missing(missing)
}

/// cuti has the model in the place of the key.
fn model(arguments: &AddApiKey, in_place_of_key: Option<&Secret>) -> Result<Option<String>> {
    let given = in_place_of_key.map(|text| text.inspect(|text| text.trim().to_owned()));
    let Some(text) = arguments.model.clone().or(given) else {
        return Ok(None);
    };
    let secret = catalog::validator("model-id").is_some_and(|form| form.hides(&text));
    let form = catalog::validator("model-id").map(|form| (form.check)(&text));
    match form {
        _ if secret => Err(Error::usage(
            "a secret stands where the id of a model belongs",
        )),
        Some(Err(problem)) => Err(Error::usage(problem)),
        _ => Ok(Some(text)),
    }
}

fn region(text: &str) -> Result<String> {
    Region::parse(text)
        .map(|region| region.to_string())
        .map_err(|problem| Error::usage(problem).hint("Such as --region us-east-1."))
}

fn form(form: shape::Form, noun: &'static str) -> Form {
    Form::new(form.severity(), noun, form.what(), form.advice())
}
