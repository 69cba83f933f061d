//! What the network does to a probe: loopback servers and proxies that misbehave, and what becomes
//! of the key then.

mod proxy;
mod tls;

use std::time::{Duration, Instant};

use keywright::exchange::NetworkFailure;
use keywright::probe::{self, Probe};
use keywright::provider::anthropic::endpoint::Endpoint;
use keywright::provider::{Level, Reason, Verdict, registry};
use keywright::system::{Environment, System};
use keywright::{Secret, exchange};

use crate::support::machine::key;
use crate::support::server::{Answer, Recorded, Server, dead_address};

/// A system with nothing but these variables.
fn system(variables: &[(&str, &str)]) -> System {
    System::with_environment(Environment::of(variables.iter().copied(), "/"))
}

fn probe_of(url: &str, timeout: Duration) -> Probe {
    Probe {
        provider: registry::find("anthropic").expect("registered"),
        endpoint: Endpoint::parse(url).expect("a base URL"),
        key: Secret::new(key("01")),
        level: Level::Credential,
        timeout,
    }
}

fn run(variables: &[(&str, &str)], url: &str) -> Verdict {
    probe::run(&system(variables), &probe_of(url, Duration::from_secs(10)))
}

/// A reserved name with a label that is too long to be asked for: no name server takes part.
fn unknown_name() -> String {
    format!("{}.invalid", "x".repeat(64))
}

#[test]
fn a_probe_sends_the_key_once_in_its_header_and_says_who_it_is() {
    let server = Server::always(Answer::models().header("request-id", "req_7"));
    let verdict = run(&[], &server.url());
    assert_eq!(verdict.reason, Reason::Works);
    assert_eq!(verdict.request_id.as_deref(), Some("req_7"));
    assert_eq!(verdict.models[0].id, "claude-test-1");
    let [request] = &server.requests()[..] else {
        panic!("one request: {:?}", server.requests());
    };
    assert_eq!(
        (request.method.as_str(), request.path.as_str()),
        ("GET", "/v1/models?limit=1")
    );
    assert_eq!(request.header("x-api-key"), Some(key("01").as_str()));
    assert_eq!(request.header("anthropic-version"), Some("2023-06-01"));
    assert_eq!(
        request.header("user-agent"),
        Some(concat!("keywright/", env!("CARGO_PKG_VERSION")))
    );
    for name in [
        "authorization",
        "anthropic-beta",
        "x-app",
        "accept-encoding",
    ] {
        assert_eq!(request.header(name), None, "{name}");
    }
}

