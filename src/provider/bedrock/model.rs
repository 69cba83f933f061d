//! Model ids of Bedrock.
//!
//! A request names a foundation model (`anthropic.claude-…`), an inference profile
//! (`us.anthropic.claude-…`) or an ARN of either. Current Claude models take profiles only.

use super::Region;

/// How an id names its model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `anthropic.…`
    Base,
    /// `us.anthropic.…`: an inference profile of a geography.
    Profile,
    /// `arn:aws:bedrock:…`
    Arn,
    /// As the API of Anthropic names it: `claude-…`. Bedrock does not know it.
    Anthropic,
    /// Another maker's, or nothing that is known.
    Other,
}

/// Prefixes of inference profiles.
const PREFIXES: &[&str] = &["us", "eu", "apac", "jp", "au", "ca", "global", "us-gov"];

/// The beginnings of ids that Bedrock marks as legacy, and the id that follows each.
/// Source: the lifecycle page of Bedrock's user guide.
const LEGACY: &[(&str, &str)] = &[
    (
        "anthropic.claude-instant",
        "anthropic.claude-haiku-4-5-20251001-v1:0",
    ),
    (
        "anthropic.claude-v2",
        "anthropic.claude-sonnet-4-5-20250929-v1:0",
    ),
    (
        "anthropic.claude-3-haiku",
        "anthropic.claude-haiku-4-5-20251001-v1:0",
    ),
    (
        "anthropic.claude-3-5-haiku",
        "anthropic.claude-haiku-4-5-20251001-v1:0",
    ),
    ("anthropic.claude-3-opus", "anthropic.claude-opus-4-8"),
    (
        "anthropic.claude-3-sonnet",
        "anthropic.claude-sonnet-4-5-20250929-v1:0",
    ),
    (
        "anthropic.claude-3-5-sonnet",
        "anthropic.claude-sonnet-4-5-20250929-v1:0",
    ),
    (
        "anthropic.claude-3-7-sonnet",
        "anthropic.claude-sonnet-4-5-20250929-v1:0",
    ),
];

/// How `id` names its model.
#[must_use]
pub fn form(id: &str) -> Form {
    if id.starts_with("arn:") {
        Form::Arn
    } else if id.starts_with("anthropic.") {
        Form::Base
    } else if prefix(id).is_some() {
        Form::Profile
    } else if id.starts_with("claude-") {
        Form::Anthropic
    } else {
        Form::Other
    }
}

/// The geography that a profile's id begins with.
#[must_use]
pub fn prefix(id: &str) -> Option<&str> {
    let (prefix, rest) = id.split_once('.')?;
    (PREFIXES.contains(&prefix) && rest.contains('.')).then_some(prefix)
}

/// The id of the foundation model behind an id of any form, without version ARNs' accounts.
#[must_use]
pub fn base(id: &str) -> &str {
    let id = id.rsplit('/').next().unwrap_or(id);
    match prefix(id) {
        Some(prefix) => &id[prefix.len() + 1..],
        None => id,
    }
}

/// Whether a model is about to go, by an id of any form.
#[must_use]
pub fn is_legacy(id: &str) -> bool {
    next(id).is_some()
}

/// The foundation model that follows one that is about to go.
fn next(id: &str) -> Option<&'static str> {
    let base = base(id);
    let (_, next) = LEGACY.iter().find(|(old, _)| base.starts_with(old))?;
    Some(next)
}

/// The successor of a model that is about to go, as an id for `region`; `None` for a current one.
#[must_use]
pub fn successor(id: &str, region: &Region, offered: &[String]) -> Option<String> {
    Some(usable(next(id)?, region, offered))
}

/// The offered inference profile of a foundation model, of the nearest geography. What a region
/// lists can be used there, whatever its prefix.
#[must_use]
pub fn profile_of<'a>(base: &str, region: &Region, offered: &'a [String]) -> Option<&'a String> {
    let prefixes = region.profile_prefixes();
    let distance = |id: &&String| {
        let near = prefixes.iter().position(|near| prefix(id) == Some(near));
        near.unwrap_or(prefixes.len())
    };
    let of_model = |id: &&String| prefix(id).is_some() && self::base(id) == base;
    offered.iter().filter(of_model).min_by_key(distance)
}

/// The id to use in `region` for a foundation model: the offered inference profile of the nearest
/// geography, else the one that the region should have.
#[must_use]
pub fn usable(base: &str, region: &Region, offered: &[String]) -> String {
    if let Some(id) = profile_of(base, region, offered) {
        return id.clone();
    }
    let mut prefixes = region.profile_prefixes().iter();
    let usual = prefixes.find(|prefix| !matches!(**prefix, "jp" | "au" | "ca"));
    usual.map_or_else(|| base.to_owned(), |prefix| format!("{prefix}.{base}"))
}

