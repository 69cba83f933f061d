//! CLI-005: does an alias or a shell function stand before the `claude` program?

use crate::doctor::action::Action;
use crate::doctor::check::{Category, Check, CheckMeta, Explanation};
use crate::doctor::facts::{Area, Defines, Definition, Facts, Shell};
use crate::doctor::finding::{Finding, Outcome, Remedy, Safety, Step};

pub const CHECK: Check = Check {
    meta: CheckMeta {
        code: "CLI-005",
        id: "claude-shadowed",
        title: "No alias or shell function hides the claude program",
        category: Category::Cli,
        needs: &[],
        facts: &[Area::StartUp],
    },
    explanation: Explanation {
        meaning: "A shell takes an alias or a function before any program on PATH. One that is named claude and was left by an old installation goes on starting that one, whatever is installed or updated.",
        detection: "The start-up files of the user's shell are read line by line, and files that they read in turn; nothing in them is run. An alias that only adds options to claude itself is left alone.",
        mending: "Remove the line, or correct what it starts.",
        false_positives: "A wrapper that is meant. What stands behind a condition, or in a file whose name the shell works out, cannot be judged from outside.",
    },
    run,
};

fn run(facts: &Facts) -> Outcome {
    let shadows: Vec<&Definition> = facts
        .start_up
        .definitions
        .iter()
        .filter(|found| found.what != Defines::Variable)
        .collect();
    let Some(first) = shadows.first() else {
        return Outcome::Pass;
    };
    let word = match first.what {
        Defines::Alias => "An alias",
        Defines::Function | Defines::Variable => "A shell function",
    };
    let places: Vec<String> = shadows.iter().map(|found| found.place()).collect();
    let mut remedy = Remedy::manual("Remove it, unless it is meant");
    for place in &places {
        remedy = remedy.step(Step::Edit(format!("Remove the definition at {place}.")));
    }
    let finding = Finding::new(
        "claude",
        format!("{word} named claude stands before the program."),
    )
    .detail(format!("It is defined at {}.", places.join(" and ")))
    .impact("Shells start what it says, not the program that is installed.");
    let finding = places
        .iter()
        .fold(finding, |finding, place| finding.seen("file", place));
    let forget = forget(facts.machine.shell, first.what);
    let remedy = removed(remedy.command(forget), &shadows, forget);
    Outcome::Info(finding.remedy(remedy.verify(&["CLI-005"])))
}

/// An alias is one line, which the fix can take out; a function can be many. The last line goes
/// first, so that the places of the others stay.
fn removed(remedy: Remedy, shadows: &[&Definition], forget: &str) -> Remedy {
    if shadows.iter().any(|found| found.what != Defines::Alias) {
        return remedy;
    }
    let remove = |found: &&Definition| Action::RemoveDefinition {
        path: found.file.clone(),
        line: found.line,
        name: found.name.clone(),
    };
    let actions = shadows.iter().rev().map(remove);
    let remedy = actions.fold(remedy, Remedy::action);
    let command = forget.to_owned();
    let remedy = remedy.action(Action::Afterwards { command });
    Remedy {
        safety: Safety::Consent,
        undoable: true,
        ..remedy
    }
}

/// The line that makes the running shell forget it.
const fn forget(shell: Shell, what: Defines) -> &'static str {
    match (shell, what) {
        (Shell::Fish, _) => "functions -e claude",
        (Shell::PowerShell, _) => "Remove-Item Alias:claude",
        (_, Defines::Alias) => "unalias claude",
        (_, Defines::Function | Defines::Variable) => "unset -f claude",
    }
}
