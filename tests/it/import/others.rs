//! Claude Code, the AWS CLI and the environment; several sources at once.

use serde_json::json;

use super::{AWS_ID, AWS_SECRET, done, import, listed, profiles, token};
use crate::support::machine::{Machine, key};

fn login(machine: &Machine, folder: &str, expires: i64) {
    let login = json!({"claudeAiOauth": {"accessToken": token(), "refreshToken": "", "expiresAt": expires, "scopes": ["user:inference"], "subscriptionType": "max"}});
    machine.write(&format!("{folder}/.credentials.json"), &login.to_string());
}

#[test]
fn a_login_of_claude_code_by_reference() {
    let machine = Machine::new();
    login(&machine, ".claude", 4_102_444_800_000);
    login(&machine, "work/claude", 4_102_444_800_000);
    login(&machine, "dead", 1);
    done(&machine, ".claude", &["claude-code", "--yes"]);
    let from = [
        "claude-code",
        "--from",
        "work/claude",
        "--yes",
        "--profile-id",
        "anthropic:claude-cli=anthropic:work",
    ];
    done(&machine, "work", &from);
    let store = profiles(&machine, "main");
    assert_eq!(
        store["profiles"]["anthropic:claude-cli"]["configDir"],
        "~/.claude"
    );
    let work = machine.home().join("work/claude").display().to_string();
    assert_eq!(store["profiles"]["anthropic:work"]["configDir"], work);
    assert!(!store.to_string().contains(&token()), "never a token");
    let dead = import(
        &machine,
        "dead",
        &["claude-code", "--from", "dead", "--yes", "--json"],
        1,
    );
    assert!(
        dead.json()["leftOut"][0]["advice"]
            .to_string()
            .contains("claude auth login"),
        "{dead:?}"
    );
}

#[test]
fn profiles_of_the_aws_cli_stay_where_they_are() {
    let machine = Machine::new();
    machine.write(
        ".aws/config",
        "[default]\nregion = eu-west-1\n[profile Team SSO]\nsso_start_url = https://x\nsso_region = us-east-1\nsso_account_id = 1\nsso_role_name = r\nregion = us-west-2\n[profile broken]\nrole_arn = arn:aws:iam::1:role/x\nsource_profile = gone\n",
    );
    machine.write(
        ".aws/credentials",
        &format!("[work]\naws_access_key_id = {AWS_ID}\naws_secret_access_key = {AWS_SECRET}\n"),
    );
    let done = import(&machine, ".aws", &["aws", "--yes", "--json"], 0).json();
    assert_eq!(
        listed(&done["profiles"], &["id"]),
        ["bedrock:team-sso", "bedrock:work"]
    );
    assert_eq!(listed(&done["leftOut"], &["source"]), ["aws"]);
    let store = profiles(&machine, "main");
    let sso = &store["profiles"]["bedrock:team-sso"];
    assert_eq!(
        (&sso["method"], &sso["awsProfile"], &sso["region"]),
        (&json!("profile"), &json!("Team SSO"), &json!("us-west-2"))
    );
    let text = store.to_string();
    assert!(
        !text.contains(AWS_ID) && !text.contains(AWS_SECRET),
        "{text}"
    );
    let elsewhere = machine.run(&["import", "aws", "--from", ".aws", "--yes"]);
    assert_eq!(elsewhere.code, 64, "{elsewhere:?}");
}

fn full_environment() -> Machine {
    Machine::new()
        .with("ANTHROPIC_API_KEY", &key("d"))
        .with("ANTHROPIC_API_KEY_WORK", &key("w"))
        .with("ANTHROPIC_API_KEYS", &format!("{},{}", key("1"), key("2")))
        .with("CLAUDE_CODE_OAUTH_TOKEN", &token())
        .with("ANTHROPIC_AUTH_TOKEN", "gateway-hunter2")
        .with("AWS_ACCESS_KEY_ID", AWS_ID)
        .with("AWS_SECRET_ACCESS_KEY", AWS_SECRET)
        .with("AWS_REGION", "us-east-1")
}

