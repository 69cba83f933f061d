//! The test keys, seen by the program's own probe: each situation of the sandbox is told apart.

use std::time::Duration;

use keywright::probe::{self, Probe};
use keywright::provider::anthropic::endpoint::Endpoint;
use keywright::provider::anthropic::shape::Severity;
use keywright::provider::{Level, anthropic};
use keywright::sandbox::keys;
use keywright::system::Environment;
use keywright::{Secret, System};

use super::wire::start;

/// Name of the key, and the reason that its free probe gives.
const FREE: &[(&str, &str)] = &[
    ("works", "works"),
    ("works-too", "works"),
    ("revoked", "invalid-key"),
    ("invalid-bearer", "invalid-bearer"),
    ("token-expired", "token-expired"),
    ("oauth-unsupported", "oauth-unsupported"),
    ("account-deactivated", "account-deactivated"),
    ("unauthorized", "unauthorized"),
    ("token-revoked", "token-revoked"),
    ("scope-missing", "scope-missing"),
    (
        "oauth-organization-not-allowed",
        "oauth-organization-not-allowed",
    ),
    ("request-not-allowed", "request-not-allowed"),
    ("forbidden", "forbidden"),
    ("only-for-claude-code", "only-for-claude-code"),
    ("disguised-refusal", "disguised-refusal"),
    ("credit-too-low", "works"),
    ("spend-limit", "spend-limit"),
    ("billing", "billing"),
    ("organization-disabled", "organization-disabled"),
    ("model-not-found", "works"),
    ("request-too-large", "request-too-large"),
    ("rate-limited", "rate-limited"),
    ("monthly-limit", "monthly-limit"),
    ("server-error", "server-error"),
    ("unavailable", "server-error"),
    ("gateway-timeout", "server-error"),
    ("overloaded", "overloaded"),
    ("captive-portal", "captive-portal"),
    ("proxy-page", "not-the-api"),
    ("redirected", "redirected"),
    ("malformed-reply", "malformed-reply"),
    ("oversized-reply", "oversized-reply"),
    ("slow", "timed-out"),
    ("silent", "timed-out"),
    ("half-body", "connection-reset"),
    ("reset", "connection-reset"),
    ("not-http", "malformed-reply"),
];

fn reason(system: &System, base_url: &str, key: &keys::TestKey, level: Level) -> &'static str {
    let probe = Probe {
        provider: &anthropic::PROVIDER,
        endpoint: Endpoint::parse(base_url).expect("a URL"),
        key: Secret::new(key.text()),
        level,
        timeout: Duration::from_secs(1),
    };
    probe::run(system, &probe).reason.id()
}

#[test]
fn every_situation_is_told_apart() {
    let running = start();
    let system = System::with_environment(Environment::of([("PATH", "/bin")], "/"));
    let mut wrong = Vec::new();
    for key in keys::ALL {
        let expected = FREE.iter().find(|(name, _)| *name == key.name);
        let expected = expected.map(|(_, reason)| *reason);
        let found = reason(&system, &running.base_url, key, Level::Credential);
        if expected != Some(found) {
            wrong.push(format!("{}: {found}, not {expected:?}", key.name));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_only_a_message_shows() {
    let running = start();
    let system = System::with_environment(Environment::of([("PATH", "/bin")], "/"));
    let model = || "claude-opus-5-5".to_owned();
    let check = |name: &str, level: Level, expected: &str| {
        let key = keys::named(name).expect("a test key");
        assert_eq!(reason(&system, &running.base_url, key, level), expected);
    };
    check("works", Level::Models, "works");
    check("works", Level::Access { model: model() }, "works");
    check("works", Level::Paid { model: model() }, "works");
    check("credit-too-low", Level::Access { model: model() }, "works");
    check(
        "credit-too-low",
        Level::Paid { model: model() },
        "credit-too-low",
    );
    check(
        "model-not-found",
        Level::Access { model: model() },
        "model-not-found",
    );
    let none = "none".to_owned();
    check("works", Level::Access { model: none }, "model-not-found");
}

#[test]
fn the_shape_check_finds_no_fault_with_test_keys() {
    for key in keys::ALL {
        let shape = (anthropic::PROVIDER.check)(&Secret::new(key.text()));
        assert_eq!(shape.severity(), Severity::Fine, "{}: {shape:?}", key.name);
    }
}
