//! OpenClaw: `.env`, references of the configuration, and a database that is not opened.

use serde_json::json;

use super::{import, listed, profiles, token};
use crate::support::machine::{Machine, key};

const CONFIG: &str = ".openclaw/openclaw.json";

fn home(config: &str) -> Machine {
    let machine = Machine::new();
    machine.write(CONFIG, config);
    machine
}

#[test]
fn the_database_is_recognised_and_not_opened() {
    let config = "{ auth: { profiles: { 'anthropic:default': { provider: 'anthropic', mode: 'api_key' } } } }";
    let machine = home(config);
    machine.write(
        ".openclaw/state/openclaw.sqlite",
        "SQLite format 3\0 hunter2",
    );
    // What is left of the time before the database is not used any more.
    let old = json!({"version": 1, "profiles": {"anthropic:old": {"type": "api_key", "provider": "anthropic", "key": key("o")}}});
    machine.write(
        ".openclaw/agents/main/agent/auth-profiles.json",
        &old.to_string(),
    );
    machine.write(
        ".openclaw/.env",
        &format!("ANTHROPIC_OAUTH_TOKEN='{}'\n", token()),
    );
    let done = import(&machine, ".openclaw", &["openclaw", "--yes", "--json"], 0).json();
    let taken = listed(&done["profiles"], &["id", "source"]);
    assert_eq!(taken, ["anthropic:manual openclaw"]);
    assert_eq!(done["profiles"][0]["place"]["locator"], "line 1");
    let left = &done["leftOut"][0];
    let why = left["reason"].as_str().expect("a reason");
    assert!(
        why.contains("anthropic:default") && why.contains("database"),
        "{left}"
    );
    assert!(
        left["advice"]
            .to_string()
            .contains("openclaw models auth list"),
        "{left}"
    );
}

#[test]
fn a_home_from_before_the_database() {
    let machine = home("{}");
    let store = json!({"version": 1, "profiles": {"anthropic:default": {"type": "api_key", "provider": "anthropic", "key": key("o")}}});
    machine.write(
        ".openclaw/agents/main/agent/auth-profiles.json",
        &store.to_string(),
    );
    let done = import(&machine, ".openclaw", &["openclaw", "--yes", "--json"], 0).json();
    assert_eq!(listed(&done["profiles"], &["id"]), ["anthropic:default"]);
}

#[test]
fn references_stay_references_where_that_is_right() {
    let config = r"{
      secrets: { providers: {
        vault: { source: 'file', path: '/run/secrets/anthropic', mode: 'singleValue', note: 'hunter2' },
        unused: { source: 'file', path: '/elsewhere' },
      } },
      models: { providers: {
        anthropic: { apiKey: { source: 'file', provider: 'vault', id: 'value' } },
        openai: { apiKey: { source: 'store', provider: 'default', id: 'OPENAI_KEY' } },
        openrouter: { apiKey: '${OPENROUTER}' },
        google: { apiKey: { source: 'env', provider: 'default', id: 'GOOGLE_KEY' } },
        groq: { apiKey: { source: 'exec', provider: 'gone', id: 'x' } },
      } },
    }";
    let mut machine = home(config);
    machine.set("GOOGLE_KEY", "made-up");
    let router = format!("sk-or-v1-{}", "A".repeat(64));
    machine.write(".openclaw/.env", &format!("OPENROUTER={router}\n"));
    let done = import(&machine, ".openclaw", &["openclaw", "--yes", "--json"], 0).json();
    assert_eq!(
        listed(&done["profiles"], &["id"]),
        ["anthropic:default", "openrouter:default", "google:default"]
    );
    let store = profiles(&machine, "main");
    let found = &store["profiles"];
    assert_eq!(
        found["anthropic:default"]["keyRef"],
        json!({"source": "file", "provider": "vault", "id": "value"})
    );
    // It is set in OpenClaw's own file, which nobody else reads.
    assert_eq!(found["openrouter:default"]["key"], router);
    assert_eq!(found["google:default"]["keyRef"]["id"], "GOOGLE_KEY");
    assert_eq!(
        listed(&done["settings"], &["path"]),
        ["secrets.providers.vault"]
    );
    let left = listed(&done["leftOut"], &["reason"]);
    assert_eq!(left.len(), 2, "{left:?}");
    assert!(left[0].contains("OpenClaw's own database"), "{left:?}");
    assert!(
        left[1].contains("secrets.providers does not define"),
        "{left:?}"
    );
}

