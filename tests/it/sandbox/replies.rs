//! Each test key gives its reply, and the endpoints answer as the API does.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use keywright::sandbox::Running;
use keywright::sandbox::Sandbox;
use keywright::sandbox::keys::{self, Behaviour, Scope};
use keywright::system::Clock;
use serde_json::Value;

use super::wire::{Got, PATIENCE, VERSION, exchange, get, key_named, post, request, start};
use crate::support::machine::key;

const ASK: &str =
    r#"{"model":"claude-opus-5-5","max_tokens":64,"messages":[{"role":"user","content":"Hi"}]}"#;

fn endpoints(running: &Running, key: &str) -> [(Scope, Got); 3] {
    [
        (Scope::Everything, get(running, "/v1/models?limit=1", key)),
        (
            Scope::Models,
            post(running, "/v1/messages/count_tokens", key, ASK),
        ),
        (Scope::Messages, post(running, "/v1/messages", key, ASK)),
    ]
}

#[test]
fn every_refusal_comes_in_the_envelope_of_the_api() {
    let running = start();
    for test_key in keys::ALL {
        let Behaviour::Refuses(refusal) = test_key.behaviour else {
            continue;
        };
        for (endpoint, got) in endpoints(&running, &test_key.text()) {
            let refused = match refusal.scope {
                Scope::Everything => true,
                Scope::Models => endpoint != Scope::Everything,
                Scope::Messages => endpoint == Scope::Messages,
            };
            let name = test_key.name;
            if !refused {
                assert_eq!(got.status, 200, "{name}: {got:?}");
                continue;
            }
            assert_eq!(got.status, refusal.status, "{name}: {got:?}");
            let body = got.json();
            assert_eq!(body["type"], "error");
            assert_eq!(body["error"]["type"], refusal.kind);
            let message = refusal.message.replace("MODEL", "claude-opus-5-5");
            assert_eq!(body["error"]["message"], message, "{name}");
            assert_eq!(got.header("request-id"), body["request_id"].as_str());
            let retry = refusal.retry_after.map(|seconds| seconds.to_string());
            assert_eq!(got.header("retry-after"), retry.as_deref(), "{name}");
            let left = got.header("anthropic-ratelimit-requests-remaining");
            assert_eq!(left == Some("0"), refusal.status == 429, "{name}");
        }
    }
}

#[test]
fn replies_that_are_no_answer() {
    let running = start();
    let ask = |name: &str| get(&running, "/v1/models", &key_named(name));

    let page = ask("captive-portal");
    assert_eq!((page.status, &page.body[..9]), (200, "<!DOCTYPE"));
    assert_eq!(ask("proxy-page").status, 502);

    let redirect = ask("redirected");
    let target = redirect.header("location").expect("a target");
    assert_eq!(redirect.status, 307);
    assert!(target.starts_with("http://127.0.0.1:") && !target.starts_with(&running.base_url));

    let broken = ask("malformed-reply");
    assert_eq!(broken.status, 200);
    assert!(serde_json::from_str::<Value>(&broken.body).is_err());

    assert!(ask("oversized-reply").body.len() > 2 * 1024 * 1024);

    let half = ask("half-body");
    let promised: usize = half
        .header("content-length")
        .and_then(|length| length.parse().ok())
        .expect("a length");
    assert!(
        !half.body.is_empty() && half.body.len() < promised,
        "{half:?}"
    );

    let reset = ask("reset");
    assert_eq!(reset.error, Some(std::io::ErrorKind::ConnectionReset));
    assert_eq!(reset.headers, "");

    assert!(ask("not-http").headers.starts_with("SSH-2.0"));
}

#[test]
fn slow_and_silent() {
    let running = start();
    let begun = Instant::now();
    assert_eq!(get(&running, "/v1/models", &key_named("slow")).status, 200);
    assert!(begun.elapsed() >= Duration::from_secs(3));

    let silent = key_named("silent");
    let request = request("GET", "/v1/models", &[("x-api-key", &silent), VERSION], "");
    let got = exchange(&running.base_url, &request, Duration::from_millis(300));
    assert_eq!(got.headers, "");
    assert!(got.error.is_some(), "it must not have closed: {got:?}");
}

#[test]
fn a_redirect_followed_gives_itself_away() {
    let running = start();
    let redirect = get(&running, "/v1/models", &key_named("redirected"));
    let target = redirect.header("location").expect("a target");
    let other = target.trim_end_matches("/v1/models");
    let request = request("GET", "/v1/models", &[("x-api-key", "any"), VERSION], "");
    assert_eq!(exchange(other, &request, PATIENCE).status, 200);
}

#[test]
fn who_may_ask() {
    let running = start();
    let works = key_named("works");
    let bearer = format!("Bearer {works}");
    let foreign = key("1234");
    let check = |headers: &[(&str, &str)], status: u16, message: &str| {
        let request = request("GET", "/v1/models", headers, "");
        let got = exchange(&running.base_url, &request, PATIENCE);
        assert_eq!(got.status, status, "{headers:?}");
        if status != 200 {
            assert_eq!(got.json()["error"]["message"], message);
        }
    };
    check(&[("x-api-key", &works), VERSION], 200, "");
    check(&[("authorization", &bearer), VERSION], 200, "");
    check(&[VERSION], 401, "x-api-key header is required");
    check(
        &[("x-api-key", &foreign), VERSION],
        401,
        "invalid x-api-key",
    );
    check(
        &[("authorization", "Bearer x"), VERSION],
        401,
        "Invalid bearer token",
    );
    check(
        &[("x-api-key", &works)],
        400,
        "anthropic-version: header is required",
    );
    check(
        &[("x-api-key", &works), VERSION, ("host", "evil.example")],
        421,
        "the sandbox answers requests to this machine only",
    );
    check(
        &[("x-api-key", &works), VERSION, ("host", "localhost:1")],
        200,
        "",
    );
}

