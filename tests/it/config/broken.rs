//! A configuration with a mistake in it: shown with its place, and in the way of nothing else.

use super::{config, text, with};
use crate::support::machine::{Machine, key};

const BROKEN: &str = "{\n  agents: { defaults: { model: hunter2 } },\n}\n";

fn broken() -> Machine {
    let machine = with(BROKEN);
    let saved = machine.run_with_input(&["models", "auth", "paste-api-key"], key("01").as_bytes());
    assert_eq!(saved.code, 0, "{saved:?}");
    machine
}

#[test]
fn the_place_is_shown_with_a_caret_and_no_value() {
    let machine = broken();
    for arguments in [
        &["check"][..],
        &["get"],
        &["set", "x", "1"],
        &["unset", "x"],
    ] {
        let ended = config(&machine, arguments);
        assert_eq!(ended.code, 65, "{ended:?}");
        assert!(ended.stderr.contains("config.json5:2:32"), "{ended:?}");
        assert!(
            ended.stderr.contains('^') && ended.stderr.contains("hint:"),
            "{ended:?}"
        );
        assert!(!ended.stderr.contains("hunter2"), "{ended:?}");
    }
    let model = machine.run(&["models", "set", "anthropic/a", "--json"]);
    assert_eq!(
        (model.code, &model.json()["error"]["code"]),
        (65, &"malformed".into())
    );
    assert_eq!(text(&machine), BROKEN);
}

#[test]
fn every_other_command_still_works() {
    let machine = broken();
    for arguments in [
        &["models", "status"][..],
        &["models", "status", "--check"],
        &["models", "auth", "list"],
        &["models", "auth", "show", "anthropic:default"],
        &["models", "auth", "order", "get", "--provider", "anthropic"],
        &[
            "models",
            "auth",
            "order",
            "set",
            "--provider",
            "anthropic",
            "anthropic:default",
        ],
        &["models", "auth", "activate", "anthropic:default"],
        &["get"],
        &["env", "--shell", "bash"],
        &["why", "keywright"],
        &["history"],
        &["config", "path"],
    ] {
        let ended = machine.run(arguments);
        assert_eq!(ended.code, 0, "{arguments:?} {ended:?}");
        assert!(!ended.stderr.contains("hunter2"), "{ended:?}");
    }
    let status = machine.run(&["models", "status", "--json"]);
    assert_eq!(
        status.json()["auth"]["profiles"][0]["id"],
        "anthropic:default"
    );
    assert!(status.stderr.contains("config.json5:2:32"), "{status:?}");
    assert!(status.stderr.contains('^'), "{status:?}");
}

#[test]
fn the_wizard_needs_it_only_to_write_it() {
    let machine = broken();
    let token = crate::auth::token('Z');
    let arguments = [
        "onboard",
        "--flow",
        "setup-token",
        "--token-stdin",
        "--accept-risk=subscription-token",
        "--offline",
    ];
    let ended = machine.run_with_input(&arguments, token.as_bytes());
    assert_eq!(ended.code, 0, "{ended:?}");
    let arguments = [
        "onboard",
        "--flow",
        "api-key",
        "--anthropic-api-key-stdin",
        "--offline",
        "--replace",
        "--model",
        "claude-x",
    ];
    let ended = machine.run_with_input(&arguments, key("02").as_bytes());
    assert_eq!(ended.code, 65, "{ended:?}");
    assert!(ended.stderr.contains("config.json5:2:32"), "{ended:?}");
    assert_eq!(text(&machine), BROKEN);
}
