//! Proxies: which one is used, what it sees, and whom a failure is put down to.

use keywright::provider::{Reason, Verdict};

use super::{run, unknown_name};
use crate::support::server::{Answer, Server, dead_address};

#[test]
fn an_unencrypted_request_goes_through_its_proxy_with_the_password() {
    let proxy = Server::always(Answer::models());
    let value = proxy.url().replace("http://", "http://user:p%40ss@");
    let verdict = run(&[("http_proxy", &value)], "http://api.invalid");
    assert_eq!(verdict.reason, Reason::Works);
    let requests = proxy.requests();
    assert_eq!(requests[0].path, "http://api.invalid/v1/models?limit=1");
    // user:p@ss
    assert_eq!(
        requests[0].header("proxy-authorization"),
        Some("Basic dXNlcjpwQHNz")
    );
}

fn check(variables: &[(&str, &str)], url: &str, expected: Reason, variable: &str) -> Verdict {
    let verdict = run(variables, url);
    assert_eq!(verdict.reason, expected, "{variables:?} {url}");
    assert_eq!(verdict.variable.as_deref(), Some(variable));
    let shown = format!("{verdict:?}");
    assert!(!shown.contains("hunter2"), "{shown}");
    verdict
}

#[test]
fn proxies_that_are_not_there() {
    let dead = dead_address();
    let value = format!("http://user:hunter2@{dead}");
    let verdict = check(
        &[("HTTPS_PROXY", &value)],
        "https://api.invalid",
        Reason::ProxyUnreachable,
        "HTTPS_PROXY",
    );
    assert!(
        verdict
            .message
            .is_some_and(|text| text.starts_with(&dead.to_string()))
    );
    check(
        &[("http_proxy", &value)],
        "http://api.invalid",
        Reason::ProxyUnreachable,
        "http_proxy",
    );
    check(
        &[("ALL_PROXY", &format!("http://{}:1", unknown_name()))],
        "https://api.invalid",
        Reason::ProxyUnreachable,
        "ALL_PROXY",
    );
    let socks = format!("socks5h://{dead}");
    check(
        &[("ALL_PROXY", &socks)],
        "https://api.invalid",
        Reason::ProxyUnreachable,
        "ALL_PROXY",
    );
    for value in ["::not a url", "not a url", "foo://bar", "http://"] {
        check(
            &[("HTTPS_PROXY", value)],
            "https://api.invalid",
            Reason::ProxyMalformed,
            "HTTPS_PROXY",
        );
    }
}

#[test]
fn proxies_that_do_not_let_through() {
    let closed = |status: u16| Server::always(Answer::json(status, ""));
    for (status, expected) in [
        (407, Reason::ProxyAuthentication),
        (403, Reason::ProxyRefused),
        (502, Reason::ProxyRefused),
    ] {
        let proxy = closed(status);
        check(
            &[("HTTPS_PROXY", &proxy.url())],
            "https://api.invalid",
            expected,
            "HTTPS_PROXY",
        );
        let [request] = &proxy.requests()[..] else {
            panic!("one request");
        };
        assert_eq!(
            (request.method.as_str(), request.path.as_str()),
            ("CONNECT", "api.invalid:443")
        );
        assert_eq!(request.header("x-api-key"), None);
    }
    let proxy = closed(407);
    check(
        &[("http_proxy", &proxy.url())],
        "http://api.invalid",
        Reason::ProxyAuthentication,
        "http_proxy",
    );
}

#[test]
fn an_address_of_this_machine_is_never_asked_for_through_a_proxy() {
    let server = Server::always(Answer::models());
    let proxy = Server::always(Answer::models());
    for name in ["http_proxy", "HTTP_PROXY", "ALL_PROXY"] {
        assert_eq!(
            run(&[(name, &proxy.url())], &server.url()).reason,
            Reason::Works
        );
        assert_eq!(
            run(&[(name, "not a url")], &server.url()).reason,
            Reason::Works
        );
    }
    assert_eq!(proxy.connections(), 0);
}
