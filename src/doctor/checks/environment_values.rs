//! ENV-003: is there something in a credential variable that does not belong to a credential?

use crate::doctor::check::{Category, Check, CheckMeta, Explanation};
use crate::doctor::facts::{Area, Defect, DefectKind, Facts, Shell};
use crate::doctor::finding::{Finding, Outcome, Remedy};
use crate::variables;

pub const CHECK: Check = Check {
    meta: CheckMeta {
        code: "ENV-003",
        id: "environment-values",
        title: "The credential variables hold clean values",
        category: Category::Env,
        needs: &[],
        facts: &[Area::Environment],
    },
    explanation: Explanation {
        meaning: "A copied key often brings something along: a line break of a wrapped terminal line, quotes, a carriage return of a Windows file, an invisible character, or it is only a placeholder of some instruction. Programs send it as it is, and the server refuses it.",
        detection: "The value of each credential variable is searched for white space, quotes, control and invisible characters, characters outside ASCII, an unexpanded `$NAME`, `NAME=`, `Bearer`, an ellipsis and well-known placeholders. The position is named, the value never.",
        mending: "Set the variable again with the bare value; `keywright onboard` cleans a paste by itself.",
        false_positives: "None known: a credential has none of these.",
    },
    run,
};

const CREDENTIALS: &[&str] = &[
    variables::ANTHROPIC_API_KEY,
    variables::LIVE_ANTHROPIC_KEY,
    variables::ANTHROPIC_AUTH_TOKEN,
    variables::ANTHROPIC_OAUTH_TOKEN,
    variables::CLAUDE_CODE_OAUTH_TOKEN,
];

fn run(facts: &Facts) -> Outcome {
    let unclean = CREDENTIALS.iter().find_map(|name| {
        let value = facts.environment.value(name)?;
        let first = value.defects.first()?;
        let seen: Vec<String> = value
            .defects
            .iter()
            .map(|defect| format!("{} (character {})", defect.kind.words(), defect.position))
            .collect();
        Some(
            Finding::new(*name, format!("There is {} in {name}.", first.kind.words()))
                .detail(format!(
                    "Of its {} characters: {}.",
                    value.length,
                    seen.join(", ")
                ))
                .impact("It is sent as it is, and the server refuses it.")
                .seen("environment", *name)
                .remedy(remedy(facts.machine.shell, name, &value.defects)),
        )
    });
    unclean.map_or(Outcome::Pass, Outcome::Fail)
}

/// White space can be taken out where it stands; anything else needs the value again.
fn remedy(shell: Shell, name: &str, defects: &[Defect]) -> Remedy {
    let spaces = defects.iter().all(|defect| {
        matches!(
            defect.kind,
            DefectKind::LeadingSpace
                | DefectKind::TrailingSpace
                | DefectKind::InnerSpace
                | DefectKind::Newline
                | DefectKind::CarriageReturn
        )
    });
    let posix = matches!(shell, Shell::Bash | Shell::Zsh | Shell::Other);
    let remedy = if spaces && posix {
        Remedy::manual("Take the white space out").command(format!(
            "export {name}=\"$(printf %s \"${name}\" | tr -d '[:space:]')\""
        ))
    } else {
        Remedy::manual("Unset it and set up the key again")
            .command(shell.unset(name))
            .command("keywright onboard")
    };
    remedy
        .why("Change the line in the shell's start-up file too.")
        .verify(&["ENV-003"])
}
