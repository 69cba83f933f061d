//! `models auth order`: set, shown, cleared, refused.

use super::{auth, machine_with};
use crate::support::machine::key;

fn get(machine: &crate::support::machine::Machine) -> serde_json::Value {
    auth(
        machine,
        &["order", "get", "--provider", "anthropic", "--json"],
        "",
    )
    .json()
}

#[test]
fn an_order_is_set_used_and_cleared() {
    let machine = machine_with(&[("anthropic:a", &key("0a")), ("anthropic:b", &key("0b"))]);
    let first = get(&machine);
    assert_eq!(first["source"], "names");
    assert_eq!(
        first["order"],
        serde_json::json!(["anthropic:a", "anthropic:b"])
    );
    let set = ["order", "set", "--provider", "anthropic", "anthropic:b"];
    let ended = auth(&machine, &set, "");
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(get(&machine)["source"], "store");
    let status = machine.run(&["models", "status", "--json"]).json();
    let used = &status["auth"]["providers"][0]["effective"]["profileId"];
    assert_eq!(used, "anthropic:b");
    let again = auth(&machine, &[&set[..], &["--json"]].concat(), "").json();
    assert_eq!(again["changed"], false);
    let clear = ["order", "clear", "--provider", "anthropic"];
    assert_eq!(auth(&machine, &clear, "").code, 0);
    assert_eq!(get(&machine)["source"], "names");
    assert_eq!(
        auth(&machine, &clear, "").code,
        0,
        "there is nothing to clear"
    );
}

#[test]
fn the_order_of_the_configuration_is_shown_as_such() {
    let machine = machine_with(&[("anthropic:a", &key("0a")), ("anthropic:b", &key("0b"))]);
    machine.write(
        ".config/keywright/config.json5",
        "{auth: {order: {anthropic: ['anthropic:b', 'anthropic:a']}}}",
    );
    let shown = get(&machine);
    assert_eq!(shown["source"], "config");
    assert_eq!(shown["order"][0], "anthropic:b");
}

#[test]
fn what_is_not_there_is_refused_with_what_is() {
    let machine = machine_with(&[("anthropic:a", &key("0a"))]);
    let before = std::fs::read(machine.store()).expect("a store");
    let check = |ids: &[&str], code: i32, says: &str| {
        let arguments = [&["order", "set", "--provider", "anthropic"], ids].concat();
        let ended = auth(&machine, &arguments, "");
        assert_eq!(ended.code, code, "{ended:?}");
        assert!(ended.stderr.contains(says), "{ended:?}");
    };
    check(
        &["anthropic:a", "anthropic:nope"],
        1,
        "There is anthropic:a.",
    );
    check(&["anthropic:a", "anthropic:a"], 64, "twice");
    check(&["../x"], 64, "profile id");
    check(&["\u{1b}[2J"], 64, "profile id");
    check(&[], 64, "ID");
    let nobody = ["order", "get", "--provider", "antropic"];
    assert_eq!(auth(&machine, &nobody, "").code, 64);
    let foreign = ["order", "set", "--provider", "openai", "anthropic:a"];
    assert_eq!(auth(&machine, &foreign, "").code, 64);
    assert_eq!(std::fs::read(machine.store()).expect("a store"), before);
}

#[test]
fn an_order_that_names_what_is_not_there_says_so() {
    let machine = machine_with(&[("anthropic:a", &key("0a"))]);
    machine.write(
        ".config/keywright/config.json5",
        "{auth: {order: {anthropic: ['anthropic:gone', 'anthropic:a']}}}",
    );
    assert_eq!(
        get(&machine)["unknown"],
        serde_json::json!(["anthropic:gone"])
    );
    let ended = auth(&machine, &["order", "get", "--provider", "anthropic"], "");
    assert!(
        ended.stderr.contains("there is no profile anthropic:gone"),
        "{ended:?}"
    );
}

#[test]
fn an_active_account_comes_before_an_order_and_says_so() {
    let machine = machine_with(&[("anthropic:a", &key("0a")), ("anthropic:b", &key("0b"))]);
    assert_eq!(auth(&machine, &["activate", "anthropic:a"], "").code, 0);
    let set = ["order", "set", "--provider", "anthropic", "anthropic:b"];
    let ended = auth(&machine, &set, "");
    assert!(ended.stderr.contains("account use --none"), "{ended:?}");
    let status = machine.run(&["models", "status", "--json"]).json();
    let used = &status["auth"]["providers"][0]["effective"]["profileId"];
    assert_eq!(used, "anthropic:a");
}
