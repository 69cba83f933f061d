use super::*;

fn failed(status: Option<u16>, words: &str) -> String {
    serde_json::json!({"type": "result", "subtype": "success", "is_error": true,
        "api_error_status": status, "result": words})
    .to_string()
}

fn of(code: Option<i32>, stdout: &str, stderr: &str) -> Verdict {
    let said = Said {
        code,
        stdout: stdout.as_bytes(),
        stderr: stderr.as_bytes(),
        ..Said::default()
    };
    classify("api.anthropic.com", &said)
}

/// What the program prints for a failure, and what that is taken for.
fn replied(status: Option<u16>, words: &str, expected: Reason) {
    let verdict = of(Some(1), &failed(status, words), "");
    assert_eq!(verdict.reason, expected, "{words}");
    assert_eq!(verdict.http_status, status);
    assert_eq!(verdict.message.as_deref(), Some(words));
}

#[test]
fn refusals_of_the_token() {
    replied(
        None,
        "Not logged in · Please run /login",
        Reason::NotLoggedIn,
    );
    replied(
        Some(401),
        "Invalid API key · Fix external API key",
        Reason::InvalidKey,
    );
    replied(
        Some(401),
        "Failed to authenticate. API Error: 401 Invalid bearer token",
        Reason::InvalidBearer,
    );
    replied(
        Some(401),
        "Failed to authenticate. API Error: 401 OAuth token has expired. Please obtain a new token or refresh your existing token.",
        Reason::TokenExpired,
    );
    replied(
        Some(401),
        "Failed to authenticate. API Error: 401 something new",
        Reason::Unauthorized,
    );
    replied(
        None,
        "Failed to authenticate. API Error: 401 something new",
        Reason::Unauthorized,
    );
}

#[test]
fn refusals_of_the_request() {
    replied(
        Some(403),
        "Failed to authenticate: OAuth token revoked. Please log in again or contact your administrator.",
        Reason::TokenRevoked,
    );
    replied(
        Some(403),
        "Your account does not have access to Claude. Please login again or contact your administrator.",
        Reason::TokenRevoked,
    );
    replied(
        Some(403),
        "Your organization has disabled Claude subscription access for Claude Code · Use an Anthropic API key instead, or ask your admin to enable access",
        Reason::OauthOrganizationNotAllowed,
    );
    replied(
        Some(403),
        "Failed to authenticate. API Error: 403 Request not allowed",
        Reason::RequestNotAllowed,
    );
    replied(Some(403), "API Error: 403 no", Reason::Forbidden);
    replied(
        Some(400),
        "API Error: 400 This credential is only authorized for use with Claude Code and cannot be used for other API requests.",
        Reason::OnlyForClaudeCode,
    );
    replied(Some(400), "API Error: 400 Error", Reason::DisguisedRefusal);
}

#[test]
fn limits_and_failures_of_the_server() {
    replied(
        Some(429),
        "API Error: Server is temporarily limiting requests (not your usage limit) · Error",
        Reason::DisguisedRefusal,
    );
    replied(
        Some(429),
        "API Error: Server is temporarily limiting requests (not your usage limit) · Number of requests has exceeded your rate limit",
        Reason::RateLimited,
    );
    replied(
        Some(429),
        "API Error: Request rejected (429) · slow down",
        Reason::RateLimited,
    );
    replied(Some(400), "Credit balance is too low", Reason::CreditTooLow);
    replied(
        Some(400),
        "API Error: 400 This organization has been disabled.",
        Reason::OrganizationDisabled,
    );
    replied(
        Some(400),
        "Your ANTHROPIC_API_KEY belongs to a disabled organization · Update or unset the environment variable",
        Reason::OrganizationDisabled,
    );
    replied(
        Some(404),
        "There's an issue with the selected model (claude-x). It may not exist or you may not have access to it. Run --model to pick a different model.",
        Reason::ModelNotFound,
    );
    replied(Some(404), "API Error: 404 Not Found", Reason::NotTheApi);
    replied(
        Some(529),
        "API Error: 529 Overloaded. This is a server-side issue",
        Reason::Overloaded,
    );
    replied(
        Some(500),
        "API Error: 500 Internal server error. This is a server-side issue",
        Reason::ServerError,
    );
}

