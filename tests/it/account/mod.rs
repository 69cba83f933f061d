//! `account`: every verb, its exit codes and its JSON.

mod claude;
mod keys;
mod names;
mod scale;
mod switch;
#[cfg(unix)]
mod terminal;
mod verify;
mod writers;

use serde_json::{Value, json};

use crate::support::machine::{Ended, Machine, key};

const NOW: &str = "2026-11-21T10:00:00Z";
const SECRET: &str = "wJalrXUtnFEMIK7MDENGbPxRfiCYMADEUPKEYXYZ";
const MODEL: &str = "anthropic.claude-3-5-sonnet-20241022-v2:0";

fn machine() -> Machine {
    Machine::new().with("KEYWRIGHT_NOW", NOW)
}

/// Runs with these words after `account`.
fn account(machine: &Machine, arguments: &[&str]) -> Ended {
    machine.run(&[&["account"], arguments].concat())
}

/// Saves an Anthropic key that ends with `tail`.
fn add(machine: &Machine, name: &str, tail: &str) -> Ended {
    let arguments = ["account", "add-api-key", name, "--api-key-stdin"];
    machine.run_with_input(&arguments, key(tail).as_bytes())
}

/// cuti's first form: a model id with the two keys.
fn add_bedrock(machine: &Machine, name: &str) -> Ended {
    let arguments = [
        "account",
        "add-api-key",
        name,
        "--api-key",
        MODEL,
        "--provider",
        "bedrock",
        "--region",
        "eu-west-1",
        "--access-key",
        "AKIAIOSFODNN7MADEUPX",
        "--secret-key-stdin",
    ];
    machine.run_with_input(&arguments, SECRET.as_bytes())
}

/// What the store of the agent `main` says.
fn stored(machine: &Machine) -> Value {
    let text = std::fs::read_to_string(machine.store()).expect("a store");
    serde_json::from_str(&text).expect("JSON")
}

#[track_caller]
fn ends(ended: &Ended, code: i32, words: &str) {
    assert_eq!(ended.code, code, "{ended:?}");
    let said = format!("{}{}", ended.stdout, ended.stderr);
    assert!(said.contains(words), "{words}: {ended:?}");
}

