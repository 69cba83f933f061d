//! `why openclaw`: OpenClaw and Clawdbot, on machines that have files of theirs.

use serde_json::{Value, json};

use super::{LOGIN, sources};
use crate::support::machine::{Machine, key};

const CLAWDBOT: &str = ".clawdbot/agents/main/agent/auth-profiles.json";
/// Far away.
const LATER: u64 = 4_100_000_000_000;

fn answers(machine: &Machine) -> Vec<Value> {
    let json = machine.run(&["why", "openclaw", "--json"]);
    let text = machine.run(&["why", "openclaw"]);
    assert_eq!((json.code, text.code), (0, 0), "{json:?}");
    for output in [&json.stdout, &text.stdout] {
        assert!(!output.contains("AAAAAA"), "a secret: {output}");
        assert!(!output.contains('\u{1b}'), "an escape sequence: {output}");
    }
    json.json()["answers"].as_array().expect("answers").clone()
}

fn answer(machine: &Machine) -> Value {
    let answers = answers(machine);
    assert_eq!(answers.len(), 1, "{answers:#?}");
    answers[0].clone()
}

fn obstacle<'a>(answer: &'a Value, name: &str) -> &'a str {
    let sources = answer["sources"].as_array().expect("sources");
    let found = sources.iter().find(|source| source["name"] == name);
    found.expect(name)["obstacle"].as_str().unwrap_or_default()
}

fn token() -> String {
    format!("sk-ant-oat01-{}", "A".repeat(90))
}

fn profiles() -> Value {
    json!({
        "anthropic:default": {"type": "api_key", "provider": "anthropic", "key": key("x")},
        "anthropic:work": {"type": "api_key", "provider": "anthropic", "key": key("y")},
        "anthropic:manual": {"type": "token", "provider": "anthropic", "token": token(), "expires": LATER},
        "openai:default": {"type": "api_key", "provider": "openai", "key": "sk-made-up"},
    })
}

fn clawdbot(store: &Value) -> Machine {
    let machine = Machine::new().with("SHELL", "/bin/bash");
    machine.write(CLAWDBOT, &store.to_string());
    machine
}

#[test]
fn nothing_here() {
    let machine = Machine::new().with("ANTHROPIC_API_KEY", &key("x"));
    let answer = answer(&machine);
    assert_eq!(answer["consumer"], "openclaw");
    assert_eq!(answer["sources"], json!([]));
}

#[test]
fn a_store_without_an_order() {
    let store = json!({"version": 1, "profiles": profiles(), "lastGood": {"anthropic": "anthropic:work"},
        "usageStats": {"anthropic:default": {"lastUsed": 2}, "anthropic:work": {"lastUsed": 1}}});
    let machine = clawdbot(&store).with("ANTHROPIC_API_KEY", &key("z"));
    let answer = answer(&machine);
    assert_eq!(answer["consumer"], "clawdbot");
    // A token comes before a key, and of two keys the one that was used longer ago.
    let expected = [
        "+anthropic:manual",
        "anthropic:work",
        "anthropic:default",
        "ANTHROPIC_API_KEY",
    ];
    assert_eq!(sources(&answer), expected);
    let notes = answer["notes"].to_string();
    assert!(notes.contains("anthropic:work worked last"), "{notes}");
    assert!(notes.contains("API-007"), "{notes}");
    let steps = answer["sources"][2]["wouldNeed"].to_string();
    let line = "`clawdbot models auth order set --provider anthropic anthropic:default`";
    assert!(steps.contains(line), "{steps}");
}

