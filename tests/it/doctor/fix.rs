//! `doctor --fix` through the outside: what is asked, what is refused, and what is never touched.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::time::Duration;

use keywright::sandbox::keys;
use serde_json::Value;

use super::{machine, private, status, tree};
use crate::support::machine::{Ended, KEYWRIGHT, Machine};
use crate::support::pty::{CONTROL_C, ENTER, ESCAPE};

const STORE: &str = ".config/keywright/agents/main/auth-profiles.json";

/// A machine with a store that others can read (safe to mend) and a cut `.claude.json` (needs a yes).
fn two_troubles() -> Machine {
    let machine = machine("works");
    private(&machine.home().join(STORE), 0o644);
    machine.write(".claude.json", "{ \"a\": 1,\n");
    machine
}

fn fix(machine: &Machine, words: &[&str]) -> Ended {
    let mut all = vec!["doctor", "--offline", "--fix"];
    all.extend(words);
    machine.run(&all)
}

fn mode(machine: &Machine, path: &str) -> u32 {
    let meta = std::fs::metadata(machine.home().join(path)).expect("it is there");
    meta.permissions().mode() & 0o7777
}

fn titles(plan: &Value) -> Vec<&str> {
    let fixes = plan["plan"]["fixes"].as_array().expect("fixes").iter();
    fixes.filter_map(|fix| fix["code"].as_str()).collect()
}

#[test]
fn without_a_terminal_nothing_changes_unless_told() {
    let machine = two_troubles();
    let before = tree(machine.folder());
    let ended = fix(&machine, &[]);
    assert_eq!(ended.code, 64, "{ended:?}");
    assert!(ended.stderr.contains("--fix --yes"), "{ended:?}");
    assert!(ended.stderr.contains("--include consent"), "{ended:?}");
    let refused = fix(&machine, &["--json"]).json();
    assert_eq!(refused["error"]["code"], "missing-answers");
    let dry = fix(&machine, &["--dry-run"]);
    assert_eq!(dry.code, 1, "what the doctor says stays: {dry:?}");
    for words in [
        "CRED-001",
        "0644 becomes 0600",
        "CFG-001",
        ".claude.json.broken",
    ] {
        assert!(dry.stdout.contains(words), "{words}: {dry:?}");
    }
    assert!(before == tree(machine.folder()), "something was written");
}

#[test]
fn yes_is_for_our_own_files_and_consent_for_the_rest() {
    let machine = two_troubles();
    let first = fix(&machine, &["--yes", "--json"]);
    assert_eq!(first.code, 1, "the other trouble is there still: {first:?}");
    let document = first.json();
    assert_eq!(titles(&document), ["CRED-001"]);
    assert_eq!(document["plan"]["left"][0]["code"], "CFG-001");
    assert_eq!(document["verification"][0]["cleared"], true);
    assert_eq!(status(&document["report"], "CRED-001"), "pass");
    assert_eq!(mode(&machine, STORE), 0o600);
    assert!(machine.home().join(".claude.json").exists());
    let again = fix(&machine, &["--yes"]);
    assert_eq!(again.code, 1);
    assert!(again.stderr.contains("--include consent"), "{again:?}");
    let second = fix(&machine, &["--yes", "--include", "consent"]);
    assert_eq!(second.code, 0, "{second:?}");
    assert!(second.stderr.contains("CFG-001 is cleared"), "{second:?}");
    assert!(second.stderr.contains("keywright undo"), "{second:?}");
    assert!(!machine.home().join(".claude.json").exists());
    let none = fix(&machine, &["--yes", "--include", "consent"]);
    assert_eq!(none.code, 0);
    assert!(
        none.stderr.contains("nothing that --fix can do"),
        "{none:?}"
    );
    let history = machine.run(&["history"]);
    assert!(
        history.stdout.contains("doctor --fix: CRED-001"),
        "{history:?}"
    );
    for _ in 0..2 {
        assert_eq!(machine.run(&["undo"]).code, 0);
    }
    assert_eq!(mode(&machine, STORE), 0o644);
    let back = std::fs::read_to_string(machine.home().join(".claude.json"));
    assert_eq!(back.expect("it is back"), "{ \"a\": 1,\n");
}

