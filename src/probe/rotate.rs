//! The next key when one is turned away for asking too often, and only then: a key that is refused
//! or has no credit is told about, and no other key hides it. What a person chose by name is tried
//! by itself and never comes here.

use crate::provider::{Outcome, Reason, Verdict};

/// What came of trying keys.
#[derive(Clone, Debug)]
pub struct Rotated {
    /// The place of the key that gave the verdict.
    pub place: usize,
    /// The last one.
    pub verdict: Verdict,
    /// The verdicts of the keys before it, each of them a rate limit.
    pub limited: Vec<Verdict>,
}

/// Tries `keys` one after the other, until one is not limited; `None` where there is no key. When
/// all are limited, the last verdict is the one that is given.
///
/// ```
/// use keywright::probe::rotate::rotate;
/// use keywright::provider::{Reason, Verdict};
///
/// let keys = ["first", "second", "third"];
/// let mut asked = Vec::new();
/// let rotated = rotate(&keys, |key| {
///     asked.push(*key);
///     let limited = *key == "first";
///     let reason = if limited { Reason::RateLimited } else { Reason::Works };
///     Verdict::of(reason, "api.example")
/// });
/// let rotated = rotated.expect("there are keys");
/// assert_eq!((rotated.place, rotated.limited.len()), (1, 1));
/// assert_eq!(rotated.verdict.reason, Reason::Works);
/// assert_eq!(asked, ["first", "second"]);
/// ```
///
/// With the store, in its order, and so that what was limited rests:
///
/// ```no_run
/// use keywright::probe::{self, Probe, rotate::rotate};
/// use keywright::provider::anthropic::{PROVIDER, endpoint::Endpoint};
/// use keywright::provider::{Level, Reason, Verdict};
/// use keywright::store::select::{Origin, select};
/// use keywright::store::usage::{self, Outcome};
/// use keywright::store::{Home, Name, sources::Sources};
/// use keywright::System;
///
/// let system = System::real();
/// let home = Home::locate(None, &system.environment)?;
/// let agent = Name::main();
/// let sources = Sources::read(&system, &home, &agent)?;
/// let now = system.clock.now().as_millisecond();
/// let selection = select(&sources, PROVIDER.id, None, now)?;
/// let mut outcomes = Vec::new();
/// let rotated = rotate(&selection.rotation(), |candidate| {
///     let Some(key) = candidate.secret.clone() else {
///         return Verdict::of(Reason::Unclassified, "");
///     };
///     let verdict = probe::run(&system, &Probe {
///         provider: &PROVIDER,
///         endpoint: Endpoint::anthropic(),
///         key,
///         level: Level::Credential,
///         timeout: probe::TIMEOUT,
///     });
///     if let (Origin::Profile { id, .. }, Some(outcome)) = (&candidate.origin, Outcome::of(&verdict)) {
///         outcomes.push((id.clone(), outcome));
///     }
///     verdict
/// });
/// usage::note_outcomes(&system, &home, &agent, &outcomes)?;
/// # Ok::<(), keywright::Error>(())
/// ```
#[must_use]
pub fn rotate<K>(keys: &[K], mut attempt: impl FnMut(&K) -> Verdict) -> Option<Rotated> {
    let mut limited = Vec::new();
    for (place, key) in keys.iter().enumerate() {
        let verdict = attempt(key);
        if place + 1 < keys.len() && is_rate_limit(&verdict) {
            limited.push(verdict);
            continue;
        }
        return Some(Rotated {
            place,
            verdict,
            limited,
        });
    }
    None
}

/// Words of a limit that comes with another status than 429.
const WORDS: &[&str] = &[
    "rate_limit",
    "rate limit",
    "quota",
    "resource exhausted",
    "resource_exhausted",
    "too many requests",
];

/// The key is turned away for asking too often: 429, or the words for it. Another key may do.
#[must_use]
pub fn is_rate_limit(verdict: &Verdict) -> bool {
    match verdict.reason {
        Reason::RateLimited | Reason::MonthlyLimit | Reason::AwsThrottled | Reason::AwsQuota => {
            true
        }
        // A refusal in the disguise of a limit is none.
        _ if verdict.outcome() == Outcome::Refused || verdict.outcome() == Outcome::Works => false,
        _ if verdict.http_status == Some(429) => true,
        _ => verdict.message.as_ref().is_some_and(|message| {
            let message = message.to_ascii_lowercase();
            WORDS.iter().any(|word| message.contains(word))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(reason: Reason, status: u16, message: &str) -> Verdict {
        let mut verdict = Verdict::of(reason, "h");
        verdict.http_status = Some(status);
        verdict.message = Some(message.to_owned());
        verdict
    }

    #[test]
    fn limits() {
        let check = |reason, status, message, expected| {
            let verdict = verdict(reason, status, message);
            assert_eq!(is_rate_limit(&verdict), expected, "{verdict:?}");
        };
        check(Reason::RateLimited, 429, "", true);
        check(Reason::MonthlyLimit, 429, "", true);
        check(
            Reason::Billing,
            429,
            "You exceeded your current quota",
            true,
        );
        check(Reason::Unclassified, 400, "RESOURCE_EXHAUSTED", true);
        check(Reason::ServerError, 503, "rate_limit_error", true);
        check(Reason::AwsThrottled, 400, "", true);
        check(Reason::DisguisedRefusal, 429, "Error", false);
        check(
            Reason::CreditTooLow,
            400,
            "credit balance is too low",
            false,
        );
        check(Reason::InvalidKey, 401, "your quota of keys", false);
        check(Reason::Overloaded, 529, "overloaded", false);
        check(Reason::Works, 200, "", false);
        check(Reason::TimedOut, 0, "", false);
    }

    #[test]
    fn the_next_key_only_on_a_limit() {
        let check = |reasons: &[Reason], expected: Option<(usize, Reason)>| {
            let rotated = rotate(reasons, |reason| Verdict::of(*reason, "h"));
            let found = rotated.map(|r| (r.place, r.verdict.reason));
            assert_eq!(found, expected, "{reasons:?}");
        };
        use Reason::{InvalidKey, MonthlyLimit, RateLimited, TimedOut, Works};
        check(&[], None);
        check(&[Works, Works], Some((0, Works)));
        check(&[RateLimited, Works], Some((1, Works)));
        check(&[InvalidKey, Works], Some((0, InvalidKey)));
        check(&[TimedOut, Works], Some((0, TimedOut)));
        check(&[RateLimited, InvalidKey, Works], Some((1, InvalidKey)));
        check(&[RateLimited, MonthlyLimit], Some((1, MonthlyLimit)));
    }
}
