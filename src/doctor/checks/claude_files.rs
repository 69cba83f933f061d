//! CFG-001..003 and CFG-005: the folder, the state and the settings of Claude Code.

use std::path::Path;

use super::store_access;
use crate::consumer::claude_code::places::{Chosen, Flaw};
use crate::consumer::claude_code::settings::Problem;
use crate::doctor::action::Action;
use crate::doctor::check::{Category, Check, CheckMeta, Explanation};
use crate::doctor::facts::{Area, Facts};
use crate::doctor::finding::{Finding, Outcome, Remedy, Step};
use crate::variables;

pub const STATE: Check = Check {
    meta: meta(
        "CFG-001",
        "claude-state",
        "Claude Code's own file can be read",
        &["CFG-003"],
    ),
    explanation: Explanation {
        meaning: "Claude Code remembers everything about this user in .claude.json. When that file is cut or damaged, claude stops at once, or starts as if it had never been used.",
        detection: "The file is read and parsed; line and column are named, contents never.",
        mending: "Put the newest of the copies that Claude Code made in its place, or move it away to start anew.",
        false_positives: "A file that Claude Code is writing at this moment.",
    },
    run: state,
};

pub const SETTINGS: Check = Check {
    meta: meta(
        "CFG-002",
        "claude-settings",
        "Claude Code's settings can be read",
        &["CFG-003"],
    ),
    explanation: Explanation {
        meaning: "A settings file that is no JSON counts for nothing, and Claude Code does not say so: a credential, a helper or a cloud switch in it is simply missing.",
        detection: "The settings of the user, of the working folder and of the administrator are parsed; line and column are named, contents never.",
        mending: "Correct the file at the place that is named.",
        false_positives: "None known.",
    },
    run: settings,
};

pub const FOLDER: Check = Check {
    meta: meta(
        "CFG-003",
        "claude-folder",
        "Claude Code's folder is where it should be",
        &[],
    ),
    explanation: Explanation {
        meaning: "CLAUDE_CONFIG_DIR moves everything that Claude Code keeps, the login too. An empty value means the working folder, a relative one changes with it, and a folder that is not there hides the login in ~/.claude without a word.",
        detection: "The variable and the folder that it names are looked at. Something else than a folder is a failure, and so is one that leaves the login in ~/.claude unseen where nothing else can be used; the rest are warnings; a slash at the end matters on a Mac alone, where it changes the name of the Keychain item.",
        mending: "Unset the variable, or give it the whole path of a folder.",
        false_positives: "A folder that the first start of claude is going to make.",
    },
    run: folder,
};

pub const MANAGED: Check = Check {
    meta: meta(
        "CFG-005",
        "claude-managed",
        "No administrator limits the ways to sign in",
        &[],
    ),
    explanation: Explanation {
        meaning: "An administrator can allow one way to sign in, or one organization. Credentials of another kind in the environment are then refused or left aside.",
        detection: "The managed settings are read. It informs only.",
        mending: "Sign in the way that is allowed, or ask the administrator.",
        false_positives: "None: what it says is so, and is usually meant.",
    },
    run: managed,
};

const fn meta(
    code: &'static str,
    id: &'static str,
    title: &'static str,
    needs: &'static [&'static str],
) -> CheckMeta {
    CheckMeta {
        code,
        id,
        title,
        category: Category::Cfg,
        needs,
        facts: &[Area::ClaudeCode, Area::Credentials, Area::Home],
    }
}

/// `path:line:column: what`.
fn place(path: &str, problem: &Problem) -> (String, String) {
    let place = match problem.position {
        Some((line, column)) => format!("{path}:{line}:{column}"),
        None => path.to_owned(),
    };
    let rest = problem.what.strip_prefix(path);
    let what = rest.map_or_else(|| problem.what.clone(), |rest| format!("it{rest}"));
    let detail = format!("{place}: {what}.");
    (place, detail)
}

fn state(facts: &Facts) -> Outcome {
    let state = &facts.claude_code.state;
    if !state.exists {
        return Outcome::NotApplicable {
            why: "Claude Code has not been started here".to_owned(),
        };
    }
    let Some(problem) = &state.problem else {
        return Outcome::Pass;
    };
    let (place, detail) = place(&state.path, problem);
    let shell = facts.machine.shell;
    let path = shell.word(&state.path);
    let broken = format!("{}.broken", state.path);
    let aside = shell.word(&broken);
    let away = Action::MoveAway {
        path: state.path.clone(),
        to: broken,
    };
    let finding = Finding::new(&state.path, "Claude Code's own file is broken.")
        .detail(detail)
        .impact("claude stops, or starts as if it had never been used.")
        .seen("file", place);
    let finding = match &state.backup {
        Some(backup) => finding.remedy(
            Remedy::consent("Put the newest copy in its place")
                .command(format!("mv {path} {aside}"))
                .command(format!("cp {} {path}", shell.word(backup)))
                .action(away.clone())
                .action(Action::Copy {
                    from: backup.clone(),
                    path: state.path.clone(),
                })
                .verify(&["CFG-001"]),
        ),
        None => finding,
    };
    let title = "Or move it away and start anew";
    let moved = if problem.position.is_some() {
        Remedy::consent(title).action(away)
    } else {
        // What was not even read, such as a queue or something huge, is for a person.
        Remedy::manual(title)
    };
    let moved = moved.command(format!("mv {path} {aside}"));
    Outcome::Fail(finding.remedy(moved.verify(&["CFG-001"])))
}

