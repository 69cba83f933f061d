//! What `claude -p --output-format json` said about the credential that it was given. The texts are
//! those that 2.1.197 and 2.1.329 print for each reply of the API.

use serde_json::Value;

use super::classify::by_message;
use crate::provider::{Reason, Verdict, network, paste};

/// How the program ended, and what it printed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Said<'a> {
    /// The exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// It was stopped at its time limit.
    pub timed_out: bool,
    /// It printed more than was kept.
    pub flooded: bool,
    pub stdout: &'a [u8],
    pub stderr: &'a [u8],
}

/// What that means for the credential; `host` is where it was sent.
#[must_use]
pub fn classify(host: &str, said: &Said<'_>) -> Verdict {
    let stdout = String::from_utf8_lossy(said.stdout);
    let Some(result) = result(&stdout) else {
        return without_result(host, said, &stdout);
    };
    let words = words(&result);
    let status = result
        .get("api_error_status")
        .and_then(Value::as_u64)
        .and_then(|status| u16::try_from(status).ok());
    let reason = if answered(&result) {
        Reason::Works
    } else {
        reason(&words, status, kind(&result))
    };
    let mut verdict = Verdict::of(reason, host);
    verdict.http_status = status;
    if reason != Reason::Works {
        verdict.message = told(&words);
    }
    verdict
}

/// The one object that the program prints; other lines before it are warnings.
fn result(stdout: &str) -> Option<Value> {
    let parse = |text: &str| {
        let value: Value = serde_json::from_str(text.trim()).ok()?;
        // With `verbose` in the settings it is the last of a list.
        let value = match value {
            Value::Array(mut all) => all.pop()?,
            value => value,
        };
        let is_result = value.get("type").and_then(Value::as_str) == Some("result");
        is_result.then_some(value)
    };
    parse(stdout).or_else(|| stdout.lines().rev().find_map(parse))
}

/// The model answered, or would have gone on for longer than it was let.
fn answered(result: &Value) -> bool {
    let subtype = result.get("subtype").and_then(Value::as_str);
    let error = result.get("is_error").and_then(Value::as_bool);
    subtype == Some("error_max_turns") || error == Some(false) && subtype == Some("success")
}

fn words(result: &Value) -> String {
    let text = result.get("result").and_then(Value::as_str);
    let first = || result.get("errors")?.as_array()?.first()?.as_str();
    text.or_else(first).unwrap_or_default().to_owned()
}

/// The class that the program gives to a failure, where it says one.
fn kind(result: &Value) -> Option<&str> {
    ["api_error", "error"]
        .iter()
        .find_map(|name| result.get(name).and_then(Value::as_str))
}

/// Nothing that Claude Code would say.
fn without_result(host: &str, said: &Said<'_>, stdout: &str) -> Verdict {
    let reason = if said.flooded {
        Reason::ProgramFlooded
    } else if said.timed_out {
        Reason::ProgramHung
    } else if said.code == Some(0) {
        Reason::ProgramUnknown
    } else {
        Reason::ProgramCrashed
    };
    let stderr = String::from_utf8_lossy(said.stderr);
    let mut verdict = Verdict::of(reason, host);
    let first = [&*stderr, stdout].into_iter().find_map(first_line);
    verdict.message = first.and_then(told);
    verdict
}

fn first_line(text: &str) -> Option<&str> {
    text.lines().map(str::trim).find(|line| !line.is_empty())
}

fn told(text: &str) -> Option<String> {
    Some(network::cut(&paste::scrub(text))).filter(|text| !text.is_empty())
}

