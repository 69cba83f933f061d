//! `list`, `show`, `remove`, `activate`, `sync` and `reset`.

use super::{auth, machine_with, stored};
use crate::import::tree;
use crate::support::machine::{Machine, key};

#[test]
fn nothing_is_listed_and_nothing_made_where_nothing_is() {
    let machine = Machine::new();
    let ended = auth(&machine, &["list", "--json"], "");
    assert_eq!(
        (ended.code, &ended.json()["profiles"]),
        (0, &serde_json::json!([]))
    );
    for arguments in [
        &["show", "anthropic:x"][..],
        &["remove", "anthropic:x"],
        &["remove", "anthropic:x", "--purge"],
        &["activate", "anthropic:x"],
        &["sync", "anthropic:x"],
        &["reset", "anthropic:x"],
        &["order", "set", "--provider", "anthropic", "anthropic:x"],
    ] {
        let ended = auth(&machine, &[arguments, &["--json"]].concat(), "");
        assert_eq!(ended.code, 1, "{arguments:?} {ended:?}");
        assert_eq!(ended.json()["error"]["code"], "not-found");
    }
    for verb in ["show", "remove", "activate", "sync", "reset"] {
        let ended = auth(&machine, &[verb, "../../etc/passwd"], "");
        assert_eq!(ended.code, 64, "{verb} {ended:?}");
    }
    assert!(
        !machine.ours().exists(),
        "reading and refusing create nothing"
    );
}

#[test]
fn a_credential_is_shown_without_its_secret() {
    let machine = machine_with(&[
        ("anthropic:default", &key("01")),
        ("anthropic:b", &key("02")),
    ]);
    for arguments in [&["list"][..], &["show", "anthropic:default"]] {
        for json in [&[][..], &["--json"]] {
            let ended = auth(&machine, &[arguments, json].concat(), "");
            assert_eq!(ended.code, 0, "{ended:?}");
            assert!(!ended.stdout.contains(&key("01")), "{ended:?}");
            assert!(ended.stdout.contains("sk-ant-api03-…"), "{ended:?}");
        }
    }
    let unknown = auth(&machine, &["show", "anthropic:nope"], "");
    assert!(
        unknown
            .stderr
            .contains("There is anthropic:default, anthropic:b."),
        "{unknown:?}"
    );
    let filtered = auth(&machine, &["list", "--provider", "bedrock", "--json"], "").json();
    assert_eq!(filtered["profiles"], serde_json::json!([]));
}

#[test]
fn what_is_removed_can_be_brought_back_unless_it_is_purged() {
    let machine = machine_with(&[("anthropic:a", &key("0a")), ("anthropic:b", &key("0b"))]);
    let all_or_none = auth(&machine, &["remove", "anthropic:a", "anthropic:nope"], "");
    assert_eq!(all_or_none.code, 1, "{all_or_none:?}");
    assert!(stored(&machine)["profiles"]["anthropic:a"].is_object());
    assert_eq!(
        auth(&machine, &["logout", "anthropic:a", "--yes"], "").code,
        0
    );
    assert!(stored(&machine)["profiles"]["anthropic:a"].is_null());
    assert_eq!(machine.run(&["undo"]).code, 0);
    let purged = auth(
        &machine,
        &["remove", "anthropic:a", "--purge", "--json"],
        "",
    )
    .json();
    assert_eq!(
        (&purged["purged"], &purged["transaction"]),
        (&true.into(), &().into())
    );
    assert_eq!(machine.run(&["undo"]).code, 1);
    let mut folders = vec![machine.ours()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let bytes = std::fs::read(&path).expect("read");
                let text = String::from_utf8_lossy(&bytes).into_owned();
                assert!(
                    !text.contains(&key("0a")),
                    "it is still in {}",
                    path.display()
                );
            }
        }
    }
}

#[test]
fn an_account_is_activated_and_ends_with_its_last_profile() {
    let machine = machine_with(&[("anthropic:a", &key("0a")), ("anthropic:b", &key("0b"))]);
    let ended = auth(&machine, &["activate", "anthropic:b", "--json"], "").json();
    assert_eq!(
        (&ended["active"], &ended["changed"]),
        (&"b".into(), &true.into())
    );
    let again = auth(&machine, &["activate", "anthropic:b", "--json"], "").json();
    assert_eq!(again["changed"], false);
    let got = machine.run(&["get"]);
    assert!(got.stderr.contains("anthropic:b"), "{got:?}");
    let removed = auth(&machine, &["remove", "anthropic:b", "--json"], "").json();
    assert_eq!(removed["endedAccount"], "b");
    assert!(stored(&machine)["active"].is_null());
}

#[test]
fn a_cooldown_is_ended() {
    let machine =
        machine_with(&[("anthropic:a", &key("0a"))]).with("KEYWRIGHT_NOW", "2027-01-01T00:00:00Z");
    machine.write(
        ".config/keywright/state/usage.json",
        r#"{"version": 1, "agents": {"main": {"anthropic:a": {"cooldownUntil": 1798765200000, "cooldownReason": "rate_limit"}}}}"#,
    );
    let shown = auth(&machine, &["show", "anthropic:a", "--json"], "").json();
    assert_eq!(shown["cooldownUntil"], "2027-01-01T01:00:00Z");
    assert_eq!(
        auth(&machine, &["reset", "anthropic:a", "--json"], "").json()["ended"],
        true
    );
    assert_eq!(
        auth(&machine, &["reset", "anthropic:a", "--json"], "").json()["ended"],
        false
    );
}

