//! Profiles that are tried by name, and trying again.

use std::time::{Duration, Instant};

use keywright::sandbox::keys::{self, aws};
use serde_json::{Value, json};

use super::{check, examine, failed, machine, private, server, status};
use crate::support::machine::Machine;
use crate::support::server::{Answer, Server, dead_address};

/// A machine with these profiles; the values are the names of test keys.
fn with_profiles(profiles: &[(&str, &str)]) -> Machine {
    let machine = machine("works");
    let stored: serde_json::Map<String, Value> = profiles
        .iter()
        .map(|(id, name)| {
            let key = keys::named(name).map_or_else(|| (*name).to_owned(), keys::TestKey::text);
            let profile = json!({"type": "api_key", "provider": "anthropic", "key": key});
            ((*id).to_owned(), profile)
        })
        .collect();
    let text = json!({"version": 1, "profiles": stored}).to_string();
    let path = machine.write(".config/keywright/agents/main/auth-profiles.json", &text);
    private(&path, 0o600);
    machine
}

fn probes(document: &Value) -> Vec<String> {
    let told = |probe: &Value| {
        let mark = if probe["effective"] == true { "+" } else { "" };
        let text = |name: &str| probe[name].as_str().unwrap_or("-").to_owned();
        format!(
            "{mark}{} {} {}",
            text("profileId"),
            text("status"),
            text("code")
        )
    };
    let probes = document["probes"].as_array().expect("probes");
    probes.iter().map(told).collect()
}

#[test]
fn a_good_and_a_revoked_profile_are_told_apart() {
    let mut machine = with_profiles(&[
        ("anthropic:default", "works"),
        ("anthropic:old", "revoked"),
        ("anthropic:spare", "works-too"),
    ]);
    let _server = server(&mut machine);
    let cases = [
        ("anthropic:old", vec!["anthropic:old auth API-002"]),
        ("anthropic:spare", vec!["anthropic:spare ok -"]),
        (
            "all",
            vec!["anthropic:old auth API-002", "anthropic:spare ok -"],
        ),
    ];
    for (asked, expected) in cases {
        let (document, text) = examine(&machine, &["--only", "api", "--probe-profile", asked]);
        let mut lines = vec!["+anthropic:default ok -"];
        lines.extend(&expected);
        assert_eq!(probes(&document), lines, "{}", text.stdout);
        let revoked = asked != "anthropic:spare";
        let expected: &[&str] = if revoked { &["API-010"] } else { &[] };
        assert_eq!(failed(&document), expected, "{}", text.stdout);
        assert_eq!(text.code, i32::from(revoked));
        assert_eq!(status(&document, "API-001"), "pass");
        for probe in document["probes"].as_array().expect("probes") {
            assert!(probe["latencyMs"].is_u64(), "{probe:#}");
            let id = probe["requestId"].as_str().expect("a request id");
            assert!(text.stdout.contains(&format!("request {id}")) || id.starts_with("req"));
        }
        assert!(text.stdout.contains(" ms, request req"), "{}", text.stdout);
    }
    let (document, text) = examine(&machine, &["--only", "api", "--probe-profile", "all"]);
    let finding = &check(&document, "API-010")["finding"];
    assert_eq!(finding["subject"], "anthropic:old");
    let line = "keywright onboard --flow api-key --replace --profile-id anthropic:old";
    assert!(text.stdout.contains(line), "{}", text.stdout);
}

#[test]
fn the_one_in_use_is_revoked_and_another_is_good() {
    let mut machine = with_profiles(&[
        ("anthropic:default", "revoked"),
        ("anthropic:spare", "works"),
    ]);
    let _server = server(&mut machine);
    let (document, text) = examine(&machine, &["--only", "api", "--probe-profile", "all"]);
    assert_eq!(failed(&document), ["API-002"], "{}", text.stdout);
    assert_eq!(status(&document, "API-010"), "pass");
    let expected = ["+anthropic:default auth API-002", "anthropic:spare ok -"];
    assert_eq!(probes(&document), expected);
}

