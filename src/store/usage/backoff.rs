//! How long a profile rests after a failure. The figures are OpenClaw's.

use serde_json::{Map, Value};

use super::{COOLDOWN, DISABLED, time};

pub const COUNT: &str = "errorCount";
pub const LAST: &str = "lastFailureAt";

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// Failures further apart have nothing to do with each other.
const WINDOW: i64 = DAY;

/// Why a profile was turned away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Too many requests; with the seconds that the server asked to wait.
    RateLimit { retry_after: Option<u64> },
    /// No credit.
    Billing,
    /// Refused.
    Auth,
    /// The server or the network failed.
    Transient,
}

impl Failure {
    const fn id(self) -> &'static str {
        match self {
            Self::RateLimit { .. } => "rate_limit",
            Self::Billing => "billing",
            Self::Auth => "auth",
            Self::Transient => "transient",
        }
    }

    /// Milliseconds to rest after `before` failures in a row.
    fn rest(self, before: u32) -> i64 {
        let doubled = |base: i64, cap: i64| {
            let factor = 1_i64.checked_shl(before.min(32)).unwrap_or(i64::MAX);
            base.saturating_mul(factor).min(cap)
        };
        match self {
            Self::RateLimit { retry_after } => {
                let asked = i64::try_from(retry_after.unwrap_or(0)).unwrap_or(i64::MAX);
                let asked = asked.saturating_mul(SECOND).min(DAY);
                doubled(30 * SECOND, DAY).max(asked)
            }
            Self::Billing => doubled(10 * MINUTE, DAY),
            Self::Auth => doubled(10 * MINUTE, HOUR),
            Self::Transient => [30 * SECOND, MINUTE, 5 * MINUTE][before.min(2) as usize],
        }
    }
}

/// Notes a failure at `now`, and the pause that it gives.
pub fn fail(record: &mut Map<String, Value>, failure: Failure, now: i64) {
    let recent = time(record, LAST).is_some_and(|last| now.saturating_sub(last) < WINDOW);
    let before = record.get(COUNT).and_then(Value::as_u64).filter(|_| recent);
    let before = u32::try_from(before.unwrap_or(0)).unwrap_or(u32::MAX);
    let [until, reason] = match failure {
        Failure::RateLimit { .. } | Failure::Transient => COOLDOWN,
        Failure::Billing | Failure::Auth => DISABLED,
    };
    let end = now.saturating_add(failure.rest(before));
    record.insert(COUNT.to_owned(), before.saturating_add(1).into());
    record.insert(LAST.to_owned(), now.into());
    record.insert(until.to_owned(), end.into());
    record.insert(reason.to_owned(), failure.id().into());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rests_grow() {
        let check = |failure: Failure, seconds: &[i64]| {
            let found: Vec<i64> = (0..)
                .zip(seconds)
                .map(|(before, _)| failure.rest(before) / SECOND)
                .collect();
            assert_eq!(found, seconds, "{failure:?}");
        };
        let limited = |retry_after| Failure::RateLimit { retry_after };
        check(limited(None), &[30, 60, 120, 240]);
        check(limited(Some(90)), &[90, 90, 120]);
        check(limited(Some(u64::MAX)), &[86_400]);
        check(Failure::Transient, &[30, 60, 300, 300, 300]);
        check(Failure::Billing, &[600, 1200, 2400]);
        check(Failure::Auth, &[600, 1200, 2400, 3600, 3600]);
        for failure in [limited(None), Failure::Billing] {
            assert_eq!(failure.rest(u32::MAX), DAY, "{failure:?}");
        }
    }

    #[test]
    fn a_failure_of_another_day_does_not_count() {
        let mut record = Map::new();
        let mut rest = |now: i64| {
            fail(&mut record, Failure::Billing, now);
            (time(&record, DISABLED[0]).expect("a pause") - now) / MINUTE
        };
        let rests = [rest(DAY), rest(DAY + HOUR), rest(3 * DAY)];
        assert_eq!(rests, [10, 20, 10]);
    }
}
