//! TTY-002: is the terminal wide enough for `claude setup-token`?

use crate::doctor::check::{Category, Check, CheckMeta, Explanation};
use crate::doctor::facts::{Area, Facts, SourceKind};
use crate::doctor::finding::{Finding, Outcome, Remedy};

/// Columns in which a token of 108 characters stays on one line.
const ENOUGH: u16 = 110;

pub const CHECK: Check = Check {
    meta: CheckMeta {
        code: "TTY-002",
        id: "terminal-width",
        title: "The terminal is wide enough for a new token",
        category: Category::Tty,
        needs: &[],
        facts: &[Area::Terminal, Area::Credentials],
    },
    explanation: Explanation {
        meaning: "`claude setup-token` prints its token broken at the right edge of the terminal, with a real line break in it. Below 110 columns a copied token has two lines, and many programs keep only the first.",
        detection: "It speaks only where a token has to be made again: one that is stored here cannot be used or ends within 30 days. Then the width of the terminal is looked at. It informs only.",
        mending: "Widen the terminal before you make the token, or paste both lines into `keywright onboard`, which joins them.",
        false_positives: "A token that is made in another terminal than this one.",
    },
    run,
};

fn run(facts: &Facts) -> Outcome {
    let Some(width) = facts.terminal.width else {
        return not_applicable("no terminal has a width here");
    };
    if !renewal(facts) {
        return not_applicable("no token has to be made");
    }
    if width >= ENOUGH {
        return Outcome::Pass;
    }
    Outcome::Info(
        Finding::new(
            "terminal",
            "The terminal would break a new token into two lines.",
        )
        .detail(format!(
            "It has {width} columns; a token stays whole from {ENOUGH} on. Widen it first, or paste both lines: they are joined."
        ))
        .impact("Who copies the first line alone has a token that is refused.")
        .seen("terminal", format!("{width} columns"))
        .remedy(
            Remedy::manual("Widen the terminal, or paste both lines; they are joined")
                .command("keywright onboard --flow setup-token")
                .verify(&["TTY-002"]),
        ),
    )
}

fn not_applicable(why: &str) -> Outcome {
    Outcome::NotApplicable {
        why: why.to_owned(),
    }
}

/// A token is here and has to be made again.
fn renewal(facts: &Facts) -> bool {
    const MONTH: i64 = 30 * 24 * 60 * 60 * 1000;
    let soon = facts.now.as_millisecond() + MONTH;
    facts.credentials.sources.iter().any(|source| {
        let cut = source
            .value
            .as_ref()
            .is_some_and(|value| value.length < super::token_shape::LENGTH);
        let ends = source.expires.is_some_and(|end| end <= soon);
        source.kind == SourceKind::Token
            && (ends || (cut && source.place.name() != crate::variables::ANTHROPIC_AUTH_TOKEN))
    })
}
