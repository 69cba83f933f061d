//! Every program that a handoff may start.

use super::types::{Input, Opens, Program};

/// `returned`: it ended well. `failed`: it did not, or was interrupted. `unavailable`: it is not
/// here, or nobody is at a terminal.
const TERMINAL_OUTCOMES: &[&str] = &["returned", "failed", "unavailable"];

const fn terminal(
    id: &'static str,
    about: &'static str,
    words: &'static [&'static str],
    last: Option<Input>,
) -> Program {
    Program {
        id,
        about,
        opens: Opens::Terminal { words, last },
        outcomes: TERMINAL_OUTCOMES,
    }
}

/// Every program that a handoff may start.
pub const PROGRAMS: &[Program] = &[
    Program {
        id: "browser",
        about: "opens a page in the browser",
        opens: Opens::Page,
        outcomes: &["opened", "unavailable"],
    },
    terminal(
        "claude-setup-token",
        "makes a token that lasts a year, and shows it",
        &["claude", "setup-token"],
        None,
    ),
    terminal(
        "claude-auth-login",
        "signs Claude Code in",
        &["claude", "auth", "login"],
        None,
    ),
    terminal(
        "aws-sso-login",
        "renews the sign-in of an AWS profile",
        &["aws", "sso", "login", "--profile"],
        Some(Input::AwsProfile),
    ),
];
