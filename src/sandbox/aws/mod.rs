//! The part of AWS that Bedrock needs: who one is (STS), which models there are (the control plane),
//! and the models themselves (the runtime). Signatures are checked for good. Pure.
//!
//! | module | what |
//! |---|---|
//! | [`signature`] | Signature Version 4, as a server computes it |
//! | [`admit`] | whose request this is, or why it is not let in |
//! | [`call`] | the calls, told apart by path, with the permission that each needs |
//! | [`models`] | the models and inference profiles |
//! | [`answers`] | what each call answers |
//! | [`fault`] | error replies, in XML and in JSON |
//! | [`event_stream`] | how the runtime sends a stream |

pub mod admit;
pub mod answers;
pub mod call;
pub mod event_stream;
pub mod fault;
pub mod models;
pub mod signature;

use hyper::http::request::Parts;

use super::keys::aws::Trouble;
use super::reply::{Reply, Stamp};
use call::Call;
use fault::{Fault, Service};

/// A request to AWS with what is needed to answer it.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    pub parts: &'a Parts,
    pub body: &'a [u8],
    pub stamp: &'a Stamp,
}

impl<'a> Request<'a> {
    /// The value of a header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&'a str> {
        self.parts.headers.get(name)?.to_str().ok()
    }

    /// A parameter of the query, decoded.
    #[must_use]
    pub fn query(&self, name: &str) -> Option<String> {
        form(self.parts.uri.query()?, name)
    }
}

/// A field of a query or a form.
fn form(text: &str, name: &str) -> Option<String> {
    url::form_urlencoded::parse(text.as_bytes())
        .find(|(found, _)| found == name)
        .map(|(_, value)| value.into_owned())
}

/// Answers what AWS would answer; `None` for what is not meant for AWS.
#[must_use]
pub fn answer(request: &Request<'_>) -> Option<Reply> {
    let call = Call::of(request)?;
    let service = call.service();
    let reply = respond(request, &call);
    let reply = reply.unwrap_or_else(|fault| fault.reply(service, request.stamp));
    Some(reply.with("x-amzn-requestid", request.stamp.request_id.clone()))
}

fn respond(request: &Request<'_>, call: &Call) -> Result<Reply, Fault> {
    if call.service() == Service::Portal {
        return answers::portal(request);
    }
    let caller = admit::admit(request, call)?;
    if let Trouble::Refused(refusal) = &caller.identity.trouble
        && call.is_in(refusal.scope)
    {
        return Err(Fault::refused(refusal, call, &caller));
    }
    answers::answer(request, call, &caller)
}
