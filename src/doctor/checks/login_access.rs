//! CRED-011: who may read the login file of Claude Code?

use super::login::{about, without_login};
use crate::doctor::check::{Category, Check, CheckMeta, Explanation};
use crate::doctor::facts::{Area, Facts};
use crate::doctor::finding::{Outcome, Remedy};

pub const CHECK: Check = Check {
    meta: CheckMeta {
        code: "CRED-011",
        id: "login-access",
        title: "Only you can read Claude Code's login",
        category: Category::Cred,
        needs: &[],
        facts: &[Area::ClaudeCode, Area::Credentials],
    },
    explanation: Explanation {
        meaning: "Whoever may read Claude Code's login file can use the subscription. Claude Code makes the file private, and neither repairs nor mentions it when that changes.",
        detection: "Mode and owner of the file are looked at, for a link those of the file behind it.",
        mending: "Set the file to 600, and make it yours.",
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
    let path = shell.word(&login.path.display().to_string());
    if file.owner != file.user {
        return Outcome::Warn(
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
        );
    }
    if !file.is_open_to_others() {
        return Outcome::Pass;
    }
    Outcome::Warn(
        about(login, "Others may read Claude Code's login.")
            .detail(format!("The file's mode is {:03o}.", file.mode & 0o777))
            .impact("Whoever reads it can use the subscription.")
            .remedy(
                Remedy::consent("Make it private")
                    .command(format!("chmod 600 {path}"))
                    .mode(login.path.display().to_string(), 0o600)
                    .verify(&["CRED-011"]),
            ),
    )
}