#[test]
fn orders_and_what_they_leave_out() {
    let mut store = json!({"version": 1, "profiles": profiles(),
        "order": {"anthropic": ["anthropic:work", "anthropic:default"]}});
    let ordered = answer(&clawdbot(&store));
    let expected = ["+anthropic:work", "anthropic:default", "anthropic:manual"];
    assert_eq!(sources(&ordered), expected);
    let why = obstacle(&ordered, "anthropic:manual");
    assert_eq!(why, "it is left out by the order of the store");

    store["usageStats"] =
        json!({"anthropic:work": {"disabledUntil": LATER, "disabledReason": "billing"}});
    let cooling = answer(&clawdbot(&store));
    let expected = ["+anthropic:default", "anthropic:work", "anthropic:manual"];
    assert_eq!(sources(&cooling), expected);
    let why = obstacle(&cooling, "anthropic:work");
    assert!(why.starts_with("it is cooling down until 2099-"), "{why}");
    assert!(why.ends_with("(billing)"), "{why}");

    store.as_object_mut().expect("an object").remove("order");
    let machine = clawdbot(&store);
    machine.write(
        ".clawdbot/clawdbot.json",
        "{ // ours\n auth: { profiles: { 'anthropic:manual': { provider: 'anthropic', mode: 'api_key' }, 'anthropic:default': { provider: 'anthropic', mode: 'api_key' } } } }",
    );
    let configured = answer(&machine);
    assert_eq!(configured["winner"], "anthropic:default");
    let why = obstacle(&configured, "anthropic:manual");
    assert_eq!(
        why,
        "it is of type token, and the configuration says mode api_key"
    );
    let why = obstacle(&configured, "anthropic:work");
    assert!(why.contains("not among the auth.profiles"), "{why}");
}

#[test]
fn what_a_profile_lacks() {
    let store = json!({"version": 1, "profiles": {
        "anthropic:old": {"type": "token", "provider": "anthropic", "token": token(), "expires": 1},
        "anthropic:empty": {"type": "api_key", "provider": "anthropic"},
        "anthropic:unset": {"type": "api_key", "provider": "anthropic", "keyRef": {"source": "env", "provider": "default", "id": "MY_KEY"}},
        "anthropic:set": {"type": "api_key", "provider": "anthropic", "keyRef": {"source": "env", "provider": "default", "id": "THEIR_KEY"}},
    }});
    let machine = clawdbot(&store).with("THEIR_KEY", &key("x"));
    let answer = answer(&machine);
    assert_eq!(answer["winner"], "anthropic:set");
    let check = |name: &str, expected: &str| assert_eq!(obstacle(&answer, name), expected);
    check("anthropic:old", "it ended on 1970-01-01 00:00 UTC");
    check("anthropic:empty", "it holds nothing");
    check("anthropic:unset", "it refers to MY_KEY, which is not set");
}

#[test]
fn the_login_of_claude_code() {
    let machine = clawdbot(&json!({"version": 1, "profiles": profiles()}));
    machine.write(".claude/.credentials.json", LOGIN);
    let answer = answer(&machine);
    assert_eq!(answer["winner"], "anthropic:claude-cli");
    let notes = answer["notes"].to_string();
    assert!(notes.contains("copies the login"), "{notes}");
}

#[test]
fn openclaw_and_its_environment() {
    let machine = Machine::new().with("ANTHROPIC_API_KEY", &key("p"));
    machine.write(
        ".openclaw/.env",
        &format!(
            "ANTHROPIC_API_KEY={}\nANTHROPIC_OAUTH_TOKEN={}\n",
            key("f"),
            token()
        ),
    );
    machine.write(
        ".openclaw/openclaw.json",
        &format!(
            r#"{{"env":{{"vars":{{"ANTHROPIC_API_KEY":"{0}"}},"ANTHROPIC_API_KEY":"{0}"}},"models":{{"providers":{{"anthropic":{{"apiKey":{{"source":"file","provider":"ours","id":"value"}}}}}}}}}}"#,
            key("c")
        ),
    );
    let answer = answer(&machine);
    let expected = [
        "+ANTHROPIC_OAUTH_TOKEN",
        "ANTHROPIC_API_KEY",
        "ANTHROPIC_API_KEY",
        "ANTHROPIC_API_KEY",
        "ANTHROPIC_API_KEY",
        "apiKey",
    ];
    assert_eq!(sources(&answer), expected);
    let listed = answer["sources"].as_array().expect("sources");
    let places: Vec<&str> = listed
        .iter()
        .map(|source| source["place"].as_str().expect("a place"))
        .collect();
    assert!(places[0].ends_with("/.openclaw/.env"), "{places:?}");
    assert_eq!(places[1], "environment");
    assert!(
        places[3].ends_with("openclaw.json, env.vars.ANTHROPIC_API_KEY"),
        "{places:?}"
    );
    let refused = listed[4]["obstacle"].as_str().expect("an obstacle");
    assert!(
        refused.contains("refuse the whole configuration"),
        "{refused}"
    );
    assert!(
        listed[4]["place"]
            .as_str()
            .expect("a place")
            .ends_with(", env.ANTHROPIC_API_KEY")
    );
}

