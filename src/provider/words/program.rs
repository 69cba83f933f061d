//! What kept the `claude` program from trying a credential: CLI-001, CLI-003, CRED-010, CFG-010.

use super::{Act, Text};
use crate::provider::Reason;

const EXAMINE: (&str, Act) = (
    "Let the doctor look at every `claude` of this machine.",
    Act::Run("keywright doctor --only CLI-001,CLI-002,CLI-003"),
);
const INSTALL: (&str, Act) = (
    "Install Claude Code again, or repair PATH.",
    Act::Open("https://code.claude.com/docs/en/setup"),
);
const BY_HAND: (&str, Act) = ("See what it says by hand.", Act::Run("claude --version"));

pub(super) const TEXTS: &[Text] = &[
    Text {
        reason: Reason::NotLoggedIn,
        title: "not logged in",
        summary: "Claude Code found no credential that it can use.",
        why: "The token did not reach it, or its settings allow another way in only.",
        advice: &[
            (
                "Look which credential Claude Code takes here.",
                Act::Run("keywright why claude-code"),
            ),
            ("Sign in to Claude Code.", Act::Run("claude auth login")),
        ],
    },
    Text {
        reason: Reason::HelperFailed,
        title: "apiKeyHelper failed",
        summary: "The program that `apiKeyHelper` names in Claude Code's settings gives no credential.",
        why: "Such a helper comes before a subscription token, so the token itself was not tried.",
        advice: &[(
            "Run that program by hand, or take `apiKeyHelper` out of the settings.",
            Act::Run("keywright why claude-code"),
        )],
    },
    Text {
        reason: Reason::ProgramMissing,
        title: "no claude program",
        summary: "There is no `claude` program in PATH that could try the token.",
        why: "A subscription token is tried by Claude Code itself and by nothing else.",
        advice: &[
            (
                "Install Claude Code, or add its folder to PATH.",
                Act::Open("https://code.claude.com/docs/en/setup"),
            ),
            (
                "Or try the token on the machine where it will be used.",
                Act::Run("claude -p \"Reply with OK.\" --output-format json --max-turns 1"),
            ),
        ],
    },
    Text {
        reason: Reason::ProgramUnusable,
        title: "claude cannot be started",
        summary: "The `claude` program that comes first in PATH cannot be started.",
        why: "It may not be executed, leads nowhere, or was built for another system.",
        advice: &[EXAMINE, INSTALL],
    },
    Text {
        reason: Reason::ProgramHung,
        title: "claude did not answer",
        summary: "The `claude` program did not end in time and was stopped.",
        why: "The network swallows its requests, or another program of that name waits for something.",
        advice: &[
            (
                "Look whether the API is reachable.",
                Act::Run("keywright doctor --only NET-001,NET-010,NET-011"),
            ),
            BY_HAND,
        ],
    },
    Text {
        reason: Reason::ProgramCrashed,
        title: "claude failed",
        summary: "The `claude` program failed before it had an answer.",
        why: "It crashed, is installed incompletely, or is too old for what it was asked.",
        advice: &[EXAMINE, INSTALL],
    },
    Text {
        reason: Reason::ProgramUnknown,
        title: "another program named claude",
        summary: "The program named `claude` answered with something that Claude Code does not say.",
        why: "Another program of that name comes first in PATH, or this Claude Code is very old or very new.",
        advice: &[EXAMINE, BY_HAND],
    },
    Text {
        reason: Reason::ProgramFlooded,
        title: "claude said far too much",
        summary: "The `claude` program printed more than 1 MiB, and the rest was not read.",
        why: "Its answer to this question has a few kilobytes, so another program of that name answers.",
        advice: &[EXAMINE, BY_HAND],
    },
];
