//! What the lists of models and inference profiles hold, read leniently.

use serde_json::Value;

use super::{Region, model};
use crate::provider::Model;

/// Whether a JSON document has this field at its root.
#[must_use]
pub fn has(text: &str, field: &str) -> bool {
    let document: Option<Value> = serde_json::from_str(text).ok();
    document.is_some_and(|document| document.get(field).is_some())
}

/// A foundation model of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Foundation {
    pub id: String,
    pub name: String,
    pub legacy: bool,
    /// It can be called without an inference profile.
    pub on_demand: bool,
}

/// The foundation models of a `ListFoundationModels` reply, in its order.
#[must_use]
pub fn foundations(body: &[u8]) -> Vec<Foundation> {
    let entries = entries(body, "modelSummaries");
    let read = |entry: &Value| {
        let id = text(entry, "modelId")?;
        let types = entry
            .get("inferenceTypesSupported")
            .and_then(Value::as_array);
        let on_demand = types.is_some_and(|types| types.iter().any(|t| t == "ON_DEMAND"));
        let status = entry
            .pointer("/modelLifecycle/status")
            .and_then(Value::as_str);
        Some(Foundation {
            name: text(entry, "modelName").unwrap_or_else(|| id.clone()),
            legacy: status == Some("LEGACY"),
            on_demand,
            id,
        })
    };
    entries.iter().filter_map(read).collect()
}

/// The ids of the active inference profiles of a `ListInferenceProfiles` reply.
#[must_use]
pub fn profiles(body: &[u8]) -> Vec<String> {
    let entries = entries(body, "inferenceProfileSummaries");
    let active = entries
        .iter()
        .filter(|entry| text(entry, "status").is_none_or(|status| status == "ACTIVE"));
    active
        .filter_map(|entry| text(entry, "inferenceProfileId"))
        .filter(|id| model::base(id).starts_with("anthropic."))
        .collect()
}

/// The token for the next page of a list.
#[must_use]
pub fn next_page(body: &[u8]) -> Option<String> {
    let document: Value = serde_json::from_slice(body).ok()?;
    text(&document, "nextToken")
}

/// The ids to offer in `region`, in AWS's order: for each current model the nearest inference
/// profile, or the model itself where it is called without one.
#[must_use]
pub fn usable(foundations: &[Foundation], profiles: &[String], region: &Region) -> Vec<Model> {
    // Without the list of models the profiles alone have to do.
    let of_profiles = |id: &String| Foundation {
        id: model::base(id).to_owned(),
        name: model::base(id).to_owned(),
        legacy: false,
        on_demand: false,
    };
    let instead: Vec<Foundation> = match foundations {
        [] => profiles.iter().map(of_profiles).collect(),
        _ => Vec::new(),
    };
    let mut found: Vec<Model> = Vec::new();
    for foundation in foundations.iter().chain(&instead) {
        if foundation.legacy || model::is_legacy(&foundation.id) {
            continue;
        }
        let profile = model::profile_of(&foundation.id, region, profiles).cloned();
        let Some(id) = profile.or_else(|| foundation.on_demand.then(|| foundation.id.clone()))
        else {
            continue;
        };
        if found.iter().all(|model| model.id != id) {
            found.push(Model {
                id,
                display_name: foundation.name.clone(),
            });
        }
    }
    found
}

/// The standing of one model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Availability {
    pub agreement: String,
    pub authorization: String,
    pub region: String,
}

/// A `GetFoundationModelAvailability` reply.
#[must_use]
pub fn availability(body: &str) -> Option<Availability> {
    let document: Value = serde_json::from_str(body).ok()?;
    let agreement = document.pointer("/agreementAvailability/status");
    Some(Availability {
        agreement: agreement?.as_str()?.to_owned(),
        authorization: text(&document, "authorizationStatus").unwrap_or_default(),
        region: text(&document, "regionAvailability").unwrap_or_default(),
    })
}

fn entries(body: &[u8], field: &str) -> Vec<Value> {
    let document: Option<Value> = serde_json::from_slice(body).ok();
    let found = document.and_then(|mut document| match document.get_mut(field)?.take() {
        Value::Array(entries) => Some(entries),
        _ => None,
    });
    found.unwrap_or_default()
}

fn text(value: &Value, key: &str) -> Option<String> {
    let text = value.get(key)?.as_str()?;
    (text.len() <= 2048).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_offered() {
        let body = serde_json::json!({"modelSummaries": [
            {"modelId": "anthropic.claude-opus-5", "modelName": "Opus 5", "inferenceTypesSupported": ["INFERENCE_PROFILE"]},
            {"modelId": "anthropic.claude-here-1", "modelName": "Here", "inferenceTypesSupported": ["ON_DEMAND"]},
            {"modelId": "anthropic.claude-away-1", "modelName": "Away", "inferenceTypesSupported": ["INFERENCE_PROFILE"]},
            {"modelId": "anthropic.claude-old-1", "modelLifecycle": {"status": "LEGACY"}, "inferenceTypesSupported": ["ON_DEMAND"]},
            {"modelId": "anthropic.claude-3-haiku-20240307-v1:0", "modelLifecycle": {"status": "ACTIVE"}, "inferenceTypesSupported": ["ON_DEMAND"]},
            {"modelName": "nameless"},
        ]});
        let foundations = foundations(body.to_string().as_bytes());
        assert_eq!(foundations.len(), 5);
        let profiles = [
            "global.anthropic.claude-opus-5",
            "us.anthropic.claude-3-5-sonnet-20241022-v2:0",
            "eu.anthropic.claude-opus-5",
            "us.anthropic.claude-far-1",
        ]
        .map(str::to_owned);
        let check = |foundations: &[Foundation], region: &str, expected: &[&str]| {
            let region = Region::parse(region).expect("a region");
            let found = usable(foundations, &profiles, &region);
            let ids: Vec<&str> = found.iter().map(|model| model.id.as_str()).collect();
            assert_eq!(ids, expected, "{region}");
        };
        let here = "anthropic.claude-here-1";
        check(
            &foundations,
            "eu-west-1",
            &["eu.anthropic.claude-opus-5", here],
        );
        check(
            &foundations,
            "sa-east-1",
            &["global.anthropic.claude-opus-5", here],
        );
        let far = "us.anthropic.claude-far-1";
        check(&[], "eu-west-1", &["eu.anthropic.claude-opus-5", far]);
    }
}
