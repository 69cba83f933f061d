//! The stand-in programs of the sandbox: they work in it, and nowhere else.

use serde_json::Value;

use super::wire::key_named;
use crate::support::machine::{Ended, Machine};

fn inside(machine: &Machine, script: &str) -> Ended {
    machine.run(&["sandbox", "--", "/bin/sh", "-c", script])
}

#[test]
fn they_come_first_and_say_what_they_are() {
    let machine = Machine::new();
    machine.program("claude", "echo the real one");
    let ended = inside(
        &machine,
        "claude --version; aws --version; claude -p hi; echo $?",
    );
    let lines: Vec<&str> = ended.stdout.lines().collect();
    assert!(lines[0].starts_with("2.1.329 (Claude Code") && lines[0].contains("stand-in"));
    assert!(lines[1].contains("stand-in"), "{ended:?}");
    assert_eq!(lines[2..], ["Not logged in \u{b7} Please run /login", "1"]);
    assert!(ended.stderr.contains("stand-in for claude"));
}

/// Exit code, HTTP status and words of `claude -p` with these variables.
fn answers(variables: &str, code: i32, status: Option<u64>, words: &str) {
    let machine = Machine::new();
    let script = format!("{variables} claude -p ok --output-format json");
    let ended = inside(&machine, &script);
    assert_eq!(ended.code, code, "{variables} {ended:?}");
    let json: Value = ended.json();
    assert_eq!(json["is_error"], code != 0);
    assert_eq!(json["api_error_status"].as_u64(), status, "{variables}");
    let said = json["result"].as_str().unwrap_or_default();
    assert!(said.contains(words), "{words}: {ended:?}");
}

#[test]
fn claude_answers_with_a_token() {
    let check = |name: &str, status: Option<u64>, words: &str| {
        let variable = format!("CLAUDE_CODE_OAUTH_TOKEN={}", key_named(name));
        answers(&variable, i32::from(status.is_some()), status, words);
    };
    check("subscription-works", None, "Hello");
    check("subscription-revoked", Some(403), "token revoked");
    check("subscription-invalid", Some(401), "401 Invalid bearer");
    check("subscription-expired", Some(401), "has expired");
    let forbidden = "subscription-organization-not-allowed";
    check(forbidden, Some(403), "disabled Claude subscription");
    let disguised = "subscription-only-for-claude-code";
    check(disguised, Some(400), "only authorized");
    check(
        "subscription-rate-limited",
        Some(429),
        "not your usage limit",
    );
    check(
        "subscription-credit-too-low",
        Some(400),
        "balance is too low",
    );
    check("subscription-overloaded", Some(529), "529 Overloaded");
    check("works", None, "Hello");
}

#[test]
fn claude_answers_with_a_key() {
    let key = |name: &str| format!("ANTHROPIC_API_KEY={}", key_named(name));
    answers(&key("works"), 0, None, "Hello");
    answers(&key("subscription-works"), 1, Some(401), "Invalid API key");
    answers(&key("model-not-found"), 1, Some(404), "selected model");
    let token = key_named("subscription-works");
    let both = format!("{} CLAUDE_CODE_OAUTH_TOKEN={token}", key("revoked"));
    answers(&both, 1, Some(401), "Invalid API key");
}

#[test]
fn claude_answers_through_bedrock() {
    let missing = "Could not load AWS credentials";
    let bedrock = |more: &str| format!("CLAUDE_CODE_USE_BEDROCK=1 {more}");
    answers(&bedrock(""), 1, None, missing);
    answers(&bedrock("AWS_PROFILE=sandbox"), 1, None, missing);
    let pair = keywright::sandbox::keys::identity("aws-session-works").expect("an identity");
    let part = |text: Option<String>| text.expect("a part");
    let (id, secret) = (part(pair.access_key_id()), part(pair.secret()));
    let keys = format!("AWS_ACCESS_KEY_ID={id} AWS_SECRET_ACCESS_KEY={secret}");
    answers(&bedrock(&keys), 1, Some(403), "security token");
    let session = part(pair.session());
    let whole = format!("{keys} AWS_SESSION_TOKEN={session}");
    answers(&bedrock(&whole), 0, None, "Hello");
}

