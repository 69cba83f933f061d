//! What a reply to a probe means. The one place where a status code becomes a reason.
//!
//! The messages are those that the API and the gateways in front of it were seen to send. An
//! error's type and message decide before its status does, because gateways change the latter.

mod body;

use jiff::Timestamp;

use crate::exchange::{Exchange, Reply, host_of};
use crate::provider::network;
use crate::provider::paste;
use crate::provider::registry::Level;
use crate::provider::reply as common;
use crate::provider::{Reason, Verdict};

use body::Body;

/// Rate-limit headers kept at most.
const LIMIT_HEADERS: usize = 32;
/// Characters of a header value kept at most.
const VALUE_LIMIT: usize = 128;

/// What came of the probe request of `level` that was sent to `host`.
#[must_use]
pub fn classify(level: &Level, host: &str, exchange: &Exchange) -> Verdict {
    let reply = match exchange {
        Ok(reply) => reply,
        Err(failed) => return network::verdict(host, failed),
    };
    let body = Body::read(reply);
    let mut verdict = Verdict::of(reason(level, reply, &body), host);
    verdict.http_status = Some(reply.status);
    verdict.elapsed = reply.elapsed;
    verdict.request_id = reply
        .header("request-id")
        .map(str::to_owned)
        .or_else(|| body.request_id.clone())
        .map(|id| id.chars().take(VALUE_LIMIT).collect());
    verdict.server_time = common::server_time(reply);
    verdict.retry_after = retry_after(reply, verdict.server_time);
    verdict.limits = limits(reply);
    verdict.message = message(reply, &body, verdict.reason);
    if verdict.reason == Reason::Works {
        verdict.models = body.models;
    }
    verdict
}

fn reason(level: &Level, reply: &Reply, body: &Body) -> Reason {
    if let Some(reason) = common::not_the_api(reply) {
        return reason;
    }
    if let Some(error) = &body.error {
        return refused(level, reply, error);
    }
    if reply.status == 200 {
        return accepted(level, body);
    }
    without_envelope(level, reply)
}

/// 200 and no error in it.
fn accepted(level: &Level, body: &Body) -> Reason {
    let expected = match level {
        Level::Credential | Level::Models => body.lists_models,
        Level::Access { .. } => body.counts_tokens,
        Level::Paid { .. } => body.is_message,
    };
    if !body.json {
        Reason::MalformedReply
    } else if expected {
        Reason::Works
    } else {
        Reason::NotTheApi
    }
}

/// An error status whose body is no error of the API.
fn without_envelope(level: &Level, reply: &Reply) -> Reason {
    match reply.status {
        401 => Reason::Unauthorized,
        402 => Reason::Billing,
        403 => Reason::Forbidden,
        404 | 405 | 410 | 501 => Reason::NotTheApi,
        413 => Reason::RequestTooLarge,
        429 => limited(reply, ""),
        511 => Reason::CaptivePortal,
        529 => Reason::Overloaded,
        500..=599 => Reason::ServerError,
        201..=299 => Reason::NotTheApi,
        400..=499 if matches!(level, Level::Credential | Level::Models) => Reason::NotTheApi,
        _ => Reason::Unclassified,
    }
}

/// An error that the API, or a gateway in its manner, put into words.
fn refused(level: &Level, reply: &Reply, error: &body::ApiError) -> Reason {
    let message = error.message.trim().to_ascii_lowercase();
    if let Some(reason) = by_message(reply.status, &message) {
        return reason;
    }
    match (error.kind.as_str(), error.code.as_str()) {
        (_, "invalid_api_key") => return Reason::InvalidKey,
        (_, "insufficient_quota") => return Reason::Billing,
        (_, "model_not_found") => return Reason::ModelNotFound,
        _ => {}
    }
    match (reply.status, error.kind.as_str()) {
        (_, "authentication_error") | (401, _) => Reason::Unauthorized,
        (_, "billing_error") | (402, _) => Reason::Billing,
        (_, "permission_error") | (403, _) => Reason::Forbidden,
        (_, "not_found_error") | (404, _) => not_found(level, &message),
        (_, "request_too_large") | (413, _) => Reason::RequestTooLarge,
        (_, "rate_limit_error") | (429, _) => limited(reply, &message),
        (_, "overloaded_error") | (529, _) => Reason::Overloaded,
        (_, "api_error" | "timeout_error") | (500..=599, _) => Reason::ServerError,
        (_, "invalid_request_error") | (400 | 422, _) => Reason::InvalidRequest,
        _ => Reason::Unclassified,
    }
}

