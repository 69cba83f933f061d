//! STORE-011: does each managed line of `.env` still hold its profile's key?

use crate::doctor::action::Action;
use crate::doctor::check::{Category, Check, CheckMeta, Explanation};
use crate::doctor::facts::{Area, Facts, ManagedLine};
use crate::doctor::finding::{Finding, Outcome, Remedy, Step};

pub const CHECK: Check = Check {
    meta: CheckMeta {
        code: "STORE-011",
        id: "managed-line",
        title: "The lines for daemons hold the stored keys",
        category: Category::Store,
        needs: &["STORE-001"],
        facts: &[Area::Home],
    },
    explanation: Explanation {
        meaning: "A managed line of our .env gives a service the same key that a profile holds. When somebody edits the line, or the profile is removed, the service goes on with another key than every other program.",
        detection: "The comment above a managed line names its profile. The fingerprints of the line's value and of the profile's key are compared.",
        mending: "Set the key up again with `keywright onboard`, which writes profile and line together, or delete the line.",
        false_positives: "A line that was changed on purpose: delete the comment above it, and it is no longer managed.",
    },
    run,
};

fn run(facts: &Facts) -> Outcome {
    if facts.home.managed.is_empty() {
        return Outcome::NotApplicable {
            why: "there is no managed line".to_owned(),
        };
    }
    let differing = facts.home.managed.iter().find_map(|line| {
        let words = match &line.profile_fingerprint {
            Some(fingerprint) if *fingerprint == line.fingerprint => return None,
            Some(_) => "holds another key than its profile",
            None if line.profile_exists => "belongs to a profile that holds no key itself",
            None => "belongs to a profile that does not exist",
        };
        Some(finding(line, words))
    });
    differing.map_or(Outcome::Pass, Outcome::Warn)
}

fn finding(line: &ManagedLine, words: &str) -> Finding {
    let place = format!("{}:{}", line.file, line.line);
    let delete = format!("Delete {place} and the comment above it.");
    let finding = Finding::new(
        &place,
        format!("The managed line of {} {words}.", line.variable),
    )
    .detail(format!("{place} is managed for profile {}.", line.profile))
    .impact("A service uses another key than the other programs.")
    .seen("file", &place)
    .seen("profile", &line.profile)
    .remedy(
        Remedy::manual("Set the key up again, profile and line together")
            .command("keywright onboard")
            .verify(&["STORE-011"]),
    );
    let finding = if line.profile_fingerprint.is_some() {
        finding.remedy(renewed(line))
    } else {
        finding
    };
    finding.remedy(
        Remedy::consent("Or delete the line")
            .step(Step::Edit(delete))
            .action(Action::RemoveLine {
                path: line.file.clone(),
                variable: line.variable.clone(),
            })
            .verify(&["STORE-011"]),
    )
}

/// Which of the two is the newer key nobody knows, so that it needs a yes.
fn renewed(line: &ManagedLine) -> Remedy {
    let edit = format!(
        "Write the key of profile {} at {}:{}.",
        line.profile, line.file, line.line
    );
    Remedy::consent("Or give the line the key of its profile")
        .step(Step::Edit(edit))
        .action(Action::RenewLine {
            path: line.file.clone(),
            variable: line.variable.clone(),
            profile: line.profile.clone(),
        })
        .verify(&["STORE-011"])
}
