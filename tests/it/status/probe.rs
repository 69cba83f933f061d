//! `--probe`: each credential by itself, in time, and without a trace.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{NOW_MS, api_key, profiles, real_key, status, token, with_store};
use crate::support::machine::{Ended, Machine};
use crate::support::server::{Answer, Server, dead_address};

pub const GOOD: &str = "g00d1";
const REVOKED: &str = "r3v0k";

/// Accepts a key that ends as the good one does.
fn by_key() -> Server {
    Server::start(|request| {
        let key = request.header("x-api-key").unwrap_or_default();
        if key.ends_with("g00d1AA") {
            Answer::models().header("request-id", "req_good")
        } else {
            Answer::error(401, "authentication_error", "invalid x-api-key")
        }
    })
}

fn good_and_revoked() -> Value {
    profiles(&[
        ("anthropic:good", api_key(&real_key(GOOD))),
        ("anthropic:old", api_key(&real_key(REVOKED))),
    ])
}

/// `id status reasonCode` of each probe.
pub fn probes(ended: &Ended) -> Vec<String> {
    let document = ended.json();
    let probes = document["probes"].as_array().expect("probes");
    let told = |probe: &Value| {
        let text = |name: &str| probe[name].as_str().unwrap_or("-").to_owned();
        format!(
            "{} {} {}",
            text("profileId"),
            text("status"),
            text("reasonCode")
        )
    };
    probes.iter().map(told).collect()
}

/// What `--probe` finds.
pub fn probe(machine: &Machine, arguments: &[&str]) -> Ended {
    status(machine, &[&["--probe", "--json"], arguments].concat())
}

/// Everything below a folder: names, bytes and times of change.
fn tree(folder: &Path) -> Vec<(String, Vec<u8>, std::time::SystemTime)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let changed = path.metadata().and_then(|m| m.modified()).expect("a time");
            let bytes = std::fs::read(&path).unwrap_or_default();
            found.push((path.display().to_string(), bytes, changed));
            if path.is_dir() {
                folders.push(path);
            }
        }
    }
    found.sort();
    found
}

#[test]
fn a_good_and_a_revoked_profile_are_told_apart_whatever_the_order() {
    const A: &str = "anthropic:good ok ok";
    const B: &str = "anthropic:old auth invalid-key";
    let server = by_key();
    let orders = [
        json!(null),
        json!({"anthropic": ["anthropic:good", "anthropic:old"]}),
        json!({"anthropic": ["anthropic:old", "anthropic:good"]}),
    ];
    for (order, active) in orders
        .iter()
        .flat_map(|order| ["", "good", "old"].map(|active| (order, active)))
    {
        let mut store = good_and_revoked();
        if !order.is_null() {
            store["order"] = order.clone();
        }
        if !active.is_empty() {
            store["active"] = json!(active);
        }
        let machine = with_store(&store).with("ANTHROPIC_BASE_URL", &server.url());
        let before = tree(&machine.home());
        let mut both = probes(&probe(&machine, &[]));
        both.sort();
        assert_eq!(both, [A, B], "{order} {active}");
        assert_eq!(
            probes(&probe(&machine, &["--probe-profile", "anthropic:good"])),
            [A]
        );
        assert_eq!(
            probes(&probe(&machine, &["--probe-profile", "anthropic:old"])),
            [B]
        );
        let one_at_a_time = probes(&probe(&machine, &["--probe-concurrency", "1"]));
        assert_eq!(one_at_a_time.len(), 2);
        assert_eq!(tree(&machine.home()), before, "nothing is written");
    }
    let free = |r: &crate::support::server::Recorded| r.method == "GET";
    assert!(server.requests().iter().all(free), "nothing is spent");
}

#[test]
fn the_whole_of_a_probe() {
    let server = by_key();
    let machine = with_store(&good_and_revoked()).with("ANTHROPIC_BASE_URL", &server.url());
    let ended = probe(&machine, &[]);
    assert_eq!(ended.code, 0, "without --check it could be read");
    let document = ended.json();
    let mut good = document["probes"][0].clone();
    assert!(good["latencyMs"].take().is_u64());
    assert_eq!(
        good,
        json!({"profileId": "anthropic:good", "provider": "anthropic", "status": "ok",
            "reasonCode": "ok", "httpStatus": 200, "latencyMs": null, "requestId": "req_good",
            "message": null, "advice": null})
    );
    let old = &document["probes"][1];
    assert_eq!(
        (&old["httpStatus"], &old["message"]),
        (&json!(401), &json!("invalid x-api-key"))
    );
    assert!(old["advice"].as_str().expect("advice").contains("API key"));
    assert!(!ended.stdout.contains("kQ7r"), "no secret");

    let text = status(&machine, &["--probe"]).stdout;
    assert!(
        text.contains("✓ anthropic:good: works (HTTP 200, "),
        "{text}"
    );
    assert!(
        text.contains("✗ anthropic:old: key refused (HTTP 401, "),
        "{text}"
    );
    let plain = status(&machine, &["--probe", "--plain"]).stdout;
    let line = plain
        .lines()
        .find(|line| line.starts_with("probe:anthropic:old"));
    let words: Vec<_> = line.expect("a line").split(' ').collect();
    assert_eq!(words[1..4], ["auth", "invalid-key", "401"], "{plain}");
    assert_eq!(words.len(), 6, "{plain}");
}

