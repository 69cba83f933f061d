//! What the stand-in answers: the part of the Anthropic API that keywright and its users' programs
//! need, with the true shapes of replies and errors. Pure: the server does the waiting and sending.

use std::time::Duration;

use hyper::Method;
use hyper::http::request::Parts;
use serde_json::{Value, json};

use super::keys::{self, Behaviour, KeyKind, Refusal, Scope, TestKey};
use super::reply::{Limits, Reply, Stamp};
use super::{aws, messages};

/// The largest request body, as the API has it.
pub const BODY_LIMIT: usize = 32 * 1024 * 1024;

/// What the server has to do about a request.
#[derive(Debug)]
pub enum Action {
    Reply(Reply),
    /// Wait, then reply.
    ReplyAfter(Duration, Reply),
    /// Keep the connection and say nothing.
    Silence,
    /// Reset the connection.
    Reset,
    /// Write something that is not HTTP, then close.
    NotHttp,
}

/// Which of the two ports was asked.
#[derive(Clone, Debug)]
pub enum Site {
    /// The API; redirects lead to the other URL.
    Api { elsewhere: String },
    /// Where redirects lead: every key works, so that a client that follows one gives itself away.
    Elsewhere,
}

/// The body of a request.
#[derive(Debug)]
pub enum Sent {
    Whole(Vec<u8>),
    /// More than [`BODY_LIMIT`] bytes.
    TooLarge,
}

/// A reply that ends the matter, good or bad.
type Answer = Result<Reply, Reply>;

/// Answers one request.
#[must_use]
pub fn answer(parts: &Parts, sent: &Sent, site: &Site, stamp: &Stamp) -> Action {
    let request = Request { parts, sent, stamp };
    if let Err(refused) = request.is_fit() {
        return Action::Reply(refused.stamped(stamp));
    }
    if let (Site::Api { .. }, Sent::Whole(body)) = (site, sent)
        && let Some(reply) = aws::answer(&aws::Request { parts, body, stamp })
    {
        return Action::Reply(reply);
    }
    let key = match request.admit(site) {
        Ok(key) => key,
        Err(refused) => return Action::Reply(refused.stamped(stamp)),
    };
    let (behaviour, elsewhere) = match site {
        Site::Api { elsewhere } => (key.behaviour, elsewhere.as_str()),
        Site::Elsewhere => (Behaviour::Works, ""),
    };
    match behaviour {
        Behaviour::Page { status, title } => Action::Reply(page(status, title)),
        Behaviour::Redirects => {
            let target = format!("{elsewhere}{}", parts.uri);
            Action::Reply(Reply::text(307, "text/plain", "").with("location", target))
        }
        Behaviour::Silent => Action::Silence,
        Behaviour::Resets => Action::Reset,
        Behaviour::NotHttp => Action::NotHttp,
        Behaviour::Works => Action::Reply(request.route(None)),
        Behaviour::Refuses(refusal) => Action::Reply(request.route(Some(&refusal))),
        Behaviour::Slow(wait) => Action::ReplyAfter(wait, request.route(None)),
        Behaviour::HalfBody => Action::Reply(Reply::half(&models().to_string()).stamped(stamp)),
        Behaviour::Malformed => Action::Reply(malformed().stamped(stamp)),
        Behaviour::Oversized => Action::Reply(oversized().stamped(stamp)),
    }
}

/// A request with what is needed to answer it.
struct Request<'a> {
    parts: &'a Parts,
    sent: &'a Sent,
    stamp: &'a Stamp,
}