#[test]
fn openclaws_database_is_left_alone() {
    let machine = Machine::new();
    let database = machine.write(".openclaw/state/openclaw.sqlite", "no database");
    machine.write(
        ".openclaw/agents/main/agent/auth-profiles.json",
        &json!({"version": 1, "profiles": profiles()}).to_string(),
    );
    machine.write(
        ".openclaw/openclaw.json",
        r#"{"auth":{"profiles":{"anthropic:db":{"provider":"anthropic","mode":"token"}}}}"#,
    );
    let before = std::fs::read(&database).expect("a file");
    let answer = answer(&machine);
    assert_eq!(answer["winner"], "anthropic:db");
    let why = obstacle(&answer, "anthropic:default");
    assert!(why.contains("`openclaw doctor --fix`"), "{why}");
    let notes = answer["notes"].to_string();
    assert!(notes.contains("`openclaw models status`"), "{notes}");
    assert_eq!(std::fs::read(&database).expect("a file"), before);
    let listed = std::fs::read_dir(database.parent().expect("a folder")).expect("a folder");
    assert_eq!(listed.count(), 1);
}

#[test]
fn a_model_that_claude_runs_and_two_programs() {
    let machine = clawdbot(&json!({"version": 1, "profiles": profiles()}));
    machine.write(
        ".openclaw/openclaw.json",
        r#"{"agents":{"defaults":{"model":{"primary":"anthropic/m"},"models":{"anthropic/m":{"agentRuntime":{"id":"claude-cli"}}}}}}"#,
    );
    machine.write(
        ".openclaw/.env",
        &format!("ANTHROPIC_API_KEY={}\n", key("f")),
    );
    let found = answers(&machine);
    let consumers: Vec<_> = found
        .iter()
        .map(|answer| answer["consumer"].clone())
        .collect();
    assert_eq!(consumers, ["openclaw", "clawdbot"]);
    assert_eq!(found[0]["winner"], "ANTHROPIC_API_KEY");
    let why = obstacle(&found[0], "Claude Code's login");
    assert!(why.starts_with("it cannot be used"), "{why}");
    machine.write(".claude/.credentials.json", LOGIN);
    assert_eq!(answers(&machine)[0]["winner"], "Claude Code's login");
}

#[test]
fn files_that_cannot_be_read() {
    let machine = clawdbot(&json!({}));
    machine.write(CLAWDBOT, &format!("{{\"profiles\": {{\"{}\"", key("x")));
    machine.write(".clawdbot/clawdbot.json", "{ env: { vars: { A: 'AAAAAA' B");
    std::fs::create_dir(machine.home().join(".clawdbot/.env")).expect("a folder");
    let answer = answer(&machine);
    assert_eq!(answer["winner"], Value::Null);
    let notes = answer["notes"].to_string();
    assert!(notes.contains(".env is a folder"), "{notes}");
    assert!(notes.contains("auth-profiles.json:1:"), "{notes}");
    assert!(notes.contains("clawdbot.json:1:"), "{notes}");
}

#[test]
fn names_with_escape_sequences() {
    let name = "anthropic:\u{1b}[2J";
    let machine = clawdbot(&json!({"version": 1, "profiles": {
        "anthropic:a": {"type": "token", "provider": "anthropic", "token": token()},
        (name): {"type": "api_key", "provider": "anthropic", "key": key("x")},
    }}));
    // No escape sequence reaches the screen: `answers` proves it.
    let answer = answer(&machine);
    assert_eq!(answer["winner"], "anthropic:a");
    assert_eq!(answer["sources"][1]["name"], name);
}
