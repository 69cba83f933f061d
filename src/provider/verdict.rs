//! What a probe found out about one credential: the only currency between probes, the wizard, the
//! doctor and `models status`.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How far the credential got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Accepted.
    Works,
    /// Accepted, but it cannot be used right now or not for everything (429, 529, credit).
    Limited,
    /// The provider refused it.
    Refused,
    /// Nothing was learned about the credential (network, captive portal, 5xx without a word).
    Undetermined,
}

macro_rules! reasons {
    ($($name:ident $id:literal $code:literal $outcome:ident,)+) => {
        /// The one class a reply or failure belongs to. Each has one doctor code, its own words
        /// and its own remedy (`provider::words`).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Reason { $($name,)+ }

        impl Reason {
            /// Every reason.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The stable name in JSON.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)+ }
            }

            /// The doctor code that reports it.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// How far the credential got.
            #[must_use]
            pub const fn outcome(self) -> Outcome {
                match self { $(Self::$name => Outcome::$outcome,)+ }
            }
        }
    };
}

reasons! {
    Works "works" "API-001" Works,
    // 401
    InvalidKey "invalid-key" "API-002" Refused,
    InvalidBearer "invalid-bearer" "API-002" Refused,
    TokenExpired "token-expired" "API-002" Refused,
    OauthUnsupported "oauth-unsupported" "API-002" Refused,
    AccountDeactivated "account-deactivated" "API-002" Refused,
    Unauthorized "unauthorized" "API-002" Refused,
    // 403
    TokenRevoked "token-revoked" "API-003" Refused,
    ScopeMissing "scope-missing" "API-003" Refused,
    RequestNotAllowed "request-not-allowed" "API-003" Refused,
    Forbidden "forbidden" "API-003" Refused,
    // 400, 402
    CreditTooLow "credit-too-low" "API-004" Limited,
    SpendLimit "spend-limit" "API-004" Limited,
    Billing "billing" "API-004" Limited,
    OrganizationDisabled "organization-disabled" "API-005" Refused,
    OauthOrganizationNotAllowed "oauth-organization-not-allowed" "API-006" Refused,
    OnlyForClaudeCode "only-for-claude-code" "API-007" Refused,
    DisguisedRefusal "disguised-refusal" "API-007" Refused,
    // 429, 5xx, 529
    RateLimited "rate-limited" "API-008" Limited,
    MonthlyLimit "monthly-limit" "API-008" Limited,
    Overloaded "overloaded" "API-008" Limited,
    ServerError "server-error" "API-008" Undetermined,
    // 404
    ModelNotFound "model-not-found" "API-009" Limited,
    // anything else that the API itself said
    RequestTooLarge "request-too-large" "API-001" Undetermined,
    InvalidRequest "invalid-request" "API-001" Undetermined,
    Unclassified "unclassified" "API-001" Undetermined,
    // not the API
    NotTheApi "not-the-api" "NET-011" Undetermined,
    CaptivePortal "captive-portal" "NET-011" Undetermined,
    Redirected "redirected" "NET-011" Undetermined,
    MalformedReply "malformed-reply" "NET-011" Undetermined,
    OversizedReply "oversized-reply" "NET-011" Undetermined,
    ProxyUnreachable "proxy-unreachable" "NET-011" Undetermined,
    ProxyAuthentication "proxy-authentication" "NET-011" Undetermined,
    ProxyRefused "proxy-refused" "NET-011" Undetermined,
    ProxyMalformed "proxy-malformed" "NET-011" Undetermined,
    // no connection
    Dns "dns" "NET-001" Undetermined,
    ConnectionRefused "connection-refused" "NET-001" Undetermined,
    NoRoute "no-route" "NET-001" Undetermined,
    TimedOut "timed-out" "NET-001" Undetermined,
    ConnectionReset "connection-reset" "NET-001" Undetermined,
    NetworkOther "network-other" "NET-001" Undetermined,
    TlsUnknownIssuer "tls-unknown-issuer" "NET-010" Undetermined,
    TlsExpired "tls-expired" "NET-010" Undetermined,
    TlsNotYetValid "tls-not-yet-valid" "NET-010" Undetermined,
    TlsWrongName "tls-wrong-name" "NET-010" Undetermined,
    TlsOther "tls-other" "NET-010" Undetermined,
    NoCaStore "no-ca-store" "NET-010" Undetermined,
    // AWS: the credential
    AwsUnknownKey "aws-unknown-key" "AWS-010" Refused,
    AwsWrongSecret "aws-wrong-secret" "AWS-010" Refused,
    AwsUnsigned "aws-unsigned" "AWS-010" Refused,
    AwsBearerRefused "aws-bearer-refused" "AWS-010" Refused,
    AwsBearerExpired "aws-bearer-expired" "AWS-010" Refused,
    AwsSessionMissing "aws-session-missing" "AWS-004" Refused,
    AwsExpired "aws-expired" "AWS-011" Refused,
    AwsClock "aws-clock" "CFG-011" Undetermined,
    AwsRegionOff "aws-region-off" "AWS-001" Refused,
    // AWS: what it may do
    AwsListNotAllowed "aws-list-not-allowed" "AWS-012" Limited,
    AwsNotAllowed "aws-not-allowed" "AWS-024" Refused,
    AwsProfileNeeded "aws-profile-needed" "AWS-020" Refused,
    AwsModelAccess "aws-model-access" "AWS-021" Refused,
    AwsAccountBlocked "aws-account-blocked" "AWS-021" Refused,
    AwsModelNotHere "aws-model-not-here" "AWS-021" Refused,
    AwsNoModels "aws-no-models" "AWS-021" Limited,
    AwsUseCase "aws-use-case" "AWS-022" Refused,
    AwsLegacyModel "aws-legacy-model" "AWS-023" Refused,
    AwsModelUnknown "aws-model-unknown" "AWS-023" Refused,
    AwsThrottled "aws-throttled" "AWS-024" Limited,
    AwsQuota "aws-quota" "AWS-024" Limited,
    AwsModelBusy "aws-model-busy" "AWS-024" Limited,
    AwsUnavailable "aws-unavailable" "AWS-024" Undetermined,
    AwsOther "aws-other" "AWS-024" Undetermined,
    // AWS: no credentials to try
    AwsNoCredentials "aws-no-credentials" "AWS-030" Refused,
    AwsProfileMissing "aws-profile-missing" "AWS-003" Refused,
    AwsProfileBroken "aws-profile-broken" "AWS-003" Refused,
    AwsProcessFailed "aws-process-failed" "AWS-003" Refused,
    AwsSignInExpired "aws-sign-in-expired" "AWS-011" Refused,
    AwsUnresolved "aws-unresolved" "AWS-030" Undetermined,
    // not tried
    HostNotAllowed "host-not-allowed" "ENV-004" Undetermined,
    // the `claude` program that was asked to try it
    NotLoggedIn "not-logged-in" "CRED-010" Refused,
    HelperFailed "helper-failed" "CFG-010" Undetermined,
    ProgramMissing "program-missing" "CLI-001" Undetermined,
    ProgramUnusable "program-unusable" "CLI-003" Undetermined,
    ProgramHung "program-hung" "CLI-003" Undetermined,
    ProgramCrashed "program-crashed" "CLI-003" Undetermined,
    ProgramUnknown "program-unknown" "CLI-003" Undetermined,
    ProgramFlooded "program-flooded" "CLI-003" Undetermined,
}

