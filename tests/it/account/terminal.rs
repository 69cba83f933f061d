//! What is asked at a terminal.

use super::*;
use crate::support::pty::{CONTROL_C, ENTER, ESCAPE};

#[test]
fn a_key_is_asked_for_and_not_shown() {
    let machine = machine();
    let mut screen = machine.terminal(80, 20, &["account", "add-api-key", "work"]);
    screen.wait("Anthropic API key for the account work");
    screen.paste(&key("01")).keys(ENTER);
    let left = screen.end();
    left.with_code(0)
        .says("Added Anthropic API key")
        .never_drew(&key("01"));
    assert_eq!(
        stored(&machine)["profiles"]["anthropic:work"]["key"],
        key("01")
    );
}

#[test]
fn who_leaves_the_question_has_changed_nothing() {
    for keys in [CONTROL_C, ESCAPE] {
        let machine = machine();
        let mut screen = machine.terminal(80, 20, &["account", "add-api-key", "work"]);
        screen
            .wait("Anthropic API key for the account work")
            .keys(keys);
        screen.end().with_code(130).says("nothing was changed");
        assert!(!machine.home().join(".config").exists());
    }
}

#[test]
fn another_key_is_replaced_by_who_says_yes() {
    let machine = machine();
    ends(&add(&machine, "work", "01"), 0, "");
    let replace = |answer: &str| {
        let mut screen = machine.terminal(80, 20, &["account", "add-api-key", "work"]);
        screen.wait("Anthropic API key for the account work");
        screen.paste(&key("02")).keys(ENTER);
        screen.wait("Replace it?").keys(answer).keys(ENTER);
        screen.end()
    };
    replace("n").with_code(1).says("nothing was changed");
    let held = || stored(&machine)["profiles"]["anthropic:work"]["key"].clone();
    assert_eq!(held(), key("01"));
    replace("y")
        .with_code(0)
        .says("Replaced the API key of account work");
    assert_eq!(held(), key("02"));
}

#[test]
fn delete_asks() {
    let machine = machine();
    ends(&add(&machine, "work", "01"), 0, "");
    let ask = |answer: &str| {
        let mut screen = machine.terminal(80, 20, &["account", "delete", "work"]);
        screen
            .wait("Delete the account work: anthropic:work?")
            .keys(answer)
            .keys(ENTER);
        screen.end()
    };
    ask("").with_code(0).says("Deletion cancelled");
    ask("n").with_code(0).says("Deletion cancelled");
    assert_eq!(
        stored(&machine)["profiles"]["anthropic:work"]["key"],
        key("01")
    );
    ask("y").with_code(0).says("Deleted account: work");
    assert_eq!(stored(&machine)["profiles"], json!({}));
}

/// A stand-in that signs in where `CLAUDE_CONFIG_DIR` says, or does not.
fn claude(machine: &Machine, signs_in: bool) {
    let file = json!({"claudeAiOauth": {
        "accessToken": "sk-ant-oat01-MADE-UP-MADE-UP-MADE-UP-MADE-UP", "refreshToken": "sk-ant-ort01-MADE-UP-MADE-UP",
        "expiresAt": 1_795_300_000_000_i64, "refreshTokenExpiresAt": 1_797_000_000_000_i64,
        "scopes": ["user:inference"], "subscriptionType": "max"}});
    let write = format!("printf '%s' '{file}' > \"$CLAUDE_CONFIG_DIR/.credentials.json\"");
    let script = format!(
        "echo \"claude $* ${{ANTHROPIC_API_KEY-without}}\"\n{}",
        if signs_in { write.as_str() } else { "exit 1" }
    );
    machine.program("claude", &script);
}

#[test]
fn new_hands_over_to_claude() {
    let machine = machine().with("ANTHROPIC_API_KEY", "in-the-way");
    let run = || machine.terminal(100, 20, &["account", "new", "me", "--claude-login"]);
    run().end().with_code(69).says("`claude` is not installed");
    assert!(!machine.home().join(".config").exists(), "nothing was made");
    claude(&machine, false);
    run()
        .end()
        .with_code(1)
        .says("keywright account new me --claude-login");
    assert!(!machine.store().exists(), "nothing was saved");
    claude(&machine, true);
    let left = run().end();
    left.with_code(0)
        .says("claude auth login without")
        .says("Saved account: me");
    let info = account(&machine, &["info", "me", "--json"]).json();
    assert_eq!(info["account"]["type"], "Max");
    assert_eq!(info["profiles"][0]["status"], "ok");
    // Signed in already: nobody is asked again.
    claude(&machine, false);
    run()
        .end()
        .with_code(0)
        .says("Nothing to do for account: me");
}

#[test]
fn a_secret_is_shown_on_request_only() {
    let machine = machine();
    ends(&add(&machine, "work", "01"), 0, "");
    let mut screen = machine.terminal(150, 20, &["account", "show-api-key", "work"]);
    screen
        .end()
        .with_code(0)
        .says("sk-ant-api03-…AA01")
        .never_drew(&key("01"));
    let mut screen = machine.terminal(
        150,
        20,
        &["account", "show-api-key", "work", "--show-secret"],
    );
    screen.end().with_code(0).says(&key("01"));
    let mut screen = machine.terminal(150, 20, &["account", "env", "work", "--export"]);
    screen.end().with_code(64).never_drew(&key("01"));
}
