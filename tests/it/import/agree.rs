//! Conflicts, questions, and what is refused.

use serde_json::{Value, json};

use super::{done, import, listed, profiles, tree};
use crate::support::machine::{Machine, key};

const STORE: &str = ".clawdbot/agents/main/agent/auth-profiles.json";

/// `anthropic:default` differs from what is here, `anthropic:new` is not here.
fn differing() -> Machine {
    let machine = Machine::new();
    let one = |tail: &str| json!({"type": "api_key", "provider": "anthropic", "key": key(tail)});
    let there = json!({"version": 1, "profiles": {"anthropic:default": one("t"), "anthropic:new": one("n")}});
    machine.write(STORE, &there.to_string());
    let here = json!({"version": 1, "profiles": {"anthropic:default": one("h")}});
    machine.write(
        ".config/keywright/agents/main/auth-profiles.json",
        &here.to_string(),
    );
    machine
}

fn held(machine: &Machine, id: &str) -> Value {
    profiles(machine, "main")["profiles"][id]["key"].clone()
}

#[test]
fn a_conflict_is_shown_side_by_side_and_stays() {
    let machine = differing();
    let done = import(&machine, ".clawdbot", &["clawdbot", "--yes", "--json"], 1).json();
    assert_eq!(
        listed(&done["profiles"], &["id", "action"]),
        ["anthropic:default conflict", "anthropic:new add"]
    );
    let conflict = &done["profiles"][0];
    assert_ne!(
        conflict["here"]["fingerprint"],
        conflict["there"]["fingerprint"]
    );
    assert_eq!(conflict["here"]["masked"], "sk-ant-api03-…AAAh");
    assert_eq!(conflict["there"]["masked"], "sk-ant-api03-…AAAt");
    assert_eq!(
        (
            held(&machine, "anthropic:default"),
            held(&machine, "anthropic:new")
        ),
        (json!(key("h")), json!(key("n")))
    );
    let text = import(&machine, ".clawdbot", &["clawdbot", "--dry-run"], 0);
    let lines: Vec<&str> = text.stdout.lines().map(str::trim).collect();
    assert!(
        lines
            .iter()
            .any(|line| line.starts_with("here   API key sk-ant-api03-…AAAh (fingerprint ")),
        "{text:?}"
    );
    assert!(
        lines
            .iter()
            .any(|line| line.starts_with("there  API key sk-ant-api03-…AAAt (fingerprint ")),
        "{text:?}"
    );
}

#[test]
fn a_conflict_is_replaced_where_that_is_wanted_and_its_lines_follow() {
    let machine = differing();
    let line = format!(
        "# keywright: anthropic:default\nANTHROPIC_API_KEY={}\n",
        key("h")
    );
    let env = machine.write(".config/keywright/.env", &line);
    done(&machine, ".clawdbot", &["clawdbot", "--yes", "--replace"]);
    assert_eq!(held(&machine, "anthropic:default"), json!(key("t")));
    let text = std::fs::read_to_string(&env).expect("a file");
    assert_eq!(text, line.replace(&key("h"), &key("t")));
    let undone = machine.run(&["undo"]);
    assert_eq!(undone.code, 0, "{undone:?}");
    assert_eq!(held(&machine, "anthropic:default"), json!(key("h")));
    assert_eq!(std::fs::read_to_string(&env).expect("a file"), line);
}

