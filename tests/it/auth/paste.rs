//! Secrets from pipes, files, variables and descriptors.

use super::{auth, machine_with, stored, token};
use crate::support::machine::{KEYWRIGHT, Machine, key};
use crate::support::server::{Answer, Server};

const RISK: &str = "--accept-risk=subscription-token";

#[test]
fn a_key_from_a_pipe_is_saved_and_not_verified() {
    let machine = Machine::new();
    let key = key("01");
    let ended = auth(
        &machine,
        &["paste-api-key", "--provider", "anthropic"],
        &format!("{key}\n"),
    );
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.stderr.contains("not verified"), "{ended:?}");
    assert!(!ended.stderr.contains(&key), "{ended:?}");
    assert_eq!(
        stored(&machine)["profiles"]["anthropic:default"]["key"],
        key
    );
    let again = auth(&machine, &["paste-api-key", "--json"], &key).json();
    assert_eq!(
        (&again["outcome"], &again["transaction"]),
        (&"same".into(), &().into())
    );
}

#[test]
fn another_key_needs_to_be_told_so() {
    let machine = machine_with(&[("anthropic:default", &key("01"))]);
    let refused = auth(&machine, &["paste-api-key", "--json"], &key("02"));
    assert_eq!(
        (refused.code, &refused.json()["error"]["code"]),
        (1, &"conflict".into())
    );
    assert_eq!(
        stored(&machine)["profiles"]["anthropic:default"]["key"],
        key("01")
    );
    let replaced = auth(
        &machine,
        &["paste-api-key", "--replace", "--json"],
        &key("02"),
    );
    assert_eq!(
        (replaced.code, &replaced.json()["outcome"]),
        (0, &"replaced".into())
    );
    assert_eq!(machine.run(&["undo"]).code, 0);
    assert_eq!(
        stored(&machine)["profiles"]["anthropic:default"]["key"],
        key("01")
    );
}

#[test]
fn every_way_to_give_a_secret() {
    let key = key("03");
    let check = |flags: &[&str], input: &str, warns: bool| {
        let machine = Machine::new().with("MY_KEY", &key);
        machine.write("key.txt", &key);
        let ended = auth(&machine, &[&["paste-api-key"], flags].concat(), input);
        assert_eq!(ended.code, 0, "{flags:?} {ended:?}");
        assert_eq!(ended.stderr.contains("--api-key-stdin"), warns, "{ended:?}");
        assert_eq!(
            stored(&machine)["profiles"]["anthropic:default"]["key"],
            key
        );
    };
    check(&[], &key, false);
    check(&["--api-key-stdin"], &key, false);
    check(&["--api-key", "-"], &key, false);
    check(&["--api-key-file", "key.txt"], "", false);
    check(&["--api-key-env", "MY_KEY"], "", false);
    check(&["--api-key", &key], "", true);
    let machine = Machine::new();
    let two = [
        "paste-api-key",
        "--api-key-stdin",
        "--api-key-env",
        "MY_KEY",
    ];
    assert_eq!(auth(&machine, &two, &key).code, 64);
    assert_eq!(auth(&machine, &["paste-api-key"], "").code, 65);
    assert!(!machine.ours().exists());
}

#[cfg(unix)]
#[test]
fn a_secret_from_a_descriptor() {
    let machine = Machine::new();
    let file = machine.write("key.txt", &key("04"));
    let script = "exec \"$0\" models auth paste-api-key --api-key-fd 3 3<\"$1\"";
    let mut shell = machine.command("/bin/sh");
    let status = shell.args(["-c", script, KEYWRIGHT]).arg(file).output();
    assert!(status.expect("it runs").status.success());
    assert_eq!(
        stored(&machine)["profiles"]["anthropic:default"]["key"],
        key("04")
    );
}

#[test]
fn a_token_needs_its_risk_accepted_and_has_an_end() {
    let machine = Machine::new().with("KEYWRIGHT_NOW", "2027-01-01T00:00:00Z");
    let token = token('Z');
    let refused = auth(&machine, &["paste-token"], &token);
    assert_eq!(refused.code, 64, "{refused:?}");
    assert!(refused.stderr.contains(RISK), "{refused:?}");
    let bare = auth(&machine, &["paste-token", "--accept-risk"], &token);
    assert_eq!(bare.code, 64, "a bare one names nothing: {bare:?}");
    assert_eq!(
        auth(&machine, &["paste-token", "--accept-risk=other"], &token).code,
        64
    );
    assert!(!machine.ours().exists());
    let saved = auth(&machine, &["paste-token", RISK, "--json"], &token);
    assert_eq!(saved.code, 0, "{saved:?}");
    assert_eq!(saved.json()["expiresAt"], "2028-01-01T00:00:00Z");
    let profile = &stored(&machine)["profiles"]["anthropic:manual"];
    assert_eq!(
        (&profile["type"], &profile["expiresAssumed"]),
        (&"token".into(), &true.into())
    );
    let longer = auth(
        &machine,
        &["paste-token", RISK, "--expires-in", "30d", "--json"],
        &token,
    );
    assert_eq!(longer.json()["expiresAt"], "2027-01-31T00:00:00Z");
    assert!(stored(&machine)["profiles"]["anthropic:manual"]["expiresAssumed"].is_null());
}

