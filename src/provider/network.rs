//! Network failures as verdicts: the same for every provider. And the clock: a wrong one looks
//! like an expired certificate.

use std::time::Duration;

use jiff::Timestamp;

use crate::exchange::{Failed, NetworkFailure};
use crate::provider::{Reason, Verdict};

/// A difference between two clocks that is worth a word: certificates and signatures allow no more.
pub const SKEW_LIMIT: Duration = Duration::from_mins(5);
/// No machine that runs this program can rightly be at an earlier time: 2026-01-01T00:00:00Z.
const EARLIEST: Timestamp = Timestamp::constant(1_767_225_600, 0);

/// The verdict of an exchange with `host` that got no reply.
#[must_use]
pub fn verdict(host: &str, failed: &Failed) -> Verdict {
    let mut verdict = Verdict::of(reason(failed.failure), host);
    verdict.elapsed = failed.elapsed;
    verdict.variable = failed.variable.map(str::to_owned);
    let detail = if failed.peer.is_empty() || failed.peer == host {
        failed.detail.clone()
    } else {
        format!("{}: {}", failed.peer, failed.detail)
    };
    verdict.message = Some(cut(&detail)).filter(|text| !text.is_empty());
    verdict
}

/// Which reason a failure is.
#[must_use]
pub const fn reason(failure: NetworkFailure) -> Reason {
    match failure {
        NetworkFailure::Dns => Reason::Dns,
        NetworkFailure::Refused => Reason::ConnectionRefused,
        NetworkFailure::NoRoute => Reason::NoRoute,
        NetworkFailure::Timeout => Reason::TimedOut,
        NetworkFailure::Reset => Reason::ConnectionReset,
        NetworkFailure::TlsUnknownIssuer => Reason::TlsUnknownIssuer,
        NetworkFailure::TlsExpired => Reason::TlsExpired,
        NetworkFailure::TlsNotYetValid => Reason::TlsNotYetValid,
        NetworkFailure::TlsWrongName => Reason::TlsWrongName,
        NetworkFailure::TlsOther => Reason::TlsOther,
        NetworkFailure::NoCaStore => Reason::NoCaStore,
        NetworkFailure::ProxyUnreachable => Reason::ProxyUnreachable,
        NetworkFailure::ProxyAuthentication => Reason::ProxyAuthentication,
        NetworkFailure::ProxyRefused => Reason::ProxyRefused,
        NetworkFailure::ProxyMalformed => Reason::ProxyMalformed,
        NetworkFailure::NotHttp => Reason::MalformedReply,
        NetworkFailure::Other => Reason::NetworkOther,
    }
}

/// At most 300 characters.
pub fn cut(text: &str) -> String {
    const LIMIT: usize = 300;
    let text = text.trim();
    if text.chars().count() <= LIMIT {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(LIMIT - 1).collect();
    short.push('…');
    short
}

/// How far a local clock is off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skew {
    /// It is ahead of the server's by this many seconds.
    Ahead(u64),
    /// It is behind the server's by this many seconds.
    Behind(u64),
    /// It shows a time before this program existed.
    BeforeThisProgram,
}

impl Skew {
    /// "3 hours behind", "12 minutes ahead".
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Ahead(seconds) => format!("{} ahead", span(*seconds)),
            Self::Behind(seconds) => format!("{} behind", span(*seconds)),
            Self::BeforeThisProgram => "years behind".to_owned(),
        }
    }
}

fn span(seconds: u64) -> String {
    let (count, unit) = match seconds {
        0..=7199 => (seconds / 60, "minutes"),
        7200..=172_799 => (seconds / 3600, "hours"),
        _ => (seconds / 86400, "days"),
    };
    format!("{count} {unit}")
}

/// Compares the clock of this machine with a server's `Date`, where one is known; `None` when it
/// is right, as far as that can be told.
#[must_use]
pub fn clock_skew(local: Timestamp, server: Option<Timestamp>) -> Option<Skew> {
    let Some(server) = server else {
        return (local < EARLIEST).then_some(Skew::BeforeThisProgram);
    };
    let difference = local.as_second() - server.as_second();
    let seconds = difference.unsigned_abs();
    if seconds <= SKEW_LIMIT.as_secs() {
        return None;
    }
    Some(if difference > 0 {
        Skew::Ahead(seconds)
    } else {
        Skew::Behind(seconds)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn skews() {
        let check = |local: &str, server: Option<&str>, expected: Option<&str>| {
            let time = |text: &str| text.parse::<Timestamp>().expect("a time");
            let found = clock_skew(time(local), server.map(time));
            assert_eq!(
                found.map(|skew| skew.words()).as_deref(),
                expected,
                "{local}"
            );
        };
        let noon = "2026-11-20T12:00:00Z";
        check(noon, Some(noon), None);
        check(noon, None, None);
        check("2026-11-20T12:05:00Z", Some(noon), None);
        check("2026-11-20T11:55:00Z", Some(noon), None);
        check("2026-11-20T12:12:00Z", Some(noon), Some("12 minutes ahead"));
        check("2026-11-20T09:00:00Z", Some(noon), Some("3 hours behind"));
        check("2035-11-20T12:00:00Z", Some(noon), Some("3287 days ahead"));
        check("1970-01-01T00:00:10Z", None, Some("years behind"));
        check("2025-12-31T23:59:59Z", None, Some("years behind"));
        check("2026-01-01T00:00:00Z", None, None);
    }

    #[test]
    fn the_peer_is_named_where_it_is_another_than_the_host() {
        let failed = |peer: &str| Failed {
            failure: NetworkFailure::ProxyUnreachable,
            peer: peer.to_owned(),
            variable: Some("HTTPS_PROXY"),
            detail: "connection refused".to_owned(),
            elapsed: Duration::from_millis(3),
        };
        let found = verdict("api.anthropic.com", &failed("127.0.0.1:3128"));
        assert_eq!(found.reason, Reason::ProxyUnreachable);
        assert_eq!(
            found.message.as_deref(),
            Some("127.0.0.1:3128: connection refused")
        );
        assert_eq!(found.variable.as_deref(), Some("HTTPS_PROXY"));
        let found = verdict("h:1", &failed("h:1"));
        assert_eq!(found.message.as_deref(), Some("connection refused"));
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        assert_eq!(cut(&"ü".repeat(300)), "ü".repeat(300));
        assert_eq!(cut(&"ü".repeat(301)), format!("{}…", "ü".repeat(299)));
    }
}