#[test]
fn a_copied_login_becomes_a_reference_and_its_tokens_go() {
    let machine = Machine::new().with("KEYWRIGHT_NOW", "2027-01-01T00:00:00Z");
    machine.write(
        ".config/keywright/agents/main/auth-profiles.json",
        r#"{"version": 1, "profiles": {"anthropic:claude-cli": {"type": "oauth", "provider": "anthropic", "access": "canary-access", "refresh": "canary-refresh", "expires": 1795200000000, "email": "a@b.example"}}}"#,
    );
    let missing = auth(&machine, &["sync", "--json"], "");
    assert_eq!(missing.code, 1, "nobody is signed in: {missing:?}");
    let login = &missing.json()["logins"][0];
    assert_eq!(
        (&login["usable"], &login["madeReference"]),
        (&false.into(), &true.into())
    );
    let text = std::fs::read_to_string(machine.store()).expect("a store");
    assert!(!text.contains("canary"), "{text}");
    let profile = &stored(&machine)["profiles"]["anthropic:claude-cli"];
    assert_eq!(profile["source"], "claude-cli");
    assert_eq!(profile["email"], "a@b.example");
    let file = machine.write(
        ".claude/.credentials.json",
        r#"{"claudeAiOauth": {"accessToken": "sk-ant-oat01-made-up-token-made-up", "refreshToken": "sk-ant-ort01-made-up-token-made-up", "expiresAt": 1830297600000, "refreshTokenExpiresAt": 1830297600000, "scopes": ["user:inference"], "subscriptionType": "max"}}"#,
    );
    let before = std::fs::read(&file).expect("read");
    let ended = auth(&machine, &["sync", "--json"], "");
    assert_eq!(ended.code, 0, "{ended:?}");
    let login = ended.json()["logins"][0].clone();
    assert_eq!(
        (&login["plan"], &login["madeReference"]),
        (&"max".into(), &false.into())
    );
    assert!(!ended.stdout.contains("made-up"), "{ended:?}");
    assert_eq!(std::fs::read(&file).expect("read"), before);
    let no_login = machine_with(&[("anthropic:a", &key("0a"))]);
    assert_eq!(auth(&no_login, &["sync", "anthropic:a"], "").code, 64);
}

#[test]
fn copies_of_tokens_reach_no_other_file() {
    const COPIED: &str = r#"{"version": 1, "profiles": {"anthropic:a": {"type": "api_key", "provider": "anthropic", "key": "k"}, "anthropic:claude-cli": {"type": "oauth", "provider": "anthropic", "access": "canary-access", "refresh": "canary-refresh", "expires": 1795200000000}}}"#;
    let is_clean = |machine: &Machine| {
        let files = tree(&machine.ours());
        files
            .values()
            .all(|(bytes, _)| !String::from_utf8_lossy(bytes).contains("canary"))
    };
    for verb in [
        &["sync"][..],
        &["order", "set", "--provider", "anthropic", "anthropic:a"],
        &["remove", "anthropic:a"],
        &["remove", "anthropic:claude-cli"],
        &["activate", "anthropic:a"],
    ] {
        let machine = Machine::new();
        machine.write(".config/keywright/agents/main/auth-profiles.json", COPIED);
        let ended = auth(&machine, verb, "");
        assert!(is_clean(&machine), "{verb:?}: {ended:?}");
        let undone = machine.run(&["undo"]);
        assert!(is_clean(&machine), "{verb:?}: {undone:?}");
        assert!(
            !stored(&machine)["profiles"]["anthropic:claude-cli"].is_null(),
            "{verb:?}: the login itself stays"
        );
    }
}

#[test]
fn the_credential_in_use_is_got_masked_or_whole() {
    let openai = format!("sk-proj-{}", "0123456789abcdef".repeat(4));
    let machine = machine_with(&[("anthropic:a", &key("0a")), ("openai:o", &openai)]);
    let get = |arguments: &[&str]| machine.run(&[&["get"], arguments].concat());
    let masked = get(&[]);
    assert!(masked.stdout.starts_with("sk-ant-api03-…"), "{masked:?}");
    assert!(masked.stderr.contains("anthropic:a"), "{masked:?}");
    assert_eq!(get(&["--raw"]).stdout, format!("{}\n", key("0a")));
    let named = get(&["--raw", "--profile", "openai:o"]);
    assert_eq!((named.code, named.stdout), (0, format!("{openai}\n")));
    assert_eq!(get(&["--profile", "openai:nope"]).code, 1);
    assert_eq!(get(&["--profile", "../x"]).code, 64);
    assert_eq!(get(&["--json"]).code, 64);
    let reference = r#"{"version": 1, "profiles": {"anthropic:r": {"type": "api_key", "provider": "anthropic", "keyRef": {"source": "env", "provider": "default", "id": "NOT_SET"}}}}"#;
    machine.write(
        ".config/keywright/agents/main/auth-profiles.json",
        reference,
    );
    let unset = get(&["--raw"]);
    assert_eq!((unset.code, unset.stdout.as_str()), (1, ""), "{unset:?}");
    let shown = auth(&machine, &["show", "anthropic:r", "--json"], "").json();
    assert_eq!(shown["reference"], "env:default:NOT_SET");
}

#[test]
fn a_subscription_is_got_whole_only_with_its_risk_accepted() {
    let machine = Machine::new();
    let token = super::token('Z');
    let paste = ["paste-token", "--accept-risk=subscription-token"];
    assert_eq!(auth(&machine, &paste, &token).code, 0);
    let refused = machine.run(&["get", "--raw"]);
    assert_eq!(
        (refused.code, refused.stdout.as_str()),
        (64, ""),
        "{refused:?}"
    );
    let printed = machine.run(&["get", "--raw", "--accept-risk=subscription-token-elsewhere"]);
    assert_eq!((printed.code, printed.stdout), (0, format!("{token}\n")));
    assert_eq!(machine.run(&["get"]).code, 0);
}
