//! STS and Bedrock: each test identity gives its error, signatures are looked at, lists have pages.

use keywright::sandbox::Running;
use keywright::sandbox::aws::signature::{Claim, Message, compute};
use keywright::sandbox::keys::{self, Identity, aws};

use super::wire::{Got, PATIENCE, exchange, request, start};

const TIME: &str = "20261121T102030Z";
const MODEL: &str = "us.anthropic.claude-opus-5-5";
const BASE: &str = "anthropic.claude-opus-5-5";
const ASK: &str = r#"{"anthropic_version":"bedrock-2023-05-31","max_tokens":9,"messages":[{"role":"user","content":"Hi"}]}"#;
const COUNT: &str = r#"{"input":{"invokeModel":{"body":"e30="}}}"#;
const WHO: &str = "Action=GetCallerIdentity&Version=2011-06-15";

/// A request that can be spoiled before it is sent.
struct Ask<'a> {
    method: &'a str,
    path: String,
    query: &'a str,
    body: &'a str,
    time: &'a str,
    region: &'a str,
    service: &'a str,
    secret: Option<&'a str>,
}

fn ask<'a>(method: &'a str, path: &str, body: &'a str) -> Ask<'a> {
    Ask {
        method,
        path: path.to_owned(),
        query: "",
        body,
        time: TIME,
        region: "us-east-1",
        service: if path == "/" { "sts" } else { "bedrock" },
        secret: None,
    }
}

impl Ask<'_> {
    fn by(&self, identity: &Identity, running: &Running) -> Got {
        let mut headers = vec![("host".to_owned(), "127.0.0.1".to_owned())];
        if let Some(bearer) = identity.bearer() {
            headers.push(("authorization".to_owned(), format!("Bearer {bearer}")));
            return self.send(&headers, running);
        }
        headers.push(("x-amz-date".to_owned(), self.time.to_owned()));
        if let Some(session) = identity.session() {
            headers.push(("x-amz-security-token".to_owned(), session));
        }
        let id = identity.access_key_id().expect("keys");
        let own = identity.secret().expect("keys");
        let names: Vec<&str> = headers.iter().map(|(name, _)| name.as_str()).collect();
        let claim = Claim {
            id: &id,
            date: &self.time[..8],
            region: self.region,
            service: self.service,
            headers: names.clone(),
            signature: "",
        };
        let message = Message {
            method: self.method,
            path: &self.path,
            query: self.query,
            headers: &headers,
            body: self.body.as_bytes(),
            time: self.time,
        };
        let signature = compute(&message, &claim, self.secret.unwrap_or(&own));
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential={id}/{}/{}/{}/aws4_request, SignedHeaders={}, Signature={signature}",
            claim.date,
            self.region,
            self.service,
            names.join(";")
        );
        headers.push(("authorization".to_owned(), authorization));
        self.send(&headers, running)
    }

    fn send(&self, headers: &[(String, String)], running: &Running) -> Got {
        let headers: Vec<(&str, &str)> = headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let target = match self.query {
            "" => self.path.clone(),
            query => format!("{}?{query}", self.path),
        };
        let request = request(self.method, &target, &headers, self.body);
        exchange(&running.base_url, &request, PATIENCE)
    }
}

/// The status and the code of an error, or `ok`.
fn outcome(got: &Got) -> String {
    if got.status == 200 {
        return "ok".to_owned();
    }
    let code = match got.header("x-amzn-errortype") {
        Some(kind) => kind.split(':').next().unwrap_or_default(),
        None => got
            .body
            .split_once("<Code>")
            .and_then(|(_, rest)| rest.split_once("</Code>"))
            .map_or("?", |(code, _)| code),
    };
    format!("{} {code}", got.status)
}

fn works() -> &'static Identity {
    keys::identity("aws-works").expect("an identity")
}

