//! Every detector.

use super::types::{Detector, Domain, Fact, Input};

const YES_NO: Domain = Domain::Values(&["yes", "no"]);

pub(super) const fn fact(name: &'static str, domain: Domain) -> Fact {
    Fact {
        name,
        domain,
        optional: false,
    }
}

pub(super) const fn maybe(name: &'static str, domain: Domain) -> Fact {
    Fact {
        name,
        domain,
        optional: true,
    }
}

/// How a stored profile of that name compares with what would be stored.
const PROFILE: &[Fact] = &[
    fact(
        "profile_state",
        Domain::Values(&["absent", "same", "different"]),
    ),
    // What the profile holds: a mask, a folder or a few words; `none` where there is none.
    fact("profile_holds", Domain::Text),
    // A name that is free.
    fact("free_profile", Domain::Text),
];

/// The detectors that compare a credential kind with the profile of that name.
pub(super) const COMPARISONS: &[(&str, &str)] = &[
    ("profile", "anthropic-api-key"),
    ("token-profile", "anthropic-token"),
    ("login-profile", "claude-login"),
    ("bedrock-profile", "bedrock"),
];

const BEDROCK: &[Input] = &[
    Input::AccessKeyId,
    Input::SecretKey,
    Input::SessionToken,
    Input::Bearer,
    Input::AwsProfile,
    Input::Model,
];

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
            // The flows, the one that fits this machine best first.
            fact("ways", Domain::List),
            // Why each fits or does not, in one sentence.
            fact("api_key_reason", Domain::Text),
            fact("setup_token_reason", Domain::Text),
            fact("claude_cli_reason", Domain::Text),
            fact("bedrock_reason", Domain::Text),
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
        sets: PROFILE,
    },
    Detector {
        id: "token-profile",
        about: "whether a profile of that name exists, and whether it holds the same token",
        needs: &[Input::Profile, Input::Secret],
        takes: &[],
        sets: PROFILE,
    },
    Detector {
        id: "login-profile",
        about: "whether a profile of that name exists, and whether it names the same login",
        needs: &[Input::Profile, Input::ConfigDir],
        takes: &[],
        sets: PROFILE,
    },
    Detector {
        id: "bedrock-profile",
        about: "whether a profile of that name exists, and whether it holds the same access",
        needs: &[Input::Profile, Input::Method, Input::Region],
        takes: BEDROCK,
        sets: PROFILE,
    },
    Detector {
        id: "defaults",
        about: "what is used by default now",
        needs: &[],
        takes: &[],
        sets: &[maybe("current_model", Domain::Text)],
    },
    Detector {
        id: "setup-token",
        about: "whether `claude setup-token` can be run here, and a token in the environment",
        needs: &[],
        takes: &[],
        sets: &[
            fact("can_run", YES_NO),
            // A fragment, such as "`claude` is not on the PATH"; empty where it can be run.
            fact("cannot_run_because", Domain::Text),
            // The window has fewer columns than the token and its frame need.
            fact("narrow", YES_NO),
            fact("columns", Domain::Text),
            fact("best_way", Domain::Values(&["run", "paste", "source"])),
            // `env:NAME` of a variable that holds one.
            maybe("source_here", Domain::Text),
        ],
    },
    Detector {
        id: "named-secret",
        about: "the secret at `env:NAME` or `file:PATH`",
        needs: &[Input::Source],
        takes: &[],
        sets: &[
            maybe("named_secret", Domain::Secret),
            // Why there is none; empty where there is one.
            fact("named_problem", Domain::Text),
        ],
    },
    Detector {
        id: "claude-login",
        about: "the login of Claude Code on this machine, and what it would lose against",
        needs: &[],
        takes: &[],
        sets: &[
            fact("login", Domain::Values(&["usable", "unusable", "missing"])),
            // Plan, account and how long it lasts, or what is wrong, in one sentence.
            fact("login_words", Domain::Text),
            // What to do; empty where it is usable.
            fact("login_advice", Domain::Text),
            fact("config_dir", Domain::Text),
            // One sentence for each source that Claude Code prefers to it.
            fact("outranked_by", Domain::List),
            // `claude auth login` can be run here.
            fact("can_sign_in", YES_NO),
        ],
    },
    Detector {
        id: "aws",
        about: "ways to AWS on this machine",
        needs: &[],
        takes: &[],
        sets: &[
            // The ways, the one that fits best first.
            fact("methods", Domain::List),
            // What is here for each, in one sentence.
            fact("access_keys_reason", Domain::Text),
            fact("bearer_reason", Domain::Text),
            fact("profile_reason", Domain::Text),
            fact("chain_reason", Domain::Text),
            fact("aws_profiles", Domain::List),
            maybe("access_key_id_here", Domain::Text),
            maybe("secret_key_here", Domain::Secret),
            maybe("session_token_here", Domain::Secret),
            maybe("bearer_here", Domain::Secret),
        ],
    },
    Detector {
        id: "access-key",
        about: "the kind of an AWS access key, by its id",
        needs: &[Input::AccessKeyId],
        takes: &[],
        sets: &[fact(
            "key_kind",
            Domain::Values(&["long-term", "temporary"]),
        )],
    },
    Detector {
        id: "aws-profile",
        about: "whether an AWS profile leads to credentials, as far as its files say",
        needs: &[Input::AwsProfile],
        takes: &[],
        sets: &[
            fact(
                "aws_profile_state",
                Domain::Values(&["usable", "expired", "broken"]),
            ),
            // What it is, or what is wrong and what mends it.
            fact("aws_profile_words", Domain::Text),
            // `aws sso login` helps and can be run here.
            fact("can_sign_in", YES_NO),
            // A fragment; empty where it can be run.
            fact("cannot_sign_in_because", Domain::Text),
        ],
    },
    Detector {
        id: "aws-region",
        about: "the region that is set on this machine, and where",
        needs: &[],
        takes: &[Input::AwsProfile, Input::Bearer],
        sets: &[
            maybe("region_here", Domain::Text),
            // Such as "AWS_REGION"; "no place" where there is none.
            fact("region_from", Domain::Text),
        ],
    },
];
