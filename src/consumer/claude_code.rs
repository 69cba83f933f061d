//! Claude Code. Its documented order of precedence puts cloud switches first, then
//! `ANTHROPIC_AUTH_TOKEN`, `ANTHROPIC_API_KEY`, `apiKeyHelper`, `CLAUDE_CODE_OAUTH_TOKEN`,
//! `ANTHROPIC_PROFILE` and federation, and a login last; with a key and a bearer token both go out.

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
    "ANTHROPIC_AWS_API_KEY",
    "CLAUDE_CODE_OAUTH_TOKEN",
    "CLAUDE_CODE_OAUTH_TOKEN_FILE_DESCRIPTOR",
    "CLAUDE_CODE_OAUTH_REFRESH_TOKEN",
    "CLAUDE_CODE_API_KEY_FILE_DESCRIPTOR",
];
