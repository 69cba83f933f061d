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
    let differing: Vec<(&ManagedLine, &str)> = facts
        .home
        .managed
        .iter()
        .filter_map(|line| Some((line, differs(line)?)))
        .collect();
    match differing.first() {
        None => Outcome::Pass,
        Some((first, words)) => {
            let lines: Vec<&ManagedLine> = differing.iter().map(|(line, _)| *line).collect();
            Outcome::Warn(finding(first, words, &lines))
        }
    }
}

fn differs(line: &ManagedLine) -> Option<&'static str> {
    match &line.profile_fingerprint {
        Some(fingerprint) if *fingerprint == line.fingerprint => None,
        Some(_) => Some("holds another key than its profile"),
        None if line.profile_exists => Some("belongs to a profile that holds no key itself"),
        None => Some("belongs to a profile that does not exist"),
    }
}

fn finding(first: &ManagedLine, words: &str, lines: &[&ManagedLine]) -> Finding {
    let finding = Finding::new(
        place(first),
        format!("The managed line of {} {words}.", first.variable),
    )
    .impact("A service uses another key than the other programs.")
    .remedy(
        Remedy::manual("Set the key up again, profile and line together")
            .command("keywright onboard")
            .verify(&["STORE-011"]),
    );
    let mut told = Vec::new();
    let finding = lines.iter().fold(finding, |finding, line| {
        told.push(format!(
            "{} is managed for profile {}",
            place(line),
            line.profile
        ));
        let finding = finding.seen("file", place(line));
        finding.seen("profile", &line.profile)
    });
    let finding = finding.detail(format!("{}.", told.join("; ")));
    let (held, lost): (Vec<&ManagedLine>, Vec<&ManagedLine>) = lines
        .iter()
        .partition(|line| line.profile_fingerprint.is_some());
    match (held.is_empty(), lost.is_empty()) {
        (true, _) => finding.remedy(deleted("Or delete the line", &lost)),
        (false, true) => finding
            .remedy(renewed(&held))
            .remedy(deleted("Or delete the line", &held)),
        (false, false) => finding
            .remedy(renewed(&held))
            .remedy(deleted("Delete the lines without a key to follow", &lost)),
    }
}

fn place(line: &ManagedLine) -> String {
    format!("{}:{}", line.file, line.line)
}

/// Which of the two is the newer key nobody knows, so that it needs a yes.
fn renewed(lines: &[&ManagedLine]) -> Remedy {
    let remedy = Remedy::consent("Or give the line the key of its profile");
    let remedy = lines.iter().fold(remedy, |remedy, line| {
        let edit = format!(
            "Write the key of profile {} at {}.",
            line.profile,
            place(line)
        );
        remedy.step(Step::Edit(edit)).action(Action::RenewLine {
            path: line.file.clone(),
            variable: line.variable.clone(),
            profile: line.profile.clone(),
        })
    });
    remedy.verify(&["STORE-011"])
}

fn deleted(title: &str, lines: &[&ManagedLine]) -> Remedy {
    let remedy = lines.iter().fold(Remedy::consent(title), |remedy, line| {
        let edit = format!("Delete {} and the comment above it.", place(line));
        remedy.step(Step::Edit(edit)).action(Action::RemoveLine {
            path: line.file.clone(),
            variable: line.variable.clone(),
        })
    });
    remedy.verify(&["STORE-011"])
}
