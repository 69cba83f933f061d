//! `new`, `save` and `delete`: Claude logins by reference.

use super::*;

/// A login file as Claude Code writes it.
fn login(plan: &str) -> String {
    json!({"claudeAiOauth": {
        "accessToken": "sk-ant-oat01-MADE-UP-MADE-UP-MADE-UP-MADE-UP", "refreshToken": "sk-ant-ort01-MADE-UP-MADE-UP",
        "expiresAt": 1_795_300_000_000_i64, "refreshTokenExpiresAt": 1_797_000_000_000_i64,
        "scopes": ["user:inference", "user:profile"], "subscriptionType": plan}})
    .to_string()
}

#[test]
fn the_login_that_is_there_is_saved_by_reference() {
    let mut machine = machine();
    ends(&account(&machine, &["save", "me"]), 1, "claude auth login");
    machine.write(".claude/.credentials.json", &login("max"));
    ends(&account(&machine, &["save", "me"]), 0, "Saved account: me");
    let expected = json!({"type": "oauth", "provider": "anthropic", "source": "claude-cli",
        "configDir": "~/.claude", "createdAt": 1_795_255_200_000_i64});
    assert_eq!(stored(&machine)["profiles"]["claude-cli:me"], expected);
    assert!(
        !std::fs::read_to_string(machine.store())
            .expect("a store")
            .contains("sk-ant")
    );
    ends(
        &account(&machine, &["save", "--name", "me"]),
        0,
        "Nothing to do",
    );
    ends(&account(&machine, &["list"]), 0, "Max");
    machine.write("other/.credentials.json", &login("pro"));
    machine.set(
        "CLAUDE_CONFIG_DIR",
        &machine.home().join("other").display().to_string(),
    );
    let refused = account(&machine, &["save", "-n", "me"]);
    ends(&refused, 1, "keywright account save me --force");
    let replaced = account(&machine, &["save", "-n", "me", "--force", "--json"]).json();
    assert_eq!(replaced["outcome"], "replaced");
    assert_eq!(replaced["signedIn"], true);
    assert_eq!(
        replaced["configDir"],
        machine.home().join("other").display().to_string()
    );
    let own = account(&machine, &["new", "me", "--claude-login"]);
    ends(&own, 1, "keywright models auth remove claude-cli:me");
    machine.set("CLAUDE_CONFIG_DIR", "");
    ends(
        &account(&machine, &["save", "x"]),
        78,
        "CLAUDE_CONFIG_DIR is set and empty",
    );
}

#[test]
fn an_account_with_a_login_and_a_key() {
    let machine = machine();
    machine.write(".claude/.credentials.json", &login("max"));
    ends(&account(&machine, &["save", "me"]), 0, "");
    ends(&add(&machine, "me", "01"), 0, "Added");
    let document = account(&machine, &["list", "--json"]).json();
    assert_eq!(
        document["accounts"][0]["profiles"],
        json!(["anthropic:me", "claude-cli:me"])
    );
    ends(
        &account(&machine, &["list-api-keys", "me"]),
        0,
        "• anthropic",
    );
    let keys = account(&machine, &["list-api-keys", "me", "--json"]).json();
    assert_eq!(
        keys["profiles"].as_array().map(Vec::len),
        Some(1),
        "a login is no key"
    );
    let info = account(&machine, &["info", "me", "--json"]).json();
    assert_eq!(info["profiles"][1]["configDir"], "~/.claude");
    assert_eq!(info["profiles"][1]["status"], "ok");
    let deleted = account(&machine, &["delete-api-key", "me", "-p", "anthropic", "-f"]);
    ends(&deleted, 0, "Deleted anthropic API key");
    ends(
        &account(&machine, &["show-api-key", "me"]),
        1,
        "add-api-key me",
    );
    ends(
        &account(&machine, &["delete", "me", "-f"]),
        0,
        "Deleted account: me",
    );
    assert!(
        machine.home().join(".claude/.credentials.json").exists(),
        "it is not ours"
    );
}