#[test]
fn one_code_alone() {
    let machine = two_troubles();
    let plan = machine.run(&[
        "doctor",
        "--offline",
        "--fix=cfg-001,STORE-002",
        "--dry-run",
        "--json",
    ]);
    assert_eq!(titles(&plan.json()), ["CFG-001"]);
    let family = machine.run(&["doctor", "--offline", "--fix=cred", "--dry-run", "--json"]);
    assert_eq!(titles(&family.json()), ["CRED-001"]);
    let ended = machine.run(&["doctor", "--offline", "--fix=CFG-01", "--yes"]);
    assert_eq!(ended.code, 64, "{ended:?}");
    assert!(ended.stderr.contains("Did you mean"), "{ended:?}");
}

#[test]
fn what_does_not_go_together() {
    let machine = two_troubles();
    let before = tree(machine.folder());
    let check = |words: &[&str]| {
        let mut all = vec!["doctor"];
        all.extend(words);
        let ended = machine.run(&all);
        assert_eq!(ended.code, 64, "{words:?}: {ended:?}");
    };
    check(&["--yes"]);
    check(&["--dry-run"]);
    check(&["--include", "consent"]);
    check(&["--fix", "--format", "junit", "--yes"]);
    check(&["--fix", "--from", "x"]);
    check(&["--fix", "--bundle", "x"]);
    check(&["--fix", "--include", "everything", "--yes"]);
    assert!(before == tree(machine.folder()), "something was written");
}

#[test]
fn a_person_is_asked_once() {
    let arguments = ["doctor", "--offline", "--fix"];
    let check = |keys: &[&str], code: u32, store: u32, state: bool, says: &str| {
        let machine = two_troubles();
        let mut screen = machine.terminal(100, 60, &arguments);
        screen.wait("Apply this?").wait("0644 becomes 0600");
        for key in keys {
            screen.keys(key).settle();
        }
        let left = screen.end();
        left.with_code(code).says(says);
        assert_eq!(mode(&machine, STORE), store, "{keys:?}");
        let moved = machine.home().join(".claude.json").exists();
        assert_eq!(moved, state, "{keys:?}");
    };
    let down = crate::support::pty::DOWN;
    check(&[ENTER], 0, 0o600, false, "CFG-001 is cleared");
    check(&[down, ENTER], 1, 0o600, true, "CRED-001 is cleared");
    check(&[down, down, ENTER], 1, 0o644, true, "Nothing was changed");
    check(&[ESCAPE], 1, 0o644, true, "Nothing was changed");
    check(&[CONTROL_C], 130, 0o644, true, "nothing was changed");
}

#[test]
fn one_class_is_a_yes_or_a_no() {
    let check = |answer: &str, code: u32, expected: u32| {
        let machine = machine("works");
        private(&machine.home().join(STORE), 0o644);
        let mut screen = machine.terminal(100, 60, &["doctor", "--offline", "--fix"]);
        screen.wait("Apply this?").line(answer);
        screen.end().with_code(code);
        assert_eq!(mode(&machine, STORE), expected, "{answer}");
    };
    check("yes", 0, 0o600);
    check("no", 1, 0o644);
}

#[test]
fn a_file_that_changes_under_the_question_is_left_alone() {
    let machine = two_troubles();
    let mut screen = machine.terminal(100, 60, &["doctor", "--offline", "--fix"]);
    screen.wait("Apply this?");
    machine.write(".claude.json", "{ \"a\": 2,\n");
    let left = screen.keys(ENTER).end();
    left.with_code(1).says("changed meanwhile");
    let now = std::fs::read_to_string(machine.home().join(".claude.json"));
    assert_eq!(now.expect("it is there"), "{ \"a\": 2,\n");
    assert_eq!(mode(&machine, STORE), 0o644, "all or none");
}

/// A subscription token in the environment, and a state that does not say that it was set up.
fn not_onboarded(state: &str) -> Machine {
    let mut machine = Machine::new();
    machine.program("claude", super::VERSION);
    let token = keys::named("subscription-works").expect("a token").text();
    machine.set("CLAUDE_CODE_OAUTH_TOKEN", &token);
    private(&machine.write(".claude.json", state), 0o600);
    machine
}

const CONSENT: &[&str] = &["--yes", "--include", "consent"];

