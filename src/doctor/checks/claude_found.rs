//! CLI-001: is there a `claude` program that a shell finds?

use crate::doctor::check::{Category, Check, CheckMeta, Explanation};
use crate::doctor::facts::{Area, Facts, Install, Ran, Shell, Source, SourceKind};
use crate::doctor::finding::{Finding, Outcome, Remedy, Step};
use crate::variables;

pub const CHECK: Check = Check {
    meta: CheckMeta {
        code: "CLI-001",
        id: "claude-found",
        title: "The claude program is found",
        category: Category::Cli,
        needs: &[],
        facts: &[Area::Claude, Area::Credentials],
    },
    explanation: Explanation {
        meaning: "Claude Code is the program `claude`. A subscription token or login can be used by that program only, so without it such a credential is of no use. An API key works without it: then a missing program is mentioned and nothing more.",
        detection: "Every folder of PATH is searched, then the usual places (~/.local/bin, ~/.claude/local, npm's, Homebrew's, /usr/bin). It is a failure when the credential in use is a subscription token or login, a warning when the program is there but not on PATH, else information.",
        mending: "Install Claude Code, or put its folder on PATH.",
        false_positives: "An alias or shell function named `claude` is CLI-005. A service may have another PATH than this shell.",
    },
    run,
};

fn run(facts: &Facts) -> Outcome {
    if facts.claude.winner().is_some() {
        return Outcome::Pass;
    }
    let needed = facts.credentials.effective().is_some_and(for_claude_only);
    // What leads nowhere, or is no program, is no installation.
    let there = |install: &&Install| !matches!(install.ran, Ran::Dangling | Ran::NotExecutable);
    match facts.claude.installs.iter().find(there) {
        Some(install) if needed => Outcome::Fail(not_on_path(facts, install)),
        Some(install) => Outcome::Warn(not_on_path(facts, install)),
        None if needed => Outcome::Fail(missing(facts).impact(
            "The credential in use may be handed to the claude program only, so nothing can use it.",
        )),
        None => Outcome::Info(missing(facts).impact(
            "API keys work without it; only Claude Code itself cannot be started.",
        )),
    }
}

/// A subscription credential; a bearer token for a gateway is for any program.
fn for_claude_only(source: &Source) -> bool {
    match source.kind {
        SourceKind::Login => true,
        SourceKind::Token => source.place.name() != variables::ANTHROPIC_AUTH_TOKEN,
        SourceKind::ApiKey | SourceKind::Aws | SourceKind::Unknown => false,
    }
}

fn missing(facts: &Facts) -> Finding {
    let places = facts.claude.searched.join(", ");
    let mut finding =
        Finding::new("claude", "The claude program is not installed.").seen("environment", "PATH");
    finding = if places.is_empty() {
        finding.detail("It is in no folder of PATH.")
    } else {
        finding.detail(format!("It is in no folder of PATH, and not in {places}."))
    };
    let line = if facts.machine.shell == Shell::PowerShell {
        "irm https://claude.ai/install.ps1 | iex"
    } else {
        "curl -fsSL https://claude.ai/install.sh | bash"
    };
    finding.remedy(
        Remedy::manual("Install Claude Code")
            .why("The native installer keeps itself up to date.")
            .command(line)
            .step(Step::Url(
                "https://code.claude.com/docs/en/setup".to_owned(),
            ))
            .verify(&["CLI-001"]),
    )
}

fn not_on_path(facts: &Facts, install: &Install) -> Finding {
    let folder = install
        .path
        .rsplit_once(['/', '\\'])
        .map_or(".", |(folder, _)| folder);
    let folder = match &facts.machine.home {
        Some(home) if facts.machine.shell != Shell::PowerShell => folder
            .strip_prefix(home.as_str())
            .filter(|rest| rest.starts_with('/'))
            .map_or_else(|| folder.to_owned(), |rest| format!("$HOME{rest}")),
        _ => folder.to_owned(),
    };
    Finding::new(
        &install.path,
        "The claude program is installed, but its folder is not in PATH.",
    )
    .detail(format!("It is {}.", install.path))
    .impact("Shells and scripts say that they do not find it.")
    .seen("file", &install.path)
    .seen("environment", "PATH")
    .remedy(
        Remedy::manual("Add its folder to PATH and open a new shell")
            .command(facts.machine.shell.prepend_path(&folder))
            .verify(&["CLI-001"]),
    )
}
