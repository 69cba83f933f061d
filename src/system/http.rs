//! HTTP. The only user of reqwest, rustls and of an async runtime. Nothing of these is built
//! before the first request.

use crate::exchange::{Exchange, Request};
use crate::system::Environment;

/// Sends requests. Cheap until used.
pub struct Http {
    _environment: Environment,
}

impl Http {
    /// Remembers the proxy settings of `environment`.
    #[must_use]
    pub fn new(environment: &Environment) -> Self {
        Self {
            _environment: environment.clone(),
        }
    }

    /// Sends one request and waits for the reply or for its time limit. Follows no redirect, reads
    /// at most [`crate::exchange::BODY_LIMIT`] bytes, and says no more of a request than its host.
    /// Callable from several threads at once.
    pub fn send(&self, request: &Request) -> Exchange {
        let _ = request;
        todo!()
    }
}
