//! Ten thousand profiles: every verb works, and an order of all of them does.

use super::*;

const COUNT: usize = 10_000;

/// A store with that many accounts, the last one first in the order.
fn many() -> Machine {
    let machine = machine();
    let name = |number: usize| format!("a{number:05}");
    let profile = |number: usize| {
        let credential = json!({"type": "api_key", "provider": "anthropic", "key": key(&format!("{number:05}"))});
        (format!("anthropic:{}", name(number)), credential)
    };
    let profiles: serde_json::Map<String, Value> = (0..COUNT).map(profile).collect();
    let order: Vec<String> = (0..COUNT)
        .rev()
        .map(|number| format!("anthropic:{}", name(number)))
        .collect();
    let store = json!({"version": 1, "profiles": profiles, "order": {"anthropic": order}});
    machine.write(
        ".config/keywright/agents/main/auth-profiles.json",
        &store.to_string(),
    );
    machine
}

#[test]
fn every_verb_works() {
    let machine = many();
    let listed = account(&machine, &["list", "--json"]).json();
    assert_eq!(listed["accounts"].as_array().map(Vec::len), Some(COUNT));
    let text = account(&machine, &["list"]);
    assert_eq!(text.stdout.lines().count(), COUNT + 3);
    let code = machine.run(&["env", "--shell", "dotenv"]);
    assert_eq!(
        code.stdout,
        format!("ANTHROPIC_API_KEY={}\n", key("09999")),
        "the order"
    );
    ends(
        &account(&machine, &["use", "a00500"]),
        0,
        "Switched to account: a00500",
    );
    let code = machine.run(&["env", "--shell", "dotenv"]);
    assert_eq!(code.stdout, format!("ANTHROPIC_API_KEY={}\n", key("00500")));
    ends(&add(&machine, "new", "77"), 0, "Added");
    ends(&account(&machine, &["show-api-key", "a00001"]), 0, "0001");
    ends(
        &account(&machine, &["delete", "a00500", "-f"]),
        0,
        "none is active now",
    );
    let status = machine.run(&["models", "status", "--json"]).json();
    assert_eq!(
        status["auth"]["profiles"].as_array().map(Vec::len),
        Some(COUNT)
    );
    let order = &stored(&machine)["order"]["anthropic"];
    assert_eq!(
        order.as_array().map(Vec::len),
        Some(COUNT),
        "a new one goes to its end"
    );
    assert_eq!(order[COUNT - 1], "anthropic:new");
    assert_eq!(machine.run(&["undo"]).code, 0);
    ends(
        &account(&machine, &["current"]),
        0,
        "Active Account: a00500",
    );
}
