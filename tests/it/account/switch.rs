//! `use` and `env`: what `exec`, `env` and `why keywright` take afterwards, whatever the order says.

use super::*;

const TOKEN: &str =
    "sk-ant-oat01-MADE-UP-MADE-UP-MADE-UP-MADE-UP-MADE-UP-MADE-UP-MADE-UP-MADE-UP-AA";

/// A store with an account of each kind, and an order that prefers none of them.
fn each_kind() -> Machine {
    let machine = machine();
    let login = machine.home().join("logins/c");
    machine.write(
        "logins/c/.credentials.json",
        &json!({"claudeAiOauth": {
            "accessToken": "sk-ant-oat01-MADE-UP-MADE-UP-MADE-UP-MADE-UP", "refreshToken": "sk-ant-ort01-MADE-UP-MADE-UP",
            "expiresAt": 1_795_300_000_000_i64, "refreshTokenExpiresAt": 1_797_000_000_000_i64,
            "scopes": ["user:inference", "user:profile"], "subscriptionType": "max"}})
        .to_string(),
    );
    let store = json!({"version": 1,
        "profiles": {
            "anthropic:a-first": {"type": "api_key", "provider": "anthropic", "key": key("00")},
            "anthropic:key": {"type": "api_key", "provider": "anthropic", "key": key("01")},
            "anthropic:token": {"type": "token", "provider": "anthropic", "token": TOKEN},
            "claude-cli:login": {"type": "oauth", "provider": "anthropic", "source": "claude-cli", "configDir": login},
            "bedrock:a-first": {"type": "aws", "provider": "bedrock", "method": "bearer", "region": "us-west-2", "bearerToken": format!("ABSK{}", "QmVj".repeat(30))},
            "bedrock:keys": {"type": "aws", "provider": "bedrock", "method": "access_keys", "region": "eu-west-1",
                "modelId": MODEL, "accessKeyId": "AKIAIOSFODNN7MADEUPX", "secretAccessKey": SECRET},
            "bedrock:bearer": {"type": "aws", "provider": "bedrock", "method": "bearer", "region": "us-east-1",
                "bearerToken": format!("ABSK{}", "QmVk".repeat(30))},
            "bedrock:profile": {"type": "aws", "provider": "bedrock", "method": "profile", "region": "us-east-1", "awsProfile": "dev"},
            "bedrock:chain": {"type": "aws", "provider": "bedrock", "method": "chain", "region": "us-east-2"}},
        "order": {"anthropic": ["anthropic:a-first"], "bedrock": ["bedrock:a-first"]}});
    machine.write(
        ".config/keywright/agents/main/auth-profiles.json",
        &store.to_string(),
    );
    machine
}

