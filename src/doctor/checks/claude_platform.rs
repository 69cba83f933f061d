//! CLI-006: is the `claude` program one for this system?

use crate::doctor::check::{Category, Check, CheckMeta, Explanation};
use crate::doctor::facts::{Area, BuiltFor, Facts, Install, Ran};
use crate::doctor::finding::{Finding, Outcome, Remedy, Step};

pub const CHECK: Check = Check {
    meta: CheckMeta {
        code: "CLI-006",
        id: "claude-platform",
        title: "The claude program is for this system",
        category: Category::Cli,
        needs: &["CLI-001"],
        facts: &[Area::Claude],
    },
    explanation: Explanation {
        meaning: "A program for another system or processor does not start, or starts as a stranger: inside WSL the claude of Windows is found through /mnt/c, keeps its login in the Windows home and does not see the files of Linux. A program made for another C library (musl, glibc) fails with \"not found\" although it is there.",
        detection: "The first bytes of the program that a shell starts are read: they name the system, the processor and the loader that it needs. Inside WSL its path is looked at too.",
        mending: "Install Claude Code on this very system.",
        false_positives: "An emulator may run programs for another processor: then it is only a warning.",
    },
    run,
};

fn run(facts: &Facts) -> Outcome {
    let Some(install) = facts.claude.winner() else {
        return Outcome::NotApplicable {
            why: "there is no claude program on PATH".to_owned(),
        };
    };
    let Some((summary, detail)) = foreign(facts, install) else {
        return Outcome::Pass;
    };
    let runs = matches!(install.ran, Ran::Version(_) | Ran::NoVersion(_));
    let finding = Finding::new(&install.path, summary)
        .detail(detail)
        .impact(if runs {
            "It runs, but it keeps its login elsewhere or is slow."
        } else {
            "It cannot run here."
        })
        .seen("program", &install.path)
        .remedy(
            Remedy::manual("Install Claude Code on this system")
                .command("curl -fsSL https://claude.ai/install.sh | bash")
                .step(Step::Url(
                    "https://code.claude.com/docs/en/setup".to_owned(),
                ))
                .verify(&["CLI-006", "CLI-003"]),
        );
    if runs {
        Outcome::Warn(finding)
    } else {
        Outcome::Fail(finding)
    }
}

/// What is foreign about it: the summary, and what was seen.
fn foreign(facts: &Facts, install: &Install) -> Option<(String, String)> {
    let machine = &facts.machine;
    let real = install.real.as_deref().unwrap_or(&install.path);
    if machine.wsl && on_a_windows_drive(real) {
        return Some((
            "The claude program is the one of Windows, not of WSL.".to_owned(),
            format!("{real} lies on a drive of Windows."),
        ));
    }
    let system = match &install.built_for {
        BuiltFor::Any => return None,
        BuiltFor::Windows => "windows",
        BuiltFor::MacOs => "macos",
        BuiltFor::Linux { .. } => "linux",
    };
    if system != machine.os {
        return Some((
            format!("The claude program was built for {}.", name(system)),
            format!("{real} is a program for {}.", name(system)),
        ));
    }
    let BuiltFor::Linux {
        processor,
        missing_loader,
    } = &install.built_for
    else {
        return None;
    };
    if let Some(processor) = processor.as_ref().filter(|own| **own != machine.processor) {
        return Some((
            format!("The claude program was built for another processor: {processor}."),
            format!(
                "{real} is for {processor}, and this is {}.",
                machine.processor
            ),
        ));
    }
    let loader = missing_loader.as_ref()?;
    let library = if loader.contains("musl") {
        "musl"
    } else {
        "glibc"
    };
    Some((
        format!("The claude program needs {library}, which is not here."),
        format!("{real} is loaded by {loader}, and there is no such file."),
    ))
}

fn on_a_windows_drive(path: &str) -> bool {
    let drive = path.strip_prefix("/mnt/").unwrap_or_default();
    drive.len() > 1 && drive.as_bytes()[1] == b'/' && drive.as_bytes()[0].is_ascii_alphabetic()
}

fn name(system: &str) -> &str {
    match system {
        "windows" => "Windows",
        "macos" => "macOS",
        "linux" => "Linux",
        other => other,
    }
}
