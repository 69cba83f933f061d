//! `models status`: its JSON, its two texts, and the exit codes of `--check`.

mod probe;
mod probe_keys;
mod rests;

use serde_json::{Value, json};

use crate::support::machine::{Ended, Machine, key};

const NOW: &str = "2026-11-21T10:00:00Z";
/// The same in milliseconds.
const NOW_MS: i64 = 1_795_255_200_000;
const HOUR_MS: i64 = 3_600_000;

fn machine() -> Machine {
    Machine::new().with("KEYWRIGHT_NOW", NOW)
}

fn with_store(store: &Value) -> Machine {
    let machine = machine();
    machine.write(
        ".config/keywright/agents/main/auth-profiles.json",
        &store.to_string(),
    );
    machine
}

fn api_key(text: &str) -> Value {
    json!({"type": "api_key", "provider": "anthropic", "key": text})
}

fn token(expires: i64) -> Value {
    json!({"type": "token", "provider": "anthropic", "expires": expires,
           "token": format!("sk-ant-oat01-{}", "tok9".repeat(20))})
}

fn profiles(list: &[(&str, Value)]) -> Value {
    let map: serde_json::Map<String, Value> = list
        .iter()
        .map(|(id, profile)| ((*id).to_owned(), profile.clone()))
        .collect();
    json!({"version": 1, "profiles": map})
}

/// Runs with these arguments after `models status`.
fn status(machine: &Machine, arguments: &[&str]) -> Ended {
    machine.run(&[&["models", "status"], arguments].concat())
}

fn real_key(tail: &str) -> String {
    format!("sk-ant-api03-{}{tail}AA", "kQ7r".repeat(22))
}