/// What `claude` gets from `exec`, one `NAME=value` per line.
#[cfg(unix)]
fn given(machine: &Machine) -> String {
    machine.program("claude", "export -p");
    let ended = machine.run(&["exec", "--", "claude"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    ended.stdout
}

/// Every account, its profile, and what a program sees of it.
#[cfg(unix)]
fn kinds(machine: &Machine) -> Vec<(&'static str, &'static str, Vec<String>)> {
    let login = machine.home().join("logins/c").display().to_string();
    let bearer = format!("ABSK{}", "QmVk".repeat(30));
    vec![
        ("key", "anthropic:key", vec![key("01")]),
        ("token", "anthropic:token", vec![TOKEN.to_owned()]),
        (
            "login",
            "claude-cli:login",
            vec![format!("CLAUDE_CONFIG_DIR='{login}'")],
        ),
        (
            "keys",
            "bedrock:keys",
            vec![
                "AKIAIOSFODNN7MADEUPX".to_owned(),
                SECRET.to_owned(),
                MODEL.to_owned(),
            ],
        ),
        ("bearer", "bedrock:bearer", vec![bearer]),
        (
            "profile",
            "bedrock:profile",
            vec!["AWS_PROFILE='dev'".to_owned()],
        ),
        (
            "chain",
            "bedrock:chain",
            vec!["AWS_REGION='us-east-2'".to_owned()],
        ),
    ]
}

#[cfg(unix)]
#[test]
fn each_kind_is_what_programs_get() {
    let machine = each_kind();
    assert!(given(&machine).contains(&key("00")), "the order");
    for (name, id, expected) in kinds(&machine) {
        ends(
            &account(&machine, &["use", name]),
            0,
            &format!("Switched to account: {name}"),
        );
        let all = given(&machine);
        for value in &expected {
            assert!(all.contains(value), "{name} {value}: {all}");
        }
        assert!(!all.contains(&key("00")), "{name}: {all}");
        let why = machine.run(&["why", "keywright", "--json"]).json();
        let first = &why["answers"][0];
        assert_eq!(first["winner"], id, "{why}");
        assert!(
            first["summary"]
                .as_str()
                .expect("words")
                .contains("the active account")
        );
        let status = machine.run(&["models", "status", "--json"]).json();
        assert_eq!(status["auth"]["active"], name);
        let used = status["auth"]["profiles"]
            .as_array()
            .expect("a list")
            .iter();
        let used = used
            .filter(|one| one["effective"] == true)
            .map(|one| &one["id"]);
        assert!(used.collect::<Vec<_>>().contains(&&json!(id)), "{name}");
        assert_eq!(
            account(&machine, &["current", "--json"]).json()["profiles"],
            json!([id])
        );
    }
    ends(
        &account(&machine, &["use", "--none"]),
        0,
        "The account chain is no longer active",
    );
    assert!(given(&machine).contains(&key("00")), "the order again");
}

#[cfg(unix)]
#[test]
fn env_gives_what_the_active_account_has() {
    let machine = each_kind();
    let env = |arguments: &[&str]| account(&machine, &[&["env"], arguments].concat());
    ends(&account(&machine, &["use", "key"]), 0, "");
    ends(&env(&[]), 0, "ANTHROPIC_API_KEY  sk-ant-api03-…AA01");
    assert!(!env(&[]).stdout.contains(&key("01")), "masked");
    let code = env(&["--export", "--shell", "bash"]).stdout;
    assert!(
        code.ends_with(&format!("export ANTHROPIC_API_KEY={}\n", key("01"))),
        "{code}"
    );
    assert_eq!(machine.run(&["env", "--shell", "bash"]).stdout, code);
    let other = env(&["keys", "-e", "--shell", "bash"]).stdout;
    assert!(
        other.contains(&format!("export AWS_SECRET_ACCESS_KEY={SECRET}\n")),
        "{other}"
    );
    let masked = env(&["keys", "--json"]).json();
    let secret = masked["variables"].as_array().expect("a list").iter();
    let secret: Vec<&Value> = secret
        .filter(|one| one["name"] == "AWS_SECRET_ACCESS_KEY")
        .collect();
    assert_eq!(secret[0]["value"], "…YXYZ");
    let unset = env(&["--unset", "--shell", "bash"]).stdout;
    assert!(
        unset.contains("unset ANTHROPIC_API_KEY\n") && !unset.contains("export"),
        "{unset}"
    );
    assert_eq!(env(&["key", "--export", "--json"]).code, 64);
    ends(&env(&["login"]), 0, "CLAUDE_CONFIG_DIR");
    ends(
        &env(&["login", "--export", "--shell", "bash"]),
        64,
        "claude",
    );
}

#[test]
fn what_it_says_in_json() {
    let machine = each_kind();
    let switched = account(&machine, &["use", "key", "--json"]).json();
    assert_eq!(switched["active"], "key");
    assert_eq!(switched["before"], Value::Null);
    assert_eq!(switched["profiles"], json!(["anthropic:key"]));
    assert!(switched["transaction"].is_string());
    let again = account(&machine, &["use", "key", "--json"]).json();
    assert_eq!(
        (&again["before"], &again["transaction"]),
        (&json!("key"), &Value::Null)
    );
    let none = account(&machine, &["use", "--none", "--json"]).json();
    assert_eq!(
        (&none["active"], &none["before"]),
        (&Value::Null, &json!("key"))
    );
    assert_eq!(stored(&machine).get("active"), None);
}

#[test]
fn no_order_hides_how_an_account_stands() {
    let machine = each_kind();
    ends(&account(&machine, &["new", "me", "--claude-login"]), 0, "");
    let used = account(&machine, &["use", "me"]);
    ends(&used, 0, "claude-cli:me cannot be used: not signed in");
    ends(&account(&machine, &["use", "--none"]), 0, "");
    let info = account(&machine, &["info", "me", "--json"]).json();
    assert_eq!(info["profiles"][0]["status"], "expired");
    assert_eq!(info["profiles"][0]["obstacle"], "not signed in");
}

#[test]
fn the_usual_login_needs_no_variable() {
    let machine = machine();
    let kept = json!({"version": 1, "profiles": {"claude-cli:me":
        {"type": "oauth", "provider": "anthropic", "source": "claude-cli", "configDir": "~/.claude"}}});
    machine.write(
        ".config/keywright/agents/main/auth-profiles.json",
        &kept.to_string(),
    );
    machine.write(
        ".claude/.credentials.json",
        &json!({"claudeAiOauth": {"accessToken": "sk-ant-oat01-MADE-UP-MADE-UP",
            "refreshToken": "sk-ant-ort01-MADE-UP-MADE-UP", "expiresAt": 1_795_300_000_000_i64,
            "scopes": ["user:inference"], "subscriptionType": "max"}})
        .to_string(),
    );
    let shown = account(&machine, &["env", "me"]);
    ends(&shown, 0, "No variable carries it");
    assert!(!shown.stderr.contains("--export"), "{shown:?}");
}

#[test]
fn what_stands_in_the_way_is_told() {
    let machine = each_kind().with("KEYWRIGHT_ACCOUNT", "key");
    ends(
        &account(&machine, &["use", "token"]),
        0,
        "KEYWRIGHT_ACCOUNT is set",
    );
    let store = json!({"version": 1, "active": "gone",
        "profiles": {"anthropic:empty": {"type": "api_key", "provider": "anthropic"}}});
    machine.write(
        ".config/keywright/agents/main/auth-profiles.json",
        &store.to_string(),
    );
    ends(
        &account(&machine, &["current"]),
        0,
        "keywright account use --none",
    );
    let unusable = account(&machine, &["use", "empty"]);
    ends(
        &unusable,
        0,
        "anthropic:empty cannot be used: it holds no credential",
    );
    ends(&account(&machine, &["list"]), 0, "Active, cannot be used");
    let listed = account(&machine, &["list", "--json"]).json();
    assert_eq!(listed["accounts"][0]["status"], "missing");
    assert_eq!(listed["accounts"][0]["reasonCode"], "missing_credential");
}