#[test]
fn an_edit_keeps_everything_else() {
    let state = "{\r\n\t\"numStartups\": 7,\r\n\t\"theme\" : \"dark\",\r\n\t\"hasCompletedOnboarding\": false\r\n}\r\n";
    let machine = not_onboarded(state);
    let real = machine.home().join("dotfiles");
    std::fs::create_dir(&real).expect("a folder");
    let (link, target) = (
        machine.home().join(".claude.json"),
        real.join("claude.json"),
    );
    std::fs::rename(&link, &target).expect("moved");
    symlink(&target, &link).expect("a link");
    private(&target, 0o640);
    let ended = fix(&machine, CONSENT);
    assert_eq!(ended.code, 0, "{ended:?}");
    let now = std::fs::read_to_string(&target).expect("it is there");
    assert_eq!(now, state.replace("false", "true"));
    assert!(link.is_symlink(), "the link stays");
    assert_eq!(mode(&machine, "dotfiles/claude.json"), 0o640);
    assert_eq!(machine.run(&["undo"]).code, 0);
    assert_eq!(std::fs::read_to_string(&target).expect("it is back"), state);
}

#[test]
fn a_state_that_is_not_there_is_made_and_goes_again() {
    let machine = not_onboarded("{}");
    let path = machine.home().join(".claude.json");
    std::fs::remove_file(&path).expect("removed");
    let ended = fix(&machine, CONSENT);
    assert_eq!(ended.code, 0, "{ended:?}");
    let text = std::fs::read_to_string(&path).expect("it is made");
    let made: Value = serde_json::from_str(&text).expect("strict JSON");
    assert_eq!(made["hasCompletedOnboarding"], true);
    assert_eq!(mode(&machine, ".claude.json"), 0o600);
    assert_eq!(machine.run(&["undo"]).code, 0);
    assert!(!path.exists());
}

#[test]
fn what_has_a_second_name_is_refused() {
    let machine = not_onboarded("{}");
    let path = machine.home().join(".claude.json");
    std::fs::hard_link(&path, machine.home().join("other")).expect("a second name");
    let ended = fix(&machine, &["--yes", "--include", "consent", "--json"]);
    let document = ended.json();
    assert_eq!(document["applied"], Value::Null);
    let reason = document["plan"]["left"][0]["reason"].as_str();
    assert!(
        reason.is_some_and(|why| why.contains("hard links")),
        "{document}"
    );
    assert_eq!(std::fs::read_to_string(&path).expect("it is there"), "{}");
}

#[test]
fn a_name_that_is_taken_is_not_taken_again() {
    let machine = two_troubles();
    machine.write(".claude.json.broken", "older");
    assert_eq!(fix(&machine, CONSENT).code, 0);
    let read = |name: &str| std::fs::read_to_string(machine.home().join(name)).expect("there");
    assert_eq!(read(".claude.json.broken"), "older");
    assert_eq!(read(".claude.json.broken-2"), "{ \"a\": 1,\n");
}

/// Kills the fix at many moments: afterwards all modes are old or all are new.
#[test]
fn a_killed_fix_is_whole_or_not_at_all() {
    let machine = two_troubles();
    let folders = [
        ".config/keywright",
        ".config/keywright/agents",
        ".config/keywright/agents/main",
    ];
    let spread = |open: bool| {
        for folder in folders {
            private(
                &machine.home().join(folder),
                if open { 0o755 } else { 0o700 },
            );
        }
        private(
            &machine.home().join(STORE),
            if open { 0o644 } else { 0o600 },
        );
    };
    for moment in 0..40 {
        spread(true);
        let mut child = machine
            .command(KEYWRIGHT)
            .args([
                "doctor",
                "--offline",
                "--only",
                "CRED-001",
                "--fix",
                "--yes",
            ])
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .expect("keywright starts");
        std::thread::sleep(Duration::from_micros(1000 + moment * 400));
        let _ = child.kill();
        child.wait().expect("it ends");
        assert_eq!(machine.run(&["history", "prune", "--all"]).code, 0);
        let open = |path: &&str| mode(&machine, path) & 0o077 != 0;
        let all: Vec<&str> = folders.iter().copied().chain([STORE]).collect();
        let count = all.iter().filter(|path| open(path)).count();
        assert!(count == 0 || count == all.len(), "{count} are open still");
        let journal = std::fs::read_dir(machine.ours().join("state/journal"));
        assert_eq!(journal.into_iter().flatten().count(), 0);
    }
}

