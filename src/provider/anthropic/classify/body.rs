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
    /// It is an HTML page.
    pub html: bool,
    /// The page names the maker of a proxy or web server, or says that it blocks.
    pub names_a_gateway: bool,
    /// The page's title.
    pub title: Option<String>,
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
        let text = String::from_utf8_lossy(&bytes[..bytes.len().min(64 * 1024)]);
        if is_html(reply, &text) {
            return Self::of_html(&text);
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
            ..Self::default()
        }
    }

    fn of_html(page: &str) -> Self {
        let lower = page.to_ascii_lowercase();
        Self {
            html: true,
            names_a_gateway: GATEWAYS.iter().any(|name| lower.contains(name)),
            title: title(page, &lower),
            ..Self::default()
        }
    }
}

const GATEWAYS: &[&str] = &[
    "zscaler",
    "squid",
    "blue coat",
    "bluecoat",
    "fortinet",
    "fortiguard",
    "forcepoint",
    "mitmproxy",
    "netskope",
    "palo alto",
    "umbrella",
    "nginx",
    "apache",
    "microsoft-iis",
    "proxy",
    "gateway",
    "firewall",
    "access denied",
    "blocked",
];

fn is_html(reply: &Reply, text: &str) -> bool {
    let declared = reply
        .header("content-type")
        .is_some_and(|kind| kind.to_ascii_lowercase().contains("html"));
    let start: String = text.trim_start().chars().take(200).collect();
    let start = start.to_ascii_lowercase();
    (declared && start.starts_with('<'))
        || start.starts_with("<!doctype html")
        || start.starts_with("<html")
        || start.starts_with("<head")
        || start.starts_with("<script")
        || start.starts_with("<meta")
}

/// Lower-casing ASCII keeps every byte where it was, so places in `lower` are places in `page`.
fn title(page: &str, lower: &str) -> Option<String> {
    let start = lower.find("<title")?;
    let start = start + lower[start..].find('>')? + 1;
    let end = start + lower[start..].find("</title")?;
    let words: Vec<&str> = page[start..end].split_whitespace().collect();
    Some(words.join(" ")).filter(|title| !title.is_empty())
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
