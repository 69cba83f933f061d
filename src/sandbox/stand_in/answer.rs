//! `claude -p`: takes the credential that Claude Code would take, asks the sandbox, and says what
//! came of it in the words of Claude Code 2.1.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use url::Url;

use super::{bedrock, claude, local};
use crate::error::Result;
use crate::exchange::{Exchange, HeaderValue, Method, Request};
use crate::secret::Secret;
use crate::system::{Environment, System};
use crate::variables;

/// The model that is asked when nobody names one.
const MODEL: &str = "claude-sonnet-4-5-20250929";
const PROMPT: &str = "Say hello.";
const TIMEOUT: Duration = Duration::from_secs(30);
/// Bytes of a login file at most.
const LIMIT: usize = 1024 * 1024;

/// What is printed.
#[derive(Debug, PartialEq, Eq)]
pub struct Answer {
    pub text: String,
    pub is_error: bool,
    /// The HTTP status of the refusal.
    pub status: Option<u16>,
}

impl Answer {
    /// One that no server gave.
    #[must_use]
    pub fn failed(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            is_error: true,
            status: None,
        }
    }

    /// As `--output-format json` prints it.
    #[must_use]
    pub fn document(&self) -> Value {
        json!({
            "type": "result",
            "subtype": "success",
            "is_error": self.is_error,
            "api_error_status": self.status,
            "duration_ms": 1,
            "duration_api_ms": 1,
            "num_turns": 1,
            "result": self.text,
            "session_id": "00000000-0000-4000-8000-000000000003",
            "total_cost_usd": 0,
            "usage": { "input_tokens": 0, "output_tokens": 0 },
            "permission_denials": [],
        })
    }
}

/// What a request is authorised with.
#[derive(Debug)]
enum Credential {
    ApiKey(Secret),
    /// A bearer for a gateway.
    Bearer(Secret),
    /// A subscription's token: a bearer that is announced.
    Subscription(Secret),
}

/// Asks once, with what the environment and the login have.
///
/// # Errors
/// `Io` or `Permission` when the login cannot be read.
pub fn ask(system: &System, sandbox: &Path, model: Option<&str>) -> Result<Answer> {
    let environment = &system.environment;
    if environment.flag("CLAUDE_CODE_USE_BEDROCK") {
        return bedrock::ask(system, model);
    }
    let Some(base) = local(environment, variables::ANTHROPIC_BASE_URL) else {
        return Ok(Answer::failed("API Error: Connection refused"));
    };
    let Some(credential) = credential(system, sandbox)? else {
        return Ok(Answer::failed("Not logged in \u{b7} Please run /login"));
    };
    let model = model
        .or_else(|| environment.get("ANTHROPIC_MODEL"))
        .unwrap_or(MODEL);
    let Some(request) = request(&base, &credential, model) else {
        return Ok(Answer::failed("API Error: the base URL cannot be used"));
    };
    let exchange = system.http.send(&request);
    Ok(words(&exchange, &credential, model))
}

/// In Claude Code's order of precedence.
fn credential(system: &System, sandbox: &Path) -> Result<Option<Credential>> {
    let environment = &system.environment;
    let secret = |name: &str| environment.get(name).map(Secret::new);
    if let Some(token) = secret(variables::ANTHROPIC_AUTH_TOKEN) {
        return Ok(Some(Credential::Bearer(token)));
    }
    if let Some(key) = secret(variables::ANTHROPIC_API_KEY) {
        return Ok(Some(Credential::ApiKey(key)));
    }
    if let Some(token) = secret(variables::CLAUDE_CODE_OAUTH_TOKEN) {
        return Ok(Some(Credential::Subscription(token)));
    }
    Ok(login(system, environment, sandbox)?.map(Credential::Subscription))
}

/// The access token of the login in the sandbox; none anywhere else.
fn login(system: &System, environment: &Environment, sandbox: &Path) -> Result<Option<Secret>> {
    let Ok(folder) = claude::folder(environment, sandbox) else {
        return Ok(None);
    };
    let found = system.files.read(&claude::login_file(&folder), LIMIT)?;
    let login: Option<Value> = found.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let token = login.and_then(|login| {
        let token = login["claudeAiOauth"]["accessToken"].as_str()?;
        (!token.is_empty()).then(|| Secret::new(token))
    });
    Ok(token)
}

