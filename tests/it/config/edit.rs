//! One setting changed, everything else byte for byte.

use super::{config, text, with};
use crate::support::machine::Machine;

const SAMPLE: &str = "// mine\n{\n  // the model\n  agents: { defaults: { model: { primary: 'anthropic/a' } } }, // here\n  other: [1, +2,], /* end */\n}\n";

#[test]
fn an_edit_keeps_everything_else() {
    let machine = with(SAMPLE);
    let set = ["set", "agents.defaults.model.primary", "anthropic/b"];
    assert_eq!(config(&machine, &set).code, 0);
    assert_eq!(
        text(&machine),
        SAMPLE.replace("'anthropic/a'", "\"anthropic/b\"")
    );
    assert_eq!(machine.run(&["undo"]).code, 0);
    assert_eq!(text(&machine), SAMPLE);
    assert_eq!(machine.run(&["models", "set", "anthropic/b"]).code, 0);
    assert_eq!(
        text(&machine),
        SAMPLE.replace("'anthropic/a'", "\"anthropic/b\"")
    );
    let again = machine
        .run(&["models", "set", "anthropic/b", "--json"])
        .json();
    assert_eq!(again["changed"], false);
    assert_eq!(config(&machine, &["unset", "other"]).code, 0);
    assert!(!text(&machine).contains("other"), "{}", text(&machine));
    assert!(
        text(&machine).contains("// the model"),
        "{}",
        text(&machine)
    );
}

#[test]
fn values_are_json5_or_text() {
    let machine = Machine::new();
    let check = |key: &str, value: &str, expected: serde_json::Value| {
        let set = config(&machine, &["set", key, value]);
        assert_eq!(set.code, 0, "{set:?}");
        let got = config(&machine, &["get", key, "--json"]).json();
        assert_eq!(got["value"], expected, "{key} {value}");
    };
    check(
        "agents.defaults.model.primary",
        "anthropic/a",
        "anthropic/a".into(),
    );
    check("x.list", "[1, 'a',]", serde_json::json!([1, "a"]));
    check("x.number", "12", 12.into());
    check("x.text", "'12'", "12".into());
    check("env.shellEnv.enabled", "true", true.into());
    check("agents.defaults.model.primary", "12", "12".into());
    check(
        "agents.defaults.models[\"a/b.c\"].params.cacheControlTtl",
        "1h",
        "1h".into(),
    );
    let piped = machine.run_with_input(&["config", "set", "env.vars.A", "-"], b"from a pipe\n");
    assert_eq!(piped.code, 0, "{piped:?}");
    assert!(text(&machine).contains("from a pipe"), "{}", text(&machine));
}

#[test]
fn what_a_setting_does_not_take_is_refused_and_nothing_written() {
    let machine = Machine::new();
    let check = |key: &str, value: &str| {
        let ended = config(&machine, &["set", key, value]);
        assert_eq!(ended.code, 64, "{key} {value} {ended:?}");
    };
    check("agents.defaults.models.m.params.cacheControlTtl", "2h");
    check("agents.bot.inherit", "perhaps");
    check("auth.order.anthropic", "['../x']");
    check("auth.order.anthropic", "anthropic:a");
    check("auth.profiles.anthropic:a.mode", "other");
    check("env.shellEnv.enabled", "yes");
    check("env.shellEnv.timeoutMs", "-1");
    check("env.shellEnv", "{timeoutMs: 0}");
    check("agents", "1");
    check("a..b", "1");
    check("", "1");
    for model in ["", "two words", "antropic/x"] {
        let ended = machine.run(&["models", "set", model]);
        assert_eq!(ended.code, 64, "{model} {ended:?}");
    }
    assert!(!machine.ours().exists());
}

#[test]
fn an_edit_leaves_no_file_that_cannot_be_read() {
    let machine = with("{}");
    let provider = "{baseUrl: 'https://llm.acme.example/v1'}";
    let early = config(&machine, &["set", "models.providers.acme.header", "bearer"]);
    assert_eq!(early.code, 64, "{early:?}");
    assert!(early.stderr.contains("baseUrl"), "{early:?}");
    let whole = config(&machine, &["set", "models.providers.acme", provider]);
    assert_eq!(whole.code, 0, "{whole:?}");
    let half = config(&machine, &["unset", "models.providers.acme.baseUrl"]);
    assert_eq!(half.code, 64, "{half:?}");
    assert_eq!(config(&machine, &["check"]).code, 0);
    let known = machine.run(&["models", "set", "acme/some-model"]);
    assert_eq!(
        known.code, 0,
        "a provider of the configuration is known: {known:?}"
    );
}

#[test]
fn something_in_the_way_is_left_there() {
    let machine = with("{x: 1}");
    assert_eq!(config(&machine, &["set", "x.y", "1"]).code, 78);
    assert_eq!(config(&machine, &["unset", "nope"]).code, 1);
    assert_eq!(config(&machine, &["get", "nope"]).code, 1);
    assert_eq!(text(&machine), "{x: 1}");
}

