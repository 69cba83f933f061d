//! What is kept of a run that was left, for the next one: answers without secrets. Pure.
//!
//! It is bound to the flow as it was, and it ends after a day.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::engine::{Opening, Source, Value};

/// Milliseconds for which a run can be gone on with.
const LASTS: i64 = 24 * 3_600_000;

/// The version of the form of the file.
const VERSION: u32 = 1;

/// A run that was left.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Resume {
    version: u32,
    /// The flow that was left.
    pub flow: String,
    /// Of the flow's text.
    digest: String,
    /// Milliseconds since 1970.
    left_at: i64,
    answers: BTreeMap<String, String>,
}

impl Resume {
    /// What is worth keeping of the answers: what a person typed or gave on the command line, and
    /// no secret. `None` where that is nothing.
    #[must_use]
    pub fn of(
        (flow, digest): (&str, String),
        answers: &[(String, Value, Source)],
        now: i64,
    ) -> Option<Self> {
        let given = answers
            .iter()
            .filter(|(_, _, source)| matches!(source, Source::Prompt | Source::Flag(_)));
        let texts = given.filter_map(|(name, value, _)| {
            let text = value.as_text()?;
            Some((name.clone(), text.to_owned()))
        });
        let answers: BTreeMap<String, String> = texts.collect();
        (!answers.is_empty()).then(|| Self {
            version: VERSION,
            flow: flow.to_owned(),
            digest,
            left_at: now,
            answers,
        })
    }

    /// How the run goes on; `None` when it is too old or the flow is another one now. The answers
    /// hold as if they had just been given, so that Back leads to them.
    #[must_use]
    pub fn opening(&self, digest: &str, now: i64) -> Option<Opening> {
        let age = now.checked_sub(self.left_at)?;
        let fresh = self.version == VERSION && self.digest == digest && (0..LASTS).contains(&age);
        fresh.then(|| Opening {
            answers: self
                .answers
                .iter()
                .map(|(name, text)| (name.clone(), Value::text(text.as_str()), Source::Prompt))
                .collect(),
            ..Opening::default()
        })
    }

    /// How many answers are kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.answers.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.answers.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    #[test]
    fn what_is_kept_and_for_how_long() {
        let answers = [
            ("name".to_owned(), Value::text("work"), Source::Prompt),
            ("model".to_owned(), Value::text("keep"), Source::Default),
            (
                "lifetime".to_owned(),
                Value::text("30d"),
                Source::Flag("--expires-in".to_owned()),
            ),
            (
                "key".to_owned(),
                Value::Secret(Secret::new("CANARY")),
                Source::Prompt,
            ),
        ];
        let left = Resume::of(("x", "d".to_owned()), &answers, 1000).expect("something");
        let text = serde_json::to_string(&left).expect("JSON");
        assert!(
            !text.contains("CANARY") && !text.contains("model"),
            "{text}"
        );
        assert_eq!(left.len(), 2);
        let check = |digest: &str, now: i64, expected: bool| {
            let opening = left.opening(digest, now);
            assert_eq!(opening.is_some(), expected, "{digest} {now}");
        };
        check("d", 1000, true);
        check("d", 1000 + LASTS - 1, true);
        check("d", 1000 + LASTS, false);
        check("d", 999, false);
        check("e", 1000, false);
        assert_eq!(Resume::of(("x", "d".to_owned()), &answers[1..2], 0), None);
    }
}
