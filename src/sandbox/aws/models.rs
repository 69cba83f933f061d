//! The Claude models that Bedrock has in the sandbox, with their inference profiles.

use serde_json::{Value, json};

/// The account that every test identity belongs to.
pub const ACCOUNT: &str = "111122223333";
/// Where a request with a Bedrock API key goes: such a key names no region.
pub const DEFAULT_REGION: &str = "us-east-1";

/// Regions that have Bedrock.
const REGIONS: &[&str] = &[
    "af-south-1",
    "ap-east-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-7",
    "ca-central-1",
    "ca-west-1",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
];

#[must_use]
pub fn is_region(name: &str) -> bool {
    REGIONS.contains(&name)
}

/// A model.
#[derive(Debug)]
pub struct Model {
    /// Without a prefix: the id of the foundation model.
    pub id: &'static str,
    name: &'static str,
    pub legacy: bool,
    /// Whether tokens can be counted for it.
    pub counts: bool,
}

const fn current(id: &'static str, name: &'static str) -> Model {
    Model {
        id,
        name,
        legacy: false,
        counts: true,
    }
}

/// Every model, newest first.
pub const MODELS: &[Model] = &[
    current("anthropic.claude-opus-5-5", "Claude Opus 5.5"),
    current("anthropic.claude-opus-5", "Claude Opus 5"),
    Model {
        counts: false,
        ..current("anthropic.claude-opus-4-8", "Claude Opus 4.8")
    },
    current(
        "anthropic.claude-haiku-4-5-20251001-v1:0",
        "Claude Haiku 4.5",
    ),
    current(
        "anthropic.claude-sonnet-4-5-20250929-v1:0",
        "Claude Sonnet 4.5",
    ),
    Model {
        legacy: true,
        ..current(
            "anthropic.claude-3-5-sonnet-20241022-v2:0",
            "Claude 3.5 Sonnet v2",
        )
    },
];

/// Prefixes of profiles, with the name of the geography and the beginning of its regions.
const GEOGRAPHIES: &[(&str, &str, &str)] = &[
    ("us", "US", "us-"),
    ("eu", "EU", "eu-"),
    ("apac", "APAC", "ap-"),
    ("global", "GLOBAL", ""),
];

/// How a request names a model.
#[derive(Debug, PartialEq, Eq)]
pub enum Form {
    Base,
    Profile,
}

/// The model of an id, a profile id or an ARN of either.
#[must_use]
pub fn find(id: &str) -> Option<(&'static Model, Form)> {
    let id = id.rsplit('/').next().unwrap_or(id);
    let base = |id: &str| MODELS.iter().find(|model| model.id == id);
    if let Some(model) = base(id) {
        return Some((model, Form::Base));
    }
    let (prefix, rest) = id.split_once('.')?;
    let model = base(rest)?;
    let known = GEOGRAPHIES.iter().any(|(name, ..)| *name == prefix);
    (known && model.has_profile(prefix)).then_some((model, Form::Profile))
}

impl Model {
    /// Old models have no global profile.
    fn has_profile(&self, prefix: &str) -> bool {
        !(self.legacy && prefix == "global")
    }

    /// Its entry in the list of foundation models.
    #[must_use]
    pub fn summary(&self, region: &str) -> Value {
        let status = if self.legacy { "LEGACY" } else { "ACTIVE" };
        json!({
            "modelArn": self.arn(region),
            "modelId": self.id,
            "modelName": self.name,
            "providerName": "Anthropic",
            "inputModalities": ["TEXT", "IMAGE"],
            "outputModalities": ["TEXT"],
            "responseStreamingSupported": true,
            "customizationsSupported": [],
            "inferenceTypesSupported": ["INFERENCE_PROFILE"],
            "modelLifecycle": { "status": status },
        })
    }

    fn arn(&self, region: &str) -> String {
        format!("arn:aws:bedrock:{region}::foundation-model/{}", self.id)
    }
}

/// The inference profiles of a region, or of all when it is not known.
#[must_use]
pub fn profiles(region: Option<&str>, legacy_only: bool) -> Vec<Value> {
    let mut found = Vec::new();
    for (prefix, geography, regions) in GEOGRAPHIES {
        if !region.is_none_or(|region| region.starts_with(regions)) {
            continue;
        }
        let offered = MODELS.iter().filter(|model| model.legacy || !legacy_only);
        for model in offered.filter(|model| model.has_profile(prefix)) {
            let region = region.unwrap_or(DEFAULT_REGION);
            let id = format!("{prefix}.{}", model.id);
            found.push(json!({
                "inferenceProfileName": format!("{geography} Anthropic {}", model.name),
                "description": format!("Routes requests to {} in {geography} regions.", model.name),
                "createdAt": "2026-01-01T00:00:00Z",
                "updatedAt": "2026-01-01T00:00:00Z",
                "inferenceProfileArn":
                    format!("arn:aws:bedrock:{region}:{ACCOUNT}:inference-profile/{id}"),
                "models": [{ "modelArn": model.arn(region) }],
                "inferenceProfileId": id,
                "status": "ACTIVE",
                "type": "SYSTEM_DEFINED",
            }));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids() {
        let check = |id: &str, expected: Option<(&str, Form)>| {
            let found = find(id).map(|(model, form)| (model.id, form));
            assert_eq!(found, expected, "{id}");
        };
        let opus = "anthropic.claude-opus-5-5";
        check(opus, Some((opus, Form::Base)));
        check("us.anthropic.claude-opus-5-5", Some((opus, Form::Profile)));
        check("moon.anthropic.claude-opus-5-5", None);
        check(
            "arn:aws:bedrock:us-east-1:111122223333:inference-profile/eu.anthropic.claude-opus-5-5",
            Some((opus, Form::Profile)),
        );
        check("global.anthropic.claude-3-5-sonnet-20241022-v2:0", None);
        check("claude-opus-5-5", None);
        check("", None);
    }

    #[test]
    fn each_region_has_the_profiles_of_its_geography() {
        let check = |region: Option<&str>, expected: &[&str]| {
            let mut prefixes: Vec<String> = profiles(region, false)
                .iter()
                .filter_map(|p| {
                    Some(
                        p["inferenceProfileId"]
                            .as_str()?
                            .split('.')
                            .next()?
                            .to_owned(),
                    )
                })
                .collect();
            prefixes.dedup();
            assert_eq!(prefixes, expected, "{region:?}");
        };
        check(Some("us-west-2"), &["us", "global"]);
        check(Some("ap-northeast-1"), &["apac", "global"]);
        check(Some("sa-east-1"), &["global"]);
        check(None, &["us", "eu", "apac", "global"]);
        assert_eq!(profiles(Some("us-east-1"), true).len(), 1);
    }
}