/// Without the alias the shell could not read the file any more.
#[test]
fn a_line_that_a_block_needs_stays_and_the_reason_is_told() {
    let mut machine = machine("works");
    machine.set("SHELL", "/bin/bash");
    let text = "if true; then # mine\n  # only this\nalias claude=/opt/claude\nfi\n";
    let path = machine.write(".bashrc", text);
    let words = [
        "doctor",
        "--offline",
        "--fix=CLI-005",
        "--yes",
        "--include",
        "consent",
    ];
    let ended = machine.run(&words);
    assert!(ended.stderr.contains("by itself"), "{ended:?}");
    assert!(!ended.stderr.contains("--include"), "{ended:?}");
    assert_eq!(std::fs::read_to_string(path).expect("it is there"), text);
}

/// What a unit of the user lacks is written to our file, and the unit is told of it.
#[test]
fn a_service_is_given_its_key() {
    let mut machine = machine("works");
    machine.set("SHELL", "/bin/bash");
    let key = keys::named("works").expect("a key").text();
    machine.set("ANTHROPIC_API_KEY", &key);
    let unit = ".config/systemd/user/openclaw-gateway.service";
    machine.write(
        unit,
        "[Service]\nExecStart=/usr/bin/node /opt/openclaw/dist/index.js gateway\n",
    );
    let plan = fix(&machine, &["--dry-run"]);
    assert!(!plan.stdout.contains(&key), "the key is shown");
    assert!(plan.stdout.contains("keywright.conf"), "{plan:?}");
    let before = tree(machine.folder()).len();
    let ended = fix(&machine, CONSENT);
    assert!(ended.stderr.contains("ENV-010 is cleared"), "{ended:?}");
    assert!(
        ended.stderr.contains("systemctl --user restart"),
        "{ended:?}"
    );
    let read = |path: &str| std::fs::read_to_string(machine.home().join(path)).expect("there");
    let ours = machine.ours().join(".env");
    assert_eq!(
        read(".config/keywright/.env"),
        format!("ANTHROPIC_API_KEY={key}\n")
    );
    assert_eq!(mode(&machine, ".config/keywright/.env"), 0o600);
    let drop_in = format!("{unit}.d/keywright.conf");
    let expected = format!("[Service]\nEnvironmentFile={}\n", ours.display());
    assert_eq!(read(&drop_in), expected);
    assert_eq!(machine.run(&["undo"]).code, 0);
    let gone = |path: &Path| assert!(!path.exists(), "{} is there", path.display());
    gone(&ours);
    gone(&machine.home().join(format!("{unit}.d")));
    assert!(tree(machine.folder()).len() >= before);
}

/// Several remedies change one file: lines get their profile's key or go, and the mode is mended.
#[test]
fn remedies_on_one_file_compose() {
    let machine = machine("works");
    let key = keys::named("works").expect("a key").text();
    let managed = "# keywright: anthropic:default\nANTHROPIC_API_KEY=\"sk-ant-api03-old\"\n";
    let lost = "# keywright: anthropic:gone\nANTHROPIC_API_KEY_2=x\n";
    let other = "# mine\nOTHER=1 # kept\n";
    let text = format!("{lost}{other}{managed}");
    let path = machine.write(".config/keywright/.env", &text);
    private(&path, 0o644);
    private(&machine.ours(), 0o700);
    let ended = fix(&machine, CONSENT);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(!ended.stderr.contains("did not clear"), "{ended:?}");
    assert!(!ended.stderr.contains(&key), "the key is shown");
    let now = std::fs::read_to_string(&path).expect("it is there");
    let expected = format!("{other}# keywright: anthropic:default\nANTHROPIC_API_KEY={key}\n");
    assert_eq!(now, expected);
    assert_eq!(mode(&machine, ".config/keywright/.env"), 0o600);
    assert_eq!(machine.run(&["undo"]).code, 0);
    assert_eq!(std::fs::read_to_string(&path).expect("it is there"), text);
    assert_eq!(mode(&machine, ".config/keywright/.env"), 0o644);
}
