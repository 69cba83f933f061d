//! The probe requests, as data. They are ours and say so: nothing in them imitates another client.

use std::time::Duration;

use serde_json::json;

use crate::error::{Error, Kind, Result};
use crate::exchange::{HeaderValue, Method, Request};
use crate::provider::anthropic::endpoint::Endpoint;
use crate::provider::registry::Level;
use crate::secret::Secret;

/// The version of the API that this program speaks.
pub const API_VERSION: &str = "2023-06-01";
/// How requests introduce themselves.
pub const USER_AGENT: &str = concat!("keywright/", env!("CARGO_PKG_VERSION"));

/// The request of a probe level for an API key.
///
/// - [`Level::Credential`]: `GET /v1/models?limit=1`, free, proves the key but no credit.
/// - [`Level::Models`]: `GET /v1/models?limit=1000`, free, the whole list in one page.
/// - [`Level::Access`]: `POST /v1/messages/count_tokens`, free, proves access to the model.
/// - [`Level::Paid`]: `POST /v1/messages` for one token, proves credit.
///
/// # Errors
/// `MalformedCredential` when the key holds a character that no header can carry.
pub fn probe(
    endpoint: &Endpoint,
    key: &Secret,
    level: &Level,
    timeout: Duration,
) -> Result<Request> {
    if !key.inspect(|text| !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic())) {
        return Err(Error::new(
            Kind::MalformedCredential,
            "the key holds a character that no request can carry",
        )
        .hint("Copy the key again: it consists of letters, digits, `-` and `_`."));
    }
    let mut headers = vec![
        ("x-api-key".into(), HeaderValue::Secret(key.clone())),
        (
            "anthropic-version".into(),
            HeaderValue::Plain(API_VERSION.to_owned()),
        ),
        (
            "user-agent".into(),
            HeaderValue::Plain(USER_AGENT.to_owned()),
        ),
        (
            "accept".into(),
            HeaderValue::Plain("application/json".to_owned()),
        ),
    ];
    let (method, path, body) = match level {
        Level::Credential => (Method::Get, "/v1/models?limit=1", None),
        Level::Models => (Method::Get, "/v1/models?limit=1000", None),
        Level::Access { model } => (
            Method::Post,
            "/v1/messages/count_tokens",
            Some(message(model, None)),
        ),
        Level::Paid { model } => (Method::Post, "/v1/messages", Some(message(model, Some(1)))),
    };
    if body.is_some() {
        headers.push((
            "content-type".into(),
            HeaderValue::Plain("application/json".to_owned()),
        ));
    }
    Ok(Request {
        method,
        url: endpoint.url(path),
        headers,
        body,
        timeout,
    })
}

fn message(model: &str, max_tokens: Option<u32>) -> String {
    let mut body = json!({"model": model, "messages": [{"role": "user", "content": "ok"}]});
    if let Some(count) = max_tokens {
        body["max_tokens"] = count.into();
    }
    body.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn build(level: &Level) -> Request {
        let endpoint = Endpoint::parse("https://api.anthropic.com").expect("a URL");
        let key = Secret::new("sk-ant-api03-made-up");
        probe(&endpoint, &key, level, Duration::from_secs(8)).expect("a request")
    }

    #[test]
    fn levels() {
        let check = |level: Level, method, url: &str, body: Option<&str>| {
            let request = build(&level);
            assert_eq!(request.method, method);
            assert_eq!(
                request.url.as_str(),
                format!("https://api.anthropic.com{url}")
            );
            assert_eq!(request.body.as_deref(), body);
        };
        let model = || "m".to_owned();
        check(Level::Credential, Method::Get, "/v1/models?limit=1", None);
        check(Level::Models, Method::Get, "/v1/models?limit=1000", None);
        check(
            Level::Access { model: model() },
            Method::Post,
            "/v1/messages/count_tokens",
            Some(r#"{"model":"m","messages":[{"role":"user","content":"ok"}]}"#),
        );
        check(
            Level::Paid { model: model() },
            Method::Post,
            "/v1/messages",
            Some(r#"{"model":"m","messages":[{"role":"user","content":"ok"}],"max_tokens":1}"#),
        );
    }

    #[test]
    fn debug_output_holds_no_key() {
        assert!(!format!("{:?}", build(&Level::Credential)).contains("made-up"));
    }

    #[test]
    fn a_key_that_no_header_carries_is_refused() {
        let endpoint = Endpoint::parse("https://api.anthropic.com").expect("a URL");
        for bad in ["", "a\nb", "a b", "schlüssel", "a\u{7f}"] {
            let built = probe(
                &endpoint,
                &Secret::new(bad),
                &Level::Credential,
                Duration::ZERO,
            );
            assert_eq!(
                built.map_err(|e| e.kind()).err(),
                Some(Kind::MalformedCredential)
            );
        }
    }
}
