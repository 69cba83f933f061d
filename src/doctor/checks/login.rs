//! CRED-010..016: the login of Claude Code, from its file alone. It is never renewed by looking.

use super::api::step;
use crate::consumer::claude_code::login::{Login, Standing};
use crate::consumer::claude_code::outranks::SourceKind as Kind;
use crate::doctor::check::{Category, Check, CheckMeta, Explanation};
use crate::doctor::facts::{Area, Facts, SourceKind};
use crate::doctor::finding::{Finding, Outcome, Remedy, Step};

pub const READABLE: Check = Check {
    meta: meta(
        "CRED-010",
        "login-readable",
        "Claude Code's login can be read",
        &["CFG-003"],
    ),
    explanation: Explanation {
        meaning: "Claude Code keeps its login in .credentials.json of its folder. When the file is broken or cannot be read, Claude Code says only that nobody is logged in.",
        detection: "The file is read and parsed; line and column are named, contents never. A file that is not there is a failure only when a stored profile refers to it.",
        mending: "Log in again with `claude auth login`.",
        false_positives: "A login in the macOS Keychain needs no file.",
    },
    run: readable,
};

pub const RENEWABLE: Check = Check {
    meta: meta(
        "CRED-012",
        "login-renewable",
        "Claude Code's login is known to be renewable",
        &["CRED-010"],
    ),
    explanation: Explanation {
        meaning: "An access token lasts hours; Claude Code renews it on its next use with a refresh token, which lasts weeks and works once. keywright renews nothing: it would log Claude Code out.",
        detection: "The access token is past its end, a refresh token is there, and the file does not say how long that one lasts. It informs only.",
        mending: "Start Claude Code: it renews the login, or asks for a new one.",
        false_positives: "Files of older versions never say it.",
    },
    run: renewable,
};

pub const ALIVE: Check = Check {
    meta: meta(
        "CRED-013",
        "login-alive",
        "Claude Code's login has not ended",
        &["CRED-010", "CRED-015"],
    ),
    explanation: Explanation {
        meaning: "When the refresh token has ended or is not there, nothing can renew the login: somebody has to sign in again in a browser.",
        detection: "The ends that the login file names are compared with the clock. Past is a failure, within three days a warning.",
        mending: "Log in again with `claude auth login`. On a machine without a browser use a token of `claude setup-token`.",
        false_positives: "The server may end a login earlier, or have prolonged it.",
    },
    run: alive,
};

pub const FILLED: Check = Check {
    meta: meta(
        "CRED-014",
        "login-filled",
        "Claude Code's login was not blanked",
        &["CRED-010", "CRED-015"],
    ),
    explanation: Explanation {
        meaning: "When the server refuses to renew a login, Claude Code empties the tokens in its file and keeps the rest. The usual reason: the refresh token was used up by a copy of the login on another machine or in a container.",
        detection: "The access token is empty and its end is zero.",
        mending: "Log in again, and give every other machine a login or token of its own.",
        false_positives: "None known.",
    },
    run: filled,
};

pub const OWN: Check = Check {
    meta: meta(
        "CRED-015",
        "login-own",
        "Claude Code's login file is not shared",
        &[],
    ),
    explanation: Explanation {
        meaning: "A refresh token works once. When one login file is used from two places, by a link, a second name or a mount, the first to renew it logs the other out. A link is also replaced by a file when Claude Code writes.",
        detection: "The file is looked at without following links: a symbolic link, a second hard link or a mount of the file itself is a warning, and a failure when the login is blanked or has ended. Then it is the root cause of that.",
        mending: "Make it a file of its own, log in here, and use a token of `claude setup-token` for each further machine.",
        false_positives: "A link of a dotfile manager that no other machine uses.",
    },
    run: own,
};

pub const INFERENCE: Check = Check {
    meta: meta(
        "CRED-016",
        "login-scope",
        "Claude Code's login may call models",
        &["CRED-010"],
    ),
    explanation: Explanation {
        meaning: "A login lists what it may be used for. Without `user:inference` Claude Code treats it as no login.",
        detection: "The list of scopes in the login file is read.",
        mending: "Log in again with `claude auth login`, with an account that has a subscription.",
        false_positives: "None known.",
    },
    run: inference,
};

pub(super) const fn meta(
    code: &'static str,
    id: &'static str,
    title: &'static str,
    needs: &'static [&'static str],
) -> CheckMeta {
    CheckMeta {
        code,
        id,
        title,
        category: Category::Cred,
        needs,
        facts: &[Area::ClaudeCode, Area::Credentials],
    }
}

pub(super) fn without_login() -> Outcome {
    Outcome::NotApplicable {
        why: "Claude Code has no login here".to_owned(),
    }
}

/// The stored profile that stands for a login.
fn reference(facts: &Facts) -> Option<&str> {
    let mut sources = facts.credentials.sources.iter();
    let login = sources.find(|source| source.kind == SourceKind::Login)?;
    Some(login.place.name())
}

fn readable(facts: &Facts) -> Outcome {
    let Some(login) = facts.login() else {
        return without_login();
    };
    match (login.standing, reference(facts)) {
        (Standing::Missing | Standing::NoLogin, None) => without_login(),
        (Standing::Missing | Standing::NoLogin, Some(profile)) => {
            let finding = told(facts, login, "CRED-010");
            let summary = format!("Profile {profile} refers to a login that is not there.");
            weighed(
                facts,
                Finding { summary, ..finding }.seen("profile", profile),
            )
        }
        (Standing::Unreadable, _) if login.file.is_none() => weighed(facts, no_file(facts, login)),
        (Standing::Unreadable | Standing::Broken, _) => {
            weighed(facts, told(facts, login, "CRED-010"))
        }
        _ => Outcome::Pass,
    }
}

