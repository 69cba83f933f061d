//! API-010: are the profiles accepted that were asked for by name? Each was tried with its own
//! credential alone.

use super::api;
use crate::doctor::check::{Category, Check, CheckMeta, Explanation};
use crate::doctor::facts::{Area, Facts, Pinned, ProbeState};
use crate::doctor::finding::{Finding, Outcome, Remedy, Step};
use crate::provider::verdict::{self, Verdict};
use crate::provider::words;

const CODE: &str = "API-010";

pub const CHECK: Check = Check {
    meta: CheckMeta {
        code: CODE,
        id: "profiles-accepted",
        title: "The profiles that were asked for are accepted",
        category: Category::Api,
        needs: &[],
        facts: &[Area::Probe],
    },
    explanation: Explanation {
        meaning: "A store can hold more profiles than the one in use, and a revoked key among them is found out only when it is needed. `keywright doctor --probe-profile ID` tries a profile, `--probe-profile all` every one.",
        detection: "Each profile is tried with its own credential and nothing else, several at once, and all of them end at one time. It is sent where the environment and the profile say; Claude Code's settings have no part in it, because other programs do not know them. Nothing is rotated, cooled down or written. The report lists every answer with its status, how long it took and its request id.",
        mending: "Replace the credential of the profile that is refused, or remove the profile.",
        false_positives: "A server that is busy says nothing of a credential: that is a warning.",
    },
    run,
};

/// A profile that is not accepted, and why.
struct Trouble<'a> {
    profile: &'a Pinned,
    /// `None` where nothing could be asked.
    verdict: Option<&'a Verdict>,
    words: String,
}

fn run(facts: &Facts) -> Outcome {
    let asked = &facts.probe.pinned;
    if asked.is_empty() {
        return Outcome::NotApplicable {
            why: "no profile was asked for by name".to_owned(),
        };
    }
    let mut troubles: Vec<Trouble<'_>> = asked.iter().filter_map(trouble).collect();
    // What passes by itself comes last.
    troubles.sort_by_key(is_busy);
    if troubles.is_empty() {
        let untried = asked.iter().find_map(untried);
        return untried.map_or(Outcome::Pass, Outcome::Info);
    }
    let no_way = |trouble: &Trouble<'_>| {
        let code = trouble.verdict.map(|verdict| verdict.reason.code());
        code.filter(|code| code.starts_with("NET-"))
    };
    let same = facts.connection().map(|verdict| verdict.reason.code());
    if let Some(code) = same.filter(|code| troubles.iter().all(|one| no_way(one) == Some(code))) {
        return Outcome::Skipped {
            blocked_by: code.to_owned(),
        };
    }
    let finding = finding(facts, &troubles);
    if troubles.iter().any(|trouble| !is_busy(trouble)) {
        Outcome::Fail(finding)
    } else {
        Outcome::Warn(finding)
    }
}

/// Neither the credential nor this machine is to blame.
fn is_busy(trouble: &Trouble<'_>) -> bool {
    trouble.verdict.is_some_and(|verdict| {
        let code = verdict.reason.code();
        let limited = verdict.outcome() == verdict::Outcome::Limited;
        matches!(code, "API-008" | "API-009") || (code.starts_with("AWS-") && limited)
    })
}

fn trouble(profile: &Pinned) -> Option<Trouble<'_>> {
    let (verdict, words) = match &profile.state {
        ProbeState::Asked(verdict) if verdict.outcome() == verdict::Outcome::Works => return None,
        ProbeState::Asked(verdict) => {
            let milliseconds = verdict.elapsed.as_millis();
            let said = api::with_status(verdict);
            let code = verdict.reason.code();
            let said = said.trim_end_matches('.');
            (
                Some(verdict.as_ref()),
                format!("{said} ({code}, {milliseconds} ms)"),
            )
        }
        // Only what this check reports: the rest has its reason and no fault.
        ProbeState::NotAsked {
            why,
            blocked_by: Some(_),
        } => (None, format!("not tried: {why}")),
        ProbeState::NotAsked { .. } | ProbeState::NotVerified { .. } => return None,
    };
    Some(Trouble {
        profile,
        verdict,
        words,
    })
}

/// A profile that cannot be tried, and is not to blame for it.
fn untried(profile: &Pinned) -> Option<Finding> {
    let why = match &profile.state {
        ProbeState::Asked(_) => return None,
        ProbeState::NotAsked { why, .. } | ProbeState::NotVerified { why } => why,
    };
    let id = &profile.profile;
    let finding = Finding::new(id, format!("Whether {id} is accepted was not tried."));
    Some(finding.detail(why).seen("profile", id))
}

fn finding(facts: &Facts, troubles: &[Trouble<'_>]) -> Finding {
    let first = &troubles[0];
    let summary = match troubles.len() {
        1 => format!("The profile {} is not accepted.", first.profile.profile),
        some => format!("{some} profiles that were asked for are not accepted."),
    };
    let lines = troubles
        .iter()
        .map(|one| format!("{}: {}.", one.profile.profile, one.words));
    let detail = lines.collect::<Vec<_>>().join(" ");
    let mut finding = Finding::new(&first.profile.profile, summary).detail(detail);
    for trouble in troubles {
        finding = finding.seen("profile", &trouble.profile.profile);
        if let Some(id) = trouble
            .verdict
            .and_then(|verdict| verdict.request_id.as_ref())
        {
            finding = finding.seen("request-id", id);
        }
        finding = finding.remedy(remedy(facts, trouble));
    }
    finding
}

/// The provider's best advice, or what else is to be done with that profile.
fn remedy(facts: &Facts, trouble: &Trouble<'_>) -> Remedy {
    let id = &trouble.profile.profile;
    let remedy = |title: String| Remedy::manual(title).verify(&[CODE]);
    let Some(verdict) = trouble.verdict else {
        return remedy(format!("{id}: see what is stored")).command("keywright models status");
    };
    let advice = words::of_provider(&trouble.profile.provider, verdict).advice;
    let Some((first, rest)) = advice.split_first() else {
        return remedy(format!("{id}: run it again"));
    };
    // What begins with `Then` goes on with the advice before it.
    let rest = rest.iter().take_while(|one| one.text.starts_with("Then "));
    let start = remedy(format!("{id}: {}", first.text.trim_end_matches('.')));
    let steps = std::iter::once(first).chain(rest);
    let steps = steps.filter_map(|advice| api::step(facts, advice));
    steps.fold(start, |remedy, step| match step {
        Step::Command(line)
            if line.starts_with("keywright onboard")
                || line.starts_with("keywright models auth paste") =>
        {
            let id = facts.machine.shell.word(id);
            remedy.command(format!("{line} --profile-id {id}"))
        }
        Step::Command(line) if line == "keywright doctor" => {
            let id = facts.machine.shell.word(id);
            remedy.command(format!("{line} --probe-profile {id}"))
        }
        step => remedy.step(step),
    })
}
