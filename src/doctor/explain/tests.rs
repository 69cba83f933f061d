//! Messages as people meet them, and what they are taken for.

use super::*;

/// The code that a text leads to; `-` when it is understood and has none; `?` when it is unknown.
fn code(text: &str) -> &'static str {
    message(text).map_or("?", |known| known.code.unwrap_or("-"))
}

#[test]
fn every_pattern_leads_to_its_own_row() {
    for message in TABLES.iter().copied().flatten() {
        for pattern in message.patterns {
            let text = pattern.replace('*', "req_017");
            let found = super::message(&text).expect("its own pattern matches");
            let own = known(pattern, message);
            assert_eq!(
                (found.code, found.meaning),
                (own.code, own.meaning),
                "{pattern}"
            );
        }
    }
}

#[test]
fn every_message_has_words() {
    for message in TABLES.iter().copied().flatten() {
        let known = known(message.patterns[0], message);
        for text in [&known.meaning, &known.remedy] {
            assert!(text.ends_with('.'), "{}: {text}", known.pattern);
            assert!(text.len() > 20, "{}: {text}", known.pattern);
        }
    }
}

#[test]
fn claude_code() {
    let check = |text: &str, expected: &str| assert_eq!(code(text), expected, "{text}");
    check("Not logged in · Please run /login", "STORE-009");
    check("Invalid API key · Fix external API key", "API-002");
    check(
        "Invalid API key · Fix external API key · Invalid X-Api-Key header value from ANTHROPIC_API_KEY: it contains a line break at character 11 (41 characters on 2 lines).",
        "ENV-003",
    );
    check("Failed to authenticate. API Error: 401 no idea", "API-002");
    check(
        "Failed to authenticate. API Error: 401 {\"type\":\"error\",\"error\":{\"type\":\"authentication_error\",\"message\":\"OAuth token has expired. Please obtain a new token or refresh your existing token.\"},\"request_id\":\"req_1\"}",
        "API-002",
    );
    check(
        "Failed to authenticate: OAuth token revoked. Please log in again or contact your administrator.",
        "API-003",
    );
    check(
        "Failed to authenticate. API Error: 403 Request not allowed",
        "API-003",
    );
    check(
        "API Error: 400 This credential is only authorized for use with Claude Code and cannot be used for other API requests.",
        "API-007",
    );
    check("Credit balance is too low", "API-004");
    check(
        "Your ANTHROPIC_API_KEY belongs to a disabled organization · Update or unset the environment variable",
        "API-005",
    );
    check(
        "There's an issue with the selected model (claude-opus-9). It may not exist or you may not have access to it. Run --model to pick a different model.",
        "API-009",
    );
    check("There’s an issue with the selected model (x)", "API-009");
    check("API Error: Request rejected (429) · too fast", "API-008");
    check(
        "API Error: Server is temporarily limiting requests (not your usage limit) · Rate limited",
        "API-008",
    );
}

#[test]
fn claude_code_and_its_machine() {
    let check = |text: &str, expected: &str| assert_eq!(code(text), expected, "{text}");
    check("API Error: 529 Overloaded. Try again", "API-008");
    check("API Error: 500 Internal server error.", "API-008");
    check(
        "Failed to authenticate: OAuth session expired and could not be refreshed",
        "CRED-013",
    );
    check("Your apiKeyHelper script is failing · exited 3", "CFG-010");
    check(
        "API Error: Connection refused — a firewall or proxy may be blocking it (ECONNREFUSED)",
        "NET-001",
    );
    check(
        "SSL certificate verification failed (UNABLE_TO_VERIFY_LEAF_SIGNATURE). set NODE_EXTRA_CA_CERTS",
        "NET-010",
    );
    check(
        "Error: Input must be provided either through stdin or as a prompt argument when using --print",
        "TTY-001",
    );
    check("zsh: command not found: claude", "CLI-001");
    check("bash: claude: command not found", "CLI-001");
    check("sh: 1: claude: not found", "CLI-001");
    check("Error: claude native binary not installed.", "CLI-003");
    check(
        "Claude configuration file at /home/u/.claude.json is corrupted: JSON Parse error: Unexpected EOF",
        "CFG-001",
    );
    check(
        "API Error: Could not load AWS credentials · Could not load credentials from any providers.",
        "AWS-030",
    );
}

