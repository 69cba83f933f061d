//! `config check`.

use super::{config, with};

#[test]
fn what_is_wrong_has_its_place() {
    let machine = with("{\n  env: { shellEnv: { enabled: 1 } },\n  gateway: {},\n}\n");
    let ended = config(&machine, &["check", "--json"]);
    assert_eq!(ended.code, 1, "{ended:?}");
    let report = ended.json();
    assert_eq!(report["ok"], false);
    let remarks = report["remarks"].as_array().expect("remarks");
    let found: Vec<_> = remarks
        .iter()
        .map(|r| {
            (
                r["severity"].as_str(),
                r["key"].as_str(),
                r["line"].as_u64(),
            )
        })
        .collect();
    let expected = [
        (Some("error"), Some("env.shellEnv.enabled"), Some(2)),
        (Some("note"), Some("gateway"), Some(3)),
    ];
    assert_eq!(found, expected);
    let text = config(&machine, &["check"]);
    assert!(text.stdout.contains("config.json5:2:31"), "{text:?}");
}

#[test]
fn it_says_how_much_a_mistake_undoes() {
    let check = |text: &str, used: bool, words: &str| {
        let machine = with(text);
        let report = config(&machine, &["check", "--json"]).json();
        assert_eq!(
            (&report["ok"], &report["used"]),
            (&false.into(), &used.into())
        );
        let ended = config(&machine, &["check"]);
        assert!(ended.stderr.contains(words), "{ended:?}");
    };
    check(
        "{agents: {defaults: {models: {m: {params: {cacheControlTtl: '2h'}}}}}}",
        true,
        "What is wrong has no effect.",
    );
    check("{env: {vars: {A: 5}}}", false, "no setting has an effect");
    check("[]", false, "no setting has an effect");
}

#[test]
fn a_cache_time_is_told_what_it_needs() {
    let machine = with(
        "{agents: {defaults: {models: {'anthropic/a': {params: {cacheControlTtl: '1h'}}, 'anthropic/b': {params: {cacheControlTtl: '5m'}}}}}}",
    );
    let says = |expected: &[&str]| {
        let report = config(&machine, &["check", "--json"]).json();
        assert_eq!(report["ok"], true);
        let words = report["remarks"].to_string();
        for text in expected {
            assert!(words.contains(text), "{words}");
        }
        report["remarks"].as_array().map_or(0, Vec::len)
    };
    assert_eq!(says(&["extended-cache-ttl-2025-04-11"]), 1);
    machine.write(
        ".config/keywright/agents/main/auth-profiles.json",
        r#"{"version": 1, "profiles": {"anthropic:manual": {"type": "token", "provider": "anthropic", "token": "sk-ant-oat01-made-up"}}}"#,
    );
    assert_eq!(says(&["a subscription ignores it"]), 3);
}

#[test]
fn a_mode_that_disagrees_with_the_store_is_told() {
    let machine = with(
        "{auth: {profiles: {'anthropic:a': {mode: 'token'}, 'anthropic:claude-cli': {mode: 'token'}, 'anthropic:gone': {mode: 'api_key'}}}}",
    );
    machine.write(
        ".config/keywright/agents/main/auth-profiles.json",
        r#"{"version": 1, "profiles": {"anthropic:a": {"type": "api_key", "provider": "anthropic", "key": "sk-ant-api03-made-up"}, "anthropic:claude-cli": {"type": "oauth", "provider": "anthropic", "source": "claude-cli"}}}"#,
    );
    let ended = config(&machine, &["check"]);
    assert_eq!(ended.code, 1, "{ended:?}");
    assert!(
        ended
            .stdout
            .contains("says token, and the store holds a profile of type api_key"),
        "{ended:?}"
    );
    assert_eq!(
        ended.stdout.matches("the store counts").count(),
        1,
        "{ended:?}"
    );
    let shown = machine
        .run(&["models", "auth", "show", "anthropic:a", "--json"])
        .json();
    assert_eq!(shown["configMode"], "token");
}
