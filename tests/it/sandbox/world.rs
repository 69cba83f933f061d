//! `sandbox` and `--sandbox` let nothing of the user in, and leave nothing of theirs outside.

use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;

use keywright::sandbox::keys;
use serde_json::Value;

use super::wire::{PATIENCE, VERSION, exchange, key_named, request};
use crate::support::machine::{KEYWRIGHT, Machine, key};

#[test]
fn keys_are_listed() {
    let machine = Machine::new();
    let text = machine.run(&["sandbox", "keys"]);
    assert_eq!(text.code, 0, "{text:?}");
    let json = machine.run(&["sandbox", "keys", "--json"]).json();
    assert_eq!(json["schemaVersion"], 1);
    for (listed, known) in json["keys"].as_array().expect("keys").iter().zip(keys::ALL) {
        assert_eq!(listed["name"], known.name);
        assert_eq!(listed["key"], known.text());
        assert!(text.stdout.contains(&known.text()));
    }
    for (listed, known) in json["tokens"]
        .as_array()
        .expect("tokens")
        .iter()
        .zip(keys::TOKENS)
    {
        assert_eq!(listed["key"], known.text());
        assert!(text.stdout.contains(&known.text()));
    }
    let identities = json["identities"].as_array().expect("identities");
    assert_eq!(identities.len(), keys::aws::ALL.len());
    for (listed, known) in identities.iter().zip(keys::aws::ALL) {
        assert_eq!(listed["name"], known.name);
        assert_eq!(
            listed["secretAccessKey"].as_str(),
            known.secret().as_deref()
        );
        for part in known.texts() {
            assert!(text.stdout.contains(&part), "{part}");
        }
    }
    let some = machine.run(&["sandbox", "keys", "session-works"]);
    assert_eq!(
        (some.code, some.stdout.matches("works: ").count()),
        (0, 1),
        "{some:?}"
    );
    assert_eq!(machine.run(&["sandbox", "keys", "nothing"]).code, 1);
}

/// What a program sees that is run in the sandbox: one `NAME=value` per line.
#[cfg(unix)]
fn seen_inside(machine: &Machine, more: &[&str]) -> crate::support::machine::Ended {
    let mut arguments = vec!["sandbox"];
    arguments.extend(more);
    arguments.extend(["--", "/bin/sh", "-c", "export -p; exit 7"]);
    machine.run(&arguments)
}

#[test]
#[cfg(unix)]
fn a_program_sees_the_sandbox_and_nothing_of_the_user() {
    let test_key = key_named("works-too");
    let machine = Machine::new()
        .with("ANTHROPIC_API_KEY", &key("real"))
        .with("MY_TEST_KEY", &test_key)
        .with("AWS_PROFILE", "prod")
        .with("https_proxy", "http://proxy.example:1");
    let ended = seen_inside(&machine, &[]);
    assert_eq!(ended.code, 7, "{ended:?}");
    let inside = machine.home().join(".cache/keywright/sandbox");
    let inside = inside.display();
    assert!(
        ended.stdout.contains(&format!("HOME='{inside}/home'"))
            || ended.stdout.contains(&format!("HOME=\"{inside}/home\"")),
        "{ended:?}"
    );
    for present in [
        "ANTHROPIC_BASE_URL=",
        "http://127.0.0.1:",
        "KEYWRIGHT_HOME=",
        &test_key,
    ] {
        assert!(ended.stdout.contains(present), "{present}: {ended:?}");
    }
    for absent in ["ANTHROPIC_API_KEY", "AWS_PROFILE", "proxy.example"] {
        assert!(!ended.stdout.contains(absent), "{absent}: {ended:?}");
    }
    assert!(ended.stderr.contains("loopback only"));

    let ended = seen_inside(&machine, &["--key", "revoked"]);
    assert!(ended.stdout.contains(&key_named("revoked")));
    assert_eq!(seen_inside(&machine, &["--key", "none"]).code, 1);
}

