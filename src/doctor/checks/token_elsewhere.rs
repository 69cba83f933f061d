//! CRED-032: does a subscription token stand where other programs than Claude Code take it?

use crate::doctor::check::{Category, Check, CheckMeta, Explanation};
use crate::doctor::facts::{Area, Facts, Looks, Place, Source};
use crate::doctor::finding::{Finding, Outcome, Remedy};
use crate::variables;

use super::token_shape::tokens;

pub const CHECK: Check = Check {
    meta: CheckMeta {
        code: "CRED-032",
        id: "token-elsewhere",
        title: "Subscription tokens are left to Claude Code",
        category: Category::Cred,
        needs: &[],
        facts: &[Area::Credentials],
    },
    explanation: Explanation {
        meaning: "A subscription token is made for the claude program. The provider's terms do not allow other programs to use it, and the API refuses it there: \"This credential is only authorized for use with Claude Code\", or an error without a reason.",
        detection: "Variables that other programs read (ANTHROPIC_OAUTH_TOKEN, ANTHROPIC_AUTH_TOKEN) and keywright's .env for services are looked at for subscription tokens. A token in an API key's variable is ENV-002.",
        mending: "Give other programs an API key, and leave the token to Claude Code.",
        false_positives: "Claude Code itself takes a token from ANTHROPIC_AUTH_TOKEN, and may be the only program started there.",
    },
    run,
};

fn run(facts: &Facts) -> Outcome {
    if tokens(facts).next().is_none() {
        return Outcome::NotApplicable {
            why: "there is no subscription token".to_owned(),
        };
    }
    let elsewhere = tokens(facts)
        .find(|(source, value)| value.looks == Looks::SubscriptionToken && for_others(source));
    elsewhere.map_or(Outcome::Pass, |(source, value)| {
        Outcome::Warn(finding(facts, source, &value.masked))
    })
}

/// Other programs look there.
fn for_others(source: &Source) -> bool {
    match &source.place {
        Place::Profile { .. } => false,
        Place::EnvFile { .. } => true,
        Place::Variable { name } | Place::ConfigVars { name } => {
            name != variables::CLAUDE_CODE_OAUTH_TOKEN
        }
    }
}

fn finding(facts: &Facts, source: &Source, masked: &str) -> Finding {
    let name = source.place.name();
    let key = Remedy::manual("Give other programs an API key")
        .command("keywright onboard --flow api-key");
    let finding = Finding::new(
        name,
        "A subscription token stands where other programs take it.",
    )
    .detail(format!("{} is {masked}.", source.place.words()))
    .impact("The provider allows it for Claude Code only, and refuses it from other programs.")
    .remedy(key.verify(&["CRED-032"]));
    match source.place {
        Place::Variable { .. } => finding.seen("environment", name).remedy(
            Remedy::manual("And leave the token to Claude Code")
                .command(facts.machine.shell.export(
                    variables::CLAUDE_CODE_OAUTH_TOKEN,
                    &facts.machine.shell.reference(name),
                ))
                .command(facts.machine.shell.unset(name)),
        ),
        _ => finding.seen("file", source.place.words()),
    }
}
