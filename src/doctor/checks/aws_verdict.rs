//! AWS-010, AWS-012 and AWS-020..024: what AWS says about the credential and the model. One
//! series of calls, one verdict, one code; `doctor::gate` decides which of these checks may speak.

use super::api::{step, with_status};
use super::aws_local::{SET_UP, stored_anew};
use crate::doctor::check::{Category, Check, CheckMeta, Explanation};
use crate::doctor::facts::{Area, Facts};
use crate::doctor::finding::{Finding, Outcome, Remedy, Step};
use crate::provider::verdict::{self, Reason, Verdict};
use crate::provider::words;

pub const IDENTITY: Check = Check {
    meta: meta("AWS-010", "aws-identity", "AWS knows the credential"),
    explanation: Explanation {
        meaning: "AWS answers who a credential belongs to. When it does not know the access key, or the signature does not fit, nothing else can work.",
        detection: "Keys are tried with STS GetCallerIdentity, which costs nothing and needs no permission; a Bedrock API key is tried at Bedrock itself. Unknown key, wrong secret, ended token and wrong clock are told apart by AWS's own codes.",
        mending: "Enter the key again, with its session token when it is temporary, or sign in again.",
        false_positives: "A region that has to be switched on first refuses good keys.",
    },
    run: judge,
};

pub const ALLOWED: Check = Check {
    meta: meta(
        "AWS-012",
        "aws-allowed",
        "The permissions for Bedrock are there",
    ),
    explanation: Explanation {
        meaning: "AWS knows the credential, and a policy does not allow it to use Bedrock. Claude Code needs InvokeModel, InvokeModelWithResponseStream, ListInferenceProfiles and GetInferenceProfile.",
        detection: "The lists of models and inference profiles are asked for, and the tokens of a request are counted. The answer names the action and the resource, and whether a policy denies it outright. What only keywright asks for informs only.",
        mending: "Have the action allowed by whoever manages the account.",
        false_positives: "A policy may allow the model alone and no list: then only the lists are missing. Whether the model itself may be called is AWS-024, with `--probe=paid`.",
    },
    run: judge,
};

pub const FORM: Check = Check {
    meta: meta("AWS-020", "aws-model-id", "The model id fits the region"),
    explanation: Explanation {
        meaning: "Newer models are not reached by their bare id but through an inference profile of a group of regions, such as us., eu. or global. in front of it.",
        detection: "The id in use is compared with the lists of the region, and the server's answer is read.",
        mending: "Put the id of the inference profile in its place.",
        false_positives: "A list that may not be asked for cannot be compared.",
    },
    run: judge,
};

pub const ENTITLED: Check = Check {
    meta: meta(
        "AWS-021",
        "aws-model-access",
        "The account has access to the model",
    ),
    explanation: Explanation {
        meaning: "An account gets access to a model once, for each region, before it can call it.",
        detection: "Bedrock is asked about the availability of the model, and the answer of a call is read.",
        mending: "Open the model catalogue of Bedrock in that region and request access.",
        false_positives: "Access takes some minutes to arrive.",
    },
    run: judge,
};

pub const INTRODUCED: Check = Check {
    meta: meta(
        "AWS-022",
        "aws-use-case",
        "Anthropic's use-case form was sent",
    ),
    explanation: Explanation {
        meaning: "Anthropic asks each AWS account once for a short description of its use.",
        detection: "Bedrock says that the details have not been submitted.",
        mending: "Send the form from the model's page in the Bedrock console.",
        false_positives: "Access comes some minutes after the form.",
    },
    run: judge,
};

pub const CURRENT: Check = Check {
    meta: meta("AWS-023", "aws-model-current", "The model is not closed"),
    explanation: Explanation {
        meaning: "Old models are marked as legacy, and closed to accounts that did not use them lately; in the end they are gone.",
        detection: "The list of the region and the server's answer say so.",
        mending: "Choose a current model.",
        false_positives: "None known.",
    },
    run: judge,
};