/// A model that the live list names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Model {
    pub id: String,
    pub display_name: String,
}

/// What one probe of one credential found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
    pub reason: Reason,
    /// `host[:port]` that was asked.
    pub host: String,
    pub http_status: Option<u16>,
    /// The `request-id` header, or `request_id` of the body.
    pub request_id: Option<String>,
    /// Seconds the server asked us to wait.
    pub retry_after: Option<u64>,
    /// The server's own message, cut to 300 characters; not yet escaped for a terminal.
    pub message: Option<String>,
    /// `anthropic-ratelimit-*` headers by their short name, e.g. `requests-remaining`.
    pub limits: Vec<(String, String)>,
    pub elapsed: Duration,
    /// The server's `Date` header.
    pub server_time: Option<Timestamp>,
    /// Models that the reply lists, newest first as the API sorts them.
    pub models: Vec<Model>,
    /// The proxy or trust-store variable to blame, such as `HTTPS_PROXY`.
    pub variable: Option<String>,
    /// What the request was about, where that is needed to mend it.
    #[serde(default)]
    pub subject: Subject,
}

/// What a request was about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Subject {
    pub region: Option<String>,
    /// The permission that was asked for, such as `bedrock:InvokeModel`.
    pub action: Option<String>,
    /// What it was asked for, as an ARN; for a proven identity its own ARN.
    pub resource: Option<String>,
    pub model: Option<String>,
    /// The id to use instead of `model`.
    pub other_model: Option<String>,
    /// The AWS profile that the credentials come from.
    pub profile: Option<String>,
}

impl Verdict {
    /// A verdict that has nothing but its reason.
    #[must_use]
    pub fn of(reason: Reason, host: impl Into<String>) -> Self {
        Self {
            reason,
            host: host.into(),
            http_status: None,
            request_id: None,
            retry_after: None,
            message: None,
            limits: Vec::new(),
            elapsed: Duration::ZERO,
            server_time: None,
            models: Vec::new(),
            variable: None,
            subject: Subject::default(),
        }
    }

    #[must_use]
    pub const fn outcome(&self) -> Outcome {
        self.reason.outcome()
    }
}
