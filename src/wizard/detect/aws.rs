//! Ways to AWS: what the environment and the files of this machine have.

use super::{can_run, named};
use crate::consumer::aws::profiles::Profile;
use crate::consumer::aws::{self, Aws, First, region as regions};
use crate::provider::bedrock::shape::{self, Form};
use crate::system::System;
use crate::wizard::catalog::Input;
use crate::wizard::engine::{Given, Value};

/// Profiles that are offered at most, beside the one that the environment names.
const OFFERED: usize = 20;

fn look(system: &System) -> Aws {
    aws::look(system, system.clock.now())
}

pub(super) fn facts(system: &System) -> Vec<(String, Value)> {
    let aws = look(system);
    let names = profiles(&aws);
    let mut facts = vec![
        named("methods", Value::List(methods(&aws))),
        named("access_keys_reason", Value::Text(keys_reason(&aws))),
        named("bearer_reason", Value::text(bearer_reason(&aws))),
        named("profile_reason", Value::Text(profile_reason(&aws, &names))),
        named("chain_reason", Value::Text(chain_reason(&aws))),
        named("aws_profiles", Value::List(names)),
    ];
    let mut secret = |name, value: Option<crate::Secret>| {
        facts.extend(value.map(|value| named(name, Value::Secret(value))));
    };
    secret("bearer_here", aws.bearer);
    if let Some(keys) = aws.keys {
        secret("secret_key_here", keys.secret);
        secret("session_token_here", keys.session);
        facts.push(named("access_key_id_here", Value::Text(keys.id)));
    }
    facts
}

/// What is here first.
fn methods(aws: &Aws) -> Vec<String> {
    let keys = aws.keys.as_ref().is_some_and(|keys| keys.secret.is_some());
    let usable = |profile: &Profile| profile.problem.is_none() && !profile.leads_nowhere();
    let here = [
        ("bearer", aws.bearer.is_some()),
        ("access_keys", keys),
        ("profile", aws.profiles.iter().any(usable)),
        ("chain", aws.container || aws.web_identity),
    ];
    let (first, rest): (Vec<_>, Vec<_>) = here.into_iter().partition(|(_, here)| *here);
    let all = first.into_iter().chain(rest);
    all.map(|(name, _)| name.to_owned()).collect()
}

/// Those that lead to credentials, the one that the environment names first.
fn profiles(aws: &Aws) -> Vec<String> {
    let usable = aws
        .profiles
        .iter()
        .filter(|profile| !profile.leads_nowhere());
    let mut names: Vec<String> = usable.map(|profile| profile.name.clone()).collect();
    names.sort_by_key(|name| match aws.named_profile.as_deref() {
        Some(wanted) => wanted != name,
        None => name != "default",
    });
    names.truncate(OFFERED);
    names
}

fn keys_reason(aws: &Aws) -> String {
    match &aws.keys {
        Some(keys) if keys.secret.is_some() => {
            "There is one in AWS_ACCESS_KEY_ID; it is stored by keywright then.".to_owned()
        }
        _ => "Of an IAM user, or a temporary one with its session token.".to_owned(),
    }
}

const fn bearer_reason(aws: &Aws) -> &'static str {
    if aws.bearer.is_some() {
        "There is one in AWS_BEARER_TOKEN_BEDROCK."
    } else {
        "The quickest to make; for Bedrock alone."
    }
}

fn profile_reason(aws: &Aws, names: &[String]) -> String {
    let Some(profile) = names.first().and_then(|name| aws.profile(name)) else {
        return "There is none on this machine yet: `aws configure sso` makes one.".to_owned();
    };
    let region = profile.region.as_deref();
    let region = region.map_or_else(String::new, |region| format!(", {region}"));
    let name = &profile.name;
    if profile.needs_sign_in() {
        format!(
            "`{name}` is here ({}{region}); its sign-in has run out.",
            profile.kind.words()
        )
    } else {
        format!("`{name}` is here ({}{region}).", profile.kind.words())
    }
}

fn chain_reason(aws: &Aws) -> String {
    match aws.first() {
        First::WebIdentity => "A role is given to this pod.".to_owned(),
        First::Container => "A role is given to this container.".to_owned(),
        First::Environment => "Whatever the AWS SDK finds; now AWS_ACCESS_KEY_ID.".to_owned(),
        First::Profile(profile) => {
            format!(
                "Whatever the AWS SDK finds; now the profile `{}`.",
                profile.name
            )
        }
        First::Metadata | First::Nothing => {
            "For machines of Amazon, containers and pods that have a role.".to_owned()
        }
    }
}

