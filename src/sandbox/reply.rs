//! Replies of the stand-in as data: status, headers, and a body that is sent in pieces and can end
//! too early.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::Response;
use hyper::body::{Body, Bytes, Frame, SizeHint};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// What goes back to the client.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: ReplyBody,
}

/// A body in pieces.
#[derive(Debug)]
pub struct ReplyBody {
    pieces: VecDeque<Bytes>,
    /// What the client is told, when it is told.
    length: Option<u64>,
    /// The connection breaks off after the last piece.
    cut: bool,
    /// A piece was handed over and is given the time to leave.
    flushing: bool,
}

/// Who asked, and when: what every reply of the API tells about itself.
#[derive(Clone, Debug)]
pub struct Stamp {
    pub request_id: String,
    pub now: Timestamp,
}

impl Reply {
    /// A JSON document.
    #[must_use]
    pub fn json(status: u16, document: &Value) -> Self {
        Self::text(status, "application/json", document.to_string())
    }

    /// A body of this type.
    #[must_use]
    pub fn text(status: u16, kind: &'static str, text: impl Into<Bytes>) -> Self {
        Self {
            status,
            headers: vec![("content-type", kind.to_owned())],
            body: ReplyBody::whole(text.into()),
        }
    }

    /// The API's error envelope.
    #[must_use]
    pub fn error(status: u16, kind: &str, message: &str, stamp: &Stamp) -> Self {
        Self::json(
            status,
            &json!({
                "type": "error",
                "error": { "type": kind, "message": message },
                "request_id": stamp.request_id,
            }),
        )
    }

    /// Server-sent events, one piece each.
    #[must_use]
    pub fn events(events: &[Value]) -> Self {
        let pieces = events.iter().map(|event| {
            let name = event["type"].as_str().unwrap_or("message");
            Bytes::from(format!("event: {name}\ndata: {event}\n\n"))
        });
        Self {
            status: 200,
            headers: vec![
                (
                    "content-type",
                    "text/event-stream; charset=utf-8".to_owned(),
                ),
                ("cache-control", "no-cache".to_owned()),
            ],
            body: ReplyBody {
                pieces: pieces.collect(),
                length: None,
                cut: false,
                flushing: false,
            },
        }
    }

    /// The first half of `whole`, announced as all of it; then the connection ends.
    #[must_use]
    pub fn half(whole: &str) -> Self {
        let mut reply = Self::text(200, "application/json", whole[..whole.len() / 2].to_owned());
        reply.body.length = None;
        reply.body.cut = true;
        reply.with("content-length", whole.len().to_string())
    }

    /// Adds a header.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Adds the headers that every reply of the API has.
    #[must_use]
    pub fn stamped(self, stamp: &Stamp) -> Self {
        self.with("request-id", stamp.request_id.clone()).with(
            "anthropic-organization-id",
            "00000000-0000-0000-0000-000000000000",
        )
    }

    /// Adds the rate limit headers; with none remaining when `exhausted`.
    #[must_use]
    pub fn with_limits(mut self, stamp: &Stamp, limits: Limits) -> Self {
        let reset = stamp
            .now
            .checked_add(SignedDuration::from_secs(60))
            .unwrap_or(stamp.now)
            .strftime("%Y-%m-%dT%H:%M:%SZ")
            .to_string();
        for (limit, remaining, reset_name, value) in LIMITS {
            let left = match limits {
                Limits::Free => value - 1,
                Limits::Exhausted => 0,
            };
            self = self
                .with(limit, value.to_string())
                .with(remaining, left.to_string())
                .with(reset_name, reset.clone());
        }
        self
    }

    /// The reply as hyper sends it.
    #[must_use]
    pub fn into_response(self, stamp: &Stamp) -> Response<ReplyBody> {
        let mut builder = Response::builder()
            .status(self.status)
            .header("server", "keywright-sandbox");
        if !self.headers.iter().any(|(name, _)| *name == "date") {
            builder = builder.header("date", http_date(stamp.now));
        }
        for (name, value) in &self.headers {
            builder = builder.header(*name, value);
        }
        builder.body(self.body).unwrap_or_default()
    }
}

/// How much is left of the rate limits.
#[derive(Clone, Copy, Debug)]
pub enum Limits {
    Free,
    Exhausted,
}

/// Names of limit, remaining and reset headers, and the limit.
const LIMITS: [(&str, &str, &str, u32); 3] = [
    (
        "anthropic-ratelimit-requests-limit",
        "anthropic-ratelimit-requests-remaining",
        "anthropic-ratelimit-requests-reset",
        50,
    ),
    (
        "anthropic-ratelimit-input-tokens-limit",
        "anthropic-ratelimit-input-tokens-remaining",
        "anthropic-ratelimit-input-tokens-reset",
        50_000,
    ),
    (
        "anthropic-ratelimit-output-tokens-limit",
        "anthropic-ratelimit-output-tokens-remaining",
        "anthropic-ratelimit-output-tokens-reset",
        10_000,
    ),
];

/// A time as HTTP writes it: `Sat, 21 Nov 2026 01:09:43 GMT`.
#[must_use]
pub fn http_date(time: Timestamp) -> String {
    time.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

impl ReplyBody {
    fn whole(bytes: Bytes) -> Self {
        Self {
            length: Some(bytes.len() as u64),
            pieces: VecDeque::from([bytes]),
            cut: false,
            flushing: false,
        }
    }
}

impl Default for ReplyBody {
    fn default() -> Self {
        Self::whole(Bytes::new())
    }
}

/// The end of a body that is meant to be cut.
#[derive(Debug)]
pub struct Cut;

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the body ends here on purpose")
    }
}

impl std::error::Error for Cut {}

impl Body for ReplyBody {
    type Data = Bytes;
    type Error = Cut;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Cut>>> {
        // Between two pieces the connection gets the time to send the first one by itself.
        if self.flushing {
            self.flushing = false;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        match self.pieces.pop_front() {
            Some(piece) => {
                self.flushing = self.cut || !self.pieces.is_empty();
                Poll::Ready(Some(Ok(Frame::data(piece))))
            }
            None if self.cut => Poll::Ready(Some(Err(Cut))),
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.pieces.is_empty() && !self.cut
    }

    fn size_hint(&self) -> SizeHint {
        self.length
            .map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}
