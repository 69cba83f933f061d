//! The calls that are made, as requests.
//!
//! Everything but [`Call::Invoke`] is free of charge.

use std::fmt::Write;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::json;

use super::{Access, Endpoints, Region};
use crate::error::{Error, Kind, Result};
use crate::exchange::{HeaderValue, Method, Request};
use crate::provider::anthropic::endpoint::Endpoint;
use crate::provider::anthropic::request::USER_AGENT;
use crate::provider::verdict::Reason;

/// One call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Call {
    /// STS `GetCallerIdentity`; needs no permission. Not for a Bedrock API key.
    Identity,
    /// `ListFoundationModels` of Anthropic.
    Models,
    /// `ListInferenceProfiles`.
    Profiles,
    /// `GetFoundationModelAvailability` of a foundation model.
    Availability { model: String },
    /// `GetUseCaseForModelAccess`.
    UseCase,
    /// `CountTokens`: free, and proves access to the model. Not every model has it.
    CountTokens { model: String },
    /// `InvokeModel` for one token; costs a fraction of a cent.
    Invoke { model: String },
}

impl Call {
    /// The permission that it needs.
    #[must_use]
    pub const fn action(&self) -> &'static str {
        match self {
            Self::Identity => "sts:GetCallerIdentity",
            Self::Models => "bedrock:ListFoundationModels",
            Self::Profiles => "bedrock:ListInferenceProfiles",
            Self::Availability { .. } => "bedrock:GetFoundationModelAvailability",
            Self::UseCase => "bedrock:GetUseCaseForModelAccess",
            Self::CountTokens { .. } => "bedrock:CountTokens",
            Self::Invoke { .. } => "bedrock:InvokeModel",
        }
    }

    /// The model that it names.
    #[must_use]
    pub fn model(&self) -> Option<&str> {
        match self {
            Self::Availability { model } | Self::CountTokens { model } | Self::Invoke { model } => {
                Some(model)
            }
            _ => None,
        }
    }

    /// What a missing permission for it is.
    #[must_use]
    pub const fn denied(&self) -> Reason {
        match self {
            Self::Invoke { .. } => Reason::AwsNotAllowed,
            // Nothing that Claude Code cannot do without.
            _ => Reason::AwsListNotAllowed,
        }
    }

    #[must_use]
    pub(super) const fn service(&self) -> &'static str {
        match self {
            Self::Identity => "sts",
            _ => "bedrock",
        }
    }

    #[must_use]
    pub const fn endpoint<'a>(&self, endpoints: &'a Endpoints) -> &'a Endpoint {
        match self {
            Self::Identity => &endpoints.sts,
            Self::CountTokens { .. } | Self::Invoke { .. } => &endpoints.runtime,
            _ => &endpoints.control,
        }
    }

    fn parts(&self) -> (Method, String, Option<String>) {
        let get = |path: String| (Method::Get, path, None);
        match self {
            Self::Identity => {
                let form = "Action=GetCallerIdentity&Version=2011-06-15";
                (Method::Post, "/".to_owned(), Some(form.to_owned()))
            }
            Self::Models => get("/foundation-models?byProvider=anthropic".to_owned()),
            Self::Profiles => {
                get("/inference-profiles?maxResults=1000&type=SYSTEM_DEFINED".to_owned())
            }
            Self::Availability { model } => {
                get(format!("/foundation-model-availability/{}", encoded(model)))
            }
            Self::UseCase => get("/use-case-for-model-access".to_owned()),
            Self::CountTokens { model } => {
                let message = json!({"role": "user", "content": [{"text": "ok"}]});
                let body = json!({"input": {"converse": {"messages": [message]}}});
                let path = format!("/model/{}/count-tokens", encoded(model));
                (Method::Post, path, Some(body.to_string()))
            }
            Self::Invoke { model } => {
                let body = json!({
                    "anthropic_version": "bedrock-2023-05-31",
                    "max_tokens": 1,
                    "messages": [{"role": "user", "content": "ok"}],
                });
                let path = format!("/model/{}/invoke", encoded(model));
                (Method::Post, path, Some(body.to_string()))
            }
        }
    }

    /// The request, made at `now`; `page` is the token of a list's next page.
    ///
    /// # Errors
    /// `MalformedCredential` for a credential that no request can carry, `Config` in a build
    /// without Bedrock.
    pub fn request(
        &self,
        access: &Access,
        (region, endpoints): (&Region, &Endpoints),
        page: Option<&str>,
        (now, timeout): (Timestamp, Duration),
    ) -> Result<Request> {
        let (method, mut path, body) = self.parts();
        if let Some(page) = page {
            // Only lists have pages, and their paths have a query.
            path = format!("{path}&nextToken={}", encoded(page));
        }
        let form = matches!(self, Self::Identity);
        let kind = if form {
            "application/x-www-form-urlencoded"
        } else {
            "application/json"
        };
        let mut headers = vec![(
            "user-agent".into(),
            HeaderValue::Plain(USER_AGENT.to_owned()),
        )];
        if !form {
            headers.push((
                "accept".into(),
                HeaderValue::Plain("application/json".to_owned()),
            ));
        }
        if body.is_some() {
            headers.push(("content-type".into(), HeaderValue::Plain(kind.to_owned())));
        }
        let mut request = Request {
            method,
            url: self.endpoint(endpoints).url(&path),
            headers,
            body,
            timeout,
        };
        match access {
            Access::Bearer(key) => {
                let carried = |text: &str| text.bytes().all(|b| b.is_ascii_graphic());
                if !key.inspect(carried) {
                    let message = "the key holds a character that no request can carry";
                    return Err(Error::new(Kind::MalformedCredential, message));
                }
                let bearer = HeaderValue::Bearer(key.clone());
                request.headers.push(("authorization".into(), bearer));
            }
            Access::Keys(keys) => sign(&mut request, keys, (region, self.service()), now)?,
        }
        Ok(request)
    }
}

#[cfg(feature = "bedrock")]
use super::sign::sign;

/// # Errors
/// Always: this build signs nothing.
#[cfg(not(feature = "bedrock"))]
fn sign(_: &mut Request, _: &super::AccessKeys, _: (&Region, &str), _: Timestamp) -> Result<()> {
    let message = "this build of keywright has no support for Amazon Bedrock";
    Err(Error::new(Kind::Config, message))
}

/// A model id as one segment of a path.
fn encoded(id: &str) -> String {
    let mut path = String::with_capacity(id.len());
    for byte in id.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            path.push(char::from(byte));
        } else {
            let _ = write!(path, "%{byte:02X}");
        }
    }
    path
}