fn settings(facts: &Facts) -> Outcome {
    let files = &facts.claude_code.settings;
    if files.is_empty() {
        return Outcome::NotApplicable {
            why: "Claude Code has no settings here".to_owned(),
        };
    }
    let broken = files
        .iter()
        .find_map(|file| Some((file, file.problem.as_ref()?)));
    let Some((file, problem)) = broken else {
        return Outcome::Pass;
    };
    let (place, detail) = place(&file.path, problem);
    Outcome::Warn(
        Finding::new(
            &file.path,
            "A settings file of Claude Code counts for nothing.",
        )
        .detail(detail)
        .impact("Claude Code leaves it aside without a word.")
        .seen("file", &place)
        .remedy(
            Remedy::manual("Correct the file")
                .step(Step::Edit(format!("Look at {place}.")))
                .verify(&["CFG-002"]),
        ),
    )
}

fn folder(facts: &Facts) -> Outcome {
    let folder = &facts.claude_code.folder;
    let Some(chosen) = folder.chosen else {
        return Outcome::NotApplicable {
            why: "Claude Code's folder was not looked at".to_owned(),
        };
    };
    let mac = facts.machine.os == "macos";
    let flaw = folder
        .flaws
        .iter()
        .find(|flaw| **flaw != Flaw::TrailingSlash || mac);
    let Some(flaw) = flaw else {
        return Outcome::Pass;
    };
    let name = named_by(chosen);
    let on_the_way = |path: &str| Path::new(&folder.path).starts_with(path);
    if *flaw == Flaw::NotAFolder && store_access::in_the_way(facts, on_the_way) {
        return Outcome::Skipped {
            blocked_by: store_access::CHECK.meta.code.to_owned(),
        };
    }
    let (summary, detail) = words(facts, *flaw);
    let finding = Finding::new(name, summary)
        .detail(detail)
        .impact("Claude Code does not find the login and settings that are elsewhere.");
    let finding = if chosen == Chosen::Default {
        finding.seen("file", &folder.path)
    } else {
        let unset = facts.machine.shell.unset(name);
        finding.seen("environment", name).remedy(
            Remedy::manual("Unset it, or give it the whole path of a folder")
                .command(unset)
                .verify(&["CFG-003"]),
        )
    };
    if *flaw == Flaw::NotAFolder || hides_the_login(facts) {
        Outcome::Fail(finding)
    } else {
        Outcome::Warn(finding)
    }
}

/// Nothing that is here can be used, and a login that was not looked at could.
fn hides_the_login(facts: &Facts) -> bool {
    let claude = &facts.claude_code;
    let used = facts.credentials.effective().is_some()
        || facts.present_login().is_some()
        || claude.sources.iter().any(|source| source.active);
    claude.folder.hides_login && !used
}

fn named_by(chosen: Chosen) -> &'static str {
    if chosen == Chosen::Default {
        "HOME"
    } else {
        variables::CLAUDE_CONFIG_DIR
    }
}

/// What is wrong with the folder, and what was seen.
fn words(facts: &Facts, flaw: Flaw) -> (String, String) {
    let folder = &facts.claude_code.folder;
    let name = folder.chosen.map_or(variables::CLAUDE_CONFIG_DIR, named_by);
    match flaw {
        Flaw::Empty => (
            format!("{name} is set to nothing."),
            format!(
                "Claude Code looks for its files in the working folder, {}.",
                folder.path
            ),
        ),
        Flaw::Relative => (
            format!("{name} depends on the working folder."),
            format!("It is `{}`, here {}.", folder.written, folder.path),
        ),
        Flaw::Missing => (
            format!("{name} names a folder that is not there."),
            format!(
                "There is no {}, and ~/.claude is not looked at in its place.",
                folder.path
            ),
        ),
        Flaw::NotAFolder => (
            "Claude Code's folder is no folder.".to_owned(),
            format!(
                "{} is something else, or stands below something else.",
                folder.path
            ),
        ),
        Flaw::TrailingSlash => (
            format!("{name} ends with a slash."),
            format!(
                "With `{}` the Keychain item has another name than without the slash.",
                folder.written
            ),
        ),
    }
}

fn managed(facts: &Facts) -> Outcome {
    let managed = facts
        .claude_code
        .settings
        .iter()
        .find(|file| file.force_login_method.is_some() || file.force_login_organization);
    let Some(file) = managed else {
        return Outcome::Pass;
    };
    let mut limits = Vec::new();
    if let Some(method) = &file.force_login_method {
        limits.push(match method.as_str() {
            "claudeai" => "only a Claude subscription may be used (forceLoginMethod)".to_owned(),
            "console" => "only an account of the Console may be used (forceLoginMethod)".to_owned(),
            _ => "one way to sign in is allowed (forceLoginMethod)".to_owned(),
        });
    }
    if file.force_login_organization {
        limits.push("one organization is allowed (forceLoginOrgUUID)".to_owned());
    }
    Outcome::Info(
        Finding::new(
            &file.path,
            "Settings limit the ways to sign in to Claude Code.",
        )
        .detail(format!("By {}, {}.", file.path, limits.join(", and ")))
        .seen("file", &file.path),
    )
}
