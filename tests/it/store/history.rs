//! `history` and `undo`.

use super::*;

#[test]
fn undo_and_back() {
    let scratch = Scratch::new();
    scratch.save("anthropic:a", "a1").expect("saved");
    scratch.save("anthropic:b", "b1").expect("saved");
    let machine = &scratch.machine;
    let ended = machine.run(&["undo", "--json"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let report = ended.json();
    assert_eq!(report["schemaVersion"], 1);
    assert_eq!(report["files"][0]["action"], "restored");
    assert_eq!(scratch.ids(), ["anthropic:a"]);
    let redo = report["transaction"].as_str().expect("an id").to_owned();
    assert_eq!(machine.run(&["undo", &redo]).code, 0);
    assert_eq!(scratch.ids(), ["anthropic:a", "anthropic:b"]);
    let first = undo::history(&scratch.system, &scratch.home).expect("listed")[0]
        .id
        .clone();
    let refused = machine.run(&["undo", &first]);
    assert_eq!(refused.code, 1, "the file changed since: {refused:?}");
    assert!(refused.stderr.contains("changed since"), "{refused:?}");
    assert_eq!(machine.run(&["undo", "no-such"]).code, 1);
}

#[test]
fn undo_walks_back_to_nothing() {
    let scratch = Scratch::new();
    scratch.save("anthropic:a", "a1").expect("saved");
    scratch.save("anthropic:b", "b1").expect("saved");
    for expected in [&["anthropic:a"][..], &[]] {
        assert_eq!(scratch.machine.run(&["undo"]).code, 0);
        assert_eq!(scratch.ids(), expected);
    }
    assert!(!scratch.path().exists(), "what was created is gone");
    assert_eq!(scratch.machine.run(&["undo"]).code, 1);
}

#[test]
fn undo_refuses_what_was_edited_since() {
    let scratch = Scratch::new();
    scratch.save("anthropic:a", "a1").expect("saved");
    scratch.save("anthropic:b", "b1").expect("saved");
    let edited = b"{\"version\":1,\"profiles\":{}}";
    scratch.put(edited);
    let ended = scratch.machine.run(&["undo", "--json"]);
    assert_eq!(ended.code, 1);
    assert_eq!(ended.json()["error"]["code"], "conflict");
    assert_eq!(std::fs::read(scratch.path()).expect("read"), edited);
}

#[test]
fn history_says_what_it_still_holds() {
    let scratch = Scratch::new();
    for number in 0..7 {
        scratch
            .save("anthropic:a", &format!("0{number}"))
            .expect("saved");
    }
    let holds = |tail: &str| {
        let secret = key(tail).into_bytes();
        let holds = |content: &[u8]| content.windows(secret.len()).any(|part| part == secret);
        let files = scratch.files();
        let journal = scratch.home.journal();
        files
            .iter()
            .any(|(path, content)| path.starts_with(&journal) && holds(content))
    };
    assert!(holds("05"), "what the last change replaced");
    assert!(!holds("00"), "older than five changes");
    let ended = scratch.machine.run(&["history"]);
    assert_eq!(
        ended
            .stdout
            .lines()
            .filter(|line| line.contains("  save"))
            .count(),
        5
    );
    assert!(ended.stderr.contains("prune"), "{ended:?}");
    let report = scratch.machine.run(&["history", "--json"]).json();
    assert_eq!(report["entries"].as_array().map(Vec::len), Some(5));
    assert_eq!(report["holdsFormerContent"], true);
    assert_eq!(report["entries"][0]["state"], "done");
    let whole = format!("{}{}{report}", ended.stdout, ended.stderr);
    assert!(!whole.contains("TESTAAA"), "a secret is shown");
    let pruned = scratch
        .machine
        .run(&["history", "prune", "--all", "--json"])
        .json();
    assert_eq!(pruned["removed"].as_array().map(Vec::len), Some(5));
    assert!(!holds("05"));
    assert_eq!(scratch.ids(), ["anthropic:a"]);
}

#[test]
fn a_moved_home_can_still_be_undone() {
    let scratch = Scratch::new();
    scratch.save("anthropic:a", "a1").expect("saved");
    let moved = scratch.machine.home().join("elsewhere");
    std::fs::rename(scratch.home.root(), &moved).expect("moved");
    let home = moved.display().to_string();
    assert_eq!(scratch.machine.run(&["undo", "--home", &home]).code, 0);
    assert!(!moved.join("agents/main/auth-profiles.json").exists());
    assert!(!scratch.home.root().exists());
}

#[test]
fn old_entries_are_forgotten() {
    let mut machine = Machine::new();
    let home = |machine: &Machine, now: &str| {
        let mut scratch = Scratch::new();
        let pairs = machine
            .variables()
            .iter()
            .map(|(name, value)| (name, value));
        let mut environment = Environment::of(pairs, "/");
        environment.set("KEYWRIGHT_NOW", now);
        scratch.home = Home::locate(None, &environment).expect("a home");
        scratch.system = System::with_environment(environment);
        scratch
    };
    home(&machine, "2026-11-01T00:00:00Z")
        .save("anthropic:a", "a1")
        .expect("saved");
    let later = home(&machine, "2026-11-07T00:00:00Z");
    later.save("anthropic:a", "a2").expect("saved");
    let count = |scratch: &Scratch| {
        let entries = undo::history(&scratch.system, &scratch.home);
        entries.expect("listed").len()
    };
    assert_eq!(count(&later), 2);
    let last = home(&machine, "2026-11-08T00:00:01Z");
    last.save("anthropic:a", "a3").expect("saved");
    assert_eq!(count(&last), 2);
    machine.set("KEYWRIGHT_NOW", "2026-11-20T00:00:00Z");
    assert_eq!(machine.run(&["history", "prune"]).code, 0);
    assert_eq!(count(&last), 0);
}
