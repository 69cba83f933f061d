//! Many programs at once, and some that are killed: nothing that was saved is lost.

use std::io::Write;
use std::process::{Child, Stdio};
use std::time::Duration;

use super::*;
use crate::support::machine::KEYWRIGHT;

/// Starts a program that saves a key, with the key in its pipe already.
fn start(machine: &Machine, arguments: &[&str], secret: &str) -> Child {
    let mut child = machine
        .command(KEYWRIGHT)
        .args([&["account", "add-api-key"], arguments].concat())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("keywright starts");
    // One that was killed has closed its pipe.
    let _ = child
        .stdin
        .take()
        .expect("piped")
        .write_all(secret.as_bytes());
    child
}

fn ended(child: Child) -> Ended {
    let output = child.wait_with_output().expect("it ends");
    Ended {
        code: output.status.code().unwrap_or(-1),
        stdout: String::new(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

#[test]
fn twenty_accounts() {
    let machine = machine();
    let names: Vec<String> = (0..20).map(|number| format!("a{number:02}")).collect();
    let started: Vec<Child> = names
        .iter()
        .map(|name| start(&machine, &[name, "--api-key-stdin"], &key(&name[1..])))
        .collect();
    for child in started {
        ends(&ended(child), 0, "");
    }
    let profiles = &stored(&machine)["profiles"];
    for name in &names {
        assert_eq!(
            profiles[format!("anthropic:{name}")]["key"],
            key(&name[1..])
        );
    }
    let listed = account(&machine, &["list", "--json"]).json();
    assert_eq!(listed["accounts"].as_array().map(Vec::len), Some(20));
}

#[test]
fn one_account() {
    let machine = machine();
    let anthropic = ["multi", "--api-key-stdin", "--replace"];
    let bedrock = [
        "multi",
        "-p",
        "bedrock",
        "--access-keys",
        "-r",
        "us-east-1",
        "--access-key",
        "AKIAIOSFODNN7MADEUPX",
        "--secret-key-stdin",
        "--replace",
    ];
    let started: Vec<Child> = (0..20)
        .map(|number| match number % 2 {
            0 => start(&machine, &anthropic, &key(&format!("{number:02}"))),
            _ => start(&machine, &bedrock, &format!("{}{number:02}", &SECRET[..38])),
        })
        .collect();
    for child in started {
        ends(&ended(child), 0, "");
    }
    let profiles = &stored(&machine)["profiles"];
    let mine = profiles["anthropic:multi"]["key"].as_str().expect("a key");
    assert!(
        (0..20)
            .step_by(2)
            .any(|number| mine == key(&format!("{number:02}"))),
        "{mine}"
    );
    let other = profiles["bedrock:multi"]["secretAccessKey"]
        .as_str()
        .expect("a secret");
    assert!(other.starts_with(&SECRET[..38]), "{other}");
}

/// Whenever a program is killed, the store is whole, holds all that was said to be saved, and the
/// next one works.
#[test]
fn killed_writers_lose_nothing() {
    let machine = machine();
    ends(&add(&machine, "first", "99"), 0, "");
    let mut saved = vec!["first".to_owned()];
    for number in 0..30_u64 {
        let name = format!("k{number:02}");
        let mut child = start(&machine, &[&name, "--api-key-stdin"], &key(&name[1..]));
        std::thread::sleep(Duration::from_micros(number * 700));
        let _ = child.kill();
        if ended(child).code == 0 {
            saved.push(name);
        }
        let profiles = &stored(&machine)["profiles"];
        for name in &saved {
            assert!(
                profiles[format!("anthropic:{name}")]["key"].is_string(),
                "{name}"
            );
        }
    }
    ends(&add(&machine, "last", "98"), 0, "");
    let listed = account(&machine, &["list", "--json"]).json();
    let names: Vec<&str> = listed["accounts"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|one| one["name"].as_str())
        .collect();
    for name in saved.iter().map(String::as_str).chain(["last"]) {
        assert!(names.contains(&name), "{name}");
    }
    let journal = std::fs::read_dir(machine.ours().join("state/journal")).expect("listed");
    let open = journal.filter(|entry| {
        let name = entry.as_ref().expect("an entry").file_name();
        name.to_string_lossy().contains("pending")
    });
    assert_eq!(open.count(), 0, "nothing is left unfinished");
}