impl Request<'_> {
    fn header(&self, name: &str) -> Option<&str> {
        self.parts.headers.get(name)?.to_str().ok()
    }

    fn error(&self, status: u16, kind: &str, message: &str) -> Reply {
        Reply::error(status, kind, message, self.stamp)
    }

    /// Whether this is a request that anybody may answer.
    fn is_fit(&self) -> Result<(), Reply> {
        // A page in a browser can make its own name point here, but not change this header.
        if !self.header("host").is_none_or(is_loopback) {
            let message = "the sandbox answers requests to this machine only";
            return Err(self.error(421, "invalid_request_error", message));
        }
        if matches!(self.sent, Sent::TooLarge) {
            let message = "Request exceeds the maximum size";
            return Err(self.error(413, "request_too_large", message));
        }
        Ok(())
    }

    /// Whose request this is, or why it is not let in.
    fn admit(&self, site: &Site) -> Result<&'static TestKey, Reply> {
        let bearer = self
            .header("authorization")
            .and_then(|value| value.strip_prefix("Bearer "));
        let (text, refusal) = match (self.header("x-api-key"), bearer) {
            (Some(key), _) => (key, "invalid x-api-key"),
            (None, Some(token)) => (token, "Invalid bearer token"),
            (None, None) => {
                let message = "x-api-key header is required";
                return Err(self.error(401, "authentication_error", message));
            }
        };
        let key = match site {
            Site::Api { .. } => keys::find(text.trim()),
            Site::Elsewhere => keys::ALL.first(),
        };
        let key = key.ok_or_else(|| self.error(401, "authentication_error", refusal))?;
        if key.kind == KeyKind::Token {
            self.admit_token()?;
        }
        if self.header("anthropic-version").is_none() {
            let message = "anthropic-version: header is required";
            return Err(self.error(400, "invalid_request_error", message));
        }
        Ok(key)
    }

    /// A subscription token is taken as a bearer, announced as one, and from Claude Code.
    fn admit_token(&self) -> Result<(), Reply> {
        if self.header("x-api-key").is_some() {
            return Err(self.error(401, "authentication_error", "invalid x-api-key"));
        }
        let betas = self.header("anthropic-beta").unwrap_or_default();
        if !betas
            .split(',')
            .any(|beta| beta.trim() == "oauth-2025-04-20")
        {
            let message = "OAuth authentication is currently not supported.";
            return Err(self.error(401, "authentication_error", message));
        }
        let program = self.header("user-agent").unwrap_or_default();
        // The real program, or the one that stands in for it here.
        let claude = ["claude-cli/", "keywright-sandbox-claude/"];
        if !claude.iter().any(|name| program.starts_with(name)) {
            let message = "This credential is only authorized for use with Claude Code and cannot be used for other API requests.";
            return Err(self.error(400, "invalid_request_error", message));
        }
        Ok(())
    }

    /// The reply of the endpoint, or the refusal when it is meant for this endpoint.
    fn route(&self, refusal: Option<&Refusal>) -> Reply {
        let exhausted = refusal.is_some_and(|refusal| refusal.status == 429);
        let limits = if exhausted {
            Limits::Exhausted
        } else {
            Limits::Free
        };
        let (Ok(reply) | Err(reply)) = self.endpoint(refusal);
        reply.stamped(self.stamp).with_limits(self.stamp, limits)
    }

    fn endpoint(&self, refusal: Option<&Refusal>) -> Answer {
        let path = self.parts.uri.path().trim_end_matches('/');
        let method = &self.parts.method;
        let (scope, allowed) = match path {
            "/v1/messages" => (Scope::Messages, Method::POST),
            "/v1/messages/count_tokens" => (Scope::Models, Method::POST),
            _ => (Scope::Everything, Method::GET),
        };
        if let Some(refusal) = refusal.filter(|refusal| refusal.concerns(scope)) {
            return Err(self.refuse(refusal));
        }
        let known =
            path == "/v1/models" || path.starts_with("/v1/models/") || scope != Scope::Everything;
        if !known {
            return Err(self.error(404, "not_found_error", "Not found"));
        }
        if *method != allowed {
            return Err(self.error(405, "invalid_request_error", "Method Not Allowed"));
        }
        match (path, self.sent) {
            ("/v1/messages", Sent::Whole(body)) => messages::create(body, self.stamp),
            ("/v1/messages/count_tokens", Sent::Whole(body)) => messages::count(body, self.stamp),
            ("/v1/models", _) => self.list_models(),
            _ => self.one_model(path.trim_start_matches("/v1/models/")),
        }
    }

    fn refuse(&self, refusal: &Refusal) -> Reply {
        let asked: Option<Value> = match self.sent {
            Sent::Whole(body) => serde_json::from_slice(body).ok(),
            Sent::TooLarge => None,
        };
        let model = asked.as_ref().and_then(|body| body["model"].as_str());
        let message = refusal.message.replace("MODEL", model.unwrap_or("unknown"));
        let reply = self.error(refusal.status, refusal.kind, &message);
        match refusal.retry_after {
            Some(seconds) => reply.with("retry-after", seconds.to_string()),
            None => reply,
        }
    }

    fn query(&self, name: &str) -> Option<String> {
        let query = self.parts.uri.query()?;
        url::form_urlencoded::parse(query.as_bytes())
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    }

    fn list_models(&self) -> Answer {
        let limit = match self.query("limit") {
            None => 20,
            Some(text) => text
                .parse()
                .ok()
                .filter(|limit| (1..=1000).contains(limit))
                .ok_or_else(|| {
                    let message = "limit: Input should be between 1 and 1000";
                    self.error(400, "invalid_request_error", message)
                })?,
        };
        let start = match self.query("after_id") {
            None => 0,
            Some(id) => {
                MODELS.iter().position(|m| m.0 == id).ok_or_else(|| {
                    self.error(
                        400,
                        "invalid_request_error",
                        "after_id: there is no such model",
                    )
                })? + 1
            }
        };
        let end = MODELS.len().min(start + limit);
        Ok(Reply::json(200, &page_of_models(start, end)))
    }

    fn one_model(&self, id: &str) -> Answer {
        MODELS
            .iter()
            .find(|model| model.0 == id)
            .map(|found| Reply::json(200, &model(found)))
            .ok_or_else(|| self.error(404, "not_found_error", &format!("model: {id}")))
    }
}

