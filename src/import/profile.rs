//! A foreign credential as one of our profiles, or why it cannot be one.

use jiff::Timestamp;

use super::naming;
use crate::consumer::claude_code::places::DEFAULT_FOLDER;
use crate::consumer::kept::{Kept, Value, What};
use crate::provider::anthropic::endpoint::Endpoint;
use crate::provider::anthropic::shape::{Severity, check_gateway_key};
use crate::provider::anthropic::token;
use crate::provider::bedrock::shape::{self, Form};
use crate::provider::registry;
use crate::secret::Secret;
use crate::store::profile::CLAUDE_CLI;
use crate::store::{AwsAccess, Credential, Method, Profile, SecretRef, SecretSource};

/// Why it is left out, and what to do.
pub struct Refused {
    /// A lowercase fragment that fits after "left out: ".
    pub why: String,
    pub advice: String,
}

/// The profile, with what is worth knowing of it added to `kept`'s remarks.
///
/// # Errors
/// Why the credential cannot be one.
pub fn of(kept: &mut Kept, now: Timestamp) -> Result<Profile, Refused> {
    let provider = naming::allowed(&kept.provider);
    let base_url = base_url(&provider, kept)?;
    let credential = match kept.what.clone() {
        What::ApiKey(Value::Plain(key)) if key.public_prefix() == token::PREFIX => {
            kept.remarks.push(
                "It is a subscription token in the place of a key, and is taken as what it is."
                    .to_owned(),
            );
            subscription(Value::Plain(key), None, kept, now)?
        }
        What::ApiKey(value) => {
            if let Value::Plain(key) = &value {
                check_key(&provider, key, base_url.is_some(), kept)?;
            }
            Credential::ApiKey { key: source(value) }
        }
        What::Token { value, expires } => subscription(value, expires, kept, now)?,
        What::Login { config_dir } => Credential::Login {
            source: Some(CLAUDE_CLI.to_owned()),
            config_dir: Some(config_dir.map_or_else(
                || format!("~/{DEFAULT_FOLDER}"),
                |folder| folder.display().to_string(),
            )),
        },
        What::AwsKeys {
            id,
            secret,
            session,
            region,
            model,
        } => {
            let mut access = access_key(id, secret, kept)?;
            access.session_token = session;
            (access.region, access.model) = (region, model);
            aws(access, kept)
        }
        What::AwsBearer { value, region } => {
            if let Value::Plain(key) = &value {
                check_part(shape::bedrock_key(key), kept)?;
            }
            let mut access = AwsAccess::new(Method::Bearer);
            access.bearer_token = source(value);
            access.region = region;
            aws(access, kept)
        }
        What::AwsProfile { name, region } => {
            let mut access = AwsAccess::new(Method::Profile);
            (access.profile, access.region) = (Some(name), region);
            aws(access, kept)
        }
    };
    let mut profile = Profile::new(provider, credential);
    profile.base_url = base_url;
    profile.created_at = kept.created;
    if let Some(email) = &kept.email {
        profile
            .extra
            .insert("email".to_owned(), email.as_str().into());
    }
    Ok(profile)
}

/// The host of a key, where it is not the provider's own.
fn base_url(provider: &str, kept: &Kept) -> Result<Option<String>, Refused> {
    let Some(url) = kept.base_url.as_deref() else {
        return Ok(None);
    };
    let refused = || Refused {
        why: "the address that it is used with (baseUrl) is none".to_owned(),
        advice: "Correct it there, or take the key again with `keywright onboard`.".to_owned(),
    };
    let endpoint = Endpoint::parse(url).map_err(|_| refused())?;
    let own = registry::find(provider).map(|provider| provider.default_base_url);
    let own = own.and_then(|url| Endpoint::parse(url).ok());
    let is_own = own.is_some_and(|own| own.same_host(&endpoint));
    Ok((!is_own).then(|| endpoint.to_string()))
}

fn check_key(
    provider: &str,
    key: &Secret,
    elsewhere: bool,
    kept: &mut Kept,
) -> Result<(), Refused> {
    let known = registry::find(provider).filter(|_| !elsewhere);
    let shape = known.map_or_else(|| check_gateway_key(key), |provider| (provider.check)(key));
    match shape.severity() {
        Severity::Refuse => Err(Refused {
            why: format!("it is {}", shape.what()),
            advice: shape.advice(),
        }),
        Severity::Warn => {
            kept.remarks.push(format!("It is {}.", shape.what()));
            Ok(())
        }
        Severity::Fine => Ok(()),
    }
}

fn subscription(
    value: Value,
    expires: Option<i64>,
    kept: &mut Kept,
    now: Timestamp,
) -> Result<Credential, Refused> {
    if let Value::Plain(secret) = &value {
        let shape = token::check(secret, None);
        match shape.severity() {
            Severity::Refuse => {
                return Err(Refused {
                    why: format!("it is {}", shape.what()),
                    advice: shape.advice(),
                });
            }
            Severity::Warn => kept.remarks.push(format!("It is {}.", shape.what())),
            Severity::Fine => {}
        }
    }
    if let Some(end) = expires.filter(|end| *end <= now.as_millisecond()) {
        let what = if end > 0 {
            "It has ended"
        } else {
            "Its time of expiry is no time, so it is not used"
        };
        let remark = format!("{what}: `claude setup-token` makes a new one.");
        kept.remarks.push(remark);
    }
    Ok(Credential::Token {
        token: source(value),
        expires,
        expires_assumed: false,
    })
}

fn access_key(id: String, secret: Value, kept: &mut Kept) -> Result<AwsAccess, Refused> {
    check_part(shape::access_key_id(&id), kept)?;
    if let Value::Plain(secret) = &secret {
        check_part(shape::secret_key(secret), kept)?;
    }
    let mut access = AwsAccess::new(Method::AccessKeys);
    access.access_key_id = Some(id);
    access.secret_access_key = source(secret);
    Ok(access)
}

fn aws(access: AwsAccess, kept: &mut Kept) -> Credential {
    // A profile of the AWS CLI may have its region from elsewhere.
    if access.region.is_none() && access.method != Some(Method::Profile) {
        kept.remarks
            .push("It names no region: set AWS_REGION where it is used.".to_owned());
    }
    Credential::Aws(Box::new(access))
}

fn check_part(form: Form, kept: &mut Kept) -> Result<(), Refused> {
    match form.severity() {
        Severity::Refuse => Err(Refused {
            why: format!("it holds {}", form.what()),
            advice: form.advice().to_owned(),
        }),
        Severity::Warn => {
            kept.remarks.push(format!("It holds {}.", form.what()));
            Ok(())
        }
        Severity::Fine => Ok(()),
    }
}

fn source(value: Value) -> SecretSource {
    match value {
        Value::Plain(secret) => SecretSource::Stored(secret),
        Value::Reference {
            source,
            provider,
            id,
        } => SecretSource::Reference(SecretRef {
            source,
            provider,
            ..SecretRef::variable(id)
        }),
    }
}