#[test]
fn nothing_is_there() {
    let machine = machine();
    let ended = status(&machine, &["--json"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let document = ended.json();
    let keys: Vec<&String> = document.as_object().expect("an object").keys().collect();
    assert_eq!(
        keys,
        [
            "schemaVersion",
            "agent",
            "home",
            "storePath",
            "configPath",
            "defaultModel",
            "auth",
            "probes"
        ]
    );
    assert_eq!(
        document["auth"]["missingProvidersInUse"],
        json!(["anthropic"])
    );
    assert_eq!(document["auth"]["profiles"], json!([]));
    assert_eq!(
        document["auth"]["providers"][0]["effective"]["kind"],
        "missing"
    );
    assert_eq!(document["probes"], json!([]));

    let text = machine.run(&["status", "--check"]);
    assert_eq!(text.code, 1);
    assert!(text.stdout.contains("keywright onboard"), "{text:?}");
    assert!(
        !machine.home().join(".config").exists(),
        "reading creates nothing"
    );
}

#[test]
fn profiles_in_json() {
    let machine = with_store(&profiles(&[
        ("anthropic:a", api_key(&real_key("00001"))),
        ("anthropic:b", token(NOW_MS + 3 * HOUR_MS)),
        ("anthropic:c", token(NOW_MS - HOUR_MS)),
        ("anthropic:d", api_key("")),
        ("anthropic:e", api_key("hello")),
    ]));
    let ended = status(&machine, &["--json"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let document = ended.json();
    let auth = &document["auth"];
    assert_eq!(
        auth["profiles"][0],
        json!({
            "id": "anthropic:a", "provider": "anthropic", "type": "api_key", "source": "store",
            "status": "static", "reasonCode": "ok", "expiresAt": null, "remainingMs": null,
            "masked": "sk-ant-api03-…01AA", "inheritedFrom": null, "effective": true
        })
    );
    assert_eq!(auth["profiles"][1]["status"], "expiring");
    assert_eq!(auth["profiles"][1]["expiresAt"], "2026-11-21T13:00:00Z");
    assert_eq!(auth["profiles"][1]["remainingMs"], 3 * HOUR_MS);
    assert_eq!(auth["profiles"][2]["status"], "expired");
    assert_eq!(
        auth["unusableProfiles"],
        json!([
            {"id": "anthropic:c", "reasonCode": "expired", "until": null},
            {"id": "anthropic:d", "reasonCode": "missing_credential", "until": null},
            {"id": "anthropic:e", "reasonCode": "malformed_api_key", "until": null}
        ])
    );
    let provider = &auth["providers"][0];
    assert_eq!(provider["endpoint"], "https://api.anthropic.com");
    assert_eq!(
        provider["candidates"],
        json!(["anthropic:a", "anthropic:b"])
    );
    assert_eq!(
        provider["effective"],
        json!({"kind": "profile", "detail": "sk-ant-api03-…01AA", "profileId": "anthropic:a"})
    );
    assert!(!ended.stdout.contains("kQ7r"), "no secret: {ended:?}");
}

#[test]
fn check_judges_what_is_used() {
    let good = || api_key(&real_key("00001"));
    let cases: &[(&[(&str, Value)], i32)] = &[
        (&[("anthropic:a", good())], 0),
        (&[("anthropic:a", token(NOW_MS + 25 * HOUR_MS))], 0),
        (&[("anthropic:a", token(NOW_MS + 23 * HOUR_MS))], 2),
        (&[("anthropic:a", token(NOW_MS - 1))], 1),
        (&[("anthropic:a", token(0))], 1),
        (&[("anthropic:a", api_key(""))], 1),
        (
            &[
                ("anthropic:a", good()),
                ("anthropic:b", token(NOW_MS - HOUR_MS)),
            ],
            0,
        ),
    ];
    for (list, code) in cases {
        let machine = with_store(&profiles(list));
        for format in [
            &["--check"][..],
            &["--check", "--json"],
            &["--check", "--plain"],
        ] {
            let ended = status(&machine, format);
            assert_eq!(ended.code, *code, "{list:?} {format:?} {ended:?}");
        }
        assert_eq!(status(&machine, &[]).code, 0);
    }
    let machine = with_store(&profiles(&[("anthropic:a", token(NOW_MS + 5 * HOUR_MS))]));
    assert_eq!(
        status(&machine, &["--check", "--warn-within", "4h"]).code,
        0
    );
    assert_eq!(
        status(&machine, &["--check", "--warn-within", "1d"]).code,
        2
    );
    assert_eq!(status(&machine, &["--warn-within", "soon"]).code, 64);
}

#[test]
fn the_order_and_the_account_decide() {
    let mut store = profiles(&[
        ("anthropic:a", api_key(&real_key("00001"))),
        ("anthropic:b", api_key(&real_key("00002"))),
        ("anthropic:c", api_key(&real_key("00003"))),
    ]);
    let used = |store: &Value| {
        let document = status(&with_store(store), &["--json"]).json();
        document["auth"]["providers"][0]["effective"]["profileId"].clone()
    };
    assert_eq!(used(&store), "anthropic:a");
    store["order"] = json!({"anthropic": ["anthropic:b", "anthropic:a"]});
    assert_eq!(used(&store), "anthropic:b");
    let document = status(&with_store(&store), &["--json"]).json();
    assert_eq!(
        document["auth"]["profiles"][2]["reasonCode"],
        "excluded_by_auth_order"
    );
    assert_eq!(
        document["auth"]["order"],
        json!({"anthropic": ["anthropic:b", "anthropic:a"]})
    );
    store["active"] = json!("c");
    assert_eq!(used(&store), "anthropic:c");
}

#[test]
fn the_environment_is_named_and_masked() {
    let machine = machine().with("ANTHROPIC_API_KEY", &key("7777"));
    let ended = status(&machine, &["--json", "--check"]);
    assert_eq!(ended.code, 0);
    let provider = &ended.json()["auth"]["providers"][0];
    assert_eq!(
        provider["env"],
        json!([{"name": "ANTHROPIC_API_KEY", "source": "process",
                "masked": "sk-ant-api03-…7777", "kind": "api_key"}])
    );
    assert_eq!(provider["effective"]["kind"], "env");
    assert_eq!(provider["effective"]["detail"], "ANTHROPIC_API_KEY");
    let text = status(&machine, &[]);
    assert!(text.stdout.contains("ANTHROPIC_API_KEY"), "{text:?}");
    assert!(!text.stdout.contains("TESTAAAA"), "{text:?}");
}

#[test]
fn a_value_that_is_no_key_gives_the_terminal_no_orders() {
    let broken = format!("{}\u{1b}[7m", real_key("4711"));
    let machine = with_store(&profiles(&[("anthropic:a", api_key(&broken))]));
    for arguments in [
        &["models", "status"][..],
        &["models", "status", "--plain"],
        &["models", "auth", "list"],
        &["models", "auth", "show", "anthropic:a"],
        &["account", "info", "a"],
        &["why", "keywright"],
    ] {
        let ended = machine.run(arguments);
        let said = format!("{}{}", ended.stdout, ended.stderr);
        assert!(said.contains("sk-ant-api03-…"), "{arguments:?} {ended:?}");
        assert!(!said.contains('\u{1b}'), "{arguments:?} {ended:?}");
    }
}

#[test]
fn references_to_the_environment() {
    let reference = json!({"type": "api_key", "provider": "anthropic",
        "keyRef": {"source": "env", "provider": "default", "id": "MY_KEY"}});
    let mut machine = with_store(&profiles(&[("anthropic:a", reference)]));
    let line = |machine: &Machine| status(machine, &["--plain"]).stdout;
    assert_eq!(
        line(&machine),
        "anthropic:a api_key unresolved unresolved_ref - - -\n"
    );
    assert_eq!(status(&machine, &["--check"]).code, 1);
    machine.set("MY_KEY", &real_key("00009"));
    assert_eq!(
        line(&machine),
        "anthropic:a api_key static ok - in-use sk-ant-api03-…09AA\n"
    );
}

#[test]
fn other_agents() {
    let machine = with_store(&profiles(&[("anthropic:a", api_key(&real_key("00001")))]));
    let ended = machine.run(&["--agent", "bot", "status"]);
    assert_eq!(ended.code, 1, "{ended:?}");
    assert!(ended.stderr.contains("main"), "it lists those that exist");
    machine.write(
        ".config/keywright/agents/bot/auth-profiles.json",
        r#"{"version":1,"profiles":{}}"#,
    );
    let document = machine.run(&["--agent", "bot", "status", "--json"]).json();
    assert_eq!(document["auth"]["profiles"][0]["inheritedFrom"], "main");
    assert_eq!(document["auth"]["profiles"][0]["effective"], true);
}

#[test]
fn a_store_that_cannot_be_read() {
    let machine = machine();
    machine.write(
        ".config/keywright/agents/main/auth-profiles.json",
        "{\"version\":1,\"profiles\":{",
    );
    let ended = status(&machine, &["--json"]);
    assert_eq!(ended.code, 65);
    assert_eq!(ended.json()["error"]["code"], "malformed");
}

#[test]
fn plain_and_json_exclude_each_other() {
    assert_eq!(status(&machine(), &["--plain", "--json"]).code, 64);
}

#[test]
fn a_password_in_an_address_is_not_shown() {
    let check = |url: &str, expected: &str| {
        let machine = machine().with("ANTHROPIC_BASE_URL", url);
        let ended = machine.run(&["models", "status", "--json"]);
        let endpoint = &ended.json()["auth"]["providers"][0]["endpoint"];
        assert_eq!(endpoint, expected, "{url}");
    };
    check("https://gateway.example/x/", "https://gateway.example/x");
    check("https://user:hunter2@gateway.example", "");
    check("https://gateway.example/?token=hunter2", "");
}
