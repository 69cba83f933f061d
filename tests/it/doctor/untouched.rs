//! Whatever the doctor is asked for, short of a fix, everything stays as it was: contents, modes
//! and times of everything in the home, Claude Code's folder, the cache of sign-ins and OpenClaw's
//! folder included.

use super::{VERSION, private, server, store, tree};
use crate::support::keys;
use crate::support::machine::{Machine, key};

/// Claude Code would renew this login, and the AWS SDK that session: neither is their turn now.
const LOGIN: &str = r#"{"claudeAiOauth":{"accessToken":"sk-ant-oat01-MADEUP","refreshToken":"sk-ant-ort01-MADEUP","expiresAt":1,"scopes":["user:inference"]}}"#;
const SESSION: &str = r#"{"startUrl":"https://made-up.example/start","region":"us-east-1","accessToken":"made-up","expiresAt":"2020-01-01T00:00:00Z","refreshToken":"made-up","clientId":"x","clientSecret":"made-up","registrationExpiresAt":"2099-01-01T00:00:00Z"}"#;
const AWS: &str = "[profile dev]\nsso_session = corp\nsso_account_id = 1\nsso_role_name = x\nregion = us-east-1\n[sso-session corp]\nsso_start_url = https://made-up.example/start\nsso_region = us-east-1\n";

/// A home with something of everybody in it, and things to mend in most of it.
fn lived_in() -> Machine {
    let mut machine = Machine::new();
    machine.program("claude", VERSION);
    store(&machine, &keys::key("works"));
    private(&machine.write(".claude/.credentials.json", LOGIN), 0o644);
    machine.write(".claude/settings.json", "{\"env\": {}}");
    machine.write(".claude.json", "{broken");
    machine.write(".claude/backups/.claude.json.backup.1", "{}");
    machine.write(".aws/config", AWS);
    let cached = ".aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json";
    private(&machine.write(cached, SESSION), 0o600);
    machine.write(".openclaw/openclaw.json", "{ env: { vars: {} } }");
    let profiles = format!(
        r#"{{"version":1,"profiles":{{"anthropic:default":{{"type":"api_key","provider":"anthropic","key":"{}"}}}}}}"#,
        key("o")
    );
    machine.write(".openclaw/agents/main/agent/auth-profiles.json", &profiles);
    let variables = format!("ANTHROPIC_API_KEY={}\n", key("e"));
    machine.write(".openclaw/.env", &variables);
    machine.write(".clawdbot/clawdbot.json", "{}");
    let unit =
        "[Service]\nEnvironmentFile=%h/.openclaw/.env\nExecStart=/usr/bin/openclaw gateway\n";
    machine.write(".config/systemd/user/openclaw-gateway.service", unit);
    let managed = format!("# anthropic:default\n{variables}");
    private(&machine.write(".config/keywright/.env", &managed), 0o644);
    let config = "{ doctor: { ignore: [{code: 'CRED-001'}] } }";
    private(
        &machine.write(".config/keywright/config.json5", config),
        0o600,
    );
    let left = machine.write(".config/keywright/state/journal/x.pending", "{}");
    private(&left, 0o600);
    machine.write(".bashrc", &format!("export {variables}"));
    machine.write(".profile", "export FROM_PROFILE=1\n");
    std::fs::create_dir_all(machine.home().join(".cache")).expect("a folder");
    machine.set("AWS_PROFILE", "dev");
    machine.set("CLAUDE_CODE_USE_BEDROCK", "1");
    machine.set("SHELL", "/bin/sh");
    machine
}

/// Every way to ask, but for those that write the file that they are given.
const WAYS: &[&[&str]] = &[
    &[],
    &["--offline"],
    &["--offline", "--format", "json"],
    &["--offline", "--format", "markdown"],
    &["--offline", "--format", "junit"],
    &["--offline", "--format", "github"],
    &["--offline", "--strict", "-v"],
    &["--deep"],
    &["--service", "openclaw-gateway", "--offline"],
    &["--probe-profile", "all"],
    &["--probe=paid"],
    &["--wait", "1s", "--only", "net,api"],
    &["--only", "aws"],
    &["--skip", "env"],
    &["--timeout", "5s", "--json"],
    &["list"],
    &["list", "--json"],
    &["explain", "API-002"],
    &["explain", "no such message"],
];

#[test]
fn nothing_is_changed_in_any_mode() {
    let mut machine = lived_in();
    let _server = server(&mut machine);
    let before = tree(machine.folder());
    for way in WAYS {
        let ended = machine.run(&[&["doctor"], *way].concat());
        assert!([0, 1, 2, 3].contains(&ended.code), "{way:?}: {ended:?}");
        assert!(!ended.stdout.is_empty() || ended.code == 1, "{way:?}");
        same(&before, &machine, way);
    }
}

#[test]
fn a_bundle_is_all_that_is_written() {
    let mut machine = lived_in();
    let _server = server(&mut machine);
    let elsewhere = Machine::new();
    let bundle = elsewhere.folder().join("bundle.json");
    let path = bundle.display().to_string();
    let before = tree(machine.folder());
    let way = ["--bundle", &path];
    let written = machine.run(&[&["doctor"], &way[..]].concat());
    assert!(bundle.is_file(), "{written:?}");
    same(&before, &machine, &way);
    let outside = tree(elsewhere.folder());
    for format in ["text", "json", "markdown", "junit", "github"] {
        let way = ["--from", &path, "--format", format];
        let ended = machine.run(&[&["doctor"], &way[..]].concat());
        assert_eq!(ended.code, written.code, "{format}: {ended:?}");
        same(&before, &machine, &way);
    }
    assert!(
        outside == tree(elsewhere.folder()),
        "the bundle was changed"
    );
}

#[test]
fn a_token_that_claude_tries_leaves_no_trace() {
    let mut machine = lived_in();
    let token = keys::token("subscription-works");
    let profile = format!(
        r#"{{"version":1,"profiles":{{"anthropic:manual":{{"type":"token","provider":"anthropic","token":"{token}"}}}}}}"#
    );
    private(
        &machine.write(".config/keywright/agents/main/auth-profiles.json", &profile),
        0o600,
    );
    let answers = r#"case "$1" in --version) echo '2.1.329 (Claude Code)';; *) echo '{"type":"result","subtype":"success","is_error":false,"result":"OK"}' ; echo x > "$HOME/made" ; echo x > "$CLAUDE_CONFIG_DIR/made" ;; esac"#;
    machine.program("claude", answers);
    let _server = server(&mut machine);
    let before = tree(machine.folder());
    let ended = machine.run(&["doctor", "--probe=paid", "--only", "api", "--json"]);
    let probes = ended.json()["probes"].clone();
    assert_eq!(probes[0]["status"], "ok", "{ended:?}");
    same(&before, &machine, &["--probe=paid"]);
}

fn same(before: &super::Tree, machine: &Machine, way: &[&str]) {
    let after = tree(machine.folder());
    let changed = after
        .iter()
        .filter(|(path, entry)| before.get(*path) != Some(entry));
    let changed: Vec<&String> = changed.map(|(path, _)| path).collect();
    let gone: Vec<&String> = before
        .keys()
        .filter(|path| !after.contains_key(*path))
        .collect();
    assert!(
        changed.is_empty() && gone.is_empty(),
        "{way:?}: {changed:?} {gone:?}"
    );
}
