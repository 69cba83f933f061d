//! Profiles that rest: how `models status` tells of them, and that a person may choose them anyway.

use serde_json::{Value, json};

use super::{NOW_MS, api_key, profiles, real_key, status, with_store};
use crate::support::machine::Machine;
use crate::support::server::{Answer, Server};

const MINUTE_MS: i64 = 60_000;

fn with_usage(usage: &str) -> Machine {
    let machine = with_store(&profiles(&[
        ("anthropic:a", api_key(&real_key("00001"))),
        ("anthropic:b", api_key(&real_key("00002"))),
    ]));
    machine.write(".config/keywright/state/usage.json", usage);
    machine
}

fn usage(records: &Value) -> String {
    json!({"version": 1, "agents": {"main": records}}).to_string()
}

#[test]
fn the_next_one_is_used_while_one_rests() {
    let records = json!({"anthropic:a":
        {"cooldownUntil": NOW_MS + MINUTE_MS, "cooldownReason": "rate_limit"}});
    let machine = with_usage(&usage(&records));
    let ended = status(&machine, &["--json", "--check"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let auth = &ended.json()["auth"];
    assert_eq!(auth["profiles"][0]["reasonCode"], "cooldown");
    assert_eq!(auth["profiles"][0]["status"], "static");
    assert_eq!(auth["profiles"][1]["effective"], true);
    assert_eq!(auth["providers"][0]["candidates"], json!(["anthropic:b"]));
    assert_eq!(
        auth["unusableProfiles"],
        json!([{"id": "anthropic:a", "reasonCode": "cooldown", "until": "2026-11-21T10:01:00Z"}])
    );
    let text = status(&machine, &[]).stdout;
    let words = "it rests until 2026-11-21T10:01:00Z, after too many requests";
    assert!(text.contains(words), "{text}");

    // What a person chose is used all the same.
    let pinned = with_usage(&usage(&records)).with("KEYWRIGHT_PROFILE", "anthropic:a");
    let auth = status(&pinned, &["--json"]).json()["auth"].clone();
    assert_eq!(auth["profiles"][0]["effective"], true);
    assert_eq!(auth["unusableProfiles"], json!([]));
}

#[test]
fn all_of_them_rest() {
    let records = json!({
        "anthropic:a": {"cooldownUntil": NOW_MS + MINUTE_MS},
        "anthropic:b": {"disabledUntil": NOW_MS + 10 * MINUTE_MS, "disabledReason": "billing"},
    });
    let machine = with_usage(&usage(&records));
    let ended = status(&machine, &["--json", "--check"]);
    assert_eq!(ended.code, 1, "{ended:?}");
    let auth = &ended.json()["auth"];
    assert_eq!(auth["missingProvidersInUse"], json!(["anthropic"]));
    assert_eq!(auth["unusableProfiles"][1]["reasonCode"], "disabled");
    assert_eq!(auth["unusableProfiles"][1]["until"], "2026-11-21T10:10:00Z");
    let shown = status(&machine, &[]).stdout;
    let typed = "keywright models auth reset anthropic:a";
    assert!(shown.contains(typed), "{shown}");
    let refused = machine.run(&["get"]);
    assert!(refused.stderr.contains(typed), "{refused:?}");
    assert_eq!(
        machine
            .run(&typed.split(' ').skip(1).collect::<Vec<_>>())
            .code,
        0
    );
    assert_eq!(status(&machine, &["--check"]).code, 0);
    let over = json!({"anthropic:a": {"cooldownUntil": NOW_MS}});
    assert_eq!(status(&with_usage(&usage(&over)), &["--check"]).code, 0);
}

#[test]
fn what_rests_is_tried_only_by_name() {
    let server = Server::always(Answer::models());
    let records = json!({"anthropic:a": {"cooldownUntil": NOW_MS + MINUTE_MS}});
    let machine = with_usage(&usage(&records)).with("ANTHROPIC_BASE_URL", &server.url());
    let file = machine.ours().join("state/usage.json");
    let before = std::fs::read(&file).expect("there");
    let of = |arguments: &[&str]| {
        let ended = status(&machine, &[&["--probe", "--json"], arguments].concat());
        ended.json()["probes"][0].clone()
    };
    let reported = of(&[]);
    assert_eq!(
        (&reported["status"], &reported["reasonCode"]),
        (&json!("unknown"), &json!("cooldown"))
    );
    let tried = of(&["--probe-profile", "anthropic:a"]);
    assert_eq!(tried["status"], "ok");
    assert_eq!(std::fs::read(&file).expect("there"), before);
}

#[test]
fn a_record_that_cannot_be_read_is_told_and_stops_nothing() {
    for broken in ["{", "[]", r#"{"version":2}"#, "\u{fffd}"] {
        let machine = with_usage(broken);
        let ended = status(&machine, &["--json", "--check"]);
        assert_eq!(ended.code, 0, "{broken} {ended:?}");
        assert_eq!(ended.json()["auth"]["profiles"][0]["effective"], true);
        assert!(ended.stderr.contains("usage.json"), "{broken} {ended:?}");
    }
    let folder = with_usage("{}");
    let file = folder.ours().join("state/usage.json");
    std::fs::remove_file(&file).expect("there");
    std::fs::create_dir(&file).expect("a folder");
    let ended = status(&folder, &["--check"]);
    assert_eq!(ended.code, 0, "{ended:?}");
}

#[test]
fn a_login_past_its_access_token_is_fine() {
    let check = |refresh: &str, expected: i32| {
        let machine = with_store(&profiles(&[(
            "anthropic:claude-cli",
            json!({"type": "oauth", "provider": "anthropic", "source": "claude-cli"}),
        )]));
        let login = json!({"claudeAiOauth": {"accessToken": "sk-ant-oat01-x", "refreshToken": refresh,
            "expiresAt": NOW_MS - MINUTE_MS, "scopes": ["user:inference"], "subscriptionType": "max"}});
        machine.write(".claude/.credentials.json", &login.to_string());
        let ended = status(&machine, &["--check", "--json"]);
        assert_eq!(ended.code, expected, "{ended:?}");
    };
    check("sk-ant-ort01-made-up", 0);
    check("", 1);
}

#[test]
fn a_new_credential_does_not_rest() {
    let records = json!({
        "anthropic:a": {"cooldownUntil": NOW_MS + MINUTE_MS},
        "anthropic:b": {"cooldownUntil": NOW_MS + MINUTE_MS},
    });
    let machine = with_usage(&usage(&records));
    let rests = |machine: &Machine| {
        let auth = status(machine, &["--json"]).json()["auth"].clone();
        let unusable = auth["unusableProfiles"].as_array().expect("a list").clone();
        let names = unusable
            .iter()
            .map(|one| one["id"].as_str().expect("an id").to_owned());
        names.collect::<Vec<_>>()
    };
    assert_eq!(rests(&machine), ["anthropic:a", "anthropic:b"]);
    let paste = [
        "models",
        "auth",
        "paste-api-key",
        "--profile-id",
        "anthropic:a",
    ];
    let same = machine.run_with_input(&paste, real_key("00001").as_bytes());
    assert_eq!(same.code, 0, "{same:?}");
    assert_eq!(
        rests(&machine),
        ["anthropic:a", "anthropic:b"],
        "it is the same one"
    );
    let new = real_key("00003");
    let replaced = machine.run_with_input(&[&paste[..], &["--replace"]].concat(), new.as_bytes());
    assert_eq!(replaced.code, 0, "{replaced:?}");
    assert_eq!(rests(&machine), ["anthropic:b"]);
    let ended = machine.run(&["models", "auth", "reset", "anthropic:b"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(rests(&machine), [""; 0]);
}

#[test]
fn an_inherited_profile_rests_for_every_agent() {
    let records = json!({"anthropic:a": {"cooldownUntil": NOW_MS + MINUTE_MS}});
    let machine = with_usage(&usage(&records));
    machine.write(
        ".config/keywright/agents/bot/auth-profiles.json",
        r#"{"version":1,"profiles":{}}"#,
    );
    let reason = || {
        let ended = machine.run(&["--agent", "bot", "status", "--json"]);
        ended.json()["auth"]["profiles"][0]["reasonCode"].clone()
    };
    assert_eq!(reason(), "cooldown");
    let ended = machine.run(&["--agent", "bot", "models", "auth", "reset", "anthropic:a"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(reason(), "ok");
}
