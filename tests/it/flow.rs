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
    assert_eq!(
        ids,
        ["start", "api-key", "claude-cli", "setup-token", "bedrock"]
    );
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
    let told = ended.stdout.matches("each with a transcript, no mistakes");
    assert_eq!(told.count(), 5, "{ended:?}");
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

/// A flow without a mistake, a line each.
const SOUND: &[&str] = &[
    r#"{"version": 1, "id": "mine", "title": "Mine", "steps": ["#,
    r#"{"id": "risk", "note": {"text": "Mind.", "risk": "r"}, "to": "pick"},"#,
    r#"{"id": "pick", "choose": {"variable": "way", "text": "Which?", "unattended": "a","#,
    r#"  "options": [{"value": "a", "label": "A"}, {"value": "b", "label": "B"}]},"#,
    r#"  "branch": [{"when": {"is": {"variable": "way", "value": "b"}}, "to": "end"},"#,
    r#"             {"to": "key"}]},"#,
    r#"{"id": "key", "secret": {"variable": "key", "text": "Key", "shape": "anthropic-api-key","#,
    r#"  "inputs": {"flag": "--key", "help": "The key"}}, "to": "try"},"#,
    r#"{"id": "try", "probe": {"what": "anthropic-api-key", "text": "Trying", "with": {"secret": "key"}},"#,
    r#"  "on": {"works": "name", "limited": "name", "refused": "end", "undetermined": "pick", "skipped": "name"}},"#,
    r#"{"id": "name", "ask": {"variable": "profile", "text": "Name for {way}","#,
    r#"  "validator": "anthropic-profile", "default": "default", "safe_default": true}, "to": "save"},"#,
    r#"{"id": "save", "commit": {"text": "Save?", "effects": [{"put_credential":"#,
    r#"  {"kind": "anthropic-api-key", "with": {"profile": "profile", "secret": "key"}}}]}, "to": "end"},"#,
    r#"{"id": "end", "done": {"outcome": "saved"}}]}"#,
];

/// What is put in the place of what, the code of the mistake, and its line.
#[rustfmt::skip]
const MISTAKES: &[(&str, &str, &str, u64)] = &[
    ("\"version\": 1,", "\"version\": 1", "FLOW-001", 1),
    ("\"title\"", "\"titel\"", "FLOW-002", 1),
    ("\"text\": \"Key\", ", "", "FLOW-003", 7),
    ("{\"to\": \"key\"}", "{\"to\": 7}", "FLOW-004", 6),
    ("\"id\": \"end\",", "\"id\": \"end\", \"id\": \"e\",", "FLOW-005", 15),
    ("\"version\": 1", "\"version\": 9", "FLOW-007", 1),
    ("\"done\": {\"outcome\": \"saved\"}", "\"to\": \"end\"", "FLOW-010", 15),
    ("\"id\": \"end\"", "\"id\": \"save\"", "FLOW-011", 15),
    ("\"risk\": \"r\"}, \"to\": \"pick\"", "\"risk\": \"r\"}", "FLOW-012", 2),
    ("\"--key\"", "\"key\"", "FLOW-013", 8),
    ("{\"is\": {", "{\"set\": \"way\", \"is\": {", "FLOW-014", 5),
    ("{\"to\": \"key\"}", "{\"to\": \"kez\"}", "FLOW-020", 6),
    ("\"variable\": \"way\", \"value\"", "\"variable\": \"wax\", \"value\"", "FLOW-021", 5),
    ("\"validator\": \"anthropic-profile\"", "\"validator\": \"name\"", "FLOW-022", 12),
    ("\"works\": \"name\"", "\"worked\": \"name\"", "FLOW-023", 10),
    ("\"works\": \"name\", ", "", "FLOW-024", 10),
    ("\"value\": \"b\"}}", "\"value\": \"c\"}}", "FLOW-025", 5),
    ("\"with\": {\"secret\": \"key\"}", "\"with\": {\"model\": \"way\"}", "FLOW-026", 9),
    ("\"outcome\": \"saved\"", "\"outcome\": \"continues\", \"flow\": \"other\"", "FLOW-027", 15),
    ("\"variable\": \"profile\"", "\"variable\": \"way\"", "FLOW-030", 11),
    ("Which?", "Which, {profile}?", "FLOW-031", 3),
    ("Name for {way}", "Name for {key}", "FLOW-033", 11),
    ("\"secret\": \"key\"}}}]", "\"secret\": \"way\"}}}]", "FLOW-034", 14),
    ("\"to\": \"pick\"},", "\"to\": \"end\"},", "FLOW-040", 3),
    ("[{\"when\": {\"is\": {\"variable\": \"way\", \"value\": \"b\"}}, ", "[{", "FLOW-041", 6),
    ("{\"to\": \"key\"}]", "{\"when\": {\"set\": \"way\"}, \"to\": \"key\"}]", "FLOW-042", 5),
    ("\"safe_default\": true", "\"safe_default\": false", "FLOW-050", 11),
    ("\"--key\"", "\"--json\"", "FLOW-051", 8),
    ("\"default\": \"default\"", "\"default\": \"No name\"", "FLOW-052", 12),
    ("\"text\": \"Mind.\", \"risk\": \"r\"}, \"to\": \"pick\"", "\"text\": \"Mind.\"}, \"to\": \"pick\"", "", 0),
    ("\"text\": \"Save?\"", "\"text\": \"\"", "FLOW-060", 13),
    ("\"label\": \"B\"", "\"label\": \"A label that is longer than a list shows\"", "FLOW-061", 4),
    ("Mind.", "Mind https://x.example", "FLOW-063", 2),
    ("{\"value\": \"b\", ", "{\"value\": \"a\", ", "FLOW-064", 4),
];

