//! `onboard` where nobody can be asked: what it takes, what it says, what it leaves behind.

mod four_ways;
#[cfg(unix)]
mod plans;
mod receipt;
mod refused;

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::support::keys::key;
use crate::support::machine::{Ended, Machine};

/// `onboard` in the sandbox, with the variable `K`.
fn onboard(machine: &Machine, key: &str, more: &[&str]) -> Ended {
    let mut arguments = vec!["--sandbox", "onboard", "--non-interactive"];
    arguments.extend(["--anthropic-api-key-env", "K"]);
    arguments.extend(more);
    let mut command = machine.command(crate::support::machine::KEYWRIGHT);
    let output = command
        .env("K", key)
        .args(&arguments)
        .output()
        .expect("it runs");
    Ended {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// keywright's folder inside of the sandbox.
fn inside(machine: &Machine) -> PathBuf {
    machine.home().join(".cache/keywright/sandbox/keywright")
}

fn stored(machine: &Machine) -> Option<Value> {
    let path = inside(machine).join("agents/main/auth-profiles.json");
    let text = std::fs::read_to_string(path).ok()?;
    Some(serde_json::from_str(&text).expect("JSON"))
}

#[test]
fn a_key_that_works_is_saved_and_accounted_for() {
    let machine = Machine::new();
    let key = key("works");
    let ended = onboard(&machine, &key, &["--json"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let receipt = ended.json();
    assert_eq!(receipt["schemaVersion"], 1);
    assert_eq!(receipt["outcome"], "saved");
    assert_eq!(receipt["agent"], "main");
    assert_eq!(receipt["profile"], "anthropic:default");
    assert_eq!(receipt["mode"], "0600");
    assert_eq!(receipt["verification"]["status"], "works");
    assert_eq!(receipt["verification"]["httpStatus"], 200);
    assert!(receipt["verification"]["requestId"].is_string());
    assert!(receipt["transaction"].is_string());
    let masked = receipt["masked"].as_str().expect("a mask");
    assert!(masked.starts_with("sk-ant-api03-…"), "{masked}");
    assert_eq!(
        receipt["path"],
        inside(&machine)
            .join("agents/main/auth-profiles.json")
            .display()
            .to_string()
    );
    let equivalent = receipt["equivalent"].as_str().expect("a command");
    assert!(
        equivalent.contains("--non-interactive --flow api-key --anthropic-api-key-stdin"),
        "{equivalent}"
    );
    let next = receipt["next"][0].as_str().expect("a command");
    assert_eq!(
        next,
        "keywright --sandbox exec --profile anthropic:default -- claude"
    );
    assert!(!ended.stdout.contains(&key) && !ended.stderr.contains(&key));
    let store = stored(&machine).expect("a store");
    assert_eq!(store["profiles"]["anthropic:default"]["key"], key);
}

#[test]
fn what_the_provider_says_decides() {
    // Name of the test key, exit code, code of the error, whether it is saved.
    let table: &[(&str, i32, Option<&str>, bool)] = &[
        ("works", 0, None, true),
        ("rate-limited", 0, None, true),
        ("overloaded", 0, None, true),
        ("credit-too-low", 0, None, true),
        ("revoked", 1, Some("rejected"), false),
        ("forbidden", 1, Some("rejected"), false),
        ("server-error", 3, Some("unreachable"), false),
        ("malformed-reply", 3, Some("unreachable"), false),
    ];
    for (name, code, error, saved) in table {
        let machine = Machine::new();
        let ended = onboard(&machine, &key(name), &["--json"]);
        assert_eq!(ended.code, *code, "{name}: {ended:?}");
        let document = ended.json();
        assert_eq!(document["error"]["code"].as_str(), *error, "{name}");
        assert_eq!(stored(&machine).is_some(), *saved, "{name}");
        let limited = document["verification"]["status"] == "limited";
        assert_eq!(
            limited,
            ended.stderr.contains("warning:"),
            "{name}: {ended:?}"
        );
    }
}

#[test]
fn a_refusal_says_what_to_do_and_keeps_the_request_id() {
    let machine = Machine::new();
    let ended = onboard(&machine, &key("revoked"), &[]);
    assert_eq!(ended.code, 1);
    assert_eq!(ended.stdout, "");
    assert!(
        ended
            .stderr
            .contains("error: the key was refused and not saved:"),
        "{ended:?}"
    );
    assert!(ended.stderr.contains("request id: req_"), "{ended:?}");
    assert!(ended.stderr.contains("hint: "), "{ended:?}");
    let again = onboard(&machine, &key("revoked"), &["--json"]).json();
    assert!(again["error"]["requestId"].is_string());
}

#[test]
fn without_a_request_a_key_is_saved_untested() {
    for flag in ["--skip-probe", "--offline"] {
        let machine = Machine::new();
        let receipt = onboard(&machine, &key("revoked"), &["--json", flag]).json();
        assert_eq!(receipt["verification"]["status"], "not-tested");
        assert_eq!(
            stored(&machine).expect("a store")["profiles"]["anthropic:default"]["verifiedAt"],
            Value::Null
        );
    }
}

#[test]
fn the_same_key_again_is_nothing_and_another_needs_replace() {
    let machine = Machine::new();
    let (first, second) = (key("works"), key("works-too"));
    assert_eq!(onboard(&machine, &first, &[]).code, 0);
    let before = stored(&machine);
    let again = onboard(&machine, &first, &["--json"]);
    assert_eq!(
        (again.code, again.json()["outcome"].clone()),
        (0, json!("nothing-to-do"))
    );
    assert_eq!(again.json()["profile"], "anthropic:default");
    assert_eq!(again.json()["transaction"], Value::Null);
    let other = onboard(&machine, &second, &["--json"]);
    assert_eq!(
        (other.code, other.json()["error"]["code"].clone()),
        (1, json!("conflict"))
    );
    assert_eq!(stored(&machine), before);
    let replaced = onboard(&machine, &second, &["--json", "--replace"]);
    assert_eq!(replaced.code, 0, "{replaced:?}");
    let store = stored(&machine).expect("a store");
    assert_eq!(store["profiles"]["anthropic:default"]["key"], second);
    assert!(
        replaced.json()["equivalent"]
            .as_str()
            .expect("a command")
            .ends_with("--replace")
    );
}

#[test]
fn every_answer_can_be_a_flag_or_stand_in_a_file() {
    let model = "claude-haiku-4-5-20251001";
    let flags = [
        "--profile-id",
        "anthropic:ci",
        "--model",
        model,
        "--env-file",
    ];
    let file = json!({"flow": "api-key", "key": {"env": "K"}, "profile": "ci", "model": model, "env_file": true});
    let key = key("works");
    let mut stores = Vec::new();
    for from_file in [false, true] {
        let machine = Machine::new().with("KEYWRIGHT_NOW", "2026-01-02T03:04:05Z");
        machine.write("answers.json", &file.to_string());
        let ended = if from_file {
            let mut command = machine.command(crate::support::machine::KEYWRIGHT);
            command.env("K", &key);
            command.args([
                "--sandbox",
                "onboard",
                "--non-interactive",
                "--answers",
                "answers.json",
            ]);
            command
                .output()
                .expect("it runs")
                .status
                .code()
                .unwrap_or(-1)
        } else {
            onboard(&machine, &key, &flags).code
        };
        assert_eq!(ended, 0);
        let env_file = std::fs::read_to_string(inside(&machine).join(".env")).expect("a file");
        assert!(
            env_file.contains(&key) && env_file.contains("anthropic:ci"),
            "{env_file}"
        );
        let config =
            std::fs::read_to_string(inside(&machine).join("config.json5")).expect("a file");
        assert!(config.contains(model), "{config}");
        stores.push(stored(&machine).expect("a store"));
    }
    assert_eq!(stores[0], stores[1]);
}

#[test]
fn secrets_come_from_where_the_flag_says() {
    let key = key("works");
    let machine = Machine::new();
    machine.write("key.txt", &format!("\u{feff}\"{key}\"\r\n"));
    // What PowerShell writes for `>`.
    let wide: Vec<u8> = format!("\u{feff}{key}\r\n")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    std::fs::write(machine.home().join("wide.txt"), wide).expect("a file");
    let run = |arguments: &[&str], input: &str| {
        let base = ["--sandbox", "onboard", "--non-interactive", "--dry-run"];
        machine.run_with_input(&[&base, arguments].concat(), input.as_bytes())
    };
    for (arguments, input) in [
        (&["--anthropic-api-key-stdin"][..], format!("{key}\n")),
        (
            &["--anthropic-api-key", "-"],
            format!("export ANTHROPIC_API_KEY='{key}'\n"),
        ),
        (&["--anthropic-api-key-file", "key.txt"], String::new()),
        (&["--anthropic-api-key-file", "wide.txt"], String::new()),
    ] {
        let ended = run(arguments, &input);
        assert_eq!(ended.code, 0, "{arguments:?}: {ended:?}");
        assert!(
            ended.stdout.contains("+ profiles.anthropic:default"),
            "{ended:?}"
        );
        assert!(!ended.stderr.contains("warning"), "{ended:?}");
    }
    let exposed = run(&["--anthropic-api-key", &key], "");
    assert_eq!(exposed.code, 0);
    assert!(
        exposed
            .stderr
            .contains("warning: --anthropic-api-key shows"),
        "{exposed:?}"
    );
    assert!(
        exposed.stderr.contains("--anthropic-api-key-stdin"),
        "{exposed:?}"
    );
    assert!(!exposed.stderr.contains(&key));
    assert!(!inside(&machine).exists(), "a dry run creates nothing");
}

#[cfg(unix)]
#[test]
fn secrets_come_from_descriptors_and_commands() {
    let key = key("works");
    let machine = Machine::new();
    machine.write("key.txt", &key);
    machine.program(
        "pass",
        "cat \"$HOME/../../../../key.txt\" 2>/dev/null || echo \"$1\"",
    );
    let script = format!(
        "exec {} --sandbox onboard --non-interactive --dry-run --anthropic-api-key-fd 3 3<key.txt",
        crate::support::machine::KEYWRIGHT
    );
    let ended = machine
        .command("/bin/sh")
        .args(["-c", &script])
        .output()
        .expect("it runs");
    assert_eq!(ended.status.code(), Some(0), "{ended:?}");
    machine.write(
        "answers.json",
        &json!({"key": {"command": ["pass", key]}}).to_string(),
    );
    let ended = machine.run(&[
        "--sandbox",
        "onboard",
        "--dry-run",
        "--answers",
        "answers.json",
    ]);
    assert_eq!(ended.code, 0, "{ended:?}");
}

#[test]
fn a_declared_variable_answers_last() {
    let (flagged, found) = (key("works"), key("works-too"));
    let machine = Machine::new().with("ANTHROPIC_API_KEY", &found);
    let from_variable = machine.run(&["--sandbox", "onboard", "--json"]);
    assert_eq!(from_variable.code, 0, "{from_variable:?}");
    let store = stored(&machine).expect("a store");
    assert_eq!(store["profiles"]["anthropic:default"]["key"], found);
    assert_eq!(onboard(&machine, &flagged, &["--replace"]).code, 0);
    let store = stored(&machine).expect("a store");
    assert_eq!(store["profiles"]["anthropic:default"]["key"], flagged);
}

#[test]
fn the_template_is_an_answers_file() {
    let machine = Machine::new();
    let template = machine.run(&["onboard", "--flow", "api-key", "--answers-template"]);
    assert_eq!(template.code, 0);
    assert_eq!(template.json()["flow"], "api-key");
    assert!(template.json()["key"]["env"].is_string());
    machine.write("answers.json", &template.stdout);
    let machine = machine.with("KEYWRIGHT_LIVE_ANTHROPIC_KEY", &key("works"));
    let ended = machine.run(&[
        "--sandbox",
        "onboard",
        "--dry-run",
        "--answers",
        "answers.json",
        "--base-url",
        "http://127.0.0.1:9",
        "--offline",
    ]);
    assert!(
        ended.code == 0 || ended.stderr.contains("KEYWRIGHT_LIVE"),
        "{ended:?}"
    );
}

#[test]
fn a_dry_run_is_a_document_and_writes_nothing() {
    let machine = Machine::new();
    let ended = onboard(&machine, &key("works"), &["--dry-run", "--json"]);
    assert_eq!(ended.code, 0);
    let document = ended.json();
    assert_eq!(
        (
            document["schemaVersion"].clone(),
            document["dryRun"].clone()
        ),
        (json!(1), json!(true))
    );
    let change = &document["plan"][0];
    assert_eq!(change["creates"], true);
    assert_eq!(change["modeAfter"], "0600");
    assert_eq!(change["lines"][0]["sign"], "added");
    assert!(!inside(&machine).exists());
}

#[test]
fn a_new_agent_is_made_and_a_bad_name_refused() {
    let machine = Machine::new();
    let ended = onboard(&machine, &key("works"), &["--agent", "helper"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.stdout.contains("--agent helper"), "{ended:?}");
    assert!(
        inside(&machine)
            .join("agents/helper/auth-profiles.json")
            .exists()
    );
    for bad in ["../x", "defaults", "A"] {
        assert_eq!(
            onboard(&machine, &key("works"), &["--agent", bad]).code,
            64,
            "{bad}"
        );
    }
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).expect("a file")
}
