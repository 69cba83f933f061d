//! `flow list|show|check|schema`, as a user types them.

use serde_json::Value;

use crate::support::machine::Machine;

const BROKEN: &str = r#"{
  "version": 1,
  "id": "mine",
  "title": "Mine",
  "steps": [
    { "id": "name", "ask": { "variable": "name", "text": "Name?", "validator": "model-idd", "default": "x", "safe_default": true }, "to": "end" },
    { "id": "end", "done": { "outcome": "saved" } }
  ]
}
"#;

#[test]
fn lists_the_flows() {
    let machine = Machine::new();
    let ended = machine.run(&["flow", "list"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.stdout.contains("api-key"), "{ended:?}");
    let ended = machine.run(&["flow", "list", "--json"]);
    let document = ended.json();
    assert_eq!(document["schemaVersion"], 1);
    let ids: Vec<&str> = document["flows"]
        .as_array()
        .expect("flows")
        .iter()
        .filter_map(|flow| flow["id"].as_str())
        .collect();
    assert_eq!(ids, ["start", "api-key"]);
}

#[test]
fn shows_a_flow() {
    let machine = Machine::new();
    let ended = machine.run(&["flow", "show", "api-key"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    for expected in [
        "An Anthropic API key (api-key)",
        "key: secret key",
        "given by --anthropic-api-key, KEYWRIGHT_LIVE_ANTHROPIC_KEY, ANTHROPIC_API_KEY",
        "-> open when have_key is open",
        "-> refused on refused",
    ] {
        assert!(
            ended.stdout.contains(expected),
            "{expected}: {}",
            ended.stdout
        );
    }
    let document = machine.run(&["flow", "show", "start", "--json"]).json();
    assert_eq!(document["flow"]["id"], "start");
}

#[test]
fn our_own_flows_have_no_mistakes() {
    let machine = Machine::new();
    let ended = machine.run(&["flow", "check"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(ended.stdout.matches("no mistakes").count(), 2, "{ended:?}");
}

#[test]
fn a_mistake_is_shown_where_it_stands() {
    let machine = Machine::new();
    machine.write("mine.json", BROKEN);
    let ended = machine.run(&["flow", "check", "mine.json"]);
    assert_eq!(ended.code, 65, "{ended:?}");
    let expected = [
        "error[FLOW-022]: there is no validator `model-idd`",
        " --> mine.json:6:80",
        "\"validator\": \"model-idd\"",
        "^^^^^^^^^^^",
        "help: did you mean `model-id`?",
        "mine.json: 1 mistake",
    ];
    for line in expected {
        assert!(ended.stdout.contains(line), "{line}: {}", ended.stdout);
    }
    let ended = machine.run(&["flow", "check", "mine.json", "start", "--json"]);
    assert_eq!(ended.code, 65, "{ended:?}");
    let document = ended.json();
    let defect = &document["flows"][0]["defects"][0];
    assert_eq!(defect["code"], "FLOW-022");
    assert_eq!(
        (defect["line"].as_u64(), defect["column"].as_u64()),
        (Some(6), Some(80))
    );
    assert_eq!(document["flows"][0]["paths"], Value::Null);
    assert_eq!(document["flows"][1]["defects"], serde_json::json!([]));
}

#[test]
fn files_that_are_no_flows() {
    let machine = Machine::new();
    machine.write("empty.json", "");
    machine.write("list.json", "[1, 2]");
    machine.write("deep.json", &"[".repeat(10_000));
    machine.write("large.json", &" ".repeat(300 * 1024));
    machine.write("bytes.json", "{\"\u{1b}]0;x\u{7}\": 1}");
    std::fs::create_dir(machine.home().join("folder.json")).expect("a folder");
    let check = |name: &str, code: i32| {
        for verb in ["check", "show"] {
            let ended = machine.run(&["flow", verb, name]);
            assert_eq!(ended.code, code, "{name}: {ended:?}");
            assert!(!(ended.stdout + &ended.stderr).contains('\u{1b}'), "{name}");
            let ended = machine.run(&["flow", verb, name, "--json"]);
            assert_eq!(ended.code, code, "{name}: {ended:?}");
            assert_eq!(ended.json()["schemaVersion"], 1, "{name}");
        }
    };
    for name in [
        "empty.json",
        "list.json",
        "deep.json",
        "large.json",
        "bytes.json",
    ] {
        check(name, 65);
    }
    check("folder.json", 65);
    check("absent.json", 1);
    check("api-keys", 64);
}

#[test]
fn a_name_that_is_nearly_one() {
    let ended = Machine::new().run(&["flow", "show", "apikey"]);
    assert_eq!(ended.code, 64, "{ended:?}");
    assert!(
        ended.stderr.contains("did you mean `api-key`?"),
        "{ended:?}"
    );
}

#[test]
fn prints_the_schema() {
    let machine = Machine::new();
    let document = machine.run(&["flow", "schema"]).json();
    assert_eq!(document["title"], "A flow of keywright's wizard");
    assert!(!machine.ours().exists(), "reading creates nothing");
}
