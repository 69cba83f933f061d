//! Name look-up by the operating system, with an error type of its own, so that a name that does
//! not resolve is told from a host that does not answer.

use std::fmt;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Asks the operating system.
pub(super) struct Resolver;

/// The name does not resolve.
#[derive(Debug)]
pub(super) struct LookupFailed(std::io::Error);

impl fmt::Display for LookupFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl std::error::Error for LookupFailed {}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await;
            let addresses = found.map_err(LookupFailed)?;
            Ok(Box::new(addresses.collect::<Vec<_>>().into_iter()) as Addrs)
        })
    }
}
