//! The closed lists: everything that a flow file may name. A flow decides where a secret goes, so
//! addresses, programs and files are named here and nowhere else.

mod checks;
mod types;

use crate::exit::Exit;
pub use types::{
    CredentialKind, Destination, Detector, Domain, Fact, Input, Link, Looks, Opens, Outcome, Probe,
    Program, Shape, Takes, Validator,
};

const YES_NO: Domain = Domain::Values(&["yes", "no"]);

const fn fact(name: &'static str, domain: Domain) -> Fact {
    Fact {
        name,
        domain,
        optional: false,
    }
}

const fn maybe(name: &'static str, domain: Domain) -> Fact {
    Fact {
        name,
        domain,
        optional: true,
    }
}

/// Every detector.
pub const DETECTORS: &[Detector] = &[
    Detector {
        id: "machine",
        about: "what this machine has already",
        needs: &[],
        takes: &[],
        sets: &[
            // One sentence for each thing found; never a secret.
            fact("found", Domain::List),
            fact("has_environment_key", YES_NO),
            fact("has_profiles", YES_NO),
            fact("has_claude_login", YES_NO),
            fact("has_aws_profile", YES_NO),
            fact("has_openclaw", YES_NO),
            fact("has_clawdbot", YES_NO),
            fact("has_cuti", YES_NO),
        ],
    },
    Detector {
        id: "environment-key",
        about: "an Anthropic API key and address in the environment",
        needs: &[],
        takes: &[],
        sets: &[
            maybe("environment_key", Domain::Secret),
            // The variable's name.
            maybe("environment_key_place", Domain::Text),
            // `ANTHROPIC_BASE_URL`, or the provider's own address.
            fact("base_url_here", Domain::Text),
            // That address is neither the provider's own nor on this machine.
            fact("foreign_base_url", YES_NO),
        ],
    },
    Detector {
        id: "profile",
        about: "whether a profile of that name exists, and whether it holds the same secret",
        needs: &[Input::Profile, Input::Secret],
        takes: &[],
        sets: &[
            fact(
                "profile_state",
                Domain::Values(&["absent", "same", "different"]),
            ),
            // Mask of the secret that the profile holds, or `none`.
            fact("profile_holds", Domain::Text),
            // A name that is free.
            fact("free_profile", Domain::Text),
        ],
    },
    Detector {
        id: "defaults",
        about: "what is used by default now",
        needs: &[],
        takes: &[],
        sets: &[maybe("current_model", Domain::Text)],
    },
];

/// Every probe.
pub const PROBES: &[Probe] = &[Probe {
    id: "anthropic-api-key",
    about: "one free request that proves the key (GET /v1/models)",
    needs: &[Input::Secret],
    takes: &[Input::BaseUrl],
    // `skipped`: --offline or --skip-probe.
    outcomes: &["works", "limited", "refused", "undetermined", "skipped"],
    sets: &[
        // Ids, newest first; empty where the reply had none.
        fact("models", Domain::List),
        // What was seen, in one sentence.
        fact("verdict", Domain::Text),
        // What to do about it, in one sentence; empty where it works.
        fact("advice", Domain::Text),
    ],
}];

/// Every program that a handoff may start.
pub const PROGRAMS: &[Program] = &[
    Program {
        id: "browser",
        about: "opens a page in the browser",
        opens: Opens::Page,
        outcomes: &["opened", "unavailable"],
    },
    Program {
        id: "claude-setup-token",
        about: "makes a token that lasts a year, and shows it",
        opens: Opens::Terminal {
            words: &["claude", "setup-token"],
            last: None,
        },
        outcomes: TERMINAL_OUTCOMES,
    },
    Program {
        id: "claude-auth-login",
        about: "signs Claude Code in",
        opens: Opens::Terminal {
            words: &["claude", "auth", "login"],
            last: None,
        },
        outcomes: TERMINAL_OUTCOMES,
    },
    Program {
        id: "aws-sso-login",
        about: "renews the sign-in of an AWS profile",
        opens: Opens::Terminal {
            words: &["aws", "sso", "login", "--profile"],
            last: Some(Input::AwsProfile),
        },
        outcomes: TERMINAL_OUTCOMES,
    },
];

/// `returned`: it ended well. `failed`: it did not, or was interrupted. `unavailable`: it is not
/// here, or nobody is at a terminal.
const TERMINAL_OUTCOMES: &[&str] = &["returned", "failed", "unavailable"];

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
];

/// Every validator.
pub const VALIDATORS: &[Validator] = &[
    Validator {
        id: "anthropic-profile",
        accepts: "a name such as `default` or `anthropic:work`: a-z, 0-9, `.`, `_`, `-`",
        check: checks::anthropic_profile,
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
pub const SHAPES: &[Shape] = &[Shape {
    id: "anthropic-api-key",
    accepts: "an Anthropic API key, which begins with sk-ant-api03-",
    check: checks::anthropic_api_key,
}];

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
        provider: "anthropic",
        needs: &[Input::Secret],
        takes: &[Input::BaseUrl],
    },
    CredentialKind {
        id: "anthropic-token",
        provider: "anthropic",
        needs: &[Input::Secret],
        takes: &[Input::Lifetime],
    },
    // A reference to a login of Claude Code; none of its tokens.
    CredentialKind {
        id: "claude-login",
        provider: "anthropic",
        needs: &[Input::ConfigDir],
        takes: &[],
    },
    CredentialKind {
        id: "bedrock",
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

/// The page that `{page_…}` stands for in a text: its id with `_` for `-`.
#[must_use]
pub fn page(variable: &str) -> Option<&'static Link> {
    link(&variable.strip_prefix("page_")?.replace('_', "-"))
}

/// How a commit can go, for `on`.
pub const COMMIT_OUTCOMES: &[&str] = &["saved", "unchanged"];