#[test]
fn variables_are_masked() {
    let machine = with(
        "{env: {vars: {A: 'hunter2'}, B: 'hunter2'}, models: {providers: {x: {apiKey: 'hunter2'}}}}",
    );
    for arguments in [
        &["get"][..],
        &["get", "env"],
        &["get", "env.vars.A"],
        &["get", "env.B"],
    ] {
        for json in [&[][..], &["--json"]] {
            let ended = config(&machine, &[arguments, json].concat());
            assert_eq!(ended.code, 0, "{ended:?}");
            assert!(!ended.stdout.contains("hunter2"), "{ended:?}");
        }
    }
    let key = crate::support::machine::key("01");
    let warned = config(&machine, &["set", "env.vars.A", &key]);
    assert!(warned.stderr.contains("warning:"), "{warned:?}");
    assert!(!warned.stderr.contains(&key), "{warned:?}");
}

#[test]
fn clawdbots_forms_are_rewritten_by_a_writing_command() {
    let old = "{ // mine\n  env: { FOO: 'x' },\n  agents: { defaults: { model: 'anthropic/a' } },\n  auth: { profiles: { 'anthropic:claude-cli': { mode: 'token' } } },\n}\n";
    let machine = with(old);
    let status = machine.run(&["models", "status", "--json"]).json();
    assert_eq!(status["defaultModel"], "anthropic/a");
    assert_eq!(text(&machine), old, "reading changes nothing");
    let set = config(&machine, &["set", "x", "1", "--json"]).json();
    assert_eq!(set["rewritten"].as_array().map(Vec::len), Some(3), "{set}");
    let check = |key: &str, expected: &str| {
        assert_eq!(
            config(&machine, &["get", key, "--json"]).json()["value"],
            expected,
            "{key}"
        );
    };
    check("agents.defaults.model.primary", "anthropic/a");
    check("auth.profiles.anthropic:claude-cli.mode", "oauth");
    check("env.vars.FOO", "…");
    assert_eq!(config(&machine, &["get", "env.FOO"]).code, 1);
    assert!(text(&machine).contains("// mine"), "{}", text(&machine));
}

#[test]
fn what_is_set_in_clawdbots_form_becomes_the_usual_one() {
    let machine = Machine::new();
    let model = config(&machine, &["set", "agents.defaults.model", "anthropic/a"]);
    assert_eq!(model.code, 0, "{model:?}");
    let primary = config(&machine, &["get", "agents.defaults.model.primary"]);
    assert_eq!(primary.stdout, "anthropic/a\n");
    for value in ["x", "y"] {
        assert_eq!(config(&machine, &["set", "env.FOO", value]).code, 0);
        assert!(text(&machine).contains(&format!("\"FOO\": \"{value}\"")));
    }
    assert_eq!(config(&machine, &["get", "env.vars.FOO"]).stdout, "…\n");
    assert_eq!(
        config(&machine, &["check", "--json"]).json()["remarks"],
        serde_json::json!([])
    );
}

#[test]
fn the_path_is_told_and_nothing_made() {
    let machine = Machine::new();
    let path = config(&machine, &["path"]);
    let expected = machine.ours().join("config.json5").display().to_string();
    assert_eq!((path.code, path.stdout.trim_end()), (0, expected.as_str()));
    assert_eq!(
        config(&machine, &["path", "--json"]).json()["exists"],
        false
    );
    assert_eq!(config(&machine, &["get"]).stdout, "{}\n");
    assert_eq!(config(&machine, &["check"]).code, 0);
    assert!(!machine.ours().exists());
}

#[test]
fn writers_at_once_lose_nothing() {
    let machine = Machine::new();
    std::thread::scope(|scope| {
        for number in 0..10 {
            let machine = &machine;
            scope.spawn(move || {
                let key = format!("x.n{number}");
                let ended = config(machine, &["set", &key, "1"]);
                assert_eq!(ended.code, 0, "{ended:?}");
            });
        }
    });
    let all = config(&machine, &["get", "x", "--json"]).json();
    assert_eq!(
        all["value"].as_object().map(serde_json::Map::len),
        Some(10),
        "{all}"
    );
}

#[test]
fn a_variable_in_the_old_form_is_text_whatever_it_looks_like() {
    let machine = with("{}\n");
    for value in ["12", "true", "[1]", "null"] {
        let ended = config(&machine, &["set", "env.PIN", value]);
        assert_eq!(ended.code, 0, "{ended:?}");
        let text = std::fs::read_to_string(machine.ours().join("config.json5")).expect("a file");
        assert!(text.contains(&format!("\"PIN\": \"{value}\"")), "{text}");
    }
    let ended = config(&machine, &["set", "agents.defaults.model.primray", "x"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(
        ended.stderr.contains("no setting of keywright"),
        "{ended:?}"
    );
}