/// Whether AWS can be reached from here, and how, in one sentence.
pub(super) fn best(system: &System) -> (bool, String) {
    let aws = look(system);
    let set = regions::look(&system.environment, &aws, None);
    let region = set.map_or_else(String::new, |set| format!(" in {}", set.region));
    if aws.bearer.is_some() {
        return (
            true,
            format!("The Bedrock API key in AWS_BEARER_TOKEN_BEDROCK reaches Bedrock{region}."),
        );
    }
    match aws.first() {
        First::Environment => (true, format!("AWS_ACCESS_KEY_ID reaches AWS{region}.")),
        First::Profile(profile) if profile.problem.is_none() && !profile.needs_sign_in() => {
            let region = profile.region.as_ref();
            let region = region.map_or_else(String::new, |region| format!(" in {region}"));
            (
                true,
                format!("AWS profile `{}` reaches AWS{region}.", profile.name),
            )
        }
        First::WebIdentity => (true, format!("The role of this pod reaches AWS{region}.")),
        First::Container => (
            true,
            format!("The role of this container reaches AWS{region}."),
        ),
        _ => (
            false,
            "Billed by AWS; for those who have an AWS account.".to_owned(),
        ),
    }
}

pub(super) fn access_key(given: &Given) -> Vec<(String, Value)> {
    let id = given.text(Input::AccessKeyId).unwrap_or_default();
    let kind = match shape::access_key_id(id) {
        Form::Temporary => "temporary",
        _ => "long-term",
    };
    vec![named("key_kind", Value::text(kind))]
}

pub(super) fn profile(system: &System, given: &Given) -> Vec<(String, Value)> {
    let aws = look(system);
    let name = given.text(Input::AwsProfile).unwrap_or_default();
    let (state, words) = match aws.profile(name) {
        None if !aws.unreadable.is_empty() => ("broken", format!("{}.", aws.unreadable[0].1)),
        None => ("broken", no_profile(&aws, name)),
        Some(profile) => match &profile.problem {
            Some(problem) => (
                "broken",
                format!("The AWS profile leads nowhere: {problem}."),
            ),
            None if profile.leads_nowhere() => (
                "broken",
                format!("The AWS profile `{name}` has settings and no credentials."),
            ),
            None if profile.needs_sign_in() => (
                "expired",
                format!(
                    "The sign-in of the AWS profile `{name}` has run out. `aws sso login --profile {}` renews it.",
                    shlex::try_quote(name).unwrap_or_default()
                ),
            ),
            None => ("usable", format!("`{name}`: {}.", profile.kind.words())),
        },
    };
    let signs_in = match state {
        "expired" => can_run(system, "aws"),
        _ => Err("signing in does not mend this profile".to_owned()),
    };
    vec![
        named("aws_profile_state", Value::text(state)),
        named("aws_profile_words", Value::Text(words)),
        named("can_sign_in", Value::yes_no(signs_in.is_ok())),
        named(
            "cannot_sign_in_because",
            Value::Text(signs_in.err().unwrap_or_default()),
        ),
    ]
}

fn no_profile(aws: &Aws, name: &str) -> String {
    let places = [&aws.places.config, &aws.places.credentials];
    let places: Vec<String> = places
        .into_iter()
        .flatten()
        .map(|place| place.display().to_string())
        .collect();
    let mut words = format!(
        "There is no AWS profile `{name}` in {}.",
        places.join(" or ")
    );
    let known = profiles(aws);
    if !known.is_empty() {
        words.push_str(" There is ");
        words.push_str(&known.join(", "));
        words.push('.');
    }
    words
}

pub(super) fn region(system: &System, given: &Given) -> Vec<(String, Value)> {
    let aws = look(system);
    let set = regions::look(&system.environment, &aws, given.text(Input::AwsProfile));
    let bearer = given.secret(Input::Bearer).and_then(shape::bearer_region);
    let found = match (bearer, set) {
        (Some(region), _) => Some((region, "the Bedrock API key itself".to_owned())),
        (None, Some(set)) => Some((set.region, set.place)),
        (None, None) => None,
    };
    match found {
        Some((region, place)) => vec![
            named("region_from", Value::Text(format!("{region}, by {place}"))),
            named("region_here", Value::Text(region)),
        ],
        None => vec![named("region_from", Value::text("none"))],
    }
}
