//! STORE-007: do the orders name profiles that exist?

use crate::doctor::action::Action;
use crate::doctor::check::{Category, Check, CheckMeta, Explanation};
use crate::doctor::facts::{Area, Facts, Misnamed};
use crate::doctor::finding::{Finding, Outcome, Remedy};

const CODE: &str = "STORE-007";
/// A profile that is spelt with more different letters is another one.
const LETTERS: usize = 3;

pub const CHECK: Check = Check {
    meta: CheckMeta {
        code: CODE,
        id: "order-known",
        title: "The orders name profiles that exist",
        category: Category::Store,
        needs: &["STORE-001", "STORE-012"],
        facts: &[Area::Credentials, Area::Home],
    },
    explanation: Explanation {
        meaning: "An order says which profiles of a provider are tried, and leaves the others out. A name in it that no profile has is passed over; when no name is left, nothing is used although there may be good profiles.",
        detection: "The `order` of the store is compared with its own profiles, `auth.order` of the configuration with those of the agent and of `main` where it inherits.",
        mending: "Take the name out of the order, or correct it.",
        false_positives: "One `auth.order` for several agents may name profiles that only another agent has.",
    },
    run,
};

fn run(facts: &Facts) -> Outcome {
    let found = &facts.credentials.misnamed;
    let empty = |one: &&Misnamed| {
        let here = one.provider == facts.credentials.provider;
        here && one.known.is_empty() && !one.left_out.is_empty()
    };
    let nothing_used = facts.credentials.effective().is_none() && facts.goes_without().is_none();
    match found.iter().find(empty).filter(|_| nothing_used) {
        Some(worst) => Outcome::Fail(finding(facts, worst)),
        None => found
            .first()
            .map_or(Outcome::Pass, |first| Outcome::Warn(finding(facts, first))),
    }
}

fn finding(facts: &Facts, found: &Misnamed) -> Finding {
    let Misnamed {
        provider,
        unknown,
        known,
        left_out,
        ..
    } = found;
    let path = if found.in_config {
        &facts.home.config.path
    } else {
        &facts.home.store.path
    };
    let names = unknown.join(", ");
    let profile = if unknown.len() == 1 {
        "profile"
    } else {
        "profiles"
    };
    let place = if found.in_config {
        format!("auth.order.{provider}")
    } else {
        format!("order.{provider}")
    };
    let detail = match nearest(&unknown[0], left_out) {
        Some(meant) => {
            format!("{place} in {path} names it. Is {meant} meant, which the order leaves out?")
        }
        None => format!("{place} in {path} names it."),
    };
    let impact = if known.is_empty() {
        "The order leaves nothing to use."
    } else {
        "It is passed over."
    };
    Finding::new(
        provider,
        format!("The order of {provider} names {names}, and there is no such {profile}."),
    )
    .detail(detail)
    .impact(impact)
    .seen("file", path)
    .remedy(remedy(facts, found, (path, &place)))
}

fn remedy(facts: &Facts, found: &Misnamed, (path, place): (&str, &str)) -> Remedy {
    let Misnamed {
        provider,
        known,
        in_config,
        ..
    } = found;
    let word = |text: &str| facts.machine.shell.word(text);
    let keys: &[&str] = if *in_config {
        &["auth", "order", provider]
    } else {
        &["order", provider]
    };
    if known.is_empty() {
        // What is used then is another matter than what was meant.
        let line = if *in_config {
            format!("keywright config unset {}", word(place))
        } else {
            format!("keywright models auth order clear --provider {provider}")
        };
        return Remedy::consent("Take the order out")
            .command(line)
            .action(Action::RemoveKey {
                path: path.to_owned(),
                keys: keys.iter().map(|key| (*key).to_owned()).collect(),
            })
            .verify(&[CODE]);
    }
    let title = "Leave in the order what is there";
    let (remedy, line) = if *in_config {
        let list = word(&serde_json::json!(known).to_string());
        let line = format!("keywright config set {} {list}", word(place));
        // Another agent may have a profile of that name.
        (Remedy::consent(title), line)
    } else {
        let known: Vec<String> = known.iter().map(|id| word(id)).collect();
        let known = known.join(" ");
        let line = format!("keywright models auth order set --provider {provider} {known}");
        (Remedy::safe(title), line)
    };
    remedy
        .command(line)
        .set_key(path, keys, serde_json::json!(known))
        .verify(&[CODE])
}

/// The profile that is spelt nearly like it.
fn nearest<'a>(name: &str, profiles: &'a [String]) -> Option<&'a str> {
    let distance = |id: &&String| strsim::damerau_levenshtein(name, id);
    let nearest = profiles.iter().min_by_key(distance)?;
    (distance(&nearest) <= LETTERS).then_some(nearest)
}
