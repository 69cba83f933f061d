//! The closed lists: everything that a flow file may name. A flow decides where a secret goes, so
//! addresses, programs and files are named here and nowhere else.

mod checks;
mod detectors;
mod probes;
mod programs;
mod types;

use crate::exit::Exit;
use detectors::COMPARISONS;
pub use detectors::DETECTORS;
pub use probes::PROBES;
pub use programs::PROGRAMS;
pub use types::{
    CredentialKind, Destination, Detector, Domain, Fact, Input, Link, Looks, Opens, Outcome, Probe,
    Program, Shape, Takes, Validator,
};

/// Every page.
pub const LINKS: &[Link] = &[
    Link {
        id: "anthropic-keys",
        url: "https://platform.claude.com/settings/keys",
    },
    Link {
        id: "anthropic-billing",
        url: "https://platform.claude.com/settings/billing",
    },
    Link {
        id: "anthropic-status",
        url: "https://status.claude.com",
    },
    Link {
        id: "claude-code-terms",
        url: "https://code.claude.com/docs/en/legal-and-compliance",
    },
    Link {
        id: "claude-code-setup",
        url: "https://code.claude.com/docs/en/setup",
    },
    Link {
        id: "aws-bedrock-models",
        url: "https://console.aws.amazon.com/bedrock/home#/model-catalog",
    },
    Link {
        id: "aws-bedrock-keys",
        url: "https://console.aws.amazon.com/bedrock/home#/api-keys",
    },
    Link {
        id: "aws-users",
        url: "https://console.aws.amazon.com/iam/home#/users",
    },
];

/// Every validator.
pub const VALIDATORS: &[Validator] = &[
    Validator {
        id: "anthropic-profile",
        accepts: "a name such as `default` or `anthropic:work`: a-z, 0-9, `.`, `_`, `-`",
        check: checks::anthropic_profile,
    },
    Validator {
        id: "bedrock-profile",
        accepts: "a name such as `default` or `bedrock:us`: a-z, 0-9, `.`, `_`, `-`",
        check: checks::bedrock_profile,
    },
    Validator {
        id: "duration",
        accepts: "a duration such as 365d, 24h or 1h30m",
        check: checks::duration,
    },
    Validator {
        id: "secret-source",
        accepts: "`env:NAME` or `file:PATH`",
        check: checks::secret_source,
    },
    Validator {
        id: "aws-access-key-id",
        accepts: "an access key id, which begins with AKIA or ASIA",
        check: checks::access_key_id,
    },
    Validator {
        id: "aws-profile",
        accepts: "the name of a profile in ~/.aws/config or ~/.aws/credentials",
        check: checks::aws_profile,
    },
    Validator {
        id: "aws-region",
        accepts: "an AWS region such as `us-east-1`",
        check: checks::aws_region,
    },
    Validator {
        id: "model-id",
        accepts: "a model id such as `claude-sonnet-4-5`",
        check: checks::model_id,
    },
    Validator {
        id: "base-url",
        accepts: "an https address (http only on this machine), without user, query or fragment",
        check: checks::base_url,
    },
];

/// Every shape of a secret.
pub const SHAPES: &[Shape] = &[
    Shape {
        id: "anthropic-api-key",
        accepts: "an Anthropic API key, which begins with sk-ant-api03-",
        check: checks::anthropic_api_key,
    },
    Shape {
        id: "anthropic-setup-token",
        accepts: "a token of `claude setup-token`, which begins with sk-ant-oat01-",
        check: checks::setup_token,
    },
    Shape {
        id: "aws-secret-key",
        accepts: "a secret access key: 40 characters",
        check: checks::aws_secret_key,
    },
    Shape {
        id: "aws-session-token",
        accepts: "the session token that came with the access key",
        check: checks::aws_session_token,
    },
    Shape {
        id: "bedrock-api-key",
        accepts: "a Bedrock API key, which begins with ABSK or bedrock-api-key-",
        check: checks::bedrock_api_key,
    },
];

