//! The embedded flows have no defect, and each defect is found at its place.

use std::fmt::Write;

use super::*;
use crate::wizard::flow::EMBEDDED;

#[test]
fn the_embedded_flows_are_sound() {
    let ids: Vec<&str> = EMBEDDED.iter().map(|(id, _)| *id).collect();
    for (id, text) in EMBEDDED {
        let verified = verify(text, &ids);
        assert_eq!(verified.defects, [], "{id}");
        assert_eq!(verified.flow.expect("a flow").id, *id);
        assert!(verified.paths.is_some_and(|paths| paths.len() > 1), "{id}");
    }
}

/// A sound flow; each case below spoils one thing in it.
const SOUND: &str = r#"{
  "version": 1,
  "id": "x",
  "title": "X",
  "steps": [
    { "id": "look", "detect": { "what": "environment-key" }, "to": "risk" },
    { "id": "risk", "note": { "text": "Mind.", "risk": "r" }, "to": "pick" },
    { "id": "pick", "choose": { "variable": "way", "text": "Which?", "unattended": "a",
        "options": [ { "value": "a", "label": "A" }, { "value": "b", "label": "B" } ] },
      "branch": [
        { "when": { "is": { "variable": "way", "value": "b" } }, "to": "end" },
        { "to": "key" }
      ] },
    { "id": "key", "secret": { "variable": "key", "text": "Key", "shape": "anthropic-api-key",
        "offer": "environment_key", "inputs": { "flag": "--key", "help": "The key" } }, "to": "try" },
    { "id": "try", "probe": { "what": "anthropic-api-key", "text": "Trying", "with": { "secret": "key" } },
      "on": { "works": "name", "limited": "name", "refused": "end", "undetermined": "pick", "skipped": "name" } },
    { "id": "name", "ask": { "variable": "profile", "text": "Name for {way}",
        "validator": "anthropic-profile", "default": "default", "safe_default": true }, "to": "save" },
    { "id": "save", "commit": { "text": "Save?", "effects": [
        { "put_credential": { "kind": "anthropic-api-key", "with": { "profile": "profile", "secret": "key" } } }
      ] }, "to": "end" },
    { "id": "end", "done": { "outcome": "saved" } }
  ]
}
"#;

#[test]
fn the_pattern_is_sound() {
    let verified = verify(SOUND, &[]);
    assert_eq!(verified.defects, []);
    assert_eq!(verified.paths.map(|paths| paths.len()), Some(4));
}

/// Replaces `from` by `to` in the sound flow; `place` is the first defect's code, line and column.
fn check(from: &str, to: &str, place: (&str, usize, usize)) {
    assert_eq!(SOUND.matches(from).count(), 1, "{from}");
    let text = SOUND.replace(from, to);
    let defects = verify(&text, &["x"]).defects;
    let found: Vec<_> = defects.iter().map(|d| (d.code, d.line, d.column)).collect();
    assert!(
        found.contains(&place),
        "{from} -> {to}: {place:?} not in {defects:#?}"
    );
}

#[test]
fn defects_of_form() {
    check("\"version\": 1,", "\"version\": 1", ("FLOW-001", 3, 3));
    check("\"title\": \"X\"", "\"titel\": \"X\"", ("FLOW-002", 4, 3));
    check("\"offer\": \"env", "\"ofer\": \"env", ("FLOW-002", 15, 9));
    check("\"text\": \"Key\", ", "", ("FLOW-003", 14, 30));
    check("\"to\": \"key\" }", "\"to\": 7 }", ("FLOW-004", 12, 17));
    check(
        "\"id\": \"end\",",
        "\"id\": \"end\", \"id\": \"e\",",
        ("FLOW-005", 23, 20),
    );
    check("\"version\": 1,", "\"version\": 9,", ("FLOW-007", 2, 14));
    let deep = format!("\"title\": {}", "[".repeat(40));
    check("\"title\": \"X\"", &deep, ("FLOW-006", 4, 36));
    assert_eq!(verify("", &[]).defects[0].code, "FLOW-001");
    assert_eq!(
        verify(&" ".repeat(300_000), &[]).defects[0].code,
        "FLOW-006"
    );
    let empty = r#"{"version": 1, "id": "x", "title": "X", "steps": []}"#;
    assert_eq!(verify(empty, &[]).defects[0].code, "FLOW-006");
}

