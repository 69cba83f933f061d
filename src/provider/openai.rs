//! OpenAI: its variables, and `GET /models`, which is free.

use crate::provider::anthropic::shape;
use crate::provider::registry::{Provider, Variable, VariableKind};
use crate::provider::service::{self, Header, Service};
use crate::variables;

const SERVICE: Service<'static> = Service {
    header: Header::Bearer,
    path: "/models",
};

/// What the rest of the program knows about this provider.
pub const PROVIDER: Provider = Provider {
    id: "openai",
    name: "OpenAI",
    default_base_url: "https://api.openai.com/v1",
    base_url_variable: variables::OPENAI_BASE_URL,
    keys_page: "https://platform.openai.com/api-keys",
    billing_page: "https://platform.openai.com/settings/organization/billing",
    status_page: "https://status.openai.com",
    variables: &[
        Variable::new(variables::LIVE_OPENAI_KEY, VariableKind::ApiKeyOverride),
        Variable::new(variables::OPENAI_API_KEYS, VariableKind::ApiKeyList),
        Variable::new(variables::OPENAI_API_KEY, VariableKind::ApiKey),
        Variable::new(variables::OPENAI_API_KEY_PREFIX, VariableKind::ApiKeyPrefix),
    ],
    check: |key| shape::check_foreign_key(key, |text| text.starts_with("sk-")),
    request: |endpoint, key, _, timeout| SERVICE.request(endpoint, key, timeout),
    classify: |_, host, exchange| service::classify(host, exchange),
};
