//! A reply's body, read leniently: whatever is there and of the right kind is taken, nothing is
//! required.

use serde_json::Value;

use crate::exchange::Reply;
use crate::provider::Model;

/// Models taken from one reply at most.
const MODEL_LIMIT: usize = 1000;

/// What a body holds.
#[derive(Debug, Default)]
pub(super) struct Body {
    /// It is a JSON document.
    pub json: bool,
    pub error: Option<ApiError>,
    pub request_id: Option<String>,
    /// It has the `data` array of a list.
    pub lists_models: bool,
    pub models: Vec<Model>,
    pub counts_tokens: bool,
    pub is_message: bool,
}

/// `error` of a body, in any of the shapes that the API and gateways use.
#[derive(Debug, Default)]
pub(super) struct ApiError {
    pub kind: String,
    pub message: String,
    pub code: String,
}

impl Body {
    pub(super) fn read(reply: &Reply) -> Self {
        let bytes = reply
            .body
            .strip_prefix(b"\xef\xbb\xbf")
            .unwrap_or(&reply.body);
        if let Ok(document) = serde_json::from_slice::<Value>(bytes) {
            return Self::of_json(&document);
        }
        Self::default()
    }

    fn of_json(document: &Value) -> Self {
        let data = document.get("data").and_then(Value::as_array);
        Self {
            json: true,
            error: error(document),
            request_id: text(document, "request_id"),
            lists_models: data.is_some(),
            models: data.map(|data| models(data)).unwrap_or_default(),
            counts_tokens: document.get("input_tokens").is_some_and(Value::is_u64),
            is_message: document.get("content").is_some_and(Value::is_array),
        }
    }
}

fn error(document: &Value) -> Option<ApiError> {
    let error = document.get("error").filter(|error| !error.is_null());
    match error {
        Some(Value::String(message)) => Some(ApiError {
            message: text(document, "message").unwrap_or_else(|| message.clone()),
            kind: message.clone(),
            ..ApiError::default()
        }),
        Some(error) => Some(ApiError {
            kind: text(error, "type").unwrap_or_default(),
            message: text(error, "message").unwrap_or_default(),
            code: text(error, "code").unwrap_or_default(),
        }),
        // Gateways built with FastAPI and others.
        None => {
            let message = text(document, "detail").or_else(|| {
                document
                    .get("data")
                    .is_none()
                    .then(|| text(document, "message"))?
            })?;
            Some(ApiError {
                message,
                ..ApiError::default()
            })
        }
    }
}

fn models(data: &[Value]) -> Vec<Model> {
    data.iter()
        .filter_map(|entry| {
            let id = text(entry, "id").filter(|id| id.len() <= 256)?;
            let display_name = text(entry, "display_name")
                .filter(|name| name.len() <= 256)
                .unwrap_or_else(|| id.clone());
            Some(Model { id, display_name })
        })
        .take(MODEL_LIMIT)
        .collect()
}

fn text(value: &Value, key: &str) -> Option<String> {
    value.get(key).and_then(Value::as_str).map(str::to_owned)
}
