//! CRED-033: does a subscription token end soon?

use jiff::Timestamp;

use super::profile_ending;
use crate::doctor::check::{Category, Check, CheckMeta, Explanation};
use crate::doctor::facts::{Area, Facts, Source, SourceKind};
use crate::doctor::finding::{Finding, Outcome, Remedy};

const DAY: i64 = 24 * 60 * 60 * 1000;
/// Time enough to make a new one and to put it everywhere.
const WARNING: i64 = 30 * DAY;

pub const CHECK: Check = Check {
    meta: CheckMeta {
        code: "CRED-033",
        id: "token-age",
        title: "No subscription token ends within 30 days",
        category: Category::Cred,
        needs: &[],
        facts: &[Area::Credentials],
    },
    explanation: Explanation {
        meaning: "A token of `claude setup-token` lasts about a year and cannot be renewed: a new one has to be made, and put wherever the old one stands.",
        detection: "The end that is stored beside each token is compared with the clock. Where it was not told, one year after it was stored is assumed. Tokens of the environment tell nothing about their age. A token that ends within a day is STORE-004, one that has ended STORE-003.",
        mending: "Make a new token and replace the old one.",
        false_positives: "An assumed end may be wrong by as long as the token lay around before it was stored.",
    },
    run,
};

fn run(facts: &Facts) -> Outcome {
    let now = facts.now.as_millisecond();
    let ends = || {
        facts
            .credentials
            .sources
            .iter()
            .filter(|source| source.kind == SourceKind::Token)
            .filter_map(|source| Some((source, source.expires.filter(|end| *end > 0)?)))
    };
    // What ends sooner is STORE-003 or STORE-004.
    let later = |(_, end): &(&Source, i64)| end - now > profile_ending::soon(facts);
    let Some((source, end)) = ends().filter(later).min_by_key(|(_, end)| *end) else {
        if ends().next().is_some() {
            return Outcome::Pass;
        }
        return Outcome::NotApplicable {
            why: "there is no token whose end is known".to_owned(),
        };
    };
    if end - now > WARNING {
        return Outcome::Pass;
    }
    Outcome::Warn(finding(source, end, now))
}

fn finding(source: &Source, end: i64, now: i64) -> Finding {
    let name = source.place.name();
    let day = Timestamp::from_millisecond(end).map_or_else(
        |_| String::new(),
        |end| format!(" on {}", end.strftime("%Y-%m-%d")),
    );
    let assumed = if source.expires_assumed {
        " The end is assumed: one year after the token was stored."
    } else {
        ""
    };
    let words = match (end - now) / DAY {
        1 => "within 2 days".to_owned(),
        days => format!("in {days} days"),
    };
    let summary = format!("The token of {name} ends {words}.");
    Finding::new(name, summary)
        .detail(format!("It ends{day}.{assumed}"))
        .impact("A token cannot be renewed; requests fail once it has ended.")
        .seen("profile", name)
        .remedy(
            Remedy::manual("Make a new token and store it in place of the old one")
                .command("claude setup-token")
                .command(format!(
                    "keywright onboard --flow setup-token --profile-id {name} --replace"
                ))
                .verify(&["CRED-033"]),
        )
}