#[test]
fn nothing_came_back() {
    replied(
        None,
        "Failed to authenticate: OAuth session expired and could not be refreshed",
        Reason::TokenExpired,
    );
    replied(
        None,
        "Your apiKeyHelper script is failing · fix it",
        Reason::HelperFailed,
    );
    replied(
        None,
        "Claude AI usage limit reached|1795200000",
        Reason::RateLimited,
    );
    replied(
        None,
        "You've hit your session limit · resets 3pm",
        Reason::RateLimited,
    );
    replied(
        None,
        "API Error: Connection refused — a firewall or proxy may be blocking it (ECONNREFUSED)",
        Reason::ConnectionRefused,
    );
    replied(
        None,
        "API Error: SSL certificate verification failed (UNABLE_TO_VERIFY_LEAF_SIGNATURE), set NODE_EXTRA_CA_CERTS",
        Reason::TlsUnknownIssuer,
    );
    replied(None, "something nobody has seen", Reason::Unclassified);
}

#[test]
fn its_own_classes_decide_where_its_words_do_not() {
    let check = |name: &str, kind: &str, expected: Reason| {
        let text = serde_json::json!({"type": "result", "subtype": "success", "is_error": true, name: kind, "result": "?"});
        assert_eq!(
            of(Some(1), &text.to_string(), "").reason,
            expected,
            "{kind}"
        );
    };
    for (kind, expected) in KINDS {
        check("api_error", kind, *expected);
        check("error", kind, *expected);
    }
    check("error", "unknown", Reason::Unclassified);
}

#[test]
fn answers_and_their_places() {
    let works = r#"{"type":"result","subtype":"success","is_error":false,"result":"OK"}"#;
    let check = |stdout: &str, expected: Reason| {
        assert_eq!(of(Some(0), stdout, "").reason, expected, "{stdout}");
    };
    check(works, Reason::Works);
    check(&format!("Warning: something\n{works}\n"), Reason::Works);
    check(&format!(r#"[{{"type":"system"}},{works}]"#), Reason::Works);
    check(
        r#"{"type":"result","subtype":"error_max_turns","is_error":true}"#,
        Reason::Works,
    );
    check(r#"{"type":"result"}"#, Reason::Unclassified);
    check(r#"{"hello":"world"}"#, Reason::ProgramUnknown);
    check("Claude says hello", Reason::ProgramUnknown);
    check("", Reason::ProgramUnknown);
    check("[]", Reason::ProgramUnknown);
}

#[test]
fn programs_that_do_not_answer() {
    let check = |said: Said<'_>, expected: Reason, message: Option<&str>| {
        let verdict = classify("api.anthropic.com", &said);
        assert_eq!(verdict.reason, expected);
        assert_eq!(verdict.message.as_deref(), message);
    };
    let crashed = Said {
        code: Some(1),
        stderr: b"\nError: no\nmore",
        ..Said::default()
    };
    check(crashed, Reason::ProgramCrashed, Some("Error: no"));
    check(Said::default(), Reason::ProgramCrashed, None);
    let hung = Said {
        timed_out: true,
        ..Said::default()
    };
    check(hung, Reason::ProgramHung, None);
    let flooded = Said {
        code: Some(0),
        flooded: true,
        stdout: b"yyyy",
        ..Said::default()
    };
    check(flooded, Reason::ProgramFlooded, Some("yyyy"));
    let secret = Said {
        code: Some(2),
        stderr: b"bad token sk-ant-oat01-canarycanary",
        ..Said::default()
    };
    check(secret, Reason::ProgramCrashed, Some("bad token [removed]"));
    let answered = br#"{"type":"result","subtype":"success","is_error":false,"result":"OK"}"#;
    let late = Said {
        timed_out: true,
        stdout: answered,
        ..Said::default()
    };
    check(late, Reason::Works, None);
}

#[test]
fn words_are_cut() {
    let verdict = of(Some(1), &failed(None, &"x ".repeat(5000)), "");
    assert!(
        verdict
            .message
            .is_some_and(|text| text.chars().count() <= 300)
    );
}