#[test]
fn the_api() {
    let check = |text: &str, expected: &str| assert_eq!(code(text), expected, "{text}");
    let envelope = |kind: &str, message: &str| {
        format!(
            r#"{{"type":"error","error":{{"type":"{kind}","message":"{message}"}},"request_id":"req_011CSHoEeqs5C35K2UUqR7Fy"}}"#
        )
    };
    let check_reply =
        |kind: &str, message: &str, expected: &str| check(&envelope(kind, message), expected);
    check_reply("authentication_error", "invalid x-api-key", "API-002");
    check_reply("authentication_error", "Invalid bearer token", "API-002");
    check_reply("authentication_error", "something new", "API-002");
    check_reply(
        "authentication_error",
        "OAuth authentication is currently not supported.",
        "API-002",
    );
    check_reply(
        "permission_error",
        "OAuth authentication is currently not allowed for this organization.",
        "API-006",
    );
    check_reply(
        "permission_error",
        "OAuth token does not meet scope requirement user:profile",
        "API-003",
    );
    check_reply(
        "invalid_request_error",
        "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing.",
        "API-004",
    );
    check_reply(
        "invalid_request_error",
        "This organization has been disabled.",
        "API-005",
    );
    check_reply("invalid_request_error", "Error", "API-007");
    check_reply("rate_limit_error", "Error", "API-007");
    check_reply(
        "rate_limit_error",
        "This request would exceed your organization’s rate limit of 50 requests per minute",
        "API-008",
    );
    check_reply("overloaded_error", "Overloaded", "API-008");
    check_reply("api_error", "Internal server error", "API-008");
    check_reply("not_found_error", "model: claude-opus-9", "API-009");
    check_reply("billing_error", "unpaid", "API-004");
}

#[test]
fn the_network() {
    let check = |text: &str, expected: &str| assert_eq!(code(text), expected, "{text}");
    check(
        "curl: (6) Could not resolve host: api.anthropic.com",
        "NET-001",
    );
    check("Error: getaddrinfo ENOTFOUND api.anthropic.com", "NET-001");
    check(
        "error sending request for url (https://api.anthropic.com/v1/models): client error (Connect): dns error: failed to lookup address information",
        "NET-001",
    );
    check(
        "curl: (7) Failed to connect to 127.0.0.1 port 9 after 0 ms: Could not connect to server",
        "NET-001",
    );
    check("connect ETIMEDOUT 160.79.104.10:443", "NET-001");
    check(
        "curl: (28) Operation timed out after 5000 milliseconds with 0 bytes received",
        "NET-001",
    );
    check(
        "curl: (60) SSL certificate problem: unable to get local issuer certificate",
        "NET-010",
    );
    check(
        "curl: (60) SSL certificate problem: certificate has expired",
        "NET-010",
    );
    check("invalid peer certificate: UnknownIssuer", "NET-010");
    check(
        "Error: self-signed certificate in certificate chain",
        "NET-010",
    );
    check(
        "Hostname/IP does not match certificate's altnames: Host: api.anthropic.com.",
        "NET-010",
    );
    check("curl: (56) CONNECT tunnel failed, response 407", "NET-011");
    check(
        "curl: (5) Could not resolve proxy: proxy.example",
        "NET-011",
    );
    check(
        "SyntaxError: Unexpected token '<', \"<!DOCTYPE \"... is not valid JSON",
        "NET-011",
    );
}

#[test]
fn amazon() {
    let check = |text: &str, words: &str| {
        let known = message(text).expect(text);
        assert!(known.meaning.contains(words), "{text}: {}", known.meaning);
    };
    check(
        "An error occurred (InvalidClientTokenId) when calling the GetCallerIdentity operation: The security token included in the request is invalid.",
        "does not know the access key",
    );
    check(
        "UnrecognizedClientException: The security token included in the request is invalid.",
        "does not know the access key",
    );
    check(
        "An error occurred (SignatureDoesNotMatch) when calling the GetCallerIdentity operation",
        "does not belong to the access key id",
    );
    check(
        "SignatureDoesNotMatch: Signature expired: 20261120T090000Z is now earlier than 20261120T115500Z",
        "clock of this machine",
    );
    check(
        "An error occurred (ExpiredToken) when calling the AssumeRole operation",
        "has run out",
    );
    check(
        "Error when retrieving token from sso: Token has expired and refresh failed",
        "has run out",
    );
    check(
        "An error occurred (RequestTimeTooSkewed)",
        "clock of this machine",
    );
}

