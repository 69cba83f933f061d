//! CFG-010: does the program that gives Claude Code its key give one?

use crate::consumer::claude_code::outranks::SourceKind;
use crate::doctor::check::{Category, Check, CheckMeta, Explanation};
use crate::doctor::facts::{Area, Came, Facts, Helper, HelperProgram, SettingsFile};
use crate::doctor::finding::{Finding, Outcome, Remedy, Step};
use crate::provider::verdict::Reason;
use crate::system::files::EntryKind;

pub const CHECK: Check = Check {
    meta: CheckMeta {
        code: "CFG-010",
        id: "claude-helper",
        title: "Claude Code's apiKeyHelper prints a key",
        category: Category::Cfg,
        needs: &["CFG-002", "CFG-003"],
        facts: &[Area::ClaudeCode, Area::Credentials, Area::Helpers],
    },
    explanation: Explanation {
        meaning: "apiKeyHelper in Claude Code's settings names a program that prints the key. When it fails, is slow or prints something else, Claude Code tries three times and says \"Your apiKeyHelper script is failing\"; its own status says that all is well.",
        detection: "Where the setting begins with a whole path, what stands there is looked at. With `--deep` the program is run once, as Claude Code runs it, with a limit of ten seconds; that it prints one word is told, and the word itself neither kept nor shown. A helper that a project's settings name is never run. It is a failure where Claude Code would use it, else a warning.",
        mending: "Correct the program or the setting, or take the setting away and sign in another way.",
        false_positives: "A helper that needs a person or a terminal, or the folder that Claude Code is started in.",
    },
    run,
};

fn run(facts: &Facts) -> Outcome {
    let refused = facts.probe.verdict();
    if let Some(verdict) = refused.filter(|verdict| verdict.reason == Reason::HelperFailed) {
        let words = crate::provider::words::of(verdict);
        return Outcome::Fail(about(facts, setting(facts), words.why));
    }
    let Some(file) = setting(facts) else {
        return Outcome::NotApplicable {
            why: "no apiKeyHelper is set".to_owned(),
        };
    };
    match facts.helpers.api_key.as_ref() {
        Some(Helper {
            came: Came::Fault { why },
            ..
        }) => return weighed(facts, about(facts, Some(file), format!("It {why}."))),
        Some(Helper {
            came: Came::LeftAlone { why },
            ..
        }) => return Outcome::Info(not_run(file, why)),
        // That it prints a key does not tell who may change it.
        Some(Helper {
            came: Came::Credential { .. },
            ..
        })
        | None => {}
    }
    let program = file.helper.as_ref();
    if let Some(why) = program.and_then(broken) {
        return weighed(facts, about(facts, Some(file), why));
    }
    program
        .and_then(|program| open_to_all(facts, program))
        .map_or(Outcome::Pass, |finding| weighed(facts, finding))
}

/// The settings file whose helper counts.
fn setting(facts: &Facts) -> Option<&SettingsFile> {
    let mut files = facts.claude_code.settings.iter();
    files.find(|file| file.api_key_helper)
}

/// What is wrong with the program that is named by a whole path.
fn broken(program: &HelperProgram) -> Option<String> {
    let path = &program.path;
    let Some(entry) = &program.entry else {
        return Some(format!("There is no {path}."));
    };
    if entry.kind != EntryKind::File {
        return Some(format!("{path} is no file."));
    }
    if entry.mode & 0o111 == 0 {
        return Some(format!(
            "{path} may not be run by anybody (mode {:o}).",
            entry.mode
        ));
    }
    None
}

/// Whoever can write to the program chooses what Claude Code runs.
fn open_to_all(facts: &Facts, program: &HelperProgram) -> Option<Finding> {
    let path = &program.path;
    let entry = program.entry.as_ref()?;
    if entry.mode & 0o002 == 0 {
        return None;
    }
    let word = facts.machine.shell.word(path);
    let title = "Let only its owner write to it";
    let remedy = if entry.owner == facts.machine.user {
        Remedy::consent(title)
            .command(format!("chmod go-w {word}"))
            .mode(path, entry.mode & 0o7777 & !0o022)
    } else {
        Remedy::manual(title).command(format!("sudo chmod go-w {word}"))
    };
    let remedy = remedy.verify(&["CFG-010"]);
    let finding = Finding::new(
        "apiKeyHelper",
        "Everyone can change Claude Code's apiKeyHelper.",
    );
    Some(
        finding
            .detail(format!("The mode of {path} is {:o}.", entry.mode & 0o7777))
            .impact("Whoever writes to it chooses what Claude Code runs, with your rights.")
            .seen("file", path)
            .remedy(remedy),
    )
}

fn weighed(facts: &Facts, finding: Finding) -> Outcome {
    let used = facts.claude_code.source_in_use();
    if used.is_some_and(|source| source.kind == SourceKind::Helper) {
        Outcome::Fail(finding)
    } else {
        Outcome::Warn(finding)
    }
}

fn about(facts: &Facts, file: Option<&SettingsFile>, detail: String) -> Finding {
    let path = file.map_or("apiKeyHelper", |file| file.path.as_str());
    let edit = format!("Correct `apiKeyHelper` in {path}, or take it away.");
    let finding = Finding::new("apiKeyHelper", "Claude Code's apiKeyHelper gives no key.")
        .detail(detail)
        .impact("Claude Code says \"Your apiKeyHelper script is failing\", and nothing else works in its place.")
        .seen("file", path);
    let remedy = Remedy::manual("Correct the program or the setting").step(Step::Edit(edit));
    let program = file.and_then(|file| file.helper.as_ref());
    let program = program.filter(|program| program.entry.is_some());
    let remedy = match program {
        Some(program) => {
            let path = facts.machine.shell.word(&program.path);
            remedy.command(format!("ls -l {path}"))
        }
        None => remedy,
    };
    finding.remedy(remedy.verify(&["CFG-010"]))
}

fn not_run(file: &SettingsFile, why: &str) -> Finding {
    Finding::new("apiKeyHelper", "Claude Code's apiKeyHelper was not run.")
        .detail(format!("{} names it. {why}", file.path))
        .seen("file", &file.path)
}
