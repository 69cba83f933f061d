//! CFG-011: is the clock right?

use super::aws_verdict::or_told;
use jiff::SignedDuration;

use crate::doctor::check::{Category, Check, CheckMeta, Explanation};
use crate::doctor::facts::{Area, Facts};
use crate::doctor::finding::{Finding, Outcome, Remedy};
use crate::provider::network::{self, Skew};
use crate::provider::verdict::Reason;

pub const CHECK: Check = Check {
    meta: CheckMeta {
        code: "CFG-011",
        id: "clock",
        title: "The clock is right",
        category: Category::Cfg,
        needs: &[],
        facts: &[Area::Probe, Area::Bedrock],
    },
    explanation: Explanation {
        meaning: "With a wrong clock good certificates look expired, AWS refuses signatures, and the end of a token is reckoned wrongly. Virtual machines that slept and boards without a battery are the usual cases.",
        detection: "The `Date` header of the server's answer is compared with the clock of this machine. More than five minutes is a warning. When AWS refuses a signature for its time, it is a failure.",
        mending: "Let the system set the clock from the network.",
        false_positives: "A proxy that answers from its cache may send an old date.",
    },
    run: |facts| or_told(facts, "CFG-011", run(facts)),
};

fn run(facts: &Facts) -> Outcome {
    let refused = facts
        .bedrock
        .verdict
        .as_ref()
        .is_some_and(|verdict| verdict.reason == Reason::AwsClock);
    match skew(facts) {
        Some(skew) if refused => Outcome::Fail(finding(facts, skew)),
        Some(skew) => Outcome::Warn(finding(facts, skew)),
        None if ahead(facts).is_some() => Outcome::Pass,
        None => Outcome::NotApplicable {
            why: "no server told the time".to_owned(),
        },
    }
}

/// As the first server told it that was asked.
fn ahead(facts: &Facts) -> Option<i64> {
    let mut pinned = facts.probe.pinned.iter();
    let in_use = facts.probe.clock_ahead.or(facts.bedrock.clock_ahead);
    in_use.or_else(|| pinned.find_map(|profile| profile.clock_ahead))
}

/// How wrong the clock is, as far as that is known.
pub(super) fn skew(facts: &Facts) -> Option<Skew> {
    let server =
        ahead(facts).and_then(|ahead| facts.now.checked_sub(SignedDuration::from_secs(ahead)).ok());
    network::clock_skew(facts.now, server)
}

fn finding(facts: &Facts, skew: Skew) -> Finding {
    let command = match facts.machine.os.as_str() {
        "macos" => "sudo sntp -sS time.apple.com",
        "windows" => "w32tm /resync",
        _ if facts.machine.wsl => "sudo hwclock -s",
        _ => "sudo timedatectl set-ntp true",
    };
    let detail = ahead(facts).map_or_else(
        || "It shows a time before this program was made.".to_owned(),
        |ahead| {
            let seconds = ahead.unsigned_abs();
            format!("It differs by {seconds} seconds from the server's time.")
        },
    );
    let summary = format!("The clock of this machine is {}.", skew.words());
    Finding::new("clock", summary)
        .detail(detail)
        .impact("Certificates look expired, and AWS refuses signatures.")
        .seen("http", "Date header")
        .remedy(
            Remedy::manual("Let the system set the clock")
                .command(command)
                .verify(&["CFG-011"]),
        )
}
