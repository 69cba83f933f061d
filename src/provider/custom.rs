//! A provider that the configuration describes: `models.providers.<id>`.

use std::time::Duration;

use crate::error::Result;
use crate::exchange::{Exchange, Request};
use crate::provider::anthropic::endpoint::Endpoint;
use crate::provider::service::{self, Header, Service};
use crate::provider::{Verdict, registry};
use crate::secret::Secret;

/// What is said about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Custom {
    /// The part of a profile id before the colon.
    pub id: String,
    /// Where its API is; a checked address. Only encrypted, or of this machine.
    pub base_url: String,
    /// The variable that holds its key.
    pub variable: Option<String>,
    /// How it takes its key.
    pub header: Header,
    /// A free request that only a good key gets an answer to, below the base URL; `None`: a provider
    /// without a probe.
    pub probe_path: Option<String>,
}

impl Custom {
    /// The request that tries a key; `None` for a provider without a probe.
    ///
    /// # Errors
    /// `MalformedCredential` when the key holds a character that no header can carry.
    pub fn request(
        &self,
        endpoint: &Endpoint,
        key: &Secret,
        timeout: Duration,
    ) -> Result<Option<Request>> {
        let Some(path) = &self.probe_path else {
            return Ok(None);
        };
        let service = Service {
            header: self.header,
            path,
        };
        service.request(endpoint, key, timeout).map(Some)
    }

    /// What came of the request to `host`.
    #[must_use]
    pub fn classify(&self, host: &str, exchange: &Exchange) -> Verdict {
        service::classify(host, exchange)
    }
}

/// Why a path cannot be that of a probe; `None` when it can.
#[must_use]
pub fn path_fault(path: &str) -> Option<&'static str> {
    let plain = path.bytes().all(|b| b.is_ascii_graphic());
    if !path.starts_with('/') || path.starts_with("//") {
        Some("must start with one `/`: it goes below the base URL")
    } else if !plain || path.contains('#') || path.len() > 512 {
        Some("must be a path, with a query at most")
    } else {
        None
    }
}

/// Whether an id is taken by a provider that keywright knows.
#[must_use]
pub fn is_taken(id: &str) -> bool {
    registry::find(id).is_some() || id == super::bedrock::ID
}
