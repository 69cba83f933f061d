//! What the doctor says to type is typed, on the machine that it says it of, and mends what it is
//! for.

#![cfg(unix)]

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use keywright::store::{self, Change, Fingerprint, Home};
use keywright::system::{Environment, Mode, System};
use serde_json::Value;
use zeroize::Zeroizing;

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
    let environment = Environment::of(machine.variables().iter().cloned(), machine.home());
    let system = System::with_environment(environment);
    let home = Home::locate(None, &system.environment).expect("a home");
    let old = std::fs::read(machine.store()).expect("a store");
    let change = Change {
        path: machine.store(),
        before: Some(Fingerprint::of(&old)),
        after: Some(Zeroizing::new(b"{}".to_vec())),
        mode: Mode::Private,
    };
    let receipt = store::commit(&system, &home, "a change", vec![change]).expect("written");
    let id = receipt.transaction.expect("an id");
    let journal = home.journal();
    std::fs::rename(
        journal.join(format!("{id}.done.json")),
        journal.join(format!("{id}.pending.json")),
    )
    .expect("as a killed writer leaves it");
    std::fs::write(machine.store(), &old).expect("not yet replaced");
    assert_eq!(examine(&machine, "STORE-002")["status"], "warn");
    mended(&machine, "STORE-002", "safe");
}