#[test]
fn an_order_and_a_model_of_ours_stay() {
    let machine = differing();
    let theirs = json!({"version": 1, "order": {"anthropic": ["anthropic:new"]}, "profiles": {
        "anthropic:new": {"type": "api_key", "provider": "anthropic", "key": key("n")}}});
    machine.write(STORE, &theirs.to_string());
    machine.write(
        ".clawdbot/clawdbot.json",
        "{agents: {defaults: {model: 'anthropic/theirs'}}}",
    );
    let ours = json!({"version": 1, "order": {"anthropic": ["anthropic:default"]}, "profiles": {
        "anthropic:default": {"type": "api_key", "provider": "anthropic", "key": key("h")}}});
    machine.write(
        ".config/keywright/agents/main/auth-profiles.json",
        &ours.to_string(),
    );
    let config = "{ agents: { defaults: { model: { primary: 'anthropic/ours' } } } } // mine";
    let path = machine.write(".config/keywright/config.json5", config);
    let done = import(&machine, ".clawdbot", &["clawdbot", "--yes", "--json"], 0).json();
    assert_eq!(done["orders"][0]["action"], "keep");
    assert!(
        done["leftOut"][0]["reason"]
            .to_string()
            .contains("set here to something else"),
        "{done:#}"
    );
    let order = &profiles(&machine, "main")["order"]["anthropic"];
    assert_eq!(*order, json!(["anthropic:default", "anthropic:new"]));
    assert_eq!(std::fs::read_to_string(path).expect("a file"), config);
}

#[test]
fn a_broken_configuration_of_ours_keeps_settings_away_alone() {
    let machine = differing();
    machine.write(
        ".clawdbot/clawdbot.json",
        "{agents: {defaults: {model: 'anthropic/theirs'}}}",
    );
    let broken = "{ agents: hunter2";
    let path = machine.write(".config/keywright/config.json5", broken);
    let done = import(
        &machine,
        ".clawdbot",
        &["clawdbot", "--yes", "--replace", "--json"],
        0,
    );
    let left = done.json()["leftOut"][0]["reason"].to_string();
    assert!(left.contains("keywright config check"), "{left}");
    assert_eq!(held(&machine, "anthropic:default"), json!(key("t")));
    assert_eq!(std::fs::read_to_string(path).expect("a file"), broken);
}

#[test]
fn one_profile_alone() {
    let machine = differing();
    let only = |name: &str, code| {
        import(
            &machine,
            ".clawdbot",
            &["clawdbot", "--dry-run", "--json", "--profile-id", name],
            code,
        )
        .json()
    };
    assert_eq!(
        listed(&only("anthropic:new", 0)["profiles"], &["id"]),
        ["anthropic:new"]
    );
    let renamed = only("anthropic:default=anthropic:theirs", 0);
    assert_eq!(
        listed(&renamed["profiles"], &["id", "action"]),
        ["anthropic:theirs add"]
    );
    assert_eq!(only("anthropic:nobody", 1)["error"]["code"], "not-found");
    assert_eq!(only("anthropic:new=../x", 64)["error"]["code"], "usage");
}

#[test]
fn without_a_terminal_nothing_is_done_unasked() {
    let machine = differing();
    let before = tree(&machine.home());
    let bare = import(&machine, ".clawdbot", &[], 0);
    assert!(bare.stdout.contains("+ anthropic:new"), "{bare:?}");
    assert!(
        bare.stderr.contains("`keywright import --yes` does it"),
        "{bare:?}"
    );
    let named = import(&machine, ".clawdbot", &["clawdbot", "--json"], 64).json();
    assert_eq!(named["error"]["code"], "missing-answers");
    assert!(
        named["error"]["hint"].to_string().contains("--yes"),
        "{named}"
    );
    assert!(tree(&machine.home()) == before, "something was written");
}

#[test]
fn nothing_there() {
    let machine = Machine::new();
    let check = |arguments: &[&str], code: i32, expected: &str| {
        let ended = machine.run(&[&["import"], arguments].concat());
        assert_eq!(ended.code, code, "{ended:?}");
        assert!(ended.stderr.contains(expected), "{ended:?}");
    };
    check(&[], 1, "keywright onboard");
    check(&["clawdbot"], 1, "there is nothing of Clawdbot in");
    check(&["claude-code", "--yes"], 1, "Claude Code");
    check(&["environment", "--yes"], 1, "nothing to import was found");
    check(
        &["nosuch"],
        64,
        "possible values: clawdbot, openclaw, cuti, claude-code, aws, environment",
    );
    check(&["--from", "x"], 64, "keywright import clawdbot --from DIR");
    check(&["clawdbot", "cuti", "--from", "x"], 64, "--from");
    check(&["clawdbot", "--secret-input-mode", "x"], 64, "plaintext");
    assert!(!machine.ours().exists());
}