impl Refusal {
    fn concerns(&self, endpoint: Scope) -> bool {
        match self.scope {
            Scope::Everything => true,
            Scope::Messages => endpoint == Scope::Messages,
            Scope::Models => endpoint != Scope::Everything,
        }
    }
}

/// Id, name and date of the models that the sandbox has, newest first.
const MODELS: &[(&str, &str, &str)] = &[
    ("claude-opus-5-5", "Claude Opus 5.5", "2026-09-15T00:00:00Z"),
    ("claude-opus-5", "Claude Opus 5", "2026-06-10T00:00:00Z"),
    ("claude-sonnet-5", "Claude Sonnet 5", "2026-06-10T00:00:00Z"),
    ("claude-opus-4-8", "Claude Opus 4.8", "2026-03-03T00:00:00Z"),
    (
        "claude-haiku-4-5-20251001",
        "Claude Haiku 4.5",
        "2025-10-15T00:00:00Z",
    ),
    (
        "claude-sonnet-4-5-20250929",
        "Claude Sonnet 4.5",
        "2025-09-29T00:00:00Z",
    ),
];

/// Whether the sandbox has this model.
#[must_use]
pub fn has_model(id: &str) -> bool {
    MODELS.iter().any(|model| model.0 == id)
}

fn model((id, name, created): &(&str, &str, &str)) -> Value {
    json!({ "type": "model", "id": id, "display_name": name, "created_at": created })
}

fn page_of_models(start: usize, end: usize) -> Value {
    let page = &MODELS[start..end];
    json!({
        "data": page.iter().map(model).collect::<Vec<_>>(),
        "has_more": end < MODELS.len(),
        "first_id": page.first().map(|model| model.0),
        "last_id": page.last().map(|model| model.0),
    })
}

fn models() -> Value {
    page_of_models(0, MODELS.len())
}

fn malformed() -> Reply {
    let text = models().to_string();
    Reply::text(200, "application/json", text[..text.len() / 2].to_owned())
}

fn oversized() -> Reply {
    let mut list = models();
    list["padding"] = Value::String("x".repeat(2 * 1024 * 1024));
    Reply::json(200, &list)
}

fn page(status: u16, title: &str) -> Reply {
    let html = format!(
        "<!DOCTYPE html>\n<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n"
    );
    Reply::text(status, "text/html; charset=utf-8", html)
}

/// Whether a `Host` header names this machine.
fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or(rest),
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    };
    name.eq_ignore_ascii_case("localhost")
        || name
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts() {
        let check = |host: &str, expected: bool| assert_eq!(is_loopback(host), expected, "{host}");
        check("127.0.0.1:8080", true);
        check("127.0.0.1", true);
        check("localhost:1", true);
        check("[::1]:1", true);
        check("api.anthropic.com", false);
        check("127.0.0.1.example.com:80", false);
        check("", false);
    }
}
