//! STORE-002: is there unfinished work of another run?

use crate::doctor::action::Action;
use crate::doctor::check::{Category, Check, CheckMeta, Explanation};
use crate::doctor::facts::{Area, Facts};
use crate::doctor::finding::{Finding, Outcome, Remedy, Safety};

pub const CHECK: Check = Check {
    meta: CheckMeta {
        code: "STORE-002",
        id: "store-unfinished",
        title: "No change is half done",
        category: Category::Store,
        needs: &[],
        facts: &[Area::Home],
    },
    explanation: Explanation {
        meaning: "Every change is written to a journal first. When a run is killed or the machine loses power in the middle, the journal stays; until it is dealt with, everybody sees the state before the change. While a run writes, it holds a lock.",
        detection: "The state folder is searched for a journal that did not come to its end (a warning), and the lock is looked at (information). Nothing is repaired by looking.",
        mending: "The next command that writes finishes or takes back the change by itself.",
        false_positives: "Another keywright that works at this very moment has both.",
    },
    run,
};

fn run(facts: &Facts) -> Outcome {
    let pending = &facts.home.pending;
    if let Some(holder) = &pending.lock_holder {
        return Outcome::Info(
            Finding::new("lock", "Another keywright is writing right now.")
                .detail(format!("The lock is held by {holder}."))
                .impact("Commands that write wait for it, at most ten seconds."),
        );
    }
    let Some(journal) = &pending.journal else {
        return Outcome::Pass;
    };
    Outcome::Warn(
        Finding::new(journal, "A change was cut off before it was done.")
            .detail(format!("Its journal is {journal}."))
            .impact("Until it is finished or taken back, the state before the change holds.")
            .seen("file", journal)
            .remedy(
                Remedy::of(Safety::Safe, "Finish it or take it back", false)
                    .why("Every command that writes does this first.")
                    .command("keywright history prune")
                    .action(Action::PruneHistory)
                    .verify(&["STORE-002"]),
            ),
    )
}
