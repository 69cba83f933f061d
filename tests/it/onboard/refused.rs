//! What `onboard` does not take, and what it says then. Nothing is written in any of these.

use serde_json::{Value, json};

use super::{inside, key, onboard, read, stored};
use crate::support::machine::Machine;

#[test]
fn what_is_no_key_is_refused_with_its_likely_name() {
    let long = "Zk3vQ9xT".repeat(12);
    let inner = format!("{}\u{0}{}", key("works").split_at(40).0, "A");
    let table: &[(Vec<u8>, &str)] = &[
        (b"".to_vec(), "empty"),
        (b"  \n \n".to_vec(), "empty"),
        (vec![b'A'; 10 << 20], "too long"),
        (vec![0xc3, 0x28, 0x80, 0x01], "binary"),
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
#[expect(clippy::too_many_lines, reason = "a table")]
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
        (
            vec!["--auth-choice", "token"],
            64,
            "--accept-risk=subscription-token",
        ),
        (vec!["--auth-choice", "bedrock"], 64, "--aws-auth METHOD"),
        (
            vec!["--reauth", "anthropic:nosuch"],
            1,
            "there is no profile anthropic:nosuch",
        ),
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
fn options_of_an_import_lead_to_ours() {
    let machine = Machine::new();
    let more = ["--dry-run", "--import-from", "clawdbot"];
    let ended = onboard(&machine, &key("works"), &more);
    assert_eq!(ended.code, 0, "{ended:?}");
    let expected = "warning: --import-from: `keywright import` takes over";
    assert!(ended.stderr.contains(expected), "{ended:?}");
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
    assert!(meant.stdout.contains("--allow-insecure-url"), "{meant:?}");
    let allowed = [
        "--base-url",
        "http://gateway.invalid",
        "--allow-insecure-url",
    ];
    let planned = run(&[&allowed[..], &["--offline", "--dry-run"]].concat());
    assert_eq!(planned.code, 0, "{planned:?}");
    assert!(
        planned.stdout.contains("http://gateway.invalid"),
        "{planned:?}"
    );
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
