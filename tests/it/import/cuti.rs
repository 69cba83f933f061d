//! cuti's accounts, as cuti 0.1 writes them and as its documents show them.

use serde_json::json;

use super::{AWS_ID, AWS_SECRET, done, import, listed, profiles, token};
use crate::support::machine::{Machine, key};

fn account(machine: &Machine, name: &str, keys: &serde_json::Value) {
    let path = format!(".cuti/claude-accounts/{name}/.api_keys.json");
    machine.write(&path, &serde_json::to_string_pretty(keys).expect("JSON"));
}

fn bearer() -> String {
    format!("ABSK{}", "A".repeat(128))
}

/// The four forms of a Bedrock entry, and both providers in one account.
fn home() -> Machine {
    let machine = Machine::new();
    let made = "2025-10-01T00:31:34.953588";
    account(
        &machine,
        "Prod API",
        &json!({
            "anthropic": {"api_key": key("p"), "provider": "anthropic", "created": made},
            "bedrock": {"bearer_token": bearer(), "region": "us-east-1", "provider": "bedrock", "auth_method": "bearer_token", "created": made},
        }),
    );
    account(
        &machine,
        "pair",
        &json!({
            "bedrock": {"region": "eu-west-1", "access_key_id": AWS_ID, "secret_access_key": AWS_SECRET, "provider": "bedrock", "auth_method": "access_keys", "created": made},
        }),
    );
    account(
        &machine,
        "documented",
        &json!({
            "bedrock": {"model_id": "anthropic.claude-3-5-sonnet-20241022-v2:0", "region": "us-east-1", "access_key_id": AWS_ID, "secret_access_key": AWS_SECRET, "provider": "bedrock", "created": made},
        }),
    );
    account(
        &machine,
        "minimal",
        &json!({"bedrock": {"bearer_token": bearer()}}),
    );
    machine.write(
        ".cuti/claude-accounts/accounts.json",
        &json!({"accounts": {"pair": {"type": "API"}}, "active": null, "last_updated": made})
            .to_string(),
    );
    machine
}

#[test]
fn all_four_forms() {
    let machine = home();
    let done = import(&machine, ".cuti", &["cuti", "--yes", "--json"], 0).json();
    assert_eq!(
        listed(&done["profiles"], &["id", "nameThere"]),
        [
            "anthropic:prod-api Prod API",
            "bedrock:prod-api Prod API",
            "bedrock:documented documented",
            "bedrock:minimal minimal",
            "bedrock:pair pair",
        ]
    );
    assert_eq!(done["leftOut"], json!([]));
    let store = profiles(&machine, "main");
    let found = &store["profiles"];
    assert_eq!(found["anthropic:prod-api"]["key"], key("p"));
    assert_eq!(
        found["anthropic:prod-api"]["createdAt"],
        1_759_278_694_953_i64
    );
    assert_eq!(found["bedrock:prod-api"]["method"], "bearer");
    assert_eq!(found["bedrock:prod-api"]["bearerToken"], bearer());
    assert_eq!(found["bedrock:minimal"]["method"], "bearer");
    for (name, model) in [
        ("pair", None),
        (
            "documented",
            Some("anthropic.claude-3-5-sonnet-20241022-v2:0"),
        ),
    ] {
        let profile = &found[format!("bedrock:{name}").as_str()];
        assert_eq!(profile["method"], "access_keys", "{name}");
        assert_eq!(profile["accessKeyId"], AWS_ID, "{name}");
        assert_eq!(profile["secretAccessKey"], AWS_SECRET, "{name}");
        assert_eq!(profile["modelId"].as_str(), model, "{name}");
    }
}