#[test]
fn a_paid_probe_posts_its_body() {
    let server = Server::always(Answer::json(200, r#"{"type":"message","content":[]}"#));
    let mut probe = probe_of(&server.url(), Duration::from_secs(10));
    probe.level = Level::Paid {
        model: "m".to_owned(),
    };
    assert_eq!(probe::run(&system(&[]), &probe).reason, Reason::Works);
    let requests = server.requests();
    assert_eq!(requests[0].method, "POST");
    let body: serde_json::Value = serde_json::from_slice(&requests[0].body).expect("JSON");
    assert_eq!(body["max_tokens"], 1);
}

#[test]
fn a_reply_of_the_api_keeps_its_words() {
    let server = Server::list(vec![
        Answer::error(401, "authentication_error", "invalid x-api-key"),
        Answer::error(429, "rate_limit_error", "slow down").header("retry-after", "9"),
    ]);
    let first = run(&[], &server.url());
    assert_eq!(
        (first.reason, first.request_id.as_deref()),
        (Reason::InvalidKey, Some("req_test"))
    );
    let second = run(&[], &server.url());
    assert_eq!(
        (second.reason, second.retry_after),
        (Reason::RateLimited, Some(9))
    );
}

#[test]
fn a_redirect_never_carries_the_key() {
    let other = Server::always(Answer::models());
    for status in [301, 302, 303, 307, 308] {
        for target in [
            other.url(),
            format!("http://localhost:{}", other.address().port()),
            "/elsewhere".to_owned(),
        ] {
            let server = Server::always(Answer::json(status, "").header("location", &target));
            let verdict = run(&[], &server.url());
            assert_eq!(verdict.reason, Reason::Redirected, "{status} {target}");
            assert_eq!(server.requests().len(), 1, "{status} {target}");
        }
    }
    assert_eq!(other.connections(), 0);
}

#[test]
fn broken_replies_have_their_reasons() {
    let check = |answer: Answer, expected: Reason| {
        let shown = format!("{answer:?}");
        let server = Server::always(answer);
        assert_eq!(run(&[], &server.url()).reason, expected, "{shown:.80}");
    };
    check(Answer::Close, Reason::ConnectionReset);
    check(Answer::Half, Reason::ConnectionReset);
    check(
        Answer::Raw(b"SSH-2.0-OpenSSH_9.9\r\n".to_vec()),
        Reason::MalformedReply,
    );
    check(
        Answer::Raw(b"HTTP/1.1 200 OK\r\n\r\n{\"data\":[".to_vec()),
        Reason::MalformedReply,
    );
    check(
        Answer::Raw(b"HTTP/1.1 200 OK\r\n\r\n<html><title>Hotel</title></html>".to_vec()),
        Reason::CaptivePortal,
    );
    let server = Server::resets();
    assert_eq!(run(&[], &server.url()).reason, Reason::ConnectionReset);
}

#[test]
fn a_huge_body_is_cut() {
    let server = Server::always(Answer::Huge(50 * 1024 * 1024));
    let probe = probe_of(&server.url(), Duration::from_secs(10));
    let build = probe.provider.request;
    let request =
        build(&probe.endpoint, &probe.key, &probe.level, probe.timeout).expect("a request");
    let reply = system(&[]).http.send(&request).expect("a reply");
    assert!(reply.oversized);
    assert_eq!(reply.body.len(), exchange::BODY_LIMIT);
    assert_eq!(run(&[], &server.url()).reason, Reason::OversizedReply);
}

#[test]
fn time_limits_hold() {
    let limit = Duration::from_millis(300);
    for answer in [
        Answer::Silence,
        Answer::Drip(Duration::from_millis(20)),
        Answer::After(Duration::from_secs(5), Box::new(Answer::models())),
    ] {
        let shown = format!("{answer:?}");
        let server = Server::always(answer);
        let start = Instant::now();
        let verdict = probe::run(&system(&[]), &probe_of(&server.url(), limit));
        assert_eq!(verdict.reason, Reason::TimedOut, "{shown}");
        assert!(verdict.elapsed >= limit, "{shown}");
        assert!(start.elapsed() < Duration::from_secs(4), "{shown}");
    }
}

#[test]
fn no_connection() {
    let dead = dead_address();
    let verdict = run(&[], &format!("http://{dead}"));
    assert_eq!(verdict.reason, Reason::ConnectionRefused);
    assert_eq!(verdict.host, dead.to_string());
    let verdict = run(&[], &format!("http://{}", unknown_name()));
    assert_eq!(verdict.reason, Reason::Dns);
}

#[test]
fn a_key_that_no_header_carries_is_not_sent() {
    let server = Server::always(Answer::models());
    let mut probe = probe_of(&server.url(), Duration::from_secs(10));
    probe.key = Secret::new("sk-ant-api03-two\nlines");
    let verdict = probe::run(&system(&[]), &probe);
    assert_eq!(verdict.reason, Reason::InvalidKey);
    assert!(
        verdict
            .message
            .is_some_and(|text| text.ends_with("it was not sent"))
    );
    assert_eq!(server.connections(), 0);
}

#[test]
fn a_key_that_the_server_repeats_is_not_passed_on() {
    let server = Server::start(|request: &Recorded| {
        let key = request.header("x-api-key").unwrap_or_default().to_owned();
        Answer::error(401, "authentication_error", &format!("unknown key {key}."))
    });
    for secret in [key("01"), "hunter2-hunter2".to_owned()] {
        let mut probe = probe_of(&server.url(), Duration::from_secs(10));
        probe.key = Secret::new(secret.clone());
        let verdict = probe::run(&system(&[]), &probe);
        assert_eq!(verdict.message.as_deref(), Some("unknown key [removed]."));
    }
}

#[test]
fn the_failure_names_the_host_but_no_more_of_the_address() {
    let probe = probe_of(
        &format!("http://{}/secret-path", dead_address()),
        Duration::from_secs(10),
    );
    let build = probe.provider.request;
    let request =
        build(&probe.endpoint, &probe.key, &probe.level, probe.timeout).expect("a request");
    let failed = system(&[]).http.send(&request).expect_err("nobody listens");
    assert_eq!(failed.failure, NetworkFailure::Refused);
    let shown = format!("{failed:?}");
    assert!(
        !shown.contains("secret-path") && !shown.contains("sk-ant"),
        "{shown}"
    );
}
