//! AWS-003 to AWS-005 and AWS-030: the AWS credential, from environment and files alone.

use super::aws_verdict::or_told;
use super::profile_ending;
use crate::doctor::check::{Category, Check, CheckMeta, Explanation};
use crate::doctor::facts::{Area, AwsKind, Came, Facts, Misshapen, ReferenceState};
use crate::doctor::finding::{Finding, Outcome, Remedy, Step};

pub const PROFILE: Check = Check {
    meta: CheckMeta {
        facts: &[Area::Aws, Area::Environment, Area::Helpers],
        ..meta(
            "AWS-003",
            "aws-profile",
            "The AWS profile in use is whole",
            &[],
        )
    },
    explanation: Explanation {
        meaning: "AWS_PROFILE names a section of ~/.aws/config or ~/.aws/credentials. A name that is not there, a sign-on session that is not defined, or a profile that leads back to itself gives no credential.",
        detection: "Both files are read; the profile is followed through `sso_session` and `source_profile`. Nothing that it names is run, but for its `credential_process` with `--deep`: once, with a limit of ten seconds, and what it prints is neither kept nor shown.",
        mending: "Correct the name or the section.",
        false_positives: "Profiles in files that other variables name only for some programs.",
    },
    run: |facts| or_told(facts, "AWS-003", profile(facts)),
};

pub const SHAPE: Check = Check {
    meta: meta(
        "AWS-004",
        "aws-shape",
        "The AWS keys look like keys",
        &["AWS-002"],
    ),
    explanation: Explanation {
        meaning: "An access key id has 20 characters and starts with AKIA, or with ASIA when it is temporary; a secret access key has 40. A temporary key is refused without its session token: \"The security token included in the request is invalid\".",
        detection: "Prefix, length and stray characters are looked at, without asking anybody. What no key has is a failure, a length that is only unusual a warning.",
        mending: "Enter the key again; with a temporary one set AWS_SESSION_TOKEN too.",
        false_positives: "None known.",
    },
    run: |facts| or_told(facts, "AWS-004", shape(facts)),
};

pub const BEARER: Check = Check {
    meta: meta(
        "AWS-005",
        "aws-bearer",
        "The Bedrock API key is for now and for this region",
        &[],
    ),
    explanation: Explanation {
        meaning: "A short-term Bedrock API key lasts twelve hours at most and works in the region alone that it was made in.",
        detection: "A short-term key says itself when it ends and where it was made; this is read from the key. Long-term keys say nothing. Past is a failure, another region is one too.",
        mending: "Make a new key in the Bedrock console, in the region that is used.",
        false_positives: "None known.",
    },
    run: bearer,
};

pub const PRESENT: Check = Check {
    meta: CheckMeta {
        facts: &[Area::Aws, Area::Environment, Area::Home, Area::Credentials],
        ..meta(
            "AWS-030",
            "aws-present",
            "Bedrock has an AWS credential",
            &["AWS-002", "AWS-003"],
        )
    },
    explanation: Explanation {
        meaning: "Bedrock is switched on, and no AWS credential was found. Claude Code's own status says that all is well; only a request shows \"Could not load credentials from any providers\".",
        detection: "Environment, ~/.aws, and the variables of container, workload and instance roles are looked at.",
        mending: "Set up Bedrock with `keywright onboard --flow bedrock`, or switch it off.",
        false_positives: "An instance role can only be seen by asking the instance; set AWS_PROFILE or use the wizard's default chain.",
    },
    run: |facts| or_told(facts, "AWS-030", present(facts)),
};

pub(super) const fn meta(
    code: &'static str,
    id: &'static str,
    title: &'static str,
    needs: &'static [&'static str],
) -> CheckMeta {
    CheckMeta {
        code,
        id,
        title,
        category: Category::Aws,
        needs,
        facts: &[Area::Aws, Area::Environment],
    }
}

pub(super) fn not_in_use() -> Outcome {
    not_applicable("Bedrock is not in use here")
}

pub(super) fn not_applicable(why: &str) -> Outcome {
    Outcome::NotApplicable {
        why: why.to_owned(),
    }
}

