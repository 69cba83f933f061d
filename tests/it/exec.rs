//! `exec` and `env`: what another program gets, from which source, and what it must not get.

use crate::support::machine::{Ended, Machine, key};

const STORE: &str = ".config/keywright/agents/main/auth-profiles.json";

/// A machine whose store holds these profiles, and no others.
fn machine(profiles: &str) -> Machine {
    let machine = Machine::new();
    machine.write(
        STORE,
        &format!(r#"{{"version":1,"profiles":{{{profiles}}}}}"#),
    );
    machine
}

fn api_key(id: &str, tail: &str, more: &str) -> String {
    let key = key(tail);
    format!(r#""{id}":{{"type":"api_key","provider":"anthropic","key":"{key}"{more}}}"#)
}

fn token(id: &str) -> String {
    format!(r#""{id}":{{"type":"token","provider":"anthropic","token":"sk-ant-oat01-MADE-UP"}}"#)
}

#[test]
fn env_prints_code_and_nothing_else() {
    let machine = machine(&api_key("anthropic:default", "01", ""));
    let check = |shell: &str, expected: &str| {
        let ended = machine.run(&["env", "--shell", shell]);
        assert_eq!(ended.code, 0, "{ended:?}");
        assert_eq!(ended.stderr, "");
        let last: Vec<&str> = ended
            .stdout
            .lines()
            .rev()
            .take(expected.lines().count())
            .collect();
        let last: Vec<&str> = last.into_iter().rev().collect();
        assert_eq!(last.join("\n"), expected, "{shell}");
    };
    let key = key("01");
    check("sh", &format!("export ANTHROPIC_API_KEY={key}"));
    check("bash", &format!("export ANTHROPIC_API_KEY={key}"));
    check("zsh", &format!("export ANTHROPIC_API_KEY={key}"));
    check("fish", &format!("set -gx ANTHROPIC_API_KEY '{key}'"));
    check("dotenv", &format!("ANTHROPIC_API_KEY={key}"));
    check("json", &format!("  \"ANTHROPIC_API_KEY\": \"{key}\"\n}}"));
    check(
        "github",
        &format!("ANTHROPIC_API_KEY<<KEYWRIGHT\n{key}\nKEYWRIGHT"),
    );
    let ended = machine.run(&["env", "--shell", "json"]);
    assert_eq!(
        ended.json()["ANTHROPIC_AUTH_TOKEN"],
        serde_json::Value::Null
    );
}

#[cfg(unix)]
#[test]
fn env_speaks_the_users_language() {
    let machine = machine(&api_key("anthropic:default", "01", "")).with("SHELL", "/usr/bin/fish");
    let ended = machine.run(&["env"]);
    assert!(ended.stdout.contains("set -gx"), "{ended:?}");
    let machine = machine.with("SHELL", "/usr/bin/nu");
    let ended = machine.run(&["env"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (64, ""), "{ended:?}");
    assert!(ended.stderr.contains("--shell"), "{ended:?}");
}

#[test]
fn env_takes_everything_away_again() {
    let machine = Machine::new();
    let ended = machine.run(&["env", "--unset", "--shell", "sh"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    for name in [
        "ANTHROPIC_API_KEY",
        "ANTHROPIC_BASE_URL",
        "AWS_BEARER_TOKEN_BEDROCK",
        "AWS_SECRET_ACCESS_KEY",
        "CLAUDE_CODE_OAUTH_TOKEN",
        "CLAUDE_CODE_USE_BEDROCK",
    ] {
        assert!(
            ended.stdout.lines().any(|l| l == format!("unset {name}")),
            "{name}"
        );
    }
    assert!(!ended.stdout.contains("export"));
    for shell in ["dotenv", "github"] {
        assert_eq!(machine.run(&["env", "--unset", "--shell", shell]).code, 64);
    }
    assert!(!machine.ours().exists(), "reading creates nothing");
}

#[test]
fn a_runner_is_told_to_blot_the_key_out() {
    let machine = machine(&api_key("anthropic:default", "01", "")).with("GITHUB_ACTIONS", "true");
    let ended = machine.run(&["env", "--shell", "github"]);
    assert_eq!(ended.stderr, format!("::add-mask::{}\n", key("01")));
    let ended = machine.run(&["env", "--shell", "sh"]);
    assert_eq!(ended.stderr, "");
}

#[test]
fn the_right_credential_is_chosen() {
    let two = [
        api_key("anthropic:default", "01", ""),
        api_key("anthropic:work", "02", ""),
    ]
    .join(",");
    let check = |variables: &[(&str, &str)], flags: &[&str], tail: &str| {
        let mut machine = machine(&two);
        for (name, value) in variables {
            machine.set(name, value);
        }
        let arguments = [&["env", "--shell", "dotenv"], flags].concat();
        let ended = machine.run(&arguments);
        let expected = format!("ANTHROPIC_API_KEY={}\n", key(tail));
        assert_eq!(ended.stdout, expected, "{variables:?} {flags:?} {ended:?}");
    };
    check(&[], &[], "01");
    check(&[], &["--profile", "anthropic:work"], "02");
    check(&[], &["--account", "work"], "02");
    check(&[("KEYWRIGHT_PROFILE", "anthropic:work")], &[], "02");
    check(&[("KEYWRIGHT_ACCOUNT", "work")], &[], "02");
    let work = [("KEYWRIGHT_ACCOUNT", "work")];
    check(&work, &["--profile", "anthropic:default"], "01");
    check(&[("ANTHROPIC_API_KEY", "sk-ant-api03-OTHER")], &[], "01");
}

#[test]
fn without_a_usable_credential_nothing_is_printed() {
    let check = |profiles: &str, flags: &[&str], code: i32, words: &str| {
        for command in [&["env", "--shell", "sh"][..], &["exec"][..]] {
            let mut arguments = [command, flags].concat();
            if command == ["exec"] {
                arguments.extend(["--", "sh", "-c", "echo started"]);
            }
            let ended = machine(profiles).run(&arguments);
            assert_eq!(ended.code, code, "{arguments:?} {ended:?}");
            assert_eq!(ended.stdout, "", "{arguments:?}");
            assert!(ended.stderr.contains(words), "{words}: {ended:?}");
        }
    };
    let one = api_key("anthropic:default", "01", "");
    check("", &[], 1, "keywright onboard");
    check(&one, &["--profile", "anthropic:gone"], 1, "anthropic:gone");
    check(&one, &["--account", "gone"], 1, "models status");
    check(&one, &["--profile", "default"], 64, "provider:name");
    check(&one, &["--account", "../x"], 64, "a name must start");
    check(
        &one,
        &["--accept-risk", "everything"],
        64,
        "subscription-token-elsewhere",
    );
    check(
        &one,
        &["--profile", "a:b", "--account", "b"],
        64,
        "cannot be used with",
    );
    check(
        &token("anthropic:default"),
        &[],
        64,
        "--accept-risk=subscription-token-elsewhere",
    );
    let reference = r#""anthropic:x":{"type":"api_key","provider":"anthropic","keyRef":{"source":"env","provider":"default","id":"NOT_SET"}}"#;
    check(reference, &[], 1, "NOT_SET");
    let other = r#","openai:other":{"type":"api_key","provider":"openai","key":"sk-made-up-key-of-another"}"#;
    let both = format!("{one}{other}");
    check(
        &both,
        &["--profile", "openai:other"],
        1,
        "no credential that can be handed out",
    );
    check(
        &both,
        &["--account", "other"],
        1,
        "no credential that can be handed out",
    );
}

#[test]
fn a_key_with_a_line_break_goes_nowhere() {
    let broken = r#""anthropic:default":{"type":"api_key","provider":"anthropic","key":"sk-ant-api03-A\nB"}"#;
    for arguments in [
        &["env", "--shell", "sh"][..],
        &["exec", "sh", "-c", "echo started"][..],
    ] {
        let ended = machine(broken).run(arguments);
        assert_eq!((ended.code, ended.stdout.as_str()), (1, ""), "{ended:?}");
        assert!(!ended.stderr.contains("sk-ant"), "{ended:?}");
    }
}

#[test]
fn a_stored_key_does_not_follow_a_foreign_host() {
    let plain = api_key("anthropic:default", "01", "");
    let saved = api_key(
        "anthropic:default",
        "01",
        r#","baseUrl":"https://gateway.example/x""#,
    );
    let check = |profiles: &str, url: &str, expected: Option<&str>, warned: bool| {
        let machine = machine(profiles).with("ANTHROPIC_BASE_URL", url);
        let ended = machine.run(&["env", "--shell", "json"]);
        assert_eq!(ended.code, 0, "{ended:?}");
        let document = ended.json();
        let printed = document.get("ANTHROPIC_BASE_URL");
        assert_eq!(printed.and_then(|u| u.as_str()), expected, "{url}");
        // `null` takes it away, no entry leaves it as it is.
        assert_eq!(
            printed.is_some_and(serde_json::Value::is_null),
            warned,
            "{url}"
        );
        assert_eq!(
            ended.stderr.contains("ANTHROPIC_BASE_URL"),
            warned,
            "{ended:?}"
        );
    };
    check(&plain, "https://foreign.example", None, true);
    check(&plain, "http://api.anthropic.com", None, true);
    check(&plain, "not a URL", None, true);
    check(&plain, "https://api.anthropic.com", None, false);
    check(&plain, "http://127.0.0.1:8080", None, false);
    check(
        &saved,
        "https://foreign.example",
        Some("https://gateway.example/x"),
        false,
    );
}

#[test]
fn formats_of_their_own_refuse_json() {
    let machine = machine(&api_key("anthropic:default", "01", ""));
    for arguments in [
        &["--json", "env"][..],
        &["exec", "--json", "--", "true"][..],
    ] {
        let ended = machine.run(arguments);
        assert_eq!(ended.code, 64, "{ended:?}");
        assert_eq!(ended.json()["error"]["code"], "usage");
    }
}

#[cfg(unix)]
fn exec(machine: &Machine, script: &str) -> Ended {
    machine.run(&["exec", "--", "/bin/sh", "-c", script])
}

#[cfg(unix)]
#[test]
fn exec_becomes_the_program() {
    let machine = machine(&api_key("anthropic:default", "01", ""))
        .with("ANTHROPIC_API_KEY", "old")
        .with("ANTHROPIC_AUTH_TOKEN", "old")
        .with("KEPT", "yes");
    let ended = exec(
        &machine,
        "echo $ANTHROPIC_API_KEY,$ANTHROPIC_AUTH_TOKEN,$KEPT",
    );
    assert_eq!(ended.stdout, format!("{},,yes\n", key("01")), "{ended:?}");
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));

    let mut child = machine.command(crate::support::machine::KEYWRIGHT);
    child.args(["exec", "/bin/sh", "-c", "echo $$"]);
    let mut child = child
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut text = String::new();
    let mut stdout = child.stdout.take().expect("piped");
    std::io::Read::read_to_string(&mut stdout, &mut text).expect("its number");
    assert_eq!(text.trim(), child.id().to_string(), "the same process");
    assert!(child.wait().expect("its end").success());
}

#[cfg(unix)]
#[test]
fn exec_gives_the_codes_of_a_shell() {
    let machine = machine(&api_key("anthropic:default", "01", ""));
    assert_eq!(exec(&machine, "exit 42").code, 42);
    let ended = machine.run(&["exec", "--", "no-such-program"]);
    assert_eq!(ended.code, 127, "{ended:?}");
    assert!(ended.stderr.contains("no-such-program"), "{ended:?}");
    machine.write("plain", "text");
    assert_eq!(machine.run(&["exec", "--", "./plain"]).code, 126);
    assert_eq!(machine.run(&["exec", "--", "/"]).code, 126);
    machine.program("tool", "exit 5");
    assert_eq!(machine.run(&["exec", "tool", "--json", "-x"]).code, 5);
    assert_eq!(machine.run(&["exec", "--", ""]).code, 64);
    assert_eq!(machine.run(&["exec"]).code, 64);
}

#[cfg(unix)]
#[test]
fn a_subscription_is_handed_to_claude_alone() {
    let machine = machine(&token("anthropic:default")).with("ANTHROPIC_API_KEY", "old");
    let script = "echo $CLAUDE_CODE_OAUTH_TOKEN,$ANTHROPIC_API_KEY";
    machine.program("claude", script);
    machine.program("other", script);
    let ended = machine.run(&["exec", "claude"]);
    assert_eq!(ended.stdout, "sk-ant-oat01-MADE-UP,\n", "{ended:?}");
    let ended = machine.run(&["exec", "other"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (64, ""), "{ended:?}");
    let accepted = "--accept-risk=subscription-token-elsewhere";
    let ended = machine.run(&["exec", accepted, "other"]);
    assert_eq!(ended.stdout, "sk-ant-oat01-MADE-UP,\n", "{ended:?}");
}
