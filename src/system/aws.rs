//! The AWS SDK's own way to credentials: profiles, single sign-on, roles, containers and the
//! machine's metadata. The only user of `aws-config`.
//!
//! It reads the environment of this process and nothing else, which is why it runs in a process of
//! its own: see [`crate::probe::aws_credentials`]. Its requests go through [`super::http`], so that
//! proxies and certificates are those of every other request.

use std::future::poll_fn;
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::{BehaviorVersion, Region};
use aws_credential_types::provider::ProvideCredentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::error::display::DisplayErrorContext;
use jiff::Timestamp;
use url::Url;

use crate::exchange::{Exchange, HeaderValue, Method, NetworkFailure, Reply, Request};
use crate::secret::Secret;
use crate::system::files::Files;
use crate::system::http::Http;

/// For one request of the chain, where the SDK sets no limit of its own.
const REQUEST_LIMIT: Duration = Duration::from_secs(10);
/// Several times what the SDK takes; pages may be larger than they are counted, which is no harm.
const MEMORY_LIMIT: u64 = 256 * 1024 * 1024;

/// Credentials that the chain gave.
#[derive(Debug)]
pub struct Resolved {
    pub id: String,
    pub secret: Secret,
    pub session: Option<Secret>,
    pub expires: Option<Timestamp>,
}

/// Why it gave none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Nothing had any.
    Nothing,
    /// The files ask for something impossible.
    Configuration,
    /// A program, a sign-in or a service behind them failed.
    Provider,
    TimedOut,
    /// A program printed without end.
    Flooded,
}

/// Resolves `profile`, or the default chain.
///
/// # Errors
/// The class of the failure, and the SDK's own words: they may hold what a program printed.
pub fn resolve(
    http: Arc<Http>,
    profile: Option<&str>,
    region: &str,
) -> Result<Resolved, (Failure, String)> {
    let other = |error: std::io::Error| (Failure::Provider, error.to_string());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(other)?;
    let client = Client {
        http,
        limit: REQUEST_LIMIT,
    };
    let region = Region::new(region.to_owned());
    runtime.block_on(bounded(async {
        let Some(profile) = profile else {
            let loader = aws_config::defaults(BehaviorVersion::latest());
            let config = loader.http_client(client).region(region).load().await;
            return match config.credentials_provider() {
                Some(provider) => provided(&provider).await,
                None => Err((Failure::Nothing, String::new())),
            };
        };
        // The default chain would take keys of the environment before the profile, and the role of
        // the machine after it.
        let settings = ProviderConfig::without_region()
            .with_behavior_version(Some(BehaviorVersion::latest()))
            .with_http_client(client)
            .with_region(Some(region));
        let provider = ProfileFileCredentialsProvider::builder()
            .configure(&settings)
            .profile_name(profile)
            .build();
        provided(&provider).await
    }))
}

/// The SDK keeps whatever a program prints, so its work ends when this process has grown large.
async fn bounded(
    work: impl Future<Output = Result<Resolved, (Failure, String)>>,
) -> Result<Resolved, (Failure, String)> {
    let mut work = pin!(work);
    poll_fn(|context| {
        let ready = work.as_mut().poll(context);
        if ready.is_pending() && memory().is_some_and(|bytes| bytes > MEMORY_LIMIT) {
            return Poll::Ready(Err((Failure::Flooded, String::new())));
        }
        ready
    })
    .await
}

/// Bytes of this process that are in memory, where the system tells.
fn memory() -> Option<u64> {
    const PAGE: u64 = 4096;
    let text = Files.read_text(Path::new("/proc/self/statm"), 256).ok()??;
    let pages: u64 = text.split(' ').nth(1)?.parse().ok()?;
    Some(pages * PAGE)
}

async fn provided(provider: &impl ProvideCredentials) -> Result<Resolved, (Failure, String)> {
    let found = provider.provide_credentials().await;
    let found = found.map_err(|error| failed(&error))?;
    Ok(Resolved {
        id: found.access_key_id().to_owned(),
        secret: Secret::new(found.secret_access_key()),
        session: found.session_token().map(Secret::new),
        expires: found
            .expiry()
            .and_then(|time| Timestamp::try_from(time).ok()),
    })
}

fn failed(error: &CredentialsError) -> (Failure, String) {
    let class = match error {
        CredentialsError::CredentialsNotLoaded(_) => Failure::Nothing,
        CredentialsError::InvalidConfiguration(_) => Failure::Configuration,
        CredentialsError::ProviderTimedOut(_) => Failure::TimedOut,
        _ => Failure::Provider,
    };
    (class, DisplayErrorContext(error).to_string())
}

/// Our client as the SDK wants it.
#[derive(Clone)]
struct Client {
    http: Arc<Http>,
    limit: Duration,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Client")
    }
}

impl HttpClient for Client {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        // Two seconds for a machine's metadata, which are not there on a machine of one's own.
        let limit = settings
            .read_timeout()
            .map(|read| read + settings.connect_timeout().unwrap_or_default());
        SharedHttpConnector::new(Self {
            http: Arc::clone(&self.http),
            limit: limit.map_or(REQUEST_LIMIT, |limit| limit.min(REQUEST_LIMIT)),
        })
    }
}

impl HttpConnector for Client {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let http = Arc::clone(&self.http);
        let limit = self.limit;
        HttpConnectorFuture::new(async move {
            let request = ours(&request, limit)?;
            let (tell, told) = tokio::sync::oneshot::channel();
            // Our call waits, and must not wait on the thread that runs the SDK.
            std::thread::spawn(move || {
                let _ = tell.send(http.send(&request));
            });
            let exchange: Exchange = told
                .await
                .map_err(|error| ConnectorError::other(error.into(), None))?;
            match exchange {
                Ok(reply) => theirs(reply),
                Err(failed) if failed.failure == NetworkFailure::Timeout => {
                    Err(ConnectorError::timeout(failed.detail.into()))
                }
                Err(failed) => Err(ConnectorError::io(failed.detail.into())),
            }
        })
    }
}

fn ours(request: &HttpRequest, timeout: Duration) -> Result<Request, ConnectorError> {
    let wrong = |what: &str| ConnectorError::user(what.to_owned().into());
    let method = match request.method() {
        "GET" => Method::Get,
        "POST" => Method::Post,
        "PUT" => Method::Put,
        _ => return Err(wrong("a method that is not sent")),
    };
    let url = Url::parse(request.uri()).map_err(|_| wrong("an address that is none"))?;
    let body = request.body().bytes().unwrap_or_default();
    let body = std::str::from_utf8(body).map_err(|_| wrong("a body that is no text"))?;
    let headers = request.headers().iter();
    let headers = headers.map(|(name, value)| {
        // Tokens of sessions travel in headers: all of them are treated as such.
        (
            name.to_owned().into(),
            HeaderValue::Secret(Secret::new(value)),
        )
    });
    Ok(Request {
        method,
        url,
        headers: headers.collect(),
        body: (!body.is_empty()).then(|| body.to_owned()),
        timeout,
    })
}

fn theirs(reply: Reply) -> Result<HttpResponse, ConnectorError> {
    let status = StatusCode::try_from(reply.status)
        .map_err(|error| ConnectorError::other(error.into(), None))?;
    let mut response = HttpResponse::new(status, SdkBody::from(reply.body));
    for (name, value) in reply.headers {
        response.headers_mut().append(name, value);
    }
    Ok(response)
}
