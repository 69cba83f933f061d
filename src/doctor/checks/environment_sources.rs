//! ENV-001: do several credentials compete, and which one wins?

use crate::consumer::claude_code::outranks::{Place as Source, SourceKind as Kind};
use crate::doctor::check::{Category, Check, CheckMeta, Explanation};
use crate::doctor::facts::{Area, Environment, Facts, Place, SourceKind};
use crate::doctor::finding::{Finding, Outcome, Remedy, Step};
use crate::variables;

pub const CHECK: Check = Check {
    meta: CheckMeta {
        code: "ENV-001",
        id: "environment-sources",
        title: "No credentials compete",
        category: Category::Env,
        needs: &[],
        // The last two say where a variable is set, and what Bedrock would be reached with.
        facts: &[
            Area::Environment,
            Area::Credentials,
            Area::ClaudeCode,
            Area::StartUp,
            Area::Aws,
        ],
    },
    explanation: Explanation {
        meaning: "When several credentials are set, a program takes one of them without a word. An ANTHROPIC_API_KEY that was forgotten in the environment outranks a subscription login, and every request is billed to that key.",
        detection: "The credential variables of this environment are compared with each other and with the credential that keywright would use. Claude Code takes a cloud provider first, then ANTHROPIC_AUTH_TOKEN, ANTHROPIC_API_KEY, apiKeyHelper, CLAUDE_CODE_OAUTH_TOKEN, and its own login last; its settings files are looked at too. Equal values do not compete. `keywright why claude-code` shows the whole order.",
        mending: "Unset the ones that are not meant, here and in the shell's start-up file.",
        false_positives: "Two keys can be meant for two programs.",
    },
    run,
};

/// Claude Code's order, and what each source costs.
const ORDER: &[(&str, &str)] = &[
    (
        "CLAUDE_CODE_USE_BEDROCK",
        "requests are billed by Amazon Bedrock",
    ),
    (
        "CLAUDE_CODE_USE_VERTEX",
        "requests are billed by Google Vertex AI",
    ),
    (
        "CLAUDE_CODE_USE_FOUNDRY",
        "requests are billed by Microsoft Foundry",
    ),
    (
        variables::ANTHROPIC_AUTH_TOKEN,
        "requests carry this bearer token, and a gateway bills them",
    ),
    (
        variables::ANTHROPIC_API_KEY,
        "requests are billed to the account of this key, not to a subscription",
    ),
    (
        variables::CLAUDE_CODE_OAUTH_TOKEN,
        "requests count against the subscription",
    ),
];

fn run(facts: &Facts) -> Outcome {
    let present: Vec<_> = ORDER
        .iter()
        .filter(|(name, _)| is_set(&facts.environment, name))
        .collect();
    if let [(winner, cost), losers @ ..] = present.as_slice()
        && !losers.is_empty()
    {
        let losers: Vec<&str> = losers.iter().map(|(name, _)| *name).collect();
        return Outcome::Warn(compete(facts, winner, cost, &losers));
    }
    outranked_subscription(facts)
        .or_else(|| shadowed_profile(facts))
        .map_or(Outcome::Pass, Outcome::Warn)
}

/// A switch counts when it is on, a credential when it has a value.
fn is_set(environment: &Environment, name: &str) -> bool {
    environment.value(name).is_some() && !name.starts_with("CLAUDE_CODE_USE_")
        || environment.switches.iter().any(|switch| switch == name)
}

fn compete(facts: &Facts, winner: &str, cost: &str, losers: &[&str]) -> Finding {
    let both =
        winner == variables::ANTHROPIC_AUTH_TOKEN && losers.contains(&variables::ANTHROPIC_API_KEY);
    let also = if both {
        " ANTHROPIC_API_KEY is sent beside it, so both reach the same server."
    } else {
        ""
    };
    let mut remedy = Remedy::manual(format!("Keep {winner} and unset the rest"))
        .why("Remove the lines from the shell's start-up file too, or they come back.");
    let mut finding = Finding::new(winner, "Several credentials are set in the environment.")
        .detail(format!(
            "Claude Code takes {winner} and leaves {} aside.{also}",
            losers.join(", ")
        ))
        .impact(format!("With {winner}, {cost}."))
        .seen("environment", winner);
    for name in losers {
        finding = finding.seen("environment", *name);
        remedy = remedy.command(facts.machine.shell.unset(name));
    }
    finding.remedy(remedy.verify(&["ENV-001"])).remedy(
        Remedy::manual(format!("Or unset {winner}, so that {} is taken", losers[0]))
            .command(facts.machine.shell.unset(winner)),
    )
}

/// A key or helper is used and billed although Claude Code has a login or a token.
fn outranked_subscription(facts: &Facts) -> Option<Finding> {
    let sources = &facts.claude_code.sources;
    let loser = sources.iter().find(|source| {
        matches!(source.kind, Kind::Login | Kind::OauthToken)
            && !source.active
            && !source.overridden
    })?;
    let winner = facts.claude_code.source_in_use()?;
    let billed = matches!(
        winner.kind,
        Kind::AuthToken | Kind::ApiKey | Kind::Helper | Kind::ManagedKey
    );
    if !billed {
        return None;
    }
    let name = &winner.name;
    let (long, short) = match loser.kind {
        Kind::Login => ("Claude Code's login", "the login"),
        _ => ("a subscription token", loser.name.as_str()),
    };
    let finding = Finding::new(name, format!("{name} comes before {long}."))
        .detail(winner.sentence(short))
        .impact("The subscription is paid and not used.")
        .seen("claude-code", winner.place.to_string())
        .seen("claude-code", loser.place.to_string());
    let remedy = Remedy::manual(format!("To use {short}, take {name} away"));
    Some(
        finding
            .remedy(
                match &winner.place {
                    Source::Environment => remedy.command(facts.machine.shell.unset(name)),
                    place => remedy.step(Step::Edit(format!("Remove it: {place}."))),
                }
                .verify(&["ENV-001"]),
            )
            .remedy(Remedy::manual("See the whole order").command("keywright why claude-code")),
    )
}

/// The environment's key differs from the stored one: keywright takes the stored one, programs
/// that are started without it take the other.
fn shadowed_profile(facts: &Facts) -> Option<Finding> {
    let used = facts.credentials.effective()?;
    let Place::Profile { id, .. } = &used.place else {
        return None;
    };
    let fingerprint = used.value.as_ref()?.fingerprint.as_deref()?;
    let (name, other) = facts.credentials.sources.iter().find_map(|source| {
        let Place::Variable { name } = &source.place else {
            return None;
        };
        let value = source.value.as_ref()?;
        let differs = value.fingerprint.as_deref() != Some(fingerprint);
        // What cannot be a key is told by the checks of the values.
        let usable = source.kind == SourceKind::ApiKey && source.unusable.is_none();
        (usable && differs).then_some((name, value))
    })?;
    Some(
        Finding::new(name, "The environment holds another key than the store.")
            .detail(format!(
                "{name} is {}; profile {id} is {}.",
                other.masked,
                used.value.as_ref()?.masked
            ))
            .impact(format!(
                "keywright uses profile {id}, but a program that is started without `keywright exec` uses {name}, and its account is billed."
            ))
            .seen("environment", name)
            .seen("profile", id)
            .remedy(
                Remedy::manual(format!("Unset {name}, and start programs with the stored key"))
                    .command(facts.machine.shell.unset(name))
                    .command("keywright exec -- claude")
                    .verify(&["ENV-001"]),
            ),
    )
}
