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
mod tests {
    use super::*;

    fn failed(status: Option<u16>, words: &str) -> String {
        serde_json::json!({"type": "result", "subtype": "success", "is_error": true,
            "api_error_status": status, "result": words})
        .to_string()
    }

    fn of(code: Option<i32>, stdout: &str, stderr: &str) -> Verdict {
        let said = Said {
            code,
            stdout: stdout.as_bytes(),
            stderr: stderr.as_bytes(),
            ..Said::default()
        };
        classify("api.anthropic.com", &said)
    }

    #[test]
    fn what_it_says_for_each_reply() {
        let check = |status, words: &str, expected: Reason| {
            let verdict = of(Some(1), &failed(status, words), "");
            assert_eq!(verdict.reason, expected, "{words}");
            assert_eq!(verdict.http_status, status);
            assert_eq!(verdict.message.as_deref(), Some(words));
        };
        check(
            None,
            "Not logged in · Please run /login",
            Reason::NotLoggedIn,
        );
        check(
            Some(401),
            "Invalid API key · Fix external API key",
            Reason::InvalidKey,
        );
        check(
            Some(401),
            "Failed to authenticate. API Error: 401 Invalid bearer token",
            Reason::InvalidBearer,
        );
        check(
            Some(401),
            "Failed to authenticate. API Error: 401 OAuth token has expired. Please obtain a new token or refresh your existing token.",
            Reason::TokenExpired,
        );
        check(
            Some(401),
            "Failed to authenticate. API Error: 401 something new",
            Reason::Unauthorized,
        );
        check(
            None,
            "Failed to authenticate. API Error: 401 something new",
            Reason::Unauthorized,
        );
        check(
            Some(403),
            "Failed to authenticate: OAuth token revoked. Please log in again or contact your administrator.",
            Reason::TokenRevoked,
        );
        check(
            Some(403),
            "Your account does not have access to Claude. Please login again or contact your administrator.",
            Reason::TokenRevoked,
        );
        check(
            Some(403),
            "Your organization has disabled Claude subscription access for Claude Code · Use an Anthropic API key instead, or ask your admin to enable access",
            Reason::OauthOrganizationNotAllowed,
        );
        check(
            Some(403),
            "Failed to authenticate. API Error: 403 Request not allowed",
            Reason::RequestNotAllowed,
        );
        check(Some(403), "API Error: 403 no", Reason::Forbidden);
        check(
            Some(400),
            "API Error: 400 This credential is only authorized for use with Claude Code and cannot be used for other API requests.",
            Reason::OnlyForClaudeCode,
        );
        check(Some(400), "API Error: 400 Error", Reason::DisguisedRefusal);
        check(
            Some(429),
            "API Error: Server is temporarily limiting requests (not your usage limit) · Error",
            Reason::DisguisedRefusal,
        );
        check(
            Some(429),
            "API Error: Server is temporarily limiting requests (not your usage limit) · Number of requests has exceeded your rate limit",
            Reason::RateLimited,
        );
        check(
            Some(429),
            "API Error: Request rejected (429) · slow down",
            Reason::RateLimited,
        );
        check(Some(400), "Credit balance is too low", Reason::CreditTooLow);
        check(
            Some(400),
            "API Error: 400 This organization has been disabled.",
            Reason::OrganizationDisabled,
        );
        check(
            Some(400),
            "Your ANTHROPIC_API_KEY belongs to a disabled organization · Update or unset the environment variable",
            Reason::OrganizationDisabled,
        );
        check(
            Some(404),
            "There's an issue with the selected model (claude-x). It may not exist or you may not have access to it. Run --model to pick a different model.",
            Reason::ModelNotFound,
        );
        check(Some(404), "API Error: 404 Not Found", Reason::NotTheApi);
        check(
            Some(529),
            "API Error: 529 Overloaded. This is a server-side issue",
            Reason::Overloaded,
        );
        check(
            Some(500),
            "API Error: 500 Internal server error. This is a server-side issue",
            Reason::ServerError,
        );
        check(
            None,
            "Failed to authenticate: OAuth session expired and could not be refreshed",
            Reason::TokenExpired,
        );
        check(
            None,
            "Your apiKeyHelper script is failing · fix it",
            Reason::HelperFailed,
        );
        check(
            None,
            "Claude AI usage limit reached|1795200000",
            Reason::RateLimited,
        );
        check(
            None,
            "You've hit your session limit · resets 3pm",
            Reason::RateLimited,
        );
        check(
            None,
            "API Error: Connection refused — a firewall or proxy may be blocking it (ECONNREFUSED)",
            Reason::ConnectionRefused,
        );
        check(
            None,
            "API Error: SSL certificate verification failed (UNABLE_TO_VERIFY_LEAF_SIGNATURE), set NODE_EXTRA_CA_CERTS",
            Reason::TlsUnknownIssuer,
        );
        check(None, "something nobody has seen", Reason::Unclassified);
    }

