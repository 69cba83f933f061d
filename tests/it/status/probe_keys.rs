//! `--probe`: which keys are tried, and what may be spent on them.

use serde_json::{Value, json};

use super::probe::{GOOD, probe, probes};
use super::{api_key, machine, profiles, real_key, with_store};
use crate::support::server::{Answer, Server};

#[test]
fn the_keys_of_the_environment_give_way_only_to_a_limit() {
    let answers = |first: Answer| {
        Server::start(move |request| {
            let key = request.header("x-api-key").unwrap_or_default();
            if key.ends_with("first") {
                first.clone()
            } else {
                Answer::models()
            }
        })
    };
    let keys = format!(
        "{},{}",
        real_key("x").replace("xAA", "first"),
        real_key(GOOD)
    );
    let limited = Answer::error(429, "rate_limit_error", "slow down");
    let refused = Answer::error(401, "authentication_error", "invalid x-api-key");
    let cases = [(limited, "ok", 2, 0), (refused, "auth", 1, 1)];
    for (first, expected, requests, code) in cases {
        let server = answers(first);
        let machine = machine()
            .with("ANTHROPIC_API_KEYS", &keys)
            .with("ANTHROPIC_BASE_URL", &server.url());
        let ended = probe(&machine, &["--check"]);
        let probe = &ended.json()["probes"][0];
        assert_eq!(probe["profileId"], "ANTHROPIC_API_KEYS");
        assert_eq!(
            (&probe["status"], ended.code),
            (&json!(expected), code),
            "{probe}"
        );
        assert_eq!(server.requests().len(), requests);
        assert!(
            !machine.home().join(".config").exists(),
            "nothing is written"
        );
    }
    let all = Server::always(Answer::error(429, "rate_limit_error", "slow down"));
    let machine = machine()
        .with("ANTHROPIC_API_KEYS", &keys)
        .with("ANTHROPIC_BASE_URL", &all.url());
    let ended = probe(&machine, &[]);
    assert_eq!(
        probes(&ended),
        ["ANTHROPIC_API_KEYS rate_limit rate-limited"]
    );
    assert_eq!(
        all.requests().len(),
        2,
        "the last error is the one that is given"
    );
}

#[test]
fn a_message_is_sent_only_where_tokens_may_be_spent() {
    let server = Server::start(|request| match request.method.as_str() {
        "GET" => Answer::models(),
        _ => Answer::error(
            400,
            "invalid_request_error",
            "Your credit balance is too low",
        ),
    });
    let store = profiles(&[("anthropic:a", api_key(&real_key(GOOD)))]);
    let machine = with_store(&store).with("ANTHROPIC_BASE_URL", &server.url());
    for (tokens, expected) in [("0", "ok"), ("8", "billing")] {
        let ended = probe(&machine, &["--check", "--probe-max-tokens", tokens]);
        assert_eq!(ended.json()["probes"][0]["status"], expected);
        assert_eq!(
            ended.stderr.contains("a fraction of a cent"),
            tokens == "8",
            "{ended:?}"
        );
    }
    let posted: Vec<_> = server
        .requests()
        .into_iter()
        .filter(|request| request.method == "POST")
        .collect();
    assert_eq!(posted.len(), 1);
    let body: Value = serde_json::from_slice(&posted[0].body).expect("JSON");
    assert_eq!(body["max_tokens"], 1);
}