#[test]
fn logins_are_made_and_renewed() {
    let machine = Machine::new().with("KEYWRIGHT_NOW", super::wire::NOW);
    let ended = inside(
        &machine,
        "claude auth login </dev/null && claude -p hi && claude auth logout && claude -p hi",
    );
    assert_eq!(ended.code, 1, "{ended:?}");
    let lines: Vec<&str> = ended.stdout.lines().collect();
    assert!(lines[0].starts_with("Login successful."), "{ended:?}");
    assert!(lines[1].starts_with("Hello") && lines[3].starts_with("Not logged in"));

    let cache = machine
        .home()
        .join(".cache/keywright/sandbox/home/.aws/sso/cache");
    let expires = || {
        let file = std::fs::read_dir(&cache)
            .expect("a cache")
            .next()
            .expect("a file");
        let text = std::fs::read_to_string(file.expect("a file").path()).expect("text");
        let json: Value = serde_json::from_str(&text).expect("JSON");
        json["expiresAt"].as_str().expect("a time").to_owned()
    };
    assert_eq!(expires(), "2026-11-21T09:20:30Z");
    assert_eq!(inside(&machine, "aws sso login --profile other").code, 1);
    let ended = inside(
        &machine,
        "aws sso login --profile sandbox </dev/null; CLAUDE_CODE_USE_BEDROCK=1 AWS_PROFILE=sandbox claude -p hi",
    );
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.stdout.contains("Hello"), "{ended:?}");
    assert_eq!(expires(), "2026-11-21T18:20:30Z");
    assert_eq!(machine.run(&["sandbox", "reset"]).code, 0);
    assert_eq!(inside(&machine, "true").code, 0);
    assert_eq!(expires(), "2026-11-21T09:20:30Z");
}

#[test]
fn outside_of_the_sandbox_they_do_nothing() {
    let machine = Machine::new();
    assert_eq!(inside(&machine, "true").code, 0);
    let bin = machine.home().join(".cache/keywright/sandbox/bin");
    for arguments in [&["-p", "hi"][..], &["auth", "login"], &["setup-token"]] {
        let output = machine
            .command(bin.join("claude"))
            .args(arguments)
            .output()
            .expect("it starts");
        assert_eq!(output.status.code(), Some(64), "{arguments:?}");
    }
    let elsewhere = machine.home().join("elsewhere");
    let script = format!(
        "CLAUDE_CONFIG_DIR={} claude auth login",
        elsewhere.display()
    );
    assert_eq!(inside(&machine, &script).code, 64);
    assert!(!elsewhere.exists() && !machine.home().join(".claude").exists());
    assert_eq!(inside(&machine, "claude setup-token; exit $?").code, 64);
    assert_eq!(inside(&machine, "claude doctor").code, 64);
}

#[test]
fn a_token_is_shown_as_wide_as_the_terminal() {
    let machine = Machine::new();
    let token = key_named("subscription-works");
    let arguments = ["sandbox", "--", "claude", "setup-token"];
    for (columns, first) in [(80, 79), (40, 39), (120, 108)] {
        let mut terminal = machine.terminal(columns, 40, &arguments);
        terminal.wait("Press Enter").line("");
        terminal.wait("Store it safely");
        let row = format!("\n{}\n", &token[..first]);
        assert!(terminal.screen().contains(&row), "{}", terminal.screen());
        terminal.end().with_code(0);
    }
}

#[test]
fn signals_are_passed_on() {
    use std::io::{BufRead, BufReader};
    use std::process::Stdio;

    let machine = Machine::new();
    for signal in [rustix::process::Signal::TERM, rustix::process::Signal::HUP] {
        let script = "trap 'exit 9' TERM HUP; echo ready; read line";
        let mut child = machine
            .command(crate::support::machine::KEYWRIGHT)
            .args(["sandbox", "--", "/bin/sh", "-c", script])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("keywright starts");
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().expect("piped"));
        out.read_line(&mut line).expect("a line");
        // Waiting closes what is left of it, and the script would end by that.
        let _input = child.stdin.take().expect("piped");
        let id = rustix::process::Pid::from_child(&child);
        rustix::process::kill_process(id, signal).expect("it runs");
        assert_eq!(child.wait().expect("it ends").code(), Some(9));
    }
}
