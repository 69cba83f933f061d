//! ENV-005: variables that are set to nothing.

use crate::doctor::check::{Category, Check, CheckMeta, Explanation};
use crate::doctor::facts::{Area, Facts};
use crate::doctor::finding::{Finding, Outcome, Remedy};

pub const CHECK: Check = Check {
    meta: CheckMeta {
        code: "ENV-005",
        id: "environment-empty",
        title: "No variable is set to nothing",
        category: Category::Env,
        needs: &[],
        facts: &[Area::Environment],
    },
    explanation: Explanation {
        meaning: "A variable that is set to nothing means absent to keywright and to Claude Code. Other programs differ: the AWS libraries of Python take an empty AWS_BEARER_TOKEN_BEDROCK for a token, Claude Code takes an empty CLAUDE_CONFIG_DIR for the working folder, and some SDKs send an empty key.",
        detection: "Each variable that matters here is looked up; it is named when it is present and empty. CI systems set variables of missing secrets to nothing. It informs only.",
        mending: "Unset it where nothing is meant.",
        false_positives: "An empty variable set on purpose, to hide one from a file.",
    },
    run,
};

fn run(facts: &Facts) -> Outcome {
    let empty: Vec<&str> = facts
        .environment
        .variables
        .iter()
        .filter(|variable| variable.value.is_none())
        .map(|variable| variable.name.as_str())
        .collect();
    let Some(first) = empty.first() else {
        return Outcome::Pass;
    };
    let words: Vec<String> = empty
        .iter()
        .map(|name| format!("{name} ({})", meaning(name)))
        .collect();
    let mut finding = Finding::new(
        *first,
        if empty.len() == 1 {
            format!("{first} is set to nothing.")
        } else {
            format!("{} variables are set to nothing.", empty.len())
        },
    )
    .detail(format!("Set and empty: {}.", words.join(", ")));
    let mut remedy = Remedy::manual("Unset what is not meant");
    for name in empty {
        finding = finding.seen("environment", name);
        remedy = remedy.command(facts.machine.shell.unset(name));
    }
    Outcome::Info(finding.remedy(remedy.verify(&["ENV-005"])))
}

/// For which program an empty value is more than absence.
fn meaning(name: &str) -> &'static str {
    match name {
        "CLAUDE_CONFIG_DIR" => "Claude Code keeps its files in the working folder",
        "AWS_BEARER_TOKEN_BEDROCK" => "Python's AWS libraries take it for a token",
        "ANTHROPIC_API_KEY" | "ANTHROPIC_AUTH_TOKEN" => "some SDKs send an empty key",
        _ => "counts as absent",
    }
}
