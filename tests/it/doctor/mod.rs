//! `doctor` through the outside: one scratch machine for each situation, a loopback server for what
//! the network says.

#![cfg(unix)]

mod access;
mod aws;
mod bundle;
mod claude;
mod explained;
mod fix;
mod formats;
mod inheritance;
mod inheritance_odd;
mod login;
mod network;
mod probes;
mod sources;
mod untouched;

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use keywright::sandbox::keys;
use keywright::sandbox::server::{Running, Sandbox};
use keywright::system::Clock;
use serde_json::Value;

use crate::support::machine::{Ended, Machine, key};

const VERSION: &str = "echo '2.1.329 (Claude Code)'";

/// A machine with a program `claude` and, in the store, the test key of that name.
fn machine(test_key: &str) -> Machine {
    let machine = Machine::new();
    machine.program("claude", VERSION);
    let text = keys::named(test_key).expect("a test key").text();
    store(&machine, &text);
    machine
}

fn store(machine: &Machine, key: &str) {
    let path = machine.write(
        ".config/keywright/agents/main/auth-profiles.json",
        &format!(
            r#"{{"version":1,"profiles":{{"anthropic:default":{{"type":"api_key","provider":"anthropic","key":"{key}"}}}}}}"#
        ),
    );
    private(&path, 0o600);
    for folder in path.ancestors().skip(1).take(3) {
        private(folder, 0o700);
    }
}

fn private(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("mode");
}

fn server(machine: &mut Machine) -> Running {
    let running = Sandbox::start(None, Clock::new(None)).expect("the stand-in starts");
    machine.set("ANTHROPIC_BASE_URL", &running.base_url);
    running
}

/// Paths with modes, times and contents.
type Tree = BTreeMap<String, (u32, std::time::SystemTime, Vec<u8>)>;

/// Everything below a folder.
fn tree(folder: &Path) -> Tree {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(path) = open.pop() {
        let meta = std::fs::symlink_metadata(&path).expect("metadata");
        let content = if meta.is_dir() {
            let entries = std::fs::read_dir(&path).expect("a folder");
            open.extend(entries.map(|entry| entry.expect("an entry").path()));
            Vec::new()
        } else {
            std::fs::read(&path).unwrap_or_default()
        };
        let changed = meta.modified().expect("a time");
        let mode = meta.permissions().mode();
        found.insert(path.display().to_string(), (mode, changed, content));
    }
    found
}

/// Runs the doctor as JSON and as text. Proves what holds always: the document fits its schema,
/// both runs give the same exit code, nothing is written, and no secret and no escape sequence is
/// on the screen.
fn examine(machine: &Machine, arguments: &[&str]) -> (Value, Ended) {
    let before = tree(machine.folder());
    let run = |extra: &[&str]| {
        let arguments: Vec<&str> = ["doctor"]
            .iter()
            .chain(arguments)
            .chain(extra)
            .copied()
            .collect();
        machine.run(&arguments)
    };
    let json = run(&["--json"]);
    let text = run(&[]);
    assert!(before == tree(machine.folder()), "something was written");
    assert_eq!(json.code, text.code, "{json:?}\n{text:?}");
    let document = json.json();
    let schema: Value =
        serde_json::from_str(include_str!("../../../docs/schema/doctor.schema.json"))
            .expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let errors: Vec<String> = validator
        .iter_errors(&document)
        .map(|e| e.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:?}");
    assert_eq!(document["exitCode"], text.code);
    for output in [&json.stdout, &json.stderr, &text.stdout, &text.stderr] {
        assert!(!output.contains("AAAAAAAA"), "a secret: {output}");
        assert!(!output.contains('\u{1b}'), "an escape sequence: {output}");
    }
    (document, text)
}

fn status<'a>(document: &'a Value, code: &str) -> &'a str {
    check(document, code)["status"].as_str().expect("a status")
}

fn check<'a>(document: &'a Value, code: &str) -> &'a Value {
    let checks = document["checks"].as_array().expect("checks");
    let found = checks.iter().find(|check| check["code"] == code);
    found.unwrap_or_else(|| panic!("no {code}: {document:#}"))
}

fn failed(document: &Value) -> Vec<&str> {
    let checks = document["checks"].as_array().expect("checks");
    let failed = checks.iter().filter(|check| check["status"] == "fail");
    failed
        .map(|check| check["code"].as_str().expect("a code"))
        .collect()
}

#[test]
fn a_healthy_machine() {
    let mut machine = machine("works");
    let _server = server(&mut machine);
    let (document, text) = examine(&machine, &[]);
    assert_eq!(text.code, 0, "{}", text.stdout);
    assert!(failed(&document).is_empty(), "{}", text.stdout);
    for code in [
        "CLI-001",
        "CLI-003",
        "CRED-001",
        "STORE-001",
        "STORE-009",
        "NET-001",
        "API-001",
    ] {
        assert_eq!(status(&document, code), "pass", "{code}");
    }
    assert!(text.stdout.contains("Claude access works") || document["verdict"] == "warnings");
}

#[test]
fn an_empty_machine_names_the_root_cause() {
    let machine = Machine::new();
    machine.program("claude", VERSION);
    let (document, text) = examine(&machine, &[]);
    assert_eq!(failed(&document), ["STORE-009"]);
    assert_eq!(check(&document, "API-001")["blockedBy"], "STORE-009");
    assert!(
        text.stdout.ends_with("Next: keywright onboard\n"),
        "{}",
        text.stdout
    );
    assert_eq!(text.code, 1);
}

