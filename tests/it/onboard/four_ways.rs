//! Each of the four ways in: by flags alone and by an answers file alone, with the same plan; and
//! what is wrong with what was given.

use serde_json::{Value, json};

use crate::support::keys::{identity, key, token};
use crate::support::machine::{Ended, Machine};

/// Below the home of the machine.
const STORE: &str = ".cache/keywright/sandbox/keywright/agents/main/auth-profiles.json";
const ONBOARD: &[&str] = &["--sandbox", "onboard", "--non-interactive"];

fn onboard(machine: &Machine, more: &[&str]) -> Ended {
    machine.run(&[ONBOARD, more].concat())
}

/// The plan, as a document.
fn plan(machine: &Machine, more: &[&str]) -> Value {
    let ended = onboard(machine, &[more, &["--dry-run", "--json"]].concat());
    assert_eq!(ended.code, 0, "{ended:?}");
    let mut plan = ended.json();
    // The one thing that differs is where the sandbox of that machine is.
    let text = plan
        .to_string()
        .replace(&machine.home().display().to_string(), "HOME");
    plan = serde_json::from_str(&text).expect("JSON");
    plan
}

/// Signs the sandbox's Claude Code or its AWS profile in.
fn sign_in(machine: &Machine, words: &[&str]) {
    let ended = machine.run(&[&["sandbox", "--"], words].concat());
    assert_eq!(ended.code, 0, "{ended:?}");
}