/// Identity, models, profiles, availability, use case, count, invoke; `-` stands for `ok`, and one
/// word stands for all of them.
#[rustfmt::skip]
const OUTCOMES: &[(&str, [&str; 7])] = &[
    ("aws-works", ["-"; 7]),
    ("aws-works-too", ["-"; 7]),
    ("aws-session-works", ["-"; 7]),
    ("aws-unknown-key", ["403 InvalidClientTokenId", U, U, U, U, U, U]),
    ("aws-wrong-secret", ["403 SignatureDoesNotMatch", S, S, S, S, S, S]),
    ("aws-session-expired", ["403 ExpiredToken", E, E, E, E, E, E]),
    ("aws-session-forgotten", ["403 InvalidClientTokenId", U, U, U, U, U, U]),
    ("aws-clock-off", ["403 SignatureDoesNotMatch", S, S, S, S, S, S]),
    ("aws-clock-too-skewed", ["403 RequestTimeTooSkewed"; 7]),
    ("aws-identity-denied", ["403 AccessDenied", A, A, A, A, A, A]),
    ("aws-no-bedrock", ["-", A, A, A, A, A, A]),
    ("aws-no-list-models", ["-", A, "-", "-", "-", "-", "-"]),
    ("aws-no-list-profiles", ["-", "-", A, "-", "-", "-", "-"]),
    ("aws-no-availability", ["-", "-", "-", A, "-", "-", "-"]),
    ("aws-no-use-case", ["-", "-", "-", "-", A, "-", "-"]),
    ("aws-no-count-tokens", ["-", "-", "-", "-", "-", A, "-"]),
    ("aws-no-invoke", ["-", "-", "-", "-", "-", "-", A]),
    ("aws-denied-by-organization", ["-", "-", "-", "-", "-", A, A]),
    ("aws-model-access-missing", ["-", "-", "-", "-", "-", A, A]),
    ("aws-account-not-authorized", ["-", "-", "-", "-", "-", A, A]),
    ("aws-use-case-missing", ["-", "-", "-", "-", N, N, N]),
    ("aws-legacy-only", ["-", "-", "-", "-", "-", N, N]),
    ("aws-no-models", ["-", "-", "-", "-", "-", V, V]),
    ("aws-on-demand-unsupported", ["-", "-", "-", "-", "-", V, V]),
    ("aws-model-invalid", ["-", "-", "-", "-", "-", V, V]),
    ("aws-throttled", ["-", "-", "-", "-", "-", T, T]),
    ("aws-tokens-throttled", ["-", "-", "-", "-", "-", T, T]),
    ("aws-identity-throttled", ["400 Throttling", "-", "-", "-", "-", "-", "-"]),
    ("aws-quota-exceeded", ["-", "-", "-", "-", "-", Q, Q]),
    ("aws-model-not-ready", ["-", "-", "-", "-", "-", "429 ModelNotReadyException", "429 ModelNotReadyException"]),
    ("aws-model-timeout", ["-", "-", "-", "-", "-", "408 ModelTimeoutException", "408 ModelTimeoutException"]),
    ("aws-model-error", ["-", "-", "-", "-", "-", "424 ModelErrorException", "424 ModelErrorException"]),
    ("aws-server-error", ["-", I, I, I, I, I, I]),
    ("aws-unavailable", ["-", X, X, X, X, X, X]),
    ("aws-everything-unavailable", ["503 ServiceUnavailable", X, X, X, X, X, X]),
    ("bedrock-key-works", [M, "-", "-", "-", "-", "-", "-"]),
    ("bedrock-key-works-too", [M, "-", "-", "-", "-", "-", "-"]),
    ("bedrock-key-short-works", [M, "-", "-", "-", "-", "-", "-"]),
    ("bedrock-key-invalid", [M, A, A, A, A, A, A]),
    ("bedrock-key-expired", [M, A, A, A, A, A, A]),
    ("bedrock-key-not-allowed", [M, A, A, A, A, A, A]),
    ("bedrock-key-no-list", [M, A, "-", "-", "-", "-", "-"]),
    ("bedrock-key-no-invoke", [M, "-", "-", "-", "-", "-", A]),
    ("bedrock-key-model-access-missing", [M, "-", "-", "-", "-", A, A]),
    ("bedrock-key-throttled", [M, "-", "-", "-", "-", T, T]),
];
const U: &str = "403 UnrecognizedClientException";
const S: &str = "403 InvalidSignatureException";
const E: &str = "403 ExpiredTokenException";
const A: &str = "403 AccessDeniedException";
const N: &str = "404 ResourceNotFoundException";
const V: &str = "400 ValidationException";
const T: &str = "429 ThrottlingException";
const Q: &str = "400 ServiceQuotaExceededException";
const I: &str = "500 InternalServerException";
const X: &str = "503 ServiceUnavailableException";
const M: &str = "403 MissingAuthenticationToken";

