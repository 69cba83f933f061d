//! Amazon Bedrock: what a machine has for it, and what AWS says.

use keywright::sandbox::keys::aws;
use keywright::sandbox::server::{Running, Sandbox};
use keywright::system::Clock;

use super::{VERSION, check, examine, failed, private, status};
use crate::support::machine::Machine;

/// Bedrock is switched on.
fn machine() -> Machine {
    let machine = Machine::new()
        .with("CLAUDE_CODE_USE_BEDROCK", "1")
        .with("AWS_REGION", "us-east-1")
        .with("AWS_EC2_METADATA_DISABLED", "true");
    machine.program("claude", VERSION);
    machine
}

fn with_keys(machine: Machine, name: &str) -> Machine {
    let identity = aws::ALL.iter().find(|identity| identity.name == name);
    let identity = identity.expect("a test identity");
    let mut machine = machine;
    let parts = [
        ("AWS_ACCESS_KEY_ID", identity.access_key_id()),
        ("AWS_SECRET_ACCESS_KEY", identity.secret()),
        ("AWS_SESSION_TOKEN", identity.session()),
        ("AWS_BEARER_TOKEN_BEDROCK", identity.bearer()),
    ];
    for (variable, value) in parts {
        if let Some(value) = value {
            machine.set(variable, &value);
        }
    }
    machine
}

fn server(machine: &mut Machine) -> Running {
    let running = Sandbox::start(None, Clock::new(None)).expect("the stand-in starts");
    machine.set("AWS_ENDPOINT_URL", &running.base_url);
    running
}

#[test]
fn without_bedrock_nothing_is_said_of_it() {
    let machine = Machine::new()
        .with("AWS_ACCESS_KEY_ID", "AKIA")
        .with("AWS_PROFILE", "gone");
    let (document, _) = examine(&machine, &["--offline", "--only", "aws"]);
    assert_eq!(document["summary"]["notApplicable"], 15, "{document:#}");
}

#[test]
fn switched_on_and_no_credential() {
    let (document, text) = examine(&machine(), &[]);
    assert_eq!(failed(&document), ["AWS-030"], "{}", text.stdout);
    assert_eq!(check(&document, "AWS-010")["blockedBy"], "AWS-030");
    assert_eq!(text.code, 1);
    assert!(
        text.stdout
            .ends_with("Next: keywright onboard --flow bedrock\n"),
        "{}",
        text.stdout
    );
}

#[test]
fn local_causes() {
    let long = "madeupmadeup/madeup+madeupmadeupmadeup12";
    let keys = |machine: Machine, id: &str| {
        machine
            .with("AWS_ACCESS_KEY_ID", id)
            .with("AWS_SECRET_ACCESS_KEY", long)
    };
    let bearer = format!("ABSK{}", "Ab1".repeat(40));
    let cases = [
        (
            keys(machine(), "AKIAIOSFODNN7MADEUPX").with("AWS_REGION", "us east/1"),
            "AWS-001",
        ),
        (
            machine().with("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7MADEUPX"),
            "AWS-002",
        ),
        (machine().with("AWS_PROFILE", "gone"), "AWS-003"),
        (keys(machine(), "ASIAIOSFODNN7MADEUPX"), "AWS-004"),
        (keys(machine(), "banana"), "AWS-004"),
    ];
    for (machine, code) in cases {
        let (document, text) = examine(&machine, &["--offline"]);
        assert_eq!(failed(&document), [code], "{}", text.stdout);
    }
    // What is left aside is a warning, and is not judged.
    let bearer = |machine: Machine| machine.with("AWS_BEARER_TOKEN_BEDROCK", &bearer);
    let profile = machine().with("AWS_PROFILE", "dev");
    let text = format!(
        "[dev]\naws_access_key_id = AKIAIOSFODNN7MADEUPX\naws_secret_access_key = {long}\n"
    );
    private(&profile.write(".aws/credentials", &text), 0o600);
    let ended = bearer(machine());
    ended.write(
        ".aws/config",
        "[default]\nsso_start_url = https://corp.example/start\nsso_region = us-east-1\nsso_account_id = 1\nsso_role_name = dev\n",
    );
    for (machine, expected) in [
        (keys(bearer(machine()), "banana"), "warn"),
        (keys(profile, "banana"), "warn"),
        (ended, "pass"),
        (
            bearer(machine()).with("AWS_ACCESS_KEY_ID", "banana"),
            "pass",
        ),
    ] {
        let (document, text) = examine(&machine, &["--offline"]);
        assert_eq!(status(&document, "AWS-002"), expected, "{}", text.stdout);
        assert_eq!(failed(&document), [""; 0], "{}", text.stdout);
    }
    let gone = keys(machine(), "AKIAIOSFODNN7MADEUPX").with("AWS_PROFILE", "gone");
    assert_eq!(failed(&examine(&gone, &["--offline"]).0), ["AWS-003"]);
}