/// Every file below `~` with its content.
fn tree(machine: &Machine) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![machine.home()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("listed") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let content = std::fs::read(&path).expect("read");
                found.push((path, content));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn nothing_is_there() {
    let machine = machine();
    ends(&account(&machine, &["list"]), 0, "No active account");
    ends(&account(&machine, &["current"]), 0, "No active account");
    let none = json!({"schemaVersion": 1, "agent": "main", "active": null, "accounts": []});
    assert_eq!(account(&machine, &["list", "--json"]).json(), none);
    let none = json!({"schemaVersion": 1, "agent": "main", "active": null, "profiles": []});
    assert_eq!(account(&machine, &["current", "--json"]).json(), none);
    for verb in ["show-api-key", "list-api-keys", "info", "use"] {
        let ended = account(&machine, &[verb, "work"]);
        ends(&ended, 1, "keywright account add-api-key work");
    }
    ends(
        &account(&machine, &["delete", "work", "--force"]),
        1,
        "no account `work`",
    );
    ends(&account(&machine, &["env"]), 1, "no account is active");
    assert!(
        !machine.home().join(".config").exists(),
        "reading and failing create nothing"
    );
}

#[test]
fn what_the_list_says() {
    let mut machine = machine();
    ends(&add(&machine, "work", "01"), 0, "Added Anthropic API key");
    ends(
        &add_bedrock(&machine, "work"),
        0,
        "Added AWS access key AKIA…EUPX",
    );
    machine.set("KEYWRIGHT_NOW", "2026-11-22T11:30:00Z");
    ends(&add(&machine, "alice", "02"), 0, "alice");
    ends(
        &account(&machine, &["use", "work"]),
        0,
        "Switched to account: work",
    );
    let expected = "\
Name   Type                            Created     Last Used          Status
alice  API (Anthropic)                 2026-11-22  never
work   API (Anthropic), API (Bedrock)  2026-11-21  2026-11-22 11:30Z  Active

Active Account: work
";
    assert_eq!(account(&machine, &["list"]).stdout, expected);
    let document = account(&machine, &["list", "--json"]).json();
    assert_eq!(document["active"], "work");
    assert_eq!(
        document["accounts"][1],
        json!({
            "name": "work", "active": true, "type": "API (Anthropic), API (Bedrock)",
            "providers": ["anthropic", "bedrock"],
            "profiles": ["anthropic:work", "bedrock:work"],
            "createdAt": "2026-11-21T10:00:00Z", "lastUsedAt": "2026-11-22T11:30:00Z",
            "status": "static", "reasonCode": "ok", "inheritedFrom": null
        })
    );
    let before = tree(&machine);
    for verb in [
        &["list"][..],
        &["list", "--json", "--verbose", "--backups"],
        &["info", "work"],
        &["current"],
        &["show-api-key", "work", "--show-secret"],
        &["list-api-keys", "work"],
        &["env", "work"],
    ] {
        assert_eq!(account(&machine, verb).code, 0, "{verb:?}");
    }
    assert_eq!(tree(&machine), before, "reading changes nothing");
}

#[test]
fn a_narrow_screen_has_a_list() {
    let machine = machine();
    ends(&add(&machine, "work", "01"), 0, "");
    let mut screen = machine.terminal(30, 20, &["account", "list"]);
    screen
        .end()
        .with_code(0)
        .says("work")
        .says("last used never");
}

#[test]
fn the_sandbox_has_accounts_of_its_own() {
    let machine = machine();
    let test_key = crate::support::keys::key("works");
    let arguments = [
        "--sandbox",
        "account",
        "add-api-key",
        "x",
        "--api-key-stdin",
        "--verify",
    ];
    let saved = machine.run_with_input(&arguments, test_key.as_bytes());
    ends(&saved, 0, "Verified: it works.");
    ends(&saved, 0, "keywright --sandbox account use x");
    let real = machine.run_with_input(&arguments, key("01").as_bytes());
    ends(&real, 65, "the sandbox takes its own test keys only");
    ends(
        &machine.run(&["--sandbox", "account", "list"]),
        0,
        "x     API (Anthropic)",
    );
    assert!(!machine.ours().exists());
}

#[test]
fn what_a_reference_names_is_told() {
    let machine = machine().with("MY_KEY", &key("05"));
    let reference = |source: &str, id: &str| {
        json!({"type": "api_key", "provider": "anthropic",
            "keyRef": {"source": source, "provider": "default", "id": id}})
    };
    let store = json!({"version": 1, "profiles": {
        "anthropic:variable": reference("env", "MY_KEY"),
        "anthropic:unset": reference("env", "NOT_SET"),
        "anthropic:program": reference("exec", "path/of/it")}});
    machine.write(
        ".config/keywright/agents/main/auth-profiles.json",
        &store.to_string(),
    );
    let shown = account(&machine, &["show-api-key", "variable"]);
    ends(&shown, 0, "Reference: env default MY_KEY");
    ends(&shown, 0, "API Key: sk-ant-api03-…AA05");
    let document = account(&machine, &["show-api-key", "variable", "--json"]).json();
    assert_eq!(document["profile"]["source"], "ref:env");
    let unset = account(&machine, &["info", "unset", "--json"]).json();
    assert_eq!(unset["account"]["status"], "unresolved");
    let program = account(&machine, &["show-api-key", "program", "--show-secret"]);
    ends(
        &program,
        0,
        "keywright get --raw --profile anthropic:program",
    );
}

#[test]
fn another_agent_has_the_accounts_of_main() {
    let machine = machine();
    ends(&add(&machine, "shared", "01"), 0, "");
    machine.write(
        ".config/keywright/agents/bot/auth-profiles.json",
        r#"{"version":1,"profiles":{}}"#,
    );
    let bot =
        |arguments: &[&str]| machine.run(&[&["--agent", "bot", "account"], arguments].concat());
    let document = bot(&["list", "--json"]).json();
    assert_eq!(document["accounts"][0]["inheritedFrom"], "main");
    ends(&bot(&["use", "shared"]), 0, "Switched to account: shared");
    assert_eq!(stored(&machine).get("active"), None, "main is as it was");
    let given = machine.run(&["--agent", "bot", "env", "--shell", "sh"]);
    assert!(given.stdout.contains(&key("01")), "{given:?}");
    let refused = bot(&["delete", "shared", "--force"]);
    ends(&refused, 1, "inherited from the agent main");
    ends(&refused, 1, "keywright --agent main account list");
    assert_eq!(
        stored(&machine)["profiles"]["anthropic:shared"]["key"],
        key("01")
    );
    ends(&bot(&["new", "shared", "--claude-login"]), 0, "Saved");
    let left = bot(&["delete", "shared", "-f"]);
    ends(&left, 0, "The agent main has an account shared too");
    let line = "keywright --agent bot account delete shared --claude-login";
    ends(&left, 0, line);
    ends(
        &bot(&["delete", "shared", "-f", "--claude-login"]),
        0,
        "Deleted",
    );
    assert!(!machine.ours().join("accounts/shared").exists());
    let nobody = machine.run(&["--agent", "nobody", "account", "list"]);
    ends(&nobody, 1, "there is no agent `nobody`");
}
