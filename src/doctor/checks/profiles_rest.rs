//! STORE-010: is there a profile that does not rest?

use crate::doctor::check::{Category, Check, CheckMeta, Explanation};
use crate::doctor::facts::{Area, Facts, StoredProfile};
use crate::doctor::finding::{Finding, Outcome, Remedy};

const CODE: &str = "STORE-010";

pub const CHECK: Check = Check {
    meta: CheckMeta {
        code: CODE,
        id: "profiles-rest",
        title: "Not every profile rests",
        category: Category::Store,
        needs: &["STORE-001", "STORE-012"],
        facts: &[Area::Credentials, Area::ClaudeCode, Area::Aws, Area::Home],
    },
    explanation: Explanation {
        meaning: "A profile that its provider limits rests for a while (`cooldown`), and one without credit or that was refused rests longer (`disabled`), so that the next one is taken. When every profile of the provider rests, nothing is left to take.",
        detection: "`state/usage.json` of keywright's folder says which profiles rest, and until when. A profile that a person chose, as the active account or by `--profile`, is used all the same.",
        mending: "Wait, or end the pause with `keywright models auth reset ID` once the cause is gone, such as after credit was bought. Another credential, added with `keywright onboard`, helps at once.",
        false_positives: "The provider may take requests again before the pause ends.",
    },
    run,
};

fn run(facts: &Facts) -> Outcome {
    let credentials = &facts.credentials;
    let resting: Vec<&StoredProfile> = credentials
        .profiles
        .iter()
        .filter(|profile| rests(profile) && profile.provider == credentials.provider)
        .collect();
    if credentials.effective().is_none()
        && let Some((first, others)) = resting.split_first()
    {
        return Outcome::Fail(all_rest(facts, first, others));
    }
    let of_another = |profile: &&StoredProfile| {
        rests(profile) && profile.wanted && profile.provider != credentials.provider
    };
    if let Some(profile) = credentials.profiles.iter().find(of_another) {
        return Outcome::Warn(all_rest(facts, profile, &[]));
    }
    match &credentials.usage_problem {
        Some(problem) => Outcome::Warn(unreadable(facts, problem)),
        None => Outcome::Pass,
    }
}

fn rests(profile: &StoredProfile) -> bool {
    matches!(profile.reason.as_str(), "cooldown" | "disabled")
}

fn all_rest(facts: &Facts, first: &StoredProfile, others: &[&StoredProfile]) -> Finding {
    let provider = &first.provider;
    let all = || std::iter::once(&first).chain(others);
    let detail: Vec<String> = all()
        .map(|profile| {
            let why = profile.obstacle.as_deref().unwrap_or("it rests");
            format!("{}: {why}.", profile.id)
        })
        .collect();
    let summary = format!("Every profile of {provider} that could be used rests.");
    let finding = Finding::new(&first.id, summary)
        .detail(detail.join(" "))
        .impact("No request is made until a pause ends.");
    let finding = all().fold(finding, |finding, profile| {
        finding.seen("profile", &profile.id)
    });
    let word = |profile: &StoredProfile| facts.machine.shell.word(&profile.id);
    let reset = Remedy::manual("End the pause, when its cause is gone")
        .command(format!("keywright models auth reset {}", word(first)));
    finding.remedy(reset.verify(&[CODE, "STORE-009"])).remedy(
        Remedy::manual("Add another credential")
            .command("keywright onboard")
            .verify(&[CODE, "STORE-009"]),
    )
}

fn unreadable(facts: &Facts, problem: &str) -> Finding {
    let finding = Finding::new("usage.json", format!("Which profiles rest is not known: {problem}."))
        .detail("The file holds when profiles were used and which of them rest; nothing that cannot be lost.")
        .impact("A profile that rests may be taken.");
    let Some(home) = &facts.home.path else {
        return finding;
    };
    let path = format!("{home}/state/usage.json");
    let line = format!("mv {0} {0}.broken", facts.machine.shell.word(&path));
    finding.seen("file", &path).remedy(
        Remedy::manual("Move it away; it is made anew")
            .command(line)
            .verify(&[CODE]),
    )
}