#[test]
fn what_cannot_be_tried() {
    let mut machine = with_profiles(&[("anthropic:default", "works")]);
    let _server = server(&mut machine);
    let (document, text) = examine(
        &machine,
        &["--only", "api", "--probe-profile", "anthropic:gone,x"],
    );
    assert_eq!(failed(&document), ["API-010"], "{}", text.stdout);
    let expected = [
        "+anthropic:default ok -",
        "anthropic:gone not_tried -",
        "x not_tried -",
    ];
    assert_eq!(probes(&document), expected);
    assert!(
        text.stdout.contains("there is no such profile"),
        "{}",
        text.stdout
    );
    let refused = machine.run(&["doctor", "--offline", "--probe-profile", "all"]);
    assert_eq!(refused.code, 64);
    let (document, _) = examine(&machine, &["--offline"]);
    assert_eq!(document["probes"], json!([]));
    assert_eq!(status(&document, "API-010"), "not_applicable");
}

#[test]
fn profiles_of_bedrock_are_tried_by_themselves() {
    let identity = |name: &str| {
        let found = aws::ALL.iter().find(|identity| identity.name == name);
        let found = found.expect("a test identity");
        json!({"type": "aws", "provider": "bedrock", "method": "access_keys", "region": "us-east-1",
            "accessKeyId": found.access_key_id(), "secretAccessKey": found.secret()})
    };
    let mut machine = machine("works");
    let stored = json!({"version": 1, "profiles": {
        "bedrock:bad": identity("aws-wrong-secret"),
        "bedrock:good": identity("aws-works"),
    }});
    let path = machine.write(
        ".config/keywright/agents/main/auth-profiles.json",
        &stored.to_string(),
    );
    private(&path, 0o600);
    let server = server(&mut machine);
    machine.set("AWS_ENDPOINT_URL", &server.base_url);
    machine.set("AWS_EC2_METADATA_DISABLED", "true");
    // What the environment holds has no part in it.
    machine.set("AWS_BEARER_TOKEN_BEDROCK", "made-up");
    machine.set("CLAUDE_CODE_USE_BEDROCK", "1");
    let (document, text) = examine(&machine, &["--only", "API-010", "--probe-profile", "all"]);
    assert_eq!(failed(&document), ["API-010"], "{}", text.stdout);
    let probes = probes(&document);
    let expected = ["bedrock:bad auth AWS-010", "bedrock:good ok -"];
    assert_eq!(probes[probes.len() - 2..], expected, "{document:#}");
}

#[test]
fn waiting_shows_itself_on_a_terminal() {
    let mut machine = machine("works");
    machine.set("ANTHROPIC_BASE_URL", &format!("http://{}", dead_address()));
    let arguments = ["doctor", "--only", "api,net", "--wait", "2s"];
    let mut terminal = machine.terminal(80, 60, &arguments);
    terminal.wait("Trying NET-001 again for at most");
    let left = terminal.end();
    left.with_code(1).says("NET-001");
    terminal.lacks("Trying NET-001 again");
}

/// Several slow answers are waited for at once, and no longer than the time limit.
#[test]
fn slow_servers_end_at_the_deadline() {
    let ids: Vec<String> = (0..20)
        .map(|number| format!("anthropic:p{number:02}"))
        .collect();
    let profiles: Vec<(&str, &str)> = ids.iter().map(|id| (id.as_str(), "works")).collect();
    let mut machine = with_profiles(&profiles);
    let server = Server::start(|_| Answer::Drip(Duration::from_millis(50)));
    machine.set("ANTHROPIC_BASE_URL", &server.url());
    let started = Instant::now();
    let ended = machine.run(&[
        "doctor",
        "--json",
        "--only",
        "api,net",
        "--timeout",
        "2s",
        "--probe-profile",
        "all",
    ]);
    let took = started.elapsed();
    assert!(took < Duration::from_secs(5), "{took:?}");
    assert_eq!(ended.code, 1, "{ended:?}");
    let document = ended.json();
    let probes = document["probes"].as_array().expect("probes");
    assert_eq!(probes.len(), 20, "{document:#}");
    let over = |probe: &&Value| {
        let message = probe["message"].as_str().unwrap_or_default();
        probe["status"] == "timeout" || message.contains("the time was over")
    };
    assert_eq!(probes.iter().filter(over).count(), 20, "{document:#}");
}