#[cfg(unix)]
#[test]
fn a_person_is_asked() {
    let machine = differing().with("TERM", "dumb");
    let ask = |answers: [(&str, &str); 2]| {
        let mut screen = machine.terminal(120, 200, &["import", "clawdbot"]);
        for (question, answer) in answers {
            screen.wait(question).line(answer);
        }
        screen.end()
    };
    let differs = "Replace the profile that differs with what is there?";
    ask([(differs, "n"), ("Import this profile?", "n")])
        .with_code(0)
        .says("Nothing was changed.");
    assert_eq!(held(&machine, "anthropic:new"), json!(null));
    ask([(differs, "y"), ("Import these 2 profiles?", "y")])
        .with_code(0)
        .says("Imported 2 profiles, not verified.");
    assert_eq!(held(&machine, "anthropic:default"), json!(key("t")));
    assert_eq!(held(&machine, "anthropic:new"), json!(key("n")));
}

#[cfg(unix)]
#[test]
fn leaving_the_question_changes_nothing() {
    use crate::support::pty::CONTROL_C;
    let machine = differing();
    let mut screen = machine.terminal(120, 200, &["import", "clawdbot"]);
    screen
        .wait("Replace the profile that differs")
        .keys(CONTROL_C);
    screen.end().with_code(130);
    assert_eq!(held(&machine, "anthropic:new"), json!(null));
}

#[cfg(unix)]
/// Whatever stands in the place of a file, it is told and the rest goes on.
#[test]
fn odd_files() {
    let machine = Machine::new();
    let store = |agent: &str| format!(".clawdbot/agents/{agent}/agent/auth-profiles.json");
    let one = json!({"type": "api_key", "provider": "anthropic", "key": key("g")});
    let good = json!({"version": 1, "profiles": {"anthropic:good": one}});
    machine.write(&store("good"), &good.to_string());
    machine.write(&format!("{}/x", store("folder")), "");
    machine.write(&store("large"), &" ".repeat(5 << 20));
    machine.write(&store("deep"), &"[".repeat(100_000));
    machine.write(&store("list"), "[1, 2]");
    machine.write(&store("marked"), &format!("\u{feff}{good}"));
    machine.write(".clawdbot/.env", "\0\u{1}=\nexport =x\n'");
    machine.write(".clawdbot/clawdbot.json", &"{a:".repeat(100_000));
    let binary = machine.write(&store("binary"), "");
    std::fs::write(binary, [0xff, 0xfe, 0x00, 0x80]).expect("a file");
    std::os::unix::fs::symlink("/nowhere", machine.home().join(".clawdbot/agents/link"))
        .expect("a link");
    let done = import(&machine, ".clawdbot", &["clawdbot", "--yes", "--json"], 0).json();
    let agents = listed(&done["profiles"], &["agent", "id"]);
    assert_eq!(agents, ["good anthropic:good", "marked anthropic:good"]);
    let left = done["leftOut"].to_string();
    for part in ["folder", "large", "deep", "list", "binary", "clawdbot.json"] {
        assert!(left.contains(part), "{part}: {left}");
    }
}

#[test]
fn ten_imports_at_once() {
    let machine = differing();
    std::thread::scope(|scope| {
        let runs: Vec<_> = (0..10)
            .map(|_| scope.spawn(|| machine.run(&["import", "clawdbot", "--yes", "--replace"])))
            .collect();
        for run in runs {
            let ended = run.join().expect("a run");
            assert_eq!(ended.code, 0, "{ended:?}");
        }
    });
    assert_eq!(held(&machine, "anthropic:default"), json!(key("t")));
    let history = machine.run(&["history", "--json"]).json();
    let entries = history["entries"].as_array().map(Vec::len);
    assert_eq!(entries, Some(1), "the others found nothing to do");
}
