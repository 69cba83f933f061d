//! The login and the files of Claude Code, and the tokens beside it.

use std::os::unix::fs::symlink;
use std::path::PathBuf;

use super::{VERSION, check, examine, failed, private, status, store};
use crate::support::machine::{Machine, key};

/// Before any time that these tests run at, and after it.
const PAST: &str = "1700000000000";
const FUTURE: &str = "4100000000000";

fn machine() -> Machine {
    let machine = Machine::new();
    machine.program("claude", VERSION);
    machine
}

fn text(access: &str, expires: &str, refresh: &str) -> String {
    format!(
        r#"{{"claudeAiOauth":{{"accessToken":"{access}","refreshToken":"sk-ant-ort01-{:A<90}","expiresAt":{expires},{refresh}"scopes":["user:inference"],"subscriptionType":"max"}}}}"#,
        "TEST"
    )
}

fn login(machine: &Machine, text: &str) -> PathBuf {
    let path = machine.write(".claude/.credentials.json", text);
    private(&path, 0o600);
    path
}

fn access() -> String {
    format!("sk-ant-oat01-{:A<95}", "TEST")
}

fn ending(time: &str) -> String {
    format!(r#""refreshTokenExpiresAt":{time},"#)
}

/// Everything but the network.
fn offline(machine: &Machine) -> (serde_json::Value, crate::support::machine::Ended) {
    examine(machine, &["--offline"])
}

#[test]
fn a_machine_with_a_login_alone_is_healthy() {
    let machine = machine();
    login(&machine, &text(&access(), FUTURE, &ending(FUTURE)));
    let (document, text) = offline(&machine);
    assert_eq!(text.code, 0, "{}", text.stdout);
    assert_eq!(failed(&document), [""; 0], "{}", text.stdout);
    assert_eq!(document["summary"]["warn"], 0, "{}", text.stdout);
    assert_eq!(status(&document, "CRED-013"), "pass");
    assert_eq!(status(&document, "STORE-009"), "not_applicable");
}

#[test]
fn what_claude_code_has_of_its_own_is_enough() {
    let helper = r#"{"apiKeyHelper":"/bin/echo x"}"#;
    let cloud = r#"{"env":{"CLAUDE_CODE_USE_VERTEX":"1"}}"#;
    let managed = r#"{"primaryApiKey":"sk-ant-api03-TEST","hasCompletedOnboarding":true}"#;
    let files = [
        (".claude/settings.json", helper),
        (".claude/settings.json", cloud),
        (".claude.json", managed),
    ];
    for (path, text) in files {
        let machine = machine();
        machine.write(path, text);
        let (document, ended) = offline(&machine);
        assert_eq!(failed(&document), [""; 0], "{text}: {}", ended.stdout);
        assert_eq!(status(&document, "STORE-009"), "not_applicable", "{text}");
    }
    // A profile that is active and gone is nothing to go on.
    let machine = machine();
    machine.write(".config/anthropic/active_config", "gone");
    assert_eq!(failed(&offline(&machine).0), ["STORE-009"]);
}

#[test]
fn each_state_of_a_login_has_its_code() {
    let blanked = text("", "0", "");
    let dead = text(&access(), PAST, &ending(PAST));
    let scopeless = text(&access(), FUTURE, &ending(FUTURE)).replace("user:inference", "");
    let cases = [
        ("{\"claudeAiOauth\":\n {,}}", "CRED-010"),
        (dead.as_str(), "CRED-013"),
        (blanked.as_str(), "CRED-014"),
        (scopeless.as_str(), "CRED-016"),
    ];
    for (text, code) in cases {
        let machine = machine();
        login(&machine, text);
        let (document, ended) = offline(&machine);
        assert_eq!(failed(&document), [code], "{}", ended.stdout);
        assert_eq!(ended.code, 1, "{code}");
        let place = check(&document, code)["finding"]["evidence"].to_string();
        assert!(place.contains(".credentials.json"), "{place}");
    }
}

#[test]
fn a_login_in_a_folder_of_its_own_is_the_one_that_counts() {
    let machine = machine();
    let folder = machine.home().join("work login");
    let profile = format!(
        r#"{{"version":1,"profiles":{{"anthropic:work":{{"type":"oauth","provider":"anthropic","source":"claude-cli","configDir":"{}"}}}}}}"#,
        folder.display()
    );
    let path = machine.write(".config/keywright/agents/main/auth-profiles.json", &profile);
    private(&path, 0o600);
    for folder in path.ancestors().skip(1).take(3) {
        private(folder, 0o700);
    }
    let good = text(&access(), FUTURE, &ending(FUTURE));
    let dead = text(&access(), PAST, &ending(PAST));
    let line = format!("CLAUDE_CONFIG_DIR='{}' claude auth login", folder.display());
    let (document, ended) = offline(&machine);
    assert_eq!(failed(&document), ["CRED-010"], "{}", ended.stdout);
    assert!(ended.stdout.contains(&line), "{}", ended.stdout);
    // The login of the usual folder has no part in it.
    login(&machine, &dead);
    private(&machine.write("work login/.credentials.json", &good), 0o600);
    let (document, ended) = offline(&machine);
    assert_eq!(failed(&document), [""; 0], "{}", ended.stdout);
    machine.write("work login/.credentials.json", &dead);
    login(&machine, &good);
    let (document, ended) = offline(&machine);
    assert_eq!(failed(&document), ["CRED-013"], "{}", ended.stdout);
    assert!(ended.stdout.contains(&line), "{}", ended.stdout);
}

#[test]
fn what_is_no_file_has_one_cause() {
    let put = |what: fn(&std::path::Path)| {
        let machine = machine();
        let path = machine.home().join(".claude/.credentials.json");
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        what(&path);
        let (document, text) = offline(&machine);
        assert_eq!(failed(&document), ["CRED-010"], "{}", text.stdout);
        assert_eq!(document["summary"]["warn"], 0, "{}", text.stdout);
        let path = path.display();
        let line = format!("mv {path} {path}.broken");
        assert!(text.stdout.contains(&line), "{}", text.stdout);
    };
    put(|path| std::fs::create_dir(path).expect("a folder"));
    put(|path| symlink("/nonexistent/login.json", path).expect("a link"));
    put(|path| symlink(".credentials.json", path).expect("a circle"));
}

#[test]
fn a_login_that_ends_soon_or_cannot_tell_is_mentioned() {
    let machine = machine();
    login(&machine, &text(&access(), PAST, ""));
    let (document, text_) = offline(&machine);
    assert_eq!(status(&document, "CRED-012"), "info", "{}", text_.stdout);
    assert_eq!(text_.code, 0);
    let machine = Machine::new().with("KEYWRIGHT_NOW", "2026-11-20T12:00:00Z");
    machine.program("claude", VERSION);
    // 2026-11-21T12:00:00Z
    login(&machine, &text(&access(), FUTURE, &ending("1795262400000")));
    let (document, text_) = offline(&machine);
    assert_eq!(status(&document, "CRED-013"), "warn", "{}", text_.stdout);
}

#[test]
fn a_shared_login_is_the_root_cause() {
    let machine = machine();
    let path = login(&machine, &text("", "0", ""));
    let elsewhere = machine.home().join("shared.json");
    std::fs::rename(&path, &elsewhere).expect("moved");
    symlink(&elsewhere, &path).expect("linked");
    let (document, text) = offline(&machine);
    assert_eq!(failed(&document), ["CRED-015"], "{}", text.stdout);
    assert_eq!(check(&document, "CRED-014")["blockedBy"], "CRED-015");
}

#[test]
fn an_open_login_is_a_warning() {
    let machine = machine();
    let path = login(&machine, &text(&access(), FUTURE, &ending(FUTURE)));
    private(&path, 0o644);
    let (document, text) = offline(&machine);
    assert_eq!(status(&document, "CRED-011"), "warn", "{}", text.stdout);
    assert_eq!(text.code, 0);
}

#[test]
fn a_key_before_a_login_is_a_warning() {
    let machine = machine().with("ANTHROPIC_API_KEY", &key("x"));
    login(&machine, &text(&access(), FUTURE, &ending(FUTURE)));
    let (document, text) = offline(&machine);
    assert_eq!(status(&document, "ENV-001"), "warn", "{}", text.stdout);
    assert!(failed(&document).is_empty(), "{}", text.stdout);
    assert!(text.stdout.contains("unset ANTHROPIC_API_KEY"));
}

#[test]
fn a_setting_before_a_token_is_a_warning() {
    let key = format!(r#"{{"env":{{"ANTHROPIC_API_KEY":"{}"}}}}"#, key("x"));
    for (settings, name) in [
        (key.as_str(), "ANTHROPIC_API_KEY"),
        (r#"{"apiKeyHelper":"/bin/echo x"}"#, "apiKeyHelper"),
    ] {
        let machine = machine().with("CLAUDE_CODE_OAUTH_TOKEN", &access());
        let path = machine.write(".claude/settings.json", settings);
        let (document, text) = offline(&machine);
        let found = &check(&document, "ENV-001")["finding"];
        assert_eq!(found["subject"], name, "{}", text.stdout);
        let step = found["remedies"][0]["steps"][0]["edit"].as_str();
        let path = path.display().to_string();
        assert!(step.is_some_and(|step| step.contains(&path)), "{found:#}");
    }
}

#[test]
fn files_of_claude_code() {
    let machine = machine();
    store(&machine, &key("x"));
    machine.write(".claude.json", "{\"a\": 1,\n  oops");
    machine.write(".claude/settings.json", "{\"env\": }");
    let (document, text) = offline(&machine);
    assert_eq!(failed(&document), ["CFG-001"], "{}", text.stdout);
    assert_eq!(status(&document, "CFG-002"), "warn");
    assert!(text.stdout.contains(".claude.json:2:"), "{}", text.stdout);
    let only = |machine: &Machine, code: &str| {
        let (document, _) = examine(machine, &["--offline", "--only", code]);
        status(&document, code).to_owned()
    };
    let moved = machine.with("CLAUDE_CONFIG_DIR", "/nonexistent/folder");
    assert_eq!(only(&moved, "CFG-003"), "warn");
    let file = moved.write("file", "").display().to_string();
    let moved = moved.with("CLAUDE_CONFIG_DIR", &file);
    assert_eq!(only(&moved, "CFG-003"), "fail");
    let named = Machine::new().with("ANTHROPIC_PROFILE", "gone");
    assert_eq!(only(&named, "CFG-004"), "fail");
    named.write(".config/anthropic/configs/gone.json", "{}");
    assert_eq!(only(&named, "CFG-004"), "pass");
    let forced = Machine::new();
    forced.write(
        ".claude/settings.json",
        r#"{"forceLoginMethod": "console"}"#,
    );
    assert_eq!(only(&forced, "CFG-005"), "info");
}

#[test]
fn tokens() {
    let only = |machine: &Machine, code: &str| {
        let (document, _) = examine(machine, &["--offline", "--only", code]);
        status(&document, code).to_owned()
    };
    let variable = "CLAUDE_CODE_OAUTH_TOKEN";
    let whole = machine().with(variable, &access());
    assert_eq!(only(&whole, "CRED-031"), "pass");
    assert_eq!(only(&whole, "CLI-020"), "warn");
    whole.write(".claude.json", r#"{"hasCompletedOnboarding": true}"#);
    assert_eq!(only(&whole, "CLI-020"), "pass");
    let cut = machine().with(variable, &access()[..79]);
    let (document, text) = offline(&cut);
    assert_eq!(failed(&document), ["CRED-031"], "{}", text.stdout);
    assert!(text.stdout.contains("unset CLAUDE_CODE_OAUTH_TOKEN"));
    let elsewhere = machine().with("ANTHROPIC_OAUTH_TOKEN", &access());
    assert_eq!(only(&elsewhere, "CRED-032"), "warn");
    let aged = machine();
    let path = aged.write(
        ".config/keywright/agents/main/auth-profiles.json",
        &format!(
            r#"{{"version":1,"profiles":{{"anthropic:manual":{{"type":"token","provider":"anthropic","token":"{}","expires":1795262400000,"expiresAssumed":true}}}}}}"#,
            access()
        ),
    );
    private(&path, 0o600);
    let text = std::fs::read_to_string(&path).expect("a store");
    std::fs::write(&path, text.replace(&access(), &access()[..80])).expect("cut");
    let line = "keywright onboard --flow setup-token --profile-id anthropic:manual --replace";
    assert!(offline(&aged).1.stdout.contains(line));
    std::fs::write(&path, text).expect("whole again");
    let aged = aged.with("KEYWRIGHT_NOW", "2026-11-10T12:00:00Z");
    assert_eq!(only(&aged, "CRED-033"), "warn");
    let (document, _) = examine(&aged, &["--only", "API-001"]);
    assert_eq!(status(&document, "API-001"), "info", "{document:#}");
}

#[test]
fn a_token_is_tried_by_claude_when_asked_to() {
    let good = r#"{"type":"result","subtype":"success","is_error":false,"result":"ok"}"#;
    let bad = r#"{"type":"result","subtype":"success","is_error":true,"api_error_status":401,"result":"Failed to authenticate. API Error: 401 Invalid bearer token"}"#;
    let disabled = r#"{"type":"result","subtype":"success","is_error":true,"api_error_status":403,"result":"Your organization has disabled Claude subscription access"}"#;
    for (says, code, expected) in [
        (good, "API-001", "pass"),
        (bad, "API-002", "fail"),
        (disabled, "API-006", "fail"),
    ] {
        let machine = Machine::new()
            .with("CLAUDE_CODE_OAUTH_TOKEN", &access())
            .with("ANTHROPIC_API_KEY", "")
            .with("AWS_SECRET_ACCESS_KEY", "made-up");
        let elsewhere = Machine::new();
        let seen = elsewhere.home().join("seen");
        machine.program(
            "claude",
            &format!(
                "case \"$1\" in --version) {VERSION}; exit;; esac\nexport -p > '{}'\necho '{says}'",
                seen.display()
            ),
        );
        let text = machine.run(&["doctor", "--json", "--probe=paid", "--only", "api"]);
        assert_eq!(status(&text.json(), code), expected, "{}", text.stdout);
        assert!(text.stderr.contains("costs a little usage"), "{text:?}");
        assert!(!text.stdout.contains(&access()), "{}", text.stdout);
        let seen = std::fs::read_to_string(seen).expect("claude ran");
        assert!(seen.contains(&access()), "{seen}");
        assert!(!seen.contains("made-up"), "{seen}");
        let home = format!("HOME='{}'", machine.home().display());
        assert!(!seen.contains(&home), "{seen}");
    }
}

#[test]
fn shells_and_terminals() {
    let machine = machine().with("SHELL", "/bin/bash");
    machine.write(
        ".bashrc",
        "# nothing\nalias claude='~/.claude/local/claude'\n",
    );
    let (document, text) = examine(&machine, &["--offline", "--only", "CLI-005"]);
    assert_eq!(status(&document, "CLI-005"), "info");
    assert!(text.stdout.contains(".bashrc:2"), "{}", text.stdout);
    let remote = machine.with("SSH_CONNECTION", "192.0.2.1 1 192.0.2.2 22");
    let (document, text) = examine(&remote, &["--offline", "--only", "TTY-010,TTY-002"]);
    assert_eq!(status(&document, "TTY-010"), "info", "{}", text.stdout);
    assert_eq!(status(&document, "TTY-002"), "not_applicable");
}

#[test]
fn a_program_for_another_system() {
    let machine = Machine::new();
    store(&machine, &key("x"));
    let path = machine.program("claude", "");
    std::fs::write(&path, b"MZ\x90\0 made for Windows").expect("a file");
    let (document, text) = examine(&machine, &["--offline", "--only", "cli"]);
    assert_eq!(failed(&document), ["CLI-006"], "{}", text.stdout);
    assert_eq!(check(&document, "CLI-003")["blockedBy"], "CLI-006");
}
