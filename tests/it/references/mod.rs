//! References to secrets that are somewhere else: what is followed, what is refused, and when
//! somebody is asked.

mod env;
mod exec;
mod file;
#[cfg(all(target_os = "linux", feature = "keyring"))]
mod keyring;
mod onboard;

use serde_json::{Value, json};

use crate::support::machine::{Ended, Machine, key};

/// The value that the references of these tests lead to.
fn secret() -> String {
    key("q9Zw")
}

fn reference(source: &str, provider: &str, id: &str) -> Value {
    json!({"source": source, "provider": provider, "id": id})
}

/// A machine whose one profile has this `keyRef`.
fn machine(reference: &Value) -> Machine {
    let machine = Machine::new();
    let profile = json!({"type": "api_key", "provider": "anthropic", "keyRef": reference});
    store(&machine, &json!({"anthropic:default": profile}));
    machine
}

fn store(machine: &Machine, profiles: &Value) {
    machine.write(
        ".config/keywright/agents/main/auth-profiles.json",
        &json!({"version": 1, "profiles": profiles}).to_string(),
    );
}

/// Says what the provider `ours` is.
fn provide(machine: &Machine, provider: &Value) {
    let config = json!({"secrets": {"providers": {"ours": provider}}});
    machine.write(".config/keywright/config.json5", &config.to_string());
}

/// The value that is handed out.
fn raw(machine: &Machine) -> Ended {
    machine.run(&["get", "--raw"])
}

#[track_caller]
fn resolves(machine: &Machine) {
    let ended = raw(machine);
    assert_eq!(
        (ended.code, ended.stdout.trim_end()),
        (0, secret().as_str()),
        "{ended:?}"
    );
}

/// Nothing is handed out, these words say why, and no part of a value is shown.
#[track_caller]
fn refused(machine: &Machine, why: &str) {
    let ended = raw(machine);
    assert_eq!((ended.code, ended.stdout.as_str()), (1, ""), "{ended:?}");
    let said = ended
        .stderr
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    assert!(
        said.contains("`anthropic:default` cannot be used: "),
        "{said}"
    );
    assert!(said.contains(why), "{said}");
    assert!(!said.contains("q9Zw") && !said.contains("hunter"), "{said}");
}

/// How `models status --check` judges it: the exit code and the reason code.
fn judged(machine: &Machine) -> (i32, String) {
    let ended = machine.run(&["models", "status", "--check", "--json"]);
    let reason = &ended.json()["auth"]["profiles"][0]["reasonCode"];
    (ended.code, reason.as_str().unwrap_or_default().to_owned())
}

#[test]
fn a_provider_that_cannot_be_followed() {
    let check = |reference: &Value, why: &str| {
        let machine = machine(reference);
        provide(&machine, &json!({"source": "env"}));
        refused(&machine, why);
        assert_eq!(judged(&machine), (1, "unresolved_ref".to_owned()));
    };
    check(
        &reference("file", "gone", "value"),
        "has no secrets.providers.gone",
    );
    check(
        &reference("file", "default", "value"),
        "has no secrets.providers.default",
    );
    check(
        &reference("exec", "ours", "value"),
        "is not of the source `exec`",
    );
    check(
        &reference("vault", "ours", "value"),
        "a source that this version does not know",
    );
    check(
        &reference("env", "No Name", "A"),
        "a provider that cannot be one",
    );
}

#[test]
fn every_kind_of_profile_has_references() {
    let machine = Machine::new()
        .with("THE_KEY", &secret())
        .with("THE_TOKEN", &format!("sk-ant-oat01-{}", "tok9".repeat(24)))
        .with("THE_SECRET", &"s3cr".repeat(10));
    let named = |name: &str| reference("env", "default", name);
    store(
        &machine,
        &json!({
            "anthropic:key": {"type": "api_key", "provider": "anthropic", "keyRef": named("THE_KEY")},
            "anthropic:token": {"type": "token", "provider": "anthropic", "tokenRef": named("THE_TOKEN")},
            "bedrock:keys": {"type": "aws", "provider": "bedrock", "method": "access_keys", "region": "us-east-1",
                "accessKeyId": "AKIAIOSFODNN7EXAMPLE", "secretAccessKeyRef": named("THE_SECRET")},
            "bedrock:bearer": {"type": "aws", "provider": "bedrock", "method": "bearer", "region": "us-east-1",
                "bearerTokenRef": named("THE_SECRET")},
        }),
    );
    let check = |id: &str, variable: &str, value: &str| {
        let line = [
            "env",
            "--profile",
            id,
            "--shell",
            "json",
            "--accept-risk=subscription-token-elsewhere",
        ];
        let ended = machine.run(&line);
        assert_eq!(ended.code, 0, "{ended:?}");
        assert_eq!(ended.json()[variable], value, "{id}");
    };
    check("anthropic:key", "ANTHROPIC_API_KEY", &secret());
    check("bedrock:keys", "AWS_SECRET_ACCESS_KEY", &"s3cr".repeat(10));
    check(
        "bedrock:bearer",
        "AWS_BEARER_TOKEN_BEDROCK",
        &"s3cr".repeat(10),
    );
    let token = format!("sk-ant-oat01-{}", "tok9".repeat(24));
    check("anthropic:token", "CLAUDE_CODE_OAUTH_TOKEN", &token);
    let document = machine.run(&["models", "status", "--json"]).json();
    let profiles = document["auth"]["profiles"].as_array().expect("profiles");
    assert!(
        profiles
            .iter()
            .all(|p| p["source"] == "ref:env" && p["reasonCode"] == "ok")
    );
}

#[test]
fn the_page_shows_what_is_understood() {
    let page = include_str!("../../../docs/references.md");
    let (_, rest) = page.split_once("```json5\n").expect("an example");
    let (example, _) = rest.split_once("```").expect("its end");
    let machine = machine(&reference("env", "some", "COMPANY_KEY")).with("COMPANY_KEY", &secret());
    machine.write(".config/keywright/config.json5", example);
    resolves(&machine);
    let ended = machine.run(&["config", "check"]);
    assert_eq!(ended.code, 0, "{ended:?}");
}

#[test]
fn a_rewrite_keeps_the_reference() {
    let machine =
        machine(&json!({"source": "env", "provider": "default", "id": "THE_KEY", "note": 1}))
            .with("THE_KEY", &secret());
    let ended = machine.run(&["models", "auth", "activate", "anthropic:default"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let text = std::fs::read_to_string(machine.store()).expect("the store");
    let store: Value = serde_json::from_str(&text).expect("JSON");
    let kept = &store["profiles"]["anthropic:default"]["keyRef"];
    assert_eq!(
        kept,
        &json!({"source": "env", "provider": "default", "id": "THE_KEY", "note": 1})
    );
    assert!(!text.contains(&secret()));
}

#[cfg(not(feature = "keyring"))]
#[test]
fn a_build_without_the_keyring_says_so() {
    let machine = machine(&reference("keyring", "default", "the-key"));
    refused(&machine, "was built without the keyring");
    assert_eq!(judged(&machine), (1, "unresolved_ref".to_owned()));
}
