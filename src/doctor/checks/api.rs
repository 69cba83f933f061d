//! API-001..009: what the API says about the credential. One request, one verdict, one
//! code; `doctor::gate` decides which of these checks may speak, and the words are the provider's.

use super::clock;
use crate::doctor::check::{Category, Check, CheckMeta, Explanation};
use crate::doctor::facts::{Area, Facts, ProbeState};
use crate::doctor::finding::{Finding, Outcome, Remedy, Step};
use crate::provider::verdict::{Reason, Verdict};
use crate::provider::words::{self, Action, Advice};

pub const ACCEPTED: Check = Check {
    meta: meta("API-001", "api-accepted", "The API accepts the credential"),
    explanation: Explanation {
        meaning: "The credential was sent to its own server once, and the server accepted it. This is the proof that shape checks cannot give.",
        detection: "An API key is tried with `GET /v1/models?limit=1`, which costs nothing. With `--probe=paid` one message of one token is sent as well. The other codes of the family name what is known to go wrong; this one fails only for an answer that belongs to none of them.",
        mending: "Look at the server's words in the report, and give the request id to Anthropic's support when they do not help.",
        false_positives: "A server error without a word of its own says nothing about the credential: run it again.",
    },
    run: judge,
};

pub const AUTHENTICATED: Check = Check {
    meta: meta(
        "API-002",
        "api-authenticated",
        "The API knows the credential",
    ),
    explanation: Explanation {
        meaning: "The server answered 401: it does not know the credential. The key was deleted, mistyped or cut, a token has ended, or one kind of credential was sent in the place of another.",
        detection: "The message of the answer tells the variants apart: invalid key, invalid bearer token, ended token, deactivated account.",
        mending: "Set up a new key with `keywright onboard`.",
        false_positives: "A gateway may answer 401 for reasons of its own.",
    },
    run: judge,
};

pub const PERMITTED: Check = Check {
    meta: meta(
        "API-003",
        "api-permitted",
        "The credential may make requests",
    ),
    explanation: Explanation {
        meaning: "The server answered 403: it knows the credential and does not let it do this. A token was revoked or lacks a scope, the role or workspace does not allow it, or requests from this place are not taken.",
        detection: "The message of the answer tells the variants apart.",
        mending: "Ask the administrator of the organization, or use another key.",
        false_positives: "A proxy or firewall may answer 403 in the name of the server.",
    },
    run: judge,
};

pub const PAID: Check = Check {
    meta: meta("API-004", "api-paid", "No billing problem is reported"),
    explanation: Explanation {
        meaning: "The key is good, but its account has no credit left, has reached its own spend limit, or has a problem with a payment.",
        detection: "Answers 400 and 402 about credit and billing. The free request does not always reveal it; `--probe=paid` does, and says what it costs before it runs.",
        mending: "Add credit or raise the limit in the console. Do not replace the key.",
        false_positives: "After a payment it takes some minutes until requests go through.",
    },
    run: judge,
};

pub const ORGANIZATION: Check = Check {
    meta: meta(
        "API-005",
        "api-organization",
        "The organization is not disabled",
    ),
    explanation: Explanation {
        meaning: "The organization that the key belongs to was disabled. Often it is an old key that was forgotten in the environment.",
        detection: "The answer says so in words.",
        mending: "Use a key of another organization, and unset the old one where it is set.",
        false_positives: "None known.",
    },
    run: judge,
};

pub const SUBSCRIPTION: Check = Check {
    meta: meta(
        "API-006",
        "api-subscription",
        "The organization allows access with a subscription",
    ),
    explanation: Explanation {
        meaning: "The organization behind the token or login does not allow access with a Claude subscription: the subscription ended, an administrator switched it off, or the sign-in chose another organization.",
        detection: "The server says so. A subscription token is tried only with `--probe=paid`, by running the unmodified claude program once.",
        mending: "Sign in again and choose the organization that has the subscription, or use an API key.",
        false_positives: "None known.",
    },
    run: judge,
};

pub const EVERYWHERE: Check = Check {
    meta: meta(
        "API-007",
        "api-everywhere",
        "The credential is not for Claude Code alone",
    ),
    explanation: Explanation {
        meaning: "A subscription token was sent by another program than Claude Code. The server turns it away, sometimes with the single word Error and the number of a rate limit. It is no quota, and waiting does not help.",
        detection: "The server says so, or answers 400 or 429 with the message `Error` to a subscription token.",
        mending: "Use an API key for other programs.",
        false_positives: "None known.",
    },
    run: judge,
};

pub const AVAILABLE: Check = Check {
    meta: meta("API-008", "api-available", "The API takes requests now"),
    explanation: Explanation {
        meaning: "The server limits requests or is overloaded at the moment. The credential is not to blame, so this is only a warning.",
        detection: "Answers 429, 529 and 5xx. How long to wait is taken from the answer when it says so.",
        mending: "Wait and run it again.",
        false_positives: "A burst of requests of your own counts too.",
    },
    run: judge,
};

