//! HTTP. The only user of reqwest, rustls and of an async runtime. Nothing of these is built
//! before the first request.
//!
//! Redirects are never followed, bodies are cut, replies are not decompressed, and the proxy is
//! chosen by [`crate::system::proxy`] from the environment that this value was made with.

mod failure;
mod resolve;

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use reqwest::header::{HeaderMap, HeaderName, HeaderValue as WireValue};

use crate::exchange::{
    BODY_LIMIT, Exchange, Failed, HeaderValue, Method, NetworkFailure, Reply, Request, host_of,
};
use crate::secret::Secret;
use crate::system::Environment;
use crate::system::proxy::{self, Route};
use crate::variables;

/// A connection that is not there after this time will not come.
const CONNECT_LIMIT: Duration = Duration::from_secs(5);

/// Sends requests. Cheap until used; may be shared by threads.
pub struct Http {
    environment: Environment,
    /// For http://: needs no certificate authorities, so it works where none are installed, and is
    /// built in a fraction of the time.
    plain: OnceLock<Result<reqwest::Client, Unusable>>,
    encrypted: OnceLock<Result<reqwest::Client, Unusable>>,
}

/// Why no client could be built.
#[derive(Clone, Debug)]
struct Unusable {
    failure: NetworkFailure,
    detail: String,
}

impl Http {
    /// Remembers the proxy settings of `environment`.
    #[must_use]
    pub fn new(environment: &Environment) -> Self {
        Self {
            environment: environment.clone(),
            plain: OnceLock::new(),
            encrypted: OnceLock::new(),
        }
    }

    /// Sends one request and waits for the reply or for its time limit. Follows no redirect, reads
    /// at most [`BODY_LIMIT`] bytes, and says no more of a request than its host. Callable from
    /// several threads at once.
    pub fn send(&self, request: &Request) -> Exchange {
        let start = Instant::now();
        let route = proxy::proxy_for(&self.environment, &request.url);
        let blame = Blame::of(&route, &request.url);
        if let Route::Malformed { .. } = route {
            return Err(blame.failed(
                NetworkFailure::ProxyMalformed,
                "the value is no proxy address".to_owned(),
                start,
            ));
        }
        let client = match self.client(request.url.scheme(), &route) {
            Ok(client) => client,
            Err(unusable) => {
                return Err(blame.failed(unusable.failure, unusable.detail.clone(), start));
            }
        };
        let outcome = run(client, request);
        let elapsed = start.elapsed();
        match outcome {
            // A proxy for unencrypted requests answers in place of the server.
            Ok(reply) if reply.status == 407 && blame.proxied => Err(blame.failed(
                NetworkFailure::ProxyAuthentication,
                "407 Proxy Authentication Required".to_owned(),
                start,
            )),
            Ok(reply) => Ok(Reply { elapsed, ..reply }),
            Err(error) => {
                let (failure, detail) = failure::classify(&error, blame.proxied);
                Err(blame.failed(failure, detail, start))
            }
        }
    }
}

impl Http {
    fn client(&self, scheme: &str, route: &Route) -> Result<&reqwest::Client, &Unusable> {
        let proxy_encrypts =
            matches!(route, Route::Through(choice) if choice.url().scheme() == "https");
        let client = if scheme == "http" && !proxy_encrypts {
            self.plain
                .get_or_init(|| build(&self.environment, |b| b.tls_certs_only([])))
        } else {
            self.encrypted
                .get_or_init(|| build(&self.environment, |b| b))
        };
        client.as_ref()
    }
}

/// Whom a failure is put down to.
struct Blame {
    host: String,
    proxy: Option<String>,
    variable: Option<&'static str>,
    proxied: bool,
}

impl Blame {
    fn of(route: &Route, url: &url::Url) -> Self {
        let host = host_of(url);
        let (proxy, variable) = match route {
            Route::Direct | Route::Bypassed { .. } => (None, None),
            Route::Through(choice) => (Some(choice.host.clone()), Some(choice.variable)),
            Route::Malformed { variable } => (None, Some(*variable)),
        };
        Self {
            host,
            proxied: proxy.is_some(),
            proxy,
            variable,
        }
    }

