//! Every provider of the registry, and one of the configuration, answered in every way that counts.

use std::time::Duration;

use keywright::provider::registry;
use serde_json::{Value, json};

use crate::support::machine::{Machine, key};
use crate::support::server::{Answer, Server};

/// A key of the right form for a provider.
fn key_of(provider: &str) -> String {
    match provider {
        "anthropic" => key("4f2A"),
        "openai" => "sk-proj-made-Up-4711-made-Up-0815".to_owned(),
        "openrouter" => "sk-or-v1-made-Up-4711-made-Up-0815".to_owned(),
        "google" => "AIzaSyMadeUp4711MadeUp0815".to_owned(),
        _ => "of-a-form-of-its-own-4711-last".to_owned(),
    }
}

/// What a provider answers to a good key.
fn accepted(provider: &str) -> Answer {
    match provider {
        "anthropic" => Answer::models(),
        "openrouter" => Answer::json(200, r#"{"data":{"label":"a key","usage":0}}"#),
        "google" => Answer::json(200, r#"{"models":[{"name":"models/gemini"}]}"#),
        _ => Answer::json(200, r#"{"object":"list","data":[{"id":"m"}]}"#),
    }
}

/// A machine whose one profile is of that provider, which answers at `url`.
fn machine(provider: &str, url: &str) -> Machine {
    let id = format!("{provider}:default");
    let profile = json!({"type": "api_key", "provider": provider, "key": key_of(provider)});
    let store = json!({"version": 1, "profiles": {id: profile}});
    let mut machine = Machine::new();
    machine.write(
        ".config/keywright/agents/main/auth-profiles.json",
        &store.to_string(),
    );
    match registry::find(provider) {
        Some(known) => machine.set(known.base_url_variable, url),
        None => configure(
            &machine,
            provider,
            &json!({"baseUrl": url, "probePath": "/me"}),
        ),
    }
    machine
}

fn configure(machine: &Machine, provider: &str, custom: &Value) {
    let config = json!({"models": {"providers": {provider: custom}}});
    machine.write(".config/keywright/config.json5", &config.to_string());
}

/// The one probe, and the exit code with `--check`.
fn probe(machine: &Machine, arguments: &[&str]) -> (Value, i32) {
    let base = ["models", "status", "--probe", "--check", "--json"];
    let ended = machine.run(&[&base[..], arguments].concat());
    let document = ended.json();
    let probes = document["probes"].as_array().expect("probes");
    assert_eq!(probes.len(), 1, "{ended:?}");
    assert!(!ended.stdout.contains("4711"), "no secret: {ended:?}");
    (probes[0].clone(), ended.code)
}

fn providers() -> Vec<&'static str> {
    let known = registry::ALL.iter().map(|provider| provider.id);
    known.chain(["acme"]).collect()
}

#[test]
fn replies_are_told_apart() {
    let said = |status| Answer::json(status, r#"{"error":{"message":"no"}}"#);
    for provider in providers() {
        let check = |answer: Answer, expected: &str, code: i32| {
            let shown = format!("{provider}: {answer:?}");
            let server = Server::always(answer);
            let (probe, ended) = probe(&machine(provider, &server.url()), &[]);
            assert_eq!(
                (&probe["status"], ended),
                (&json!(expected), code),
                "{shown}"
            );
            assert_eq!(probe["provider"], provider);
            let requests = server.requests();
            assert_eq!(requests.len(), 1, "{shown}");
            assert_eq!(requests[0].method, "GET", "{shown}");
            assert!(!requests[0].path.contains("4711"), "{shown}");
        };
        check(accepted(provider), "ok", 0);
        check(said(401), "auth", 1);
        check(said(403), "auth", 1);
        check(said(429), "rate_limit", 1);
        check(said(500), "unknown", 3);
        check(said(418), "unknown", 3);
        check(Answer::json(200, "garbage \u{1b}[31m"), "format", 3);
        check(
            Answer::json(200, "<html><title>nginx</title></html>"),
            "format",
            3,
        );
        check(
            Answer::json(302, "").header("location", "https://elsewhere.example"),
            "format",
            3,
        );
    }
}

#[test]
fn a_slow_answer_ends_at_the_deadline() {
    for provider in providers() {
        let server = Server::always(Answer::Drip(Duration::from_millis(20)));
        let machine = machine(provider, &server.url());
        let (probe, code) = probe(&machine, &["--probe-timeout", "200"]);
        assert_eq!(
            (&probe["status"], code),
            (&json!("timeout"), 3),
            "{provider}"
        );
    }
}

#[test]
fn what_a_server_repeats_of_a_key_is_removed() {
    for provider in providers() {
        let body = json!({"error": {"message": format!("bad key {}", key_of(provider))}});
        let server = Server::always(Answer::json(401, &body.to_string()));
        let (probe, _) = probe(&machine(provider, &server.url()), &[]);
        let message = probe["message"].as_str().expect("a message");
        assert!(message.starts_with("bad key"), "{provider}: {message}");
    }
}

#[test]
fn a_stored_key_goes_to_no_other_host_and_nowhere_unencrypted() {
    for provider in registry::ALL {
        for url in ["https://elsewhere.example/v1", "http://192.0.2.1/v1"] {
            let (probe, code) = probe(&machine(provider.id, url), &[]);
            assert_eq!(
                (&probe["latencyMs"], code),
                (&Value::Null, 3),
                "{} {url}",
                provider.id
            );
            assert!(probe["advice"].is_string(), "{probe}");
        }
    }
    let (probe, _) = probe(&machine("acme", "http://llm.acme.example/v1"), &[]);
    assert_eq!(probe["status"], "unknown", "{probe}");
    let custom = machine("acme", "http://llm.acme.example/v1");
    let ended = custom.run(&["models", "status"]);
    assert!(
        ended.stderr.contains("must start with https://"),
        "{ended:?}"
    );
}

#[test]
fn a_provider_of_the_configuration() {
    let server = Server::start(|request| {
        let by_header = request.header("x-api-key") == Some("of-a-form-of-its-own-4711-last");
        let by_bearer =
            request.header("authorization") == Some("Bearer of-a-form-of-its-own-4711-last");
        match request.path.as_str() {
            "/v1/me" if by_header => Answer::json(200, r#"{"by":"header"}"#),
            "/v1/me" if by_bearer => Answer::json(200, r#"{"by":"bearer"}"#),
            _ => Answer::json(401, "{}"),
        }
    });
    let base = format!("{}/v1", server.url());
    let header = |name: &str| json!({"baseUrl": base, "probePath": "/me", "header": name});
    for name in ["bearer", "x-api-key"] {
        let machine = machine("acme", &base);
        configure(&machine, "acme", &header(name));
        let (probe, code) = probe(&machine, &["--probe-provider", "acme"]);
        assert_eq!(
            (&probe["status"], code),
            (&json!("ok"), 0),
            "{name} {probe}"
        );
        let document = machine.run(&["status", "--json"]).json();
        assert_eq!(document["auth"]["providers"][0]["endpoint"], base);
    }
    // Without a probe its state alone counts.
    let machine = machine("acme", &base);
    configure(&machine, "acme", &json!({"baseUrl": base}));
    let (unprobed, code) = probe(&machine, &[]);
    assert_eq!((&unprobed["status"], code), (&json!("unknown"), 0));
    let message = unprobed["message"].as_str().expect("why");
    assert!(
        message.contains("acme is a provider without a probe"),
        "{message}"
    );
    // The key of a variable.
    let machine = Machine::new().with("ACME_KEY", &key_of("acme"));
    let custom = json!({"baseUrl": base, "probePath": "/me", "apiKey": "ACME_KEY"});
    configure(&machine, "acme", &custom);
    let (probe, code) = probe(&machine, &[]);
    assert_eq!(
        (&probe["profileId"], code),
        (&json!("ACME_KEY"), 0),
        "{probe}"
    );
    assert_eq!(probe["status"], "ok");
}

#[test]
fn a_profile_that_was_saved_for_a_host_stays_with_it() {
    let server = Server::always(accepted("acme"));
    let machine = machine("acme", "https://llm.acme.example");
    let store = json!({"version": 1, "profiles": {"acme:default": {"type": "api_key",
        "provider": "acme", "key": key_of("acme"), "baseUrl": server.url()}}});
    machine.write(
        ".config/keywright/agents/main/auth-profiles.json",
        &store.to_string(),
    );
    let (probe, code) = probe(&machine, &[]);
    assert_eq!((&probe["status"], code), (&json!("ok"), 0), "{probe}");
    assert_eq!(server.requests()[0].path, "/me");
}

#[test]
fn the_page_about_providers_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/providers.md");
    let page = std::fs::read_to_string(path).expect("the page");
    for provider in registry::ALL {
        let row = page
            .lines()
            .find(|line| line.starts_with(&format!("| `{}` |", provider.id)));
        let row = row.unwrap_or_else(|| panic!("no row of {}", provider.id));
        for variable in provider.variables {
            let is_token = variable.kind == registry::VariableKind::Token;
            assert!(is_token || row.contains(variable.name), "{}", variable.name);
        }
        assert!(page.contains(&format!("`{}`", provider.base_url_variable)));
    }
    let (_, rest) = page.split_once("```json5\n").expect("an example");
    let (example, _) = rest.split_once("```").expect("its end");
    let machine = Machine::new().with("ACME_API_KEY", &key_of("acme"));
    machine.write(".config/keywright/config.json5", example);
    let ended = machine.run(&["models", "status", "--json"]);
    assert_eq!(ended.stderr, "", "the example is understood");
    let provider = &ended.json()["auth"]["providers"][0];
    assert_eq!(provider["endpoint"], "https://llm.acme.example/v1");
    assert_eq!(provider["effective"]["detail"], "ACME_API_KEY");
}