#[test]
#[cfg(unix)]
fn its_home_is_private_and_reset_removes_it() {
    use std::os::unix::fs::PermissionsExt;
    let machine = Machine::new();
    let folder = machine.home().join(".cache/keywright/sandbox");
    assert_eq!(machine.run(&["sandbox", "reset"]).code, 0);
    assert!(!machine.home().join(".cache").exists());

    assert_eq!(seen_inside(&machine, &[]).code, 7);
    let mode = |path: &std::path::Path| {
        let meta = std::fs::metadata(path).expect("it is there");
        meta.permissions().mode() & 0o777
    };
    assert_eq!(mode(&folder), 0o700);
    assert_eq!(mode(&folder.join("home")), 0o700);

    let ended = machine.run(&["sandbox", "reset", "--json"]);
    assert_eq!(
        (ended.code, &ended.json()["removed"]),
        (0, &Value::Bool(true))
    );
    assert!(!folder.exists());
    assert_eq!(
        machine.run(&["sandbox", "reset", "--json"]).json()["removed"],
        false
    );
}

#[test]
#[cfg(unix)]
fn reset_does_not_follow_a_link() {
    let machine = Machine::new();
    let kept = machine.write("precious/file", "x");
    let parent = machine.home().join(".cache/keywright");
    std::fs::create_dir_all(&parent).expect("folders");
    std::os::unix::fs::symlink(machine.home().join("precious"), parent.join("sandbox"))
        .expect("a link");
    assert_eq!(machine.run(&["sandbox", "reset"]).code, 1);
    assert!(kept.exists());
}

#[test]
fn it_says_what_it_needs() {
    let check = |machine: &Machine, arguments: &[&str], code: i32, words: &str| {
        let ended = machine.run(arguments);
        assert_eq!(ended.code, code, "{arguments:?} {ended:?}");
        assert!(ended.stderr.contains(words), "{arguments:?} {ended:?}");
    };
    let machine = Machine::new();
    check(
        &machine,
        &["--sandbox", "--home", "x", "status"],
        64,
        "a home of its own",
    );
    check(&machine, &["sandbox", "--port", "0"], 64, "--port");
    check(&machine, &["sandbox", "--key", "works"], 64, "CMD");
    let mut homeless = Machine::new();
    homeless.unset("HOME");
    check(&homeless, &["--sandbox", "status"], 78, "HOME is not set");
    check(&homeless, &["sandbox", "reset"], 78, "HOME is not set");
}

#[test]
fn it_serves_until_it_is_ended() {
    let machine = Machine::new();
    let mut child = machine
        .command(KEYWRIGHT)
        .args(["sandbox", "--json"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .expect("keywright starts");
    let mut out = child.stdout.take().expect("piped");
    let mut text = Vec::new();
    let document: Value = loop {
        let mut piece = [0; 512];
        let length = out.read(&mut piece).expect("readable");
        assert!(length > 0, "it ended early");
        text.extend_from_slice(&piece[..length]);
        if let Ok(document) = serde_json::from_slice(&text) {
            break document;
        }
    };
    let base_url = document["baseUrl"].as_str().expect("a URL");
    let works = key_named("works");
    let request = request("GET", "/v1/models", &[("x-api-key", &works), VERSION], "");
    assert_eq!(exchange(base_url, &request, PATIENCE).status, 200);
    child.kill().expect("it runs");
    child.wait().expect("it ends");
}

#[test]
#[cfg(unix)]
fn exec_keeps_the_sandbox_alive() {
    let works = key_named("works");
    let machine = Machine::new();
    machine.write(
        ".cache/keywright/sandbox/keywright/agents/main/auth-profiles.json",
        &format!(
            r#"{{"version":1,"profiles":{{"anthropic:a":{{"type":"api_key","provider":"anthropic","key":"{works}"}}}}}}"#
        ),
    );
    let script = r#"echo "$ANTHROPIC_BASE_URL $ANTHROPIC_API_KEY"; read line; exit 9"#;
    let mut child = machine
        .command(KEYWRIGHT)
        .args(["--sandbox", "exec", "--", "/bin/sh", "-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("keywright starts");
    let mut out = BufReader::new(child.stdout.take().expect("piped"));
    let mut line = String::new();
    out.read_line(&mut line).expect("a line");
    let (base_url, key) = line.trim().split_once(' ').expect("two words");
    assert_eq!(key, works);
    let request = request("GET", "/v1/models", &[("x-api-key", key), VERSION], "");
    assert_eq!(exchange(base_url, &request, PATIENCE).status, 200);
    drop(child.stdin.take());
    assert_eq!(child.wait().expect("it ends").code(), Some(9));
}