/// Parts of what the program says in words of its own, in lower case, the telling ones first.
const TEXTS: &[(&str, Reason)] = &[
    ("not logged in", Reason::NotLoggedIn),
    ("could not be refreshed", Reason::TokenExpired),
    ("oauth token revoked", Reason::TokenRevoked),
    // 2.1.197, for a revoked token.
    (
        "your account does not have access to claude",
        Reason::TokenRevoked,
    ),
    (
        "disabled claude subscription access",
        Reason::OauthOrganizationNotAllowed,
    ),
    (
        "belongs to a disabled organization",
        Reason::OrganizationDisabled,
    ),
    ("issue with the selected model", Reason::ModelNotFound),
    ("apikeyhelper", Reason::HelperFailed),
    ("usage limit reached", Reason::RateLimited),
    ("hit your", Reason::RateLimited),
    ("econnrefused", Reason::ConnectionRefused),
    ("enotfound", Reason::Dns),
    ("eai_again", Reason::Dns),
    ("etimedout", Reason::TimedOut),
    ("request timed out", Reason::TimedOut),
    ("econnreset", Reason::ConnectionReset),
    ("socket hang up", Reason::ConnectionReset),
    ("ehostunreach", Reason::NoRoute),
    ("enetunreach", Reason::NoRoute),
    ("cert_has_expired", Reason::TlsExpired),
    ("cert_not_yet_valid", Reason::TlsNotYetValid),
    ("altname_invalid", Reason::TlsWrongName),
    ("unable_to_verify_leaf", Reason::TlsUnknownIssuer),
    ("unable_to_get_issuer", Reason::TlsUnknownIssuer),
    ("self_signed_cert", Reason::TlsUnknownIssuer),
    ("ssl certificate verification failed", Reason::TlsOther),
];

/// Classes that the program names.
const KINDS: &[(&str, Reason)] = &[
    ("oauth_org_not_allowed", Reason::OauthOrganizationNotAllowed),
    ("authentication_failed", Reason::Unauthorized),
    ("billing_error", Reason::Billing),
    ("rate_limit", Reason::RateLimited),
    ("overloaded", Reason::Overloaded),
    ("model_not_found", Reason::ModelNotFound),
    ("invalid_request", Reason::InvalidRequest),
    ("server_error", Reason::ServerError),
    ("tls_untrusted_ca", Reason::TlsUnknownIssuer),
    ("connection_failed", Reason::NetworkOther),
];

fn reason(words: &str, status: Option<u16>, kind: Option<&str>) -> Reason {
    let text = words.to_lowercase();
    let (said, server) = server_words(&text);
    let status = status.or(said);
    if let Some(reason) = by_message(status.unwrap_or_default(), server)
        .filter(|reason| *reason == Reason::DisguisedRefusal)
    {
        return reason;
    }
    let part = TEXTS.iter().find(|(part, _)| text.contains(part));
    if let Some((_, reason)) = part {
        return *reason;
    }
    by_message(status.unwrap_or_default(), &text)
        .or_else(|| {
            let named = KINDS.iter().find(|(name, _)| Some(*name) == kind);
            named.map(|(_, reason)| *reason)
        })
        .unwrap_or_else(|| by_status(status))
}

/// The status in `API Error: 401 Invalid bearer token`, and what the server said: what follows it,
/// or the program's own words and ` · `.
fn server_words(text: &str) -> (Option<u16>, &str) {
    let Some((_, rest)) = text.split_once("api error: ") else {
        return (None, text);
    };
    let (first, message) = rest.split_once(' ').unwrap_or((rest, ""));
    match first.parse::<u16>() {
        Ok(status) => (Some(status), message.trim()),
        Err(_) => (None, rest.rsplit(" · ").next().unwrap_or(rest).trim()),
    }
}

const fn by_status(status: Option<u16>) -> Reason {
    match status {
        Some(400 | 422) => Reason::InvalidRequest,
        Some(401) => Reason::Unauthorized,
        Some(402) => Reason::Billing,
        Some(403) => Reason::Forbidden,
        Some(404 | 405) => Reason::NotTheApi,
        Some(407) => Reason::ProxyAuthentication,
        Some(413) => Reason::RequestTooLarge,
        Some(429) => Reason::RateLimited,
        Some(529) => Reason::Overloaded,
        Some(500..=599) => Reason::ServerError,
        _ => Reason::Unclassified,
    }
}

#[cfg(test)]
mod tests;
