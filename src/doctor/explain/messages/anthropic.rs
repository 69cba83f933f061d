//! What api.anthropic.com says. Most of it is what a probe would find, so the words are those of
//! the provider.

use super::{Message, coded, reason};
use crate::provider::Reason;

pub const MESSAGES: &[Message] = &[
    reason(Reason::InvalidKey, &["invalid x-api-key"]),
    reason(Reason::InvalidBearer, &["Invalid bearer token"]),
    reason(
        Reason::TokenExpired,
        &[
            "OAuth token has expired",
            "Please obtain a new token or refresh your existing token",
        ],
    ),
    reason(
        Reason::OauthUnsupported,
        &["OAuth authentication is currently not supported"],
    ),
    reason(
        Reason::AccountDeactivated,
        &["Invalid authentication credentials"],
    ),
    reason(
        Reason::Unauthorized,
        &[
            "authentication_error",
            "API Error: 401",
            "HTTP 401",
            "HTTP/1.1 401",
            "HTTP/2 401",
            "status 401",
            "status code 401",
            "error 401",
            "401 error",
            "401 errors",
            "401 Unauthorized",
            "token suddenly invalid",
        ],
    ),
    reason(Reason::TokenRevoked, &["OAuth token has been revoked"]),
    reason(
        Reason::ScopeMissing,
        &["OAuth token does not meet scope requirement"],
    ),
    reason(Reason::RequestNotAllowed, &["Request not allowed"]),
    reason(
        Reason::Forbidden,
        &[
            "permission_error",
            "API Error: 403",
            "HTTP 403",
            "HTTP/1.1 403",
            "HTTP/2 403",
            "status 403",
            "status code 403",
            "403 Forbidden",
        ],
    ),
    reason(
        Reason::CreditTooLow,
        &["Credit balance is too low", "credit balance too low"],
    ),
    reason(
        Reason::SpendLimit,
        &[
            "You have reached your specified API usage limits",
            "reached your specified * usage limits",
        ],
    ),
    reason(
        Reason::Billing,
        &["billing_error", "402 Payment Required", "API Error: 402"],
    ),
    reason(
        Reason::OrganizationDisabled,
        &["This organization has been disabled"],
    ),
    reason(
        Reason::OauthOrganizationNotAllowed,
        &[
            "OAuth authentication is currently not allowed for this organization",
            "oauth_org_not_allowed",
        ],
    ),
    reason(
        Reason::OnlyForClaudeCode,
        &[
            "This credential is only authorized for use with Claude Code",
            "only authorized for use with Claude Code and cannot be used for other API requests",
        ],
    ),
    reason(
        Reason::DisguisedRefusal,
        &[
            "rate_limit_error message Error",
            "invalid_request_error message Error",
        ],
    ),
    reason(
        Reason::RateLimited,
        &[
            "rate_limit_error",
            "would exceed your organization's rate limit",
            "would exceed the rate limit",
            "has exceeded your * rate limit",
            "API Error: 429",
            "HTTP 429",
            "HTTP/1.1 429",
            "HTTP/2 429",
            "status 429",
            "status code 429",
            "429 Too Many Requests",
        ],
    ),
    reason(
        Reason::Overloaded,
        &[
            "overloaded_error",
            "Overloaded",
            "API Error: 529",
            "HTTP 529",
            "status 529",
            "status code 529",
        ],
    ),
    reason(
        Reason::ServerError,
        &[
            "Internal server error",
            "api_error",
            "timeout_error",
            "API Error: 500",
            "HTTP 500",
            "status code 500",
            "502 Bad Gateway",
            "503 Service Unavailable",
            "504 Gateway Timeout",
        ],
    ),
    reason(
        Reason::ModelNotFound,
        &["not_found_error * model", "model_not_found"],
    ),
    reason(
        Reason::RequestTooLarge,
        &["request_too_large", "413 Request Entity Too Large"],
    ),
    coded(
        "STORE-009",
        &[
            "Could not resolve authentication method",
            "Expected either api_key or auth_token to be set",
            "The api_key client option must be set",
            "x-api-key header is required",
            "ANTHROPIC_API_KEY environment variable is missing or empty",
        ],
        "The program found no Anthropic credential at all: ANTHROPIC_API_KEY is not set where it runs.",
        "Set up a key with `keywright onboard`, then start the program with `keywright exec -- PROGRAM`.",
    ),
];
