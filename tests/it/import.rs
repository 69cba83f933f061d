//! `import`: what other programs keep becomes ours, and theirs stays as it was, byte for byte.

mod agree;
mod clawdbot;
mod cuti;
mod openclaw;
mod others;
mod peers;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::machine::{Ended, Machine};

/// What stands below a folder: content and time of change of every file.
pub fn tree(folder: &Path) -> BTreeMap<PathBuf, (Vec<u8>, std::time::SystemTime)> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let about = std::fs::symlink_metadata(&path).expect("an entry");
            let bytes = if about.is_file() {
                std::fs::read(&path).expect("a file")
            } else {
                Vec::new()
            };
            found.insert(path.clone(), (bytes, about.modified().expect("a time")));
            if about.is_dir() {
                folders.push(path);
            }
        }
    }
    found
}

/// Runs an import and asserts that nothing below `peer` is touched and no secret is shown.
fn import(machine: &Machine, peer: &str, arguments: &[&str], code: i32) -> Ended {
    let folder = machine.home().join(peer);
    let before = tree(&folder);
    let ended = machine.run(&[&["import"], arguments].concat());
    assert_eq!(ended.code, code, "{ended:?}");
    assert!(tree(&folder) == before, "{peer} was changed");
    for output in [&ended.stdout, &ended.stderr] {
        for secret in ["AAAAAA", "TTTTTT", "madeupmadeup", "REFRESH", "hunter2"] {
            assert!(!output.contains(secret), "a secret: {output}");
        }
        assert!(!output.contains('\u{1b}'), "an escape sequence: {output}");
    }
    ended
}

/// The same where nothing else is asked of it.
fn done(machine: &Machine, peer: &str, arguments: &[&str]) {
    let _ = import(machine, peer, arguments, 0);
}

/// The profiles of an agent here.
fn profiles(machine: &Machine, agent: &str) -> Value {
    let path = machine
        .ours()
        .join(format!("agents/{agent}/auth-profiles.json"));
    let text = std::fs::read_to_string(path).expect("a store");
    serde_json::from_str(&text).expect("JSON")
}

/// A list of objects as `key=value` texts of the fields that are named.
fn listed(list: &Value, fields: &[&str]) -> Vec<String> {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let line = |entry: &Value| {
        let values = fields.iter().map(|field| text(&entry[*field]));
        values.collect::<Vec<_>>().join(" ")
    };
    list.as_array().expect("a list").iter().map(line).collect()
}

fn token() -> String {
    format!("sk-ant-oat01-{}AA", "T".repeat(93))
}

/// A secret access key that nobody has.
const AWS_SECRET: &str = "madeupmadeup/madeup+madeupmadeupmadeup12";
const AWS_ID: &str = "AKIAIOSFODNN7MADEUPX";