#[test]
fn what_cuti_gets_wrong_is_told() {
    let machine = Machine::new();
    // What cuti makes of the recipe in its own documents.
    account(
        &machine,
        "recipe",
        &json!({
            "bedrock": {"bearer_token": "anthropic.claude-3-5-sonnet-20241022-v2:0", "region": "us-east-1", "auth_method": "bearer_token"},
        }),
    );
    account(
        &machine,
        "token",
        &json!({"anthropic": {"api_key": token()}}),
    );
    machine.write(
        ".cuti/claude-accounts/half/.api_keys.json",
        "{\"anthropic\": {\"api_key\": \"hunter2",
    );
    machine.write(".cuti/claude-accounts/empty/.api_keys.json", "");
    machine.write(".cuti/claude-accounts/text/.api_keys.json", "\"hunter2\"");
    let done = import(&machine, ".cuti", &["cuti", "--yes", "--json"], 0).json();
    let ids = listed(&done["profiles"], &["id"]);
    assert_eq!(ids, ["anthropic:token"]);
    assert_eq!(
        profiles(&machine, "main")["profiles"]["anthropic:token"]["type"],
        "token"
    );
    let left = done["leftOut"].to_string();
    for expected in [
        "a model's id stands where",
        "keywright onboard --flow bedrock",
        "half/.api_keys.json",
        "it ends too early",
        "it is empty",
        "this is no JSON object",
    ] {
        assert!(left.contains(expected), "{expected}: {left}");
    }
}

#[test]
fn a_login_is_used_where_it_is() {
    let machine = home();
    let login = |folder: &str| {
        let login = json!({"claudeAiOauth": {"accessToken": token(), "refreshToken": "sk-ant-ort01-REFRESH", "expiresAt": 4_102_444_800_000_i64, "scopes": ["user:inference"], "subscriptionType": "max"}});
        machine.write(
            &format!(".cuti/{folder}/.credentials.json"),
            &login.to_string(),
        );
    };
    login("claude-accounts/max");
    login("claude-accounts/old");
    login("claude-accounts/Prod API");
    login("claude-linux");
    machine.write(".cuti/claude-accounts/dead/.credentials.json", "{}");
    machine.write(
        ".cuti/claude-accounts/accounts.json",
        "{\"active\": \"max\"}",
    );
    done(&machine, ".cuti", &["cuti", "--yes"]);
    let store = profiles(&machine, "main");
    let folder = |id: &str| {
        store["profiles"][id]["configDir"]
            .as_str()
            .map(str::to_owned)
    };
    let at = |path: &str| Some(machine.home().join(path).display().to_string());
    assert_eq!(folder("anthropic:max"), at(".cuti/claude-linux"));
    assert_eq!(folder("anthropic:old"), at(".cuti/claude-accounts/old"));
    // Beside a key it gets a name that tells the two apart.
    assert_eq!(
        folder("claude-cli:prod-api"),
        at(".cuti/claude-accounts/Prod API")
    );
    assert_eq!(folder("anthropic:dead"), None);
    assert!(!store.to_string().contains("REFRESH") && !store.to_string().contains(&token()));
}

#[test]
fn another_folder() {
    let machine = home();
    let login = json!({"claudeAiOauth": {"accessToken": token(), "refreshToken": "sk-ant-ort01-REFRESH", "expiresAt": 4_102_444_800_000_i64, "scopes": ["user:inference"]}});
    machine.write(
        ".cuti/claude-accounts/max/.credentials.json",
        &login.to_string(),
    );
    let copy = machine.home().join("saved");
    std::fs::rename(machine.home().join(".cuti"), &copy).expect("moved");
    let missing = machine.run(&["import", "cuti", "--yes"]);
    assert_eq!(missing.code, 1, "{missing:?}");
    assert!(
        missing.stderr.contains("keywright import cuti --from DIR"),
        "{missing:?}"
    );
    for folder in ["saved", "saved/claude-accounts"] {
        let plan = import(
            &machine,
            "saved",
            &["cuti", "--from", folder, "--dry-run", "--json"],
            0,
        );
        assert_eq!(
            plan.json()["profiles"].as_array().map(Vec::len),
            Some(6),
            "{folder}"
        );
    }
    done(&machine, "saved", &["cuti", "--from", "saved", "--yes"]);
    let max = &profiles(&machine, "main")["profiles"]["anthropic:max"]["configDir"];
    let folder = copy.join("claude-accounts/max").display().to_string();
    assert_eq!(*max, folder, "found from any working folder");
}