/// Every way a flow can end.
pub const OUTCOMES: &[Outcome] = &[
    Outcome {
        id: "saved",
        about: "the plan was carried out",
        exit: Exit::Done,
    },
    Outcome {
        id: "nothing-to-do",
        about: "everything is as it should be already",
        exit: Exit::Done,
    },
    Outcome {
        id: "declined",
        about: "the user decided against it; nothing was changed",
        exit: Exit::Done,
    },
    Outcome {
        id: "refused",
        about: "the provider refused the credential; nothing was changed",
        exit: Exit::Problem,
    },
    Outcome {
        id: "conflict",
        about: "something else is there already; nothing was changed",
        exit: Exit::Problem,
    },
    Outcome {
        id: "undetermined",
        about: "the credential could not be tested; nothing was changed",
        exit: Exit::Undetermined,
    },
    Outcome {
        id: "continues",
        about: "another flow goes on from here",
        exit: Exit::Done,
    },
    Outcome {
        id: "cancelled",
        about: "the user left; nothing was changed",
        exit: Exit::Interrupted,
    },
];

/// Every provider.
pub const PROVIDERS: &[&str] = &["anthropic", "bedrock"];

/// What is put after a secret's flag for its other sources.
pub const SECRET_SUFFIXES: &[&str] = &["-stdin", "-file", "-env", "-fd"];

/// Names of flags that mean the same in every flow.
pub const RESERVED_FLAGS: &[&str] = &[
    "accept-risk",
    "agent",
    "allow-insecure-url",
    "answers",
    "answers-template",
    "auth-choice",
    "color",
    "dry-run",
    "flow",
    "fresh",
    "help",
    "home",
    "interactive",
    "json",
    "no-input",
    "non-interactive",
    "offline",
    "plain",
    "quiet",
    "reauth",
    "reconfigure",
    "sandbox",
    "secret-input-mode",
    "skip-probe",
    "trust",
    "verbose",
    "version",
];

/// Every credential kind that a flow can store.
pub const CREDENTIAL_KINDS: &[CredentialKind] = &[
    CredentialKind {
        id: "anthropic-api-key",
        noun: "key",
        provider: "anthropic",
        needs: &[Input::Secret],
        takes: &[Input::BaseUrl],
    },
    CredentialKind {
        id: "anthropic-token",
        noun: "token",
        provider: "anthropic",
        needs: &[Input::Secret],
        takes: &[Input::Lifetime],
    },
    // A reference to a login of Claude Code; none of its tokens.
    CredentialKind {
        id: "claude-login",
        noun: "login",
        provider: "anthropic",
        needs: &[Input::ConfigDir],
        takes: &[],
    },
    CredentialKind {
        id: "bedrock",
        noun: "access",
        provider: "bedrock",
        needs: &[Input::Method, Input::Region],
        takes: &[
            Input::AccessKeyId,
            Input::SecretKey,
            Input::SessionToken,
            Input::Bearer,
            Input::AwsProfile,
            Input::Model,
        ],
    },
];

/// Every variable name that a flow can write to the `.env` file.
pub const ENV_NAMES: &[&str] = &["ANTHROPIC_API_KEY"];

/// Every document that a flow can edit, with the values it may set there.
pub const DOCUMENTS: &[(&str, &[&str])] = &[
    ("config", &["agents.defaults.model.primary"]),
    ("store", &[]),
    ("env-file", &[]),
];

macro_rules! lookup {
    ($($function:ident $list:ident $type:ident,)+) => {$(
        /// The entry of this id.
        #[must_use]
        pub fn $function(id: &str) -> Option<&'static $type> {
            $list.iter().find(|entry| entry.id == id)
        }
    )+};
}

lookup! {
    detector DETECTORS Detector,
    probe PROBES Probe,
    program PROGRAMS Program,
    link LINKS Link,
    validator VALIDATORS Validator,
    shape SHAPES Shape,
    outcome OUTCOMES Outcome,
    credential_kind CREDENTIAL_KINDS CredentialKind,
}

/// The credential kind that a detector compares with a profile.
#[must_use]
pub fn compared_by(detector: &str) -> Option<&'static CredentialKind> {
    let (_, kind) = COMPARISONS.iter().find(|(id, _)| *id == detector)?;
    credential_kind(kind)
}

/// The page that `{page_…}` stands for in a text: its id with `_` for `-`.
#[must_use]
pub fn page(variable: &str) -> Option<&'static Link> {
    link(&variable.strip_prefix("page_")?.replace('_', "-"))
}

/// How a commit can go, for `on`.
pub const COMMIT_OUTCOMES: &[&str] = &["saved", "unchanged"];
