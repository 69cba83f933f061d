//! A Clawdbot home as version 2026.1 makes it.

use serde_json::json;

use super::{done, import, listed, profiles, token};
use crate::support::machine::{Machine, key};

const STORE: &str = ".clawdbot/agents/main/agent/auth-profiles.json";

/// Every kind of profile, two agents, `.env` and a configuration.
fn home() -> Machine {
    let machine = Machine::new();
    let main = json!({
        "version": 1,
        "profiles": {
            "anthropic:default": {"type": "api_key", "provider": "anthropic", "key": key("x")},
            "anthropic:Work Account": {"type": "api_key", "provider": "anthropic", "key": key("y")},
            "anthropic:manual": {"type": "token", "provider": "anthropic", "token": token(), "expires": 4_102_444_800_000_i64},
            "anthropic:claude-cli": {"type": "oauth", "provider": "anthropic", "access": format!("sk-ant-oat01-{}", "A".repeat(90)), "refresh": "sk-ant-ort01-REFRESH", "expires": 1, "email": "me@example.com"},
            "openai:default": {"type": "api_key", "provider": "openai", "key": format!("sk-proj-{}", "A".repeat(60))},
        },
        "order": {"anthropic": ["anthropic:manual", "anthropic:default", "anthropic:gone"]},
        "lastGood": {"anthropic": "anthropic:manual"},
        "usageStats": {"anthropic:default": {"errorCount": 1}},
    });
    let bot = json!({"version": 1, "profiles": {
        "anthropic:default": {"type": "api_key", "provider": "anthropic", "key": key("z")},
    }});
    machine.write(STORE, &main.to_string());
    machine.write(
        ".clawdbot/agents/bot/agent/auth-profiles.json",
        &bot.to_string(),
    );
    machine.write(
        ".clawdbot/.env",
        &format!(
            "# ours\nANTHROPIC_API_KEY={}\nTELEGRAM_BOT_TOKEN=x\n",
            key("e")
        ),
    );
    machine.write(
        ".clawdbot/clawdbot.json",
        "{ // mine\n agents: { defaults: { model: { primary: 'anthropic/claude-opus-4-5' },\n  models: { 'anthropic/claude-opus-4-5': { params: { cacheControlTtl: '1h' } } } } },\n gateway: { auth: { token: 'hunter2' } } }",
    );
    machine
}

#[test]
fn a_home_is_taken_over_whole() {
    let machine = home();
    let planned = import(
        &machine,
        ".clawdbot",
        &["clawdbot", "--dry-run", "--json"],
        0,
    );
    assert!(!machine.ours().exists(), "a plan writes nothing");
    let ended = import(&machine, ".clawdbot", &["clawdbot", "--yes", "--json"], 0);
    let (planned, done) = (planned.json(), ended.json());
    assert_eq!(planned["profiles"], done["profiles"]);
    assert_eq!(done["schemaVersion"], 1);
    assert_eq!(
        (&planned["outcome"], &done["outcome"]),
        (&json!("planned"), &json!("imported"))
    );
    assert_eq!(
        listed(&done["profiles"], &["agent", "id", "action", "nameThere"]),
        [
            "main anthropic:default add null",
            "main anthropic:work-account add anthropic:Work Account",
            "main anthropic:manual add null",
            "main anthropic:claude-cli add null",
            "main openai:default add null",
            "bot anthropic:default add null",
            "main anthropic:default-2 add ANTHROPIC_API_KEY",
        ]
    );
    assert_eq!(done["newAgents"], json!(["bot"]));
    assert_eq!(done["leftOut"], json!([]));
    let store = profiles(&machine, "main");
    let found = &store["profiles"];
    assert_eq!(found["anthropic:default"]["key"], key("x"));
    assert_eq!(found["anthropic:manual"]["token"], token());
    assert_eq!(found["anthropic:manual"]["expires"], 4_102_444_800_000_i64);
    assert_eq!(found["anthropic:default-2"]["key"], key("e"));
    let login = &found["anthropic:claude-cli"];
    assert_eq!(login["configDir"], "~/.claude");
    assert_eq!(login["email"], "me@example.com");
    assert!(!store.to_string().contains("REFRESH"), "{store}");
    assert!(login.get("access").is_none() && login.get("expires").is_none());
    // What has no place in a store comes behind what has one.
    let order = json!([
        "anthropic:manual",
        "anthropic:default",
        "anthropic:default-2"
    ]);
    assert_eq!(store["order"]["anthropic"], order);
    assert_eq!(
        profiles(&machine, "bot")["profiles"]["anthropic:default"]["key"],
        key("z")
    );
    let config = std::fs::read_to_string(machine.ours().join("config.json5")).expect("a config");
    assert!(
        config.contains("anthropic/claude-opus-4-5") && config.contains("\"1h\""),
        "{config}"
    );
    assert!(!config.contains("hunter2"), "{config}");
}

