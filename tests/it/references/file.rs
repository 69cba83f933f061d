//! References to files.

#![cfg(unix)]

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::{judged, machine, provide, reference, refused, resolves, secret};
use crate::support::machine::Machine;

/// A machine whose profile refers to the one value of the file at this path.
fn single(path: &str) -> Machine {
    let machine = machine(&reference("file", "ours", "value"));
    let path = path.replace("<home>", &machine.home().display().to_string());
    provide(
        &machine,
        &json!({"source": "file", "path": path, "mode": "singleValue"}),
    );
    machine
}

fn private(machine: &Machine, name: &str, text: &str) -> PathBuf {
    let path = machine.write(name, text);
    mode(&path, 0o600);
    path
}

fn mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("a mode");
}

#[test]
fn one_value() {
    for path in ["<home>/the key", "~/the key"] {
        for ending in ["", "\n", "\r\n"] {
            let machine = single(path);
            private(&machine, "the key", &format!("{}{ending}", secret()));
            resolves(&machine);
            assert_eq!(judged(&machine), (0, "ok".to_owned()));
        }
    }
    let machine = machine(&reference("file", "ours", "key"));
    provide(
        &machine,
        &json!({"source": "file", "path": "/k", "mode": "singleValue"}),
    );
    refused(&machine, "has the id `value`");
}

#[test]
fn a_document() {
    let check = |text: &str, id: &str, why: Option<&str>| {
        let machine = machine(&reference("file", "ours", id));
        provide(&machine, &json!({"source": "file", "path": "~/keys.json"}));
        private(&machine, "keys.json", text);
        match why {
            Some(why) => refused(&machine, why),
            None => resolves(&machine),
        }
    };
    let good = json!({"anthropic": {"a/b": secret(), "number": 7, "empty": ""}}).to_string();
    check(&good, "/anthropic/a~1b", None);
    check(&good, "/anthropic/gone", Some("holds nothing at the id"));
    check(&good, "/anthropic/number", Some("holds no text at the id"));
    check(&good, "/anthropic/empty", Some("holds an empty text"));
    check(&good, "anthropic", Some("is no JSON pointer"));
    check("hunter2", "/anthropic", Some("is not JSON"));
}

#[test]
fn modes() {
    let check = |bits: u32, why: &str| {
        let machine = single("~/key");
        let path = private(&machine, "key", &secret());
        mode(&path, bits);
        refused(&machine, why);
        refused(
            &machine,
            &format!("`chmod 600 {}` mends it", path.display()),
        );
    };
    check(0o644, "can be read by others (mode 0644)");
    check(0o640, "can be read by others (mode 0640)");
    check(0o622, "can be changed by others (mode 0622)");
}

#[test]
fn what_is_no_file_of_ones_own() {
    let machine = single("~/key");
    refused(&machine, "is not there");
    let folder = machine
        .write("key/x", "")
        .parent()
        .expect("a folder")
        .to_path_buf();
    refused(&machine, "is a folder, not a file");
    std::fs::remove_dir_all(folder).expect("removed");
    let path = private(&machine, "real", &secret());
    std::fs::hard_link(&path, machine.home().join("key")).expect("a link");
    refused(&machine, "has 2 names");
    // Root's, for everybody to read, whoever runs this.
    refused(&single("/etc/passwd"), "can be read by others");
    refused(&single("/dev/zero"), "is a pipe, socket or device");
}

#[test]
fn links() {
    let machine = single("~/key");
    let real = private(&machine, "real", &secret());
    let first = machine.home().join("first");
    symlink(&real, &first).expect("a link");
    symlink(&first, machine.home().join("key")).expect("a link");
    refused(
        &machine,
        "is a symbolic link: name the file that it leads to",
    );
    std::fs::remove_file(machine.home().join("key")).expect("removed");
    symlink("key", machine.home().join("key")).expect("a link");
    refused(&machine, "is a symbolic link");
    // A folder on the way may be one.
    let machine = single("~/folder/key");
    private(&machine, "elsewhere/key", &secret());
    symlink("elsewhere", machine.home().join("folder")).expect("a link");
    resolves(&machine);
}

#[test]
fn a_queue_does_not_keep_anybody_waiting() {
    let machine = single("~/key");
    let made = machine.command("/usr/bin/mkfifo").arg("key").status();
    assert!(made.expect("mkfifo").success());
    refused(&machine, "is a pipe, socket or device, not a file");
}

#[test]
fn limits_of_size() {
    let check = |limit: usize, good: bool| {
        let machine = machine(&reference("file", "ours", "value"));
        provide(
            &machine,
            &json!({"source": "file", "path": "~/key", "mode": "singleValue", "maxBytes": limit}),
        );
        private(&machine, "key", &secret());
        if good {
            resolves(&machine);
        } else {
            refused(&machine, &format!("is larger than {limit} bytes"));
        }
    };
    check(secret().len(), true);
    check(secret().len() - 1, false);
    let machine = single("~/key");
    let path = private(&machine, "key", "");
    refused(&machine, "is empty");
    let file = std::fs::File::options()
        .write(true)
        .open(path)
        .expect("the file");
    file.set_len(1 << 30).expect("a gibibyte of nothing");
    refused(&machine, "is larger than 1048576 bytes");
}

#[test]
fn what_is_no_text() {
    let machine = single("~/key");
    let path = private(&machine, "key", "");
    std::fs::write(&path, b"hunter\xff2").expect("bytes");
    refused(&machine, "is not UTF-8 text");
}

#[test]
fn our_own_files() {
    for name in [
        "agents/main/auth-profiles.json",
        "config.json5",
        ".env",
        "state/key",
    ] {
        let machine = single(&format!("<home>/.config/keywright/{name}"));
        let path = machine.ours().join(name);
        if !path.exists() {
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            std::fs::write(&path, "").expect("a file");
        }
        refused(&machine, "a reference cannot lead to itself");
    }
    let machine = single("<home>/.config/keywright/keys/one");
    private(&machine, ".config/keywright/keys/one", &secret());
    resolves(&machine);
}

#[test]
fn a_mistake_in_the_configuration_has_its_place() {
    let machine = machine(&reference("file", "ours", "value"));
    machine.write(
        ".config/keywright/config.json5",
        "{\n  secrets: { providers: { ours: {\n    source: 'file', path: 'hunter2' } } } }\n",
    );
    let ended = machine.run(&["config", "check", "--json"]);
    let text = format!("{}{}", ended.stdout, ended.stderr);
    assert!(text.contains("config.json5:3:27"), "{text}");
    assert!(!text.contains("hunter2"), "{text}");
}

#[test]
fn whoever_looks_does_not_change_anything() {
    let machine = single("~/key");
    private(&machine, "key", &secret());
    let before: Vec<Value> = tree(&machine.home());
    for line in [
        &["models", "status"][..],
        &["get"],
        &["doctor", "--offline"],
    ] {
        let _ = machine.run(line);
    }
    assert_eq!(tree(&machine.home()), before);
}

/// Every path below a folder, with its size and the time of its last change.
fn tree(folder: &Path) -> Vec<Value> {
    let mut found = Vec::new();
    for entry in folder.read_dir().expect("a folder") {
        let path = entry.expect("an entry").path();
        let about = path.symlink_metadata().expect("about it");
        let changed = about.modified().expect("a time");
        found.push(json!([
            path.display().to_string(),
            about.len(),
            format!("{changed:?}")
        ]));
        if about.is_dir() {
            found.extend(tree(&path));
        }
    }
    found.sort_by_key(ToString::to_string);
    found
}
