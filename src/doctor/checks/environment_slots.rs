//! ENV-002: does each credential variable hold the kind that belongs in it?

use crate::doctor::check::{Category, Check, CheckMeta, Explanation};
use crate::doctor::facts::{Area, Facts, Looks};
use crate::doctor::finding::{Finding, Outcome, Remedy};
use crate::variables;

pub const CHECK: Check = Check {
    meta: CheckMeta {
        code: "ENV-002",
        id: "environment-slots",
        title: "Each variable holds its own kind of credential",
        category: Category::Env,
        needs: &[],
        facts: &[Area::Environment],
    },
    explanation: Explanation {
        meaning: "API keys, subscription tokens, admin keys and session cookies all start with `sk-ant-` and are sent in different ways. In the wrong variable a good credential is refused, with a message that says nothing of the reason.",
        detection: "The public prefix of the value is compared with what the variable is for: `sk-ant-api03-` belongs in ANTHROPIC_API_KEY, `sk-ant-oat01-` in CLAUDE_CODE_OAUTH_TOKEN. A value without a known prefix is left alone.",
        mending: "Move the value to its variable, or set up the right kind with `keywright onboard`.",
        false_positives: "A gateway may want an API key in ANTHROPIC_AUTH_TOKEN. Anthropic may introduce new prefixes.",
    },
    run,
};

/// What a variable is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Slot {
    Key,
    Token,
}

const SLOTS: &[(&str, Slot)] = &[
    (variables::ANTHROPIC_API_KEY, Slot::Key),
    (variables::LIVE_ANTHROPIC_KEY, Slot::Key),
    (variables::CLAUDE_CODE_OAUTH_TOKEN, Slot::Token),
    (variables::ANTHROPIC_OAUTH_TOKEN, Slot::Token),
    (variables::ANTHROPIC_AUTH_TOKEN, Slot::Token),
];

fn run(facts: &Facts) -> Outcome {
    let wrong = SLOTS.iter().find_map(|(name, slot)| {
        let value = facts.environment.value(name)?;
        let (kind, advice) = misplaced(*slot, value.looks)?;
        Some(finding(facts, name, &value.masked, kind, advice))
    });
    wrong.map_or(Outcome::Pass, Outcome::Fail)
}

/// What the value is, and what to do with it, when it does not belong in the slot.
const fn misplaced(slot: Slot, looks: Looks) -> Option<(&'static str, Advice)> {
    Some(match (looks, slot) {
        (Looks::AnthropicApiKey, Slot::Token) => {
            ("an API key", Advice::Move(variables::ANTHROPIC_API_KEY))
        }
        (Looks::SubscriptionToken, Slot::Key) => (
            "a subscription token",
            Advice::Move(variables::CLAUDE_CODE_OAUTH_TOKEN),
        ),
        (Looks::RefreshToken, _) => ("a refresh token", Advice::Discard),
        (Looks::AdminKey, _) => ("an admin key", Advice::Discard),
        (Looks::SessionCookie, _) => ("a session cookie of claude.ai", Advice::Discard),
        (Looks::OpenRouterKey, Slot::Key) => ("an OpenRouter key", Advice::Discard),
        (Looks::OpenAiKey, Slot::Key) => ("an OpenAI key", Advice::Discard),
        (Looks::AwsAccessKeyId, _) => ("an AWS access key id", Advice::Discard),
        (Looks::BedrockBearer, _) => (
            "an Amazon Bedrock API key",
            Advice::Move("AWS_BEARER_TOKEN_BEDROCK"),
        ),
        _ => return None,
    })
}

#[derive(Clone, Copy)]
enum Advice {
    /// Into the variable of this name.
    Move(&'static str),
    /// No program takes it from a variable.
    Discard,
}

fn finding(facts: &Facts, name: &str, masked: &str, kind: &str, advice: Advice) -> Finding {
    let shell = facts.machine.shell;
    let remedy = match advice {
        Advice::Move(to) => Remedy::manual(format!("Move it to {to}"))
            .why("Change the line in the shell's start-up file too.")
            .command(shell.export(to, &shell.reference(name)))
            .command(shell.unset(name)),
        Advice::Discard => Remedy::manual("Unset it and set up an API key")
            .command(shell.unset(name))
            .command("keywright onboard"),
    };
    Finding::new(name, format!("{name} holds {kind}."))
        .detail(format!("Its value is {masked}."))
        .impact("The server refuses it there.")
        .seen("environment", name)
        .remedy(remedy.verify(&["ENV-002"]))
}