pub const MODEL: Check = Check {
    meta: meta(
        "API-009",
        "api-model",
        "The model that was asked for is there",
    ),
    explanation: Explanation {
        meaning: "The key is good, but it may not use the model that was asked for, or there is no model of that name.",
        detection: "The answer 404 names a model.",
        mending: "Choose a model that the key may use; `keywright onboard` shows the live list.",
        false_positives: "A gateway may know other names.",
    },
    run: judge,
};

const fn meta(code: &'static str, id: &'static str, title: &'static str) -> CheckMeta {
    CheckMeta {
        code,
        id,
        title,
        category: Category::Api,
        needs: &[],
        facts: &[Area::Probe],
    }
}

/// The verdict as an outcome. Called only for the check that the verdict is for.
pub(super) fn judge(facts: &Facts) -> Outcome {
    match &facts.probe.state {
        ProbeState::Asked(verdict) => outcome(facts, verdict),
        ProbeState::NotVerified { why } => Outcome::Info(not_verified(facts, why)),
        ProbeState::NotAsked { why, .. } => Outcome::NotApplicable { why: why.clone() },
    }
}

/// What a verdict says in the words of the provider.
pub(super) fn outcome(facts: &Facts, verdict: &Verdict) -> Outcome {
    match verdict.reason {
        Reason::Works => Outcome::Pass,
        // Neither the key nor this machine is to blame.
        reason if matches!(reason.code(), "API-008" | "API-009") => {
            Outcome::Warn(finding(facts, verdict))
        }
        _ => Outcome::Fail(finding(facts, verdict)),
    }
}

/// Unknown is not healthy, and is said.
fn not_verified(facts: &Facts, why: &str) -> Finding {
    let effective = facts.credentials.effective();
    let subject = effective.map_or("credential", |source| source.place.name());
    Finding::new(
        subject,
        format!("Whether {subject} is accepted was not tried."),
    )
    .detail(format!(
        "{why} `keywright doctor --probe=paid` has it tried."
    ))
    .seen("credential", subject)
    .remedy(
        Remedy::manual("Have claude try it; it costs a little usage")
            .command("keywright doctor --probe=paid")
            .verify(&["API-001"]),
    )
}

/// The verdict in the provider's words, with what the server itself said.
fn finding(facts: &Facts, verdict: &Verdict) -> Finding {
    let words = words::with_clock(verdict, clock::skew(facts));
    let subject = match facts.credentials.effective() {
        Some(source) if verdict.reason.code().starts_with("API-") => source.place.name(),
        _ => &verdict.host,
    };
    let mut finding = Finding::new(subject, words.summary)
        .detail(with_status(verdict))
        .impact(words.why)
        .seen("http", &verdict.host);
    if let Some(id) = &verdict.request_id {
        finding = finding.seen("request-id", id);
    }
    if let Some(variable) = &verdict.variable {
        finding = finding.seen("environment", variable);
    }
    for advice in &words.advice {
        // An advice that goes on with `Then` belongs to the one before it.
        match finding.remedies.last_mut() {
            Some(before) if advice.text.starts_with("Then ") => {
                before.steps.extend(step(facts, advice));
            }
            _ => finding.remedies.push(remedy(facts, verdict.reason, advice)),
        }
    }
    finding
}

/// What the server said, or that it said nothing.
pub(super) fn with_status(verdict: &Verdict) -> String {
    let status = verdict
        .http_status
        .map_or_else(String::new, |status| format!(" with {status}"));
    let host = &verdict.host;
    match &verdict.message {
        Some(message) if status.is_empty() => format!("Trying to reach {host}: {message}"),
        Some(message) => format!("{host} answered{status}: {message}"),
        None if status.is_empty() => format!("{host} gave no usable answer."),
        None => format!("{host} answered{status}."),
    }
}

fn remedy(facts: &Facts, reason: Reason, advice: &Advice) -> Remedy {
    let mut remedy = Remedy::manual(advice.text.trim_end_matches('.'));
    remedy.steps.extend(step(facts, advice));
    let code = reason.code();
    let both = [code, ACCEPTED.meta.code];
    remedy.verify(if code == both[1] { &both[..1] } else { &both })
}

/// What to type or to open, for this user's shell.
pub(super) fn step(facts: &Facts, advice: &Advice) -> Option<Step> {
    Some(match advice.action.as_ref()? {
        Action::Url(url) => Step::Url(url.clone()),
        Action::Command(line) => Step::Command(match line.strip_prefix("unset ") {
            Some(name) => facts.machine.shell.unset(name),
            None => line.clone(),
        }),
    })
}
