//! Where requests go, and the rule of which key may go there.

use std::fmt;

use url::Url;

use crate::error::{Error, Kind, Result};
use crate::exchange::{host_of, is_loopback};
use crate::provider::{Reason, Verdict};

/// The API's own address.
pub const DEFAULT_BASE_URL: &str = "https://api.anthropic.com";

/// A checked base URL: http or https, with a host, without user name, query or fragment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    base: Url,
}

impl Endpoint {
    /// Anthropic's own.
    #[must_use]
    #[expect(clippy::missing_panics_doc, reason = "the constant is a URL")]
    pub fn anthropic() -> Self {
        Self {
            base: Url::parse(DEFAULT_BASE_URL).expect("the constant is a URL"),
        }
    }

    /// Checks a base URL as people write it.
    ///
    /// # Errors
    /// `Config`; the message does not repeat the value, which may hold a password.
    pub fn parse(text: &str) -> Result<Self> {
        let refuse = |why: &str| {
            Err(Error::new(Kind::Config, format!("the base URL {why}"))
                .hint("A base URL looks like https://api.anthropic.com or https://gateway.example/anthropic."))
        };
        let text = text.trim();
        if text.is_empty() {
            return refuse("is empty");
        }
        let Ok(base) = Url::parse(text) else {
            return refuse("is not a web address");
        };
        if !matches!(base.scheme(), "http" | "https") {
            return refuse("does not start with https:// or http://");
        }
        if !base.username().is_empty() || base.password().is_some() {
            return refuse("holds a user name or password");
        }
        if base.query().is_some() || base.fragment().is_some() {
            return refuse("has a part after `?` or `#`");
        }
        Ok(Self { base })
    }

    /// The URL of an API path such as `/v1/models?limit=1`, below the base's own path.
    #[must_use]
    pub fn url(&self, path: &str) -> Url {
        let (path, query) = path
            .split_once('?')
            .map_or((path, None), |(p, q)| (p, Some(q)));
        let mut url = self.base.clone();
        url.set_path(&format!("{}{path}", self.base.path().trim_end_matches('/')));
        url.set_query(query);
        url
    }

    /// `host` or `host:port`, as verdicts name it.
    #[must_use]
    pub fn host(&self) -> String {
        host_of(&self.base)
    }

    #[must_use]
    pub fn is_https(&self) -> bool {
        self.base.scheme() == "https"
    }

    /// An address of this machine.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.base)
    }

    /// Anthropic's own host.
    #[must_use]
    pub fn is_own(&self) -> bool {
        self.same_host(&Self::anthropic())
    }

    /// Same host and port. The path may differ, and the scheme where each has its usual port.
    #[must_use]
    pub fn same_host(&self, other: &Self) -> bool {
        self.base.host() == other.base.host() && self.base.port() == other.base.port()
    }

    /// The base ends with `/v1`, which clients add again: `/v1/v1/messages`.
    #[must_use]
    pub fn repeats_version(&self) -> bool {
        self.base.path().trim_end_matches('/').ends_with("/v1")
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.base.as_str().trim_end_matches('/'))
    }
}

/// Where a key comes from, which decides where it may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin<'a> {
    /// From our store, saved for this base URL, or for Anthropic's own when there is none.
    Stored { base_url: Option<&'a str> },
    /// From the same environment as the base URL: whoever set one set the other.
    SameEnvironment,
    /// Typed, piped or read just now.
    Entered,
}

/// What the user allowed explicitly.
#[derive(Clone, Copy, Debug, Default)]
pub struct Allowance<'a> {
    /// `--base-url`, or the host that was confirmed in the wizard.
    pub confirmed: Option<&'a Endpoint>,
    /// `--allow-insecure-url`.
    pub insecure: bool,
}

/// Why a key stays here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The key was not saved for that host.
    ForeignHost { host: String },
    /// The way there is not encrypted.
    Insecure { host: String },
}

impl Refusal {
    /// The verdict of a probe that was not tried.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let (Self::ForeignHost { host } | Self::Insecure { host }) = self;
        let mut verdict = Verdict::of(Reason::HostNotAllowed, host.clone());
        verdict.message = Some(self.words());
        verdict.variable = Some(crate::variables::ANTHROPIC_BASE_URL.to_owned());
        verdict
    }

    /// What is refused, as a fragment.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::ForeignHost { host } => format!("the key was not saved for {host}"),
            Self::Insecure { host } => format!("the way to {host} is not encrypted (http)"),
        }
    }

    /// The flag that allows it.
    #[must_use]
    pub const fn flag(&self) -> &'static str {
        match self {
            Self::ForeignHost { .. } => "--base-url",
            Self::Insecure { .. } => "--allow-insecure-url",
        }
    }
}

/// Whether a key of this origin may be sent to `endpoint`: only to Anthropic's own host, to this
/// machine, to the host it was saved for, to one confirmed by the user, or, when both come from
/// the same environment, to the host named there; and unencrypted only on this machine.
///
/// # Errors
/// The reason why not.
pub fn may_send(
    origin: Origin<'_>,
    endpoint: &Endpoint,
    allowance: Allowance<'_>,
) -> Result<(), Refusal> {
    may_send_to(&Endpoint::anthropic(), origin, endpoint, allowance)
}

/// As [`may_send`], for a provider whose own address is `own`.
///
/// # Errors
/// As [`may_send`].
pub fn may_send_to(
    own: &Endpoint,
    origin: Origin<'_>,
    endpoint: &Endpoint,
    allowance: Allowance<'_>,
) -> Result<(), Refusal> {
    if endpoint.is_loopback() {
        return Ok(());
    }
    let host = endpoint.host();
    let meant = match origin {
        Origin::SameEnvironment => true,
        Origin::Stored {
            base_url: Some(saved),
        } => Endpoint::parse(saved).is_ok_and(|saved| saved.same_host(endpoint)),
        Origin::Stored { base_url: None } | Origin::Entered => false,
    };
    let confirmed = allowance
        .confirmed
        .is_some_and(|confirmed| confirmed.same_host(endpoint));
    if !(meant || confirmed || endpoint.same_host(own)) {
        return Err(Refusal::ForeignHost { host });
    }
    if !endpoint.is_https() && !allowance.insecure {
        return Err(Refusal::Insecure { host });
    }
    Ok(())
}

#[cfg(test)]
mod tests;
