//! `/v1/messages` and `/v1/messages/count_tokens` of the stand-in: it reads what it is asked as
//! strictly as the API does, and always says the same.

use serde_json::{Map, Value, json};

use super::api;
use super::reply::{Reply, Stamp};

/// What the sandbox says to everybody.
const WORDS: &[&str] = &["Hello", " from", " the", " keywright", " sandbox."];

/// What is wrong with a request.
#[derive(Debug, PartialEq, Eq)]
pub enum Problem {
    /// The message of a 400.
    Invalid(String),
    /// The model that nobody has.
    NoModel(String),
}

/// Answers `POST /v1/messages`, as one document or as a stream of events.
///
/// # Errors
/// The API's error reply.
pub fn create(body: &[u8], stamp: &Stamp) -> Result<Reply, Reply> {
    let answer = || {
        let body = parse(body)?;
        let model = known_model(&body)?;
        let message = Message::answering(&body, model, stamp)?;
        Ok(
            if body.get("stream").and_then(Value::as_bool) == Some(true) {
                Reply::events(&message.events())
            } else {
                Reply::json(200, &message.whole())
            },
        )
    };
    answer().map_err(|problem| refuse(&problem, stamp))
}

/// Answers `POST /v1/messages/count_tokens`.
///
/// # Errors
/// The API's error reply.
pub fn count(body: &[u8], stamp: &Stamp) -> Result<Reply, Reply> {
    let answer = || {
        let body = parse(body)?;
        known_model(&body)?;
        Ok(json!({ "input_tokens": tokens(&body)? }))
    };
    match answer() {
        Ok(count) => Ok(Reply::json(200, &count)),
        Err(problem) => Err(refuse(&problem, stamp)),
    }
}

fn known_model(body: &Map<String, Value>) -> Result<&str, Problem> {
    let model = body.get("model").and_then(Value::as_str);
    let model = model.ok_or_else(|| invalid("model: Field required"))?;
    // What is said about messages comes before what is said about the model.
    tokens(body)?;
    if api::has_model(model) {
        Ok(model)
    } else {
        Err(Problem::NoModel(model.to_owned()))
    }
}

/// About how many tokens the messages have.
fn tokens(body: &Map<String, Value>) -> Result<usize, Problem> {
    let messages = body
        .get("messages")
        .and_then(Value::as_array)
        .filter(|messages| !messages.is_empty())
        .ok_or_else(|| invalid("messages: at least one message is required"))?;
    // About four characters make a token.
    let characters: usize = messages
        .iter()
        .map(|m| m["content"].to_string().len())
        .sum();
    Ok(characters.div_ceil(4) + 4)
}

/// What the sandbox answers to a message.
#[derive(Debug)]
pub struct Message<'a> {
    id: String,
    model: &'a str,
    input_tokens: usize,
    words: &'static [&'static str],
    stop_reason: &'static str,
}

impl<'a> Message<'a> {
    /// The answer to a request body, which has `messages` and `max_tokens`.
    ///
    /// # Errors
    /// What the body lacks.
    pub fn answering(
        body: &Map<String, Value>,
        model: &'a str,
        stamp: &Stamp,
    ) -> Result<Self, Problem> {
        let input_tokens = tokens(body)?;
        let most = body.get("max_tokens").and_then(Value::as_u64);
        let most = most
            .filter(|most| *most > 0)
            .ok_or_else(|| invalid("max_tokens: Field required"))?;
        let spoken = WORDS.len().min(usize::try_from(most).unwrap_or(usize::MAX));
        Ok(Self {
            id: format!("msg_{}", stamp.request_id.trim_start_matches("req_")),
            model,
            input_tokens,
            words: &WORDS[..spoken],
            stop_reason: if spoken < WORDS.len() {
                "max_tokens"
            } else {
                "end_turn"
            },
        })
    }

    /// As one document.
    #[must_use]
    pub fn whole(&self) -> Value {
        let mut message = self.start();
        message["content"] = json!([{ "type": "text", "text": self.words.concat() }]);
        message["stop_reason"] = json!(self.stop_reason);
        message["usage"]["output_tokens"] = json!(self.words.len());
        message
    }

    fn start(&self) -> Value {
        json!({
            "id": self.id, "type": "message", "role": "assistant", "model": self.model,
            "content": [], "stop_reason": null, "stop_sequence": null,
            "usage": { "input_tokens": self.input_tokens, "output_tokens": 0 },
        })
    }

    /// As the events of a stream.
    #[must_use]
    pub fn events(&self) -> Vec<Value> {
        let mut events = vec![
            json!({ "type": "message_start", "message": self.start() }),
            json!({ "type": "content_block_start", "index": 0,
                    "content_block": { "type": "text", "text": "" } }),
            json!({ "type": "ping" }),
        ];
        events.extend(self.words.iter().map(|word| {
            json!({ "type": "content_block_delta", "index": 0,
                    "delta": { "type": "text_delta", "text": word } })
        }));
        events.extend([
            json!({ "type": "content_block_stop", "index": 0 }),
            json!({ "type": "message_delta",
                    "delta": { "stop_reason": self.stop_reason, "stop_sequence": null },
                    "usage": { "output_tokens": self.words.len() } }),
            json!({ "type": "message_stop" }),
        ]);
        events
    }
}

/// The fields of a request body.
///
/// # Errors
/// `Invalid` for what is no JSON object.
pub fn parse(body: &[u8]) -> Result<Map<String, Value>, Problem> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err(invalid("Input should be an object")),
        Err(_) => Err(invalid("The request body is not valid JSON")),
    }
}

fn invalid(message: &str) -> Problem {
    Problem::Invalid(message.to_owned())
}

fn refuse(problem: &Problem, stamp: &Stamp) -> Reply {
    match problem {
        Problem::Invalid(message) => Reply::error(400, "invalid_request_error", message, stamp),
        Problem::NoModel(model) => {
            Reply::error(404, "not_found_error", &format!("model: {model}"), stamp)
        }
    }
}
