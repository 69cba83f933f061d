//! CRED-031: are the subscription tokens that are here whole?

use crate::doctor::check::{Category, Check, CheckMeta, Explanation};
use crate::doctor::facts::{Area, DefectKind, Facts, Looks, Place, Source, SourceKind, Value};
use crate::doctor::finding::{Finding, Outcome, Remedy, Step};
use crate::variables;

/// Characters of a token of `claude setup-token`.
pub(super) const LENGTH: usize = 108;

pub const CHECK: Check = Check {
    meta: CheckMeta {
        code: "CRED-031",
        id: "token-shape",
        title: "The subscription tokens are whole",
        category: Category::Cred,
        needs: &[],
        facts: &[Area::Credentials, Area::Terminal],
    },
    explanation: Explanation {
        meaning: "`claude setup-token` prints a token of 108 characters, and breaks it into two lines where the terminal ends. Who copies the first line has 79 characters and a token that the server answers with \"Invalid bearer token\".",
        detection: "Prefix, length and stray characters of each subscription token in the store and the environment are looked at. One that ends where a terminal's line ends, holds a line break, or is another kind of credential is a failure; any other length is a warning. The environment's own mistakes are ENV-002 and ENV-003.",
        mending: "Copy both lines: `keywright onboard` joins them. Or make the token again in a wide terminal.",
        false_positives: "Access tokens of a login or of a workload start alike and may have another length; that is a warning at most.",
    },
    run,
};

fn run(facts: &Facts) -> Outcome {
    let tokens: Vec<(&Source, &Value)> = tokens(facts).collect();
    if tokens.is_empty() {
        return Outcome::NotApplicable {
            why: "there is no subscription token".to_owned(),
        };
    }
    let judge = |wrong: fn(&Facts, &Source, &Value) -> Option<String>| {
        tokens.iter().find_map(|(source, value)| {
            let words = wrong(facts, source, value)?;
            Some(finding(facts, source, value, &words))
        })
    };
    judge(broken)
        .map(Outcome::Fail)
        .or_else(|| judge(unusual).map(Outcome::Warn))
        .unwrap_or(Outcome::Pass)
}

/// The subscription tokens; a bearer token for a gateway has no form that is known.
pub(super) fn tokens(facts: &Facts) -> impl Iterator<Item = (&Source, &Value)> {
    facts
        .credentials
        .sources
        .iter()
        .filter(|source| source.kind == SourceKind::Token)
        .filter_map(|source| Some((source, source.value.as_ref()?)))
        .filter(|(source, value)| {
            source.place.name() != variables::ANTHROPIC_AUTH_TOKEN
                || value.looks == Looks::SubscriptionToken
        })
}

/// The token was cut where a line of some terminal ended.
fn cut(facts: &Facts, value: &Value) -> bool {
    let line = facts
        .terminal
        .width
        .map(|width| usize::from(width).saturating_sub(1));
    value.length < LENGTH
        && ([79, 80, 99, 100].contains(&value.length) || line == Some(value.length))
}

/// Why it cannot be a token.
fn broken(facts: &Facts, source: &Source, value: &Value) -> Option<String> {
    let variable = matches!(source.place, Place::Variable { .. });
    if let Some(defect) = value.defects.first().filter(|_| !variable) {
        let joined = match defect.kind {
            DefectKind::Newline | DefectKind::CarriageReturn | DefectKind::InnerSpace => {
                ": it was copied from a wrapped line"
            }
            _ => "",
        };
        return Some(format!(
            "has {} (character {}){joined}",
            defect.kind.words(),
            defect.position
        ));
    }
    let kind = match value.looks {
        _ if variable => None,
        Looks::AnthropicApiKey => Some("an API key"),
        Looks::RefreshToken => Some("a refresh token"),
        Looks::AdminKey => Some("an admin key"),
        Looks::SessionCookie => Some("a session cookie of claude.ai"),
        _ => None,
    };
    if let Some(kind) = kind {
        return Some(format!("is {kind}, no subscription token"));
    }
    let cut = value.looks == Looks::SubscriptionToken && cut(facts, value);
    cut.then(|| {
        format!(
            "ends after {} of {LENGTH} characters, where a line of the terminal ends",
            value.length
        )
    })
}

/// What is odd about it.
fn unusual(_: &Facts, _: &Source, value: &Value) -> Option<String> {
    let odd = value.looks == Looks::SubscriptionToken
        && value.defects.is_empty()
        && value.length != LENGTH;
    odd.then(|| {
        format!(
            "has {} characters; those of `claude setup-token` have {LENGTH}",
            value.length
        )
    })
}

fn finding(facts: &Facts, source: &Source, value: &Value, words: &str) -> Finding {
    let name = source.place.name();
    let evidence = match source.place {
        Place::Profile { .. } => "profile",
        Place::Variable { .. } => "environment",
        Place::EnvFile { .. } | Place::ConfigVars { .. } => "file",
    };
    Finding::new(name, format!("The token of {name} {words}."))
        .detail(format!(
            "Seen in {}: {}.",
            source.place.words(),
            value.masked
        ))
        .impact("The server will probably answer \"Invalid bearer token\".")
        .seen(evidence, name)
        .remedy(paste(facts, source))
        .remedy(
            Remedy::manual("Or make a new one, in a terminal of at least 110 columns")
                .command("claude setup-token"),
        )
}

/// A stored token is replaced; a broken one of the environment has to go, too.
fn paste(facts: &Facts, source: &Source) -> Remedy {
    let name = source.place.name();
    let onboard = "keywright onboard --flow setup-token";
    let remedy = Remedy::manual("Paste the whole token; both of its lines are joined");
    let remedy = match source.place {
        Place::Profile { .. } => remedy.command(format!("{onboard} --profile-id {name} --replace")),
        Place::Variable { .. } => remedy
            .command(onboard)
            .command(facts.machine.shell.unset(name)),
        Place::EnvFile { .. } | Place::ConfigVars { .. } => remedy
            .command(onboard)
            .step(Step::Edit(format!("Remove {}.", source.place.words()))),
    };
    remedy.verify(&["CRED-031"])
}
