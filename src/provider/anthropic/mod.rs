//! Anthropic's credentials: the shape of keys and subscription tokens, the hosts that may see them,
//! the probe requests, and what each reply means. A token is tried by the `claude` program alone:
//! [`program`] reads what that said.

pub mod classify;
pub mod endpoint;
pub mod program;
pub mod request;
pub mod shape;
pub mod token;

use crate::provider::registry::{Provider, Variable, VariableKind};
use crate::variables;

/// What the rest of the program knows about this provider.
pub const PROVIDER: Provider = Provider {
    id: "anthropic",
    name: "Anthropic",
    default_base_url: endpoint::DEFAULT_BASE_URL,
    base_url_variable: variables::ANTHROPIC_BASE_URL,
    keys_page: "https://platform.claude.com/settings/keys",
    billing_page: "https://platform.claude.com/settings/billing",
    status_page: "https://status.claude.com",
    variables: &[
        Variable::new(variables::LIVE_ANTHROPIC_KEY, VariableKind::ApiKeyOverride),
        Variable::new(variables::ANTHROPIC_API_KEYS, VariableKind::ApiKeyList),
        Variable::new(variables::ANTHROPIC_API_KEY, VariableKind::ApiKey),
        Variable::new(
            variables::ANTHROPIC_API_KEY_PREFIX,
            VariableKind::ApiKeyPrefix,
        ),
        Variable::new(variables::CLAUDE_CODE_OAUTH_TOKEN, VariableKind::Token),
        Variable::new(variables::ANTHROPIC_OAUTH_TOKEN, VariableKind::Token),
        Variable::new(variables::ANTHROPIC_AUTH_TOKEN, VariableKind::Token),
    ],
    check: shape::check_api_key,
    request: request::probe,
    classify: classify::classify,
};
