//! What the network and the provider say.

use std::io::Read;
use std::net::TcpListener;

use serde_json::Value;

use super::{check, examine, failed, machine, server, status};

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
        ("only-for-claude-code", "API-007", "fail", 1),
        ("oauth-organization-not-allowed", "API-006", "fail", 1),
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

/// A trust store that does not exist would break every client that is built.
#[test]
fn offline_builds_no_client() {
    let machine = machine("works").with("SSL_CERT_FILE", "/nonexistent");
    let (document, text) = examine(&machine, &["--offline", "--only", "api,net"]);
    assert_eq!(text.code, 0, "{}", text.stdout);
    assert_eq!(status(&document, "API-001"), "not_applicable");
    assert!(text.stdout.contains("--offline"), "{}", text.stdout);
}