pub const SERVED: Check = Check {
    meta: meta("AWS-024", "aws-served", "Bedrock takes requests now"),
    explanation: Explanation {
        meaning: "A policy does not allow the call of the model, Bedrock limits the account or is busy, or the model failed. The credential itself is known.",
        detection: "Answers about permission, throttling, quotas and time-outs. A missing permission to call the model is a failure, the rest are warnings. The model is called with `--probe=paid` only.",
        mending: "Have the action allowed that is named; else wait and try again, and when it stays, ask for a higher quota.",
        false_positives: "A burst of requests of your own counts too.",
    },
    run: judge,
};

const fn meta(code: &'static str, id: &'static str, title: &'static str) -> CheckMeta {
    CheckMeta {
        code,
        id,
        title,
        category: Category::Aws,
        needs: &[
            "AWS-001", "AWS-002", "AWS-003", "AWS-004", "AWS-005", "AWS-011", "AWS-030",
        ],
        facts: &[Area::Aws, Area::Bedrock, Area::Environment],
    }
}

/// The verdict as an outcome. Called only for the check that the verdict is for.
fn judge(facts: &Facts) -> Outcome {
    let Some(verdict) = &facts.bedrock.verdict else {
        return Outcome::NotApplicable {
            why: facts.bedrock.why.clone(),
        };
    };
    match (verdict.reason, verdict.reason.outcome()) {
        (Reason::Works, _) => Outcome::Pass,
        (Reason::AwsListNotAllowed, _) if !needed(verdict) => {
            Outcome::Info(finding(facts, verdict))
        }
        (reason, verdict::Outcome::Limited | verdict::Outcome::Undetermined)
            if [ALLOWED.meta.code, SERVED.meta.code].contains(&reason.code()) =>
        {
            Outcome::Warn(finding(facts, verdict))
        }
        _ => Outcome::Fail(finding(facts, verdict)),
    }
}

/// Claude Code itself asks for what was not allowed; unknown counts as needed.
fn needed(verdict: &Verdict) -> bool {
    let action = verdict.subject.action.as_deref().unwrap_or_default();
    let ours = ["ListFoundationModels", "CountTokens"];
    !ours.iter().any(|name| action.ends_with(name))
}

/// What AWS said, where that is for the local check of `code`, which found nothing by itself: a
/// region that is switched off, an ended session. Only known when AWS was asked for other checks.
pub(super) fn or_told(facts: &Facts, code: &str, local: Outcome) -> Outcome {
    let silent = !matches!(local, Outcome::Warn(_) | Outcome::Fail(_));
    let verdict = facts.bedrock.verdict.as_ref();
    match verdict.filter(|verdict| silent && verdict.reason.code() == code) {
        Some(verdict) => Outcome::Fail(finding(facts, verdict)),
        None => local,
    }
}

fn finding(facts: &Facts, verdict: &Verdict) -> Finding {
    let words = words::of(verdict);
    let aws = &facts.aws;
    let used = aws.credentials.first();
    let subject = used.map_or(verdict.host.as_str(), |used| &used.locator);
    let mut finding = Finding::new(subject, words.summary)
        .detail(with_status(verdict))
        .impact(words.why)
        .seen("http", &verdict.host);
    if let Some(used) = used {
        finding = finding.seen("aws", &used.place);
    }
    if let Some(id) = &verdict.request_id {
        finding = finding.seen("request-id", id);
    }
    if let Some(identity) = &facts.bedrock.identity {
        finding = finding.seen("identity", identity);
    }
    for advice in &words.advice {
        let mut remedy = Remedy::manual(advice.text.trim_end_matches('.'));
        match step(facts, advice) {
            Some(Step::Command(line)) if line == SET_UP => {
                remedy = set_up(facts, verdict, remedy);
            }
            step => remedy.steps.extend(step),
        }
        finding
            .remedies
            .push(remedy.verify(&[verdict.reason.code()]));
    }
    finding
}

/// Sets up what the verdict is about, where it comes from.
fn set_up(facts: &Facts, verdict: &Verdict, remedy: Remedy) -> Remedy {
    const MODEL: &str = "ANTHROPIC_MODEL";
    let shell = facts.machine.shell;
    if !verdict.reason.code().starts_with("AWS-02") {
        return stored_anew(facts, remedy);
    }
    match &verdict.subject.other_model {
        _ if !facts.aws.model_of_environment => remedy.command(SET_UP),
        Some(other) => remedy.command(shell.export(MODEL, other)),
        None => remedy.command(shell.unset(MODEL)),
    }
}