#[test]
fn every_identity_gives_its_errors() {
    let running = start();
    let calls = [
        ask("POST", "/", WHO),
        ask("GET", "/foundation-models", ""),
        ask("GET", "/inference-profiles", ""),
        ask("GET", &format!("/foundation-model-availability/{BASE}"), ""),
        ask("GET", "/use-case-for-model-access", ""),
        ask("POST", &format!("/model/{BASE}/count-tokens"), COUNT),
        ask("POST", &format!("/model/{MODEL}/invoke"), ASK),
    ];
    let mut wrong = Vec::new();
    for identity in aws::ALL {
        let expected = OUTCOMES.iter().find(|(name, _)| *name == identity.name);
        let expected = expected.map_or(["missing"; 7], |(_, expected)| *expected);
        for (call, expected) in calls.iter().zip(expected) {
            let found = outcome(&call.by(identity, &running));
            if found != expected.replace('-', "ok") {
                wrong.push(format!(
                    "{} {}: {found}, not {expected}",
                    identity.name, call.path
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_signature_is_looked_at_from_all_sides() {
    let running = start();
    let check = |spoil: &dyn Fn(&mut Ask<'_>), expected: &str, words: &str| {
        let mut ask = ask("GET", "/inference-profiles", "");
        spoil(&mut ask);
        let got = ask.by(works(), &running);
        assert_eq!(outcome(&got), expected, "{got:?}");
        assert!(got.body.contains(words), "{words}: {got:?}");
    };
    check(&|_| {}, "ok", "");
    check(
        &|ask| ask.query = "type=SYSTEM_DEFINED&maxResults=2",
        "ok",
        "nextToken",
    );
    check(&|ask| ask.secret = Some("other"), S, "does not match");
    check(&|ask| ask.time = "20261121T100500Z", S, "Signature expired");
    check(&|ask| ask.time = "20261121T100600Z", "ok", "");
    check(&|ask| ask.time = "20261121T103600Z", S, "not yet current");
    check(
        &|ask| ask.time = "20261121",
        "400 IncompleteSignatureException",
        "ISO-8601",
    );
    check(&|ask| ask.region = "mars-1", S, "valid region");
    check(&|ask| ask.service = "s3", S, "correct service: 'bedrock'");

    let late = keys::identity("aws-clock-off").expect("an identity");
    let got = ask("POST", "/", WHO).by(late, &running);
    assert_eq!(got.header("date"), Some("Sat, 21 Nov 2026 10:40:30 GMT"));

    let bare = ask("GET", "/inference-profiles", "").send(&[], &running);
    assert_eq!(outcome(&bare), "403 MissingAuthenticationTokenException");
    let foreign = [("authorization".to_owned(), "Bearer ABSKother".to_owned())];
    let got = ask("GET", "/inference-profiles", "").send(&foreign, &running);
    assert_eq!(outcome(&got), A);
    assert!(
        got.json()["Message"]
            .as_str()
            .is_some_and(|m| m.contains("API Key is valid"))
    );
}

#[test]
fn what_may_be_asked_of_which_model() {
    let running = start();
    let check = |path: &str, body: &str, expected: &str, words: &str| {
        let got = ask("POST", path, body).by(works(), &running);
        assert_eq!(outcome(&got), expected, "{path} {got:?}");
        assert!(got.body.contains(words), "{words}: {got:?}");
    };
    let encoded = "arn%3Aaws%3Abedrock%3Aus-east-1%3A111122223333%3Ainference-profile%2F";
    check(
        &format!("/model/{encoded}{MODEL}/invoke"),
        ASK,
        "ok",
        "Hello from",
    );
    check(
        &format!("/model/{BASE}/invoke"),
        ASK,
        V,
        "on-demand throughput isn\u{2019}t",
    );
    check(
        "/model/us.anthropic.claude-none/invoke",
        ASK,
        V,
        "identifier is invalid",
    );
    let legacy = "/model/us.anthropic.claude-3-5-sonnet-20241022-v2%3A0/invoke";
    check(legacy, ASK, N, "marked by provider as Legacy");
    check(
        &format!("/model/{MODEL}/invoke"),
        "{}",
        V,
        "anthropic_version: Field required",
    );
    check(
        &format!("/model/{MODEL}/count-tokens"),
        COUNT,
        V,
        "doesn't support counting",
    );
    check(
        "/model/anthropic.claude-opus-4-8/count-tokens",
        COUNT,
        V,
        "doesn't support counting",
    );
    check(
        &format!("/model/{BASE}/count-tokens"),
        "{}",
        V,
        "invokeModel",
    );
}

#[test]
fn other_calls() {
    let running = start();
    let check = |path: &str, body: &str, expected: &str, words: &str| {
        let got = ask("POST", path, body).by(works(), &running);
        assert_eq!(outcome(&got), expected, "{path} {got:?}");
        assert!(got.body.contains(words), "{words}: {got:?}");
    };
    let stream = format!("/model/{MODEL}/invoke-with-response-stream");
    check(&stream, ASK, "ok", "application/json");
    check(
        &format!("/model/{MODEL}/nothing"),
        "",
        "404 UnknownOperationException",
        "",
    );
    check("/", "Action=GetNothing", "400 InvalidAction", "GetNothing");
    check("/", "Action=AssumeRole", "ok", "ASIASANDBOX");
}

#[test]
fn profiles_come_in_pages() {
    let running = start();
    let mut seen = Vec::new();
    let mut query = "type=SYSTEM_DEFINED".to_owned();
    loop {
        let mut ask = ask("GET", "/inference-profiles", "");
        ask.query = &query;
        ask.region = "eu-west-1";
        let page = ask.by(works(), &running).json();
        for profile in page["inferenceProfileSummaries"]
            .as_array()
            .expect("a list")
        {
            seen.push(
                profile["inferenceProfileId"]
                    .as_str()
                    .expect("an id")
                    .to_owned(),
            );
        }
        let Some(token) = page["nextToken"].as_str() else {
            break;
        };
        query = format!("nextToken={token}&type=SYSTEM_DEFINED");
    }
    assert_eq!(seen.len(), 11);
    assert!(
        seen.iter()
            .all(|id| id.starts_with("eu.") || id.starts_with("global.")),
        "{seen:?}"
    );
}
