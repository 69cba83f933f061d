mod messages;

use std::time::Duration;

use super::*;
use crate::exchange::{Failed, NetworkFailure};
use crate::provider::Model;

const HOST: &str = "api.anthropic.com";

fn reply(status: u16, headers: &[(&str, &str)], body: &str) -> Reply {
    Reply {
        status,
        headers: headers
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
            .collect(),
        body: body.as_bytes().to_vec(),
        oversized: false,
        elapsed: Duration::from_millis(7),
    }
}

fn read(level: &Level, reply: Reply) -> Verdict {
    classify(level, HOST, &Ok(reply))
}

/// The envelope of the API.
fn error(kind: &str, message: &str) -> String {
    format!(
        r#"{{"type":"error","error":{{"type":"{kind}","message":"{message}"}},"request_id":"req_1"}}"#
    )
}

fn check(status: u16, body: &str, expected: &str) {
    let found = read(&Level::Credential, reply(status, &[], body));
    assert_eq!(found.reason.id(), expected, "{status} {body}");
    assert_eq!(found.http_status, Some(status));
}

#[test]
fn what_the_api_says() {
    for (status, kind, message, expected) in messages::SAID {
        check(*status, &error(kind, message), expected);
    }
}

#[test]
fn what_gateways_say() {
    // An OpenAI-like body with Anthropic's type.
    check(
        401,
        r#"{"error":{"message":"Invalid API key","type":"authentication_error","code":"invalid_api_key"}}"#,
        "invalid-key",
    );
    check(
        401,
        r#"{"error":{"message":"Wrong","type":"x","param":null,"code":"invalid_api_key"}}"#,
        "invalid-key",
    );
    check(
        401,
        r#"{"error":{"message":"Incorrect API key provided: sk-1234. You can find it …","type":"invalid_request_error"}}"#,
        "invalid-key",
    );
    check(
        429,
        r#"{"error":{"message":"You exceeded your current quota","type":"insufficient_quota","code":"insufficient_quota"}}"#,
        "billing",
    );
    // litellm without a database: a key it does not know, and none.
    check(
        400,
        r#"{"error":{"message":"No connected db.","type":"no_db_connection","param":null,"code":"400"}}"#,
        "unauthorized",
    );
    check(
        500,
        r#"{"error":{"message":"Authentication Error, No api key passed in.","type":"auth_error","param":"None","code":"500"}}"#,
        "unauthorized",
    );
    check(
        400,
        r#"{"error":{"message":"/v1/messages: Invalid model name passed in model=x","type":"invalid_request_error","code":"400"}}"#,
        "model-not-found",
    );
    check(404, r#"{"detail":"Not Found"}"#, "not-the-api");
    check(401, r#"{"detail":"who"}"#, "unauthorized");
    check(403, r#"{"message":"Forbidden"}"#, "forbidden");
    check(401, r#"{"error":"unauthorized"}"#, "unauthorized");
    check(
        200,
        r#"{"object":"list","data":[{"id":"gpt-4","object":"model"}]}"#,
        "works",
    );
}

#[test]
fn what_is_not_the_api() {
    let portal = "<!DOCTYPE html><html><head><title>Guest  WiFi</title></head>";
    check(200, portal, "captive-portal");
    check(511, portal, "captive-portal");
    check(
        200,
        "<html><title>Welcome to nginx!</title></html>",
        "not-the-api",
    );
    check(
        200,
        "<html><title>Zscaler: sign in</title></html>",
        "not-the-api",
    );
    check(
        403,
        "<html><title>Access denied</title></html>",
        "not-the-api",
    );
    check(404, "<html>404</html>", "not-the-api");
    check(
        502,
        "<html><title>502 Bad Gateway</title></html>",
        "not-the-api",
    );
    check(
        413,
        "<html><title>413 Request Entity Too Large</title></html>",
        "request-too-large",
    );
    check(407, "<html>", "proxy-authentication");
    check(200, "", "malformed-reply");
    check(200, "hello", "malformed-reply");
    check(200, r#"{"data":[{"id":"#, "malformed-reply");
    check(200, "{}", "not-the-api");
    check(200, r#"{"data":"none"}"#, "not-the-api");
    check(200, "[1,2]", "not-the-api");
    check(204, "", "not-the-api");
    check(400, "Bad Request", "not-the-api");
    check(401, "", "unauthorized");
    check(402, "", "billing");
    check(403, "error code: 1020", "forbidden");
    check(404, "", "not-the-api");
    check(429, "slow down", "rate-limited");
    check(500, "", "server-error");
    check(503, "upstream", "server-error");
    check(529, "", "overloaded");
    let edge = reply(502, &[("cf-ray", "1")], "<html><title>502</title></html>");
    assert_eq!(read(&Level::Credential, edge).reason, Reason::ServerError);
    let portal = read(&Level::Credential, reply(200, &[], portal));
    assert_eq!(portal.message.as_deref(), Some("Guest WiFi"));
    let mut huge = reply(200, &[], "{\"data\":[");
    huge.oversized = true;
    assert_eq!(
        read(&Level::Credential, huge).reason,
        Reason::OversizedReply
    );
    let mut deep = "[".repeat(100_000);
    deep.push_str(&"]".repeat(100_000));
    check(200, &deep, "malformed-reply");
}

#[test]
fn redirects_name_the_host_only() {
    let check = |location: Option<&str>, expected: &str| {
        for status in [301, 302, 303, 307, 308] {
            let headers: Vec<_> = location.map(|l| ("location", l)).into_iter().collect();
            let found = read(&Level::Credential, reply(status, &headers, ""));
            assert_eq!(found.reason, Reason::Redirected);
            assert_eq!(found.message.as_deref(), Some(expected));
        }
    };
    check(
        Some("https://evil.example:8443/x?token=1"),
        "https://evil.example:8443",
    );
    check(Some("/login"), "another page of the same host");
    check(None, "no target given");
}

#[test]
fn levels_expect_their_own_reply() {
    let model = || "m".to_owned();
    let check = |level: Level, body: &str, expected: &str| {
        assert_eq!(
            read(&level, reply(200, &[], body)).reason.id(),
            expected,
            "{level:?} {body}"
        );
    };
    check(
        Level::Access { model: model() },
        r#"{"input_tokens":8}"#,
        "works",
    );
    check(
        Level::Access { model: model() },
        r#"{"data":[]}"#,
        "not-the-api",
    );
    check(
        Level::Paid { model: model() },
        r#"{"type":"message","content":[{"type":"text","text":"."}]}"#,
        "works",
    );
    check(
        Level::Paid { model: model() },
        r#"{"input_tokens":8}"#,
        "not-the-api",
    );
    check(Level::Models, r#"{"data":[]}"#, "works");
    let missing = reply(404, &[], &error("not_found_error", "Not found"));
    assert_eq!(
        read(&Level::Paid { model: model() }, missing).reason,
        Reason::ModelNotFound
    );
}

#[test]
fn models_are_listed() {
    let body = r#"{"data":[{"type":"model","id":"claude-b","display_name":"Claude B","created_at":"2026-01-01T00:00:00Z"},
        {"id":"claude-a"},{"name":"no id"},7],"has_more":false}"#;
    let found = read(&Level::Models, reply(200, &[], body));
    let model = |id: &str, name: &str| Model {
        id: id.to_owned(),
        display_name: name.to_owned(),
    };
    assert_eq!(
        found.models,
        [model("claude-b", "Claude B"), model("claude-a", "claude-a")]
    );
    assert_eq!(found.message, None);
}

#[test]
fn headers_are_kept() {
    let date = ("date", "Fri, 20 Nov 2026 12:00:00 GMT");
    let found = read(
        &Level::Credential,
        reply(
            429,
            &[
                ("request-id", "req_header"),
                ("retry-after", "17"),
                date,
                ("anthropic-ratelimit-requests-remaining", "0"),
            ],
            &error("rate_limit_error", "slow down"),
        ),
    );
    assert_eq!(found.request_id.as_deref(), Some("req_header"));
    assert_eq!(found.retry_after, Some(17));
    assert_eq!(
        found.limits,
        [("requests-remaining".to_owned(), "0".to_owned())]
    );
    assert_eq!(found.server_time, "2026-11-20T12:00:00Z".parse().ok());
    assert_eq!(found.message.as_deref(), Some("slow down"));
    assert_eq!(found.elapsed, Duration::from_millis(7));
    let wait =
        |headers: &[(&str, &str)]| read(&Level::Credential, reply(429, headers, "")).retry_after;
    assert_eq!(
        wait(&[date, ("retry-after", "Fri, 20 Nov 2026 12:01:30 GMT")]),
        Some(90)
    );
    assert_eq!(
        wait(&[date, ("retry-after", "Fri, 20 Nov 2026 11:00:00 GMT")]),
        Some(0)
    );
    assert_eq!(
        wait(&[("retry-after", "Fri, 20 Nov 2026 12:01:30 GMT")]),
        None
    );
    assert_eq!(wait(&[("retry-after", "soon")]), None);
    let found = read(
        &Level::Credential,
        reply(401, &[], &error("authentication_error", "x")),
    );
    assert_eq!(found.request_id.as_deref(), Some("req_1"));
    let never = reply(
        429,
        &[("x-should-retry", "false")],
        &error("rate_limit_error", "limit"),
    );
    assert_eq!(read(&Level::Credential, never).reason, Reason::MonthlyLimit);
}

#[test]
fn a_message_shows_no_key_and_is_cut() {
    let key = format!("sk-ant-api03-{}", "A1b2".repeat(20));
    let body = error(
        "authentication_error",
        &format!("Invalid API key: {key} {}", "x".repeat(400)),
    );
    let message = read(&Level::Credential, reply(401, &[], &body))
        .message
        .expect("a message");
    assert!(
        message.starts_with("Invalid API key: [removed] xxx"),
        "{message}"
    );
    assert_eq!(message.chars().count(), 300);
}

#[test]
fn every_network_failure_has_its_reason() {
    use NetworkFailure as N;
    let cases = [
        (N::Dns, "dns"),
        (N::Refused, "connection-refused"),
        (N::NoRoute, "no-route"),
        (N::Timeout, "timed-out"),
        (N::Reset, "connection-reset"),
        (N::TlsUnknownIssuer, "tls-unknown-issuer"),
        (N::TlsExpired, "tls-expired"),
        (N::TlsNotYetValid, "tls-not-yet-valid"),
        (N::TlsWrongName, "tls-wrong-name"),
        (N::TlsOther, "tls-other"),
        (N::NoCaStore, "no-ca-store"),
        (N::ProxyUnreachable, "proxy-unreachable"),
        (N::ProxyAuthentication, "proxy-authentication"),
        (N::ProxyRefused, "proxy-refused"),
        (N::ProxyMalformed, "proxy-malformed"),
        (N::NotHttp, "malformed-reply"),
        (N::Other, "network-other"),
    ];
    for (failure, expected) in cases {
        let failed = Failed {
            failure,
            peer: HOST.to_owned(),
            variable: None,
            detail: "detail".to_owned(),
            elapsed: Duration::ZERO,
        };
        let found = classify(&Level::Credential, HOST, &Err(failed));
        assert_eq!(found.reason.id(), expected);
        assert_eq!(found.http_status, None);
    }
}
