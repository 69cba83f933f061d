//! What a program gets of each kind of credential, what is taken out of its way, and where a
//! credential does not go.

use crate::support::machine::{Ended, Machine, key};

const LOGIN: &str = r#"{"claudeAiOauth":{"accessToken":"sk-ant-oat01-canary","refreshToken":"sk-ant-ort01-canary","expiresAt":4102444800000,"scopes":["user:inference"]}}"#;

/// Everything that gets in the way of one kind or another.
const IN_THE_WAY: &[&str] = &[
    "ANTHROPIC_API_KEY",
    "ANTHROPIC_AUTH_TOKEN",
    "ANTHROPIC_IDENTITY_TOKEN_FILE",
    "ANTHROPIC_PROFILE",
    "AWS_BEARER_TOKEN_BEDROCK",
    "AWS_PROFILE",
    "AWS_SESSION_TOKEN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "CLAUDE_CODE_OAUTH_TOKEN",
    "CLAUDE_CODE_SKIP_BEDROCK_AUTH",
    "CLAUDE_CODE_USE_VERTEX",
];

/// A machine that has a profile of every kind, and programs that print their environment.
fn machine(active: &str) -> Machine {
    let machine = Machine::new();
    let profiles = [
        format!(r#""anthropic:default":{{"type":"api_key","provider":"anthropic","key":"{}"}}"#, key("01")),
        r#""anthropic:gateway":{"type":"token","provider":"anthropic","token":"sk-ant-oat01-MADE-UP","baseUrl":"https://gateway.example"}"#.to_owned(),
        r#""anthropic:manual":{"type":"token","provider":"anthropic","token":"sk-ant-oat01-MADE-UP"}"#.to_owned(),
        r#""anthropic:claude-cli":{"type":"oauth","provider":"anthropic","source":"claude-cli","configDir":"~/.claude"}"#.to_owned(),
        r#""anthropic:two":{"type":"oauth","provider":"anthropic","source":"claude-cli","configDir":"~/two"}"#.to_owned(),
        r#""anthropic:empty":{"type":"api_key","provider":"anthropic","key":""}"#.to_owned(),
        r#""bedrock:keys":{"type":"aws","provider":"bedrock","method":"access_keys","region":"us-east-1","modelId":"us.anthropic.m","accessKeyId":"AKIAMADEUP","secretAccessKey":"made-up"}"#.to_owned(),
        r#""bedrock:bearer":{"type":"aws","provider":"bedrock","method":"bearer","region":"us-east-1","bearerToken":"ABSKmadeup"}"#.to_owned(),
        r#""bedrock:profile":{"type":"aws","provider":"bedrock","method":"profile","awsProfile":"dev"}"#.to_owned(),
        r#""bedrock:empty":{"type":"aws","provider":"bedrock","method":"chain"}"#.to_owned(),
        r#""bedrock:chain":{"type":"aws","provider":"bedrock","method":"chain","region":"us-east-1"}"#.to_owned(),
    ];
    machine.write(
        ".config/keywright/agents/main/auth-profiles.json",
        &format!(
            r#"{{"version":1,"profiles":{{{}}},"active":{active}}}"#,
            profiles.join(",")
        ),
    );
    machine.write(".claude/.credentials.json", LOGIN);
    machine.write("two/.credentials.json", LOGIN);
    let script = "/usr/bin/env | /usr/bin/sort | /bin/grep -v '^PWD=\\|^HOME=\\|^PATH=\\|^TERM=\\|^_=\\|^SHLVL=\\|^OLDPWD='; exit 0";
    for name in ["claude", "claude.sh", "other", "aws"] {
        machine.program(name, script);
    }
    machine
}

fn exec(machine: &Machine, profile: &str, program: &str) -> Ended {
    machine.run(&["exec", "--profile", profile, "--", program])
}

/// What the program got, one variable per line, with `~` for the home folder.
fn got(machine: &Machine, profile: &str, program: &str) -> String {
    let ended = exec(machine, profile, program);
    assert_eq!(ended.code, 0, "{profile} {ended:?}");
    let home = machine.home().display().to_string();
    ended
        .stdout
        .replace(&home, "~")
        .trim_end()
        .replace('\n', " ")
}

#[test]
fn each_kind_alone() {
    let mut machine = machine("null");
    for name in IN_THE_WAY {
        machine.set(name, "in-the-way");
    }
    machine.set("AWS_DEFAULT_REGION", "eu-west-1");
    let check = |profile: &str, program: &str, expected: &str| {
        let found = got(&machine, profile, program);
        let rest = if profile.starts_with("anthropic") {
            // What is of AWS is in nobody's way there.
            let aws = |word: &&str| !word.starts_with("AWS_");
            found.split(' ').filter(aws).collect::<Vec<_>>().join(" ")
        } else {
            found
        };
        assert_eq!(rest, expected, "{profile} {program}");
    };
    let api_key = format!("ANTHROPIC_API_KEY={}", key("01"));
    check("anthropic:default", "claude", &api_key);
    check("anthropic:default", "other", &api_key);
    check(
        "anthropic:manual",
        "claude",
        "CLAUDE_CODE_OAUTH_TOKEN=sk-ant-oat01-MADE-UP",
    );
    check("anthropic:claude-cli", "claude", "");
    check("anthropic:two", "claude", "CLAUDE_CONFIG_DIR=~/two");
    let region = "AWS_DEFAULT_REGION=us-east-1 AWS_REGION=us-east-1";
    let keys = "AWS_ACCESS_KEY_ID=AKIAMADEUP AWS_DEFAULT_REGION=us-east-1 AWS_REGION=us-east-1 AWS_SECRET_ACCESS_KEY=made-up";
    let switch = "CLAUDE_CODE_USE_BEDROCK=1";
    check(
        "bedrock:keys",
        "claude",
        &format!("ANTHROPIC_MODEL=us.anthropic.m {keys} {switch}"),
    );
    check(
        "bedrock:keys",
        "other",
        &format!("ANTHROPIC_MODEL=us.anthropic.m {keys} {switch}"),
    );
    check("bedrock:keys", "aws", keys);
    check(
        "bedrock:bearer",
        "claude",
        &format!("AWS_BEARER_TOKEN_BEDROCK=ABSKmadeup {region} {switch}"),
    );
    check(
        "bedrock:profile",
        "claude",
        &format!("AWS_DEFAULT_REGION=eu-west-1 AWS_PROFILE=dev {switch}"),
    );
    check(
        "bedrock:chain",
        "claude",
        &format!(
            "AWS_DEFAULT_REGION=us-east-1 AWS_PROFILE=in-the-way AWS_REGION=us-east-1 AWS_SESSION_TOKEN=in-the-way AWS_WEB_IDENTITY_TOKEN_FILE=in-the-way {switch}"
        ),
    );
}

#[test]
fn a_stored_credential_goes_to_its_own_host_only() {
    let check = |profile: &str, variable: &str, url: &str, expected: Option<&str>| {
        let machine = machine("null").with(variable, url);
        let found = got(&machine, profile, "claude");
        let start = format!("{variable}=");
        let value = found.split(' ').find_map(|word| word.strip_prefix(&start));
        assert_eq!(value, expected, "{profile} {variable} {url}");
        let warned = exec(&machine, profile, "claude").stderr.contains(variable);
        assert_eq!(warned, expected.is_none(), "{profile} {variable} {url}");
    };
    let foreign = "https://foreign.example";
    let here = "http://127.0.0.1:9";
    for profile in [
        "anthropic:default",
        "anthropic:manual",
        "anthropic:claude-cli",
        "anthropic:two",
    ] {
        for name in ["ANTHROPIC_BASE_URL", "CLAUDE_CODE_CUSTOM_OAUTH_URL"] {
            check(profile, name, foreign, None);
            check(profile, name, here, Some(here));
        }
    }
    check(
        "anthropic:gateway",
        "ANTHROPIC_BASE_URL",
        foreign,
        Some("https://gateway.example"),
    );
    let own = "https://bedrock-runtime.us-east-1.amazonaws.com";
    for profile in [
        "bedrock:keys",
        "bedrock:bearer",
        "bedrock:profile",
        "bedrock:chain",
    ] {
        check(profile, "AWS_ENDPOINT_URL", foreign, None);
        check(profile, "ANTHROPIC_BEDROCK_BASE_URL", foreign, None);
        check(
            profile,
            "AWS_ENDPOINT_URL",
            "https://mine.eu-west-1.elb.amazonaws.com",
            None,
        );
        check(
            profile,
            "AWS_ENDPOINT_URL",
            "http://sts.amazonaws.com",
            None,
        );
        check(profile, "AWS_ENDPOINT_URL", own, Some(own));
        check(profile, "AWS_ENDPOINT_URL", here, Some(here));
    }
}

#[test]
fn a_login_is_that_of_its_folder() {
    let machine = machine("null")
        .with("CLAUDE_CONFIG_DIR", "/elsewhere")
        .with("CLAUDE_SECURESTORAGE_CONFIG_DIR", "/elsewhere");
    assert_eq!(got(&machine, "anthropic:claude-cli", "claude"), "");
    assert_eq!(
        got(&machine, "anthropic:two", "claude"),
        "CLAUDE_CONFIG_DIR=~/two"
    );
}

#[test]
fn no_other_program_gets_a_subscription() {
    let machine = machine("null");
    for profile in ["anthropic:manual", "anthropic:claude-cli", "anthropic:two"] {
        for program in ["other", "claude.sh", "aws"] {
            let ended = exec(&machine, profile, program);
            assert_eq!((ended.code, ended.stdout.as_str()), (64, ""), "{ended:?}");
        }
        let ended = machine.run(&["env", "--shell", "sh", "--profile", profile]);
        assert_eq!((ended.code, ended.stdout.as_str()), (64, ""), "{ended:?}");
    }
}

#[test]
fn the_aws_cli_gets_what_is_of_aws() {
    let ended = machine("null").run(&["exec", "aws"]);
    assert!(
        ended.stdout.starts_with("AWS_BEARER_TOKEN_BEDROCK="),
        "{ended:?}"
    );
    assert!(!ended.stdout.contains("ANTHROPIC"), "{ended:?}");
}

#[test]
fn nothing_takes_the_place_of_what_was_chosen() {
    let check = |active: &str, flags: &[&str]| {
        let ended = machine(active).run(&[&["exec"], flags, &["claude"]].concat());
        assert_eq!((ended.code, ended.stdout.as_str()), (1, ""), "{ended:?}");
        assert!(ended.stderr.contains("`anthropic:empty`"), "{ended:?}");
    };
    check(r#""empty""#, &[]);
    check("null", &["--account", "empty"]);
    check("null", &["--profile", "anthropic:empty"]);
}

/// Runs `claude` with a file of its own that says `text`, and expects a warning that starts so.
fn check_warning(profile: &str, file: &str, text: &str, expected: Option<&str>) {
    let machine = machine("null");
    machine.write(file, text);
    let ended = exec(&machine, profile, "claude");
    let told = ended.stderr.split_once("warning: ").map(|(_, rest)| rest);
    let name = told.map(|rest| rest.split(' ').next().unwrap_or_default());
    assert_eq!(name, expected, "{profile} {text} {ended:?}");
}

#[test]
fn settings_are_told_of_where_they_come_first() {
    let check = check_warning;
    let settings = ".claude/settings.json";
    let token = r#"{"env": {"CLAUDE_CODE_OAUTH_TOKEN": "t"}}"#;
    check("anthropic:default", settings, token, None);
    check(
        "anthropic:manual",
        settings,
        token,
        Some("CLAUDE_CODE_OAUTH_TOKEN"),
    );
    check(
        "anthropic:claude-cli",
        settings,
        token,
        Some("CLAUDE_CODE_OAUTH_TOKEN"),
    );
    let key = r#"{"env": {"ANTHROPIC_API_KEY": "k"}}"#;
    check(
        "anthropic:default",
        settings,
        key,
        Some("ANTHROPIC_API_KEY"),
    );
    check("anthropic:manual", settings, key, Some("ANTHROPIC_API_KEY"));
    check("bedrock:keys", settings, key, None);
    let helper = r#"{"apiKeyHelper": "h"}"#;
    check("anthropic:default", settings, helper, None);
    check(
        "anthropic:two",
        "two/settings.json",
        helper,
        Some("apiKeyHelper"),
    );
    let managed = r#"{"primaryApiKey": "k"}"#;
    check(
        "anthropic:claude-cli",
        ".claude.json",
        managed,
        Some("primaryApiKey"),
    );
    check("anthropic:manual", ".claude.json", managed, None);
}

#[test]
fn settings_that_name_another_host_are_told_of() {
    let check = check_warning;
    let settings = ".claude/settings.json";
    let host = r#"{"env": {"ANTHROPIC_BASE_URL": "https://foreign.example"}}"#;
    for profile in [
        "anthropic:default",
        "anthropic:manual",
        "anthropic:claude-cli",
    ] {
        check(profile, settings, host, Some("`env.ANTHROPIC_BASE_URL`"));
    }
    let own = r#"{"env": {"ANTHROPIC_BASE_URL": "https://api.anthropic.com", "AWS_ENDPOINT_URL": "https://foreign.example"}}"#;
    check("anthropic:default", settings, own, None);
    check("bedrock:keys", settings, host, None);
    check(
        "bedrock:keys",
        settings,
        own,
        Some("`env.AWS_ENDPOINT_URL`"),
    );
}

#[test]
fn a_login_that_cannot_be_used_is_told_by_its_state() {
    let check = |put: &dyn Fn(&std::path::Path), expected: &str| {
        let machine = machine("null");
        let path = machine.home().join(".claude/.credentials.json");
        std::fs::remove_file(&path).expect("removed");
        put(&path);
        let ended = exec(&machine, "anthropic:claude-cli", "claude");
        assert_eq!((ended.code, ended.stdout.as_str()), (1, ""), "{ended:?}");
        let words = format!("`anthropic:claude-cli` cannot be used: {expected}\n");
        assert!(ended.stderr.contains(&words), "{expected} {ended:?}");
    };
    let text = |text: &'static str| {
        move |path: &std::path::Path| std::fs::write(path, text).expect("a file")
    };
    check(&|_| (), "not signed in");
    check(
        &|path| std::fs::create_dir(path).expect("a folder"),
        "login unreadable",
    );
    check(
        &|path| std::os::unix::fs::symlink("nowhere", path).expect("a link"),
        "login unreadable",
    );
    check(&text("{"), "login file damaged");
    check(&text("{}"), "no login in the file");
    check(
        &text(r#"{"claudeAiOauth":{"accessToken":"","refreshToken":"","expiresAt":0}}"#),
        "login emptied",
    );
    check(
        &text(r#"{"claudeAiOauth":{"accessToken":"sk-ant-oat01-canary","scopes":[]}}"#),
        "login may not call models",
    );
    check(
        &text(
            r#"{"claudeAiOauth":{"accessToken":"sk-ant-oat01-canary","expiresAt":1,"scopes":["user:inference"]}}"#,
        ),
        "sign-in ended",
    );
}

#[test]
fn a_key_of_aws_has_its_companions_from_its_own_place() {
    let check = |variables: &[(&str, &str)], file: &str, expected: &str| {
        let mut machine = machine("null");
        machine.write(
            ".config/keywright/agents/main/auth-profiles.json",
            r#"{"version":1}"#,
        );
        machine.write(".config/keywright/.env", file);
        for (name, value) in variables {
            machine.set(name, value);
        }
        let ended = machine.run(&["env", "--shell", "dotenv"]);
        let aws: Vec<&str> = ended
            .stdout
            .lines()
            .filter(|line| line.starts_with("AWS_"))
            .collect();
        assert_eq!(aws.join(" "), expected, "{variables:?} {ended:?}");
    };
    let file =
        "AWS_ACCESS_KEY_ID=AKIAFILE\nAWS_SECRET_ACCESS_KEY=of-the-file\nAWS_REGION=eu-west-1\n";
    check(
        &[("AWS_REGION", "us-east-1")],
        file,
        "AWS_ACCESS_KEY_ID=AKIAFILE AWS_SECRET_ACCESS_KEY=of-the-file AWS_REGION=eu-west-1 AWS_DEFAULT_REGION=eu-west-1",
    );
    let here = [
        ("AWS_ACCESS_KEY_ID", "AKIAHERE"),
        ("AWS_SECRET_ACCESS_KEY", "of-here"),
    ];
    check(
        &here,
        file,
        "AWS_ACCESS_KEY_ID=AKIAHERE AWS_SECRET_ACCESS_KEY=of-here",
    );
    check(&here[..1], file, "");
    check(&[], "AWS_PROFILE=dev\n", "AWS_PROFILE=dev");
}
