//! Every probe.

use super::detectors::{fact, maybe};
use super::types::{Domain, Fact, Input, Probe};

/// `skipped`: --offline or --skip-probe.
const OUTCOMES: &[&str] = &["works", "limited", "refused", "undetermined", "skipped"];

/// What was seen, in one sentence.
const VERDICT: Fact = fact("verdict", Domain::Text);
/// What to do about it, in one sentence; empty where it works.
const ADVICE: Fact = fact("advice", Domain::Text);
/// The outcome, for conditions.
const TEST: Fact = fact("test", Domain::Values(OUTCOMES));

/// Every probe.
pub const PROBES: &[Probe] = &[
    Probe {
        id: "anthropic-api-key",
        about: "one free request that proves the key (GET /v1/models)",
        needs: &[Input::Secret],
        takes: &[Input::BaseUrl],
        outcomes: OUTCOMES,
        // Models: ids, newest first; empty where the reply had none.
        sets: &[fact("models", Domain::List), VERDICT, ADVICE, TEST],
    },
    Probe {
        id: "claude-token",
        about: "one run of the unmodified `claude -p` with the token; costs a little usage",
        needs: &[Input::Secret],
        takes: &[],
        outcomes: OUTCOMES,
        sets: &[VERDICT, ADVICE, TEST],
    },
    Probe {
        id: "claude-login",
        about: "one run of the unmodified `claude -p` with the login; costs a little usage",
        needs: &[Input::ConfigDir],
        takes: &[],
        outcomes: OUTCOMES,
        sets: &[VERDICT, ADVICE, TEST],
    },
    Probe {
        id: "bedrock",
        about: "free requests: who am I (STS), which models and inference profiles",
        needs: &[Input::Method, Input::Region],
        takes: BEDROCK,
        outcomes: OUTCOMES,
        sets: &[
            // Ids to use in this region, newest first, without legacy ones.
            fact("models", Domain::List),
            VERDICT,
            ADVICE,
            TEST,
        ],
    },
    Probe {
        id: "bedrock-model",
        about: "free requests: may this model be used here (availability, count-tokens)",
        needs: &[Input::Method, Input::Region, Input::Model],
        takes: BEDROCK,
        outcomes: OUTCOMES,
        sets: &[
            fact("model_verdict", Domain::Text),
            fact("model_advice", Domain::Text),
            fact("model_test", Domain::Values(OUTCOMES)),
            // The id to use instead.
            maybe("other_model", Domain::Text),
        ],
    },
];

const BEDROCK: &[Input] = &[
    Input::AccessKeyId,
    Input::SecretKey,
    Input::SessionToken,
    Input::Bearer,
    Input::AwsProfile,
];