/// Each line is put in the place of another one of a sound flow; the mistake is named with its
/// place.
#[test]
fn every_kind_of_mistake_has_its_place() {
    let machine = Machine::new();
    machine.write("sound.json", &SOUND.join("\n"));
    let ended = machine.run(&["flow", "check", "sound.json"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.stdout.contains("4 paths, no mistakes"), "{ended:?}");
    let sound = SOUND.join("\n");
    for (from, to, code, line) in MISTAKES {
        assert_eq!(sound.matches(from).count(), 1, "{from}");
        let text = sound.replace(from, to);
        machine.write("mine.json", &text);
        let ended = machine.run(&["flow", "check", "mine.json", "--json"]);
        let document = ended.json();
        let defects = document["flows"][0]["defects"].as_array().expect("a list");
        if code.is_empty() {
            assert_eq!(defects.len(), 0, "{from} -> {to}: {document}");
            continue;
        }
        assert_eq!(ended.code, 65, "{from} -> {to}: {ended:?}");
        let found = defects.iter().find(|defect| defect["code"] == *code);
        let found = found.unwrap_or_else(|| panic!("{from} -> {to}: no {code} in {document}"));
        assert_eq!(found["line"], *line, "{from} -> {to}: {document}");
        let column = usize::try_from(found["column"].as_u64().expect("a column"));
        let width = text.lines().nth(usize::try_from(*line).expect("small") - 1);
        let width = width.expect("the line").len();
        assert!(
            (1..=width + 1).contains(&column.expect("small")),
            "{document}"
        );
    }
}

#[test]
fn a_flow_is_drawn_and_run_with_trust_alone() {
    let machine = Machine::new();
    let drawn = machine.run(&["flow", "graph", "setup-token"]);
    assert_eq!(drawn.code, 0, "{drawn:?}");
    assert!(drawn.stdout.starts_with("flowchart TD\n"), "{drawn:?}");
    assert!(
        drawn
            .stdout
            .contains("test -->|\"works, limited, skipped\"| tested"),
        "{drawn:?}"
    );
    let drawn = machine.run(&["flow", "graph", "start", "--format", "dot"]);
    assert!(drawn.stdout.starts_with("digraph \"start\" {"), "{drawn:?}");
    let own = r#"{"version": 1, "id": "mine", "title": "Mine", "steps": [
        {"id": "hello", "note": {"text": "Hello."}, "to": "end"},
        {"id": "end", "done": {"outcome": "declined", "text": "Nothing has been changed."}}]}"#;
    machine.write("mine.json", own);
    let refused = machine.run(&["flow", "run", "mine.json"]);
    assert_eq!(refused.code, 64, "{refused:?}");
    assert!(refused.stderr.contains("--trust"), "{refused:?}");
    let ran = machine.run(&["flow", "run", "mine.json", "--trust"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.contains("Nothing has been changed."), "{ran:?}");
    machine.write("bad.json", BROKEN);
    assert_eq!(
        machine.run(&["flow", "run", "bad.json", "--trust"]).code,
        65
    );
}

#[cfg(unix)]
#[test]
fn a_flow_of_another_with_the_name_of_ours_keeps_and_takes_nothing() {
    use crate::support::pty::{CONTROL_C, ENTER};
    let machine = Machine::new();
    let left = machine.ours().join("state/resume.json");
    let mut ours = machine.terminal(80, 40, &["onboard", "--flow", "api-key", "--offline"]);
    ours.wait("Do you have an Anthropic API key?").keys(ENTER);
    ours.wait("? Anthropic API key").keys(CONTROL_C);
    ours.end().with_code(130).says("goes on from here");
    let kept = std::fs::read(&left).expect("a run that was left");
    let own = r#"{"version": 1, "id": "api-key", "title": "Mine", "steps": [
        {"id": "sure", "confirm": {"variable": "sure", "text": "Mine?", "default": "yes", "unattended": "no"}, "to": "more"},
        {"id": "more", "confirm": {"variable": "more", "text": "More?", "default": "yes", "unattended": "no"}, "to": "end"},
        {"id": "end", "done": {"outcome": "declined", "text": "Nothing has been changed: {sure}, {more}."}}]}"#;
    machine.write("mine.json", own);
    let arguments = ["flow", "run", "mine.json", "--trust"];
    let mut theirs = machine.terminal(80, 40, &arguments);
    theirs.wait("Mine?").keys(ENTER);
    theirs.wait("More?").keys(CONTROL_C);
    let ended = theirs.end();
    ended.with_code(130).never_drew("Going on where you left");
    ended.never_drew("goes on from here");
    assert_eq!(std::fs::read(&left).expect("still there"), kept);
}

#[test]
fn prints_the_schema() {
    let machine = Machine::new();
    let document = machine.run(&["flow", "schema"]).json();
    assert_eq!(document["title"], "A flow of keywright's wizard");
    assert!(!machine.ours().exists(), "reading creates nothing");
}
