//! Claude Code: what it takes as a credential, where it keeps its own things, and what it makes of
//! them. Everything here reads; nothing is written, refreshed or copied.
//!
//! - [`places`]: where its files are; [`settings`] and [`onboarding`]: what two of them say.
//! - [`login`]: the login that is there, in which state; [`keychain`]: that of a Mac.
//! - [`outranks`]: every source of a credential, in its own order.
//!
//! Its documented order of precedence puts cloud switches first, then
//! `ANTHROPIC_AUTH_TOKEN`, `ANTHROPIC_API_KEY`, `apiKeyHelper`, `CLAUDE_CODE_OAUTH_TOKEN`,
//! `ANTHROPIC_PROFILE` and federation, and a login last; with a key and a bearer token both go out.

pub mod keychain;
pub mod login;
pub mod onboarding;
pub mod outranks;
pub mod places;
pub mod settings;

use super::Consumer;

pub const CONSUMER: Consumer = Consumer {
    id: "claude-code",
    name: "Claude Code",
    programs: &["claude"],
    variables: &[VARIABLES, super::anthropic_sdk::VARIABLES],
    takes_subscription: true,
};

/// What Claude Code reads beyond the SDK's own variables. Those without documentation were found in
/// the program.
pub const VARIABLES: &[&str] = &[
    "CLAUDE_CODE_USE_BEDROCK",
    "CLAUDE_CODE_USE_VERTEX",
    "CLAUDE_CODE_USE_FOUNDRY",
    "CLAUDE_CODE_USE_MANTLE",
    "CLAUDE_CODE_USE_ANTHROPIC_AWS",
    "CLAUDE_CODE_SKIP_BEDROCK_AUTH",
    "ANTHROPIC_AWS_API_KEY",
    "CLAUDE_CODE_OAUTH_TOKEN",
    "CLAUDE_CODE_OAUTH_TOKEN_FILE_DESCRIPTOR",
    "CLAUDE_CODE_OAUTH_REFRESH_TOKEN",
    "CLAUDE_CODE_API_KEY_FILE_DESCRIPTOR",
];
