//! CLI-004: is the `claude` program new enough?

use crate::doctor::check::{Category, Check, CheckMeta, Explanation};
use crate::doctor::facts::claude::parse_version;
use crate::doctor::facts::{Area, Facts, Install, Method};
use crate::doctor::finding::{Finding, Outcome, Remedy, Step};

/// The first version whose `claude auth login` takes a pasted code, so that it works over SSH.
const FLOOR: (u32, u32, u32) = (2, 1, 126);
/// The first version that takes a new token from the environment after a 401.
const ADVISED: (u32, u32, u32) = (2, 1, 225);

pub const CHECK: Check = Check {
    meta: CheckMeta {
        code: "CLI-004",
        id: "claude-version",
        title: "The claude program is new enough",
        category: Category::Cli,
        needs: &["CLI-001", "CLI-003"],
        facts: &[Area::Claude],
    },
    explanation: Explanation {
        meaning: "Old versions of Claude Code lose logins and cannot sign in over SSH. Below 2.1.126 `claude auth login` takes no pasted code, and older ones can damage the login file; below 2.1.225 a token that was replaced in the environment is not picked up after a 401.",
        detection: "The version comes from `claude --version`, or from where the program's link leads.",
        mending: "Update it.",
        false_positives: "A version that is held back on purpose by whoever manages the machine.",
    },
    run,
};

fn run(facts: &Facts) -> Outcome {
    let Some(install) = facts.claude.winner() else {
        return Outcome::NotApplicable {
            why: "there is no claude program on PATH".to_owned(),
        };
    };
    let Some(text) = install.known_version() else {
        return Outcome::NotApplicable {
            why: "the version of the claude program is not known".to_owned(),
        };
    };
    match parse_version(text) {
        Some(version) if version >= ADVISED => Outcome::Pass,
        Some(version) if version >= FLOOR => Outcome::Info(
            outdated(install, text, "2.1.225", "An update is advised").impact(
                "A token that is replaced in the environment is not picked up after a 401.",
            ),
        ),
        Some(_) => Outcome::Warn(
            outdated(install, text, "2.1.126", "The claude program is too old")
                .impact("Signing in over SSH does not work, and a login can be damaged."),
        ),
        None => Outcome::NotApplicable {
            why: "the claude program's version has an unknown form".to_owned(),
        },
    }
}

fn outdated(install: &Install, version: &str, floor: &str, summary: &str) -> Finding {
    let update = match install.method {
        Method::Npm => Step::Command("npm install -g @anthropic-ai/claude-code@latest".to_owned()),
        Method::Homebrew => Step::Command("brew upgrade --cask claude-code".to_owned()),
        Method::System => {
            Step::Edit("Update the package claude-code with your package manager.".to_owned())
        }
        Method::Native | Method::LegacyLocal | Method::Unknown => {
            Step::Command("claude update".to_owned())
        }
    };
    Finding::new(&install.path, format!("{summary}: {version}."))
        .detail(format!(
            "{} is {version}; {floor} or newer is better.",
            install.path
        ))
        .seen("program", &install.path)
        .remedy(
            Remedy::manual("Update Claude Code")
                .step(update)
                .verify(&["CLI-004"]),
        )
}
