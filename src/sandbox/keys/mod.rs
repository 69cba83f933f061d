//! The test keys: one for each thing that the API, or something between it and us, can answer.
//! They have the shape of the real ones and open nothing anywhere else.
//!
//! | list | what |
//! |---|---|
//! | [`ALL`] | API keys |
//! | [`TOKENS`] | subscription tokens, as `claude setup-token` makes them |
//! | [`aws::ALL`] | AWS access keys and Bedrock API keys |

pub mod aws;

use std::time::Duration;

pub use aws::Identity;

use crate::secret::Secret;

/// A test key or token and what happens to a request that carries it.
#[derive(Clone, Copy, Debug)]
pub struct TestKey {
    pub name: &'static str,
    pub kind: KeyKind,
    /// One line for `sandbox keys`.
    pub does: &'static str,
    pub behaviour: Behaviour,
}

/// Where a key of the Anthropic API is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// In `x-api-key`, or as a bearer.
    ApiKey,
    /// As a bearer, by Claude Code alone.
    Token,
}

/// What the server does.
#[derive(Clone, Copy, Debug)]
pub enum Behaviour {
    Works,
    /// Answers with the API's error envelope.
    Refuses(Refusal),
    /// Answers with a web page, as a captive portal or a proxy does.
    Page {
        status: u16,
        title: &'static str,
    },
    /// Sends the client to another port of this machine, where every key works.
    Redirects,
    /// A body that is cut in the middle of the JSON text.
    Malformed,
    /// A body that is larger than any reply of the API.
    Oversized,
    /// The right answer, after a while.
    Slow(Duration),
    /// No answer at all.
    Silent,
    /// The connection ends in the middle of the body.
    HalfBody,
    /// The connection is reset.
    Resets,
    /// The bytes that come back are not HTTP.
    NotHttp,
}

/// An error reply.
#[derive(Clone, Copy, Debug)]
pub struct Refusal {
    pub status: u16,
    /// `error.type` of the envelope.
    pub kind: &'static str,
    pub message: &'static str,
    /// Seconds of the `retry-after` header.
    pub retry_after: Option<u32>,
    pub scope: Scope,
}

/// Which requests a refusal is for; the others work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    Everything,
    /// `/v1/messages`: what costs money. The model list answers without credit, too.
    Messages,
    /// `/v1/messages` and `/v1/messages/count_tokens`: what names a model.
    Models,
}

const fn refuses(status: u16, kind: &'static str, message: &'static str) -> Behaviour {
    refuses_with(status, kind, message, None, Scope::Everything)
}

const fn refuses_with(
    status: u16,
    kind: &'static str,
    message: &'static str,
    retry_after: Option<u32>,
    scope: Scope,
) -> Behaviour {
    Behaviour::Refuses(Refusal {
        status,
        kind,
        message,
        retry_after,
        scope,
    })
}

const fn key(name: &'static str, does: &'static str, behaviour: Behaviour) -> TestKey {
    TestKey {
        name,
        kind: KeyKind::ApiKey,
        does,
        behaviour,
    }
}

const fn token(name: &'static str, does: &'static str, behaviour: Behaviour) -> TestKey {
    TestKey {
        name,
        kind: KeyKind::Token,
        does,
        behaviour,
    }
}

