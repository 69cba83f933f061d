//! Agents: what is inherited is shown as such, and changed where it lives.

use super::{auth, machine_with};
use crate::support::machine::{Machine, key};

/// `main` has a profile, and the agent `bot` none of its own.
fn with_bot() -> Machine {
    let machine = machine_with(&[("anthropic:work", &key("0w"))]);
    machine.write(".config/keywright/agents/bot/here", "");
    machine
}

#[test]
fn inherited_profiles_are_shown_as_such() {
    let machine = with_bot();
    let listed = auth(&machine, &["--agent", "bot", "list", "--json"], "").json();
    assert_eq!(listed["profiles"][0]["inheritedFrom"], "main");
    let text = auth(&machine, &["--agent", "bot", "list"], "");
    assert!(text.stdout.contains("from agent main"), "{text:?}");
    let shown = auth(
        &machine,
        &["--agent", "bot", "show", "anthropic:work", "--json"],
        "",
    )
    .json();
    let path = shown["storePath"].as_str().expect("a path");
    assert!(path.contains("agents/main/"), "{path}");
    let order = [
        "--agent",
        "bot",
        "order",
        "get",
        "--provider",
        "anthropic",
        "--json",
    ];
    let order = auth(&machine, &order, "").json();
    assert_eq!(order["order"], serde_json::json!([]));
    assert_eq!(order["inherited"][0], "anthropic:work");
}

#[test]
fn what_is_inherited_is_changed_where_it_lives() {
    let machine = with_bot();
    let before = std::fs::read(machine.store()).expect("a store");
    let check = |arguments: &[&str]| {
        let ended = auth(&machine, &[&["--agent", "bot"], arguments].concat(), "");
        assert_eq!(ended.code, 1, "{arguments:?} {ended:?}");
        assert!(ended.stderr.contains("--agent main"), "{ended:?}");
    };
    check(&["remove", "anthropic:work"]);
    check(&["activate", "anthropic:work"]);
    check(&["order", "set", "--provider", "anthropic", "anthropic:work"]);
    assert_eq!(std::fs::read(machine.store()).expect("a store"), before);
    assert!(
        !machine
            .ours()
            .join("agents/bot/auth-profiles.json")
            .exists()
    );
    let reset = ["--agent", "bot", "reset", "anthropic:work"];
    assert_eq!(
        auth(&machine, &reset, "").code,
        0,
        "a cooldown is the agent's own"
    );
}

#[test]
fn an_agent_that_does_not_exist_is_refused_with_those_that_do() {
    let machine = with_bot();
    for arguments in [
        &["list"][..],
        &["paste-api-key"],
        &["remove", "anthropic:work"],
        &["order", "get", "--provider", "anthropic"],
        &["sync"],
    ] {
        let ended = auth(
            &machine,
            &[&["--agent", "nobody"], arguments].concat(),
            &key("01"),
        );
        assert_eq!(ended.code, 1, "{arguments:?} {ended:?}");
        assert!(ended.stderr.contains("bot"), "{ended:?}");
    }
    assert!(!machine.ours().join("agents/nobody").exists());
}
