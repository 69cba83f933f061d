//! `why`: which credential wins, on machines with several.

#![cfg(unix)]

mod aws;
mod openclaw;

use crate::support::machine::{Machine, key};

const LOGIN: &str = r#"{"claudeAiOauth":{"accessToken":"sk-ant-oat01-AAAAAAAAAAAA","refreshToken":"sk-ant-ort01-AAAAAAAAAAAA","expiresAt":4100000000000,"refreshTokenExpiresAt":4100000000000,"scopes":["user:inference"],"subscriptionType":"max"}}"#;

fn sources(answer: &serde_json::Value) -> Vec<String> {
    let told = |source: &serde_json::Value| {
        let mark = if source["wins"] == true { "+" } else { "" };
        format!("{mark}{}", source["name"].as_str().expect("a name"))
    };
    let sources = answer["sources"].as_array().expect("sources");
    sources.iter().map(told).collect()
}

#[test]
fn claude_code() {
    let machine = Machine::new()
        .with("ANTHROPIC_API_KEY", &key("x"))
        .with("SHELL", "/bin/bash");
    machine.write(".claude/.credentials.json", LOGIN);
    machine.write(".bashrc", "export ANTHROPIC_API_KEY=made-up\n");
    let ended = machine.run(&["why", "claude-code", "--json"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let document = ended.json();
    assert_eq!(document["schemaVersion"], 1);
    let answer = &document["answers"][0];
    assert_eq!(sources(answer), ["+ANTHROPIC_API_KEY", "login"]);
    let fields: Vec<&str> = answer
        .as_object()
        .expect("fields")
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(
        fields,
        [
            "consumer", "provider", "winner", "summary", "bill", "sources", "notes"
        ]
    );
    let place = answer["sources"][0]["place"].as_str().expect("a place");
    assert!(place.ends_with(".bashrc:1"), "{place}");
    let text = machine.run(&["why", "claude-code"]);
    assert!(text.stdout.contains("unset ANTHROPIC_API_KEY"), "{text:?}");
    for output in [&ended.stdout, &text.stdout] {
        assert!(!output.contains("AAAAAA"), "a secret: {output}");
    }
}

#[test]
fn a_login_that_is_lost_is_shown_with_its_remedy() {
    let machine = Machine::new();
    machine.write(
        ".claude/.credentials.json",
        &LOGIN.replace("4100000000000", "1700000000000"),
    );
    let document = machine.run(&["why", "claude-code", "--json"]).json();
    let answer = &document["answers"][0];
    assert_eq!(answer["winner"], serde_json::Value::Null);
    assert_eq!(answer["sources"][0]["obstacle"], "sign-in ended");
}

#[test]
fn keywright() {
    let machine = Machine::new().with("ANTHROPIC_API_KEY", &key("x"));
    machine.write(
        ".config/keywright/agents/main/auth-profiles.json",
        &format!(
            r#"{{"version":1,"profiles":{{"anthropic:default":{{"type":"api_key","provider":"anthropic","key":"{}"}}}}}}"#,
            key("y")
        ),
    );
    let before = std::fs::metadata(machine.store())
        .expect("a store")
        .modified()
        .expect("a time");
    let document = machine.run(&["why", "keywright", "--json"]).json();
    let answer = &document["answers"][0];
    assert_eq!(answer["provider"], "anthropic");
    assert_eq!(sources(answer), ["+anthropic:default", "ANTHROPIC_API_KEY"]);
    let after = std::fs::metadata(machine.store())
        .expect("a store")
        .modified()
        .expect("a time");
    assert_eq!(before, after);
    let machine = machine.with("KEYWRIGHT_PROFILE", "anthropic:gone");
    assert_eq!(machine.run(&["why", "keywright"]).code, 1);
}

#[test]
fn all_of_them_and_unknown_ones() {
    let machine = Machine::new();
    let document = machine.run(&["why", "--json"]).json();
    let consumers: Vec<_> = document["answers"]
        .as_array()
        .expect("answers")
        .iter()
        .map(|answer| answer["consumer"].clone())
        .collect();
    assert_eq!(consumers, ["claude-code", "keywright"]);
    let ended = machine.run(&["why", "codex"]);
    assert_eq!(ended.code, 64);
    let known = "claude-code, aws, openclaw, keywright";
    assert!(ended.stderr.contains(known), "{ended:?}");
    let document = machine.run(&["why", "aws", "--json"]).json();
    assert_eq!(document["answers"][0]["winner"], serde_json::Value::Null);
}

#[test]
fn a_table_where_it_fits_and_a_list_where_it_does_not() {
    let machine = Machine::new().with("ANTHROPIC_API_KEY", &key("x"));
    machine.write(".claude/.credentials.json", LOGIN);
    machine.write(
        ".clawdbot/.env",
        &format!("ANTHROPIC_API_KEY={}\n", key("y")),
    );
    machine.write(".aws/config", "[default]\ncredential_process=/bin/x\n");
    for (columns, head) in [(100, "Source"), (40, "1. ANTHROPIC_API_KEY: in use")] {
        let mut terminal = machine.terminal(columns, 200, &["why"]);
        let left = terminal.end();
        left.with_code(0).says(head);
        for name in ["Claude Code uses", "Clawdbot uses", "The AWS CLI uses"] {
            left.says(name);
        }
    }
    let piped = machine.run(&["why"]).stdout;
    assert!(piped.contains("   Source "), "{piped}");
}

#[test]
fn without_a_home_there_is_still_the_environment() {
    let mut machine = Machine::new().with("CLAUDE_CODE_OAUTH_TOKEN", "sk-ant-oat01-TEST");
    machine.unset("HOME");
    let document = machine.run(&["why", "claude-code", "--json"]).json();
    let answer = &document["answers"][0];
    assert_eq!(answer["winner"], "CLAUDE_CODE_OAUTH_TOKEN");
}

#[test]
fn a_login_that_is_gone_is_not_in_use() {
    let machine = Machine::new().with("ANTHROPIC_API_KEY", &key("x"));
    machine.write(
        ".config/keywright/agents/main/auth-profiles.json",
        r#"{"version":1,"profiles":{"anthropic:claude-cli":{"type":"oauth","provider":"anthropic","source":"claude-cli","configDir":"~/.claude"}}}"#,
    );
    let document = machine.run(&["why", "keywright", "--json"]).json();
    let answer = &document["answers"][0];
    assert_eq!(
        sources(answer),
        ["anthropic:claude-cli", "+ANTHROPIC_API_KEY"]
    );
    assert_ne!(answer["sources"][0]["obstacle"], serde_json::Value::Null);
    machine.write(".claude/.credentials.json", LOGIN);
    let document = machine.run(&["why", "keywright", "--json"]).json();
    assert_eq!(document["answers"][0]["winner"], "anthropic:claude-cli");
}

#[test]
fn every_program_is_answered_for_without_a_home() {
    let mut machine = Machine::new().with("ANTHROPIC_API_KEY", &key("x"));
    machine.unset("HOME");
    let ended = machine.run(&["why", "--json"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let document = ended.json();
    for answer in document["answers"].as_array().expect("answers") {
        assert_eq!(answer["winner"], "ANTHROPIC_API_KEY", "{answer:#}");
    }
}
