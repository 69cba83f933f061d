//! CLI-003: does the `claude` program run?

use crate::doctor::action::Action;
use crate::doctor::check::{Category, Check, CheckMeta, Explanation};
use crate::doctor::facts::{Area, Facts, Install, Ran, Shell};
use crate::doctor::finding::{Finding, Outcome, Remedy, Step};

pub const CHECK: Check = Check {
    meta: CheckMeta {
        code: "CLI-003",
        id: "claude-runs",
        title: "The claude program runs",
        category: Category::Cli,
        needs: &["CLI-001", "CLI-006"],
        facts: &[Area::Claude],
    },
    explanation: Explanation {
        meaning: "The program that a shell starts as `claude` must run and say which version it is. A link that leads nowhere, npm's placeholder or a program for another processor looks installed and is not.",
        detection: "`claude --version` is started with a time limit and without input; it reads no login and asks no server. `claude auth status` and `claude doctor` are never started: they can renew or blank a login.",
        mending: "Install it again the way it was installed, or remove the broken one so that the next on PATH is found.",
        false_positives: "A very slow disk or an overloaded machine can take longer than the time limit. A wrapper script of your own may not know `--version`.",
    },
    run,
};

fn run(facts: &Facts) -> Outcome {
    let Some(install) = facts.claude.winner() else {
        return Outcome::NotApplicable {
            why: "there is no claude program on PATH".to_owned(),
        };
    };
    let (summary, detail) = match &install.ran {
        Ran::Version(_) => return Outcome::Pass,
        Ran::NotTried => {
            return Outcome::NotApplicable {
                why: "the claude program was not started".to_owned(),
            };
        }
        Ran::NoVersion(says) => {
            let finding = Finding::new(
                &install.path,
                "The program named claude does not say a version.",
            )
            .detail(format!("`claude --version` answered: {says}"));
            return Outcome::Warn(mended(facts.machine.shell, install, finding));
        }
        Ran::Placeholder => (
            "The claude program is npm's placeholder.",
            "npm left out the native program: it ran without install scripts or without optional packages.".to_owned(),
        ),
        Ran::Failed { code, says } => (
            "The claude program fails.",
            code.map_or_else(
                || format!("`claude --version` was ended by a signal, or printed without end. {says}"),
                |code| format!("`claude --version` ended with {code}. {says}"),
            ),
        ),
        Ran::TimedOut => (
            "The claude program does not answer.",
            "`claude --version` did not end in time and was stopped.".to_owned(),
        ),
        Ran::Dangling => (
            "The claude program is a link that leads nowhere.",
            "What it led to was removed or moved.".to_owned(),
        ),
        Ran::NotExecutable => (
            "The claude program may not be executed.",
            "Its file has no execute permission for this user.".to_owned(),
        ),
        Ran::CannotStart(why) => (
            "The claude program cannot be started.",
            format!("The system says: {why}"),
        ),
    };
    let finding = Finding::new(&install.path, summary).detail(detail.trim());
    Outcome::Fail(
        mended(facts.machine.shell, install, finding).impact("Claude Code cannot be used."),
    )
}

fn mended(shell: Shell, install: &Install, finding: Finding) -> Finding {
    let finding = finding.seen("program", &install.path);
    let package = install.real.as_deref().and_then(|real| {
        real.find("/@anthropic-ai/claude-code/")
            .map(|at| &real[..at])
    });
    let remedy = match (&install.ran, package) {
        (Ran::Placeholder, Some(modules)) => {
            Remedy::manual("Run the install script that npm left out").command(format!(
                "node {}",
                shell.word(&format!("{modules}/@anthropic-ai/claude-code/install.cjs"))
            ))
        }
        (Ran::NotExecutable, _) => Remedy::consent("Allow it to be executed")
            .command(format!("chmod +x {}", shell.word(&install.path)))
            .action(Action::AllowExecution {
                path: install.path.clone(),
            }),
        (_, Some(_)) => Remedy::manual("Install it again")
            .command("npm install -g @anthropic-ai/claude-code@latest"),
        (_, None) => Remedy::manual("Install it again")
            .command("curl -fsSL https://claude.ai/install.sh | bash"),
    };
    finding.remedy(
        remedy
            .step(Step::Url(
                "https://code.claude.com/docs/en/setup".to_owned(),
            ))
            .verify(&["CLI-003"]),
    )
}