#[test]
fn what_was_imported_is_used_and_can_be_taken_back() {
    let machine = home();
    done(&machine, ".clawdbot", &["clawdbot", "--yes"]);
    let status = machine.run(&["models", "status", "--json"]).json();
    let effective = &status["auth"]["providers"][0]["effective"];
    assert_eq!(effective["profileId"], "anthropic:manual", "{status:#}");
    let again = import(&machine, ".clawdbot", &["clawdbot", "--yes", "--json"], 0).json();
    assert_eq!(again["outcome"], "nothing-to-do");
    assert_eq!(again["transaction"], json!(null));
    assert!(
        listed(&again["profiles"], &["action"])
            .iter()
            .all(|action| action == "same")
    );
    let history = machine.run(&["history", "--json"]).json();
    assert_eq!(
        history["entries"].as_array().map(Vec::len),
        Some(1),
        "one change"
    );
    assert_eq!(
        history["entries"][0]["label"],
        "import 7 profiles from Clawdbot"
    );
    let undone = machine.run(&["undo"]);
    assert_eq!(undone.code, 0, "{undone:?}");
    assert!(!machine.store().exists());
    assert!(!machine.ours().join("config.json5").exists());
}

#[test]
fn a_bad_entry_is_told_with_its_place_and_the_rest_goes_on() {
    let machine = Machine::new();
    let store = json!({"version": 1, "profiles": {
        "anthropic:good": {"type": "api_key", "provider": "anthropic", "key": key("g")},
        "anthropic:junk": {"type": "api_key", "provider": "anthropic", "key": "hello hunter2"},
        "anthropic:number": {"type": "api_key", "provider": "anthropic", "key": 7},
        "anthropic:when": {"type": "token", "provider": "anthropic", "token": token(), "expires": "hunter2"},
        "anthropic:untyped": {"provider": "anthropic", "key": key("u")},
        "anthropic:odd": {"type": "hunter2", "provider": "anthropic"},
        "openai-codex:me": {"type": "oauth", "provider": "openai-codex", "access": "a", "refresh": "b"},
        "anthropic:swapped": {"type": "api_key", "provider": "anthropic", "key": token()},
        "list": [],
    }});
    machine.write(STORE, &store.to_string());
    machine.write(
        ".clawdbot/agents/broken/agent/auth-profiles.json",
        "{\"version\": 1,\n \"profiles\": sk-ant-api03-hunter2",
    );
    machine.write(".clawdbot/credentials/oauth.json", "{}");
    let done = import(&machine, ".clawdbot", &["clawdbot", "--yes", "--json"], 0).json();
    let taken = listed(&done["profiles"], &["id"]);
    assert_eq!(taken, ["anthropic:good", "anthropic:swapped"]);
    let kind = &profiles(&machine, "main")["profiles"]["anthropic:swapped"]["type"];
    assert_eq!(kind, "token", "a subscription token in the place of a key");
    let mut left: Vec<String> = done["leftOut"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|left| {
            let place = left["place"]["locator"].as_str().unwrap_or("the file");
            format!("{place}: {}", left["reason"].as_str().expect("a reason"))
        })
        .collect();
    left.sort();
    let expected = [
        "profiles.anthropic:junk: it is a key with white space in it (at character 6 of 13)",
        "profiles.anthropic:number: it holds no key",
        "profiles.anthropic:odd: it is of a type that is not known",
        "profiles.anthropic:untyped: the profile has no type",
        "profiles.anthropic:when: `expires` is no number of milliseconds",
        "profiles.list: this is no profile",
        "profiles.openai-codex:me: a login cannot be copied: its refresh token works once",
    ];
    assert_eq!(left[..expected.len()], expected);
    assert_eq!(left.len(), expected.len() + 2, "{left:#?}");
    assert!(
        left[7].contains("auth-profiles.json:2:14: it is not JSON"),
        "{left:#?}"
    );
    assert!(left[8].contains("older version"), "{left:#?}");
}

