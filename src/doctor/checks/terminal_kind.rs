//! TTY-003: CI, a simple terminal, or colours switched off.

use crate::doctor::check::{Category, Check, CheckMeta, Explanation};
use crate::doctor::facts::{Area, Facts};
use crate::doctor::finding::{Finding, Outcome};

pub const CHECK: Check = Check {
    meta: CheckMeta {
        code: "TTY-003",
        id: "terminal-kind",
        title: "Nothing restricts prompts or colours",
        category: Category::Tty,
        needs: &[],
        facts: &[Area::Terminal],
    },
    explanation: Explanation {
        meaning: "Some variables change how programs talk: CI and KEYWRIGHT_NO_INPUT switch questions off, TERM=dumb makes them plain, NO_COLOR takes the colours away.",
        detection: "These variables are looked at. It informs only.",
        mending: "Unset the variable if it is not meant. `--interactive` asks although CI is set, `--color always` brings colours back.",
        false_positives: "None: what it says is so, and is usually meant.",
    },
    run,
};

fn run(facts: &Facts) -> Outcome {
    let terminal = &facts.terminal;
    let dumb = terminal.term.as_deref() == Some("dumb");
    let effects = [
        (terminal.ci, "CI", "no questions are asked"),
        (
            terminal.no_input,
            "KEYWRIGHT_NO_INPUT",
            "no questions are asked",
        ),
        (dumb, "TERM", "questions are plain lines"),
        (terminal.no_color, "NO_COLOR", "there are no colours"),
    ];
    let present: Vec<_> = effects.iter().filter(|(is, ..)| *is).collect();
    let Some((_, first, _)) = present.first() else {
        return Outcome::Pass;
    };
    let words: Vec<String> = present
        .iter()
        .map(|(_, name, effect)| format!("because of {name} {effect}"))
        .collect();
    let mut finding = Finding::new(*first, "The environment changes how programs talk.")
        .detail(format!("Here {}.", words.join(", and ")));
    for (_, name, _) in present {
        finding = finding.seen("environment", *name);
    }
    Outcome::Info(finding)
}
