//! CLI-002: is there more than one `claude` program?

use crate::doctor::check::{Category, Check, CheckMeta, Explanation};
use crate::doctor::facts::{Area, Facts, Install, Method};
use crate::doctor::finding::{Finding, Outcome, Remedy, Step};

pub const CHECK: Check = Check {
    meta: CheckMeta {
        code: "CLI-002",
        id: "claude-installs",
        title: "There is one claude program",
        category: Category::Cli,
        needs: &[],
        facts: &[Area::Claude],
    },
    explanation: Explanation {
        meaning: "Several installations of Claude Code drift apart: one is updated, another is started. Bugs that were mended long ago come back, and a shell, an editor and a service may each start a different one.",
        detection: "Every `claude` on PATH and in the usual places is followed to where it leads; paths that lead to the same program count once. How each was installed is told by where it leads, never by the folder of the link.",
        mending: "Keep one, best the native one, and remove the others the way they came.",
        false_positives: "Two installations can be meant, for instance when versions are compared, or one belongs to a container image. The copy inside an editor extension is not counted.",
    },
    run,
};

fn run(facts: &Facts) -> Outcome {
    let installs = &facts.claude.installs;
    let kept = installs
        .iter()
        .find(|install| install.method == Method::Native)
        .or_else(|| facts.claude.winner())
        .or_else(|| installs.first());
    let (Some(kept), 2..) = (kept, installs.len()) else {
        return Outcome::Pass;
    };
    let started = facts.claude.winner().map_or_else(
        || "None of them is on PATH".to_owned(),
        |winner| format!("A shell starts {}", described(winner)),
    );
    let others: Vec<String> = installs
        .iter()
        .filter(|install| Some(*install) != facts.claude.winner())
        .map(described)
        .collect();
    let mut finding = Finding::new(
        "claude",
        format!("There are {} claude programs.", installs.len()),
    )
    .detail(format!("{started}; also there: {}.", others.join(", ")))
    .impact("They are updated apart, and programs may start different ones.");
    let mut remedy = Remedy::manual(format!("Keep {} and remove the rest", kept.path));
    for install in installs {
        finding = finding.seen("program", &install.path);
        if install != kept {
            remedy = remedy.step(removal(facts, install));
        }
    }
    Outcome::Warn(finding.remedy(remedy.verify(&["CLI-002"])))
}

/// The step that removes an installation, by what it is and not by where its link stands.
fn removal(facts: &Facts, install: &Install) -> Step {
    let shell = facts.machine.shell;
    let real = install.real.as_deref().unwrap_or(&install.path);
    Step::Command(match install.method {
        Method::Npm => match real.split_once("/lib/node_modules/") {
            Some((prefix, _)) => format!(
                "npm uninstall -g --prefix {} @anthropic-ai/claude-code",
                shell.word(prefix)
            ),
            None => "npm uninstall -g @anthropic-ai/claude-code".to_owned(),
        },
        Method::Homebrew => "brew uninstall --cask claude-code".to_owned(),
        Method::LegacyLocal => "rm -rf ~/.claude/local".to_owned(),
        Method::System => {
            return Step::Edit(format!(
                "Remove the package that holds {real} with your package manager."
            ));
        }
        Method::Native | Method::Unknown => format!("rm {}", shell.word(&install.path)),
    })
}

fn described(install: &Install) -> String {
    let version = install.known_version().unwrap_or("version unknown");
    format!(
        "{} ({}, {version})",
        install.path,
        match install.method {
            Method::Native => "native",
            Method::Npm => "npm",
            Method::LegacyLocal => "local npm of an old version",
            Method::Homebrew => "Homebrew",
            Method::System => "package",
            Method::Unknown => "installed in an unknown way",
        }
    )
}