#[test]
fn defects_of_structure() {
    check(
        "\"done\": { \"outcome\": \"saved\" }",
        "\"to\": \"end\"",
        ("FLOW-010", 23, 5),
    );
    check(
        "\"done\": {",
        "\"note\": { \"text\": \"t\" }, \"done\": {",
        ("FLOW-010", 23, 45),
    );
    check("\"id\": \"end\"", "\"id\": \"save\"", ("FLOW-011", 23, 13));
    check("}, \"to\": \"risk\" }", "} }", ("FLOW-012", 6, 13));
    check(
        "\"outcome\": \"saved\" }",
        "\"outcome\": \"saved\" }, \"to\": \"look\"",
        ("FLOW-012", 23, 52),
    );
    check(
        "\"id\": \"end\"",
        "\"id\": \"The End\"",
        ("FLOW-013", 23, 13),
    );
    check("\"--key\"", "\"key\"", ("FLOW-013", 15, 57));
    check(
        "{ \"is\": {",
        "{ \"set\": \"way\", \"is\": {",
        ("FLOW-014", 11, 19),
    );
    check(
        "{ \"put_credential\"",
        "{ \"set_mode\": { \"document\": \"store\" }, \"put_credential\"",
        ("FLOW-015", 21, 9),
    );
}

#[test]
fn defects_of_names() {
    check("\"to\": \"risk\"", "\"to\": \"rsk\"", ("FLOW-020", 6, 68));
    check(
        "\"Name for {way}\"",
        "\"Name for {wy}\"",
        ("FLOW-021", 18, 61),
    );
    check(
        "\"environment-key\"",
        "\"environment\"",
        ("FLOW-022", 6, 41),
    );
    check("\"anthropic-profile\"", "\"profile\"", ("FLOW-022", 19, 22));
    check(
        "\"works\": \"name\"",
        "\"work\": \"name\"",
        ("FLOW-023", 17, 15),
    );
    check("\"refused\": \"end\", ", "", ("FLOW-024", 17, 7));
    check(
        "\"value\": \"b\" } }",
        "\"value\": \"c\" } }",
        ("FLOW-025", 11, 57),
    );
    check(
        "\"with\": { \"secret\": \"key\" }",
        "\"with\": { }",
        ("FLOW-026", 16, 29),
    );
    check(
        "\"outcome\": \"saved\"",
        "\"outcome\": \"saved\", \"flow\": \"y\"",
        ("FLOW-027", 23, 58),
    );
}

#[test]
fn defects_of_variables() {
    check(
        "\"variable\": \"profile\"",
        "\"variable\": \"way\"",
        ("FLOW-030", 18, 13),
    );
    check(
        "\"text\": \"Mind.\"",
        "\"text\": \"Mind {profile}.\"",
        ("FLOW-031", 7, 39),
    );
    check(
        "\"Name for {way}\"",
        "\"Name {environment_key_place}\"",
        ("FLOW-031", 18, 61),
    );
    check("\"Name for {way}\"", "\"Name {key}\"", ("FLOW-033", 18, 61));
    check(
        "\"profile\": \"profile\"",
        "\"profile\": \"key\"",
        ("FLOW-033", 21, 81),
    );
    check(
        "\"secret\": \"key\" } },\n",
        "\"secret\": \"way\" } },\n",
        ("FLOW-034", 16, 98),
    );
    check(
        "\"options\": [",
        "\"options_from\": \"way\", \"options\": [",
        ("FLOW-034", 9, 25),
    );
    check(
        "\"profile\": \"profile\"",
        "\"profile\": \"way\"",
        ("FLOW-032", 18, 13),
    );
    check(
        "\"unattended\": \"a\"",
        "\"unattended\": \"z\"",
        ("FLOW-052", 8, 84),
    );
    check(
        "\"default\": \"default\"",
        "\"default\": \"a b\"",
        ("FLOW-052", 19, 54),
    );
}

