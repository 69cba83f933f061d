//! The time of day. `KEYWRIGHT_NOW` fixes it, so that output can be reproduced.

use jiff::Timestamp;

use crate::error::{Error, Result};
use crate::system::Environment;
use crate::variables;

/// Wall-clock time.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    fixed: Option<Timestamp>,
}

impl Clock {
    /// A clock that stands still at `fixed` (RFC 3339), or the real one. A value that is no time
    /// is ignored here: [`Clock::check`] refuses it.
    #[must_use]
    pub fn new(fixed: Option<&str>) -> Self {
        Self {
            fixed: fixed.and_then(|text| text.parse().ok()),
        }
    }

    /// Whether the variable says a time, where it says something.
    ///
    /// # Errors
    /// `Usage` for a value that is none.
    pub fn check(environment: &Environment) -> Result<()> {
        let value = environment.raw(variables::NOW).unwrap_or_default();
        let is_time = |text: &str| text.parse::<Timestamp>().is_ok();
        if value.is_empty() || value.to_str().is_some_and(is_time) {
            return Ok(());
        }
        Err(
            Error::usage(format!("{} is no time", variables::NOW)).hint(format!(
                "A time looks like 2027-01-31T12:00:00Z. Without {} the real time counts.",
                variables::NOW
            )),
        )
    }

    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the clock"
    )]
    pub fn now(&self) -> Timestamp {
        self.fixed.unwrap_or_else(Timestamp::now)
    }
}
