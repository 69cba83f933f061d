//! CRED-011: who may read the login file of Claude Code?

use super::access::{self, READ, WRITE, others};
use super::login::{about, without_login};
use crate::doctor::check::{Category, Check, CheckMeta, Explanation};
use crate::doctor::facts::{Area, Facts, Owner};
use crate::doctor::finding::{Finding, Outcome, Remedy};
use crate::system::files::{Entry, EntryKind};

pub const CHECK: Check = Check {
    meta: CheckMeta {
        code: "CRED-011",
        id: "login-access",
        title: "Only you can read Claude Code's login",
        category: Category::Cred,
        needs: &[],
        facts: &[Area::ClaudeCode, Area::Credentials, Area::Access],
    },
    explanation: Explanation {
        meaning: "Whoever may read Claude Code's login file can use the subscription. Claude Code makes the file private, and neither repairs nor mentions it when that changes.",
        detection: "Mode, access list and owner of the file are looked at, for a link those of the file behind it, and then every folder above it up to the home folder or the root: who owns it, and who else may write there, unless it is sticky. What our own files lie below, too, is CRED-001.",
        mending: "Set the file to 600, and make it yours. Take the right to write to the folders above from everybody else.",
        false_positives: "File systems without permissions (FAT, some mounts) show the same mode for everything.",
    },
    run,
};

fn run(facts: &Facts) -> Outcome {
    let file = facts
        .login()
        .and_then(|login| Some((login, login.file.as_ref()?)));
    let Some((login, file)) = file else {
        return without_login();
    };
    let shell = facts.machine.shell;
    let shown = login.path.display().to_string();
    let entry = Entry {
        kind: EntryKind::File,
        mode: file.mode,
        owner: file.owner,
        group: file.group,
        links: file.links,
        size: 0,
        target: None,
    };
    if access::is_of_kubernetes(facts, &shown, &entry) {
        return Outcome::Pass;
    }
    let path = shell.word(&shown);
    if file.owner != file.user {
        return Outcome::Warn(access::with_above(
            about(login, "Claude Code's login file belongs to somebody else.")
                .detail(format!(
                    "Its owner is user {}, and this is user {}.",
                    file.owner, file.user
                ))
                .impact("Claude Code cannot renew the login there.")
                .remedy(
                    Remedy::manual("Make it yours")
                        .command(format!("sudo chown {} {path}", file.user))
                        .verify(&["CRED-011"]),
                ),
            above(facts),
        ));
    }
    let Some(others) = others(facts, &shown, &entry, READ | WRITE) else {
        return access::is_ours(facts, Owner::ClaudeCode)
            .unwrap_or_else(|| above(facts).map_or(Outcome::Pass, Outcome::Warn));
    };
    let (mode, deed) = (file.mode & 0o777, access::deed(&entry));
    let finding = about(login, "Others may read Claude Code's login.")
        .detail(format!(
            "The file's mode is {mode:03o}: it can be {deed} {}.",
            others.words
        ))
        .impact("Whoever reads it can use the subscription.")
        .remedy(
            Remedy::consent("Make it private")
                .command(format!("chmod 600 {path}"))
                .mode(&shown, 0o600)
                .verify(&["CRED-011"]),
        );
    Outcome::Warn(access::with_above(finding, above(facts)))
}

fn above(facts: &Facts) -> Option<Finding> {
    access::finding(facts, Owner::ClaudeCode, "Claude Code's login", "CRED-011")
}
