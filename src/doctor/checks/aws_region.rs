//! AWS-001: which region, and is it one?

use super::aws_local::{meta, not_in_use};
use super::aws_verdict::or_told;
use crate::doctor::check::{Check, Explanation};
use crate::doctor::facts::{Facts, Region};
use crate::doctor::finding::{Finding, Outcome, Remedy, Step};

pub const CHECK: Check = Check {
    meta: meta(
        "AWS-001",
        "aws-region",
        "The AWS region is set and well formed",
        &[],
    ),
    explanation: Explanation {
        meaning: "Bedrock is asked in one region, and models and permissions differ from region to region. Claude Code takes us-east-1 without a word when none is set or when the value cannot be one; AWS's own tools stop.",
        detection: "AWS_REGION, AWS_DEFAULT_REGION and the region of the profile in use are looked at, in this order. A malformed value is a failure, none and an unknown one are warnings.",
        mending: "Set the region, best in the stored profile or in ~/.aws/config.",
        false_positives: "A region that is newer than this program.",
    },
    run: |facts| or_told(facts, "AWS-001", run(facts)),
};

fn run(facts: &Facts) -> Outcome {
    let aws = &facts.aws;
    if !aws.is_in_use() {
        return not_in_use();
    }
    let Some(region) = &aws.region else {
        if aws.credentials.is_empty() {
            return Outcome::NotApplicable {
                why: "there is no AWS credential to use anywhere".to_owned(),
            };
        }
        return Outcome::Warn(mended(
            facts,
            Finding::new("AWS_REGION", "No AWS region is set.")
                .detail("Neither AWS_REGION nor AWS_DEFAULT_REGION is set, and the profile in use has no region.")
                .impact("Claude Code asks in us-east-1; other programs stop.")
                .seen("environment", "AWS_REGION"),
        ));
    };
    if !region.well_formed {
        return Outcome::Fail(mended(
            facts,
            about(region, "The AWS region is no region.").impact(
                "Claude Code asks in us-east-1 in its place without a word; other programs stop.",
            ),
        ));
    }
    if region.listed {
        return Outcome::Pass;
    }
    Outcome::Warn(mended(
        facts,
        about(region, "Bedrock is not known to be in this AWS region.")
            .impact("The server's name may not exist."),
    ))
}

fn about(region: &Region, summary: &str) -> Finding {
    Finding::new(&region.source, summary)
        .detail(format!("{} says `{}`.", region.source, region.value))
        .seen("region", &region.source)
}

fn mended(facts: &Facts, finding: Finding) -> Finding {
    finding.remedy(
        Remedy::manual("Set a region that has Bedrock and the models you use")
            .command(facts.machine.shell.export("AWS_REGION", "us-east-1"))
            .step(Step::Url(
                "https://docs.aws.amazon.com/bedrock/latest/userguide/models-regions.html"
                    .to_owned(),
            ))
            .verify(&["AWS-001"]),
    )
}
