//! Why an exchange failed: found by the types in the error's chain, since the library's own
//! message says no more than "error sending request".

use std::error::Error;
use std::io;

use rustls::{CertificateError, pki_types::UnixTime};

use super::resolve::LookupFailed;
use crate::exchange::NetworkFailure;

/// What can go wrong on the way.
#[derive(Debug)]
pub(super) enum Cause {
    Library(reqwest::Error),
    /// The request's own time limit passed.
    TimeLimit,
    /// This header's value cannot be sent.
    Header(String),
    /// No runtime.
    Io(io::Error),
}

impl From<reqwest::Error> for Cause {
    fn from(error: reqwest::Error) -> Self {
        Self::Library(error.without_url())
    }
}

/// The class of a failure, and the innermost words that explain it.
pub(super) fn classify(cause: &Cause, proxied: bool) -> (NetworkFailure, String) {
    match cause {
        Cause::Library(error) => library(error, proxied),
        Cause::TimeLimit => (NetworkFailure::Timeout, "no answer in time".to_owned()),
        Cause::Header(name) => (
            NetworkFailure::Other,
            format!("the value of the header {name} cannot be sent"),
        ),
        Cause::Io(error) => (NetworkFailure::Other, error.to_string()),
    }
}

/// The class of a failure to build the client at all.
pub(super) fn of_builder(error: &reqwest::Error) -> (NetworkFailure, String) {
    let detail = words(error);
    // The verifier has no type for it, only these words.
    if detail.contains("CA certificates") {
        (NetworkFailure::NoCaStore, detail)
    } else {
        (NetworkFailure::TlsOther, detail)
    }
}

fn library(error: &reqwest::Error, proxied: bool) -> (NetworkFailure, String) {
    let detail = words(error);
    // An I/O error that wraps another one says less than what is inside of it.
    let found = chain(error)
        .find_map(typed)
        .or_else(|| chain(error).find_map(io_kind));
    let tunnel = chain(error).find_map(|link| tunnel(&link.to_string()));
    let failure = match (found, tunnel) {
        (Some(Found::Tls(failure, Some(detail))), _) => return (failure, detail),
        (Some(Found::Tls(failure, None)), _) => failure,
        (_, Some(failure)) => failure,
        _ if proxied && error.is_connect() => NetworkFailure::ProxyUnreachable,
        _ if error.is_timeout() => NetworkFailure::Timeout,
        (Some(Found::Network(failure)), None) => failure,
        (None, None) => NetworkFailure::Other,
    };
    (failure, detail)
}

enum Found {
    Tls(NetworkFailure, Option<String>),
    Network(NetworkFailure),
}

/// What one link of the chain says by its type.
fn typed(link: &(dyn Error + 'static)) -> Option<Found> {
    if let Some(error) = link.downcast_ref::<rustls::Error>() {
        return Some(tls(error));
    }
    if link.is::<LookupFailed>() {
        return Some(Found::Network(NetworkFailure::Dns));
    }
    if let Some(error) = link.downcast_ref::<hyper::Error>() {
        return if error.is_parse() {
            Some(Found::Network(NetworkFailure::NotHttp))
        } else if error.is_incomplete_message() {
            Some(Found::Network(NetworkFailure::Reset))
        } else {
            None
        };
    }
    let bare = link
        .downcast_ref::<io::Error>()
        // An end in the middle of a body comes with an inner error that has no type of its own.
        .is_some_and(|error| {
            error.get_ref().is_none() || error.kind() == io::ErrorKind::UnexpectedEof
        });
    bare.then(|| io_kind(link)).flatten()
}

fn io_kind(link: &(dyn Error + 'static)) -> Option<Found> {
    let error = link.downcast_ref::<io::Error>()?;
    network(error.kind()).map(Found::Network)
}

fn network(kind: io::ErrorKind) -> Option<NetworkFailure> {
    use io::ErrorKind as K;
    Some(match kind {
        // A firewall on this machine answers with "not permitted".
        K::ConnectionRefused | K::PermissionDenied => NetworkFailure::Refused,
        K::HostUnreachable | K::NetworkUnreachable | K::NetworkDown | K::AddrNotAvailable => {
            NetworkFailure::NoRoute
        }
        K::ConnectionReset | K::ConnectionAborted | K::BrokenPipe | K::UnexpectedEof => {
            NetworkFailure::Reset
        }
        K::TimedOut => NetworkFailure::Timeout,
        _ => return None,
    })
}

fn tls(error: &rustls::Error) -> Found {
    use CertificateError as C;
    let rustls::Error::InvalidCertificate(certificate) = error else {
        return Found::Tls(NetworkFailure::TlsOther, None);
    };
    match certificate {
        // An authority of the same name with another key.
        C::UnknownIssuer | C::BadSignature => Found::Tls(NetworkFailure::TlsUnknownIssuer, None),
        C::NotValidForName | C::NotValidForNameContext { .. } => {
            Found::Tls(NetworkFailure::TlsWrongName, None)
        }
        C::Expired => Found::Tls(NetworkFailure::TlsExpired, None),
        C::ExpiredContext { time, not_after } => Found::Tls(
            NetworkFailure::TlsExpired,
            Some(format!(
                "the certificate was valid until {}, and this machine says it is {}",
                date(*not_after),
                date(*time)
            )),
        ),
        C::NotValidYet => Found::Tls(NetworkFailure::TlsNotYetValid, None),
        C::NotValidYetContext { time, not_before } => Found::Tls(
            NetworkFailure::TlsNotYetValid,
            Some(format!(
                "the certificate is valid from {}, and this machine says it is {}",
                date(*not_before),
                date(*time)
            )),
        ),
        _ => Found::Tls(NetworkFailure::TlsOther, None),
    }
}

fn date(time: UnixTime) -> String {
    i64::try_from(time.as_secs())
        .ok()
        .and_then(|seconds| jiff::Timestamp::from_second(seconds).ok())
        .map_or_else(|| "unknown".to_owned(), |time| time.to_string())
}

/// The tunnel's error type is private to its crate; its words are not.
fn tunnel(words: &str) -> Option<NetworkFailure> {
    let words = words.strip_prefix("tunnel error: ")?;
    Some(match words {
        "proxy authorization required" => NetworkFailure::ProxyAuthentication,
        "failed to create underlying connection" => NetworkFailure::ProxyUnreachable,
        _ => NetworkFailure::ProxyRefused,
    })
}

/// The error and its causes, outermost first. An I/O error hands out the cause of the error inside
/// of it, never that error itself, so it is opened here.
fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |link: &&'a (dyn Error + 'static)| {
        let link: &'a (dyn Error + 'static) = *link;
        link.downcast_ref::<io::Error>()
            .and_then(|error| error.get_ref())
            .map(|inner| inner as &(dyn Error + 'static))
            .or_else(|| link.source())
    })
}

/// The words of the innermost two causes, which are the ones that explain.
fn words(error: &reqwest::Error) -> String {
    let mut all: Vec<String> = Vec::new();
    for text in chain(error).map(ToString::to_string) {
        if all.last() != Some(&text) {
            all.push(text);
        }
    }
    let start = all.len().saturating_sub(2).max(usize::from(all.len() > 1));
    all[start..].join(": ")
}