#[test]
fn waits_until_the_server_comes_up() {
    let mut machine = machine("works");
    let address = dead_address();
    machine.set("ANTHROPIC_BASE_URL", &format!("http://{address}"));
    let up = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(700));
        Server::at(address, |_| Answer::models())
    });
    let started = Instant::now();
    let ended = machine.run(&["doctor", "--only", "api,net", "--wait", "60s"]);
    let server = up.join().expect("a server");
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(started.elapsed() < Duration::from_secs(30));
    assert!(!server.requests().is_empty());
    let told: Vec<&str> = ended.stderr.lines().collect();
    assert_eq!(told.len(), 1, "{ended:?}");
    assert!(
        told[0].starts_with("Trying NET-001 again for at most "),
        "{told:?}"
    );
}

#[test]
fn waiting_ends_with_the_code_of_the_last_try() {
    let mut machine = machine("works");
    machine.set("ANTHROPIC_BASE_URL", &format!("http://{}", dead_address()));
    let started = Instant::now();
    let (document, text) = examine(&machine, &["--only", "api,net", "--wait", "2s"]);
    assert!(
        started.elapsed() >= Duration::from_secs(4),
        "twice two seconds"
    );
    assert!(started.elapsed() < Duration::from_secs(20));
    assert_eq!((text.code, failed(&document)), (1, vec!["NET-001"]));
}

#[test]
fn a_refusal_is_not_repeated() {
    let mut machine = machine("works");
    let server = Server::always(Answer::error(
        401,
        "authentication_error",
        "invalid x-api-key",
    ));
    machine.set("ANTHROPIC_BASE_URL", &server.url());
    let ended = machine.run(&["doctor", "--only", "api", "--wait", "60s"]);
    assert_eq!((ended.code, server.requests().len()), (1, 1), "{ended:?}");
    assert_eq!(
        machine.run(&["doctor", "--wait", "60s", "--offline"]).code,
        64
    );
    assert_eq!(machine.run(&["doctor", "--wait", "banana"]).code, 64);
}

#[test]
fn a_busy_server_is_asked_again() {
    let mut machine = machine("works");
    let busy = || Answer::error(529, "overloaded_error", "Overloaded");
    let server = Server::list(vec![busy(), busy(), Answer::models()]);
    machine.set("ANTHROPIC_BASE_URL", &server.url());
    let ended = machine.run(&["doctor", "--only", "api", "--wait", "60s", "--json"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(status(&ended.json(), "API-001"), "pass");
    assert_eq!(server.requests().len(), 3);
}

#[test]
fn profiles_of_other_providers_are_tried_by_themselves() {
    let mut machine = machine("works");
    let stored = json!({"version": 1, "profiles": {
        "openai:good": {"type": "api_key", "provider": "openai", "key": "sk-proj-made-up-good"},
        "openai:old": {"type": "api_key", "provider": "openai", "key": "sk-proj-made-up-old"},
    }});
    let path = machine.write(
        ".config/keywright/agents/main/auth-profiles.json",
        &stored.to_string(),
    );
    private(&path, 0o600);
    let server = Server::start(|request| {
        if request.header("authorization") == Some("Bearer sk-proj-made-up-good") {
            Answer::json(200, r#"{"data":[]}"#)
        } else {
            Answer::json(
                401,
                r#"{"error":{"code":"invalid_api_key","message":"no"}}"#,
            )
        }
    });
    machine.set("OPENAI_BASE_URL", &server.url());
    let (document, text) = examine(&machine, &["--only", "API-010", "--probe-profile", "all"]);
    assert_eq!(failed(&document), ["API-010"], "{}", text.stdout);
    let expected = ["openai:good ok -", "openai:old auth API-002"];
    assert_eq!(probes(&document), expected);
    let line =
        "keywright models auth paste-api-key --provider openai --replace --profile-id openai:old";
    assert!(text.stdout.contains(line), "{}", text.stdout);
    assert!(
        text.stdout.contains("https://platform.openai.com/api-keys"),
        "{}",
        text.stdout
    );
}
