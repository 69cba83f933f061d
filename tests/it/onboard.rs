//! `onboard` where nobody can be asked: what it takes, what it says, what it leaves behind.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::support::machine::{Ended, Machine};

/// The sandbox's key of that name.
fn key(name: &str) -> String {
    let listed = Machine::new().run(&["sandbox", "keys", "--json"]).json();
    let keys = listed["keys"].as_array().expect("a list");
    let found = keys.iter().find(|key| key["name"] == name);
    let text = found.and_then(|key| key["key"].as_str());
    text.expect("a key of that name").to_owned()
}

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
fn what_is_no_key_is_refused_with_its_likely_name() {
    let long = "Zk3vQ9xT".repeat(12);
    let inner = format!("{}\u{0}{}", key("works").split_at(40).0, "A");
    let table: &[(Vec<u8>, &str)] = &[
        (b"".to_vec(), "empty"),
        (b"  \n \n".to_vec(), "empty"),
        (vec![b'A'; 10 << 20], "more than"),
        (vec![0xff, 0xfe, 0x80, 0x01], "text"),
        (format!("sk-ant-oat01-{long}").into_bytes(), "subscription"),
        (format!("sk-ant-admin01-{long}").into_bytes(), "admin"),
        (format!("sk-proj-{long}").into_bytes(), "OpenAI"),
        (b"YOUR_API_KEY".to_vec(), ""),
        (inner.into_bytes(), ""),
    ];
    for (input, words) in table {
        let machine = Machine::new();
        let arguments = [
            "--sandbox",
            "onboard",
            "--json",
            "--anthropic-api-key-stdin",
        ];
        let ended = machine.run_with_input(&arguments, input);
        assert_eq!(ended.code, 65, "{words}: {ended:?}");
        let error = ended.json()["error"].clone();
        assert_eq!(error["code"], "malformed-credential", "{words}");
        let message = error["message"].as_str().expect("a message").to_lowercase();
        assert!(
            message.contains(&words.to_lowercase()),
            "{words}: {message}"
        );
        assert!(!ended.stdout.contains(&long) && !ended.stderr.contains(&long));
        assert_eq!(stored(&machine), None);
    }
}

