//! What the doctor says to type is typed, on the machine that it says it of, and mends what it is
//! for.

#![cfg(unix)]

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use serde_json::Value;

use crate::support::machine::{KEYWRIGHT, Machine, key};

/// A machine with a private store, as `onboard` leaves it.
fn machine() -> Machine {
    let machine = Machine::new();
    let text = format!(
        r#"{{"version":1,"profiles":{{"anthropic:default":{{"type":"api_key","provider":"anthropic","key":"{}"}}}}}}"#,
        key("4f")
    );
    let path = machine.write(".config/keywright/agents/main/auth-profiles.json", &text);
    mode(&path, 0o600);
    for folder in path.ancestors().skip(1).take(3) {
        mode(folder, 0o700);
    }
    machine
}

fn mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("mode");
}

/// What the check of `code` says.
fn examine(machine: &Machine, code: &str) -> Value {
    let document = machine
        .run(&["doctor", "--offline", "--json", "--only", code])
        .json();
    let checks = document["checks"].as_array().expect("checks").clone();
    checks
        .into_iter()
        .find(|check| check["code"] == code)
        .expect("the check")
}

/// Types the lines of all remedies of that safety, and expects the check to pass then.
fn mended(machine: &Machine, code: &str, safety: &str) {
    let before = examine(machine, code);
    let remedies = before["finding"]["remedies"].as_array().expect("remedies");
    let lines: Vec<&str> = remedies
        .iter()
        .filter(|remedy| remedy["safety"] == safety)
        .flat_map(|remedy| remedy["steps"].as_array().expect("steps"))
        .map(|step| step["command"].as_str().expect("a line to type"))
        .collect();
    assert!(!lines.is_empty(), "{before:#}");
    let folder = Path::new(KEYWRIGHT).parent().expect("a folder");
    let ended = machine
        .command("/bin/sh")
        .args(["-e", "-c", &lines.join("\n")])
        .env("PATH", format!("{}:/usr/bin:/bin", folder.display()))
        .output()
        .expect("sh runs");
    assert!(ended.status.success(), "{lines:?}: {ended:?}");
    let after = examine(machine, code);
    assert_eq!(after["status"], "pass", "{lines:?}: {after:#}");
}

#[test]
fn a_readable_store() {
    let machine = machine();
    mode(&machine.store(), 0o644);
    mode(&machine.ours(), 0o777);
    mended(&machine, "CRED-001", "safe");
}

#[test]
fn a_readable_store_behind_a_link() {
    let machine = machine();
    let elsewhere = machine.home().join("dot files.json");
    std::fs::rename(machine.store(), &elsewhere).expect("moved");
    symlink(&elsewhere, machine.store()).expect("linked");
    mode(&elsewhere, 0o640);
    mended(&machine, "CRED-001", "consent");
}

#[test]
fn a_change_that_was_cut_off() {
    let machine = machine();
    let old = std::fs::read(machine.store()).expect("a store");
    // By a process of its own: the lock of this one would be held by whatever it starts meanwhile.
    let words = [
        "onboard",
        "--non-interactive",
        "--offline",
        "--flow",
        "api-key",
    ];
    let words = [&words[..], &["--anthropic-api-key-stdin", "--replace"]].concat();
    let ended = machine.run_with_input(&words, key("5f").as_bytes());
    assert_eq!(ended.code, 0, "{ended:?}");
    let journal = machine.ours().join("state/journal");
    let entries = journal.read_dir().expect("a journal");
    let done: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    let [done] = &done[..] else {
        panic!("one entry: {done:?}");
    };
    let name = done
        .to_string_lossy()
        .replace(".done.json", ".pending.json");
    std::fs::rename(done, name).expect("as a killed writer leaves it");
    std::fs::write(machine.store(), &old).expect("not yet replaced");
    assert_eq!(examine(&machine, "STORE-002")["status"], "warn");
    mended(&machine, "STORE-002", "safe");
}
