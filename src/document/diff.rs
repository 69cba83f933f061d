//! A diff of keys rather than of lines, so that a secret in a document is never shown.

use serde::Serialize;

use crate::secret::Secret;

/// One line of the diff.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Line {
    pub sign: Sign,
    /// The key, with dots between its parts.
    pub key: String,
    /// Values as they may be shown: secrets as mask and fingerprint.
    pub before: Option<String>,
    pub after: Option<String>,
}

/// What becomes of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum Sign {
    Added,
    Changed,
    Removed,
}

/// A secret as a plan shows it.
#[must_use]
pub fn shown(secret: &Secret) -> String {
    format!("{} (fingerprint {})", secret.mask(), secret.fingerprint())
}

/// The line for a key whose value goes from `before` to `after`; none where they are equal.
pub fn line(key: impl Into<String>, before: Option<String>, after: Option<String>) -> Option<Line> {
    let sign = match (&before, &after) {
        (None, None) => return None,
        (None, Some(_)) => Sign::Added,
        (Some(_), None) => Sign::Removed,
        (Some(before), Some(after)) if before == after => return None,
        (Some(_), Some(_)) => Sign::Changed,
    };
    Some(Line {
        sign,
        key: key.into(),
        before,
        after,
    })
}