#[test]
fn all_missing_answers_are_named_at_once() {
    for silence in [&["--non-interactive"][..], &["--no-input"], &[]] {
        let machine = Machine::new();
        let ended = machine.run(&[&["onboard", "--json"], silence].concat());
        assert_eq!(ended.code, 64);
        let error = ended.json()["error"].clone();
        assert_eq!(error["code"], "missing-answers");
        let missing = error["missing"].as_array().expect("a list");
        assert_eq!(missing.len(), 1, "{missing:?}");
        assert_eq!(missing[0]["variable"], "key");
        assert_eq!(missing[0]["answersKey"], "key");
        assert!(
            missing[0]["flag"]
                .as_str()
                .expect("flags")
                .contains("--anthropic-api-key-stdin")
        );
        assert!(missing[0]["env"].is_string() && missing[0]["because"].is_string());
        assert!(!machine.ours().exists(), "nothing is created");
    }
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
fn bad_usage_is_explained() {
    let machine = Machine::new();
    let canary = "sk-ant-api03-CANARYCANARYCANARYCANARYCANARY";
    let write = |name: &str, value: Value| {
        machine.write(name, &value.to_string());
    };
    write("unknown.json", json!({"flow": "api-key", "profil": "x"}));
    write("literal.json", json!({"key": canary}));
    write("stray.json", json!({"flow": "api-key", canary: "x"}));
    write("number.json", json!({"profile": ["x"]}));
    write("stdin.json", json!({"key": {"stdin": true}}));
    write("flow.json", json!({"flow": "nosuch"}));
    machine.write("twice.json", r#"{"profile": "a", "profile": "b"}"#);
    machine.write("half.json", r#"{"profile": "a""#);
    machine.write("no.json", canary);
    machine.write("list.json", "[1]");
    std::fs::create_dir(machine.home().join("folder")).expect("a folder");
    let answers = |file: &'static str| vec!["--answers", file];
    let table: Vec<(Vec<&str>, i32, &str)> = vec![
        (vec!["--nosuch"], 64, "--nosuch"),
        (vec!["--flow", "nosuch"], 64, "there is no flow `nosuch`"),
        (vec!["--flow", "quickstart"], 64, "--flow api-key"),
        (vec!["--flow", canary], 64, "there is no flow"),
        (
            vec!["--auth-choice", "nosuch"],
            64,
            "there is no auth choice `nosuch`",
        ),
        (vec!["--auth-choice", "token"], 64, "cannot set up `token`"),
        (vec!["--auth-choice", "bedrock"], 64, "--flow api-key"),
        (vec!["--interactive"], 64, "terminal"),
        (vec!["--base-url", "not a url"], 64, "address"),
        (
            vec!["--anthropic-api-key-env", "NOT_SET"],
            64,
            "NOT_SET is not set",
        ),
        (
            vec!["--anthropic-api-key-env", canary],
            64,
            "the name of a variable",
        ),
        (vec!["--anthropic-api-key-file", "nosuch"], 1, "nosuch"),
        (vec!["--anthropic-api-key-file", "folder"], 65, "folder"),
        (
            vec!["--anthropic-api-key-stdin", "--anthropic-api-key-fd", "3"],
            64,
            "cannot be used with",
        ),
        (vec!["--anthropic-api-key-fd", "77"], 1, "descriptor 77"),
        (answers("nosuch.json"), 1, "there is no answers file"),
        (answers("folder"), 65, "folder"),
        (answers("no.json"), 65, "is not JSON: line 1"),
        (answers("half.json"), 65, "ends before"),
        (answers("list.json"), 65, "is not one JSON object"),
        (answers("twice.json"), 65, "each key once"),
        (answers("literal.json"), 65, "holds the secret itself"),
        (answers("stray.json"), 64, "is not known"),
        (answers("unknown.json"), 64, "did you mean \"profile\""),
        (answers("number.json"), 65, "must be a text"),
        (answers("flow.json"), 64, "there is no flow `nosuch`"),
    ];
    for (more, code, words) in table {
        let ended = machine.run(&[&["--sandbox", "onboard"], more.as_slice()].concat());
        assert_eq!(ended.code, code, "{more:?}: {ended:?}");
        assert!(ended.stderr.contains(words), "{more:?}: {ended:?}");
        let quiet = !ended.stderr.contains("CANARY") || more[0] == "--anthropic-api-key";
        assert!(quiet, "{more:?}: {ended:?}");
        assert!(!inside(&machine).exists(), "{more:?}");
    }
}

#[test]
fn an_answer_that_the_flow_refuses_is_explained() {
    let table: &[(&[&str], &str)] = &[
        (&["--profile-id", "../x"], "profile: a name starts with"),
        (&["--model", "a model"], "model: a model id has only"),
        (&["--env-file=perhaps"], "perhaps"),
    ];
    for (more, words) in table {
        let machine = Machine::new();
        let ended = onboard(&machine, &key("works"), more);
        assert_eq!(ended.code, 64, "{ended:?}");
        assert!(ended.stderr.contains(words), "{ended:?}");
        assert_eq!(stored(&machine), None);
    }
}

#[test]
fn options_of_a_gateway_are_named_once_and_ignored() {
    let machine = Machine::new();
    let more = [
        "--dry-run",
        "--auth-choice",
        "apiKey",
        "--mode",
        "local",
        "--skip-health",
        "--install-daemon",
        "--gateway-port",
        "1234",
        "--accept-risk",
    ];
    let ended = onboard(&machine, &key("works"), &more);
    assert_eq!(ended.code, 0, "{ended:?}");
    let warnings: Vec<&str> = ended
        .stderr
        .lines()
        .filter(|l| l.starts_with("warning:"))
        .collect();
    assert_eq!(warnings.len(), 1, "{ended:?}");
    for flag in [
        "--mode",
        "--skip-health",
        "--install-daemon",
        "--gateway-port",
    ] {
        assert!(warnings[0].contains(flag), "{flag}: {ended:?}");
    }
}

#[test]
fn the_template_is_an_answers_file() {
    let machine = Machine::new();
    let template = machine.run(&["onboard", "--answers-template"]);
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

#[test]
fn the_sandbox_takes_its_own_keys_only() {
    let machine = Machine::new();
    let stranger = crate::support::machine::key("4f2A");
    let arguments = ["--sandbox", "onboard", "--anthropic-api-key-stdin"];
    let ended = machine.run_with_input(&arguments, stranger.as_bytes());
    assert_eq!(ended.code, 65, "{ended:?}");
    assert!(ended.stderr.contains("its own test keys only"), "{ended:?}");
    let hidden = onboard(&machine, &stranger, &[]);
    assert_eq!(hidden.code, 64, "{hidden:?}");
    assert!(
        hidden.stderr.contains("The sandbox shows no variable"),
        "{hidden:?}"
    );
    assert_eq!(stored(&machine), None);
}

#[test]
fn a_foreign_address_gets_no_key_that_nobody_meant_for_it() {
    let machine = Machine::new().with("ANTHROPIC_BASE_URL", "https://gateway.invalid");
    let key = crate::support::machine::key("4f2A");
    let run = |more: &[&str]| {
        let base = ["onboard", "--json", "--anthropic-api-key-stdin"];
        machine.run_with_input(&[&base, more].concat(), key.as_bytes())
    };
    let ended = run(&[]);
    assert_eq!(
        (ended.code, ended.json()["error"]["code"].clone()),
        (3, json!("unreachable"))
    );
    let hint = ended.json()["error"].to_string();
    assert!(hint.contains("--base-url"), "{hint}");
    let meant = run(&["--base-url", "http://gateway.invalid"]);
    assert_eq!(meant.code, 64, "{meant:?}");
    assert!(!machine.ours().exists());
}

#[test]
fn homes_that_cannot_be_used_are_explained() {
    let key = crate::support::machine::key("4f2A");
    let check = |machine: &Machine, codes: &[i32]| {
        let arguments = ["onboard", "--offline", "--anthropic-api-key-stdin"];
        let ended = machine.run_with_input(&arguments, key.as_bytes());
        assert!(codes.contains(&ended.code), "{ended:?}");
        assert!(ended.stderr.starts_with("error: "), "{ended:?}");
        assert!(!ended.stderr.contains(&key));
    };
    let mut homeless = Machine::new();
    homeless.unset("HOME");
    check(&homeless, &[78]);
    let file = Machine::new();
    file.write(".config/keywright", "a file");
    check(&file, &[78]);
    for store in [
        "{",
        "",
        r#"{"version": 99, "profiles": {}}"#,
        r#"{"version": 1, "version": 1}"#,
    ] {
        let machine = Machine::new();
        let path = machine.write(".config/keywright/agents/main/auth-profiles.json", store);
        if !store.is_empty() {
            check(&machine, &[65]);
            assert_eq!(read(&path), store);
        }
    }
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).expect("a file")
}

/// The same answers, typed in plain mode and given in a file, make the same plan to the byte.
#[cfg(unix)]
mod equal_plans {
    use super::{inside, key, read};
    use crate::support::machine::Machine;
    use serde_json::{Value, json};

    /// One way through the flow.
    struct Path {
        /// What is there already: a profile `default` with another key.
        occupied: bool,
        /// The name of the sandbox key.
        key: &'static str,
        flags: &'static [&'static str],
        /// Each question as plain mode words it, and the line that is typed.
        typed: &'static [(&'static str, &'static str)],
        /// The same for an answers file, without the key.
        given: Value,
    }

    /// Questions that the usual way ends with.
    const KEEP: (&str, &str) = ("1. Leave it as it is", "1");
    const HAIKU: (&str, &str) = ("claude-haiku-4-5-20251001", "5");
    const NO_FILE: (&str, &str) = ("background services too?", "no");
    const FILE: (&str, &str) = ("background services too?", "yes");
    const NAME: &str = "A name for this key";
    const HAVE: (&str, &str) = ("2. No, open the page", "1");

    fn paths() -> Vec<Path> {
        let path = |occupied, key, flags, typed, given| Path {
            occupied,
            key,
            flags,
            typed,
            given,
        };
        let api_key: &[&str] = &["--flow", "api-key"];
        let offline: &[&str] = &["--flow", "api-key", "--offline"];
        vec![
            path(
                false,
                "works",
                api_key,
                &[HAVE, ("key", ""), (NAME, ""), KEEP, NO_FILE],
                json!({}),
            ),
            path(
                false,
                "works",
                &[],
                &[
                    ("2. Nothing now", "1"),
                    HAVE,
                    ("key", ""),
                    (NAME, ""),
                    KEEP,
                    NO_FILE,
                ],
                json!({"way": "api-key"}),
            ),
            path(
                false,
                "works",
                api_key,
                &[
                    ("2. No, open the page", "2"),
                    ("key", ""),
                    (NAME, "x"),
                    HAIKU,
                    FILE,
                ],
                json!({"have_key": "open", "profile": "x", "model": "claude-haiku-4-5-20251001", "env_file": "yes"}),
            ),
            path(
                false,
                "works",
                api_key,
                &[
                    HAVE,
                    ("key", ""),
                    (NAME, "anthropic:y"),
                    ("Another one", "7"),
                    ("Model id", "other-1"),
                    FILE,
                ],
                json!({"profile": "y", "model": "other-1", "env_file": true}),
            ),
            path(
                false,
                "rate-limited",
                api_key,
                &[
                    HAVE,
                    ("key", ""),
                    ("4. Stop, change nothing", "1"),
                    (NAME, ""),
                    KEEP,
                    NO_FILE,
                ],
                json!({"after_limit": "save"}),
            ),
            path(
                false,
                "server-error",
                api_key,
                &[
                    HAVE,
                    ("key", ""),
                    ("3. Save it untested", "3"),
                    (NAME, ""),
                    KEEP,
                    NO_FILE,
                ],
                json!({"after_doubt": "save"}),
            ),
            path(
                false,
                "revoked",
                offline,
                &[HAVE, ("key", ""), (NAME, ""), KEEP, FILE],
                json!({"env_file": "yes"}),
            ),
            path(
                true,
                "works",
                api_key,
                &[
                    HAVE,
                    ("key", ""),
                    (NAME, ""),
                    ("2. Replace it", "2"),
                    KEEP,
                    NO_FILE,
                ],
                json!({"on_existing": "replace"}),
            ),
        ]
    }

    fn machine(path: &Path) -> Machine {
        let machine = Machine::new().with("KEYWRIGHT_NOW", "2026-01-02T03:04:05Z");
        if path.occupied {
            let arguments = [
                "--sandbox",
                "onboard",
                "--offline",
                "--anthropic-api-key-stdin",
            ];
            let saved = machine.run_with_input(&arguments, key("works-too").as_bytes());
            assert_eq!(saved.code, 0, "{saved:?}");
        }
        machine
    }

    fn plain(path: &Path) -> Value {
        let machine = machine(path);
        let file = machine.folder().join("plan.json");
        let fixed = ["--sandbox", "onboard", "--plain", "--dry-run", "--json"];
        let mut screen = machine.terminal_into(&file, &[&fixed, path.flags].concat());
        for (question, line) in path.typed {
            if *question == "key" {
                screen.wait("nothing is shown").line(&key(path.key));
            } else {
                screen.wait(question).line(line);
            }
        }
        screen.end().with_code(0);
        plan(&machine, &read(&file))
    }

    fn unattended(path: &Path) -> Value {
        let machine = machine(path);
        let mut answers = path.given.clone();
        answers["key"] = json!({"stdin": true});
        machine.write("answers.json", &answers.to_string());
        let fixed = [
            "--sandbox",
            "onboard",
            "--dry-run",
            "--json",
            "--answers",
            "answers.json",
        ];
        let arguments = [&fixed, path.flags].concat();
        let ended = machine.run_with_input(&arguments, key(path.key).as_bytes());
        assert_eq!(ended.code, 0, "{ended:?}");
        plan(&machine, &ended.stdout)
    }

    /// The document without the machine's own folder.
    fn plan(machine: &Machine, text: &str) -> Value {
        let folder = inside(machine).display().to_string();
        serde_json::from_str(&text.replace(&folder, "")).expect("a document")
    }

    #[test]
    fn typed_and_given() {
        std::thread::scope(|scope| {
            for path in paths() {
                scope.spawn(move || {
                    let (typed, given) = (plain(&path), unattended(&path));
                    assert_eq!(typed, given, "{}", path.given);
                    assert_ne!(typed["plan"], json!([]), "{}", path.given);
                });
            }
        });
    }
}
