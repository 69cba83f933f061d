//! OpenRouter: its variables, and `GET /key`, which is free and tells about the key. Its list of
//! models is for everybody, and says nothing of a key.

use crate::provider::anthropic::shape;
use crate::provider::registry::{Provider, Variable, VariableKind};
use crate::provider::service::{self, Header, Service};
use crate::variables;

const SERVICE: Service<'static> = Service {
    header: Header::Bearer,
    path: "/key",
};

/// What the rest of the program knows about this provider.
pub const PROVIDER: Provider = Provider {
    id: "openrouter",
    name: "OpenRouter",
    default_base_url: "https://openrouter.ai/api/v1",
    base_url_variable: variables::OPENROUTER_BASE_URL,
    keys_page: "https://openrouter.ai/settings/keys",
    billing_page: "https://openrouter.ai/settings/credits",
    status_page: "https://status.openrouter.ai",
    variables: &[
        Variable::new(variables::LIVE_OPENROUTER_KEY, VariableKind::ApiKeyOverride),
        Variable::new(variables::OPENROUTER_API_KEYS, VariableKind::ApiKeyList),
        Variable::new(variables::OPENROUTER_API_KEY, VariableKind::ApiKey),
        Variable::new(
            variables::OPENROUTER_API_KEY_PREFIX,
            VariableKind::ApiKeyPrefix,
        ),
    ],
    check: |key| shape::check_foreign_key(key, |text| text.starts_with("sk-or-")),
    request: |endpoint, key, _, timeout| SERVICE.request(endpoint, key, timeout),
    classify: |_, host, exchange| service::classify(host, exchange),
};