    fn failed(&self, failure: NetworkFailure, detail: String, start: Instant) -> Failed {
        use NetworkFailure as N;
        let of_the_proxy = matches!(
            failure,
            N::ProxyUnreachable | N::ProxyAuthentication | N::ProxyRefused
        );
        let variable = if failure == N::NoCaStore {
            Some(variables::SSL_CERT_FILE)
        } else {
            self.variable
        };
        Failed {
            failure,
            peer: self
                .proxy
                .clone()
                .filter(|_| of_the_proxy)
                .unwrap_or_else(|| self.host.clone()),
            variable,
            detail,
            elapsed: start.elapsed(),
        }
    }
}

fn build(
    environment: &Environment,
    trust: fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder,
) -> Result<reqwest::Client, Unusable> {
    // A second call fails, and the provider of the first one stays: both are the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let environment = environment.clone();
    let choose = reqwest::Proxy::custom(move |url| match proxy::proxy_for(&environment, url) {
        Route::Through(choice) => Some(choice.url().clone()),
        _ => None,
    });
    let builder = reqwest::Client::builder()
        // x-api-key would go along to another host.
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .proxy(choose)
        .dns_resolver(Arc::new(resolve::Resolver))
        .connect_timeout(CONNECT_LIMIT)
        // Each request has a runtime of its own; a kept connection would belong to a dead one.
        .pool_max_idle_per_host(0);
    trust(builder).build().map_err(|error| {
        let (failure, detail) = failure::of_builder(&error);
        Unusable { failure, detail }
    })
}

/// Runs one exchange on a runtime of its own. A name look-up that hangs is left behind, not
/// waited for.
fn run(client: &reqwest::Client, request: &Request) -> Result<Reply, failure::Cause> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(failure::Cause::Io)?;
    let outcome = runtime.block_on(async {
        tokio::time::timeout(request.timeout, exchange(client, request))
            .await
            .unwrap_or(Err(failure::Cause::TimeLimit))
    });
    runtime.shutdown_background();
    outcome
}

async fn exchange(client: &reqwest::Client, request: &Request) -> Result<Reply, failure::Cause> {
    let method = match request.method {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
        Method::Put => reqwest::Method::PUT,
    };
    let mut wire = client
        .request(method, request.url.clone())
        .headers(headers(request)?);
    if let Some(body) = &request.body {
        wire = wire.body(body.clone());
    }
    let mut response = wire.send().await?;
    let status = response.status().as_u16();
    let headers = response
        .headers()
        .iter()
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (name.as_str().to_owned(), value)
        })
        .collect();
    let mut body = Vec::new();
    let mut oversized = false;
    while let Some(chunk) = response.chunk().await? {
        let room = BODY_LIMIT - body.len();
        body.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if chunk.len() > room {
            oversized = true;
            break;
        }
    }
    Ok(Reply {
        status,
        headers,
        body,
        oversized,
        elapsed: Duration::ZERO,
    })
}

fn headers(request: &Request) -> Result<HeaderMap, failure::Cause> {
    let mut map = HeaderMap::new();
    for (name, value) in &request.headers {
        let value = match value {
            HeaderValue::Plain(text) => WireValue::from_str(text).ok(),
            HeaderValue::Secret(secret) => sensitive("", secret),
            HeaderValue::Bearer(secret) => sensitive("Bearer ", secret),
        };
        let wrong = || failure::Cause::Header(name.to_string());
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| wrong())?;
        map.insert(name, value.ok_or_else(wrong)?);
    }
    Ok(map)
}

fn sensitive(scheme: &str, secret: &Secret) -> Option<WireValue> {
    let text = zeroize::Zeroizing::new(format!("{scheme}{}", secret.for_request()));
    let mut value = WireValue::from_str(&text).ok()?;
    value.set_sensitive(true);
    Some(value)
}
