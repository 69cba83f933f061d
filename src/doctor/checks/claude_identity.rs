//! CFG-004: does a profile of Anthropic's own tools stand in the way?

use crate::doctor::check::{Category, Check, CheckMeta, Explanation};
use crate::doctor::facts::{Area, Facts};
use crate::doctor::finding::{Finding, Outcome, Remedy};

const NAME: &str = "ANTHROPIC_PROFILE";

pub const CHECK: Check = Check {
    meta: CheckMeta {
        code: "CFG-004",
        id: "claude-identity",
        title: "No leftover profile or identity stands before the login",
        category: Category::Cfg,
        needs: &[],
        facts: &[Area::ClaudeCode],
    },
    explanation: Explanation {
        meaning: "ANTHROPIC_PROFILE and the variables of a workload identity stand before a login. When they name something that is not there, Claude Code says only that nobody is logged in.",
        detection: "The name in ANTHROPIC_PROFILE is looked for among the profiles in the folder of Anthropic's tools (~/.config/anthropic). A missing one is a failure. Variables of a workload identity beside a login are a warning.",
        mending: "Unset the variable, or make the profile again with `ant auth login`.",
        false_positives: "An identity that is meant to be used in place of the login.",
    },
    run,
};

fn run(facts: &Facts) -> Outcome {
    let identity = &facts.claude_code.identity;
    if let Some(profile) = &identity.profile
        && !identity.known.contains(profile)
    {
        return Outcome::Fail(missing(facts, profile));
    }
    let login = facts.claude_code.login();
    match identity.variables.first() {
        Some(name) if login.is_some() => Outcome::Warn(
            Finding::new(name, "A workload identity stands before the login.")
                .detail(format!("Set here: {}.", identity.variables.join(", ")))
                .impact("Claude Code uses the identity and leaves its login aside.")
                .seen("environment", name)
                .remedy(identity.variables.iter().fold(
                    Remedy::manual("Unset what is not meant").verify(&["CFG-004"]),
                    |remedy, name| remedy.command(facts.machine.shell.unset(name)),
                )),
        ),
        Some(_) => Outcome::Pass,
        None if identity.profile.is_some() => Outcome::Pass,
        None => Outcome::NotApplicable {
            why: "no profile or identity is named".to_owned(),
        },
    }
}

fn missing(facts: &Facts, profile: &str) -> Finding {
    let identity = &facts.claude_code.identity;
    let known = if identity.known.is_empty() {
        format!("{} has no profiles.", identity.folder)
    } else {
        format!("{} has: {}.", identity.folder, identity.known.join(", "))
    };
    Finding::new(
        NAME,
        format!("{NAME} names a profile that is not there: {profile}."),
    )
    .detail(known)
    .impact("Claude Code says that nobody is logged in, and does not name the profile.")
    .seen("environment", NAME)
    .seen("file", &identity.folder)
    .remedy(
        Remedy::manual("Unset it")
            .command(facts.machine.shell.unset(NAME))
            .verify(&["CFG-004"]),
    )
    .remedy(Remedy::manual("Or make the profile again").command("ant auth login"))
}
