//! What a person types: hidden, asked for again, agreed to.

use super::{machine_with, stored, token};
use crate::support::machine::{Machine, key};
use crate::support::pty::{CONTROL_C, ENTER};

#[test]
fn a_pasted_key_is_not_drawn_and_a_wrong_one_is_asked_for_again() {
    let machine = Machine::new();
    let key = key("01");
    let mut screen = machine.terminal(100, 40, &["models", "auth", "paste-api-key"]);
    screen.wait("? API key").paste("hello world").keys(ENTER);
    screen.wait("not an Anthropic API key").settle();
    let (first, second) = key.split_at(60);
    screen.paste(&format!("{first}\n{second}")).keys(ENTER);
    screen.wait("Saved anthropic:default");
    let left = screen.end();
    left.with_code(0).says("not verified");
    left.never_drew(first).never_drew(second);
    assert_eq!(
        stored(&machine)["profiles"]["anthropic:default"]["key"],
        key
    );
}

#[test]
fn another_key_is_agreed_to_or_not() {
    let machine = machine_with(&[("anthropic:default", &key("01"))]);
    for (answer, code, kept) in [("n", 1, "01"), ("y", 0, "02")] {
        let mut screen = machine.terminal(100, 40, &["models", "auth", "paste-api-key"]);
        screen.wait("? API key").paste(&key("02")).keys(ENTER);
        screen
            .wait("? anthropic:default holds another credential")
            .line(answer);
        screen.end().with_code(code);
        assert_eq!(
            stored(&machine)["profiles"]["anthropic:default"]["key"],
            key(kept)
        );
    }
}

#[test]
fn leaving_changes_nothing() {
    let machine = Machine::new();
    let mut screen = machine.terminal(100, 40, &["models", "auth", "paste-token"]);
    screen.wait("? Go on with the token?").line("n");
    screen.end().with_code(130).says("nothing was changed");
    let mut screen = machine.terminal(100, 40, &["models", "auth", "paste-token"]);
    screen.wait("? Go on with the token?").line("y");
    screen.wait("? Setup token").keys(CONTROL_C);
    screen.end().with_code(130);
    assert!(!machine.ours().exists());
}

#[test]
fn setup_token_lends_the_terminal_and_takes_the_token() {
    let machine = Machine::new();
    machine.program(
        "claude",
        "[ \"$1\" = setup-token ] && echo 'Here is a token'; exit 0",
    );
    let token = token('Z');
    let mut screen = machine.terminal(120, 40, &["models", "auth", "setup-token"]);
    screen.wait("? Go on with the token?").line("y");
    screen
        .wait("Here is a token")
        .wait("? Setup token")
        .paste(&token)
        .keys(ENTER);
    let left = screen.end();
    left.with_code(0)
        .says("Saved anthropic:manual")
        .never_drew(&token);
    assert_eq!(
        stored(&machine)["profiles"]["anthropic:manual"]["token"],
        token
    );
    let bare = Machine::new();
    let mut screen = bare.terminal(120, 40, &["models", "auth", "setup-token"]);
    screen.end().with_code(69).says("Install Claude Code");
}

#[test]
fn a_service_of_another_program_is_asked_about() {
    let machine = Machine::new();
    let theirs = machine.write(".openclaw/.env", "");
    let mut screen = machine.terminal(120, 40, &["models", "auth", "paste-api-key"]);
    screen.wait("? Also keep ANTHROPIC_API_KEY in").line("y");
    screen.wait("? API key").paste(&key("01")).keys(ENTER);
    screen.end().with_code(0);
    let text = std::fs::read_to_string(theirs).expect("read");
    assert!(text.contains(&key("01")), "{text}");
}

#[test]
fn the_secret_itself_is_kept_off_the_screen() {
    let machine = machine_with(&[("anthropic:default", &key("01"))]);
    let mut screen = machine.terminal(120, 40, &["get", "--raw"]);
    screen.end().with_code(64).never_drew(&key("01"));
    let mut screen = machine.terminal(120, 40, &["get", "--raw", "--force"]);
    screen.end().with_code(0).says(&key("01"));
    let raw = machine.run(&["get", "--raw"]);
    assert_eq!((raw.code, raw.stdout), (0, format!("{}\n", key("01"))));
    let masked = machine.run(&["get", "--profile", "anthropic:default"]);
    assert!(masked.stdout.starts_with("sk-ant-api03-…"), "{masked:?}");
}

#[test]
fn purging_is_asked_about() {
    let machine = machine_with(&[("anthropic:a", &key("0a"))]);
    let arguments = ["models", "auth", "remove", "anthropic:a", "--purge"];
    let mut screen = machine.terminal(100, 40, &arguments);
    screen.wait("Go on?").line("n");
    screen.end().with_code(130);
    assert!(stored(&machine)["profiles"]["anthropic:a"].is_object());
}

#[test]
fn in_the_sandbox_a_test_token_is_made_tried_and_saved() {
    let machine = Machine::new();
    let token = crate::support::keys::token("subscription-works");
    let arguments = ["--sandbox", "models", "auth", "setup-token", "--verify"];
    let mut screen = machine.terminal(120, 60, &arguments);
    screen.wait("? Go on with the token?").line("y");
    screen.wait("Press Enter to go on").keys(ENTER);
    screen
        .wait("paste this test token")
        .wait("? Setup token")
        .paste(&token)
        .keys(ENTER);
    screen.end().with_code(0).says("Saved anthropic:manual");
}
