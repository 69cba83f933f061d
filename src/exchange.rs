//! One HTTP exchange as data: what a provider wants to send, and what came of it. Providers build
//! and read these without any IO; only `system::http` turns them into traffic.

use std::borrow::Cow;
use std::time::Duration;

use url::{Host, Url};

use crate::secret::Secret;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Get,
    Post,
    Put,
}

/// The value of a request header.
#[derive(Clone, Debug)]
pub enum HeaderValue {
    Plain(String),
    /// Marked sensitive on the wire library too, so that no log of its own shows it.
    Secret(Secret),
    /// `Bearer <secret>`.
    Bearer(Secret),
}

/// A request to send. Redirects are never followed, whatever it says.
#[derive(Clone, Debug)]
pub struct Request {
    pub method: Method,
    /// Absolute `http` or `https` URL. Holds no secret.
    pub url: Url,
    pub headers: Vec<(Cow<'static, str>, HeaderValue)>,
    pub body: Option<String>,
    /// The whole exchange, name look-up and body included.
    pub timeout: Duration,
}

/// Bytes of a reply body that are read at most; a longer one is cut and marked.
pub const BODY_LIMIT: usize = 1024 * 1024;

/// What a server answered.
#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    /// Names in lower case, in the order received.
    pub headers: Vec<(String, String)>,
    /// At most [`BODY_LIMIT`] bytes.
    pub body: Vec<u8>,
    /// The body was longer than [`BODY_LIMIT`].
    pub oversized: bool,
    pub elapsed: Duration,
}

impl Reply {
    /// The first header of that (lower-case) name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Why there was no reply. Each class has its own words and remedy in `provider::network`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NetworkFailure {
    /// The name does not resolve.
    Dns,
    /// Nothing listens there, or a firewall rejects.
    Refused,
    /// No route to the host or network.
    NoRoute,
    /// No answer within the time limit.
    Timeout,
    /// The connection broke off.
    Reset,
    TlsUnknownIssuer,
    TlsExpired,
    TlsNotYetValid,
    TlsWrongName,
    /// Any other failure of the handshake.
    TlsOther,
    /// No certificate authority could be loaded on this machine.
    NoCaStore,
    ProxyUnreachable,
    /// The proxy asks for a password (407).
    ProxyAuthentication,
    /// The proxy refused the tunnel with another status.
    ProxyRefused,
    /// A proxy variable is set to something that is no proxy URL.
    ProxyMalformed,
    /// The bytes that came back are not HTTP.
    NotHttp,
    Other,
}

/// An exchange that got no reply.
#[derive(Clone, Debug)]
pub struct Failed {
    pub failure: NetworkFailure,
    /// `host:port` that could not be reached; the proxy's when the proxy is to blame.
    pub peer: String,
    /// The variable that names the proxy in use or is malformed, such as `HTTPS_PROXY`.
    pub variable: Option<&'static str>,
    /// The library's own words, without URL userinfo and without secrets.
    pub detail: String,
    pub elapsed: Duration,
}

/// What came of a request.
pub type Exchange = Result<Reply, Failed>;

/// `host` or `host:port` of a URL.
#[must_use]
pub fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port()
        .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// Whether the URL's host is this machine.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => {
            address.is_loopback() || address.to_ipv4_mapped().is_some_and(|v4| v4.is_loopback())
        }
        None => false,
    }
}
