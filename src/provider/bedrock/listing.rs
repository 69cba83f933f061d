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

/// The ids to offer in `region`: for each current model the nearest inference profile, or the
/// model itself where it is called without one.
#[must_use]
pub fn usable(foundations: &[Foundation], profiles: &[String], region: &Region) -> Vec<Model> {
    let current = foundations.iter().filter(|model| !model.legacy);
    let found = current.filter_map(|foundation| {
        let prefixes = region.profile_prefixes().iter();
        let mut ids = prefixes.map(|prefix| format!("{prefix}.{}", foundation.id));
        let profile = ids.find(|id| profiles.contains(id));
        let bare = foundation.on_demand.then(|| foundation.id.clone());
        Some(Model {
            id: profile.or(bare)?,
            display_name: foundation.name.clone(),
        })
    });
    let found: Vec<Model> = found.collect();
    if !foundations.is_empty() {
        return found;
    }
    // Without the list of models the profiles alone have to do.
    let near = |id: &&String| {
        let prefix = model::prefix(id);
        prefix.is_some_and(|prefix| region.profile_prefixes().contains(&prefix))
    };
    let of_profile = |id: &String| Model {
        id: id.clone(),
        display_name: model::base(id).to_owned(),
    };
    profiles.iter().filter(near).map(of_profile).collect()
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