#[test]
fn profiles_of_aws() {
    let config = |machine: &Machine, text: &str| machine.write(".aws/config", text);
    let circle = machine().with("AWS_PROFILE", "a");
    config(
        &circle,
        "[profile a]\nrole_arn = arn:aws:iam::123456789012:role/a\nsource_profile = b\n[profile b]\nrole_arn = arn:aws:iam::123456789012:role/b\nsource_profile = a\n",
    );
    let (document, text) = examine(&circle, &["--offline"]);
    assert_eq!(failed(&document), ["AWS-003"], "{}", text.stdout);
    let session = machine().with("AWS_PROFILE", "dev");
    config(
        &session,
        "[profile dev]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = dev\nregion = us-east-1\n[sso-session corp]\nsso_start_url = https://corp.example/start\nsso_region = us-east-1\n",
    );
    let (document, text) = examine(&session, &["--offline"]);
    assert_eq!(failed(&document), ["AWS-011"], "{}", text.stdout);
    assert!(text.stdout.contains("aws sso login --profile dev"));
    let behind = machine().with("AWS_PROFILE", "role");
    config(
        &behind,
        "[profile role]\nrole_arn = arn:aws:iam::123456789012:role/a\nsource_profile = base\nregion = us-east-1\n[profile base]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = dev\n[sso-session corp]\nsso_start_url = https://corp.example/start\nsso_region = us-east-1\n",
    );
    let (document, text) = examine(&behind, &["--offline"]);
    assert_eq!(failed(&document), ["AWS-011"], "{}", text.stdout);
    assert!(text.stdout.contains("aws sso login --profile base"));
    let unreadable = machine();
    std::fs::create_dir_all(unreadable.home().join(".aws/credentials")).expect("a folder");
    let (document, text) = examine(&unreadable, &["--offline"]);
    assert_eq!(failed(&document), ["AWS-003"], "{}", text.stdout);
    assert!(text.stdout.contains("cannot be read"), "{}", text.stdout);
    let open = machine();
    let path = open.write(
        ".aws/credentials",
        "[default]\naws_access_key_id = AKIAIOSFODNN7MADEUPX\naws_secret_access_key = madeupmadeup/madeup+madeupmadeupmadeup12\n",
    );
    private(&path, 0o644);
    let (document, text) = examine(&open, &["--offline"]);
    assert_eq!(status(&document, "AWS-006"), "warn", "{}", text.stdout);
    assert!(failed(&document).is_empty(), "{}", text.stdout);
}