#[test]
fn defects_of_the_graph() {
    check("\"to\": \"risk\"", "\"to\": \"end\"", ("FLOW-040", 7, 13));
    check(
        "{ \"to\": \"key\" }",
        "{ \"to\": \"key\" }, { \"to\": \"end\" }",
        ("FLOW-041", 12, 26),
    );
    check("},\n        { \"to\": \"key\" }", "}", ("FLOW-042", 10, 7));
    check(
        "\"undetermined\": \"pick\"",
        "\"undetermined\": \"try\"",
        ("FLOW-043", 16, 13),
    );
    check(
        "] }, \"to\": \"end\"",
        "] }, \"to\": \"save\"",
        ("FLOW-044", 20, 13),
    );
}

#[test]
fn defects_without_a_terminal_and_of_words() {
    check("\"unattended\": \"a\",", "", ("FLOW-050", 8, 13));
    check(
        "\"safe_default\": true",
        "\"ask_when\": { \"set\": \"environment_key\" }, \"inputs\": { \"flag\": \"--n\", \"help\": \"h\" }",
        ("FLOW-054", 19, 65),
    );
    check("\"--key\"", "\"--json\"", ("FLOW-051", 15, 57));
    check(
        "\"to\": \"risk\"",
        "\"branch\": [ { \"when\": { \"set\": \"environment_key\" }, \"to\": \"risk\" }, { \"to\": \"pick\" } ]",
        ("FLOW-053", 7, 56),
    );
    check("\"Which?\"", "[\"\", \" \"]", ("FLOW-060", 8, 60));
    check("\"label\": \"A\"", "\"label\": \"\"", ("FLOW-060", 9, 47));
    let long = format!("\"label\": \"{}\"", "a".repeat(35));
    check("\"label\": \"A\"", &long, ("FLOW-061", 9, 47));
    check(
        "\"label\": \"A\"",
        "\"label\": \"A\", \"disabled_reason\": \"no\"",
        ("FLOW-062", 9, 22),
    );
    check(
        "\"text\": \"Save?\"",
        "\"text\": [\"Save?\", \"https://x\"]",
        ("FLOW-063", 20, 51),
    );
    check(
        "\"value\": \"b\", ",
        "\"value\": \"a\", ",
        ("FLOW-064", 9, 65),
    );
    check(
        "[ { \"value\": \"a\", \"label\": \"A\" }, { \"value\": \"b\", \"label\": \"B\" } ]",
        "[]",
        ("FLOW-065", 8, 31),
    );
}

#[test]
fn every_code_has_a_case() {
    let cases = include_str!("tests.rs");
    let sources = [
        include_str!("structure.rs"),
        include_str!("names.rs"),
        include_str!("variables.rs"),
        include_str!("assigned.rs"),
        include_str!("graph.rs"),
        include_str!("unattended.rs"),
        include_str!("words.rs"),
        include_str!("../flow/read.rs"),
    ];
    for source in sources {
        for part in source.split("\"FLOW-").skip(1) {
            let code = format!("\"FLOW-{}\"", &part[..3]);
            assert!(cases.contains(&code), "{code} has no case");
        }
    }
}

#[test]
fn too_many_paths_are_refused() {
    let mut steps = String::new();
    for index in 0..9 {
        let next = index + 1;
        let _ = write!(
            steps,
            r#"{{ "id": "s{index}", "confirm": {{ "variable": "v{index}", "text": "{index}?", "unattended": "no" }},
               "branch": [ {{ "when": {{ "is": {{ "variable": "v{index}", "value": "yes" }} }}, "to": "n{index}" }}, {{ "to": "s{next}" }} ] }},
               {{ "id": "n{index}", "note": {{ "text": "n" }}, "to": "s{next}" }},"#
        );
    }
    let text = format!(
        r#"{{"version": 1, "id": "x", "title": "X", "steps": [{steps} {{ "id": "s9", "done": {{ "outcome": "saved" }} }}]}}"#
    );
    let defects = verify(&text, &[]).defects;
    assert_eq!(defects.len(), 1, "{defects:#?}");
    assert_eq!(defects[0].code, "FLOW-045");
}
