//! STORE-005: can every stored profile be used?

use crate::doctor::check::{Category, Check, CheckMeta, Explanation};
use crate::doctor::facts::{Area, Facts, StoredProfile};
use crate::doctor::finding::{Finding, Outcome, Remedy};
use crate::provider::bedrock;

const CODE: &str = "STORE-005";
/// The reasons that lie in the profile itself and that no other check tells.
const REASONS: &[&str] = &[
    "missing_credential",
    "malformed_api_key",
    "invalid_expires",
    "ineligible_profile",
];

pub const CHECK: Check = Check {
    meta: CheckMeta {
        code: CODE,
        id: "profile-eligible",
        title: "Every stored profile can be used",
        category: Category::Store,
        needs: &["STORE-001", "STORE-012"],
        facts: &[Area::Credentials],
    },
    explanation: Explanation {
        meaning: "A profile without a credential, of a type that this version does not know, or with a time of expiry that is none is passed over, and nobody notices until it is the one that is needed. The reason codes are those of `keywright models status --json`: missing_credential, malformed_api_key, invalid_expires, ineligible_profile.",
        detection: "Every profile of the agent, and of `main` where the agent inherits, is judged as it is when a credential is chosen. Profiles that an order leaves out, and those that have expired, are not meant.",
        mending: "Give the profile a credential, or remove it.",
        false_positives: "A profile that another program keeps in the same file, and that keywright has no use for.",
    },
    run,
};

fn run(facts: &Facts) -> Outcome {
    let nothing_used = facts.credentials.effective().is_none() && facts.goes_without().is_none();
    let missed = |profile: &StoredProfile| {
        let here = profile.provider == facts.credentials.provider;
        nothing_used && here && profile.wanted
    };
    let profiles = facts.credentials.profiles.iter();
    let mut found: Vec<_> = profiles
        .filter(|profile| concerns(facts, profile))
        .collect();
    found.sort_by_key(|profile| (!missed(profile), is_unknown(profile)));
    let Some((first, others)) = found.split_first() else {
        return Outcome::Pass;
    };
    let finding = finding(facts, first, others);
    if missed(first) {
        Outcome::Fail(finding)
    } else if is_unknown(first) {
        Outcome::Info(finding)
    } else {
        Outcome::Warn(finding)
    }
}

/// It may be for another program, or for a newer keywright.
fn is_unknown(profile: &StoredProfile) -> bool {
    profile.reason == "ineligible_profile"
}

/// What a key in use looks like is told by CRED-030, and the profile that is taken for Bedrock by
/// AWS-030.
fn concerns(facts: &Facts, profile: &StoredProfile) -> bool {
    let own = profile.provider == facts.credentials.provider;
    let told = (own && profile.reason == "malformed_api_key")
        || (profile.provider == bedrock::ID && profile.wanted);
    REASONS.contains(&profile.reason.as_str()) && !told
}

fn finding(facts: &Facts, first: &StoredProfile, others: &[&StoredProfile]) -> Finding {
    let why = first.obstacle.as_deref().unwrap_or("it is not eligible");
    let id = &first.id;
    let detail = if others.is_empty() {
        format!("Its reason code is {}.", first.reason)
    } else {
        let others: Vec<String> = others
            .iter()
            .map(|other| format!("{} ({})", other.id, other.reason))
            .collect();
        let others = others.join(", ");
        format!(
            "Its reason code is {}. The same goes for {others}.",
            first.reason
        )
    };
    let finding = Finding::new(id, format!("The profile {id} cannot be used: {why}."))
        .detail(detail)
        .impact("It is passed over when a credential is chosen.");
    let finding = std::iter::once(&first)
        .chain(others)
        .fold(finding, |finding, profile| {
            finding.seen("profile", &profile.id)
        });
    if is_unknown(first) {
        return finding;
    }
    let word = facts.machine.shell.word(id);
    if first.provider != facts.credentials.provider {
        return finding.remedy(
            Remedy::manual("Remove it")
                .command(format!("keywright models auth remove {word}"))
                .verify(&[CODE]),
        );
    }
    finding.remedy(
        Remedy::manual("Give it a credential")
            .command(format!(
                "keywright onboard --flow api-key --profile-id {word} --replace"
            ))
            .verify(&[CODE, "API-001"]),
    )
}