/// Every test key. New ones go to the end: the place of a key in this list is part of its text.
#[rustfmt::skip]
pub const ALL: &[TestKey] = &[
    key("works", "everything works", Behaviour::Works),
    key("works-too", "everything works: a second key, to replace the first", Behaviour::Works),
    key("revoked", "401 invalid x-api-key: a wrong or revoked key",
        refuses(401, "authentication_error", "invalid x-api-key")),
    key("invalid-bearer", "401 invalid bearer token",
        refuses(401, "authentication_error", "Invalid bearer token")),
    key("token-expired", "401 the token has expired",
        refuses(401, "authentication_error", "OAuth token has expired. Please obtain a new token or refresh your existing token.")),
    key("oauth-unsupported", "401 this kind of token is not supported",
        refuses(401, "authentication_error", "OAuth authentication is currently not supported.")),
    key("account-deactivated", "401 the account or organization is deactivated",
        refuses(401, "authentication_error", "Invalid authentication credentials")),
    key("unauthorized", "401 for a reason that no list has",
        refuses(401, "authentication_error", "This key is not welcome here.")),
    key("token-revoked", "403 the token has been revoked",
        refuses(403, "permission_error", "OAuth token has been revoked. Please obtain a new token.")),
    key("scope-missing", "403 the token lacks a scope",
        refuses(403, "permission_error", "OAuth token does not meet scope requirement user:profile")),
    key("oauth-organization-not-allowed", "403 the organization forbids subscription access",
        refuses(403, "permission_error", "OAuth authentication is currently not allowed for this organization.")),
    key("request-not-allowed", "403 request not allowed: role, proxy or region",
        refuses(403, "forbidden", "Request not allowed")),
    key("forbidden", "403 the key may not do this",
        refuses(403, "permission_error", "Your API key does not have permission to use the specified resource.")),
    key("only-for-claude-code", "400 the credential is for Claude Code only",
        refuses(400, "invalid_request_error", "This credential is only authorized for use with Claude Code and cannot be used for other API requests.")),
    key("disguised-refusal", "429 with the message `Error`: a refusal that looks like a limit",
        refuses(429, "rate_limit_error", "Error")),
    key("credit-too-low", "400 no credit left; the model list still works",
        refuses_with(400, "invalid_request_error", "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.", None, Scope::Messages)),
    key("spend-limit", "400 the spend limit is reached",
        refuses(400, "invalid_request_error", "You have reached your specified API usage limits. You will regain access on 2099-01-01 at 00:00 UTC.")),
    key("billing", "402 a payment problem",
        refuses(402, "billing_error", "There is an issue with your organization's billing or payment information.")),
    key("organization-disabled", "400 the organization is disabled",
        refuses(400, "invalid_request_error", "This organization has been disabled.")),
    key("model-not-found", "404 no access to any model; the model list still works",
        refuses_with(404, "not_found_error", "model: MODEL", None, Scope::Models)),
    key("request-too-large", "413 the request is too large",
        refuses(413, "request_too_large", "Request exceeds the maximum size")),
    key("rate-limited", "429 too many requests, with retry-after",
        refuses_with(429, "rate_limit_error", "This request would exceed your organization's rate limit of 50 requests per minute.", Some(30), Scope::Everything)),
    key("monthly-limit", "429 the monthly limit is reached, without retry-after",
        refuses(429, "rate_limit_error", "This request would exceed your organization's monthly usage limit.")),
    key("server-error", "500 an error inside the API",
        refuses(500, "api_error", "Internal server error")),
    key("unavailable", "503 the API is unavailable",
        refuses(503, "api_error", "Service unavailable")),
    key("gateway-timeout", "504 the API took too long",
        refuses(504, "timeout_error", "Request timed out")),
    key("overloaded", "529 the API is overloaded",
        refuses(529, "overloaded_error", "Overloaded")),
    key("captive-portal", "200 with a web page: a network that wants you to sign in",
        Behaviour::Page { status: 200, title: "Sign in to this network" }),
    key("proxy-page", "502 with a web page: a proxy that cannot reach the API",
        Behaviour::Page { status: 502, title: "Bad gateway" }),
    key("redirected", "307 to another port of this machine", Behaviour::Redirects),
    key("malformed-reply", "200 with broken JSON", Behaviour::Malformed),
    key("oversized-reply", "200 with a body of 2 MiB", Behaviour::Oversized),
    key("slow", "the right answer after 3 seconds", Behaviour::Slow(Duration::from_secs(3))),
    key("silent", "never an answer", Behaviour::Silent),
    key("half-body", "the connection ends in the middle of the body", Behaviour::HalfBody),
    key("reset", "the connection is reset", Behaviour::Resets),
    key("not-http", "bytes that are not HTTP", Behaviour::NotHttp),
];

