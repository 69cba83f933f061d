//! What AWS said, and what to do about it: AWS-003 to AWS-030.

use super::{Act, SET_CLOCK, Text};
use crate::provider::Reason;

const KEYS: &str = "https://console.aws.amazon.com/iam/home#/security_credentials";
const BEDROCK_KEYS: &str = "https://console.aws.amazon.com/bedrock/home?region={region}#/api-keys";
const MODELS: &str = "https://console.aws.amazon.com/bedrock/home?region={region}#/model-catalog";
const QUOTAS: &str =
    "https://console.aws.amazon.com/servicequotas/home?region={region}#!/services/bedrock/quotas";
const HEALTH: &str = "https://health.aws.amazon.com/health/status";
const SUPPORT: &str = "https://console.aws.amazon.com/support/home";

const AGAIN: (&str, Act) = (
    "Enter it again, whole.",
    Act::Run("keywright onboard --flow bedrock"),
);
const STATEMENT: (&str, Act) = (
    "Add to the identity's policy: \"Effect\": \"Allow\", \"Action\": \"{action}\", \"Resource\": \"{resource}\".",
    Act::Nothing,
);
const WAIT: (&str, Act) = ("Wait {wait}, then try again.", Act::Run("keywright doctor"));
const SIGN_IN: (&str, Act) = (
    "Sign in again.",
    Act::Run("aws sso login --profile {profile}"),
);
const CATALOGUE: (&str, Act) = (
    "Open it in the model catalog of {region}.",
    Act::Open(MODELS),
);
const CHOOSE: (&str, Act) = ("Use {other}.", Act::Run("keywright onboard --flow bedrock"));

const fn text(
    reason: Reason,
    title: &'static str,
    summary: &'static str,
    why: &'static str,
    advice: &'static [(&'static str, Act)],
) -> Text {
    Text {
        reason,
        title,
        summary,
        why,
        advice,
    }
}

