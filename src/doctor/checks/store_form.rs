//! STORE-001: can the store be read? The judgement is shared with STORE-012.

use std::path::Path;

use super::store_access;
use crate::doctor::check::{Category, Check, CheckMeta, Explanation};
use crate::doctor::facts::{Area, Document, DocumentState, Facts};
use crate::doctor::finding::{Finding, Outcome, Remedy, Step};

pub const CHECK: Check = Check {
    meta: CheckMeta {
        code: "STORE-001",
        id: "store-form",
        title: "The store can be read",
        category: Category::Store,
        needs: &[],
        facts: &[Area::Home],
    },
    explanation: Explanation {
        meaning: "The store, auth-profiles.json, holds the credentials of an agent. When it is damaged, or was written by a newer keywright, it is left alone: nothing is read from it and nothing is overwritten.",
        detection: "The file is read and parsed; the version, duplicate keys and the form of every profile are checked. Line and column are named, contents never.",
        mending: "Correct the file by hand, or move it away and set the credential up again. A store of a newer version needs a newer keywright.",
        false_positives: "None: a store that this check refuses is refused by every command.",
    },
    run: |facts| judge(facts, &facts.home.store, "store", "STORE-001"),
};

/// A file of ours that must have its form; `noun` is what it is called.
pub(super) fn judge(facts: &Facts, document: &Document, noun: &str, code: &str) -> Outcome {
    let above = Path::new(&document.path).parent();
    let on_the_way = |folder: &str| above.is_some_and(|above| above.starts_with(folder));
    let unreadable = matches!(document.state, DocumentState::Unreadable { .. });
    if unreadable && store_access::in_the_way(facts, on_the_way) {
        return Outcome::Skipped {
            blocked_by: store_access::CHECK.meta.code.to_owned(),
        };
    }
    of_form(facts, document, noun, code)
}

fn of_form(facts: &Facts, document: &Document, noun: &str, code: &str) -> Outcome {
    let path = &document.path;
    let word = facts.machine.shell.word(path);
    let (summary, detail, place, first) = match &document.state {
        DocumentState::Good => return Outcome::Pass,
        DocumentState::Absent => {
            return Outcome::NotApplicable {
                why: format!("there is no {noun} yet"),
            };
        }
        DocumentState::Malformed { why, line, column } => {
            let place = [
                Some(path.clone()),
                line.map(|n| n.to_string()),
                column.map(|n| n.to_string()),
            ]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(":");
            let first = if why.contains("is newer than") {
                let newer = "Install the keywright that wrote it, or a newer one.";
                Remedy::manual("Update keywright").step(Step::Edit(newer.to_owned()))
            } else {
                let edit = Step::Edit(format!("Correct {place}."));
                Remedy::manual("Correct it by hand").step(edit)
            };
            (
                format!("The {noun} is malformed."),
                format!("{place}: {why}."),
                place,
                first,
            )
        }
        DocumentState::Unreadable { why } => {
            let first = Remedy::manual("See what stands there").command(format!("ls -ld {word}"));
            (
                format!("The {noun} cannot be read."),
                format!("{path}: {why}."),
                path.clone(),
                first,
            )
        }
    };
    let away = Remedy::manual("Or move it away and start anew")
        .why("The old file is kept beside it.")
        .command(format!(
            "mv {word} {}",
            facts.machine.shell.word(&format!("{path}.broken"))
        ))
        .command("keywright onboard");
    Outcome::Fail(
        Finding::new(path, summary)
            .detail(detail)
            .impact("It is left alone: nothing is taken from it, and nothing is written to it.")
            .seen("file", place)
            .remedy(first.verify(&[code]))
            .remedy(away.verify(&[code])),
    )
}
