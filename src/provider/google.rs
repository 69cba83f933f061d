//! Google's Gemini API: its variables, `GOOGLE_API_KEY` the last of them, and the list of models,
//! which is free.

use crate::provider::anthropic::shape;
use crate::provider::registry::{Provider, Variable, VariableKind};
use crate::provider::service::{self, Header, Service};
use crate::variables;

const SERVICE: Service<'static> = Service {
    header: Header::Google,
    path: "/v1beta/models?pageSize=1",
};

/// What the rest of the program knows about this provider.
pub const PROVIDER: Provider = Provider {
    id: "google",
    name: "Google Gemini",
    default_base_url: "https://generativelanguage.googleapis.com",
    base_url_variable: variables::GOOGLE_GEMINI_BASE_URL,
    keys_page: "https://aistudio.google.com/apikey",
    billing_page: "https://aistudio.google.com/usage",
    status_page: "https://aistudio.google.com/status",
    variables: &[
        Variable::new(variables::LIVE_GEMINI_KEY, VariableKind::ApiKeyOverride),
        Variable::new(variables::GEMINI_API_KEYS, VariableKind::ApiKeyList),
        Variable::new(variables::GEMINI_API_KEY, VariableKind::ApiKey),
        Variable::new(variables::GEMINI_API_KEY_PREFIX, VariableKind::ApiKeyPrefix),
        Variable::new(variables::GOOGLE_API_KEY, VariableKind::ApiKey),
    ],
    check: |key| shape::check_foreign_key(key, |text| text.starts_with("AIza")),
    request: |endpoint, key, _, timeout| SERVICE.request(endpoint, key, timeout),
    classify: |_, host, exchange| service::classify(host, exchange),
};