pub(super) const TEXTS: &[Text] = &[
    text(
        Reason::AwsUnknownKey,
        "AWS key unknown",
        "AWS does not know this access key.",
        "It was deleted or mistyped, belongs to another partition, or the region {region} is switched off in the account.",
        &[
            ("Look whether the key is still there.", Act::Open(KEYS)),
            AGAIN,
        ],
    ),
    text(
        Reason::AwsWrongSecret,
        "AWS secret wrong",
        "AWS knows the access key, but the secret does not belong to it.",
        "The secret is mistyped or cut off, or it is the one of another key.",
        &[
            AGAIN,
            (
                "A lost secret cannot be shown again: make a new key.",
                Act::Open(KEYS),
            ),
        ],
    ),
    text(
        Reason::AwsUnsigned,
        "signature lost",
        "AWS got the request without a complete signature.",
        "A proxy on the way takes headers away, or the access key is empty.",
        &[
            (
                "Ask for an exception for {name} on the proxy.",
                Act::Nothing,
            ),
            AGAIN,
        ],
    ),
    text(
        Reason::AwsBearerRefused,
        "Bedrock key refused",
        "AWS does not take this Bedrock API key.",
        "It was deleted or has ended, is cut off, or was made in another region than {region}.",
        &[
            ("Make a new one in {region}.", Act::Open(BEDROCK_KEYS)),
            AGAIN,
        ],
    ),
    text(
        Reason::AwsBearerExpired,
        "Bedrock key expired",
        "The time of this Bedrock API key is over.",
        "It lasts as long as was set when it was made; a short-term one at most 12 hours.",
        &[
            ("Make a new one in {region}.", Act::Open(BEDROCK_KEYS)),
            (
                "Enter the new one.",
                Act::Run("keywright onboard --flow bedrock"),
            ),
        ],
    ),
    text(
        Reason::AwsSessionMissing,
        "session token missing",
        "This is a temporary access key (ASIA), and its session token is missing.",
        "A temporary key works only together with the session token that came with it.",
        &[(
            "Enter it again, with the session token.",
            Act::Run("keywright onboard --flow bedrock"),
        )],
    ),
    text(
        Reason::AwsExpired,
        "AWS session expired",
        "The session behind these AWS credentials has expired.",
        "Temporary credentials last minutes to hours.",
        &[
            SIGN_IN,
            (
                "Fetch new ones and enter them.",
                Act::Run("keywright onboard --flow bedrock"),
            ),
        ],
    ),
    text(
        Reason::AwsClock,
        "clock wrong",
        "AWS refuses the signature because the clock of this machine is wrong.",
        "A signature holds for a few minutes around the time it names.",
        &[(
            "Set the clock, or switch on time synchronisation.",
            Act::Run(SET_CLOCK),
        )],
    ),
    text(
        Reason::AwsRegionOff,
        "region switched off",
        "The region {region} is switched off in this AWS account.",
        "Regions that came after 2019 have to be switched on first.",
        &[(
            "Switch it on, or use another region.",
            Act::Open("https://console.aws.amazon.com/billing/home#/account"),
        )],
    ),
    text(
        Reason::AwsListNotAllowed,
        "not allowed to look",
        "These credentials may not look around: {action} is not allowed.",
        "The models themselves may work all the same. Claude Code needs ListInferenceProfiles to find them.",
        &[STATEMENT],
    ),
    text(
        Reason::AwsNotAllowed,
        "not allowed",
        "These credentials may not do {action}.",
        "No policy allows it, or one forbids it. An organization's policy is changed by its administrator.",
        &[STATEMENT],
    ),
    text(
        Reason::AwsProfileNeeded,
        "inference profile needed",
        "The model {model} cannot be called as such, only through an inference profile.",
        "Current models are called through a profile of their geography, such as us. or eu. before the id.",
        &[CHOOSE],
    ),
    text(
        Reason::AwsModelAccess,
        "no access to the model",
        "This account has no access to the model {model} in {region}.",
        "Access to a model is granted once for an account, by somebody who may subscribe to it.",
        &[CATALOGUE],
    ),
    text(
        Reason::AwsAccountBlocked,
        "account blocked",
        "This AWS account may not use Bedrock's models.",
        "New accounts and accounts of some resellers are released by AWS one by one.",
        &[("Ask AWS to release it.", Act::Open(SUPPORT))],
    ),
    text(
        Reason::AwsModelNotHere,
        "model not here",
        "The model {model} cannot be used in {region}.",
        "Each model is offered in some regions, and each inference profile in those of its geography.",
        &[CHOOSE, CATALOGUE],
    ),
    text(
        Reason::AwsNoModels,
        "no models",
        "AWS accepts the credentials, but lists no usable Claude model in {region}.",
        "The region has none, or only models that are about to go.",
        &[(
            "Use another region, such as us-east-1 or eu-west-1.",
            Act::Run("keywright onboard --flow bedrock"),
        )],
    ),
    text(
        Reason::AwsUseCase,
        "use-case form missing",
        "Anthropic's use-case form has not been sent for this AWS account.",
        "It is sent once for an account, or for its organization; it takes effect within 15 minutes.",
        &[(
            "Open any Claude model in the catalog of {region} and send the form.",
            Act::Open(MODELS),
        )],
    ),
    text(
        Reason::AwsLegacyModel,
        "legacy model",
        "The model {model} is a legacy one.",
        "AWS refuses it to everybody who has not used it in the last 15 days, and will take it away.",
        &[CHOOSE],
    ),
    text(
        Reason::AwsModelUnknown,
        "model unknown",
        "Bedrock does not know the model {model} in {region}.",
        "The id is mistyped, is of another region or geography, or the model is gone.",
        &[CHOOSE],
    ),
    text(
        Reason::AwsThrottled,
        "throttled",
        "AWS accepts the credentials, but limits them now: {said}.",
        "More was asked for than the account may ask for in a minute.",
        &[WAIT, ("Ask for a higher quota.", Act::Open(QUOTAS))],
    ),
    text(
        Reason::AwsQuota,
        "quota used up",
        "AWS accepts the credentials, but a quota of the account is used up.",
        "New accounts begin with very small quotas.",
        &[("Ask for a higher quota.", Act::Open(QUOTAS))],
    ),
    text(
        Reason::AwsModelBusy,
        "model busy",
        "AWS accepts the credentials, but the model {model} is not answering now: {said}.",
        "The trouble is on the side of Bedrock.",
        &[WAIT],
    ),
    text(
        Reason::AwsUnavailable,
        "AWS in trouble",
        "AWS has trouble of its own at {host}.",
        "Nothing is known of the credentials.",
        &[
            WAIT,
            ("Look whether an outage is reported.", Act::Open(HEALTH)),
        ],
    ),
    text(
        Reason::AwsOther,
        "unknown refusal",
        "AWS refused the request at {host}: {said}.",
        "It is none of the known refusals.",
        &[("Ask AWS, and give the request id.", Act::Open(SUPPORT))],
    ),
    text(
        Reason::AwsNoCredentials,
        "no AWS credentials",
        "There are no AWS credentials to be found.",
        "Neither the environment, the files in ~/.aws, a container nor the machine has any.",
        &[(
            "Choose another way to AWS.",
            Act::Run("keywright onboard --flow bedrock"),
        )],
    ),
    text(
        Reason::AwsProfileMissing,
        "AWS profile missing",
        "There is no AWS profile {profile}.",
        "It stands neither in ~/.aws/config nor in ~/.aws/credentials.",
        &[(
            "See which there are.",
            Act::Run("aws configure list-profiles"),
        )],
    ),
    text(
        Reason::AwsProfileBroken,
        "AWS profile broken",
        "The AWS profile {profile} leads to no credentials: {said}.",
        "Something that the profile refers to is missing or leads back to itself.",
        &[(
            "Mend the profile.",
            Act::Run("aws configure --profile {profile}"),
        )],
    ),
    text(
        Reason::AwsProcessFailed,
        "credential program failed",
        "The program that the AWS profile {profile} gets its credentials from failed: {said}.",
        "It stands as credential_process in ~/.aws/config.",
        &[(
            "Run that program by itself and see what it says.",
            Act::Nothing,
        )],
    ),
    text(
        Reason::AwsSignInExpired,
        "AWS sign-in expired",
        "The sign-in of the AWS profile {profile} has expired.",
        "A single sign-on session lasts hours to days.",
        &[SIGN_IN],
    ),
    text(
        Reason::AwsUnresolved,
        "AWS credentials not resolved",
        "The AWS credentials could not be fetched: {said}.",
        "A service that hands them out did not answer in time.",
        &[WAIT],
    ),
];
