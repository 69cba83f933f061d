//! Did it help? The same checks, on a new picture of the machine.

use serde::Serialize;

use super::super::report::{Report, Status};
use super::Fix;

/// What became of one code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Verified {
    pub code: String,
    pub before: Option<Status>,
    pub after: Option<Status>,
    /// It was looked at, and is no failure and no warning any more; what only informed is gone.
    pub cleared: bool,
}

/// The codes that the fixes were to clear, in their order.
#[must_use]
pub fn verify(fixes: &[Fix], before: &Report, after: &Report) -> Vec<Verified> {
    let status = |report: &Report, code: &str| {
        let mut checks = report.checks.iter();
        checks.find(|entry| entry.code == code).map(|e| e.status)
    };
    let mut verified: Vec<Verified> = Vec::new();
    for fix in fixes {
        let own = fix.code.to_owned();
        for code in std::iter::once(&own).chain(&fix.verify) {
            if verified.iter().any(|known| known.code == *code) {
                continue;
            }
            let now = status(after, code);
            let was = status(before, code);
            let cleared = match now {
                Some(Status::Pass | Status::NotApplicable | Status::Suppressed) => true,
                Some(Status::Info) => was != Some(Status::Info),
                _ => false,
            };
            verified.push(Verified {
                code: code.clone(),
                before: was,
                after: now,
                cleared,
            });
        }
    }
    verified
}