fn request(base: &Url, credential: &Credential, model: &str) -> Option<Request> {
    let url = format!(
        "{}/v1/messages?beta=true",
        base.as_str().trim_end_matches('/')
    );
    let plain = |text: &str| HeaderValue::Plain(text.to_owned());
    let mut headers = vec![
        ("anthropic-version", plain("2023-06-01")),
        ("content-type", plain("application/json")),
        ("user-agent", plain("keywright-sandbox-claude/1")),
    ];
    match credential {
        Credential::ApiKey(key) => headers.push(("x-api-key", HeaderValue::Secret(key.clone()))),
        Credential::Bearer(token) => {
            headers.push(("authorization", HeaderValue::Bearer(token.clone())));
        }
        Credential::Subscription(token) => {
            headers.push(("authorization", HeaderValue::Bearer(token.clone())));
            headers.push(("anthropic-beta", plain("oauth-2025-04-20")));
        }
    }
    Some(Request {
        method: Method::Post,
        url: Url::parse(&url).ok()?,
        headers: super::named(headers),
        body: Some(body(&json!({ "model": model }))),
        timeout: TIMEOUT,
    })
}

/// The body of a request with these fields of its own.
#[must_use]
pub fn body(own: &Value) -> String {
    let mut body = own.clone();
    body["max_tokens"] = json!(64);
    body["messages"] = json!([{ "role": "user", "content": PROMPT }]);
    body.to_string()
}

/// The text of a reply that went well.
#[must_use]
pub fn said(body: &[u8]) -> Option<String> {
    let reply: Value = serde_json::from_slice(body).ok()?;
    reply["content"][0]["text"].as_str().map(str::to_owned)
}

fn words(exchange: &Exchange, credential: &Credential, model: &str) -> Answer {
    let Ok(reply) = exchange else {
        return Answer::failed("API Error: Connection refused");
    };
    if reply.status == 200 {
        return match said(&reply.body) {
            Some(text) => Answer {
                text,
                is_error: false,
                status: None,
            },
            None => Answer::failed("API Error: the reply cannot be read"),
        };
    }
    let envelope: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    let message = envelope["error"]["message"]
        .as_str()
        .unwrap_or("no message");
    Answer {
        text: refusal(reply.status, message, credential, model),
        is_error: true,
        status: Some(reply.status),
    }
}

fn refusal(status: u16, message: &str, credential: &Credential, model: &str) -> String {
    let subscription = matches!(credential, Credential::Subscription(_));
    let text = match (status, message) {
        (401, "invalid x-api-key") => "Invalid API key \u{b7} Fix external API key",
        (403, m) if m.contains("revoked") => {
            "Failed to authenticate: OAuth token revoked. Please log in again or contact your administrator."
        }
        (403, m) if m.contains("not allowed for this organization") => {
            "Your organization has disabled Claude subscription access for Claude Code \u{b7} Use an Anthropic API key instead, or ask your admin to enable access"
        }
        (400, m) if m.starts_with("Your credit balance") => "Credit balance is too low",
        (400, m) if m.starts_with("This organization has been disabled") => {
            "Your ANTHROPIC_API_KEY belongs to a disabled organization \u{b7} Update or unset the environment variable"
        }
        _ => "",
    };
    match status {
        _ if !text.is_empty() => text.to_owned(),
        401 | 403 => format!("Failed to authenticate. API Error: {status} {message}"),
        404 => format!(
            "There's an issue with the selected model ({model}). It may not exist or you may not have access to it. Run --model to pick a different model."
        ),
        429 if subscription => format!(
            "API Error: Server is temporarily limiting requests (not your usage limit) \u{b7} {message}"
        ),
        429 => format!("API Error: Request rejected (429) \u{b7} {message}"),
        _ => format!("API Error: {status} {message}"),
    }
}
