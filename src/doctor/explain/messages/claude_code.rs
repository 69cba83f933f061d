//! What the `claude` program says, on the screen and in `claude -p`.

use super::{Message, coded, plain, reason};
use crate::provider::Reason;

pub const MESSAGES: &[Message] = &[
    coded(
        "STORE-009",
        &[
            "Not logged in * Please run /login",
            "Not logged in. Run claude auth login to authenticate",
            "Not logged in",
        ],
        "Claude Code found no credential it can use where it was started: no key in the environment, no login, no helper. Over SSH on a Mac the login exists, but the keychain that holds it is locked.",
        "Set up a key with `keywright onboard` and start Claude Code with `keywright exec -- claude`, or log in with `claude auth login`. On a Mac over SSH: `security unlock-keychain`.",
    ),
    reason(
        Reason::InvalidKey,
        &[
            "Invalid API key * Fix external API key",
            "Invalid API key",
            "Please run /login * Invalid API key",
        ],
    ),
    coded(
        "ENV-003",
        &[
            "Invalid X-Api-Key header value",
            "Invalid API key * Fix external API key * it contains a line break",
            "it contains a line break at character",
        ],
        "The value in ANTHROPIC_API_KEY has a line break inside: it was copied from a terminal that wrapped it, or read from a file with more than one line.",
        "Copy the key again as one line. `keywright onboard` joins a wrapped paste by itself. `keywright doctor --only ENV-003` names the position.",
    ),
    reason(
        Reason::TokenRevoked,
        &["OAuth token revoked. Please log in again or contact your administrator"],
    ),
    reason(
        Reason::RequestNotAllowed,
        &["Failed to authenticate. API Error: 403 Request not allowed"],
    ),
    reason(
        Reason::OrganizationDisabled,
        &[
            "Your ANTHROPIC_API_KEY belongs to a disabled organization",
            "belongs to a disabled organization * Update or unset the environment variable",
        ],
    ),
    reason(
        Reason::OauthOrganizationNotAllowed,
        &["Your organization has disabled Claude subscription access"],
    ),
    reason(
        Reason::ModelNotFound,
        &[
            "There's an issue with the selected model",
            "It may not exist or you may not have access to it",
        ],
    ),
    reason(
        Reason::RateLimited,
        &[
            "Request rejected (429)",
            "API Error: Request rejected (429)",
            "Server is temporarily limiting requests (not your usage limit)",
        ],
    ),
    coded(
        "CRED-013",
        &[
            "OAuth session expired and could not be refreshed",
            "Login: Expired * log in again",
        ],
        "The Claude Code login has ended: its refresh token was refused, has run out, or was used up by a copy of the login on another machine.",
        "Log in again with `claude auth login`. Do not copy the login file between machines or containers: its refresh token works once.",
    ),
    coded(
        "CFG-010",
        &["Your apiKeyHelper script is failing", "apiKeyHelper failed"],
        "The program named by `apiKeyHelper` in Claude Code's settings.json does not print a key.",
        "Run that program by hand: it must end with 0 and print the key alone. Or remove `apiKeyHelper` and start Claude Code with `keywright exec -- claude`.",
    ),
    coded(
        "CFG-001",
        &["Claude configuration file at * is corrupted"],
        "Claude Code's own ~/.claude.json is no valid JSON, often because a write was cut short.",
        "Move the file away and put the newest file of ~/.claude/backups in its place.",
    ),
    coded(
        "ENV-001",
        &[
            "Auth conflict",
            "Auth conflict * Both a token * and an API key",
            "Both a token * and an API key * are set",
        ],
        "Two credentials are set for Claude Code. The one from the environment outranks a login, and usage is billed to it.",
        "Unset the one that you do not mean. `keywright doctor --only ENV-001` names both and the line to type.",
    ),
    coded(
        "TTY-001",
        &[
            "Input must be provided either through stdin or as a prompt argument when using --print",
            "Raw mode is not supported on the current process.stdin",
            "stdin is not a TTY",
            "the input device is not a TTY",
            "not a terminal",
            "Inappropriate ioctl for device",
        ],
        "A program that wants to ask questions was started without a terminal: in a script, a service, a pipe or a container without `-it`.",
        "Start it in a real terminal (`docker run -it`, `ssh -t`). For scripts: `keywright onboard --non-interactive`, and `claude -p \"…\"` instead of plain `claude`.",
    ),
    coded(
        "CLI-001",
        &[
            "command not found: claude",
            "claude: command not found",
            "claude: not found",
            "Unknown command: claude",
            "claude is not recognized as",
            "The term claude is not recognized",
            "exec: claude: not found",
            "spawn claude ENOENT",
        ],
        "The shell finds no program named `claude` in the folders of PATH. It is not installed, or it lies in ~/.local/bin and that folder is not in PATH.",
        "Install it (https://code.claude.com/docs/en/setup) or add its folder to PATH; `keywright doctor --only CLI-001` says which. An API key works without it.",
    ),
    coded(
        "CLI-003",
        &[
            "claude native binary not installed",
            "native binary not installed",
        ],
        "npm installed Claude Code without running its install script (--ignore-scripts) or without its optional packages, so that only a placeholder is there.",
        "Install again without these options: `npm install -g @anthropic-ai/claude-code`. `keywright doctor --only CLI-003` checks it.",
    ),
    coded(
        "CLI-003",
        &["claude * Exec format error", "cannot execute binary file"],
        "The `claude` program was built for another processor or system.",
        "Install Claude Code on this very machine: https://code.claude.com/docs/en/setup.",
    ),
    plain(
        &[
            "OAuth error * That code wasn't accepted",
            "That code wasn't accepted",
        ],
        "The code from the browser was cut, has run out, or belongs to another sign-in that was started meanwhile.",
        "Start the sign-in again, open the newest link, and paste the whole code, the part after `#` included.",
    ),
    plain(
        &["Paste code here if prompted"],
        "Claude Code waits for the code that the browser shows after the sign-in. Without a terminal it waits for ever.",
        "Open the link in any browser and paste the code. In scripts use an API key instead: `keywright onboard --non-interactive`.",
    ),
];
