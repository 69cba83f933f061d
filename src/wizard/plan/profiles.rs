//! What effects make of the store of profiles.

use super::{Effect, Lifetime, Line, Outcome, TargetState, line, shown};
use crate::error::Result;
use crate::store::{Credential, Profile, ProfileId, Profiles, SecretSource};

pub(super) fn change(effects: &[Effect], state: &TargetState, now: Option<i64>) -> Result<Outcome> {
    let mut profiles = match &state.text {
        Some(text) => Profiles::parse(text, &state.path)?,
        None => Profiles::default(),
    };
    let mut lines = Vec::new();
    for effect in effects {
        match effect {
            Effect::PutCredential {
                profile,
                credential,
                base_url,
                lifetime,
                verified,
            } => {
                let before = profiles.get(profile);
                let new = filled(before, profile, (credential, base_url.as_ref()));
                let mut found = differences(profile, before, Some(&new));
                found.extend(ends(profile, &found, *lifetime));
                if !found.is_empty() {
                    let mut new = Profile {
                        created_at: now.or(new.created_at),
                        verified_at: now.filter(|_| *verified),
                        ..new
                    };
                    end(&mut new, *lifetime, now);
                    profiles.put(profile.clone(), new);
                }
                lines.extend(found);
            }
            Effect::RemoveCredential { profile } => {
                let before = profiles.remove(profile);
                lines.extend(differences(profile, before.as_ref(), None));
            }
            Effect::SetOrder { profile } => lines.extend(first(&mut profiles, profile)),
            _ => {}
        }
    }
    Ok(Outcome {
        lines,
        bytes: profiles.render()?,
    })
}

/// When a token ends is told where the token is new, and where somebody said it.
fn ends(id: &ProfileId, found: &[Line], lifetime: Option<Lifetime>) -> Option<Line> {
    let lifetime = lifetime.filter(|lifetime| !found.is_empty() || !lifetime.assumed)?;
    let days = lifetime.seconds / 86_400;
    let after = match (days, lifetime.assumed) {
        (_, true) => format!("in {days} days, as assumed"),
        (0, false) => format!("in {} minutes", lifetime.seconds / 60),
        (_, false) => format!("in {days} days"),
    };
    line(format!("profiles.{id}.expires"), None, Some(after))
}

/// Counts from the commit when a token ends.
fn end(profile: &mut Profile, lifetime: Option<Lifetime>, now: Option<i64>) {
    if let (
        Credential::Token {
            expires,
            expires_assumed,
            ..
        },
        Some(lifetime),
        Some(now),
    ) = (&mut profile.credential, lifetime, now)
    {
        *expires = Some(now.saturating_add(lifetime.seconds.saturating_mul(1000)));
        *expires_assumed = lifetime.assumed;
    }
}

/// The profile with its new credential. Fields that we do not know stay.
fn filled(
    held: Option<&Profile>,
    id: &ProfileId,
    (credential, base_url): (&Credential, Option<&String>),
) -> Profile {
    let mut profile = Profile::new(id.provider(), credential.clone());
    profile.base_url = base_url.cloned();
    if let Some(held) = held {
        profile.keep_unknown(held);
    }
    profile
}

fn differences(id: &ProfileId, before: Option<&Profile>, after: Option<&Profile>) -> Vec<Line> {
    let key = format!("profiles.{id}");
    let kind = |profile: Option<&Profile>| Some(described(profile?));
    let url = |profile: Option<&Profile>| profile?.base_url.clone();
    let credential = line(&key, kind(before), kind(after));
    let base_url = line(format!("{key}.baseUrl"), url(before), url(after));
    let told = |profile: Option<&Profile>| profile.map(fields).unwrap_or_default();
    let (old, new) = (told(before), told(after));
    let fields = FIELDS.iter().filter_map(|name| {
        let of = |fields: &[(&str, String)]| {
            let found = fields.iter().find(|(field, _)| field == name);
            found.map(|(_, value)| value.clone())
        };
        line(format!("{key}.{name}"), of(&old), of(&new))
    });
    credential
        .into_iter()
        .chain(base_url)
        .chain(fields)
        .collect()
}

/// What a profile says beside its secret, in this order.
const FIELDS: &[&str] = &[
    "configDir",
    "method",
    "region",
    "modelId",
    "accessKeyId",
    "sessionToken",
    "awsProfile",
];

fn fields(profile: &Profile) -> Vec<(&'static str, String)> {
    let mut told = Vec::new();
    let mut add = |name, value: Option<String>| told.extend(value.map(|value| (name, value)));
    match &profile.credential {
        Credential::Login { config_dir, .. } => add("configDir", config_dir.clone()),
        Credential::Aws(access) => {
            add("method", access.method.map(|method| method.id().to_owned()));
            add("region", access.region.clone());
            add("modelId", access.model.clone());
            add("accessKeyId", access.access_key_id.clone());
            add("sessionToken", access.session_token.as_ref().map(shown));
            add("awsProfile", access.profile.clone());
        }
        _ => {}
    }
    told
}

/// The kind of credential, and the secret by mask and fingerprint.
fn described(profile: &Profile) -> String {
    let kind = profile.credential.kind();
    match profile.secret() {
        Some(SecretSource::Stored(secret)) => format!("{kind} {}", shown(secret)),
        Some(SecretSource::Reference(reference)) => {
            let provider = match reference.provider.as_str() {
                "default" => String::new(),
                provider => format!("{provider} "),
            };
            format!(
                "{kind} from {} {provider}{}",
                reference.source, reference.id
            )
        }
        Some(SecretSource::Absent) | None => kind.to_owned(),
    }
}

/// Puts a profile first among its provider's.
fn first(profiles: &mut Profiles, profile: &ProfileId) -> Option<Line> {
    let provider = profile.provider();
    let shown = |order: &[ProfileId]| {
        let ids: Vec<&str> = order.iter().map(ProfileId::as_str).collect();
        ids.join(", ")
    };
    // Without an order all profiles count, in the order of their ids.
    let mut order = profiles.order.get(provider).cloned().unwrap_or_else(|| {
        let all = profiles.of_provider(provider).into_iter();
        all.map(|(id, _)| id.clone()).collect()
    });
    let before = profiles.order.get(provider).map(|order| shown(order));
    order.retain(|id| id != profile);
    order.insert(0, profile.clone());
    let after = shown(&order);
    profiles.order.insert(provider.to_owned(), order);
    line(format!("order.{provider}"), before, Some(after))
}
