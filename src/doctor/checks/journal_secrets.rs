//! STORE-008: does the journal still hold secrets that were removed long ago?

use crate::doctor::action::Action;
use crate::doctor::check::{Category, Check, CheckMeta, Explanation};
use crate::doctor::facts::{Area, Facts};
use crate::doctor::finding::{Finding, Outcome, Remedy, Safety};

pub const CHECK: Check = Check {
    meta: CheckMeta {
        code: "STORE-008",
        id: "journal-secrets",
        title: "The journal holds no secret that was removed long ago",
        category: Category::Store,
        needs: &[],
        facts: &[Area::Home],
    },
    explanation: Explanation {
        meaning: "So that `keywright undo` can take a change back, the journal keeps what a file held before it. It does so for 7 days, and the next change of anything forgets what is older. Where nothing is changed any more, a removed key stays.",
        detection: "Entries of the journal that are older than 7 days are read. A key in one of them that is not in its file any more makes the check speak; it is neither kept nor shown.",
        mending: "Forget the old entries with `keywright history prune`.",
        false_positives: "None known.",
    },
    run,
};

fn run(facts: &Facts) -> Outcome {
    let Some(removed) = &facts.home.removed else {
        return Outcome::Pass;
    };
    let noun = match removed.entries {
        1 => "1 entry".to_owned(),
        count => format!("{count} entries"),
    };
    let home = facts.home.path.as_deref().unwrap_or_default();
    let place = format!("{home}/state/journal");
    Outcome::Warn(
        Finding::new(&place, "The journal holds secrets that were removed long ago.")
            .detail(format!(
                "{noun} older than 7 days, the oldest of {}, with a key that is not in its file any more.",
                removed.since.strftime("%Y-%m-%d")
            ))
            .impact("Whoever may read our folder still finds the key.")
            .seen("file", &place)
            .remedy(
                Remedy::of(Safety::Safe, "Forget the old entries", false)
                    .command("keywright history prune")
                    .action(Action::PruneHistory)
                    .verify(&["STORE-008"]),
            ),
    )
}
