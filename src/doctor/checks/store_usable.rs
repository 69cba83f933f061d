//! STORE-009: is there a credential that can be used?

use crate::doctor::check::{Category, Check, CheckMeta, Explanation};
use crate::doctor::facts::{Area, Credentials, Facts, SourceKind};
use crate::doctor::finding::{Finding, Outcome, Remedy};
use crate::variables;

use super::{
    claude_files, environment_slots, environment_values, key_shape, keychain, login, order_known,
    profile_eligible, profile_ending, profiles_rest, reference_resolves, store_access,
};

/// What says of a credential why it cannot be used; the subject is where it is.
const VALUES: &[&Check] = &[
    &environment_slots::CHECK,
    &environment_values::CHECK,
    &key_shape::CHECK,
    &profile_eligible::CHECK,
    &reference_resolves::CHECK,
];
/// What says of a login that it is none, the cause of others first.
const LOGINS: &[&Check] = &[
    &keychain::UNLOCKED,
    &login::OWN,
    &login::READABLE,
    &login::ALIVE,
    &login::FILLED,
    &login::INFERENCE,
];

pub const CHECK: Check = Check {
    meta: CheckMeta {
        code: "STORE-009",
        id: "store-usable",
        title: "There is a usable credential",
        category: Category::Store,
        needs: &["STORE-001", "STORE-012"],
        facts: &[
            Area::Credentials,
            Area::ClaudeCode,
            Area::Aws,
            Area::Environment,
            Area::Home,
        ],
    },
    explanation: Explanation {
        meaning: "For the provider in use there must be one credential that can be used: a profile of the agent's store, or a variable of the environment. Each agent has its own store.",
        detection: "Every source is looked at in the order in which keywright takes them; the finding names the agent, the provider, each place that was looked at, and why a credential that is there cannot be used. Whether the server accepts it is API-001 and the codes after it.",
        mending: "Set one up with `keywright onboard`.",
        false_positives: "Other programs that bring a login of their own may work all the same. Where Claude Code has a login, a helper or a key of its own here, or a cloud provider is switched on, keywright needs no credential of its own.",
    },
    run,
};

fn run(facts: &Facts) -> Outcome {
    let credentials = &facts.credentials;
    if let Some(problem) = &credentials.problem {
        let named = |path: &str| problem.contains(path);
        if store_access::in_the_way(facts, named) {
            return Outcome::Skipped {
                blocked_by: store_access::CHECK.meta.code.to_owned(),
            };
        }
        let finding = Finding::new(
            &credentials.provider,
            "The credential that was asked for cannot be used.",
        )
        .detail(format!("{problem}."));
        return Outcome::Fail(mended(credentials, unpinned(facts, finding)));
    }
    if credentials.effective().is_some() {
        return Outcome::Pass;
    }
    if let Some(why) = facts.goes_without() {
        return Outcome::NotApplicable {
            why: why.to_owned(),
        };
    }
    if let Some(code) = cause(facts) {
        return Outcome::Skipped {
            blocked_by: code.to_owned(),
        };
    }
    let finding = Finding::new(
        &credentials.provider,
        format!(
            "There is no usable credential for {}, agent {}.",
            credentials.provider, credentials.agent
        ),
    )
    .detail(detail(credentials))
    .impact("No request can be made.");
    Outcome::Fail(mended(credentials, finding))
}

/// The check that says by itself why a credential that is here cannot be used: what mends it there
/// mends it here.
fn cause(facts: &Facts) -> Option<&'static str> {
    let sources = &facts.credentials.sources;
    let failed = |check: &Check| match (check.run)(facts) {
        Outcome::Fail(finding) => Some(finding.subject),
        _ => None,
    };
    let of_value = VALUES.iter().find(|check| {
        let named = failed(check);
        let named = |place: &str| named.as_deref() == Some(place);
        sources.iter().any(|source| named(source.place.name()))
    });
    let a_login = sources
        .iter()
        .any(|source| source.kind == SourceKind::Login);
    let of_login = || LOGINS.iter().find(|check| failed(check).is_some());
    let of_order = || {
        [&profiles_rest::CHECK, &order_known::CHECK]
            .into_iter()
            .find(|check| failed(check).is_some())
    };
    let found = of_value.or_else(|| a_login.then(of_login).flatten());
    let ended = || Some(&profile_ending::ENDED).filter(|_| profile_ending::needed(facts).is_some());
    let hidden = || Some(&claude_files::FOLDER).filter(|check| failed(check).is_some());
    let found = found.copied().or_else(ended).or_else(of_order);
    found.or_else(hidden).map(|check| check.meta.code)
}

/// What is there and cannot be used, and every place that was looked at.
fn detail(credentials: &Credentials) -> String {
    let mut words: Vec<String> = credentials
        .sources
        .iter()
        .map(|source| {
            let why = source.unusable.as_deref().unwrap_or("not chosen");
            format!("{} cannot be used ({why}).", source.place.words())
        })
        .collect();
    if !credentials.looked_at.is_empty() {
        words.push(format!("Looked at: {}.", credentials.looked_at.join(", ")));
    }
    words.join(" ")
}

/// What is chosen by a variable is used or nothing is.
fn unpinned(facts: &Facts, finding: Finding) -> Finding {
    let pins = [variables::PROFILE, variables::ACCOUNT];
    let pins = pins
        .into_iter()
        .filter(|name| facts.environment.value(name).is_some());
    pins.fold(finding, |finding, name| {
        finding.seen("environment", name).remedy(
            Remedy::manual(format!("Unset {name}, so that keywright chooses"))
                .command(facts.machine.shell.unset(name))
                .verify(&["STORE-009", "API-001"]),
        )
    })
}

fn mended(credentials: &Credentials, finding: Finding) -> Finding {
    credentials
        .sources
        .iter()
        .fold(finding, |finding, source| {
            finding.seen("credential", source.place.words())
        })
        .remedy(
            Remedy::manual("Set up a credential")
                .command("keywright onboard")
                .verify(&["STORE-009", "API-001"]),
        )
}
