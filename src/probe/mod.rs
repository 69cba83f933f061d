//! Runs a provider's probe through the system and returns its verdict. What only a program may try
//! goes through that program: [`claude_code`]. A list of keys goes through [`rotate`].

pub mod claude_code;

pub mod aws_credentials;
pub mod bedrock;
pub mod rotate;

use std::time::Duration;

use crate::error::Result;
use crate::exchange::{Exchange, Request};
use crate::provider::anthropic::endpoint::Endpoint;
use crate::provider::custom::Custom;
use crate::provider::{Level, Provider, Reason, Verdict};
use crate::secret::Secret;
use crate::system::System;

/// Time for one probe when nothing else was asked for.
pub const TIMEOUT: Duration = Duration::from_secs(8);

/// One credential to try. Whether it may be sent to that endpoint is decided before, by
/// [`crate::provider::anthropic::endpoint::may_send`].
#[derive(Clone, Debug)]
pub struct Probe {
    pub provider: &'static Provider,
    pub endpoint: Endpoint,
    pub key: Secret,
    pub level: Level,
    /// For the whole exchange.
    pub timeout: Duration,
}

/// Sends the request of one probe and says what came of it. Never fails: what went wrong is the
/// verdict.
#[must_use]
pub fn run(system: &System, probe: &Probe) -> Verdict {
    let host = probe.endpoint.host();
    let build = probe.provider.request;
    let request = build(&probe.endpoint, &probe.key, &probe.level, probe.timeout);
    send(system, request, &host, &probe.key, |exchange| {
        (probe.provider.classify)(&probe.level, &host, exchange)
    })
}

/// As [`run`], for a provider that the configuration describes; `None` for one without a probe.
#[must_use]
pub fn run_custom(
    system: &System,
    provider: &Custom,
    endpoint: &Endpoint,
    key: &Secret,
    timeout: Duration,
) -> Option<Verdict> {
    let host = endpoint.host();
    let request = provider.request(endpoint, key, timeout).transpose()?;
    Some(send(system, request, &host, key, |exchange| {
        provider.classify(&host, exchange)
    }))
}

fn send(
    system: &System,
    request: Result<Request>,
    host: &str,
    key: &Secret,
    classify: impl FnOnce(&Exchange) -> Verdict,
) -> Verdict {
    let request = match request {
        Ok(request) => request,
        Err(error) => {
            let mut verdict = Verdict::of(Reason::InvalidKey, host);
            verdict.message = Some(format!("{}; it was not sent", error.message()));
            return verdict;
        }
    };
    let mut verdict = classify(&system.http.send(&request));
    if let Some(message) = &verdict.message {
        verdict.message = Some(without(message, key));
    }
    verdict
}

/// The message without the key, should a server repeat it. A message is cut, and perhaps in the
/// middle of the key.
fn without(message: &str, key: &Secret) -> String {
    /// Fewer characters of a key are no secret.
    const TELLING: usize = 8;
    key.inspect(|text| {
        if text.len() < TELLING {
            return message.to_owned();
        }
        let whole = message.replace(text, REMOVED);
        let kept = whole.strip_suffix('…').unwrap_or(&whole);
        let cut = (TELLING..text.len()).rev().find(|length| {
            let start = text.get(..*length);
            start.is_some_and(|start| kept.ends_with(start))
        });
        match cut {
            Some(length) => format!("{}{REMOVED}…", &kept[..kept.len() - length]),
            None => whole,
        }
    })
}

const REMOVED: &str = "[removed]";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_removed_also_where_a_message_is_cut() {
        let key = Secret::new("sk-ant-api03-made-up");
        let check = |message: &str, expected: &str| assert_eq!(without(message, &key), expected);
        check("invalid", "invalid");
        check("bad sk-ant-api03-made-up!", "bad [removed]!");
        check("bad sk-ant-api03-ma…", "bad [removed]…");
        check("bad sk-ant-…", "bad sk-ant-…");
        check(
            "sk-ant-api03-made-up, sk-ant-api0…",
            "[removed], [removed]…",
        );
        assert_eq!(without("a short one", &Secret::new("short")), "a short one");
    }
}
