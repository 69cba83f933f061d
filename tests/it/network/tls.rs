//! Certificates: good ones, bad ones, and none.

use keywright::provider::{Reason, Verdict};

use super::run;
use crate::support::certificates::{Authority, Validity};
use crate::support::machine::{Machine, key};
use crate::support::server::{Answer, Server};

/// The variables that tell [`probe_in_this_process`] what to do.
const CHILD_URL: &str = "KEYWRIGHT_TEST_URL";
const CHILD_PROXY: &str = "KEYWRIGHT_TEST_PROXY";

/// `SSL_CERT_FILE` counts for a whole process, so the tests below run this one in a process each.
#[test]
#[ignore = "run by the tests of certificates"]
fn probe_in_this_process() {
    let url = std::env::var(CHILD_URL).expect("run by another test");
    let proxy = std::env::var(CHILD_PROXY).unwrap_or_default();
    let verdict = run(&[("HTTPS_PROXY", &proxy)], &url);
    println!("verdict {}", serde_json::to_string(&verdict).expect("JSON"));
}

/// The verdict of a probe in a process that trusts this bundle alone.
fn run_trusting(bundle: &std::path::Path, url: &str, proxy: &str) -> Verdict {
    let machine = Machine::new();
    let output = machine
        .command(std::env::current_exe().expect("this program"))
        .args([
            "network::tls::probe_in_this_process",
            "--exact",
            "--ignored",
            "--nocapture",
        ])
        .env("SSL_CERT_FILE", bundle)
        .env(CHILD_URL, url)
        .env(CHILD_PROXY, proxy)
        .output()
        .expect("it runs");
    let text = String::from_utf8_lossy(&output.stdout);
    let (_, rest) = text
        .split_once("verdict ")
        .unwrap_or_else(|| panic!("{output:?}"));
    serde_json::from_str(rest.lines().next().unwrap_or_default()).expect("a verdict")
}

#[test]
fn certificates() {
    let machine = Machine::new();
    let authority = Authority::new("Test");
    let bundle = authority.write(machine.folder());
    let check = |server: &Server, expected: Reason| {
        let verdict = run_trusting(&bundle, &server.url(), "");
        assert_eq!(verdict.reason, expected, "{verdict:?}");
        // Without a handshake there is no request, and so no key.
        assert_eq!(
            server.requests().len(),
            usize::from(expected == Reason::Works)
        );
        verdict
    };
    let serve = |config| Server::tls(config, Answer::models());
    check(
        &serve(authority.server("127.0.0.1", &Validity::Now)),
        Reason::Works,
    );
    for name in ["Stranger", "Test"] {
        let stranger = Authority::new(name).server("127.0.0.1", &Validity::Now);
        check(&serve(stranger), Reason::TlsUnknownIssuer);
    }
    check(
        &serve(authority.server("other.example", &Validity::Now)),
        Reason::TlsWrongName,
    );
    let expired = check(
        &serve(authority.server("127.0.0.1", &Validity::Past)),
        Reason::TlsExpired,
    );
    let message = expired.message.expect("a message");
    assert!(
        message.contains("valid until 2001-01-01T00:00:00Z"),
        "{message}"
    );
    check(
        &serve(authority.server("127.0.0.1", &Validity::Future)),
        Reason::TlsNotYetValid,
    );
}

#[test]
fn a_server_without_tls_and_a_machine_without_authorities() {
    let machine = Machine::new();
    let bundle = Authority::new("Test").write(machine.folder());
    let server = Server::always(Answer::models());
    let url = server.url().replace("http://", "https://");
    assert_eq!(run_trusting(&bundle, &url, "").reason, Reason::TlsOther);
    let none = machine.folder().join("missing.pem");
    let verdict = run_trusting(&none, &url, "");
    assert_eq!(verdict.reason, Reason::NoCaStore);
    assert_eq!(verdict.variable.as_deref(), Some("SSL_CERT_FILE"));
    // What needs no certificate works without authorities.
    assert_eq!(run_trusting(&none, &server.url(), "").reason, Reason::Works);
}

#[test]
fn the_key_goes_through_a_tunnel_unseen_by_the_proxy() {
    let machine = Machine::new();
    let authority = Authority::new("Test");
    let bundle = authority.write(machine.folder());
    let server = Server::tls(
        authority.server("api.invalid", &Validity::Now),
        Answer::models(),
    );
    let proxy = Server::relay(server.address());
    let verdict = run_trusting(&bundle, "https://api.invalid", &proxy.url());
    assert_eq!(verdict.reason, Reason::Works, "{verdict:?}");
    assert_eq!(
        server.requests()[0].header("x-api-key"),
        Some(key("01").as_str())
    );
    assert_eq!(proxy.requests().len(), 1);
    assert_eq!(proxy.requests()[0].header("x-api-key"), None);
    // A proxy that opens the tunnel itself shows a certificate that nobody trusts.
    let stranger = Server::tls(
        Authority::new("Stranger").server("api.invalid", &Validity::Now),
        Answer::models(),
    );
    let proxy = Server::relay(stranger.address());
    let verdict = run_trusting(&bundle, "https://api.invalid", &proxy.url());
    assert_eq!(verdict.reason, Reason::TlsUnknownIssuer, "{verdict:?}");
    assert_eq!(stranger.requests().len(), 0);
}
