//! CRED-030: can the API keys that are here be API keys?

use crate::doctor::check::{Category, Check, CheckMeta, Explanation};
use crate::doctor::facts::{Area, Facts, Looks, Place, Source, SourceKind, Value};
use crate::doctor::finding::{Finding, Outcome, Remedy, Step};

/// Characters of an Anthropic API key.
const LENGTH: usize = 108;

pub const CHECK: Check = Check {
    meta: CheckMeta {
        code: "CRED-030",
        id: "key-shape",
        title: "The API keys look like API keys",
        category: Category::Cred,
        needs: &[],
        facts: &[Area::Credentials],
    },
    explanation: Explanation {
        meaning: "An Anthropic API key starts with `sk-ant-api03-` and has 108 characters. Another kind of credential in its place is refused by the server; a shorter one was cut when it was copied.",
        detection: "Prefix, length and stray characters of each API key in the store and the environment are looked at, without asking anybody. Another kind of credential or a stray character in a stored key is a failure, another length or an unknown prefix a warning. The environment's own mistakes are ENV-002 and ENV-003. Keys saved for another host are left alone.",
        mending: "Set the key up again: `keywright onboard` checks the shape and tries the key before it saves.",
        false_positives: "Anthropic may introduce keys of another length or prefix; when API-001 passes, the key is good.",
    },
    run,
};

fn run(facts: &Facts) -> Outcome {
    let keys = || {
        facts
            .credentials
            .sources
            .iter()
            .filter(|source| source.kind == SourceKind::ApiKey && source.base_url.is_none())
            .filter_map(|source| Some((source, source.value.as_ref()?)))
    };
    if keys().next().is_none() {
        return Outcome::NotApplicable {
            why: "there is no API key".to_owned(),
        };
    }
    let wrong = keys().find_map(|(source, value)| {
        let words = unusable(value).filter(|_| !is_variable(source))?;
        Some((source, finding(source, value, &words)))
    });
    let used = facts.credentials.effective();
    let judged = |(source, finding): (&Source, Finding)| match used {
        // A leftover, while another credential is taken.
        Some(used) if used != source => Outcome::Warn(finding),
        _ => Outcome::Fail(finding),
    };
    let odd = || keys().find_map(|(source, value)| Some(finding(source, value, &unusual(value)?)));
    wrong
        .map(judged)
        .or_else(|| odd().map(Outcome::Warn))
        .unwrap_or(Outcome::Pass)
}

/// Variables of the environment have checks of their own for what is plainly wrong.
const fn is_variable(source: &Source) -> bool {
    matches!(source.place, Place::Variable { .. })
}

/// What the value is, when it cannot be an API key.
fn unusable(value: &Value) -> Option<String> {
    if let Some(defect) = value.defects.first() {
        return Some(format!(
            "has {} (character {})",
            defect.kind.words(),
            defect.position
        ));
    }
    let kind = match value.looks {
        Looks::SubscriptionToken => "a subscription token",
        Looks::RefreshToken => "a refresh token",
        Looks::AdminKey => "an admin key",
        Looks::SessionCookie => "a session cookie of claude.ai",
        Looks::OpenRouterKey => "an OpenRouter key",
        Looks::OpenAiKey => "an OpenAI key",
        Looks::AwsAccessKeyId => "an AWS access key id",
        Looks::BedrockBearer => "an Amazon Bedrock API key",
        Looks::AnthropicApiKey | Looks::OtherAnthropic | Looks::Unknown => return None,
    };
    Some(format!("is {kind}"))
}

/// What is unusual about a value that may be an API key all the same.
fn unusual(value: &Value) -> Option<String> {
    match value.looks {
        _ if !value.defects.is_empty() => None,
        Looks::AnthropicApiKey if value.length == LENGTH => None,
        Looks::AnthropicApiKey => Some(format!(
            "has {} characters; API keys have {LENGTH}",
            value.length
        )),
        Looks::OtherAnthropic | Looks::Unknown => {
            Some("does not start with sk-ant-api03-, as API keys do".to_owned())
        }
        _ => None,
    }
}

fn finding(source: &Source, value: &Value, words: &str) -> Finding {
    let place = source.place.name();
    let evidence = match source.place {
        Place::Profile { .. } => "profile",
        Place::Variable { .. } => "environment",
        Place::EnvFile { .. } | Place::ConfigVars { .. } => "file",
    };
    let remedy = match source.place {
        // What is stored anew stands beside the line, not in its place.
        Place::EnvFile { .. } | Place::ConfigVars { .. } => {
            let line = format!("Delete {}.", source.place.words());
            Remedy::manual("Delete it there and set the key up again").step(Step::Edit(line))
        }
        Place::Profile { .. } | Place::Variable { .. } => Remedy::manual("Set the key up again"),
    };
    let remedy = remedy.command("keywright onboard");
    Finding::new(place, format!("The API key of {place} {words}."))
        .detail(format!(
            "Seen in {}: {}.",
            source.place.words(),
            value.masked
        ))
        .impact("The server will probably refuse it.")
        .seen(evidence, place)
        .remedy(remedy.verify(&["CRED-030", "API-001"]))
}
