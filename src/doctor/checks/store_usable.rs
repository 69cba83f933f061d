//! STORE-009: is there a credential that can be used?

use crate::doctor::check::{Category, Check, CheckMeta, Explanation};
use crate::doctor::facts::{Area, Credentials, Facts};
use crate::doctor::finding::{Finding, Outcome, Remedy};

pub const CHECK: Check = Check {
    meta: CheckMeta {
        code: "STORE-009",
        id: "store-usable",
        title: "There is a usable credential",
        category: Category::Store,
        needs: &["STORE-001", "STORE-012"],
        facts: &[Area::Credentials, Area::ClaudeCode, Area::Aws],
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
        let finding = Finding::new(
            &credentials.provider,
            "The credential that was asked for cannot be used.",
        )
        .detail(format!("{problem}."));
        return Outcome::Fail(mended(credentials, finding));
    }
    if credentials.effective().is_some() {
        return Outcome::Pass;
    }
    if let Some(why) = facts.goes_without() {
        return Outcome::NotApplicable {
            why: why.to_owned(),
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