/// A folder, a pipe or a dangling link has to go before Claude Code can write a login.
fn no_file(facts: &Facts, login: &Login) -> Finding {
    let shell = facts.machine.shell;
    let path = login.path.display().to_string();
    let aside = shell.word(&format!("{path}.broken"));
    let remedy = Remedy::manual("Move it away and sign in again")
        .command(format!("mv {} {aside}", shell.word(&path)))
        .command(login.sign_in_command())
        .verify(&["CRED-010"]);
    Finding {
        remedies: vec![remedy],
        ..told(facts, login, "CRED-010")
    }
}

fn renewable(facts: &Facts) -> Outcome {
    let Some(login) = facts.present_login() else {
        return without_login();
    };
    if login.standing != Standing::Refreshable || login.refresh_expires.is_some() {
        return Outcome::Pass;
    }
    let why = login.words(facts.now).why;
    Outcome::Info(
        about(login, "Claude Code's login has to be renewed.")
            .detail(format!(
                "{why} How long that goes on, the file does not say."
            ))
            .remedy(Remedy::manual("Start Claude Code once").command("claude")),
    )
}

fn alive(facts: &Facts) -> Outcome {
    let Some(login) = facts.present_login() else {
        return without_login();
    };
    match login.standing {
        Standing::Dead => weighed(
            facts,
            told(facts, login, "CRED-013").remedy(elsewhere(facts)),
        ),
        Standing::EndingSoon => Outcome::Warn(told(facts, login, "CRED-013")),
        _ => Outcome::Pass,
    }
}

/// A login that cannot be used is a failure where it would be used.
fn weighed(facts: &Facts, finding: Finding) -> Outcome {
    let mut sources = facts.claude_code.sources.iter();
    let aside = sources.any(|source| source.active && source.kind != Kind::Login);
    let other = facts
        .credentials
        .effective()
        .is_some_and(|source| source.kind != SourceKind::Login);
    if aside {
        Outcome::Info(finding)
    } else if other {
        Outcome::Warn(finding)
    } else {
        Outcome::Fail(finding)
    }
}

fn filled(facts: &Facts) -> Outcome {
    match facts.present_login() {
        None => without_login(),
        Some(login) if login.standing == Standing::Blanked => {
            weighed(facts, told(facts, login, "CRED-014"))
        }
        Some(_) => Outcome::Pass,
    }
}

fn own(facts: &Facts) -> Outcome {
    let Some(login) = facts.present_login() else {
        return without_login();
    };
    let Some(file) = login.file.as_ref().filter(|file| file.is_shared()) else {
        return Outcome::Pass;
    };
    let path = login.path.display().to_string();
    let seen = match &file.target {
        Some(target) => format!("{path} is a link to {target}."),
        None if file.mounted => format!("{path} is mounted from somewhere else."),
        None => format!("{path} has {} names (hard links).", file.links),
    };
    let lost = matches!(login.standing, Standing::Blanked | Standing::Dead);
    let shell = facts.machine.shell;
    let path = shell.word(&path);
    let finding = about(login, "Claude Code's login file is shared.")
        .detail(seen)
        .impact(if lost {
            "The login has ended: its refresh token works once, and was probably used up from the other place."
        } else {
            "A refresh token works once: the first place that renews the login logs the other out."
        })
        .remedy(unshared(login, file.mounted, &path))
        .remedy(elsewhere(facts));
    if lost {
        weighed(facts, finding)
    } else {
        Outcome::Warn(finding)
    }
}

/// What is mounted cannot be removed from inside.
fn unshared(login: &Login, mounted: bool, path: &str) -> Remedy {
    let remedy = if mounted {
        let edit = format!("Take the mount of {path} out of what starts this container.");
        Remedy::manual("Mount no login there, and log in here").step(Step::Edit(edit))
    } else {
        Remedy::manual("Make it a file of its own and log in here").command(format!("rm {path}"))
    };
    remedy
        .command(login.sign_in_command())
        .verify(&["CRED-015", "CRED-013", "CRED-014"])
}

fn inference(facts: &Facts) -> Outcome {
    match facts.present_login() {
        None => without_login(),
        Some(login) if login.standing == Standing::NoInference => {
            weighed(facts, told(facts, login, "CRED-016"))
        }
        Some(_) => Outcome::Pass,
    }
}

pub(super) fn about(login: &Login, summary: impl Into<String>) -> Finding {
    let path = login.path.display().to_string();
    let place = match login.position {
        Some((line, column)) => format!("{path}:{line}:{column}"),
        None => path.clone(),
    };
    Finding::new(path, summary).seen("file", place)
}

/// The login in the words that the wizard and `models status` have for it, too.
pub(super) fn told(facts: &Facts, login: &Login, code: &str) -> Finding {
    let words = login.words(facts.now);
    let finding = about(login, words.summary).detail(words.why);
    words.advice.iter().fold(finding, |finding, advice| {
        let mut remedy = Remedy::manual(advice.text.trim_end_matches('.'));
        remedy.steps.extend(step(facts, advice));
        finding.remedy(remedy.verify(&[code]))
    })
}

/// Where no browser can be reached, a token is the way.
fn elsewhere(facts: &Facts) -> Remedy {
    let machine = &facts.machine;
    let title = if machine.ssh || machine.container || machine.wsl {
        "Or, since this machine has no browser of yours, use a token of its own"
    } else {
        "Or give every further machine a token of its own"
    };
    Remedy::manual(title).command("keywright onboard --flow setup-token")
}