#[test]
fn no_token_of_a_login_is_taken_in_any_form() {
    let machine = Machine::new();
    let refresh = token().replace("oat01", "ort01");
    let at_gateway = json!({"type": "api_key", "provider": "acme", "key": refresh});
    let store = json!({"version": 1, "profiles": {
        // What Clawdbot makes of a login without a refresh token.
        "anthropic:claude-cli": {"type": "token", "provider": "anthropic", "token": token(), "expires": 4_102_444_800_000_i64},
        "acme:default": at_gateway,
    }});
    machine.write(STORE, &store.to_string());
    let done = import(&machine, ".clawdbot", &["clawdbot", "--yes", "--json"], 0).json();
    assert_eq!(listed(&done["profiles"], &["id"]), ["anthropic:claude-cli"]);
    let store = profiles(&machine, "main").to_string();
    assert!(!store.contains(&token()), "{store}");
    assert!(store.contains("\"configDir\":\"~/.claude\""), "{store}");
}

#[test]
fn a_setting_that_stands_here_in_the_old_form_stays() {
    let machine = home();
    let path = machine.write(
        ".config/keywright/config.json5",
        "{ // ours\n  agents: { defaults: { model: 'anthropic/y' } },\n}\n",
    );
    let done = import(&machine, ".clawdbot", &["clawdbot", "--yes", "--json"], 0).json();
    let left = done["leftOut"].to_string();
    assert!(left.contains("set here to something else"), "{left}");
    let config = std::fs::read_to_string(path).expect("a config");
    for text in ["// ours", "\"primary\": \"anthropic/y\"", "\"1h\""] {
        assert!(config.contains(text), "{config}");
    }
}

#[test]
fn an_agent_alone() {
    let machine = home();
    let run = |agent: &str, code| {
        let arguments = ["clawdbot", "--agent", agent, "--dry-run", "--json"];
        import(&machine, ".clawdbot", &arguments, code).json()
    };
    let bot = run("bot", 0);
    let expected = ["bot anthropic:default", "bot anthropic:default-2"];
    assert_eq!(listed(&bot["profiles"], &["agent", "id"]), expected);
    let missing = run("nobody", 1);
    assert_eq!(missing["error"]["code"], "not-found");
    machine.write(
        ".config/keywright/agents/other/auth-profiles.json",
        "{\"version\": 1, \"profiles\": {}}",
    );
    let other = run("other", 0);
    let here = listed(&other["profiles"], &["agent", "id"]);
    assert_eq!(here.len(), 6, "what its main agent has: {here:?}");
    assert!(
        here.iter().all(|line| line.starts_with("other ")),
        "{here:?}"
    );
}

#[test]
fn names_that_are_not_allowed() {
    let machine = Machine::new();
    let one = |tail: &str| json!({"type": "api_key", "provider": "anthropic", "key": key(tail)});
    let long = format!("anthropic:{}", "x".repeat(300));
    let store = json!({"version": 1, "profiles": {
        "anthropic:../../etc": one("a"), "anthropic:\u{1b}[31mred": one("b"), "anthropic:ünïcode": one("c"),
        "nocolon": one("d"), "anthropic:a:b": one("e"), "ANTHROPIC:A-B": one("f"), long: one("g"),
    }});
    machine.write(STORE, &store.to_string());
    machine.write(
        ".clawdbot/agents/Bot One/agent/auth-profiles.json",
        &store.to_string(),
    );
    let done = import(&machine, ".clawdbot", &["clawdbot", "--yes", "--json"], 0).json();
    assert_eq!(done["newAgents"], json!(["bot-one"]));
    let ids = listed(&done["profiles"], &["id"]);
    let expected = [
        "anthropic:etc",
        "anthropic:31mred",
        "anthropic:n-code",
        "anthropic:nocolon",
        "anthropic:a-b",
        "anthropic:a-b-2",
    ];
    assert_eq!(ids[..6], expected);
    assert_eq!(ids[6].len(), "anthropic:".len() + 63);
    let check = machine.run(&["models", "status"]);
    assert_eq!(check.code, 0, "{check:?}");
    let renamed = import(
        &machine,
        ".clawdbot",
        &[
            "clawdbot",
            "--yes",
            "--json",
            "--agent",
            "main",
            "--profile-id",
            "anthropic:a:b=anthropic:ab",
        ],
        0,
    );
    assert_eq!(
        listed(&renamed.json()["profiles"], &["id", "action"]),
        ["anthropic:ab add"]
    );
}