    #[test]
    fn its_own_classes_decide_where_its_words_do_not() {
        let check = |name: &str, kind: &str, expected: Reason| {
            let text = serde_json::json!({"type": "result", "subtype": "success", "is_error": true, name: kind, "result": "?"});
            assert_eq!(
                of(Some(1), &text.to_string(), "").reason,
                expected,
                "{kind}"
            );
        };
        for (kind, expected) in KINDS {
            check("api_error", kind, *expected);
            check("error", kind, *expected);
        }
        check("error", "unknown", Reason::Unclassified);
    }

    #[test]
    fn answers_and_their_places() {
        let works = r#"{"type":"result","subtype":"success","is_error":false,"result":"OK"}"#;
        let check = |stdout: &str, expected: Reason| {
            assert_eq!(of(Some(0), stdout, "").reason, expected, "{stdout}");
        };
        check(works, Reason::Works);
        check(&format!("Warning: something\n{works}\n"), Reason::Works);
        check(&format!(r#"[{{"type":"system"}},{works}]"#), Reason::Works);
        check(
            r#"{"type":"result","subtype":"error_max_turns","is_error":true}"#,
            Reason::Works,
        );
        check(r#"{"type":"result"}"#, Reason::Unclassified);
        check(r#"{"hello":"world"}"#, Reason::ProgramUnknown);
        check("Claude says hello", Reason::ProgramUnknown);
        check("", Reason::ProgramUnknown);
        check("[]", Reason::ProgramUnknown);
    }

    #[test]
    fn programs_that_do_not_answer() {
        let check = |said: Said<'_>, expected: Reason, message: Option<&str>| {
            let verdict = classify("api.anthropic.com", &said);
            assert_eq!(verdict.reason, expected);
            assert_eq!(verdict.message.as_deref(), message);
        };
        let crashed = Said {
            code: Some(1),
            stderr: b"\nError: no\nmore",
            ..Said::default()
        };
        check(crashed, Reason::ProgramCrashed, Some("Error: no"));
        check(Said::default(), Reason::ProgramCrashed, None);
        let hung = Said {
            timed_out: true,
            ..Said::default()
        };
        check(hung, Reason::ProgramHung, None);
        let flooded = Said {
            code: Some(0),
            flooded: true,
            stdout: b"yyyy",
            ..Said::default()
        };
        check(flooded, Reason::ProgramFlooded, Some("yyyy"));
        let secret = Said {
            code: Some(2),
            stderr: b"bad token sk-ant-oat01-canarycanary",
            ..Said::default()
        };
        check(secret, Reason::ProgramCrashed, Some("bad token [removed]"));
        let answered = br#"{"type":"result","subtype":"success","is_error":false,"result":"OK"}"#;
        let late = Said {
            timed_out: true,
            stdout: answered,
            ..Said::default()
        };
        check(late, Reason::Works, None);
    }

    #[test]
    fn words_are_cut() {
        let verdict = of(Some(1), &failed(None, &"x ".repeat(5000)), "");
        assert!(
            verdict
                .message
                .is_some_and(|text| text.chars().count() <= 300)
        );
    }
}
