//! `doctor` through the outside: one scratch machine for each situation, a loopback server for what
//! the network says.

#![cfg(unix)]

use std::collections::BTreeMap;
use std::io::Read;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, Instant};

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

/// Everything below a folder: paths, modes, times, contents.
fn tree(folder: &Path) -> BTreeMap<String, (u32, std::time::SystemTime, Vec<u8>)> {
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
    let schema: Value = serde_json::from_str(include_str!("../../docs/schema/doctor.schema.json"))
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

/// One reply, one code: the others of the family are skipped and name it.
#[test]
fn each_reply_has_its_code() {
    let cases = [
        ("revoked", "API-002", "fail", 1),
        ("forbidden", "API-003", "fail", 1),
        ("organization-disabled", "API-005", "fail", 1),
        ("rate-limited", "API-008", "warn", 0),
        ("overloaded", "API-008", "warn", 0),
        ("captive-portal", "NET-011", "fail", 1),
        ("redirected", "NET-011", "fail", 1),
        ("malformed-reply", "NET-011", "fail", 1),
        ("oversized-reply", "NET-011", "fail", 1),
        ("proxy-page", "NET-011", "fail", 1),
        ("reset", "NET-001", "fail", 1),
        ("server-error", "API-008", "warn", 0),
        // Their own codes are for credentials that this machine does not ask about.
        ("only-for-claude-code", "API-001", "fail", 1),
        ("oauth-organization-not-allowed", "API-001", "fail", 1),
    ];
    for (name, code, expected, exit) in cases {
        let mut machine = machine(name);
        let _server = server(&mut machine);
        let (document, text) = examine(&machine, &["--skip", "cli,tty"]);
        assert_eq!(text.code, exit, "{name}: {}", text.stdout);
        assert_eq!(status(&document, code), expected, "{name}: {}", text.stdout);
        let other = if code == "API-002" {
            "API-003"
        } else {
            "API-002"
        };
        assert_eq!(check(&document, other)["blockedBy"], code, "{name}");
        let problems: Vec<&Value> = document["checks"]
            .as_array()
            .expect("checks")
            .iter()
            .filter(|check| ["net", "api"].iter().any(|c| check["category"] == *c))
            .filter(|check| !check["finding"].is_null())
            .collect();
        assert_eq!(problems.len(), 1, "{name}: {problems:#?}");
        assert!(
            text.stdout.contains("not run because of"),
            "{}",
            text.stdout
        );
    }
}

#[test]
fn a_paid_probe_finds_missing_credit_and_says_that_it_costs() {
    let mut machine = machine("credit-too-low");
    let _server = server(&mut machine);
    let (document, text) = examine(&machine, &["--probe=paid", "--only", "api"]);
    assert_eq!(failed(&document), ["API-004"], "{}", text.stdout);
    assert!(text.stderr.contains("one token"), "{}", text.stderr);
    let (document, text) = examine(&machine, &["--only", "api"]);
    assert!(failed(&document).is_empty(), "{}", text.stdout);
    assert_eq!(text.stderr, "");
}

#[test]
fn a_server_that_never_answers() {
    let mut machine = machine("silent");
    let _server = server(&mut machine);
    let (document, text) = examine(&machine, &["--timeout", "2s", "--only", "net,api"]);
    assert_eq!(failed(&document), ["NET-001"], "{}", text.stdout);
}

#[test]
fn nothing_listens() {
    let mut machine = machine("works");
    let free = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = free.local_addr().expect("an address").port();
    drop(free);
    machine.set("ANTHROPIC_BASE_URL", &format!("http://127.0.0.1:{port}"));
    let (document, text) = examine(&machine, &["--skip", "cli,tty"]);
    assert_eq!(failed(&document), ["NET-001"]);
    assert_eq!(check(&document, "API-002")["blockedBy"], "NET-001");
    assert_eq!(text.code, 1);
}

#[test]
fn a_stored_key_stays_away_from_a_foreign_host() {
    let mut machine = machine("works");
    // Not a loopback address for the rule; nothing may be sent there, so nothing is resolved.
    machine.set("ANTHROPIC_BASE_URL", "https://gateway.invalid");
    let (document, text) = examine(&machine, &["--skip", "cli,tty"]);
    assert_eq!(failed(&document), ["ENV-004"]);
    assert_eq!(check(&document, "NET-001")["blockedBy"], "ENV-004");
    assert!(text.stdout.contains("gateway.invalid"));
}

/// The proxy of an unencrypted base URL would see every request, the key in it.
#[test]
fn nothing_reaches_the_proxy_of_a_foreign_host() {
    let mut machine = machine("works");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    machine.set("ANTHROPIC_BASE_URL", "https://gateway.invalid");
    machine.set("https_proxy", &format!("http://{address}"));
    let (document, _) = examine(&machine, &["--skip", "cli,tty"]);
    assert_eq!(failed(&document), ["ENV-004"]);
    listener.set_nonblocking(true).expect("nonblocking");
    if let Ok((mut stream, _)) = listener.accept() {
        let mut got = String::new();
        let _ = stream.read_to_string(&mut got);
        panic!("a request was sent: {got}");
    }
}

#[test]
fn a_malformed_proxy_variable_is_named() {
    let machine = machine("works").with("https_proxy", "http://[nonsense");
    let (document, text) = examine(&machine, &["--skip", "cli,tty"]);
    assert_eq!(failed(&document), ["NET-011"], "{}", text.stdout);
    assert_eq!(check(&document, "API-001")["blockedBy"], "NET-011");
    assert!(text.stdout.contains("https_proxy"), "{}", text.stdout);
}

#[test]
fn two_programs_are_both_named() {
    let machine = machine("works");
    let second = machine.write(".local/bin/claude", &format!("#!/bin/sh\n{VERSION}\n"));
    private(&second, 0o755);
    let (document, _) = examine(&machine, &["--offline", "--only", "cli"]);
    assert_eq!(status(&document, "CLI-002"), "warn");
    let text = check(&document, "CLI-002").to_string();
    let first = machine.folder().join("bin/claude");
    for path in [&first, &second] {
        assert!(text.contains(&path.display().to_string()), "{text}");
    }
}

#[test]
fn the_same_program_twice_is_one() {
    let machine = machine("works");
    let folder = machine.home().join(".local/bin");
    std::fs::create_dir_all(&folder).expect("a folder");
    let program = machine.folder().join("bin/claude");
    std::os::unix::fs::symlink(program, folder.join("claude")).expect("a link");
    let (document, _) = examine(&machine, &["--offline", "--only", "cli"]);
    let text = check(&document, "CLI-002").to_string();
    assert!(!text.contains(".local/bin/claude"), "{text}");
}

#[test]
fn no_claude() {
    let machine = Machine::new();
    store(&machine, &key("x"));
    let (document, text) = examine(&machine, &["--offline", "--only", "cli"]);
    // A developer's machine may have one in a usual place that PATH does not name.
    assert_ne!(status(&document, "CLI-001"), "pass");
    assert_eq!(text.code, if failed(&document).is_empty() { 0 } else { 1 });
}

#[test]
fn a_claude_that_hangs_is_ended() {
    let machine = machine("works");
    let pid = machine.folder().join("pid");
    machine.program(
        "claude",
        &format!("echo $$ > '{}'\nexec sleep 600", pid.display()),
    );
    let started = Instant::now();
    let ended = machine.run(&[
        "doctor",
        "--offline",
        "--only",
        "cli",
        "--timeout",
        "1s",
        "--json",
    ]);
    assert!(started.elapsed() < Duration::from_secs(10));
    assert_ne!(ended.code, 0, "{ended:?}");
    let document = ended.json();
    assert!(
        ["fail", "timed_out"].contains(&status(&document, "CLI-003")),
        "{document:#}"
    );
    let pid = std::fs::read_to_string(pid).expect("it ran");
    assert!(
        !Path::new(&format!("/proc/{}", pid.trim())).exists(),
        "it still runs"
    );
}

#[test]
fn what_claude_says_cannot_reach_the_terminal() {
    let machine = machine("works");
    machine.program(
        "claude",
        "printf 'bad \\033[31m\\033]0;title\\007 thing\\n' >&2; exit 3",
    );
    let (document, text) = examine(&machine, &["--offline", "--only", "cli"]);
    assert_eq!(status(&document, "CLI-003"), "fail");
    assert!(text.stdout.contains("\\u{1b}"), "{}", text.stdout);
}

#[test]
fn credentials_are_not_handed_to_claude() {
    let seen = |name: &str| format!("echo \"{name}=${name}\" >> \"$HOME/seen\"");
    let machine = Machine::new().with("ANTHROPIC_API_KEY", &key("x"));
    let names = ["ANTHROPIC_API_KEY", "HOME", "CLAUDE_CONFIG_DIR"];
    let lines: Vec<String> = names.iter().map(|name| seen(name)).collect();
    machine.program("claude", &format!("{}\n{VERSION}", lines.join("\n")));
    let _ = machine.run(&["doctor", "--offline", "--only", "cli"]);
    let home = machine.home().display().to_string();
    let seen = std::fs::read_to_string(machine.home().join("seen")).expect("it ran");
    assert_eq!(
        seen,
        format!("ANTHROPIC_API_KEY=\nHOME={home}\nCLAUDE_CONFIG_DIR={home}/.claude\n")
    );
}

/// A trust store that does not exist would break every client that is built.
#[test]
fn offline_builds_no_client() {
    let machine = machine("works").with("SSL_CERT_FILE", "/nonexistent");
    let (document, text) = examine(&machine, &["--offline", "--only", "api,net"]);
    assert_eq!(text.code, 0, "{}", text.stdout);
    assert_eq!(status(&document, "API-001"), "not_applicable");
    assert!(text.stdout.contains("--offline"), "{}", text.stdout);
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
    assert_eq!(machine.run(&["doctor", "--timeout", "5"]).code, 64);
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
