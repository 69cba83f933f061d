//! AWS-002: which AWS credential is taken, and is it whole?

use super::aws_local::{meta, not_applicable, not_in_use, stored_anew};
use crate::doctor::check::{Check, Explanation};
use crate::doctor::facts::{AwsCredential, AwsKind, Facts};
use crate::doctor::finding::{Finding, Outcome, Remedy, Step};

pub const CHECK: Check = Check {
    meta: meta(
        "AWS-002",
        "aws-source",
        "One whole AWS credential is set",
        &[],
    ),
    explanation: Explanation {
        meaning: "AWS takes the first credential that it finds. A Bedrock API key in AWS_BEARER_TOKEN_BEDROCK stands before everything else, and for Claude Code AWS_PROFILE stands before access keys, which other programs take first. Half a pair of keys is no credential: the request is then unsigned or not sent.",
        detection: "The variables of AWS and the profile in use are looked at. A key without its other half is a failure, a bearer key or AWS_PROFILE beside access keys a warning.",
        mending: "Set both halves together, and unset what is not meant.",
        false_positives: "Access keys that are meant for other services than Bedrock.",
    },
    run: source,
};

fn source(facts: &Facts) -> Outcome {
    let aws = &facts.aws;
    if !aws.is_in_use() {
        return not_in_use();
    }
    if let Some(half) = aws.incomplete.first() {
        return Outcome::Fail(
            Finding::new(
                &half.has,
                format!("{} is set without {}.", half.has, half.lacks),
            )
            .detail(format!("Seen in {}.", half.place))
            .impact("Half a credential is none: requests are not signed.")
            .seen("aws", &half.place)
            .remedy(
                stored_anew(
                    facts,
                    Remedy::manual("Set the other half, or use a stored profile"),
                )
                .verify(&["AWS-002"]),
            ),
        );
    }
    let Some(first) = aws.credentials.first() else {
        return not_applicable("there is no AWS credential");
    };
    let behind = &aws.credentials[1..];
    behind
        .iter()
        .find(|other| other.kind == AwsKind::Keys)
        .map_or(Outcome::Pass, |keys| {
            Outcome::Warn(shadowed(facts, first, keys))
        })
}

/// Access keys that Claude Code leaves aside.
fn shadowed(facts: &Facts, first: &AwsCredential, keys: &AwsCredential) -> Finding {
    let (summary, impact, name) = match first.kind {
        AwsKind::Bearer => (
            "A Bedrock API key stands before the access keys.",
            "Permissions and bills are those of the API key's user.",
            first.locator.as_str(),
        ),
        _ => (
            "AWS_PROFILE stands before the access keys.",
            "Claude Code takes the profile. The AWS CLI and other programs take the keys.",
            "AWS_PROFILE",
        ),
    };
    let pair = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];
    Finding::new(name, summary)
        .detail(format!(
            "Used: {}. Left aside: {}.",
            first.place, keys.place
        ))
        .impact(impact)
        .seen("aws", &first.place)
        .seen("aws", &keys.place)
        .remedy(
            without(
                facts,
                "Unset the keys, if they are not meant",
                &keys.place,
                &pair,
            )
            .verify(&["AWS-002"]),
        )
        .remedy(without(
            facts,
            &format!("Or unset {name}, so that they are taken"),
            &first.place,
            &[name],
        ))
}

/// How to take variables away: a line for the shell, or the place of the file that sets them.
fn without(facts: &Facts, title: &str, place: &str, names: &[&str]) -> Remedy {
    let remedy = Remedy::manual(title);
    let shell = facts.machine.shell;
    match place.split_once(" in /") {
        Some((_, file)) => remedy.step(Step::Edit(format!(
            "Remove {} from /{file}.",
            names.join(" and ")
        ))),
        None => names
            .iter()
            .fold(remedy, |remedy, name| remedy.command(shell.unset(name))),
    }
}
