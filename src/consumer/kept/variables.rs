//! Credentials in variables, wherever those are set: the environment, or the `.env` of a program.

use super::{Holdings, Kept, Place, Value, What};
use crate::provider::registry::{self, VariableKind};
use crate::secret::Secret;
use crate::variables;

/// How a token of `claude setup-token` begins.
const TOKEN: &str = "sk-ant-oat01-";

/// A variable that is set.
#[derive(Clone, Debug)]
pub struct Variable {
    pub name: String,
    pub value: Secret,
    pub place: Place,
}

/// Adds the credentials that stand in `all`. With `reference` each becomes a reference to its
/// variable instead of its value.
pub fn add(holdings: &mut Holdings, all: &[Variable], reference: bool) {
    for provider in registry::ALL {
        for variable in provider.variables {
            match variable.kind {
                // It overrides every other key for keywright alone, for as long as it is set.
                VariableKind::ApiKeyOverride => {}
                VariableKind::ApiKeyList => {
                    list(holdings, all, (provider.id, variable.name), reference);
                }
                VariableKind::ApiKey => one(holdings, all, variable.name, |found| {
                    key(provider.id, "default", found, reference)
                }),
                VariableKind::ApiKeyPrefix => {
                    prefixed(holdings, all, (provider.id, variable.name), reference);
                }
                VariableKind::Token => token(holdings, all, variable.name, reference),
            }
        }
        let live = format!("OPENCLAW_LIVE_{}_KEY", provider.id.to_ascii_uppercase());
        one(holdings, all, &live, |found| {
            key(provider.id, "live", found, reference)
        });
    }
    aws(holdings, all, reference);
}

/// The variable of that name; the last one counts, and an empty one is none.
#[must_use]
pub fn find<'a>(all: &'a [Variable], name: &str) -> Option<&'a Variable> {
    let last = all.iter().rev().find(|variable| variable.name == name);
    last.filter(|variable| !variable.value.is_empty())
}

fn one(
    holdings: &mut Holdings,
    all: &[Variable],
    name: &str,
    make: impl FnOnce(&Variable) -> Kept,
) {
    holdings.credentials.extend(find(all, name).map(make));
}

fn value(found: &Variable, reference: bool) -> Value {
    if reference {
        Value::Reference {
            source: "env".to_owned(),
            provider: "default".to_owned(),
            id: found.name.clone(),
        }
    } else {
        Value::Plain(found.value.clone())
    }
}

fn named(mut kept: Kept, found: &Variable) -> Kept {
    kept.name.clone_from(&found.name);
    kept
}

fn key(provider: &str, name: &str, found: &Variable, reference: bool) -> Kept {
    let what = What::ApiKey(value(found, reference));
    named(
        Kept::new((provider, name), what, found.place.clone()),
        found,
    )
}

fn list(
    holdings: &mut Holdings,
    all: &[Variable],
    (provider, name): (&str, &str),
    reference: bool,
) {
    let Some(found) = find(all, name) else {
        return;
    };
    if reference {
        return holdings.leave_out_with(
            found.place.clone(),
            "a list of keys cannot be referred to",
            "Give each key a variable of its own, or leave out --secret-input-mode ref.",
        );
    }
    for (index, key) in found.value.split_list().into_iter().enumerate() {
        let what = What::ApiKey(Value::Plain(key));
        let name = format!("key-{}", index + 1);
        let kept = Kept::new((provider, &name), what, found.place.clone());
        holdings.credentials.push(named(kept, found));
    }
}

/// `ANTHROPIC_API_KEY_WORK` is `work`.
fn prefixed(
    holdings: &mut Holdings,
    all: &[Variable],
    (provider, prefix): (&str, &str),
    reference: bool,
) {
    let mut names: Vec<&str> = all.iter().map(|variable| variable.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let Some(rest) = name.strip_prefix(prefix).filter(|rest| !rest.is_empty()) else {
            continue;
        };
        one(holdings, all, name, |found| {
            key(provider, &rest.to_ascii_lowercase(), found, reference)
        });
    }
}

fn token(holdings: &mut Holdings, all: &[Variable], name: &str, reference: bool) {
    let Some(found) = find(all, name) else {
        return;
    };
    if name == variables::ANTHROPIC_AUTH_TOKEN && found.value.public_prefix() != TOKEN {
        return holdings.leave_out_with(
            found.place.clone(),
            "a bearer token belongs to the gateway of ANTHROPIC_BASE_URL, and is no key of Anthropic",
            "Leave it in the environment: programs started by `keywright exec` get a credential in its place.",
        );
    }
    let what = What::Token {
        value: value(found, reference),
        expires: None,
    };
    let kept = Kept::new(("anthropic", "manual"), what, found.place.clone());
    holdings.credentials.push(named(kept, found));
}

fn aws(holdings: &mut Holdings, all: &[Variable], reference: bool) {
    let text = |name: &str| find(all, name).map(|found| found.value.for_file().to_owned());
    let region = text("AWS_REGION").or_else(|| text("AWS_DEFAULT_REGION"));
    one(holdings, all, "AWS_BEARER_TOKEN_BEDROCK", |found| {
        let what = What::AwsBearer {
            value: value(found, reference),
            region: region.clone(),
        };
        named(
            Kept::new(("bedrock", "default"), what, found.place.clone()),
            found,
        )
    });
    if let Some(id) = find(all, "AWS_ACCESS_KEY_ID") {
        access_key(holdings, all, (id, region.clone()), reference);
    }
    let profile = find(all, "AWS_PROFILE").or_else(|| find(all, "AWS_DEFAULT_PROFILE"));
    if let Some((found, name)) = profile.and_then(|found| Some((found, text(&found.name)?))) {
        let what = What::AwsProfile {
            name: name.clone(),
            region,
        };
        let kept = Kept::new(("bedrock", &name), what, found.place.clone());
        holdings.credentials.push(named(kept, found));
    }
}

fn access_key(
    holdings: &mut Holdings,
    all: &[Variable],
    (id, region): (&Variable, Option<String>),
    reference: bool,
) {
    let Some(secret) = find(all, "AWS_SECRET_ACCESS_KEY") else {
        return holdings.leave_out(
            id.place.clone(),
            "AWS_SECRET_ACCESS_KEY, its other half, is not set",
        );
    };
    let session = find(all, "AWS_SESSION_TOKEN").map(|found| found.value.clone());
    if reference && session.is_some() {
        return holdings.leave_out_with(
            id.place.clone(),
            "a temporary access key cannot be referred to: all three of its parts change together",
            "`keywright onboard --flow bedrock --aws-auth chain` takes whatever the environment has.",
        );
    }
    let what = What::AwsKeys {
        id: id.value.for_file().to_owned(),
        secret: value(secret, reference),
        session,
        region,
        model: None,
    };
    let kept = Kept::new(("bedrock", "default"), what, id.place.clone());
    holdings.credentials.push(named(kept, id));
}
