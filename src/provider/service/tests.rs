use super::*;
use crate::exchange::{Failed, NetworkFailure};
use crate::provider::anthropic::shape::Severity;
use crate::provider::custom::{Custom, path_fault};
use crate::provider::registry::{self, Level};

fn reply(status: u16, body: &str) -> Reply {
    Reply {
        status,
        headers: vec![("x-request-id".to_owned(), "req_1".to_owned())],
        body: body.as_bytes().to_vec(),
        oversized: false,
        elapsed: Duration::from_millis(5),
    }
}

#[test]
fn replies() {
    use Reason::{
        Billing, Forbidden, InvalidKey, MalformedReply, NotTheApi, RateLimited, Redirected,
        ServerError, Unauthorized, Unclassified, Works,
    };
    let check = |status: u16, body: &str, expected: Reason, message: Option<&str>| {
        let verdict = classify("api.example", &Ok(reply(status, body)));
        assert_eq!(verdict.reason, expected, "{status} {body}");
        assert_eq!(verdict.message.as_deref(), message, "{status} {body}");
        assert_eq!(verdict.http_status, Some(status));
        assert_eq!(verdict.request_id.as_deref(), Some("req_1"));
    };
    check(200, r#"{"object":"list","data":[]}"#, Works, None);
    check(200, r#"{"models":[]}"#, Works, None);
    check(200, r#"{"data":{"label":"x"}}"#, Works, None);
    check(200, "[]", Works, None);
    check(200, "\u{feff}{}", Works, None);
    check(200, r#"{"error":null}"#, Works, None);
    check(
        200,
        r#"{"error":{"message":"no"}}"#,
        Unclassified,
        Some("no"),
    );
    check(200, "7", Unclassified, None);
    check(200, "ok", MalformedReply, None);
    check(200, "", MalformedReply, None);
    let html = "<!doctype html><title>nginx</title>";
    check(200, html, NotTheApi, None);
    check(302, "", Redirected, None);
    let unknown = r#"{"error":{"message":"Incorrect API key provided: sk-abc.","type":"invalid_request_error","code":"invalid_api_key"}}"#;
    check(
        401,
        unknown,
        InvalidKey,
        Some("Incorrect API key provided: sk-abc."),
    );
    let nobody = r#"{"error":{"message":"User not found.","code":401}}"#;
    check(401, nobody, Unauthorized, Some("User not found."));
    check(401, "", Unauthorized, None);
    let google = r#"{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}"#;
    let words = Some("API key not valid. Please pass a valid API key.");
    check(400, google, InvalidKey, words);
    check(400, &format!("[{google}]"), InvalidKey, words);
    check(
        400,
        r#"{"error":{"message":"bad"}}"#,
        Unclassified,
        Some("bad"),
    );
    check(402, r#"{"error":"no credit"}"#, Billing, Some("no credit"));
    check(403, r#"{"detail":"denied"}"#, Forbidden, Some("denied"));
    check(404, "{}", Unclassified, None);
    let spent =
        r#"{"error":{"message":"You exceeded your current quota","code":"insufficient_quota"}}"#;
    check(429, spent, Billing, Some("You exceeded your current quota"));
    let google = r#"{"error":{"message":"Quota exceeded","status":"RESOURCE_EXHAUSTED"}}"#;
    check(429, google, RateLimited, Some("Quota exceeded"));
    check(429, "", RateLimited, None);
    check(500, "oops", ServerError, None);
    check(503, "", ServerError, None);
}

#[test]
fn a_failure_of_the_network() {
    let failed = Failed {
        failure: NetworkFailure::Timeout,
        peer: String::new(),
        variable: None,
        detail: "no answer".to_owned(),
        elapsed: Duration::ZERO,
    };
    assert_eq!(classify("h", &Err(failed)).reason, Reason::TimedOut);
}

/// The header that carries the key, as `name: value` with the key's place marked.
fn sent(request: &Request) -> String {
    let of_key = |(name, value): &(Cow<'static, str>, HeaderValue)| match value {
        HeaderValue::Bearer(_) => Some(format!("{name}: Bearer KEY")),
        HeaderValue::Secret(_) => Some(format!("{name}: KEY")),
        HeaderValue::Plain(_) => None,
    };
    request.headers.iter().find_map(of_key).unwrap_or_default()
}

#[test]
fn requests_of_the_registry() {
    let key = Secret::new("made-up-key-without-a-form");
    for (id, url, header) in [
        (
            "anthropic",
            "https://api.anthropic.com/v1/models?limit=1",
            "x-api-key: KEY",
        ),
        (
            "openai",
            "https://api.openai.com/v1/models",
            "authorization: Bearer KEY",
        ),
        (
            "openrouter",
            "https://openrouter.ai/api/v1/key",
            "authorization: Bearer KEY",
        ),
        (
            "google",
            "https://generativelanguage.googleapis.com/v1beta/models?pageSize=1",
            "x-goog-api-key: KEY",
        ),
    ] {
        let provider = registry::find(id).expect("registered");
        let endpoint = Endpoint::parse(provider.default_base_url).expect("a URL");
        let build =
            |key: &Secret| (provider.request)(&endpoint, key, &Level::Credential, Duration::ZERO);
        let request = build(&key).expect("a request");
        assert_eq!((request.method, request.url.as_str()), (Method::Get, url));
        assert_eq!(sent(&request), header);
        assert!(request.body.is_none() && !format!("{request:?}").contains("made-up"));
        let refused = build(&Secret::new("a\nb")).map_err(|error| error.kind());
        assert_eq!(refused.err(), Some(Kind::MalformedCredential), "{id}");
    }
}

#[test]
fn shapes_of_the_registry() {
    let check = |id: &str, key: &str, fine: bool| {
        let provider = registry::find(id).expect("registered");
        let shape = (provider.check)(&Secret::new(key));
        assert_eq!(shape.severity() != Severity::Refuse, fine, "{id} {key}");
    };
    let own = [
        ("openai", "sk-proj-aaaaBBBB1111"),
        ("openrouter", "sk-or-v1-aaaaBBBB1111"),
        ("google", "AIzaSyAaaaBBBB1111"),
    ];
    for (id, _) in own {
        for (other, key) in own {
            check(id, key, id == other);
        }
        check(id, "sk-ant-api03-aaaaBBBB1111", false);
        check(id, "AKIAIOSFODNN7EXAMPLX", false);
        check(id, "of-a-form-of-its-own-4711", true);
        check(id, "", false);
        check(id, "a b", false);
        check(id, "<your key>", false);
    }
    check("openai", "sk-aaaaBBBB1111", true);
}

#[test]
fn a_custom_provider() {
    let mut custom = Custom {
        id: "acme".to_owned(),
        base_url: "https://llm.acme.example/api".to_owned(),
        variable: None,
        header: Header::ApiKey,
        probe_path: Some("/me?x=1".to_owned()),
    };
    let endpoint = Endpoint::parse(&custom.base_url).expect("a URL");
    let key = Secret::new("k");
    let request = custom.request(&endpoint, &key, Duration::ZERO);
    let request = request.expect("built").expect("a probe");
    assert_eq!(request.url.as_str(), "https://llm.acme.example/api/me?x=1");
    assert_eq!(sent(&request), "x-api-key: KEY");
    custom.probe_path = None;
    let request = custom.request(&endpoint, &key, Duration::ZERO);
    assert!(request.expect("built").is_none());
    for bad in [
        "",
        "me",
        "//host/x",
        "/a b",
        "/a#b",
        "/ä",
        &"/a".repeat(300),
    ] {
        assert!(path_fault(bad).is_some(), "{bad}");
    }
    assert_eq!(path_fault("/v1/models?limit=1"), None);
}