#[test]
fn models_come_in_pages() {
    let running = start();
    let works = key_named("works");
    let mut seen = Vec::new();
    let mut path = "/v1/models?limit=2".to_owned();
    loop {
        let page = get(&running, &path, &works).json();
        let data = page["data"].as_array().expect("a list");
        assert!(data.len() <= 2);
        for model in data {
            assert_eq!(model["type"], "model");
            assert!(model["display_name"].is_string() && model["created_at"].is_string());
            seen.push(model["id"].as_str().expect("an id").to_owned());
        }
        assert_eq!(page["first_id"], data[0]["id"]);
        if page["has_more"] == false {
            break;
        }
        let last = page["last_id"].as_str().expect("an id");
        path = format!("/v1/models?limit=2&after_id={last}");
    }
    assert_eq!(seen.len(), 6);
    let one = get(&running, &format!("/v1/models/{}", seen[0]), &works).json();
    assert_eq!(one["id"], seen[0].as_str());
    assert_eq!(get(&running, "/v1/models/none", &works).status, 404);
    for bad in ["limit=0", "limit=1001", "limit=x", "after_id=none"] {
        let got = get(&running, &format!("/v1/models?{bad}"), &works);
        assert_eq!(got.status, 400, "{bad}");
    }
}

#[test]
fn messages_plain_and_streamed() {
    let running = start();
    let works = key_named("works");
    let plain = post(&running, "/v1/messages", &works, ASK).json();
    assert_eq!(
        plain["content"][0]["text"],
        "Hello from the keywright sandbox."
    );
    assert_eq!(plain["stop_reason"], "end_turn");

    let streamed = ASK.replacen('{', r#"{"stream":true,"#, 1);
    let got = post(&running, "/v1/messages", &works, &streamed);
    assert!(
        got.header("content-type")
            .is_some_and(|t| t.starts_with("text/event-stream"))
    );
    let events: Vec<&str> = got
        .body
        .lines()
        .filter_map(|line| line.strip_prefix("event: "))
        .collect();
    let mut expected = vec!["message_start", "content_block_start", "ping"];
    expected.extend(["content_block_delta"; 5]);
    expected.extend(["content_block_stop", "message_delta", "message_stop"]);
    assert_eq!(events, expected);
    let text: String = got
        .body
        .lines()
        .filter_map(|line| line.strip_prefix("data: "))
        .map(|data| serde_json::from_str::<Value>(data).expect("JSON"))
        .filter_map(|event| Some(event["delta"]["text"].as_str()?.to_owned()))
        .collect();
    assert_eq!(text, "Hello from the keywright sandbox.");

    let short = ASK.replace("64", "1");
    let cut = post(&running, "/v1/messages", &works, &short).json();
    assert_eq!(cut["stop_reason"], "max_tokens");

    let count = post(&running, "/v1/messages/count_tokens", &works, ASK).json();
    assert!(count["input_tokens"].as_u64().is_some_and(|n| n > 0));
}

#[test]
fn bad_requests_are_named() {
    let running = start();
    let works = key_named("works");
    let check = |path: &str, body: &str, status: u16, message: &str| {
        let got = post(&running, path, &works, body);
        assert_eq!(got.status, status, "{path} {body}");
        assert_eq!(got.json()["error"]["message"], message);
    };
    let path = "/v1/messages";
    check(path, "{", 400, "The request body is not valid JSON");
    check(path, "[]", 400, "Input should be an object");
    check(path, "{}", 400, "model: Field required");
    check(
        path,
        r#"{"model":"m"}"#,
        400,
        "messages: at least one message is required",
    );
    check(
        path,
        &ASK.replace("claude-opus-5-5", "none"),
        404,
        "model: none",
    );
    check(
        path,
        &ASK.replace("max_tokens", "x"),
        400,
        "max_tokens: Field required",
    );
    check("/v1/models", "", 405, "Method Not Allowed");
    check("/v1/nothing", "", 404, "Not found");
    assert_eq!(get(&running, "/v1/nothing", &works).status, 404);
    let large = "x".repeat(33 * 1024 * 1024);
    check(path, &large, 413, "Request exceeds the maximum size");
}

#[test]
fn replies_carry_the_time_of_the_clock() {
    let running = start();
    let got = get(&running, "/v1/models", &key_named("works"));
    assert_eq!(got.header("date"), Some("Sat, 21 Nov 2026 10:20:30 GMT"));
    assert_eq!(
        got.header("anthropic-ratelimit-requests-reset"),
        Some("2026-11-21T10:21:30Z")
    );
}

#[test]
fn it_ends_when_dropped_and_names_a_port_in_use() {
    let running = start();
    let address = running.base_url.trim_start_matches("http://").to_owned();
    let port: u16 = address
        .rsplit(':')
        .next()
        .and_then(|port| port.parse().ok())
        .expect("a port");
    let taken = Sandbox::start(Some(port), Clock::new(None)).expect_err("the port is taken");
    assert_eq!(taken.kind(), keywright::Kind::Conflict);
    // A freed port may be somebody else's at once, so it is a conversation that ends.
    let mut open = TcpStream::connect(&address).expect("it listens");
    open.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
        .expect("sent");
    let mut first = [0; 4];
    open.read_exact(&mut first).expect("an answer");
    assert_eq!(&first, b"HTTP");
    drop(running);
    open.set_read_timeout(Some(PATIENCE)).expect("a time limit");
    let rest = open.read_to_end(&mut Vec::new());
    let gone = |kind| {
        matches!(
            kind,
            ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted
        )
    };
    assert!(rest.is_ok() || rest.is_err_and(|error| gone(error.kind())));
}
