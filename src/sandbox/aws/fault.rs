//! Error replies: STS writes XML and has names of its own, Bedrock writes JSON and repeats the code
//! in a header.

use jiff::Timestamp;
use serde_json::json;

use super::admit::Caller;
use super::call::Call;
use crate::sandbox::keys::aws::Refusal;
use crate::sandbox::reply::{Reply, Stamp, http_date};

/// Who answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    Sts,
    Bedrock,
    /// Where a single sign-on session becomes the credentials of a role.
    Portal,
}

/// An error of AWS.
#[derive(Debug)]
pub struct Fault {
    pub status: u16,
    sts: &'static str,
    bedrock: &'static str,
    message: String,
    /// What the server's clock says, when it is not this machine's.
    clock: Option<Timestamp>,
}

impl Fault {
    #[must_use]
    pub fn new(
        status: u16,
        sts: &'static str,
        bedrock: &'static str,
        message: impl Into<String>,
    ) -> Self {
        Self {
            status,
            sts,
            bedrock,
            message: message.into(),
            clock: None,
        }
    }

    /// Tells the time of a server whose clock is not this machine's.
    #[must_use]
    pub fn at(mut self, clock: Timestamp) -> Self {
        self.clock = Some(clock);
        self
    }

    /// The access key, the session token or the pair of both is not known.
    #[must_use]
    pub fn unknown() -> Self {
        let message = "The security token included in the request is invalid.";
        Self::new(
            403,
            "InvalidClientTokenId",
            "UnrecognizedClientException",
            message,
        )
    }

    #[must_use]
    pub fn expired() -> Self {
        let message = "The security token included in the request is expired";
        Self::new(403, "ExpiredToken", "ExpiredTokenException", message)
    }

    #[must_use]
    pub fn signature(message: impl Into<String>) -> Self {
        Self::new(
            403,
            "SignatureDoesNotMatch",
            "InvalidSignatureException",
            message,
        )
    }

    #[must_use]
    pub fn incomplete(message: impl Into<String>) -> Self {
        Self::new(
            400,
            "IncompleteSignature",
            "IncompleteSignatureException",
            message,
        )
    }

    #[must_use]
    pub fn missing() -> Self {
        let message = "Request is missing Authentication Token";
        Self::new(
            403,
            "MissingAuthenticationToken",
            "MissingAuthenticationTokenException",
            message,
        )
    }

    #[must_use]
    pub fn denied(message: impl Into<String>) -> Self {
        Self::new(403, "AccessDenied", "AccessDeniedException", message)
    }

    #[must_use]
    pub fn validation(message: impl Into<String>) -> Self {
        Self::new(400, "ValidationError", "ValidationException", message)
    }

    #[must_use]
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(404, "InvalidAction", "ResourceNotFoundException", message)
    }

    /// What an identity is refused, with the particulars of the call.
    #[must_use]
    pub fn refused(refusal: &Refusal, call: &Call, caller: &Caller) -> Self {
        let message = refusal
            .message
            .replace("USER", &caller.arn())
            .replace("ACTION", call.action())
            .replace("RESOURCE", &call.resource(caller))
            .replace("MODEL", call.model().unwrap_or_default());
        Self::new(refusal.status, refusal.sts_code(), refusal.code, message)
    }

    #[must_use]
    pub fn reply(&self, service: Service, stamp: &Stamp) -> Reply {
        let reply = match service {
            Service::Sts => Reply::text(self.status, "text/xml", self.xml(stamp)),
            // The layer that looks at credentials spells the field with a capital.
            Service::Bedrock if self.bedrock == "AccessDeniedException" && self.is_bearer() => {
                self.json(&json!({ "Message": self.message }))
            }
            Service::Bedrock | Service::Portal => self.json(&json!({ "message": self.message })),
        };
        match self.clock {
            Some(clock) => reply.with("date", http_date(clock)),
            None => reply,
        }
    }

    fn is_bearer(&self) -> bool {
        self.message.contains("API Key") || self.message.contains("Bearer Token")
    }

    fn json(&self, body: &serde_json::Value) -> Reply {
        let kind = format!(
            "{}:http://internal.amazon.com/coral/com.amazon.coral.service/",
            self.bedrock
        );
        Reply::json(self.status, body).with("x-amzn-errortype", kind)
    }

    fn xml(&self, stamp: &Stamp) -> String {
        let kind = if self.status < 500 {
            "Sender"
        } else {
            "Receiver"
        };
        format!(
            "<ErrorResponse xmlns=\"{NAMESPACE}\">\n  <Error>\n    <Type>{kind}</Type>\n    <Code>{}</Code>\n    <Message>{}</Message>\n  </Error>\n  <RequestId>{}</RequestId>\n</ErrorResponse>\n",
            self.sts,
            escape(&self.message),
            stamp.request_id
        )
    }
}

/// The XML namespace of STS.
pub const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