/// Messages that mean the same whatever comes with them, in lower case.
const MESSAGES: &[(&str, Reason)] = &[
    (
        "only authorized for use with claude code",
        Reason::OnlyForClaudeCode,
    ),
    ("invalid x-api-key", Reason::InvalidKey),
    ("invalid api key", Reason::InvalidKey),
    ("incorrect api key", Reason::InvalidKey),
    ("invalid bearer token", Reason::InvalidBearer),
    ("token has expired", Reason::TokenExpired),
    (
        "oauth authentication is currently not supported",
        Reason::OauthUnsupported,
    ),
    (
        "not allowed for this organization",
        Reason::OauthOrganizationNotAllowed,
    ),
    ("token has been revoked", Reason::TokenRevoked),
    ("does not meet scope requirement", Reason::ScopeMissing),
    ("request not allowed", Reason::RequestNotAllowed),
    (
        "organization has been disabled",
        Reason::OrganizationDisabled,
    ),
    (
        "invalid authentication credentials",
        Reason::AccountDeactivated,
    ),
    ("credit balance is too low", Reason::CreditTooLow),
    ("spend limit", Reason::SpendLimit),
    ("spending limit", Reason::SpendLimit),
    ("specified api usage limits", Reason::SpendLimit),
    ("exceeded your current quota", Reason::Billing),
    // litellm without a database answers 400 to a key it does not know, and 500 to none.
    ("no connected db", Reason::Unauthorized),
    ("no api key passed in", Reason::Unauthorized),
    ("invalid model name", Reason::ModelNotFound),
];

/// What a message of the API means by itself, in lower case.
pub(super) fn by_message(status: u16, message: &str) -> Option<Reason> {
    // Subscription tokens that are used directly are turned away with nothing but this word.
    if message == "error" && matches!(status, 400 | 429) {
        return Some(Reason::DisguisedRefusal);
    }
    MESSAGES
        .iter()
        .find(|(part, _)| message.contains(part))
        .map(|(_, reason)| *reason)
}

fn not_found(level: &Level, message: &str) -> Reason {
    match level {
        Level::Credential | Level::Models if !message.starts_with("model:") => Reason::NotTheApi,
        _ => Reason::ModelNotFound,
    }
}

/// 429: a tier's monthly cap comes without a time to wait, a rate limit with one.
fn limited(reply: &Reply, message: &str) -> Reason {
    let monthly = message.contains("month") || reply.header("x-should-retry") == Some("false");
    if monthly && reply.header("retry-after").is_none() {
        Reason::MonthlyLimit
    } else {
        Reason::RateLimited
    }
}

/// The server's own words; for a redirect its target, for a page its title.
fn message(reply: &Reply, body: &Body, reason: Reason) -> Option<String> {
    let text = match reason {
        Reason::Works => return None,
        Reason::Redirected => target(reply),
        _ => body
            .error
            .as_ref()
            .map(|error| error.message.clone())
            .or_else(|| common::page(reply)?.title)?,
    };
    Some(network::cut(&paste::scrub(&text))).filter(|text| !text.is_empty())
}

/// The host a redirect leads to. Its path and query may hold anything, so they are left out.
fn target(reply: &Reply) -> String {
    match reply.header("location") {
        None => "no target given".to_owned(),
        Some(location) => url::Url::parse(location).map_or_else(
            |_| "another page of the same host".to_owned(),
            |url| format!("{}://{}", url.scheme(), host_of(&url)),
        ),
    }
}

fn limits(reply: &Reply) -> Vec<(String, String)> {
    reply
        .headers
        .iter()
        .filter_map(|(name, value)| {
            let short = name.strip_prefix("anthropic-ratelimit-")?;
            let value: String = value.chars().take(VALUE_LIMIT).collect();
            Some((short.to_owned(), value))
        })
        .take(LIMIT_HEADERS)
        .collect()
}

/// Seconds to wait, given as such or as a date, which is read against the server's own clock.
fn retry_after(reply: &Reply, server_time: Option<Timestamp>) -> Option<u64> {
    let value = reply.header("retry-after")?.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(seconds);
    }
    let seconds = common::http_date(value)?.as_second() - server_time?.as_second();
    Some(u64::try_from(seconds).unwrap_or(0))
}

#[cfg(test)]
mod tests;