/// Flags, the same as an answers file, and the credential that the variable S holds.
#[rustfmt::skip]
const SAME: &[(&str, &str, &str)] = &[
    ("--flow setup-token --token-env S --accept-risk=subscription-token",
        r#"{"flow": "setup-token", "token": {"env": "S"}, "acceptRisk": ["subscription-token"]}"#, "subscription-works"),
    ("--flow setup-token --token-env S --accept-risk=subscription-token --expires-in 30d --profile-id anthropic:other",
        r#"{"flow": "setup-token", "token": {"env": "S"}, "acceptRisk": ["subscription-token"], "lifetime": "30d", "profile": "other"}"#, "subscription-works"),
    ("--flow setup-token --token-from source --token-source env:S --accept-risk=subscription-token",
        r#"{"flow": "setup-token", "token_from": "source", "source": "env:S", "acceptRisk": ["subscription-token"]}"#, "subscription-works"),
    ("--flow claude-cli", r#"{"flow": "claude-cli"}"#, ""),
    ("--flow bedrock --aws-auth access_keys --region us-east-1 --secret-access-key-env S --model us.anthropic.claude-opus-5",
        r#"{"flow": "bedrock", "method": "access_keys", "region": "us-east-1", "secret_key": {"env": "S"}, "model": "us.anthropic.claude-opus-5"}"#, "aws-works"),
    ("--flow bedrock --aws-auth access_keys --region eu-west-1 --secret-access-key-env S --session-token-env T",
        r#"{"flow": "bedrock", "method": "access_keys", "region": "eu-west-1", "secret_key": {"env": "S"}, "session_token": {"env": "T"}}"#, "aws-session-works"),
    ("--flow bedrock --aws-auth bearer --region us-east-1 --bearer-token-env S",
        r#"{"flow": "bedrock", "method": "bearer", "region": "us-east-1", "bearer": {"env": "S"}}"#, "bedrock-key-works"),
    ("--flow bedrock --aws-auth profile --aws-profile sandbox",
        r#"{"flow": "bedrock", "method": "profile", "aws_profile": "sandbox"}"#, ""),
];

#[test]
fn flags_and_answers_give_equal_plans() {
    let secret = identity("aws-works", "secretAccessKey");
    let session = identity("aws-session-works", "sessionToken");
    for (flags, answers, name) in SAME {
        let mut machine = Machine::new();
        sign_in(&machine, &["claude", "auth", "login"]);
        sign_in(&machine, &["aws", "sso", "login", "--profile", "sandbox"]);
        let mut flags: Vec<&str> = flags.split_whitespace().collect();
        let mut answers: Value = serde_json::from_str(answers).expect("JSON");
        let id = identity_of(name);
        if let Some((id, secret)) = &id {
            machine.set("S", secret);
            if let Some(id) = id {
                flags.extend(["--access-key-id", id]);
                answers["access_key_id"] = json!(id);
            }
        }
        machine.set("T", &session);
        machine.write("answers.json", &answers.to_string());
        let by_flags = plan(&machine, &flags);
        let by_answers = plan(&machine, &["--answers", "answers.json"]);
        assert_eq!(by_flags, by_answers, "{flags:?}");
        assert!(
            !by_flags["plan"].as_array().expect("a list").is_empty(),
            "{by_flags}"
        );
        let text = by_flags.to_string();
        assert!(
            !text.contains(&secret) && !text.contains(&session),
            "{text}"
        );
    }
}

/// The access key id, where it has one, and the secret.
fn identity_of(name: &str) -> Option<(Option<String>, String)> {
    match name {
        "" => None,
        name if name.starts_with("subscription") => Some((None, token(name))),
        name if name.starts_with("bedrock") => Some((None, identity(name, "bearerToken"))),
        name => Some((
            Some(identity(name, "accessKeyId")),
            identity(name, "secretAccessKey"),
        )),
    }
}

#[test]
fn everything_that_is_missing_is_told_at_once() {
    let machine = Machine::new().with("CI", "1");
    let rows: [(&[&str], &[&str]); 4] = [
        (
            &["--flow", "setup-token"],
            &["accept-risk:subscription-token", "token"],
        ),
        (
            &["--flow", "bedrock"],
            &[
                "method",
                "access_key_id",
                "secret_key",
                "session_token",
                "region",
                "bearer",
                "aws_profile",
            ],
        ),
        (
            &[
                "--flow",
                "bedrock",
                "--aws-auth",
                "access_keys",
                "--access-key-id",
                "AKIAMADEUPMADEUPMADE",
            ],
            &["secret_key", "session_token", "region"],
        ),
        (&["--flow", "bedrock", "--aws-auth", "chain"], &["region"]),
    ];
    for (flags, expected) in rows {
        let ended = machine.run(&[&["--sandbox", "onboard", "--json"], flags].concat());
        assert_eq!(ended.code, 64, "{ended:?}");
        let missing = ended.json()["error"]["missing"].clone();
        let names: Vec<&str> = missing
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(|missing| missing["variable"].as_str())
            .collect();
        assert_eq!(names, expected, "{flags:?}");
    }
}

/// A command line, the secret in its file s, the exit code, and what is said. `ID:NAME` stands
/// for the access key id of that identity; a secret may be cut.
#[rustfmt::skip]
const WRONG: &[(&str, &str, i32, &str)] = &[
    ("TOKEN", "token:subscription-works:79", 65, "first line"),
    ("TOKEN", "token:subscription-works:80", 65, "first line"),
    ("TOKEN", "key:works", 65, "an API key"),
    ("TOKEN", "token:subscription-revoked", 1, "has been revoked"),
    ("TOKEN", "token:subscription-organization-not-allowed", 1, "organization"),
    ("TOKEN", "token:subscription-server-error", 3, "could not be tested"),
    ("--flow api-key --anthropic-api-key-file s", "token:subscription-works", 65, "subscription token"),
    ("--flow setup-token --token-from run --accept-risk=subscription-token", "", 64, "one of paste, source, api-key here"),
    ("--flow setup-token --token-from source --token-source file:absent --accept-risk=subscription-token", "", 64, "no token at file:absent"),
    ("--flow setup-token --token-from source --token-source file:s --accept-risk=subscription-token", "foreign", 64, "its own test keys only"),
    ("--flow claude-cli", "", 1, "not signed in"),
    ("--flow bedrock --aws-auth profile --aws-profile sandbox", "", 1, "has run out"),
    ("--flow bedrock --aws-auth profile --aws-profile absent", "", 1, "no AWS profile"),
    ("--flow bedrock --aws-auth chain --region us-east1", "", 64, "did you mean us-east-1"),
    ("KEYS ID:aws-session-works", "secret:aws-session-works", 64, "--session-token"),
    ("KEYS ID:aws-works", "id:aws-works", 65, "not its secret"),
    ("KEYS ID:aws-works --model anthropic.claude-3-5-sonnet-20241022-v2:0", "secret:aws-works", 1, "legacy"),
    ("KEYS ID:aws-works --model anthropic.claude-opus-5", "secret:aws-works", 1, "Use us.anthropic.claude-opus-5"),
    ("KEYS ID:aws-clock-off", "secret:aws-clock-off", 3, "clock"),
    ("KEYS ID:aws-unknown-key", "secret:aws-unknown-key", 1, "does not know this access key"),
    ("KEYS ID:aws-wrong-secret", "secret:aws-wrong-secret", 1, "does not belong to it"),
    ("KEYS ID:aws-everything-unavailable", "secret:aws-everything-unavailable", 3, "then try again. `keywright --sandbox onboard --flow bedrock`"),
    ("KEYS ID:aws-use-case-missing --model us.anthropic.claude-opus-5", "secret:aws-use-case-missing", 1, "use-case form"),
    ("KEYS ID:aws-model-access-missing --model us.anthropic.claude-opus-5", "secret:aws-model-access-missing", 1, "no access"),
];

#[test]
fn what_is_wrong_is_told_and_nothing_is_stored() {
    for (line, secret, code, words) in WRONG {
        let secret = secret_of(secret);
        let machine = Machine::new();
        machine.write("s", &secret);
        let line = line
            .replace(
                "TOKEN",
                "--flow setup-token --token-file s --accept-risk=subscription-token",
            )
            .replace(
                "KEYS",
                "--flow bedrock --aws-auth access_keys --region us-east-1 \
                 --secret-access-key-file s --access-key-id",
            );
        let filled = line
            .split_whitespace()
            .map(|word| match word.strip_prefix("ID:") {
                Some(name) => identity(name, "accessKeyId"),
                None => word.to_owned(),
            });
        let filled: Vec<String> = filled.collect();
        let more: Vec<&str> = filled.iter().map(String::as_str).collect();
        let ended = onboard(&machine, &more);
        assert_eq!(ended.code, *code, "{line}: {ended:?}");
        assert!(ended.stderr.contains(words), "{line}: {words}: {ended:?}");
        if secret.len() > 30 {
            assert!(!ended.stderr.contains(&secret) && !ended.stdout.contains(&secret));
        }
        assert!(!machine.home().join(STORE).exists(), "{line}");
    }
}

/// `key:NAME`, `token:NAME`, `secret:NAME`, `id:NAME`, cut after `:LENGTH`.
fn secret_of(spec: &str) -> String {
    let parts: Vec<&str> = spec.split(':').collect();
    let text = match parts[0] {
        "key" => key(parts[1]),
        "token" => token(parts[1]),
        "secret" => identity(parts[1], "secretAccessKey"),
        "id" => identity(parts[1], "accessKeyId"),
        "foreign" => format!("sk-ant-oat01-{}", "R".repeat(95)),
        _ => String::new(),
    };
    match parts.get(2) {
        Some(length) => text[..length.parse::<usize>().expect("a length")].to_owned(),
        None => text,
    }
}

#[test]
fn a_secret_in_the_wrong_place_is_not_repeated() {
    let machine = Machine::new();
    let secret = secret_of("foreign");
    for line in [
        "--flow setup-token --token-file S",
        "--flow setup-token --token-env S",
        "--flow setup-token --token-from source --token-source file:S",
        "--flow setup-token --token-from S",
        "--flow bedrock --aws-auth S",
        "--flow bedrock --aws-auth profile --aws-profile S",
        "--flow bedrock --aws-auth chain --region S",
        "--flow S",
        "--reauth S",
        "--answers S",
        "--accept-risk=S",
        "S",
    ] {
        let line = format!("{line} --accept-risk=subscription-token").replace('S', &secret);
        let ended = onboard(&machine, &line.split(' ').collect::<Vec<_>>());
        assert_eq!(ended.code, 64, "{line}: {ended:?}");
        assert!(!ended.stderr.contains(&secret), "{line}: {ended:?}");
    }
}

#[test]
fn a_login_is_not_renewed_from_another_folder() {
    let mut machine = Machine::new();
    let store = r#"{"version":1,"profiles":{"anthropic:work":{"type":"oauth","provider":"anthropic","source":"claude-cli","configDir":"/other folder"},
        "anthropic:usual":{"type":"oauth","provider":"anthropic","source":"claude-cli","configDir":"~/.claude"}}}"#;
    let path = ".config/keywright/agents/main/auth-profiles.json";
    machine.write(path, store);
    let check = |machine: &Machine, id: &str, hint: &str| {
        let ended = machine.run(&["onboard", "--non-interactive", "--reauth", id]);
        assert_eq!(ended.code, 64, "{ended:?}");
        assert!(ended.stderr.contains(hint), "{ended:?}");
        let left = std::fs::read_to_string(machine.home().join(path)).expect("the store");
        assert_eq!(left, store);
    };
    check(
        &machine,
        "anthropic:work",
        "`env CLAUDE_CONFIG_DIR='/other folder' keywright onboard --reauth anthropic:work`",
    );
    machine.set("CLAUDE_CONFIG_DIR", "/elsewhere");
    check(
        &machine,
        "anthropic:usual",
        "`env -u CLAUDE_CONFIG_DIR keywright onboard --reauth anthropic:usual`",
    );
}

#[test]
fn a_profile_is_renewed_and_gone_through_again() {
    let mut machine = Machine::new().with("S", &identity("bedrock-key-works", "bearerToken"));
    let bedrock = [
        "--flow",
        "bedrock",
        "--aws-auth",
        "bearer",
        "--region",
        "us-east-1",
    ];
    let ended = onboard(
        &machine,
        &[&bedrock[..], &["--bearer-token-env", "S"]].concat(),
    );
    assert_eq!(ended.code, 0, "{ended:?}");
    machine.set("S", &identity("bedrock-key-works-too", "bearerToken"));
    let ended = onboard(
        &machine,
        &["--reauth", "bedrock:default", "--bearer-token-env", "S"],
    );
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(
        ended.stdout.contains("--reauth bedrock:default"),
        "{ended:?}"
    );
    let ended = onboard(
        &machine,
        &["--reconfigure", "bedrock:default", "--region", "eu-west-1"],
    );
    assert_eq!(ended.code, 0, "{ended:?}");
    let stored = std::fs::read_to_string(machine.home().join(STORE)).expect("a store");
    let stored: Value = serde_json::from_str(&stored).expect("JSON");
    let profile = &stored["profiles"]["bedrock:default"];
    assert_eq!(profile["region"], "eu-west-1");
    assert_eq!(
        profile["bearerToken"],
        identity("bedrock-key-works-too", "bearerToken")
    );
    let line = "--flow bedrock --aws-auth access_keys --region us-east-1 --profile-id short --access-key-id ID --secret-access-key-env S --session-token-env T --skip-probe";
    let id = identity("aws-session-works", "accessKeyId");
    machine.set("S", &identity("aws-session-works", "secretAccessKey"));
    machine.set("T", &identity("aws-session-works", "sessionToken"));
    let words = line
        .split(' ')
        .map(|word| if word == "ID" { &id } else { word });
    let ended = onboard(&machine, &words.collect::<Vec<_>>());
    assert!(ended.stdout.contains("--skip-probe"), "{ended:?}");
    let line = "--reconfigure bedrock:short --region eu-west-1 --skip-probe";
    let ended = onboard(&machine, &line.split(' ').collect::<Vec<_>>());
    assert_eq!(ended.code, 0, "{ended:?}");
    let ended = onboard(&machine, &["--reauth", "bedrock:absent"]);
    assert_eq!(ended.code, 1, "{ended:?}");
    assert!(
        ended
            .stderr
            .contains("There is bedrock:default, bedrock:short."),
        "{ended:?}"
    );
}
