//! Error messages as people paste them, one table per program that says them. A new message is one
//! row; `*` in it stands for a few words (see `super::pattern`).

mod anthropic;
mod aws;
mod claude_code;
mod network;
mod openclaw;
mod services;

use crate::provider::Reason;

/// A message and what it means.
#[derive(Clone, Copy, Debug)]
pub struct Message {
    /// The ways in which it is worded.
    pub patterns: &'static [&'static str],
    pub means: Means,
}

/// What a message means.
#[derive(Clone, Copy, Debug)]
pub enum Means {
    /// Exactly what a probe would have found: words, remedy and code are those of the reason.
    Reason(Reason),
    Told(Told),
}

/// An explanation in words of its own.
#[derive(Clone, Copy, Debug)]
pub struct Told {
    /// The code of the check that looks for this cause. It may belong to a check that does not
    /// exist yet; it is shown only when the registry has it.
    pub code: Option<&'static str>,
    pub meaning: &'static str,
    pub remedy: &'static str,
}

/// Every table.
pub const TABLES: &[&[Message]] = &[
    claude_code::MESSAGES,
    anthropic::MESSAGES,
    openclaw::MESSAGES,
    aws::MESSAGES,
    network::MESSAGES,
    services::MESSAGES,
];

/// A message that says what a probe would have found.
const fn reason(reason: Reason, patterns: &'static [&'static str]) -> Message {
    Message {
        patterns,
        means: Means::Reason(reason),
    }
}

/// A message whose cause the check of `code` looks for.
const fn coded(
    code: &'static str,
    patterns: &'static [&'static str],
    meaning: &'static str,
    remedy: &'static str,
) -> Message {
    let told = Told {
        code: Some(code),
        meaning,
        remedy,
    };
    Message {
        patterns,
        means: Means::Told(told),
    }
}

/// A message that no check is about.
const fn plain(
    patterns: &'static [&'static str],
    meaning: &'static str,
    remedy: &'static str,
) -> Message {
    let told = Told {
        code: None,
        meaning,
        remedy,
    };
    Message {
        patterns,
        means: Means::Told(told),
    }
}