/// Every test token. New ones go to the end, as in [`ALL`].
#[rustfmt::skip]
pub const TOKENS: &[TestKey] = &[
    token("subscription-works", "everything works", Behaviour::Works),
    token("subscription-works-too", "everything works: a second token, to replace the first", Behaviour::Works),
    token("subscription-login", "everything works: what a login in the sandbox uses", Behaviour::Works),
    token("subscription-revoked", "403 the token has been revoked",
        refuses(403, "permission_error", "OAuth token has been revoked. Please obtain a new token.")),
    token("subscription-expired", "401 the token has expired",
        refuses(401, "authentication_error", "OAuth token has expired. Please obtain a new token or refresh your existing token.")),
    token("subscription-invalid", "401 invalid bearer token",
        refuses(401, "authentication_error", "Invalid bearer token")),
    token("subscription-organization-not-allowed", "403 the organization forbids subscription access",
        refuses(403, "permission_error", "OAuth authentication is currently not allowed for this organization.")),
    token("subscription-only-for-claude-code", "400 the server does not take it for Claude Code's",
        refuses(400, "invalid_request_error", "This credential is only authorized for use with Claude Code and cannot be used for other API requests.")),
    token("subscription-deactivated", "401 the account is deactivated",
        refuses(401, "authentication_error", "Invalid authentication credentials")),
    token("subscription-forbidden", "403 request not allowed: role, proxy or region",
        refuses(403, "forbidden", "Request not allowed")),
    token("subscription-rate-limited", "429 the usage of the plan is used up, with retry-after",
        refuses_with(429, "rate_limit_error", "This request would exceed your account's rate limit. Please try again later.", Some(30), Scope::Everything)),
    token("subscription-credit-too-low", "400 no extra usage left",
        refuses(400, "invalid_request_error", "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.")),
    token("subscription-overloaded", "529 the API is overloaded",
        refuses(529, "overloaded_error", "Overloaded")),
    token("subscription-server-error", "500 an error inside the API",
        refuses(500, "api_error", "Internal server error")),
];

impl TestKey {
    /// The key itself: 108 characters, as API keys and tokens have. The two digits before the end
    /// tell masked test keys apart, and the letter that fills them tells pieces apart (no X: that is
    /// a placeholder).
    #[must_use]
    pub fn text(&self) -> String {
        let (prefix, list) = match self.kind {
            KeyKind::ApiKey => ("sk-ant-api03-", ALL),
            KeyKind::Token => ("sk-ant-oat01-", TOKENS),
        };
        let place = list.iter().position(|k| k.name == self.name).unwrap_or(0) + 1;
        made(prefix, self.name, place)
    }
}

/// What a login in the sandbox is refreshed with. Nothing takes it.
#[must_use]
pub fn refresh_token() -> String {
    made("sk-ant-ort01-", "login", 1)
}

fn made(prefix: &str, name: &str, place: usize) -> String {
    let marked = format!("SANDBOX-{name}-");
    let filler = char::from(b'A' + u8::try_from((place - 1) % 8).unwrap_or_default());
    let fill: String = std::iter::repeat_n(filler, 91 - marked.len()).collect();
    format!("{prefix}{marked}{fill}{place:02}AA")
}

/// The API key or token with this text.
#[must_use]
pub fn find(text: &str) -> Option<&'static TestKey> {
    ALL.iter().chain(TOKENS).find(|key| key.text() == text)
}

/// The API key or token of this name.
#[must_use]
pub fn named(name: &str) -> Option<&'static TestKey> {
    ALL.iter().chain(TOKENS).find(|key| key.name == name)
}

/// The AWS identity of this name.
#[must_use]
pub fn identity(name: &str) -> Option<&'static Identity> {
    aws::ALL.iter().find(|identity| identity.name == name)
}

/// Whether this is a test key, a test token, or a part of a test identity.
#[must_use]
pub fn is_known(text: &str) -> bool {
    find(text).is_some() || text == refresh_token() || aws::holds(text)
}

/// Whether this secret is one of the sandbox's own.
#[must_use]
pub fn is_ours(secret: &Secret) -> bool {
    secret.inspect(is_known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_the_shape_of_keys_and_differ() {
        let mut seen = std::collections::BTreeSet::new();
        for key in ALL.iter().chain(TOKENS) {
            let text = key.text();
            let prefix = match key.kind {
                KeyKind::ApiKey => "sk-ant-api03-SANDBOX-",
                KeyKind::Token => "sk-ant-oat01-SANDBOX-subscription-",
            };
            assert_eq!(text.len(), 108, "{}", key.name);
            assert!(text.starts_with(prefix) && text.ends_with("AA"));
            assert!(
                text.bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
            );
            assert_eq!(find(&text).map(|found| found.name), Some(key.name));
            assert!(is_ours(&Secret::new(text.as_str())));
            assert!(seen.insert(Secret::new(text).mask()), "{}", key.name);
        }
    }

    #[test]
    fn other_keys_are_not_ours() {
        for text in [
            "",
            "sk-ant-api03-SANDBOX-works-",
            &format!("sk-ant-api03-{:A<93}AA", "x"),
        ] {
            assert!(!is_ours(&Secret::new(text)));
        }
    }
}