#[test]
fn the_exit_code_follows_the_result() {
    let reply = |status, body: &str| Answer::json(status, body);
    let credit = "Your credit balance is too low to access the Anthropic API.";
    let cases = [
        (Answer::models(), 0, "ok"),
        (
            Answer::error(401, "authentication_error", "invalid x-api-key"),
            1,
            "auth",
        ),
        (Answer::error(403, "permission_error", "no"), 1, "auth"),
        (
            Answer::error(400, "invalid_request_error", credit),
            1,
            "billing",
        ),
        (
            Answer::error(429, "rate_limit_error", "slow down"),
            1,
            "rate_limit",
        ),
        (Answer::error(500, "api_error", "oops"), 3, "unknown"),
        (reply(200, "what?"), 3, "format"),
        (Answer::Close, 3, "unknown"),
    ];
    for (answer, code, expected) in cases {
        let shown = format!("{answer:?}");
        let server = Server::always(answer);
        let store = profiles(&[("anthropic:a", api_key(&real_key(GOOD)))]);
        let machine = with_store(&store).with("ANTHROPIC_BASE_URL", &server.url());
        let ended = probe(&machine, &["--check"]);
        assert_eq!(ended.json()["probes"][0]["status"], expected, "{shown}");
        for format in [&["--json"][..], &["--plain"], &[]] {
            let ended = status(&machine, &[&["--probe", "--check"], format].concat());
            assert_eq!(ended.code, code, "{shown} {format:?}");
        }
    }
    let dead = format!("http://{}", dead_address());
    let store = profiles(&[("anthropic:a", api_key(&real_key(GOOD)))]);
    let machine = with_store(&store).with("ANTHROPIC_BASE_URL", &dead);
    assert_eq!(probe(&machine, &["--check"]).code, 3);
}

#[test]
fn a_server_that_answers_slowly_ends_at_the_deadline() {
    let slow = Answer::Drip(Duration::from_millis(20));
    let late = Answer::error(429, "rate_limit_error", "slow down").header("retry-after", "60");
    for answer in [
        slow,
        Answer::After(Duration::from_mins(1), Box::new(late)),
        Answer::Silence,
    ] {
        let shown = format!("{answer:?}");
        let server = Server::always(answer);
        let names = ["anthropic:a", "anthropic:b", "anthropic:c"];
        let list = names.map(|name| (name, api_key(&real_key(GOOD))));
        let machine = with_store(&profiles(&list)).with("ANTHROPIC_BASE_URL", &server.url());
        let started = Instant::now();
        let ended = probe(&machine, &["--check", "--probe-timeout", "300"]);
        assert!(started.elapsed() < Duration::from_secs(20), "{shown}");
        assert_eq!(ended.code, 3, "{shown}");
        for probe in ended.json()["probes"].as_array().expect("probes") {
            assert_eq!(probe["status"], "timeout", "{shown} {probe}");
            assert!(
                probe["latencyMs"].as_u64().expect("a time") >= 290,
                "{probe}"
            );
        }
    }
}

#[test]
fn no_more_at_once_than_was_said() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (running, highest) = (Arc::clone(&now), Arc::clone(&most));
    let server = Server::start(move |_| {
        let count = running.fetch_add(1, Ordering::SeqCst) + 1;
        highest.fetch_max(count, Ordering::SeqCst);
        std::thread::sleep(Duration::from_millis(60));
        running.fetch_sub(1, Ordering::SeqCst);
        Answer::models()
    });
    let names: Vec<String> = (0..7).map(|n| format!("anthropic:n{n}")).collect();
    let list: Vec<_> = names
        .iter()
        .map(|name| (name.as_str(), api_key(&real_key(GOOD))))
        .collect();
    let machine = with_store(&profiles(&list)).with("ANTHROPIC_BASE_URL", &server.url());
    for (given, expected) in [(None, 2), (Some("1"), 1), (Some("3"), 3)] {
        most.store(0, Ordering::SeqCst);
        let arguments = given.map_or(vec![], |n| vec!["--probe-concurrency", n]);
        let ended = probe(&machine, &arguments);
        let ids: Vec<_> = probes(&ended);
        assert!(ids.is_sorted() && ids.len() == 7, "{ids:?}");
        assert!(most.load(Ordering::SeqCst) <= expected, "{given:?}");
    }
}

