//! Access keys and Bedrock API keys: whole or not, in the right form or not.

use super::aws::Found;
use super::aws_variables::{BEARER, KEY_ID, SECRET_KEY, SESSION};
use super::value::plain;
use crate::doctor::facts::{AwsCredential, AwsKind, Bearer, Incomplete, Misshapen};
use crate::provider::anthropic::shape::Severity;
use crate::provider::bedrock::shape::{self, Form};
use crate::provider::bedrock::{Access, AccessKeys};
use crate::secret::Secret;

/// A Bedrock API key, named by its variable or profile.
pub fn bearer(found: &mut Found, name: &str, place: &str, token: Secret) {
    let form = shape::bedrock_key(&token);
    found
        .facts
        .credentials
        .push(credential(AwsKind::Bearer, name, place));
    misshapen(found, name, place, form);
    found.facts.bearer = Some(Bearer {
        name: name.to_owned(),
        masked: token.mask(),
        expires: shape::bearer_expires(&token),
        region: shape::bearer_region(&token),
    });
    found.access = Some(Access::Bearer(token));
}

/// An access key id, its secret and its session token.
pub fn pair(found: &mut Found, place: &str, [id, secret, session]: [Option<Secret>; 3]) {
    let (id, secret) = match (id, secret) {
        (Some(id), Some(secret)) => (id, secret),
        (Some(_), None) => return half(found, place, KEY_ID, SECRET_KEY),
        (None, Some(_)) => return half(found, place, SECRET_KEY, KEY_ID),
        (None, None) => return,
    };
    found
        .facts
        .credentials
        .push(credential(AwsKind::Keys, KEY_ID, place));
    let key_id = plain(&id);
    let form = shape::access_key_id(&key_id);
    misshapen(found, KEY_ID, place, form);
    misshapen(found, SECRET_KEY, place, shape::secret_key(&secret));
    if let Some(session) = &session {
        misshapen(found, SESSION, place, shape::session_token(session));
    }
    if form == Form::Temporary && session.is_none() {
        found.facts.shapes.push(Misshapen {
            name: KEY_ID.to_owned(),
            place: place.to_owned(),
            words: "is a temporary key, and its session token is missing".to_owned(),
            session_missing: true,
            doubtful: false,
        });
    }
    if found.access.is_none() {
        found.access = Some(Access::Keys(AccessKeys {
            id: key_id,
            secret,
            session,
        }));
    }
}

pub fn credential(kind: AwsKind, name: &str, place: &str) -> AwsCredential {
    AwsCredential {
        kind,
        place: if name == BEARER || name == KEY_ID {
            format!("{name} in {place}")
        } else {
            place.to_owned()
        },
        locator: name.to_owned(),
    }
}

fn half(found: &mut Found, place: &str, has: &str, lacks: &str) {
    found.facts.incomplete.push(Incomplete {
        place: place.to_owned(),
        has: has.to_owned(),
        lacks: lacks.to_owned(),
    });
}

fn misshapen(found: &mut Found, name: &str, place: &str, form: Form) {
    if form.severity() != Severity::Fine {
        found.facts.shapes.push(Misshapen {
            name: name.to_owned(),
            place: place.to_owned(),
            words: format!("is {}", form.what()),
            session_missing: false,
            doubtful: form.severity() == Severity::Warn,
        });
    }
}
