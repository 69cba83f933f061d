//! CRED-020 and CRED-021: the login in the Keychain of a Mac, by its description alone.

use super::login::{about, meta, told, without_login};
use crate::consumer::claude_code::keychain::Item;
use crate::consumer::claude_code::login::Standing;
use crate::doctor::check::{Check, Explanation};
use crate::doctor::facts::Facts;
use crate::doctor::finding::Outcome;

pub const ONE: Check = Check {
    meta: meta(
        "CRED-020",
        "keychain-one",
        "One login is in the Keychain or in a file, not in both",
        &[],
    ),
    explanation: Explanation {
        meaning: "On a Mac, Claude Code keeps its login in the Keychain, and in a file only when it cannot reach the Keychain. With both, the Keychain counts and the file is left aside, also when it is the newer one.",
        detection: "`security find-generic-password` is asked whether the item is there; the secret is not read. It informs only, when a login file is there too.",
        mending: "Remove the file when the Keychain holds the right login.",
        false_positives: "A file that a container on this machine uses.",
    },
    run: one,
};

pub const UNLOCKED: Check = Check {
    meta: meta(
        "CRED-021",
        "keychain-unlocked",
        "The Keychain with Claude Code's login can be reached",
        &[],
    ),
    explanation: Explanation {
        meaning: "Over SSH the Keychain of a Mac is locked. Claude Code then says that nobody is logged in, although the login is there.",
        detection: "`security find-generic-password` answers 36 when it would have to ask. The secret is not read.",
        mending: "Unlock the Keychain in this session, or use a token of `claude setup-token`.",
        false_positives: "None known.",
    },
    run: unlocked,
};

fn one(facts: &Facts) -> Outcome {
    let Some(login) = facts
        .present_login()
        .filter(|login| login.keychain.is_some())
    else {
        return without_login();
    };
    if login.keychain != Some(Item::Present) || login.file.is_none() {
        return Outcome::Pass;
    }
    Outcome::Info(
        about(login, "A login is in the Keychain and another in a file.").detail(format!(
            "Claude Code takes the one of the Keychain and leaves {} aside.",
            login.path.display()
        )),
    )
}

fn unlocked(facts: &Facts) -> Outcome {
    let Some(login) = facts
        .present_login()
        .filter(|login| login.keychain.is_some())
    else {
        return without_login();
    };
    if login.standing != Standing::KeychainLocked {
        return Outcome::Pass;
    }
    Outcome::Fail(told(facts, login, "CRED-021"))
}