#[test]
fn the_root_cause_is_shown_even_when_it_was_not_asked_for() {
    let (document, text) = examine(&Machine::new(), &["--only", "API-002"]);
    assert_eq!(failed(&document), ["STORE-009"]);
    assert_eq!(text.code, 1);
    let skipped = ["--only", "API-002", "--skip", "STORE-009"];
    let (document, text) = examine(&Machine::new(), &skipped);
    assert_eq!((&document["verdict"], text.code), (&"incomplete".into(), 3));
}

#[test]
fn our_commands_keep_the_options_of_this_one() {
    let machine = Machine::new();
    let home = machine.home().join("a b");
    let home = home.display().to_string();
    let given = ["--home", &home, "--agent", "ci", "--offline"];
    let (_, text) = examine(&machine, &given);
    let line = format!("Next: keywright --home '{home}' --agent ci onboard\n");
    assert!(text.stdout.ends_with(&line), "{}", text.stdout);
}

#[test]
fn a_broken_store_is_shown_with_its_place() {
    let machine = machine("works");
    std::fs::write(machine.store(), "{\"version\":1,\n  \"profiles\": {,}}").expect("a file");
    let (document, text) = examine(&machine, &["--offline"]);
    assert_eq!(failed(&document), ["STORE-001"], "{}", text.stdout);
    assert_eq!(check(&document, "STORE-009")["blockedBy"], "STORE-001");
    assert!(
        check(&document, "STORE-001").to_string().contains(":2:"),
        "{}",
        text.stdout
    );
}

#[test]
fn a_store_that_is_no_file_is_unreadable_not_malformed() {
    let machine = Machine::new();
    std::fs::create_dir_all(machine.store()).expect("a folder in its place");
    let (document, text) = examine(&machine, &["--offline", "--only", "STORE-001"]);
    assert_eq!(failed(&document), ["STORE-001"]);
    assert!(text.stdout.contains("cannot be read"), "{}", text.stdout);
    assert!(
        text.stdout.contains("~/.config/keywright"),
        "{}",
        text.stdout
    );
}

#[test]
fn a_readable_store_is_a_failure() {
    let machine = machine("works");
    private(&machine.store(), 0o644);
    let (document, _) = examine(&machine, &["--offline", "--only", "CRED-001"]);
    assert_eq!(failed(&document), ["CRED-001"]);
}

#[test]
fn without_a_home_it_still_tells() {
    let mut machine = Machine::new();
    machine.program("claude", VERSION);
    machine.unset("HOME");
    machine.set(
        "ANTHROPIC_API_KEY",
        &keys::named("works").expect("a key").text(),
    );
    let _server = server(&mut machine);
    let (document, text) = examine(&machine, &["--only", "api,store"]);
    assert_eq!(status(&document, "API-001"), "pass", "{}", text.stdout);
    machine.set("CLAUDE_CODE_OAUTH_TOKEN", "sk-ant-oat01-TEST");
    let (document, text) = examine(&machine, &["--offline", "--only", "CLI-020"]);
    let status = status(&document, "CLI-020");
    assert_eq!(status, "not_applicable", "{}", text.stdout);
}

#[test]
fn warnings_count_only_when_asked() {
    let machine = machine("works").with("ANTHROPIC_API_KEYS", "");
    let quiet = ["--offline", "--only", "ENV-001,ENV-005"];
    let (document, text) = examine(&machine, &quiet);
    let warned = document["summary"]["warn"] != 0;
    assert_eq!(text.code, 0);
    let mut machine = machine;
    machine.set("ANTHROPIC_API_KEY", &key("x"));
    machine.set(
        "CLAUDE_CODE_OAUTH_TOKEN",
        &format!("sk-ant-oat01-{}", "B".repeat(95)),
    );
    let (document, text) = examine(&machine, &quiet);
    assert_eq!((&document["verdict"], text.code), (&"warnings".into(), 0));
    assert!(!warned);
    let (_, text) = examine(
        &machine,
        &["--strict", "--offline", "--only", "ENV-001,ENV-005"],
    );
    assert_eq!(text.code, 2);
}

#[test]
fn unknown_checks_get_a_suggestion() {
    let machine = Machine::new();
    let ended = machine.run(&["doctor", "--only", "API-02"]);
    assert_eq!(ended.code, 64);
    assert!(
        ended.stderr.contains("Did you mean `API-002`?"),
        "{}",
        ended.stderr
    );
    let ended = machine.run(&["doctor", "--skip", "evn", "--json"]);
    assert_eq!(
        (ended.code, &ended.json()["error"]["code"]),
        (64, &"usage".into())
    );
    let same = machine.run(&["doctor", "--skip", "evn", "--format", "json"]);
    assert_eq!((same.code, same.json()), (64, ended.json()));
    assert_eq!(machine.run(&["doctor", "--timeout", "5"]).code, 64);
    assert_eq!(machine.run(&["doctor", "--timeout", "0s"]).code, 64);
    assert_eq!(
        machine.run(&["doctor", "--offline", "--probe=paid"]).code,
        64
    );
}

#[test]
fn codes_and_messages_are_explained() {
    let machine = Machine::new();
    let listed = machine.run(&["doctor", "list", "--json"]).json();
    let checks = listed["checks"].as_array().expect("checks");
    assert!(checks.len() > 20, "{listed:#}");
    for check in checks {
        let code = check["code"].as_str().expect("a code");
        let explained = machine.run(&["doctor", "explain", code]);
        assert_eq!(explained.code, 0, "{code}");
        assert!(explained.stdout.starts_with(code), "{}", explained.stdout);
    }
    let explained = machine.run(&[
        "doctor",
        "explain",
        "authentication_error:",
        "invalid",
        "x-api-key",
    ]);
    assert!(explained.stdout.contains("API-002"), "{explained:?}");
    let unknown = machine.run(&["doctor", "explain", "the cat sat on the mat"]);
    assert_eq!(unknown.code, 1);
    assert!(unknown.stderr.contains("not known"), "{unknown:?}");
}