#[test]
fn what_cannot_be_is_refused_before_anything_is_read_or_written() {
    let machine = Machine::new();
    let long = "x".repeat(300);
    let check = |arguments: &[&str], code: i32, says: &str| {
        let ended = auth(&machine, arguments, &token('Z'));
        assert_eq!(ended.code, code, "{arguments:?} {ended:?}");
        assert!(ended.stderr.contains(says), "{arguments:?} {ended:?}");
        assert!(!ended.stderr.contains('\u{1b}'), "{ended:?}");
    };
    for expires in [
        "0",
        "0s",
        "-1h",
        "soon",
        "9223372036854775808",
        "9223372036854775807s",
    ] {
        check(
            &["paste-token", RISK, "--expires-in", expires],
            64,
            "--expires-in",
        );
    }
    for id in [
        "../x",
        "a\u{1b}[2Jb",
        "anthropic:../x",
        "anthropic:a:b",
        "UPPER",
        "",
        long.as_str(),
    ] {
        check(&["paste-token", RISK, "--profile-id", id], 64, "");
        check(&["paste-api-key", "--profile-id", id], 64, "");
    }
    check(
        &["paste-api-key", "--provider", "antropic"],
        64,
        "did you mean anthropic?",
    );
    check(&["paste-api-key", "--provider", "nobody"], 64, "there is ");
    check(
        &["paste-api-key", "--provider", "bedrock"],
        64,
        "--flow bedrock",
    );
    let two = [
        "paste-api-key",
        "--provider",
        "openai",
        "--profile-id",
        "anthropic:x",
    ];
    check(&two, 64, "not of the provider");
    check(&["paste-api-key"], 65, "subscription token");
    check(
        &["paste-api-key", "--base-url", "http://gateway.example"],
        64,
        "not encrypted",
    );
    assert!(!machine.ours().exists());
}

#[test]
fn what_another_provider_calls_a_token_is_its_key() {
    let machine = Machine::new();
    let key = format!("sk-or-v1-{}", "0123456789abcdef".repeat(4));
    let saved = auth(
        &machine,
        &["paste-token", "--provider", "openrouter", "--json"],
        &key,
    );
    assert_eq!(saved.code, 0, "{saved:?}");
    assert_eq!(saved.json()["profile"], "openrouter:manual");
    assert_eq!(
        stored(&machine)["profiles"]["openrouter:manual"]["type"],
        "api_key"
    );
}

#[test]
fn a_key_is_tried_where_that_is_asked_for() {
    let check = |answer: Answer, code: i32, saved: bool| {
        let server = Server::always(answer);
        let machine = Machine::new();
        let url = server.url();
        let arguments = ["paste-api-key", "--verify", "--base-url", &url, "--json"];
        let ended = auth(&machine, &arguments, &key("05"));
        assert_eq!(ended.code, code, "{ended:?}");
        assert_eq!(machine.store().exists(), saved, "{ended:?}");
        assert_eq!(
            server.requests()[0].header("x-api-key"),
            Some(key("05").as_str())
        );
        if saved {
            let profile = &stored(&machine)["profiles"]["anthropic:default"];
            assert_eq!(profile["baseUrl"], url);
            assert!(profile["verifiedAt"].is_number(), "{profile}");
        }
    };
    check(Answer::models(), 0, true);
    check(
        Answer::error(401, "authentication_error", "invalid x-api-key"),
        1,
        false,
    );
    check(Answer::error(429, "rate_limit_error", "slow down"), 0, true);
    check(Answer::error(500, "api_error", "oops"), 3, false);
}

#[test]
fn a_limited_key_is_not_said_to_work() {
    let server = Server::always(Answer::error(429, "rate_limit_error", "slow down"));
    let arguments = ["paste-api-key", "--verify", "--base-url", &server.url()];
    let ended = auth(&Machine::new(), &arguments, &key("05"));
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(
        ended.stderr.contains("accepted, and limited now"),
        "{ended:?}"
    );
    assert!(!ended.stderr.contains("it works"), "{ended:?}");
}

