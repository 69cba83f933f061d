//! STORE-013: does the configuration ignore what can be ignored, and is it still meant to?

use super::{ALL, find};
use crate::doctor::action::Action;
use crate::doctor::check::{Category, Check, CheckMeta, Explanation};
use crate::doctor::facts::{Area, Facts};
use crate::doctor::finding::{Finding, Outcome, Remedy, Step};
use crate::doctor::nearest::nearest;
use crate::doctor::suppress::has_ended;
use crate::store::config::Ignore;

pub const CHECK: Check = Check {
    meta: CheckMeta {
        code: "STORE-013",
        id: "ignored-findings",
        title: "What is ignored is known and current",
        category: Category::Store,
        needs: &["STORE-012"],
        facts: &[Area::Home],
    },
    explanation: Explanation {
        meaning: "`doctor.ignore` in config.json5 lists findings that shall not count: `doctor: { ignore: [{ code: \"ENV-001\", subject: \"ANTHROPIC_API_KEY\", reason: \"we use a gateway\", until: \"2027-01-31\" }] }`. Only `code` is needed. A finding without its subject is ignored whatever it is about; `until` is a date or a time, and from then on the finding counts again. An ignored finding stays in every form of the report, as suppressed, and fails nothing.",
        detection: "The entries are read. One whose code is that of no check ignores nothing, and one whose day has come ignores nothing any more.",
        mending: "Correct the code, or remove the entry; renew `until` if it is still meant.",
        false_positives: "An entry for a check of a newer keywright is unknown to an older one.",
    },
    run,
};

fn run(facts: &Facts) -> Outcome {
    let ignored = &facts.home.ignored;
    if ignored.is_empty() {
        return Outcome::NotApplicable {
            why: "nothing is ignored".to_owned(),
        };
    }
    let wrong: Vec<(usize, &Ignore, String)> = ignored
        .iter()
        .enumerate()
        .filter_map(|(index, ignore)| Some((index, ignore, problem(ignore, facts)?)))
        .collect();
    let Some((_, first, _)) = wrong.first() else {
        return Outcome::Pass;
    };
    let path = &facts.home.config.path;
    let place = |ignore: &Ignore| format!("{path}:{}", ignore.line);
    let told: Vec<String> = wrong
        .iter()
        .map(|(_, ignore, problem)| format!("{}: {problem}", place(ignore)))
        .collect();
    let summary = match wrong.len() {
        1 => "An entry of `doctor.ignore` ignores nothing.".to_owned(),
        many => format!("{many} entries of `doctor.ignore` ignore nothing."),
    };
    let edit = format!("Correct or remove the entry at {}.", place(first));
    Outcome::Warn(
        Finding::new(path, summary)
            .detail(format!("{}.", told.join("; ")))
            .impact("What was meant to be ignored counts.")
            .seen("file", place(first))
            .remedy(
                Remedy::manual("Correct it by hand")
                    .step(Step::Edit(edit))
                    .verify(&["STORE-013"]),
            )
            .remedy(removed(path, &wrong)),
    )
}

/// What ignores nothing can go; the last one first, so that the places of the others stay.
fn removed(path: &str, wrong: &[(usize, &Ignore, String)]) -> Remedy {
    let (noun, those) = if wrong.len() == 1 {
        ("it", "the entry")
    } else {
        ("them", "the entries")
    };
    let lines: Vec<String> = wrong
        .iter()
        .map(|(_, one, _)| one.line.to_string())
        .collect();
    let words = format!("Remove {those} at line {} of {path}.", lines.join(", "));
    let remedy = Remedy::safe(format!("Or remove {noun}"))
        .step(Step::Edit(words))
        .verify(&["STORE-013"]);
    wrong.iter().rev().fold(remedy, |remedy, (index, one, _)| {
        remedy.action(Action::RemoveEntry {
            path: path.to_owned(),
            keys: vec!["doctor".to_owned(), "ignore".to_owned()],
            index: *index,
            line: one.line,
        })
    })
}

fn problem(ignore: &Ignore, facts: &Facts) -> Option<String> {
    if find(&ignore.code).is_none() {
        // Long enough for any code, and too short for anything else that was put there.
        let code: String = ignore.code.chars().take(24).collect();
        let meant = nearest(&ignore.code, ALL).filter(|name| find(name).is_some());
        return Some(match meant {
            Some(name) => format!("there is no check `{code}`, did you mean `{name}`?"),
            None => format!("there is no check `{code}`"),
        });
    }
    let until = ignore.until.filter(|_| has_ended(ignore, facts.now))?;
    Some(format!("it ended on {}", until.strftime("%Y-%m-%d")))
}
