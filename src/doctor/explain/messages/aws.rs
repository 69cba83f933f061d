//! What Amazon Bedrock, STS and the AWS programs say. The names are those of the error codes; the
//! same cause has one name in JSON services and another in STS.

use super::{Message, coded};

pub const MESSAGES: &[Message] = &[
    coded(
        "AWS-010",
        &[
            "UnrecognizedClientException",
            "InvalidClientTokenId",
            "The security token included in the request is invalid",
        ],
        "AWS does not know the access key: it was deleted or mistyped, belongs to another partition, or it is a temporary key (`ASIA…`) whose session token is missing.",
        "Enter the key again. With a temporary key set AWS_SESSION_TOKEN too. In a region that must be switched on first, switch it on.",
    ),
    coded(
        "AWS-010",
        &[
            "InvalidSignatureException",
            "SignatureDoesNotMatch",
            "The request signature we calculated does not match the signature you provided",
        ],
        "The secret access key does not belong to the access key id, or has a stray space or quote in it.",
        "Enter the secret access key again.",
    ),
    coded(
        "CFG-011",
        &[
            "Signature expired",
            "Signature not yet current",
            "RequestTimeTooSkewed",
            "InvalidSignatureException * Signature expired",
            "SignatureDoesNotMatch * Signature expired",
            "SignatureDoesNotMatch * Signature not yet current",
            "The difference between the request time and the current time is too large",
        ],
        "The clock of this machine is wrong by more than five minutes, so AWS takes the signature for old.",
        "Set the clock: `sudo timedatectl set-ntp true`, or restart the virtual machine that slept. `keywright doctor --only CFG-011` shows the difference.",
    ),
    coded(
        "AWS-011",
        &[
            "ExpiredTokenException",
            "ExpiredToken",
            "The security token included in the request is expired",
            "Token has expired and refresh failed",
            "The SSO session associated with this profile has expired",
            "Session token not found or invalid",
            "Error loading SSO Token",
            "Your session has expired",
        ],
        "The temporary AWS credential or the single sign-on session has run out.",
        "Sign in again: `aws sso login --profile PROFILE`, or fetch new temporary keys.",
    ),
    coded(
        "AWS-002",
        &[
            "MissingAuthenticationToken",
            "Missing Authentication Token",
            "IncompleteSignature",
        ],
        "The request reached AWS without a complete signature: no credential was found, or only a part of one.",
        "Set the access key id and the secret access key together, or a profile with AWS_PROFILE.",
    ),
    coded(
        "AWS-030",
        &[
            "Could not load credentials from any providers",
            "Could not load AWS credentials",
            "Unable to locate credentials",
            "NoCredentialProviders",
            "CredentialsProviderError",
            "no providers in chain provided credentials",
        ],
        "Bedrock is switched on, and no AWS credential was found in the environment, in ~/.aws or from the machine's role.",
        "Set AWS_PROFILE or AWS_BEARER_TOKEN_BEDROCK, or run `aws configure`. To use an Anthropic key instead, unset CLAUDE_CODE_USE_BEDROCK.",
    ),
    coded(
        "AWS-003",
        &[
            "The config profile * could not be found",
            "Could not resolve credentials using profile",
            "failed to get shared config profile",
        ],
        "AWS_PROFILE names a profile that ~/.aws/config does not have.",
        "List the profiles with `aws configure list-profiles`, and correct or unset AWS_PROFILE.",
    ),
    coded(
        "AWS-001",
        &[
            "You must specify a region",
            "Missing region in config",
            "Region is missing",
            "Could not connect to the endpoint URL * bedrock",
        ],
        "No AWS region is set, or it does not exist.",
        "Set one that has Bedrock: `export AWS_REGION=us-east-1`.",
    ),
    coded(
        "AWS-010",
        // Short, so that the words of AWS behind it weigh more.
        &["AWS authentication failed"],
        "Claude Code says this for every 403 of AWS: an expired session, wrong keys, missing permission and missing model access look alike. The words of AWS after it tell them apart.",
        "Look at what stands after `API Error: 403` and paste that, or try `aws sts get-caller-identity`.",
    ),
    coded(
        "AWS-012",
        &[
            "AccessDeniedException",
            "AccessDenied",
            "is not authorized to perform",
            "is not authorized to perform: bedrock",
            "AccessDeniedException * is not authorized to perform: bedrock",
            "with an explicit deny",
        ],
        "The credential is good, but its permissions do not allow this call. The message names the action and the resource, and whether a policy denies it outright.",
        "Ask whoever manages the account to allow that action: bedrock:InvokeModel, InvokeModelWithResponseStream, ListInferenceProfiles and GetInferenceProfile are needed.",
    ),
    coded(
        "AWS-021",
        &[
            "You don't have access to the model with the specified model ID",
            "AccessDeniedException * You don't have access to the model with the specified model ID",
            "Your account is not authorized to invoke this API operation",
        ],
        "The account has not been given access to this model in this region.",
        "Open the model catalogue of Bedrock in that region and request access.",
    ),
    coded(
        "AWS-022",
        &[
            "Model use case details have not been submitted for this account",
            "ResourceNotFoundException * Model use case details have not been submitted",
            "FTUFormNotFilled",
        ],
        "Anthropic asks each AWS account once for a short description of its use, and this account has not sent it.",
        "Send the use-case form from the model's page in the Bedrock console; access comes within minutes.",
    ),
    coded(
        "AWS-023",
        &[
            "This Model is marked by provider as Legacy",
            "Access denied. This Model is marked by provider as Legacy",
            "This model version has reached the end of its life",
        ],
        "The model is old and closed to accounts that did not use it lately.",
        "Choose a current model; `aws bedrock list-inference-profiles` names them.",
    ),
    coded(
        "AWS-020",
        &[
            "with on-demand throughput isn't supported",
            "Retry your request with the ID or ARN of an inference profile",
            "ValidationException * with on-demand throughput isn't supported",
        ],
        "This model is not reached by its bare name but through an inference profile of a region group.",
        "Put the group in front of the model id, such as `us.anthropic.…`, `eu.anthropic.…` or `global.anthropic.…`.",
    ),
    coded(
        "AWS-020",
        &[
            "The provided model identifier is invalid",
            "ValidationException * The provided model identifier is invalid",
        ],
        "This region does not have a model or profile of that name.",
        "Correct the id, its prefix (`us.`, `eu.`, `apac.`, `global.`) or the region; `aws bedrock list-inference-profiles` names what is there.",
    ),
    coded(
        "AWS-024",
        &[
            "ThrottlingException",
            "Too many tokens, please wait before trying again",
            "Too many requests, please wait before trying again",
            "ServiceQuotaExceededException",
            "ModelNotReadyException",
            "ModelTimeoutException",
            "ModelErrorException",
            "ServiceUnavailableException",
        ],
        "Bedrock limits the account or is busy. The credential is good.",
        "Wait and try again; when it stays, ask for a higher quota in the Service Quotas console.",
    ),
];
