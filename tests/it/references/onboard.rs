//! `onboard --secret-input-mode ref`: the secret stays where it is, and is tested all the same.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::support::keys::{identity, key};
use crate::support::machine::{Ended, Machine};

const ONBOARD: &[&str] = &[
    "--sandbox",
    "onboard",
    "--non-interactive",
    "--secret-input-mode",
    "ref",
];

fn onboard(machine: &Machine, more: &[&str]) -> Ended {
    machine.run(&[ONBOARD, more].concat())
}

fn inside(machine: &Machine) -> PathBuf {
    machine.home().join(".cache/keywright/sandbox/keywright")
}

/// The profile of that name in the sandbox's store.
fn stored(machine: &Machine, id: &str) -> Value {
    let path = inside(machine).join("agents/main/auth-profiles.json");
    let text = std::fs::read_to_string(path).expect("a store");
    let store: Value = serde_json::from_str(&text).expect("JSON");
    store["profiles"][id].clone()
}

/// A private file below the home.
#[cfg(unix)]
fn private(machine: &Machine, name: &str, text: &str) -> PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let path = machine.write(name, text);
    let mode = std::fs::Permissions::from_mode(0o600);
    std::fs::set_permissions(&path, mode).expect("a mode");
    path
}

/// No file below the sandbox's own folder holds the text.
fn nowhere(machine: &Machine, secret: &str) {
    let mut folders = vec![inside(machine)];
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir().expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let bytes = std::fs::read(&path).expect("a file");
                let text = String::from_utf8_lossy(&bytes).into_owned();
                assert!(!text.contains(secret), "{}", path.display());
            }
        }
    }
}

#[test]
fn a_variable() {
    let machine = Machine::new().with("COMPANY_KEY", &key("works"));
    let line = [
        "--flow",
        "api-key",
        "--anthropic-api-key-env",
        "COMPANY_KEY",
    ];
    let ended = onboard(&machine, &[&line[..], &["--json"]].concat());
    assert_eq!(ended.code, 0, "{ended:?}");
    let receipt = ended.json();
    assert_eq!(receipt["verification"]["status"], "works");
    assert_eq!(receipt["refersTo"], "the variable COMPANY_KEY");
    let equivalent = receipt["equivalent"].as_str().expect("a line");
    assert!(
        equivalent.ends_with("--secret-input-mode ref --anthropic-api-key-env COMPANY_KEY"),
        "{equivalent}"
    );
    let profile = stored(&machine, "anthropic:default");
    let reference = json!({"source": "env", "provider": "default", "id": "COMPANY_KEY"});
    assert_eq!(
        (&profile["keyRef"], &profile["key"]),
        (&reference, &Value::Null)
    );
    assert!(profile["verifiedAt"].is_number(), "{profile}");
    nowhere(&machine, &key("works"));
    // The same once more is nothing to do.
    let ended = onboard(&machine, &[&line[..], &["--json"]].concat());
    assert_eq!(
        (ended.code, &ended.json()["outcome"]),
        (0, &json!("nothing-to-do"))
    );
    let ended = machine.run(&["--sandbox", "get", "--raw"]);
    assert_eq!(ended.stdout.trim_end(), key("works"), "{ended:?}");
}

