//! `--probe`: which keys are tried, and what may be spent on them.

use std::time::{Duration, Instant};

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

#[test]
fn ways_to_aws_are_tried_by_themselves() {
    use keywright::sandbox::keys::aws;
    use keywright::sandbox::server::Sandbox;
    use keywright::system::Clock;
    let identity = |name: &str| {
        let found = aws::ALL.iter().find(|identity| identity.name == name);
        let found = found.expect("a test identity");
        json!({"type": "aws", "provider": "bedrock", "method": "access_keys", "region": "us-east-1",
            "accessKeyId": found.access_key_id(), "secretAccessKey": found.secret()})
    };
    let server = Sandbox::start(None, Clock::new(None)).expect("the stand-in starts");
    let mut machine = with_store(&profiles(&[
        ("bedrock:bad", identity("aws-wrong-secret")),
        ("bedrock:good", identity("aws-works")),
    ]))
    .with("AWS_ENDPOINT_URL", &server.base_url)
    .with("AWS_EC2_METADATA_DISABLED", "true");
    // Signatures are compared with the real time.
    machine.unset("KEYWRIGHT_NOW");
    let both = ["bedrock:bad auth aws-wrong-secret", "bedrock:good ok ok"];
    let ended = probe(&machine, &["--check"]);
    assert_eq!(
        (probes(&ended), ended.code),
        (both.map(str::to_owned).into(), 1)
    );
    let ended = probe(&machine, &["--check", "--probe-profile", "bedrock:good"]);
    assert_eq!(probes(&ended), both[1..]);
    let ended = probe(
        &machine,
        &["--probe-provider", "bedrock", "--probe-timeout", "5000"],
    );
    assert_eq!(probes(&ended), both);
}

#[test]
fn a_slow_aws_ends_at_the_deadline() {
    let server = Server::always(Answer::Silence);
    let pair = json!({"type": "aws", "provider": "bedrock", "method": "access_keys",
        "region": "us-east-1", "accessKeyId": "AKIAMADEUPMADEUP4711",
        "secretAccessKey": "made/up+".repeat(5)});
    let bearer = json!({"type": "aws", "provider": "bedrock", "method": "bearer",
        "region": "us-east-1", "bearerToken": format!("ABSK{}", "bWFkZXVw".repeat(12))});
    let machine = with_store(&profiles(&[("bedrock:a", pair), ("bedrock:b", bearer)]))
        .with("AWS_ENDPOINT_URL", &server.url());
    let started = std::time::Instant::now();
    let ended = probe(&machine, &["--check", "--probe-timeout", "500"]);
    assert!(started.elapsed() < std::time::Duration::from_secs(15));
    assert_eq!(ended.code, 3, "{ended:?}");
    let expected = ["bedrock:a timeout timed-out", "bedrock:b timeout timed-out"];
    assert_eq!(probes(&ended), expected);
}

#[cfg(unix)]
#[test]
fn references_are_followed_for_a_probe() {
    let server = Server::always(Answer::models());
    let reference = |id: &str| {
        json!({"type": "api_key", "provider": "anthropic",
            "keyRef": {"source": "exec", "provider": "vault", "id": id}})
    };
    let machine = with_store(&profiles(&[
        ("anthropic:a", api_key(&real_key(GOOD))),
        ("anthropic:gone", reference("gone")),
        ("anthropic:there", reference("there")),
    ]))
    .with("ANTHROPIC_BASE_URL", &server.url());
    let answer = json!({"protocolVersion": 1, "values": {"there": real_key(GOOD)}});
    let program = machine.program("vault", &format!("cat >/dev/null\nprintf '%s' '{answer}'"));
    let program = std::fs::canonicalize(program).expect("there");
    let config =
        json!({"secrets": {"providers": {"vault": {"source": "exec", "command": program}}}});
    machine.write(".config/keywright/config.json5", &config.to_string());
    let ended = probe(&machine, &["--check"]);
    let expected = [
        "anthropic:a ok ok",
        "anthropic:gone unknown unresolved_ref",
        "anthropic:there ok ok",
    ];
    assert_eq!(
        (probes(&ended), ended.code),
        (expected.map(str::to_owned).into(), 1)
    );
}

