//! `doctor explain` knows the messages that people search for, and the list of checks, the page of
//! codes and the registry are one.

use keywright::doctor::checks;
use serde_json::Value;

use crate::support::machine::Machine;

/// What the troubleshooting pages of OpenClaw, Clawdbot and cuti quote, and the code it leads to;
/// nothing where no check looks for it.
const QUOTED: &[(&str, &str)] = &[
    ("401 errors / token suddenly invalid", "API-002"),
    ("No API key found for provider \"anthropic\"", "STORE-009"),
    (
        "No credentials found for profile `anthropic:default` or `anthropic:claude-cli`",
        "STORE-009",
    ),
    ("“No credentials found”", "STORE-009"),
    (
        "No available auth profile (all in cooldown/unavailable)",
        "STORE-010",
    ),
    ("Token expiring/expired", "STORE-003"),
    ("If you see “OAuth token refresh failed …”", "CRED-013"),
    (
        "This credential is only authorized for use with Claude Code and cannot be used for other API requests.",
        "API-007",
    ),
    (
        "`claude setup-token` requires an interactive TTY.",
        "TTY-001",
    ),
    (
        "⚠ No anthropic API key found for account: test",
        "STORE-009",
    ),
    (
        "✗ Bedrock requires --region, --access-key, and --secret-key",
        "",
    ),
    ("API Key Not Found", "STORE-009"),
    ("Missing Bedrock Parameters", ""),
    ("Permission Denied", ""),
    ("If you can't read `.api_keys.json`:", "CRED-001"),
];

#[test]
fn every_quoted_message_is_understood() {
    let machine = Machine::new();
    for (text, code) in QUOTED {
        let ended = machine.run(&["--json", "doctor", "explain", text]);
        assert_eq!(ended.code, 0, "{text}: {ended:?}");
        let document = ended.json();
        let explained = &document["explanations"][0];
        // Not every code that a message leads to is looked for by this version.
        let looked_for = checks::find(code).map(|check| check.meta.code);
        assert_eq!(
            explained["code"].as_str(),
            looked_for,
            "{text}: {document:#}"
        );
        for part in ["meaning", "mending"] {
            let words = explained[part].as_str().expect("words");
            assert!(words.len() > 20, "{text}: {document:#}");
        }
    }
}

#[test]
fn the_list_the_page_and_the_registry_are_one() {
    let listed = Machine::new().run(&["doctor", "list", "--json"]).json();
    let listed = listed["checks"].as_array().expect("checks");
    let text = |check: &Value, name: &str| check[name].as_str().expect("a text").to_owned();
    let of_list: Vec<(String, String)> = listed
        .iter()
        .map(|check| (text(check, "code"), text(check, "title")))
        .collect();
    let page = include_str!("../../../docs/doctor-codes.md");
    let heads = page.lines().filter_map(|line| line.strip_prefix("### "));
    let of_page: Vec<(String, String)> = heads
        .map(|head| head.split_once(' ').expect("a code and a title"))
        .map(|(code, title)| (code.to_owned(), title.to_owned()))
        .collect();
    let of_registry: Vec<(String, String)> = checks::ALL
        .iter()
        .map(|check| (check.meta.code.to_owned(), check.meta.title.to_owned()))
        .collect();
    let sorted = |mut all: Vec<(String, String)>| {
        all.sort();
        all
    };
    assert_eq!(sorted(of_list.clone()), sorted(of_registry));
    assert_eq!(sorted(of_page), sorted(of_list));
    for check in listed {
        let section = format!("`{}`; ", text(check, "id"));
        assert!(page.contains(&section), "{section}");
    }
}

#[test]
fn a_code_that_is_mistyped_gets_the_nearest() {
    let check = |word: &str, hint: &str| {
        let ended = Machine::new().run(&["doctor", "explain", word]);
        assert_eq!(ended.code, 1, "{ended:?}");
        assert!(ended.stderr.contains(hint), "{ended:?}");
    };
    check("CRED001", "Did you mean `CRED-001`?");
    check("login-acess", "Did you mean `CRED-011`?");
    check("it broke", "doctor list");
}