fn set_up(facts: &Facts, code: &str) -> Remedy {
    let remedy = Remedy::manual("Set Bedrock up again; it is tried before it is saved");
    stored_anew(facts, remedy).verify(&[code])
}

/// What sets up Bedrock.
pub(super) const SET_UP: &str = "keywright onboard --flow bedrock";

/// Sets Bedrock up again, with nothing in the environment left that stands before what is stored.
pub(super) fn stored_anew(facts: &Facts, remedy: Remedy) -> Remedy {
    const BEFORE: &[&str] = &[
        "AWS_BEARER_TOKEN_BEDROCK",
        "AWS_PROFILE",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
    ];
    let in_use = facts.aws.in_use.first();
    let stored = in_use.is_none_or(|sign| sign.place == "profile");
    let set = |name: &&&str| !stored && facts.environment.value(name).is_some();
    BEFORE
        .iter()
        .filter(set)
        .fold(remedy, |remedy, name| {
            remedy.command(facts.machine.shell.unset(name))
        })
        .command(SET_UP)
}

fn profile(facts: &Facts) -> Outcome {
    let aws = &facts.aws;
    if !aws.is_in_use() {
        return not_in_use();
    }
    let Some(problem) = aws.profile_problems.first() else {
        return process(facts).map_or(Outcome::Pass, Outcome::Fail);
    };
    let known = if problem.known.is_empty() {
        String::new()
    } else {
        format!(" There are: {}.", problem.known.join(", "))
    };
    let look = if problem.words.starts_with("cannot be read") {
        let path = facts.machine.shell.word(&problem.locator);
        Remedy::manual("See what stands there, and make it a file that you can read")
            .command(format!("ls -ld {path}"))
    } else {
        Remedy::manual("See which profiles there are, and correct the name or the section")
            .command("aws configure list-profiles")
    };
    Outcome::Fail(
        Finding::new(
            &problem.profile,
            format!("The AWS profile {} {}.", problem.profile, problem.words),
        )
        .detail(format!("Seen in {}.{known}", problem.locator))
        .impact("No AWS credential comes from it.")
        .seen("aws", &problem.locator)
        .remedy(look.verify(&["AWS-003"]))
        .remedy(set_up(facts, "AWS-003")),
    )
}

/// What `--deep` found of the program that a profile names.
fn process(facts: &Facts) -> Option<Finding> {
    let helper = facts.helpers.aws.as_ref()?;
    let Came::Fault { why } = &helper.came else {
        return None;
    };
    let name = &helper.place;
    Some(
        Finding::new(
            name,
            format!("The credential_process of the AWS profile {name} gives no credential."),
        )
        .detail(format!("It {why}."))
        .impact("No AWS credential comes from it.")
        .seen("aws", format!("credential_process of {name}"))
        .remedy(
            Remedy::manual("Correct the program or the setting")
                .step(Step::Edit(format!(
                    "Correct `credential_process` of the AWS profile {name}."
                )))
                .verify(&["AWS-003"]),
        )
        .remedy(set_up(facts, "AWS-003")),
    )
}

fn shape(facts: &Facts) -> Outcome {
    let aws = &facts.aws;
    if !aws.is_in_use() {
        return not_in_use();
    }
    let wrong = aws.shapes.iter().find(|wrong| !wrong.doubtful);
    if let Some(wrong) = wrong.or(aws.shapes.first()) {
        let finding = misshapen(facts, wrong);
        return if wrong.doubtful {
            Outcome::Warn(finding)
        } else {
            Outcome::Fail(finding)
        };
    }
    if aws.credentials.iter().any(|one| one.kind == AwsKind::Keys) {
        Outcome::Pass
    } else {
        not_applicable("no access keys are in use")
    }
}

fn misshapen(facts: &Facts, wrong: &Misshapen) -> Finding {
    let impact = if wrong.doubtful {
        "AWS will probably refuse it."
    } else {
        "AWS will refuse it."
    };
    let finding = Finding::new(&wrong.name, format!("{} {}.", wrong.name, wrong.words))
        .detail(format!("Seen in {}.", wrong.place))
        .impact(impact)
        .seen("aws", &wrong.place);
    if wrong.session_missing {
        finding.remedy(
            Remedy::manual("Set the session token that came with the key")
                .step(Step::Edit(
                    "Set AWS_SESSION_TOKEN, from the same place as the key.".to_owned(),
                ))
                .verify(&["AWS-004"]),
        )
    } else {
        finding.remedy(set_up(facts, "AWS-004"))
    }
}

