//! STORE-003 and STORE-004: profiles that have ended, and those that end within a day.

use jiff::Timestamp;

use crate::doctor::check::{Category, Check, CheckMeta, Explanation};
use crate::doctor::facts::{Area, Ending, Facts, Place};
use crate::doctor::finding::{Finding, Outcome, Remedy};

/// Milliseconds. `models status` begins to warn as early.
const DAY: i64 = 24 * 60 * 60 * 1000;

/// Milliseconds from now in which the end of a credential is near.
pub(super) fn soon(facts: &Facts) -> i64 {
    facts.home.warn_within.unwrap_or(DAY)
}

pub const ENDED: Check = Check {
    meta: meta("STORE-003", "profile-ended", "No profile has expired"),
    explanation: Explanation {
        meaning: "A subscription token lasts about a year and a temporary AWS credential some hours. Neither can be renewed: once it has ended, every request with it is refused.",
        detection: "The end that is stored beside each token and each AWS credential of the agent, and of those that it inherits, is compared with the clock. It is a failure where nothing else can be used in its place, else a warning. The login of Claude Code is CRED-013.",
        mending: "Replace the credential of the profile, or remove the profile.",
        false_positives: "An assumed end may be wrong by as long as the token lay around before it was stored.",
    },
    run: ended,
};

pub const ENDING: Check = Check {
    meta: meta(
        "STORE-004",
        "profile-ending",
        "No profile expires within a day",
    ),
    explanation: Explanation {
        meaning: "A credential that ends today works now and fails in the night, in whatever runs then.",
        detection: "The end that is stored beside each token and each AWS credential of the agent, and of those that it inherits, is less than 24 hours away, or than `--warn-within` says. That a token ends within 30 days is CRED-033.",
        mending: "Replace the credential of the profile before it ends.",
        false_positives: "A temporary AWS credential that something renews in time.",
    },
    run: ending,
};

const fn meta(code: &'static str, id: &'static str, title: &'static str) -> CheckMeta {
    CheckMeta {
        code,
        id,
        title,
        category: Category::Store,
        needs: &["STORE-001"],
        facts: &[Area::Home, Area::Credentials, Area::Aws],
    }
}

fn ended(facts: &Facts) -> Outcome {
    let now = facts.now.as_millisecond();
    let ended = |ending: &&Ending| ending.expires <= now;
    let mut all: Vec<&Ending> = facts.home.ending.iter().filter(ended).collect();
    // What is needed comes first.
    all.sort_by_key(|ending| !is_needed(facts, &ending.id));
    let Some(first) = all.first() else {
        return none_or_pass(facts);
    };
    let finding = finding(&all, "STORE-003", "").impact("Requests with it are refused.");
    if is_needed(facts, &first.id) {
        Outcome::Fail(finding)
    } else {
        let removed = Some(removed(&all)).filter(|remedy| !remedy.steps.is_empty());
        Outcome::Warn(removed.into_iter().fold(finding, Finding::remedy))
    }
}

/// What is not needed can go.
fn removed(all: &[&Ending]) -> Remedy {
    let own = all.iter().filter(|ending| ending.inherited_from.is_none());
    let remedy = Remedy::manual("Or remove what is not needed any more");
    own.fold(remedy, |remedy, ending| {
        remedy.command(format!("keywright models auth remove {}", ending.id))
    })
    .verify(&["STORE-003"])
}

fn ending(facts: &Facts) -> Outcome {
    let now = facts.now.as_millisecond();
    let near = |ending: &&Ending| ending.expires > now && ending.expires - now <= soon(facts);
    let mut all: Vec<&Ending> = facts.home.ending.iter().filter(near).collect();
    all.sort_by_key(|ending| ending.expires);
    if all.is_empty() {
        return none_or_pass(facts);
    }
    let within = if soon(facts) == DAY {
        "within a day"
    } else {
        "soon"
    };
    let finding = finding(&all, "STORE-004", within);
    Outcome::Warn(finding.impact("From then on, requests with it are refused."))
}

fn none_or_pass(facts: &Facts) -> Outcome {
    if facts.home.ending.is_empty() {
        return Outcome::NotApplicable {
            why: "there is no profile whose end is known".to_owned(),
        };
    }
    Outcome::Pass
}

/// The ended profile without which a program has no credential here.
pub(super) fn needed(facts: &Facts) -> Option<&str> {
    let now = facts.now.as_millisecond();
    let mut ended = facts.home.ending.iter().filter(|end| end.expires <= now);
    ended
        .find(|ending| is_needed(facts, &ending.id))
        .map(|ending| ending.id.as_str())
}

/// Nothing is usable, and this one would be.
fn is_needed(facts: &Facts, id: &str) -> bool {
    let credentials = &facts.credentials;
    let mut sources = credentials.sources.iter();
    let here = |place: &Place| matches!(place, Place::Profile { id: own, .. } if own == id);
    let for_us = credentials.effective().is_none() && sources.any(|s| here(&s.place));
    let first = facts.aws.in_use.first();
    let taken = first.is_some_and(|sign| sign.place == "profile" && sign.name == id);
    for_us || taken && facts.aws.credentials.is_empty()
}

fn finding(all: &[&Ending], code: &str, within: &str) -> Finding {
    let first = all[0];
    let verb = if code == "STORE-003" { "ended" } else { "ends" };
    let summary = match (all.len(), verb) {
        (1, "ended") => format!("The credential of profile {} has ended.", first.id),
        (1, _) => format!("The credential of profile {} ends {within}.", first.id),
        (count, "ended") => format!("The credentials of {count} profiles have ended."),
        (count, _) => format!("The credentials of {count} profiles end {within}."),
    };
    let words: Vec<String> = all.iter().map(|ending| told(ending, verb)).collect();
    let finding = Finding::new(&first.id, summary).detail(words.join(" "));
    all.iter()
        .fold(finding, |finding, ending| {
            finding.seen("profile", &ending.id)
        })
        .remedy(anew(first).verify(&[code]))
}

fn told(ending: &Ending, verb: &str) -> String {
    let time = Timestamp::from_millisecond(ending.expires)
        .map_or_else(|_| String::new(), |end| format!(" at {end:.0}"));
    let from = match &ending.inherited_from {
        Some(agent) => format!(", inherited from {agent},"),
        None => String::new(),
    };
    let assumed = if ending.assumed {
        " (assumed: one year after it was stored)"
    } else {
        ""
    };
    format!("{}{from} {verb}{time}{assumed}.", ending.id)
}

/// A profile of another agent is replaced there.
fn anew(ending: &Ending) -> Remedy {
    let agent = match &ending.inherited_from {
        Some(agent) => format!(" --agent {agent}"),
        None => String::new(),
    };
    let id = &ending.id;
    if ending.kind == "token" {
        return Remedy::manual("Make a new token and store it in place of the old one")
            .command("claude setup-token")
            .command(format!(
                "keywright{agent} onboard --flow setup-token --profile-id {id} --replace"
            ));
    }
    Remedy::manual("Store a new AWS credential in place of the old one").command(format!(
        "keywright{agent} onboard --flow bedrock --profile-id {id} --replace"
    ))
}