/// The time of a probe is also that of the program which knows the key.
#[cfg(unix)]
#[test]
fn a_slow_program_ends_at_the_deadline() {
    let profile = json!({"type": "api_key", "provider": "anthropic",
        "keyRef": {"source": "exec", "provider": "vault", "id": "a"}});
    let machine = with_store(&profiles(&[("anthropic:a", profile)]));
    let program = machine.program("vault", "exec /bin/sleep 100");
    let program = std::fs::canonicalize(program).expect("there");
    let config = json!({"secrets": {"providers": {
        "vault": {"source": "exec", "command": program, "timeoutMs": 100_000}}}});
    machine.write(".config/keywright/config.json5", &config.to_string());
    let started = Instant::now();
    let ended = probe(&machine, &["--probe-timeout", "300"]);
    assert!(started.elapsed() < Duration::from_mins(1), "{ended:?}");
    let message = &ended.json()["probes"][0]["message"];
    let message = message.as_str().expect("a message").to_owned();
    assert!(message.contains("did not answer within"), "{message}");
}

#[test]
fn the_sandbox_asks_nobody_outside() {
    let machine = machine();
    let created = machine.run(&["--sandbox", "status"]);
    assert_eq!(created.code, 0, "{created:?}");
    let shown = machine.run(&["--sandbox", "status", "--json"]).json();
    let store = shown["storePath"].as_str().expect("a path").to_owned();
    let list = profiles(&[(
        "openai:x",
        json!({"type": "api_key", "provider": "openai", "key": "sk-proj-made-up-4711"}),
    )]);
    let folder = std::path::Path::new(&store).parent().expect("a folder");
    std::fs::create_dir_all(folder).expect("folders");
    std::fs::write(&store, list.to_string()).expect("a file");
    for arguments in [
        &["status", "--probe"][..],
        &["doctor", "--only", "API-010", "--probe-profile", "all"],
    ] {
        let ended = machine.run(&[&["--sandbox", "--json"], arguments].concat());
        let probe = &ended.json()["probes"][0];
        let why = probe["message"].as_str().expect("why");
        assert!(
            why.contains("asks nobody outside"),
            "{arguments:?} {ended:?}"
        );
    }
}

#[cfg(unix)]
#[test]
fn a_provider_of_the_configuration_whose_key_a_program_knows() {
    let server = Server::start(|request| {
        let is_good = request.header("authorization") == Some("Bearer of-a-form-of-its-own");
        Answer::json(if is_good { 200 } else { 401 }, "{}")
    });
    let machine = machine();
    let answer = json!({"protocolVersion": 1, "values": {"there": "of-a-form-of-its-own"}});
    let script = format!("cat >/dev/null\nprintf '%s' '{answer}'");
    let program = std::fs::canonicalize(machine.program("vault", &script)).expect("there");
    let configure = |id: &str| {
        let config = json!({
            "secrets": {"providers": {"vault": {"source": "exec", "command": program}}},
            "models": {"providers": {"acme": {"baseUrl": server.url(), "probePath": "/me",
                "apiKey": {"source": "exec", "provider": "vault", "id": id}}}},
        });
        machine.write(".config/keywright/config.json5", &config.to_string());
    };
    let name = "models.providers.acme.apiKey";
    configure("there");
    let ended = probe(&machine, &["--check"]);
    assert_eq!(
        (probes(&ended), ended.code),
        (vec![format!("{name} ok ok")], 0)
    );
    configure("gone");
    let ended = probe(&machine, &[]);
    assert_eq!(probes(&ended), [format!("{name} unknown unresolved_ref")]);
    assert_eq!(probe(&machine, &["--check"]).code, 1);
}