fn bearer(facts: &Facts) -> Outcome {
    let aws = &facts.aws;
    let Some(bearer) = &aws.bearer else {
        return if aws.is_in_use() {
            not_applicable("no Bedrock API key is in use")
        } else {
            not_in_use()
        };
    };
    let page = Remedy::manual("Make a new key in the region that is used, and store it").step(
        Step::Url("https://console.aws.amazon.com/bedrock/home#/api-keys".to_owned()),
    );
    let finding = |summary: String| {
        Finding::new(&bearer.name, summary)
            .seen("aws", &bearer.name)
            .remedy(stored_anew(facts, page.clone()).verify(&["AWS-005"]))
    };
    if let Some(end) = bearer.expires.filter(|end| *end <= facts.now) {
        return Outcome::Fail(
            finding("The Bedrock API key has ended.".to_owned())
                .detail(format!("{} ended at {end:.0}.", bearer.masked))
                .impact("A short-term key lasts twelve hours at most."),
        );
    }
    let used = aws
        .region
        .as_ref()
        .map_or("us-east-1", |region| &region.value);
    match &bearer.region {
        Some(made) if made != used => Outcome::Fail(
            finding(format!(
                "The Bedrock API key is for {made}, not for {used}."
            ))
            .detail(format!(
                "{} was made in {made}; requests go to {used}.",
                bearer.masked
            ))
            .impact("A short-term key works in its own region alone."),
        ),
        _ => Outcome::Pass,
    }
}

/// Why a profile reaches no AWS, where another check says it.
fn told_elsewhere(facts: &Facts, name: &str) -> Option<Outcome> {
    let skipped = |code: &str| {
        Some(Outcome::Skipped {
            blocked_by: code.to_owned(),
        })
    };
    if profile_ending::needed(facts).is_some_and(|needed| needed == name) {
        return skipped(profile_ending::ENDED.meta.code);
    }
    match facts.credentials.stored(name)?.reference.as_ref()?.state {
        ReferenceState::Unresolved => skipped("STORE-006"),
        ReferenceState::NotAsked => Some(Outcome::NotApplicable {
            why: "its secret was not asked for".to_owned(),
        }),
        ReferenceState::Resolved => None,
    }
}

fn present(facts: &Facts) -> Outcome {
    let aws = &facts.aws;
    let Some(sign) = aws.in_use.first() else {
        return not_in_use();
    };
    if !aws.credentials.is_empty() {
        return Outcome::Pass;
    }
    let set_up = Remedy::manual("Set up Bedrock")
        .command(SET_UP)
        .verify(&["AWS-030"]);
    if sign.place == "profile" {
        if let Some(outcome) = told_elsewhere(facts, &sign.name) {
            return outcome;
        }
        let why = aws
            .obstacle
            .as_deref()
            .unwrap_or("there is no AWS credential behind it");
        let summary = format!("Profile {} reaches no AWS: {why}.", sign.name);
        return Outcome::Fail(
            Finding::new(&sign.name, summary)
                .detail("It is the profile that keywright takes for Amazon Bedrock.")
                .impact("No request can be made with it.")
                .seen("profile", &sign.name)
                .remedy(set_up),
        );
    }
    let place = match sign.place.as_str() {
        "environment" => "the environment",
        place => place,
    };
    let finding = Finding::new(
        &sign.name,
        "Bedrock is switched on, and there is no AWS credential.",
    )
    .detail(format!(
        "{} is set in {place}. Looked at: the variables of AWS, ~/.aws, and the role of a container or workload.",
        sign.name
    ))
    .impact("Claude Code says that all is well until the first request fails.")
    .seen("aws", format!("{} in {}", sign.name, sign.place))
    .remedy(set_up);
    Outcome::Fail(if sign.place == "environment" {
        finding.remedy(
            Remedy::manual("Or switch Bedrock off").command(facts.machine.shell.unset(&sign.name)),
        )
    } else {
        finding
    })
}
