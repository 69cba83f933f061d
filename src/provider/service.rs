//! Providers that need no module of their own: a key in one header, one free request, and status
//! codes that mean what they say everywhere.

use std::borrow::Cow;
use std::time::Duration;

use serde_json::Value;

use crate::error::{Error, Kind, Result};
use crate::exchange::{Exchange, HeaderValue, Method, Reply, Request};
use crate::provider::anthropic::endpoint::Endpoint;
use crate::provider::anthropic::request::USER_AGENT;
use crate::provider::{Reason, Verdict, network, paste, reply};
use crate::secret::Secret;

/// How a provider is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Service<'a> {
    pub header: Header,
    /// Below the base URL: a free request that only a good key gets an answer to.
    pub path: &'a str,
}

/// The header that carries the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Header {
    /// `Authorization: Bearer KEY`
    Bearer,
    /// `x-api-key: KEY`
    ApiKey,
    /// `x-goog-api-key: KEY`
    Google,
}

impl Header {
    /// The kind of that name in the configuration.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "bearer" => Some(Self::Bearer),
            "x-api-key" => Some(Self::ApiKey),
            _ => None,
        }
    }
}

impl Service<'_> {
    /// The request that tries a key.
    ///
    /// # Errors
    /// `MalformedCredential` when the key holds a character that no header can carry.
    pub fn request(&self, endpoint: &Endpoint, key: &Secret, timeout: Duration) -> Result<Request> {
        if !key.inspect(|text| !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic())) {
            return Err(Error::new(
                Kind::MalformedCredential,
                "the key holds a character that no request can carry",
            ));
        }
        let plain = |name: &'static str, value: &str| {
            (Cow::from(name), HeaderValue::Plain(value.to_owned()))
        };
        let of_key = match self.header {
            Header::Bearer => ("authorization".into(), HeaderValue::Bearer(key.clone())),
            Header::ApiKey => ("x-api-key".into(), HeaderValue::Secret(key.clone())),
            Header::Google => ("x-goog-api-key".into(), HeaderValue::Secret(key.clone())),
        };
        Ok(Request {
            method: Method::Get,
            url: endpoint.url(self.path),
            headers: vec![
                of_key,
                plain("user-agent", USER_AGENT),
                plain("accept", "application/json"),
            ],
            body: None,
            timeout,
        })
    }
}

/// What came of the request to `host`: 200, 401, 402, 403 and 429 are told apart, and the rest says
/// nothing of the key.
#[must_use]
pub fn classify(host: &str, exchange: &Exchange) -> Verdict {
    let reply = match exchange {
        Ok(reply) => reply,
        Err(failed) => return network::verdict(host, failed),
    };
    let body = reply.body.as_slice();
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let document: Option<Value> = serde_json::from_slice(body).ok();
    let said = said(document.as_ref());
    let mut verdict = Verdict::of(reason(reply, document.as_ref(), &said), host);
    verdict.http_status = Some(reply.status);
    verdict.elapsed = reply.elapsed;
    verdict.request_id = request_id(reply);
    verdict.server_time = reply::server_time(reply);
    verdict.retry_after = reply
        .header("retry-after")
        .and_then(|seconds| seconds.trim().parse().ok());
    if verdict.reason != Reason::Works {
        let words = network::cut(&paste::scrub(&said.message));
        verdict.message = Some(words).filter(|words| !words.is_empty());
    }
    verdict
}

/// An error in words, and the name of its class.
#[derive(Default)]
struct Said {
    message: String,
    /// `error.code`, `error.status` and the reasons of `error.details`, in lower case.
    class: String,
}

fn reason(reply: &Reply, document: Option<&Value>, said: &Said) -> Reason {
    if let Some(reason) = reply::not_the_api(reply) {
        return reason;
    }
    let message = said.message.to_ascii_lowercase();
    match reply.status {
        // Google does not say 401.
        400 if said.class.contains("api_key_invalid") || message.contains("api key not valid") => {
            Reason::InvalidKey
        }
        401 if message.contains("api key") || said.class.contains("invalid_api_key") => {
            Reason::InvalidKey
        }
        401 => Reason::Unauthorized,
        402 => Reason::Billing,
        403 => Reason::Forbidden,
        // OpenAI's word for an account without credit; others call their rate limits a quota.
        429 if said.class.contains("insufficient_quota") => Reason::Billing,
        429 => Reason::RateLimited,
        500..=599 => Reason::ServerError,
        200 => match document {
            Some(Value::Object(fields)) if fields.get("error").is_none_or(Value::is_null) => {
                Reason::Works
            }
            Some(Value::Array(_)) => Reason::Works,
            Some(_) => Reason::Unclassified,
            None => Reason::MalformedReply,
        },
        _ => Reason::Unclassified,
    }
}

fn said(document: Option<&Value>) -> Said {
    let Some(document) = document else {
        return Said::default();
    };
    // Google puts its errors into a list now and then.
    let document = document.get(0).unwrap_or(document);
    let error = document.get("error").unwrap_or(document);
    let text = |value: &Value, name: &str| {
        let text = value.get(name).and_then(Value::as_str);
        text.unwrap_or_default().to_owned()
    };
    let details = error.get("details").and_then(Value::as_array);
    let details = details.into_iter().flatten();
    let mut class: Vec<String> = ["code", "status", "type"]
        .map(|name| text(error, name))
        .into();
    class.extend(details.map(|detail| text(detail, "reason")));
    let message = error.as_str().map(str::to_owned);
    let words = ["message", "detail"].map(|name| text(error, name));
    let words = words.into_iter().find(|words| !words.is_empty());
    Said {
        message: message.or(words).unwrap_or_default(),
        class: class.join(" ").to_ascii_lowercase(),
    }
}

fn request_id(reply: &Reply) -> Option<String> {
    let names = ["x-request-id", "request-id", "cf-ray"];
    let id = names.iter().find_map(|name| reply.header(name))?;
    Some(id.chars().take(128).collect())
}

#[cfg(test)]
mod tests;