#[test]
fn the_variable_that_a_flow_knows_by_itself() {
    let machine = Machine::new().with("ANTHROPIC_API_KEY", &key("works"));
    let ended = onboard(&machine, &["--flow", "api-key"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let profile = stored(&machine, "anthropic:default");
    assert_eq!(profile["keyRef"]["id"], "ANTHROPIC_API_KEY");
}

#[cfg(unix)]
#[test]
fn a_file() {
    let machine = Machine::new();
    private(&machine, "the key.txt", &format!("{}\n", key("works")));
    let line = [
        "--flow",
        "api-key",
        "--anthropic-api-key-file",
        "the key.txt",
    ];
    let plan = onboard(&machine, &[&line[..], &["--dry-run"]].concat());
    assert_eq!(plan.code, 0, "{plan:?}");
    for words in [
        "anthropic:default: api_key from file the-key-",
        "+ secrets.providers.the-key-",
    ] {
        assert!(plan.stdout.contains(words), "{plan:?}");
    }
    assert!(!plan.stdout.contains(&key("works")));
    assert!(!inside(&machine).join("config.json5").exists());
    let ended = onboard(&machine, &line);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.stdout.contains("the key.txt"), "{ended:?}");
    let reference = stored(&machine, "anthropic:default")["keyRef"].clone();
    assert_eq!(
        (&reference["source"], &reference["id"]),
        (&json!("file"), &json!("value"))
    );
    let config = std::fs::read_to_string(inside(&machine).join("config.json5")).expect("a file");
    let config: Value = serde_json::from_str(&config).expect("JSON");
    let provider = &config["secrets"]["providers"][reference["provider"].as_str().expect("a name")];
    let path = machine.home().join("the key.txt");
    assert_eq!(
        provider,
        &json!({"source": "file", "path": path, "mode": "singleValue"})
    );
    nowhere(&machine, &key("works"));
    let ended = machine.run(&["--sandbox", "models", "status", "--check"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    // It is taken back as a whole.
    let ended = machine.run(&["--sandbox", "undo"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(!inside(&machine).join("config.json5").exists());
}

#[test]
fn an_answers_file() {
    let machine = Machine::new().with("COMPANY_KEY", &key("works"));
    let answers =
        json!({"flow": "api-key", "secretInputMode": "ref", "key": {"env": "COMPANY_KEY"}});
    let path = machine.write("answers.json", &answers.to_string());
    let line = ["--sandbox", "onboard", "--non-interactive", "--answers"];
    let ended = machine.run(&[&line[..], &[path.to_str().expect("text")]].concat());
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(
        stored(&machine, "anthropic:default")["keyRef"]["id"],
        "COMPANY_KEY"
    );
    // The flag has the last word.
    let plain = ["--secret-input-mode", "plaintext", "--replace"];
    let words = [&line[..], &[path.to_str().expect("text")], &plain].concat();
    let ended = machine.run(&words);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(stored(&machine, "anthropic:default")["key"], key("works"));
    let path = machine.write("odd.json", r#"{"secretInputMode": "hunter2"}"#);
    let ended = machine.run(&[&line[..], &[path.to_str().expect("text")]].concat());
    assert_eq!(ended.code, 65, "{ended:?}");
    assert!(!ended.stderr.contains("hunter2"), "{ended:?}");
}

#[test]
fn a_subscription_token_and_the_two_secrets_of_aws() {
    let check = |flags: &str, name: &str, field: &str, value: &str| {
        let mut machine = Machine::new().with("S", value);
        if let Some(id) = keys_id(name) {
            machine.set("AWS_ACCESS_KEY_ID", &id);
        }
        let words: Vec<&str> = flags.split(' ').collect();
        let ended = onboard(&machine, &words);
        assert_eq!(ended.code, 0, "{ended:?}");
        let path = inside(&machine).join("agents/main/auth-profiles.json");
        let text = std::fs::read_to_string(path).expect("a store");
        let store: Value = serde_json::from_str(&text).expect("JSON");
        let profiles = store["profiles"].as_object().expect("profiles");
        let found = profiles.values().any(|profile| profile[field]["id"] == "S");
        assert!(found, "{flags}: {profiles:?}");
        nowhere(&machine, value);
    };
    let secret = identity("aws-works", "secretAccessKey");
    check(
        "--flow setup-token --token-env S --accept-risk=subscription-token",
        "",
        "tokenRef",
        &crate::support::keys::token("subscription-works"),
    );
    check(
        "--flow bedrock --aws-auth access_keys --region us-east-1 --secret-access-key-env S --model us.anthropic.claude-opus-5",
        "aws-works",
        "secretAccessKeyRef",
        &secret,
    );
    check(
        "--flow bedrock --aws-auth bearer --region us-east-1 --bearer-token-env S",
        "",
        "bearerTokenRef",
        &identity("bedrock-key-works", "bearerToken"),
    );
}

fn keys_id(name: &str) -> Option<String> {
    (!name.is_empty()).then(|| identity(name, "accessKeyId"))
}

#[test]
fn what_cannot_be_referred_to() {
    let check = |machine: &Machine, more: &[&str], code: i32, words: &str| {
        let ended = onboard(machine, &[&["--flow", "api-key"], more].concat());
        assert_eq!(ended.code, code, "{ended:?}");
        let said = ended
            .stderr
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        assert!(said.contains(words), "{said}");
        assert!(
            !inside(machine).join("agents").exists(),
            "nothing is written"
        );
    };
    let machine = Machine::new().with("COMPANY_KEY", &key("works"));
    let named = ["--anthropic-api-key-env", "COMPANY_KEY"];
    check(
        &machine,
        &["--anthropic-api-key-stdin"],
        64,
        "at a place that has a name",
    );
    check(
        &machine,
        &["--anthropic-api-key-env", "GONE"],
        1,
        "GONE that it refers to is not set",
    );
    check(
        &machine,
        &["--anthropic-api-key-file", "gone"],
        1,
        "is not there",
    );
    check(
        &machine,
        &[&named[..], &["--env-file"]].concat(),
        64,
        "--env-file writes the secret itself",
    );
    check(&machine, &[], 64, "--anthropic-api-key-env NAME");
    let revoked = Machine::new().with("COMPANY_KEY", &key("revoked"));
    check(&revoked, &named, 1, "was refused and not saved");
}

#[cfg(unix)]
#[test]
fn a_file_that_the_profile_could_not_read() {
    let machine = Machine::new();
    machine.write("open", &key("works"));
    let line = ["--flow", "api-key", "--anthropic-api-key-file", "open"];
    let ended = onboard(&machine, &line);
    assert_eq!(ended.code, 1, "{ended:?}");
    let said = ended
        .stderr
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    assert!(said.contains("can be read by others"), "{said}");
    assert!(said.contains("chmod 600"), "{said}");
    // What is stored as it is may be read from there.
    let words: Vec<&str> = ["--sandbox", "onboard", "--non-interactive"]
        .into_iter()
        .chain(line)
        .collect();
    let ended = machine.run(&words);
    assert_eq!(ended.code, 0, "{ended:?}");
}

#[cfg(unix)]
#[test]
fn a_person_is_asked_for_everything_else() {
    use crate::support::pty::ENTER;
    let machine = Machine::new().with("COMPANY_KEY", &key("works-too"));
    let line = [
        "--sandbox",
        "onboard",
        "--flow",
        "api-key",
        "--secret-input-mode",
        "ref",
    ];
    let named = ["--anthropic-api-key-env", "COMPANY_KEY"];
    let mut screen = machine.terminal(100, 40, &[&line[..], &named].concat());
    screen
        .wait("? Do you have an Anthropic API key?")
        .keys(ENTER);
    screen.wait("The key works.");
    screen.wait("? A name for this key").keys(ENTER);
    screen
        .wait("? The model used when none is named")
        .keys(ENTER);
    // A copy of the key for services is not offered.
    screen.wait("anthropic:default: api_key from env COMPANY_KEY");
    screen.wait("? Save it?").keys(ENTER);
    let left = screen.end();
    left.with_code(0).says("stays in the variable COMPANY_KEY");
    left.never_drew(&key("works-too"));
    left.never_drew("for background services too?");
    assert_eq!(
        stored(&machine, "anthropic:default")["keyRef"]["id"],
        "COMPANY_KEY"
    );
    // What is typed has no place.
    let machine = Machine::new();
    let mut screen = machine.terminal(100, 40, &line);
    screen
        .wait("? Do you have an Anthropic API key?")
        .keys(ENTER);
    let left = screen.end();
    left.with_code(64).says("--anthropic-api-key-env NAME");
    assert!(!inside(&machine).join("agents").exists());
}