#[test]
fn a_key_is_not_tried_at_a_host_that_the_environment_names() {
    let machine = Machine::new().with("ANTHROPIC_BASE_URL", "https://gateway.example");
    let ended = auth(&machine, &["paste-api-key", "--verify"], &key("06"));
    assert_eq!(ended.code, 78, "{ended:?}");
    assert!(ended.stderr.contains("--base-url"), "{ended:?}");
    assert!(!machine.ours().exists());
}

#[test]
fn lines_for_services_are_written_and_follow() {
    let machine = Machine::new();
    let none = auth(
        &machine,
        &["paste-api-key", "--write-env", "openclaw"],
        &key("07"),
    );
    assert_eq!(none.code, 1, "{none:?}");
    let theirs = machine.write(".openclaw/.env", "# theirs\nOTHER=1\n");
    let files = ["--write-env", "openclaw", "--write-env", "keywright"];
    let saved = auth(
        &machine,
        &[&["paste-api-key"], &files[..]].concat(),
        &key("07"),
    );
    assert_eq!(saved.code, 0, "{saved:?}");
    let line = |tail: &str| {
        format!(
            "# keywright: anthropic:default\nANTHROPIC_API_KEY={}\n",
            key(tail)
        )
    };
    let text = |path: &std::path::Path| std::fs::read_to_string(path).expect("read");
    let ours = machine.ours().join(".env");
    assert_eq!(text(&theirs), format!("# theirs\nOTHER=1\n{}", line("07")));
    assert_eq!(text(&ours), line("07"));
    assert_eq!(
        auth(&machine, &["paste-api-key", "--replace"], &key("08")).code,
        0
    );
    assert_eq!(text(&theirs), format!("# theirs\nOTHER=1\n{}", line("08")));
    assert_eq!(text(&ours), line("08"));
    let shown = auth(&machine, &["show", "anthropic:default", "--json"], "").json();
    assert_eq!(shown["envFiles"].as_array().map(Vec::len), Some(2));
    let wizard = "onboard --flow api-key --anthropic-api-key-stdin --offline --replace";
    let wizard: Vec<&str> = wizard.split(' ').collect();
    let renewed = machine.run_with_input(&wizard, key("0w").as_bytes());
    assert_eq!(renewed.code, 0, "{renewed:?}");
    assert_eq!(
        text(&theirs),
        format!("# theirs\nOTHER=1\n{}", line("0w")),
        "the wizard lets it follow too"
    );
    assert_eq!(auth(&machine, &["remove", "anthropic:default"], "").code, 0);
    assert_eq!(text(&theirs), "# theirs\nOTHER=1\n");
}

#[test]
fn the_sandbox_takes_its_own_keys_only() {
    let machine = Machine::new();
    let arguments = ["--sandbox", "models", "auth", "paste-api-key"];
    let ended = machine.run_with_input(&arguments, key("09").as_bytes());
    assert_eq!(ended.code, 65, "{ended:?}");
    let ours = crate::support::keys::key("works");
    let ended = machine.run_with_input(&[&arguments[..], &["--verify"]].concat(), ours.as_bytes());
    assert_eq!(ended.code, 0, "{ended:?}");
}

#[test]
fn setup_token_without_a_terminal_says_so() {
    let machine = Machine::new();
    let ended = auth(&machine, &["setup-token", "--provider", "anthropic"], "");
    assert_eq!(ended.code, 64, "{ended:?}");
    assert!(ended.stderr.contains("paste-token"), "{ended:?}");
}

#[test]
fn writers_at_once_lose_nothing() {
    let machine = Machine::new();
    for agent in ["one", "two"] {
        let file = format!(".config/keywright/agents/{agent}/here");
        machine.write(&file, "");
    }
    std::thread::scope(|scope| {
        for number in 0..12 {
            let machine = &machine;
            scope.spawn(move || {
                let agent = ["one", "two"][number % 2];
                let id = format!("anthropic:n{number}");
                let arguments = ["--agent", agent, "paste-api-key", "--profile-id", &id];
                let key = key(&format!("{number:02}"));
                let ended = auth(machine, &arguments, &key);
                assert_eq!(ended.code, 0, "{ended:?}");
            });
        }
    });
    for (agent, first) in [("one", 0), ("two", 1)] {
        let listed = auth(&machine, &["--agent", agent, "list", "--json"], "").json();
        let profiles = listed["profiles"].as_array().expect("profiles").clone();
        let own = profiles
            .iter()
            .filter(|line| line["inheritedFrom"].is_null());
        let mut ids: Vec<_> = own.map(|line| line["id"].to_string()).collect();
        ids.sort();
        let mut expected: Vec<_> = (first..12)
            .step_by(2)
            .map(|n| format!("\"anthropic:n{n}\""))
            .collect();
        expected.sort();
        assert_eq!(ids, expected);
    }
}
