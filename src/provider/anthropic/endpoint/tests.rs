use super::*;

fn endpoint(text: &str) -> Endpoint {
    Endpoint::parse(text).expect("a base URL")
}

#[test]
fn base_urls() {
    let check = |text: &str, expected: &str| {
        let found = endpoint(text).url("/v1/models?limit=1");
        assert_eq!(found.as_str(), expected);
    };
    check(
        "https://api.anthropic.com",
        "https://api.anthropic.com/v1/models?limit=1",
    );
    check(
        "https://api.anthropic.com/",
        "https://api.anthropic.com/v1/models?limit=1",
    );
    check(" https://h/a/b/ ", "https://h/a/b/v1/models?limit=1");
    check("HTTPS://H:8443/a", "https://h:8443/a/v1/models?limit=1");
    check("http://127.0.0.1:9", "http://127.0.0.1:9/v1/models?limit=1");
    check("http://[::1]:9/x", "http://[::1]:9/x/v1/models?limit=1");
    for bad in [
        "",
        " ",
        "api.anthropic.com",
        "localhost:8080",
        "ftp://h",
        "file:///etc/passwd",
        "https://",
        "https://u:hunter2@h",
        "https://u@h",
        "https://h?x=1",
        "https://h#f",
        "not a url",
    ] {
        let error = Endpoint::parse(bad).expect_err(bad);
        assert_eq!(error.kind(), Kind::Config, "{bad}");
        assert!(!format!("{error:?}").contains("hunter2"));
    }
    assert!(endpoint("https://h/v1/").repeats_version());
    assert!(!endpoint("https://h/v1x").repeats_version());
    assert_eq!(endpoint("https://h:8443/a/").host(), "h:8443");
    assert_eq!(endpoint("https://h:443/a/").to_string(), "https://h/a");
}

#[test]
fn loopback_addresses() {
    let check = |host: &str, expected: bool| {
        assert_eq!(
            endpoint(&format!("http://{host}/")).is_loopback(),
            expected,
            "{host}"
        );
    };
    for here in [
        "localhost",
        "LOCALHOST:1",
        "127.0.0.1",
        "127.1",
        "127.8.8.8:80",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "0x7f000001",
    ] {
        check(here, true);
    }
    for elsewhere in [
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "10.0.0.1",
        "0.0.0.0",
        "[::2]",
        "notlocalhost",
    ] {
        check(elsewhere, false);
    }
}

fn stored(base_url: Option<&str>) -> Origin<'_> {
    Origin::Stored { base_url }
}

fn check(origin: Origin<'_>, to: &str, allowance: Allowance<'_>, expected: &str) {
    let found = match may_send(origin, &endpoint(to), allowance) {
        Ok(()) => "sent",
        Err(Refusal::ForeignHost { .. }) => "foreign",
        Err(Refusal::Insecure { .. }) => "insecure",
    };
    assert_eq!(found, expected, "{origin:?} {to} {allowance:?}");
}

#[test]
fn who_may_see_a_key() {
    let none = Allowance::default();
    let own = "https://api.anthropic.com";
    let saved = stored(Some("https://gateway.example/y"));
    for origin in [
        stored(None),
        saved,
        Origin::SameEnvironment,
        Origin::Entered,
    ] {
        check(origin, own, none, "sent");
        check(origin, "http://127.0.0.1:1", none, "sent");
        check(origin, "http://localhost:1", none, "sent");
        check(origin, "http://api.anthropic.com", none, "insecure");
    }
    for elsewhere in [
        "https://gateway.example",
        "https://api.anthropic.com.evil.example",
        "https://api.anthropic.com:8443",
        "https://evil.example/api.anthropic.com",
    ] {
        check(stored(None), elsewhere, none, "foreign");
        check(Origin::Entered, elsewhere, none, "foreign");
        check(Origin::SameEnvironment, elsewhere, none, "sent");
    }
}

#[test]
fn a_saved_or_confirmed_host_may_see_it_too() {
    let saved = stored(Some("https://gateway.example/y"));
    let gateway = endpoint("https://gateway.example/x");
    let none = Allowance::default();
    check(saved, "https://gateway.example/x", none, "sent");
    check(saved, "https://gateway.example:8443", none, "foreign");
    check(saved, "http://gateway.example", none, "insecure");
    check(saved, "https://other.example", none, "foreign");
    check(
        stored(Some("not a url")),
        "https://other.example",
        none,
        "foreign",
    );
    let confirmed = Allowance {
        confirmed: Some(&gateway),
        insecure: false,
    };
    check(stored(None), "https://gateway.example", confirmed, "sent");
    check(
        Origin::Entered,
        "https://gateway.example",
        confirmed,
        "sent",
    );
    check(
        Origin::Entered,
        "http://gateway.example",
        confirmed,
        "insecure",
    );
    check(
        Origin::Entered,
        "https://other.example",
        confirmed,
        "foreign",
    );
    let insecure = Allowance {
        insecure: true,
        ..confirmed
    };
    check(Origin::Entered, "http://gateway.example", insecure, "sent");
    let insecure = Allowance {
        insecure: true,
        confirmed: None,
    };
    check(
        Origin::SameEnvironment,
        "http://h.example",
        none,
        "insecure",
    );
    check(
        Origin::SameEnvironment,
        "http://h.example",
        insecure,
        "sent",
    );
    check(stored(None), "http://h.example", insecure, "foreign");
}

#[test]
fn a_refusal_is_a_verdict_that_names_the_host() {
    let refusal = may_send(
        Origin::Entered,
        &endpoint("https://h:1"),
        Allowance::default(),
    );
    let verdict = refusal.expect_err("refused").verdict();
    assert_eq!(
        (verdict.reason, verdict.host.as_str()),
        (Reason::HostNotAllowed, "h:1")
    );
    assert_eq!(
        verdict.message.as_deref(),
        Some("the key was not saved for h:1")
    );
}