#[test]
fn keys_of_the_environment() {
    let machine = full_environment();
    let plan = import(&machine, ".", &["environment", "--dry-run", "--json"], 0).json();
    assert_eq!(
        listed(&plan["profiles"], &["id", "nameThere"]),
        [
            "anthropic:key-1 ANTHROPIC_API_KEYS",
            "anthropic:key-2 ANTHROPIC_API_KEYS",
            "anthropic:default ANTHROPIC_API_KEY",
            "anthropic:work ANTHROPIC_API_KEY_WORK",
            "anthropic:manual CLAUDE_CODE_OAUTH_TOKEN",
            "bedrock:default AWS_ACCESS_KEY_ID",
        ]
    );
    let left = &plan["leftOut"][0]["place"];
    assert_eq!(left["locator"], "ANTHROPIC_AUTH_TOKEN");
    assert_eq!(left["source"], "environment");
}

#[test]
fn references_to_the_environment() {
    let machine = full_environment();
    let arguments = [
        "import",
        "environment",
        "--secret-input-mode",
        "ref",
        "--yes",
        "--json",
    ];
    let done = machine.run(&arguments);
    assert_eq!(done.code, 0, "{done:?}");
    let done = done.json();
    assert_eq!(
        done["profiles"].as_array().map(Vec::len),
        Some(4),
        "{done:#}"
    );
    let store = profiles(&machine, "main");
    let reference = |name: &str| json!({"source": "env", "provider": "default", "id": name});
    let found = &store["profiles"];
    let check = |id: &str, field: &str, name: &str| {
        assert_eq!(found[id][field], reference(name), "{id}");
    };
    check("anthropic:work", "keyRef", "ANTHROPIC_API_KEY_WORK");
    check("anthropic:manual", "tokenRef", "CLAUDE_CODE_OAUTH_TOKEN");
    check(
        "bedrock:default",
        "secretAccessKeyRef",
        "AWS_SECRET_ACCESS_KEY",
    );
    assert!(!store.to_string().contains("AAAAAA"), "{store}");
}

#[test]
fn the_same_key_in_two_places_is_taken_once() {
    let machine = Machine::new().with("ANTHROPIC_API_KEY", &key("d"));
    let store = json!({"version": 1, "profiles": {
        "anthropic:mine": {"type": "api_key", "provider": "anthropic", "key": key("d")},
        "anthropic:claude-cli": {"type": "oauth", "provider": "anthropic", "refresh": "sk-ant-ort01-REFRESH"},
    }});
    machine.write(
        ".clawdbot/agents/main/agent/auth-profiles.json",
        &store.to_string(),
    );
    login(&machine, ".claude", 4_102_444_800_000);
    let plan = import(&machine, ".clawdbot", &["--dry-run", "--json"], 0).json();
    assert_eq!(
        listed(&plan["profiles"], &["id", "source"]),
        ["anthropic:mine clawdbot", "anthropic:claude-cli clawdbot"]
    );
    let remarks = plan["profiles"].to_string();
    assert!(
        remarks.contains("the environment has it too, as ANTHROPIC_API_KEY"),
        "{remarks}"
    );
    assert!(remarks.contains("Claude Code has it too"), "{remarks}");
    assert_eq!(plan["sources"].as_array().map(Vec::len), Some(6));
}

#[test]
fn ten_thousand_profiles() {
    let machine = Machine::new();
    let one = |n: usize| {
        let profile =
            json!({"type": "api_key", "provider": "anthropic", "key": key(&format!("{n:05}"))});
        (format!("anthropic:p{n}"), profile)
    };
    let all: serde_json::Map<_, _> = (0..10_000).map(one).collect();
    machine.write(
        ".clawdbot/agents/main/agent/auth-profiles.json",
        &json!({"version": 1, "profiles": all}).to_string(),
    );
    let done = machine.run(&["import", "clawdbot", "--yes", "-q"]);
    assert_eq!(done.code, 0, "{}", done.stderr);
    let count = profiles(&machine, "main")["profiles"]
        .as_object()
        .map(serde_json::Map::len);
    assert_eq!(count, Some(10_000));
}
