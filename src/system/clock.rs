//! The time of day. `KEYWRIGHT_NOW` fixes it, so that output can be reproduced.

use jiff::Timestamp;

/// Wall-clock time.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    fixed: Option<Timestamp>,
}

impl Clock {
    /// A clock that stands still at `fixed` (RFC 3339), or the real one. A value that is no time
    /// is ignored here; the command line reports it.
    #[must_use]
    pub fn new(fixed: Option<&str>) -> Self {
        Self {
            fixed: fixed.and_then(|text| text.parse().ok()),
        }
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
