//! AWS-011: is the single sign-on session still open?

use super::aws_local::{meta, not_in_use};
use super::aws_verdict::or_told;
use crate::doctor::check::{Check, Explanation};
use crate::doctor::facts::Facts;
use crate::doctor::finding::{Finding, Outcome, Remedy};

pub const CHECK: Check = Check {
    meta: meta(
        "AWS-011",
        "aws-sign-on",
        "The AWS sign-on session is open",
        &["AWS-003"],
    ),
    explanation: Explanation {
        meaning: "A profile with single sign-on lives on a session that somebody opened in a browser and that lasts some hours. When it has ended, Claude Code says \"AWS authentication failed\" and nothing else.",
        detection: "The end of the session is read from the cache in ~/.aws/sso/cache; its tokens are not. keywright never renews a session, since that would rewrite the cache.",
        mending: "Sign in again with `aws sso login`.",
        false_positives: "AWS's own tools may renew the session by themselves when they run next.",
    },
    run: |facts| or_told(facts, "AWS-011", run(facts)),
};

fn run(facts: &Facts) -> Outcome {
    if !facts.aws.is_in_use() {
        return not_in_use();
    }
    let Some(session) = &facts.aws.sign_on else {
        return Outcome::NotApplicable {
            why: "no sign-on session is in use".to_owned(),
        };
    };
    let (summary, detail) = match session.expires {
        Some(end) if end > facts.now => return Outcome::Pass,
        Some(end) => (
            "The AWS sign-on session has ended.",
            format!("That of profile {} ended at {end:.0}.", session.profile),
        ),
        None if session.renewable => return Outcome::Info(renewable(&session.profile)),
        None => (
            "Nobody has signed in to the AWS sign-on session.",
            format!(
                "{} holds no session of profile {}.",
                session.path, session.profile
            ),
        ),
    };
    let profile = facts.machine.shell.word(&session.profile);
    Outcome::Fail(
        Finding::new(&session.profile, summary)
            .detail(detail)
            .impact("AWS refuses every request with it.")
            .seen("file", &session.path)
            .remedy(
                Remedy::manual("Sign in again")
                    .command(format!("aws sso login --profile {profile}"))
                    .verify(&["AWS-011", "AWS-010"]),
            ),
    )
}

/// keywright would rewrite the cache by renewing it, and so leaves it alone.
fn renewable(profile: &str) -> Finding {
    Finding::new(profile, "The AWS sign-on session has to be renewed.")
        .detail(format!(
            "That of profile {profile} is past its end; AWS's own tools and Claude Code renew it on their next use."
        ))
        .seen("profile", profile)
}