#[test]
fn amazon_models() {
    let check = |text: &str, words: &str| {
        let known = message(text).expect(text);
        assert!(known.meaning.contains(words), "{text}: {}", known.meaning);
    };
    check(
        "AccessDeniedException: User: arn:aws:iam::123456789012:user/u is not authorized to perform: bedrock:InvokeModel on resource: arn:aws:bedrock:us-east-1::foundation-model/x with an explicit deny",
        "permissions do not allow",
    );
    check(
        "AccessDeniedException: You don’t have access to the model with the specified model ID.",
        "given access to this model",
    );
    check(
        "ResourceNotFoundException: Model use case details have not been submitted for this account. Fill out the Anthropic use case details form",
        "short description",
    );
    check(
        "ValidationException: Invocation of model ID anthropic.claude-opus-4 with on-demand throughput isn’t supported. Retry your request with the ID or ARN of an inference profile that contains this model.",
        "inference profile",
    );
    check(
        "ValidationException: The provided model identifier is invalid.",
        "does not have a model",
    );
    check(
        "ThrottlingException: Too many tokens, please wait before trying again.",
        "credential is good",
    );
    check(
        "Unable to locate credentials. You can configure credentials by running \"aws configure\".",
        "no AWS credential",
    );
    check(
        "AWS authentication failed · refresh your AWS credentials (aws sso login) · if credentials are current, check AWS permissions and model access · API Error: 403 The security token included in the request is expired",
        "has run out",
    );
    check(
        "AWS authentication failed · refresh your AWS credentials",
        "look alike",
    );
}

/// What the troubleshooting sections of the programs' own documents quote.
#[test]
fn documented_messages() {
    let check = |text: &str, expected: &str| assert_eq!(code(text), expected, "{text}");
    check("OAuth token refresh failed …", "CRED-013");
    check("401 errors / token suddenly invalid", "API-002");
    check("No API key found for provider \"anthropic\"", "STORE-009");
    check(
        "No credentials found for profile `anthropic:default` or `anthropic:claude-cli`",
        "STORE-009",
    );
    check(
        "No available auth profile (all in cooldown/unavailable)",
        "STORE-010",
    );
    check("“No credentials found”", "STORE-009");
    check("Token expiring/expired", "STORE-003");
    check(
        "This credential is only authorized for use with Claude Code and cannot be used for other API requests.",
        "API-007",
    );
    check(
        "`claude setup-token` requires an interactive TTY.",
        "TTY-001",
    );
    check(
        "⚠  No anthropic API key found for account: test",
        "STORE-009",
    );
    check(
        "✗ Bedrock requires --region, --access-key, and --secret-key",
        "-",
    );
    check(
        "Permission Denied: If you can't read `.api_keys.json`",
        "CRED-001",
    );
}

#[test]
fn around_the_message() {
    let check = |text: &str, expected: &str| assert_eq!(code(text), expected, "{text}");
    check(
        "2026-11-20T12:00:00Z [gateway] ERROR agent main: No API key found for provider \\\"anthropic\\\". (id 4711)",
        "STORE-009",
    );
    check("\u{1b}[31mcredit balance\nis too   LOW\u{1b}[0m", "API-004");
    check("everything is fine", "?");
    check("took 401 ms", "?");
    check("", "?");
    check("· — …", "?");
}

#[test]
fn codes_in_any_case() {
    let check = |text: &str, expected: Option<&str>| {
        let found = match explain(text) {
            Some(Explained::Code(check)) => Some(check.meta.code),
            _ => None,
        };
        assert_eq!(found, expected, "{text}");
    };
    check("API-002", Some("API-002"));
    check(" api-002 ", Some("API-002"));
    check("API-999", None);
}