/// A machine with these profiles of the store, Bedrock not switched on otherwise.
fn with_store(order: &str, profiles: &str) -> Machine {
    let machine = Machine::new().with("AWS_EC2_METADATA_DISABLED", "true");
    machine.program("claude", VERSION);
    let text = format!(r#"{{"version":1,"order":{{{order}}},"profiles":{{{profiles}}}}}"#);
    let path = machine.write(".config/keywright/agents/main/auth-profiles.json", &text);
    private(&path, 0o600);
    for folder in path.ancestors().skip(1).take(3) {
        private(folder, 0o700);
    }
    machine
}

#[test]
fn the_stored_profile_that_counts_is_looked_at() {
    let stored = |name: &str, rest: &str| {
        let start = r#""type":"aws","provider":"bedrock","region":"us-east-1""#;
        format!(r#""bedrock:{name}":{{{start},{rest}}}"#)
    };
    let good = stored(
        "a",
        &format!(
            r#""method":"bearer","bearerToken":"ABSK{}""#,
            "Ab1".repeat(40)
        ),
    );
    let gone = stored("b", r#""method":"profile","awsProfile":"gone""#);
    let both = format!("{good},{gone}");
    let order = r#""bedrock":["bedrock:b","bedrock:a"]"#;
    let unset = stored(
        "c",
        r#""method":"bearer","bearerTokenRef":{"source":"env","provider":"default","id":"NOT_SET"}"#,
    );
    let ended = stored(
        "d",
        r#""method":"profile","awsProfile":"x","expires":1700000000000"#,
    );
    let cases = [
        (with_store("", &both), "", ""),
        (with_store(order, &both), "AWS-003", "gone is not there"),
        (
            with_store("", &both).with("KEYWRIGHT_PROFILE", "bedrock:b"),
            "AWS-003",
            "gone is not there",
        ),
        (
            with_store("", &unset),
            "STORE-006",
            "The reference of bedrock:c leads to nothing: the variable NOT_SET that it refers to is not set.",
        ),
        (with_store("", &ended), "STORE-003", "bedrock:d has ended"),
        // The next one that can be used is used.
        (
            with_store("", &format!("{unset},{gone}")),
            "AWS-003",
            "gone",
        ),
    ];
    for (machine, code, words) in cases {
        let (document, text) = examine(&machine, &["--offline"]);
        assert_eq!(failed(&document).join(" "), code, "{}", text.stdout);
        assert!(text.stdout.contains(words), "{words}: {}", text.stdout);
    }
}

#[test]
fn what_aws_says_has_one_code() {
    let cases = [
        ("aws-unknown-key", "AWS-010", "fail", 1),
        ("aws-wrong-secret", "AWS-010", "fail", 1),
        ("aws-session-expired", "AWS-011", "fail", 1),
        ("aws-no-list-profiles", "AWS-012", "warn", 0),
        ("aws-clock-off", "CFG-011", "fail", 1),
        ("aws-clock-too-skewed", "CFG-011", "fail", 1),
        ("bedrock-key-invalid", "AWS-010", "fail", 1),
    ];
    for (name, code, expected, exit) in cases {
        let mut machine = with_keys(machine(), name);
        let _server = server(&mut machine);
        let (document, text) = examine(&machine, &["--skip", "cli,tty"]);
        assert_eq!(status(&document, code), expected, "{name}: {}", text.stdout);
        assert_eq!(text.code, exit, "{name}: {}", text.stdout);
        let count = usize::from(expected == "fail");
        assert_eq!(failed(&document).len(), count, "{name}: {}", text.stdout);
    }
}

#[test]
fn the_model_has_codes_of_its_own() {
    let profile = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
    let cases = [
        ("aws-model-access-missing", "AWS-021", "fail"),
        ("aws-use-case-missing", "AWS-022", "fail"),
        ("aws-throttled", "AWS-024", "warn"),
    ];
    for (name, code, expected) in cases {
        let mut machine = with_keys(machine(), name).with("ANTHROPIC_MODEL", profile);
        let _server = server(&mut machine);
        let (document, text) = examine(&machine, &["--skip", "cli,tty"]);
        assert_eq!(status(&document, code), expected, "{name}: {}", text.stdout);
    }
    // The permissions that Claude Code asks for are enough.
    for (name, probe, expected) in [
        ("aws-no-count-tokens", "free", "info"),
        ("aws-no-count-tokens", "paid", "pass"),
        ("aws-no-list-models", "free", "pass"),
    ] {
        let mut machine = with_keys(machine(), name).with("ANTHROPIC_MODEL", profile);
        let _server = server(&mut machine);
        let probe = format!("--probe={probe}");
        let (document, text) = examine(&machine, &[&probe, "--skip", "cli,tty"]);
        let seen = (status(&document, "AWS-012"), text.code);
        assert_eq!(seen, (expected, 0), "{name}: {}", text.stdout);
    }
    let named = |model: &str| {
        let mut machine = with_keys(machine(), "aws-works").with("ANTHROPIC_MODEL", model);
        let server = server(&mut machine);
        let (document, text) = examine(&machine, &["--skip", "cli,tty"]);
        drop(server);
        (failed(&document).join(" "), text)
    };
    let (codes, text) = named("anthropic.claude-sonnet-4-5-20250929-v1:0");
    assert_eq!(codes, "AWS-020", "{}", text.stdout);
    let (codes, text) = named("us.anthropic.claude-nothing-9");
    assert_eq!(codes, "AWS-023", "{}", text.stdout);
    let (codes, text) = named(profile);
    assert_eq!((codes.as_str(), text.code), ("", 0), "{}", text.stdout);
}

#[test]
fn a_profile_is_tried_with_its_keys_and_no_program_is_run() {
    let keys = aws::ALL.iter().find(|one| one.name == "aws-works");
    let keys = keys.expect("a test identity");
    let id = keys.access_key_id().expect("an id");
    let secret = keys.secret().expect("a secret");
    let other = "madeupmadeup/madeup+madeupmadeupmadeup12";
    for (secret, code, expected) in [
        (secret.as_str(), "AWS-010", "pass"),
        (other, "AWS-010", "fail"),
    ] {
        let mut machine = machine().with("AWS_PROFILE", "work");
        let text = format!("[work]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n");
        private(&machine.write(".aws/credentials", &text), 0o600);
        // Claude Code takes the keys before these.
        let ran = machine.home().join("ran");
        let beside = format!("credential_process = touch {}", ran.display());
        let beside = format!("[profile work]\nsso_session = gone\n{beside}\n");
        machine.write(".aws/config", &beside);
        let _server = server(&mut machine);
        let (document, text) = examine(&machine, &["--skip", "cli,tty"]);
        assert_eq!(status(&document, code), expected, "{}", text.stdout);
        assert!(!text.stdout.contains(secret), "{}", text.stdout);
        assert!(!ran.exists());
    }
    // A program is not run for looking, and is not taken for a failure.
    let process = machine().with("AWS_PROFILE", "work");
    let ran = process.home().join("ran");
    let line = format!(
        "[profile work]\ncredential_process = touch {}\n",
        ran.display()
    );
    process.write(".aws/config", &line);
    let (document, text) = examine(&process, &["--skip", "cli,tty"]);
    assert_eq!(failed(&document), [""; 0], "{}", text.stdout);
    assert_eq!(status(&document, "AWS-010"), "not_applicable");
    assert!(!ran.exists());
}

/// A role of a container whose service says nothing: no run is longer than its limit.
#[test]
fn a_role_that_hangs_is_left_in_time() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = silent.local_addr().expect("an address");
    let uri = format!("http://{address}/role");
    let machine = machine().with("AWS_CONTAINER_CREDENTIALS_FULL_URI", &uri);
    let started = std::time::Instant::now();
    let arguments = ["doctor", "--json", "--timeout", "3s", "--only", "AWS-010"];
    let ended = machine.run(&arguments);
    assert!(started.elapsed().as_secs() < 10, "{ended:?}");
    assert_eq!(ended.code, 1, "{ended:?}");
    assert_eq!(failed(&ended.json()), ["AWS-030"], "{ended:?}");
}

#[test]
fn access_that_works_is_healthy() {
    for name in ["aws-works", "aws-session-works", "bedrock-key-works"] {
        let mut machine = with_keys(machine(), name);
        let _server = server(&mut machine);
        let (document, text) = examine(&machine, &[]);
        assert_eq!(text.code, 0, "{name}: {}", text.stdout);
        assert_eq!(document["summary"]["warn"], 0, "{name}: {}", text.stdout);
        assert_eq!(status(&document, "AWS-010"), "pass", "{name}");
        assert_eq!(status(&document, "NET-001"), "pass", "{name}");
        assert!(text.stdout.contains("Claude access works"), "{text:?}");
        let (document, text) = examine(&machine, &["--only", "net,CFG-011"]);
        assert_eq!(document["summary"]["pass"], 4, "{name}: {}", text.stdout);
    }
}