/// What is wrong with an id in a region, and the id to use instead where that is known; `None`
/// when nothing is. `offered` are the inference profiles that the region lists, none where that is
/// not known.
#[must_use]
pub fn problem(id: &str, region: &Region, offered: &[String]) -> Option<(String, Option<String>)> {
    if let Some(next) = successor(id, region, offered) {
        let words = format!("{id} is a legacy model, which AWS takes away from new users");
        return Some((words, Some(next)));
    }
    let base = base(id);
    match form(id) {
        Form::Arn if !id.contains(":foundation-model/") => None,
        // Some regions have a model without a profile.
        Form::Base | Form::Arn
            if !offered.is_empty() && profile_of(base, region, offered).is_none() =>
        {
            None
        }
        Form::Base | Form::Arn => {
            let words = format!("{id} is called through an inference profile of a geography");
            Some((words, Some(usable(base, region, offered))))
        }
        Form::Profile => {
            let prefix = prefix(id)?;
            if region.profile_prefixes().contains(&prefix) || offered.iter().any(|o| o == id) {
                return None;
            }
            let words = format!("{id} is for another geography than {region}");
            Some((words, Some(usable(base, region, offered))))
        }
        Form::Anthropic => {
            let wanted = format!("anthropic.{id}");
            let bases = offered.iter().map(|offered| self::base(offered));
            let base = bases
                .filter(|base| base.starts_with(&wanted))
                .min_by_key(|base| base.len());
            let found = base.and_then(|base| profile_of(base, region, offered));
            let words = format!("{id} is a name of Anthropic's own API; Bedrock has other names");
            Some((words, found.cloned()))
        }
        Form::Other => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        let check = |id: &str, expected: Form, model: &str| {
            assert_eq!((form(id), base(id)), (expected, model), "{id}");
        };
        check(
            "anthropic.claude-opus-4-8",
            Form::Base,
            "anthropic.claude-opus-4-8",
        );
        check(
            "us.anthropic.claude-opus-4-8",
            Form::Profile,
            "anthropic.claude-opus-4-8",
        );
        check(
            "us-gov.anthropic.claude-x-v1:0",
            Form::Profile,
            "anthropic.claude-x-v1:0",
        );
        let arn = "arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.anthropic.claude-x";
        check(arn, Form::Arn, "anthropic.claude-x");
        check("claude-opus-4-8", Form::Anthropic, "claude-opus-4-8");
        check("meta.llama", Form::Other, "meta.llama");
        check(
            "moon.anthropic.claude-x",
            Form::Other,
            "moon.anthropic.claude-x",
        );
    }

    #[test]
    fn problems() {
        let region = Region::parse("eu-west-1").expect("a region");
        let offered = [
            "global.anthropic.claude-opus-4-8",
            "eu.anthropic.claude-opus-4-8",
        ];
        let offered = offered.map(str::to_owned);
        let check = |id: &str, expected: Option<Option<&str>>| {
            let found = problem(id, &region, &offered);
            let found = found.as_ref().map(|(_, next)| next.as_deref());
            assert_eq!(found, expected, "{id}");
        };
        check("eu.anthropic.claude-opus-4-8", None);
        check("global.anthropic.claude-opus-4-8", None);
        check(
            "anthropic.claude-opus-4-8",
            Some(Some("eu.anthropic.claude-opus-4-8")),
        );
        check(
            "us.anthropic.claude-opus-4-8",
            Some(Some("eu.anthropic.claude-opus-4-8")),
        );
        check(
            "claude-opus-4-8",
            Some(Some("eu.anthropic.claude-opus-4-8")),
        );
        check("claude-none", Some(None));
        check("anthropic.claude-without-profile", None);
        check(
            "arn:aws:bedrock:eu-west-1::foundation-model/anthropic.claude-opus-4-8",
            Some(Some("eu.anthropic.claude-opus-4-8")),
        );
        let next = Some(Some("eu.anthropic.claude-sonnet-4-5-20250929-v1:0"));
        check("anthropic.claude-3-5-sonnet-20241022-v2:0", next);
        check("us.anthropic.claude-3-5-sonnet-20241022-v2:0", next);
        check(
            "arn:aws:bedrock:eu-west-1:1:application-inference-profile/x",
            None,
        );
    }

    #[test]
    fn a_region_may_have_profiles_of_a_geography_that_is_not_its_own() {
        let region = Region::parse("il-central-1").expect("a region");
        let of_europe = "eu.anthropic.claude-opus-4-8".to_owned();
        let offered = [of_europe.clone()];
        assert_eq!(problem(&of_europe, &region, &offered), None);
        let (_, instead) = problem(&of_europe, &region, &[]).expect("another geography");
        assert_eq!(instead.as_deref(), Some("global.anthropic.claude-opus-4-8"));
        let (_, instead) = problem("anthropic.claude-opus-4-8", &region, &offered).expect("bare");
        assert_eq!(instead, Some(of_europe));
    }
}
