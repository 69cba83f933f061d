//! Any other program: what Anthropic's own libraries read, what programs that rotate keys read, and
//! what Claude Code reads, which any program may start.

use super::Consumer;

pub const CONSUMER: Consumer = Consumer {
    id: "anthropic-sdk",
    name: "a program other than Claude Code",
    programs: &[],
    variables: &[VARIABLES, super::claude_code::VARIABLES],
    takes_subscription: false,
};

/// Credentials and choices of one that the libraries and OpenClaw know.
pub const VARIABLES: &[&str] = &[
    "ANTHROPIC_API_KEY",
    "ANTHROPIC_AUTH_TOKEN",
    "ANTHROPIC_PROFILE",
    "ANTHROPIC_IDENTITY_TOKEN",
    "ANTHROPIC_IDENTITY_TOKEN_FILE",
    "ANTHROPIC_OAUTH_TOKEN",
    "ANTHROPIC_API_KEYS",
    "OPENCLAW_LIVE_ANTHROPIC_KEY",
    "KEYWRIGHT_LIVE_ANTHROPIC_KEY",
];