#[test]
fn what_cannot_be_used_is_reported_instead_of_tried() {
    let server = by_key();
    let mut store = profiles(&[
        ("anthropic:a", api_key(&real_key(GOOD))),
        ("anthropic:expired", token(NOW_MS - 1)),
        ("anthropic:left-out", api_key(&real_key(GOOD))),
        ("anthropic:malformed", api_key("hello")),
        ("anthropic:missing", api_key("")),
        ("anthropic:token", token(NOW_MS * 2)),
        (
            "anthropic:unresolved",
            json!({"type": "api_key", "provider": "anthropic",
            "keyRef": {"source": "env", "provider": "default", "id": "NOT_SET"}}),
        ),
    ]);
    let listed = [
        "a",
        "expired",
        "malformed",
        "missing",
        "token",
        "unresolved",
    ];
    store["order"] = json!({"anthropic": listed.map(|name| format!("anthropic:{name}"))});
    let machine = with_store(&store).with("ANTHROPIC_BASE_URL", &server.url());
    let ended = probe(&machine, &["--check"]);
    assert_eq!(ended.code, 0, "what is used is good: {ended:?}");
    let expected = [
        "anthropic:a ok ok",
        "anthropic:expired unknown expired",
        "anthropic:malformed unknown malformed_api_key",
        "anthropic:missing unknown missing_credential",
        "anthropic:token unknown -",
        "anthropic:unresolved unknown unresolved_ref",
        "anthropic:left-out unknown excluded_by_auth_order",
    ];
    assert_eq!(probes(&ended), expected);
    assert_eq!(server.requests().len(), 1, "one was tried");
    let token = &ended.json()["probes"][4]["message"];
    assert!(
        token
            .as_str()
            .expect("why")
            .contains("claude program alone"),
        "{token}"
    );

    let named = ["--check", "--probe-profile", "anthropic:left-out"];
    let ended = probe(&machine, &named);
    assert_eq!(
        (probes(&ended), ended.code),
        (vec!["anthropic:left-out ok ok".to_owned()], 0)
    );
    let ended = probe(
        &machine,
        &["--check", "--probe-profile", "anthropic:expired"],
    );
    assert_eq!(ended.code, 1, "it was asked for by name");
}

#[test]
fn names_that_are_not_there() {
    let machine = with_store(&good_and_revoked());
    let check = |arguments: &[&str], code: i32, said: &str| {
        let ended = probe(&machine, arguments);
        assert_eq!(ended.code, code, "{arguments:?} {ended:?}");
        assert!(ended.stdout.contains(said), "{ended:?}");
    };
    check(
        &["--probe-provider", "antropic"],
        1,
        "Did you mean `anthropic`?",
    );
    check(
        &["--probe-provider", "x\u{1b}[31m"],
        1,
        "there is no provider",
    );
    check(
        &["--probe-profile", "anthropic:gone"],
        1,
        "there is no profile `anthropic:gone`",
    );
    check(&["--probe-profile", "../x"], 64, "a profile id is");
    check(&["--probe-timeout", "0"], 64, "probe-timeout");
    check(&["--probe-concurrency", "0"], 64, "probe-concurrency");
    let alone = machine.run(&["models", "status", "--probe-timeout", "5"]);
    assert_eq!(alone.code, 64, "{alone:?}");
    assert!(alone.stderr.contains("--probe"), "{alone:?}");
    let ended = probe(&machine, &["--probe-provider", "openai"]);
    assert_eq!((probes(&ended), ended.code), (vec![], 0));
}

#[test]
fn a_stored_key_stays_with_its_host() {
    let machine = with_store(&good_and_revoked()).with("ANTHROPIC_BASE_URL", "https://gw.example");
    let ended = probe(&machine, &["--check"]);
    assert_eq!(ended.code, 3, "{ended:?}");
    assert_eq!(probes(&ended)[0], "anthropic:good unknown -");
    let advice = ended.json()["probes"][0]["advice"].clone();
    assert!(
        advice.as_str().expect("advice").contains("--base-url"),
        "{advice}"
    );
}

/// They are about where Claude Code sends what it uses, which the doctor's own probe asks.
#[test]
fn claude_codes_settings_move_the_credential_in_use_of_the_doctor_alone() {
    let (named, set) = (by_key(), by_key());
    let machine = with_store(&good_and_revoked()).with("ANTHROPIC_BASE_URL", &named.url());
    let settings = json!({"env": {"ANTHROPIC_BASE_URL": set.url()}});
    machine.write(".claude/settings.json", &settings.to_string());
    let hosts = |ended: &Ended| {
        let document = ended.json();
        let probes = document["probes"].as_array().expect("probes").clone();
        let told = |probe: Value| (probe["profileId"].clone(), probe["host"].clone());
        probes.into_iter().map(told).collect::<Vec<_>>()
    };
    let ended = probe(&machine, &[]);
    assert_eq!(
        probes(&ended),
        ["anthropic:good ok ok", "anthropic:old auth invalid-key"]
    );
    assert_eq!((named.requests().len(), set.requests().len()), (2, 0));
    let ended = machine.run(&["doctor", "--json", "--probe-profile", "anthropic:old"]);
    let expected = [
        (json!("anthropic:good"), json!(set.address().to_string())),
        (json!("anthropic:old"), json!(named.address().to_string())),
    ];
    assert_eq!(hosts(&ended), expected, "{ended:?}");
}
