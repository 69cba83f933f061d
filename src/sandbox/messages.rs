//! `/v1/messages` and `/v1/messages/count_tokens` of the stand-in: it reads what it is asked as
//! strictly as the API does, and always says the same.

use serde_json::{Map, Value, json};

use super::api;
use super::reply::{Reply, Stamp};

/// What the sandbox says to everybody.
const WORDS: &[&str] = &["Hello", " from", " the", " keywright", " sandbox."];

/// Answers `POST /v1/messages`, as one document or as a stream of events.
///
/// # Errors
/// The API's error reply.
pub fn create(body: &[u8], stamp: &Stamp) -> Result<Reply, Reply> {
    let body = parse(body, stamp)?;
    let asked = Asked::read(&body, stamp)?;
    let most = body.get("max_tokens").and_then(Value::as_u64);
    let Some(most) = most.filter(|most| *most > 0) else {
        return Err(invalid("max_tokens: Field required", stamp));
    };
    let spoken = WORDS.len().min(usize::try_from(most).unwrap_or(usize::MAX));
    let message = Message {
        id: format!("msg_{}", stamp.request_id.trim_start_matches("req_")),
        model: asked.model,
        input_tokens: asked.tokens,
        words: &WORDS[..spoken],
        stop_reason: if spoken < WORDS.len() {
            "max_tokens"
        } else {
            "end_turn"
        },
    };
    if body.get("stream").and_then(Value::as_bool) == Some(true) {
        return Ok(Reply::events(&message.events()));
    }
    Ok(Reply::json(200, &message.whole()))
}

/// Answers `POST /v1/messages/count_tokens`.
///
/// # Errors
/// The API's error reply.
pub fn count(body: &[u8], stamp: &Stamp) -> Result<Reply, Reply> {
    let body = parse(body, stamp)?;
    let asked = Asked::read(&body, stamp)?;
    Ok(Reply::json(200, &json!({ "input_tokens": asked.tokens })))
}

/// What both endpoints need.
struct Asked<'a> {
    model: &'a str,
    tokens: usize,
}

impl<'a> Asked<'a> {
    fn read(body: &'a Map<String, Value>, stamp: &Stamp) -> Result<Self, Reply> {
        let model = body.get("model").and_then(Value::as_str);
        let model = model.ok_or_else(|| invalid("model: Field required", stamp))?;
        let messages = body.get("messages").and_then(Value::as_array);
        let messages = messages
            .filter(|messages| !messages.is_empty())
            .ok_or_else(|| invalid("messages: at least one message is required", stamp))?;
        if !api::has_model(model) {
            let message = format!("model: {model}");
            let reply = Reply::error(404, "not_found_error", &message, stamp);
            return Err(reply);
        }
        // About four characters make a token.
        let characters: usize = messages
            .iter()
            .map(|m| m["content"].to_string().len())
            .sum();
        Ok(Self {
            model,
            tokens: characters.div_ceil(4) + 4,
        })
    }
}

struct Message<'a> {
    id: String,
    model: &'a str,
    input_tokens: usize,
    words: &'a [&'a str],
    stop_reason: &'a str,
}

impl Message<'_> {
    fn whole(&self) -> Value {
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

    fn events(&self) -> Vec<Value> {
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

fn parse(body: &[u8], stamp: &Stamp) -> Result<Map<String, Value>, Reply> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err(invalid("Input should be an object", stamp)),
        Err(_) => Err(invalid("The request body is not valid JSON", stamp)),
    }
}

fn invalid(message: &str, stamp: &Stamp) -> Reply {
    Reply::error(400, "invalid_request_error", message, stamp)
}