#[cfg(unix)]
#[test]
fn a_folder_of_its_own() {
    use std::os::unix::fs::PermissionsExt;
    let machine = machine();
    let folder = machine.ours().join("accounts/me/claude");
    let first = account(&machine, &["new", "me", "--claude-login"]);
    let line = format!("CLAUDE_CONFIG_DIR={} claude auth login", folder.display());
    ends(&first, 0, &line);
    let mode = std::fs::metadata(&folder)
        .expect("a folder")
        .permissions()
        .mode();
    assert_eq!(mode & 0o7777, 0o700);
    let info = account(&machine, &["info", "me", "--json"]).json();
    assert_eq!(info["profiles"][0]["status"], "expired");
    let again = account(&machine, &["new", "me", "--claude-login", "--json"]).json();
    assert_eq!(
        (&again["outcome"], &again["signedIn"]),
        (&json!("same"), &json!(false))
    );
    std::fs::write(folder.join(".credentials.json"), login("pro")).expect("written");
    let again = account(&machine, &["new", "me", "--claude-login", "--json"]).json();
    assert_eq!(again["signedIn"], true);
    ends(&account(&machine, &["list"]), 0, "Pro");
    let kept = account(&machine, &["delete", "me", "--force"]);
    ends(&kept, 0, "keywright account delete me --claude-login");
    assert!(folder.join(".credentials.json").exists());
    let asked = account(&machine, &["delete", "me", "--claude-login"]);
    ends(&asked, 64, "--force");
    assert!(folder.exists());
    let outside = machine.write("outside/file", "precious");
    std::os::unix::fs::symlink(outside.parent().expect("a folder"), folder.join("link"))
        .expect("a link");
    let gone = account(
        &machine,
        &["delete", "me", "--claude-login", "--force", "--json"],
    )
    .json();
    assert_eq!(gone["claudeFolder"], folder.display().to_string());
    assert!(!machine.ours().join("accounts/me").exists());
    assert_eq!(std::fs::read_to_string(outside).expect("there"), "precious");
}

#[test]
fn a_folder_that_another_agent_needs_is_not_removed() {
    let machine = machine();
    machine.write(".config/keywright/agents/bot/.keep", "");
    let bot = ["--agent", "bot", "account"];
    let new = ["new", "me", "--claude-login"];
    let (make, use_it) = (
        [&bot[..], &new].concat(),
        [&bot[..], &["use", "me"]].concat(),
    );
    assert_eq!(machine.run(&make).code, 0);
    ends(&account(&machine, &new), 0, "Saved account: me");
    let folder = machine.ours().join("accounts/me/claude");
    let delete = ["delete", "me", "--force", "--claude-login"];
    let refused = account(&machine, &delete);
    ends(&refused, 1, "the login of claude-cli:me of the agent bot");
    ends(&refused, 1, "keywright account delete me");
    ends(
        &account(&machine, &["info", "me"]),
        0,
        "Problem: not signed in",
    );
    let kept = account(&machine, &delete[..3]);
    ends(&kept, 0, "Deleted account: me");
    assert!(!kept.stderr.contains("--claude-login"), "{kept:?}");
    assert_eq!(machine.run(&use_it).code, 0);
    let gone = machine.run(&[&bot[..], &delete].concat());
    ends(&gone, 0, "but not the Claude Code folder");
    assert!(!folder.exists());
}

#[cfg(unix)]
#[test]
fn a_link_in_place_of_the_folder_is_not_followed() {
    let machine = machine();
    ends(&add(&machine, "me", "01"), 0, "");
    machine.write("precious/file", "precious");
    let accounts = machine.ours().join("accounts/me");
    std::fs::create_dir_all(&accounts).expect("folders");
    std::os::unix::fs::symlink(machine.home().join("precious"), accounts.join("claude"))
        .expect("a link");
    ends(
        &account(&machine, &["delete", "me", "--claude-login", "-f"]),
        0,
        "Deleted account: me",
    );
    assert!(machine.home().join("precious/file").exists());
}

#[test]
fn delete_touches_that_account_alone() {
    let machine = machine();
    for (name, tail) in [("a", "01"), ("a.b", "02"), ("b", "03")] {
        ends(&add(&machine, name, tail), 0, "");
    }
    ends(&add_bedrock(&machine, "a"), 0, "");
    ends(&account(&machine, &["use", "b"]), 0, "");
    let asked = account(&machine, &["delete", "a"]);
    ends(&asked, 64, "--force");
    let deleted = account(&machine, &["delete", "a", "--force", "--json"]).json();
    assert_eq!(deleted["profiles"], json!(["anthropic:a", "bedrock:a"]));
    assert_eq!(deleted["wasActive"], false);
    let left: Vec<String> = stored(&machine)["profiles"]
        .as_object()
        .expect("profiles")
        .keys()
        .cloned()
        .collect();
    assert_eq!(left, ["anthropic:a.b", "anthropic:b"]);
    assert_eq!(stored(&machine)["active"], "b");
    assert_eq!(machine.run(&["undo"]).code, 0);
    assert_eq!(
        stored(&machine)["profiles"]["bedrock:a"]["secretAccessKey"],
        SECRET
    );
}