#[test]
fn a_provider_of_secrets_that_is_another_here() {
    let config = "{ secrets: { providers: { vault: { source: 'file', path: '/theirs' } } },
      models: { providers: { anthropic: { apiKey: { source: 'file', provider: 'vault', id: 'value' } } } } }";
    let machine = home(config);
    let ours = "{ secrets: { providers: { vault: { source: 'file', path: '/ours' } } } }";
    machine.write(".config/keywright/config.json5", ours);
    let done = import(&machine, ".openclaw", &["openclaw", "--yes", "--json"], 1).json();
    assert_eq!(done["profiles"], json!([]));
    assert!(
        done["leftOut"].to_string().contains("in another way here"),
        "{done:#}"
    );
    let config = std::fs::read_to_string(machine.ours().join("config.json5")).expect("a config");
    assert_eq!(config, ours);
}

#[test]
fn a_gateway_and_a_model_that_claude_runs() {
    let config = "{ models: { providers: { anthropic: { baseUrl: 'https://gateway.example/v1', apiKey: 'my-gateway-key-1234567890' } } },
      agents: { defaults: { model: 'anthropic/claude-opus-5', models: { 'anthropic/claude-opus-5': { agentRuntime: { id: 'claude-cli' } } } } } }";
    let machine = home(config);
    let done = import(&machine, ".openclaw", &["openclaw", "--yes", "--json"], 0).json();
    assert_eq!(
        listed(&done["profiles"], &["id"]),
        ["anthropic:default", "anthropic:claude-cli"]
    );
    let found = &profiles(&machine, "main")["profiles"];
    assert_eq!(
        found["anthropic:default"]["baseUrl"],
        "https://gateway.example/v1"
    );
    assert_eq!(found["anthropic:claude-cli"]["configDir"], "~/.claude");
    assert_eq!(done["settings"][0]["value"], "anthropic/claude-opus-5");
}

#[test]
fn files_that_make_no_sense() {
    let machine = home("{ models: { 'hunter2");
    machine.write(".openclaw/.env", "hunter2\n= \nANTHROPIC_API_KEY=\n");
    let done = import(&machine, ".openclaw", &["openclaw", "--yes", "--json"], 1).json();
    assert_eq!(done["profiles"], json!([]));
    let left = listed(&done["leftOut"], &["reason"]);
    assert_eq!(left.len(), 1, "{left:?}");
    assert!(left[0].contains("openclaw.json:1:13"), "{left:?}");
}

#[cfg(unix)]
#[test]
fn a_reference_that_came_along_leads_to_its_value() {
    use std::os::unix::fs::PermissionsExt;
    let machine = home("{}");
    let secret = machine.write("vault/key", &key("v"));
    std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(0o600)).expect("mode");
    let config = json!({
        "secrets": {"providers": {"vault": {"source": "file", "path": secret, "mode": "singleValue"}}},
        "models": {"providers": {"anthropic": {"apiKey": {"source": "file", "provider": "vault", "id": "value"}}}},
    });
    machine.write(CONFIG, &config.to_string());
    let plan = import(&machine, ".openclaw", &["openclaw", "--yes"], 0);
    assert!(
        plan.stdout.contains("by reference (file vault: value)"),
        "{plan:?}"
    );
    let value = machine.run(&["get", "--raw"]);
    assert_eq!((value.code, value.stdout.trim()), (0, key("v").as_str()));
}
