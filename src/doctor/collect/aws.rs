//! What this machine has for Amazon Bedrock. Nothing is read beyond the environment and Claude
//! Code's settings unless Bedrock is in use.

use super::value::{describe_secret, is_temporary};
use crate::consumer::claude_code::outranks::is_on;
use crate::consumer::claude_code::places::Places;
use crate::consumer::claude_code::settings::{self, Settings};
use crate::doctor::facts::{Aws, AwsCredential, AwsKind, Bearer, Incomplete, Misshapen, Use};
use crate::secret::Secret;
use crate::store::sources::Sources;
use crate::system::System;

const SWITCH: &str = "CLAUDE_CODE_USE_BEDROCK";
const BEARER: &str = "AWS_BEARER_TOKEN_BEDROCK";
const KEY_ID: &str = "AWS_ACCESS_KEY_ID";
const SECRET_KEY: &str = "AWS_SECRET_ACCESS_KEY";
const SESSION: &str = "AWS_SESSION_TOKEN";
/// The provider of stored profiles for Bedrock.
const PROVIDER: &str = "bedrock";
/// Characters of an access key id and of a secret access key.
const ID_LENGTH: usize = 20;
const SECRET_LENGTH: usize = 40;

/// Looks at what there is for Bedrock, in the environment as Claude Code would see it.
#[must_use]
pub fn collect(system: &System, sources: Option<&Sources>) -> Aws {
    let places = Places::of(system, None);
    let variables = Variables {
        system,
        settings: settings::look(system, &places),
    };
    let mut aws = Aws {
        in_use: uses(&variables, sources),
        ..Aws::default()
    };
    if aws.is_in_use() {
        keys(&variables, &mut aws);
    }
    aws
}

/// The variables of Claude Code: its settings go over the environment, the strongest file first.
struct Variables<'a> {
    system: &'a System,
    settings: Vec<Settings>,
}

impl Variables<'_> {
    /// The value that counts, and where it is set. Empty counts as absent.
    fn get(&self, name: &str) -> Option<(Secret, String)> {
        let in_file = self.settings.iter().find_map(|file| {
            let (_, value) = file.env.iter().find(|(key, _)| key == name)?;
            Some((value.clone(), file.path.display().to_string()))
        });
        let here = || {
            let value = self.system.environment.get(name)?;
            Some((Secret::new(value), "environment".to_owned()))
        };
        in_file.or_else(here).filter(|(value, _)| !value.is_empty())
    }
}

/// Every sign that Bedrock is in use.
fn uses(variables: &Variables<'_>, sources: Option<&Sources>) -> Vec<Use> {
    let switch = variables.get(SWITCH).filter(|(value, _)| is_on(value));
    let bearer = variables.get(BEARER);
    let set = [(SWITCH, switch), (BEARER, bearer)];
    let mut found: Vec<Use> = set
        .into_iter()
        .filter_map(|(name, set)| {
            Some(Use {
                name: name.to_owned(),
                place: set?.1,
            })
        })
        .collect();
    let stores = sources
        .into_iter()
        .flat_map(|sources| [&sources.own, &sources.inherited]);
    for (id, profile) in stores.flatten().flat_map(|store| &store.profiles) {
        if profile.provider == PROVIDER {
            found.push(Use {
                name: id.to_string(),
                place: "profile".to_owned(),
            });
        }
    }
    found
}

/// What stands in variables: a bearer key, which comes first, and a pair of access keys.
fn keys(variables: &Variables<'_>, aws: &mut Aws) {
    let credential = |kind, name: &str, place: &str| AwsCredential {
        kind,
        place: format!("{name} in {place}"),
        locator: name.to_owned(),
    };
    if let Some((secret, place)) = variables.get(BEARER) {
        aws.credentials
            .push(credential(AwsKind::Bearer, BEARER, &place));
        aws.bearer = Some(Bearer {
            name: BEARER.to_owned(),
            masked: secret.mask(),
            expires: None,
            region: None,
        });
    }
    let (id, secret) = (variables.get(KEY_ID), variables.get(SECRET_KEY));
    let half = |place: String, has: &str, lacks: &str| Incomplete {
        place,
        has: has.to_owned(),
        lacks: lacks.to_owned(),
    };
    match (id, secret) {
        (Some(id), Some(secret)) => {
            aws.credentials
                .push(credential(AwsKind::Keys, KEY_ID, &id.1));
            aws.shapes
                .extend(misshapen(&id, &secret, variables.get(SESSION).is_some()));
        }
        (Some((_, place)), None) => aws.incomplete.push(half(place, KEY_ID, SECRET_KEY)),
        (None, Some((_, place))) => aws.incomplete.push(half(place, SECRET_KEY, KEY_ID)),
        (None, None) => {}
    }
}

/// What in a pair of keys cannot be right.
fn misshapen(id: &(Secret, String), secret: &(Secret, String), session: bool) -> Option<Misshapen> {
    let wrong = |name: &str, place: &str, words: String| Misshapen {
        name: name.to_owned(),
        place: place.to_owned(),
        words,
        session_missing: false,
    };
    for (name, (value, place), length) in
        [(KEY_ID, id, ID_LENGTH), (SECRET_KEY, secret, SECRET_LENGTH)]
    {
        let value = describe_secret(value);
        if let Some(defect) = value.defects.first() {
            let words = format!(
                "has {} (character {})",
                defect.kind.words(),
                defect.position
            );
            return Some(wrong(name, place, words));
        }
        if value.length != length {
            let words = format!("has {} characters; it should have {length}", value.length);
            return Some(wrong(name, place, words));
        }
    }
    let temporary = is_temporary(&id.0);
    (temporary && !session).then(|| Misshapen {
        session_missing: true,
        ..wrong(
            KEY_ID,
            &id.1,
            "is a temporary key without its session token".to_owned(),
        )
    })
}
