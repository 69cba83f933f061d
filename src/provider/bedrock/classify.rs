//! What a reply of STS or Bedrock means. The error's code and message decide before the status
//! does. Source: botocore's models of the services, and messages as users quote them.

use jiff::Timestamp;

use super::fault::{Fault, element};
use super::{Access, Call, Region, listing, model};
use crate::exchange::{Exchange, Reply};
use crate::provider::network;
use crate::provider::reply as common;
use crate::provider::verdict::Subject;
use crate::provider::{Reason, Verdict};

/// What is known of the request beside the call.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    pub region: &'a Region,
    pub access: &'a Access,
    /// This machine's clock.
    pub now: Timestamp,
}

/// What came of `call`, which was sent to `host`.
#[must_use]
pub fn classify(call: &Call, asked: Asked<'_>, host: &str, exchange: &Exchange) -> Verdict {
    let subject = Subject {
        region: Some(asked.region.to_string()),
        action: Some(call.action().to_owned()),
        model: call.model().map(str::to_owned),
        ..Subject::default()
    };
    let reply = match exchange {
        Ok(reply) => reply,
        Err(failed) => {
            let mut verdict = network::verdict(host, failed);
            verdict.subject = subject;
            return verdict;
        }
    };
    let fault = Fault::read(reply);
    let server_time = common::server_time(reply);
    let reason = match common::not_the_api(reply) {
        Some(reason) => reason,
        None if reply.status == 200 => accepted(call, reply),
        None => refused(call, asked, reply, &fault),
    };
    let mut verdict = Verdict::of(reason, host);
    verdict.http_status = Some(reply.status);
    verdict.elapsed = reply.elapsed;
    verdict.request_id = reply.header("x-amzn-requestid").map(str::to_owned);
    verdict.server_time = server_time;
    verdict.message = Some(network::cut(&fault.message)).filter(|text| !text.is_empty());
    verdict.subject = subject;
    name_permission(&mut verdict.subject, &fault.message);
    if reason == Reason::Works && *call == Call::Identity {
        verdict.subject.resource = element(&String::from_utf8_lossy(&reply.body), "Arn");
    }
    verdict
}

/// 200: it must be what was asked for.
fn accepted(call: &Call, reply: &Reply) -> Reason {
    let text = String::from_utf8_lossy(&reply.body);
    let expected = match call {
        Call::Identity => element(&text, "Account").is_some(),
        Call::Models => listing::has(&text, "modelSummaries"),
        Call::Profiles => listing::has(&text, "inferenceProfileSummaries"),
        Call::Availability { .. } => return availability(&text),
        Call::UseCase => listing::has(&text, "formData"),
        Call::CountTokens { .. } => listing::has(&text, "inputTokens"),
        Call::Invoke { .. } => listing::has(&text, "content"),
    };
    if expected {
        Reason::Works
    } else {
        Reason::NotTheApi
    }
}

/// `AUTHORIZED` and `AVAILABLE` where the model can be used; anything else names what lacks.
fn availability(text: &str) -> Reason {
    let Some(found) = listing::availability(text) else {
        return Reason::NotTheApi;
    };
    if found.region == "NOT_AVAILABLE" {
        Reason::AwsModelNotHere
    } else if found.authorization == "NOT_AUTHORIZED" || found.agreement == "NOT_AVAILABLE" {
        Reason::AwsModelAccess
    } else {
        Reason::Works
    }
}

/// An error whose code says it all.
const BY_CODE: &[(&str, Reason)] = &[
    ("UnrecognizedClientException", Reason::AwsUnknownKey),
    ("InvalidClientTokenId", Reason::AwsUnknownKey),
    ("InvalidAccessKeyId", Reason::AwsUnknownKey),
    ("ExpiredToken", Reason::AwsExpired),
    ("ExpiredTokenException", Reason::AwsExpired),
    ("RequestExpired", Reason::AwsClock),
    ("RequestTimeTooSkewed", Reason::AwsClock),
    ("MissingAuthenticationToken", Reason::AwsUnsigned),
    ("MissingAuthenticationTokenException", Reason::AwsUnsigned),
    ("IncompleteSignature", Reason::AwsUnsigned),
    ("IncompleteSignatureException", Reason::AwsUnsigned),
    ("OptInRequired", Reason::AwsRegionOff),
    ("RegionDisabledException", Reason::AwsRegionOff),
    ("Throttling", Reason::AwsThrottled),
    ("ThrottlingException", Reason::AwsThrottled),
    ("TooManyRequestsException", Reason::AwsThrottled),
    ("ServiceQuotaExceededException", Reason::AwsQuota),
    ("ModelNotReadyException", Reason::AwsModelBusy),
    ("ModelTimeoutException", Reason::AwsModelBusy),
    ("ModelErrorException", Reason::AwsModelBusy),
    ("InternalServerException", Reason::AwsUnavailable),
    ("InternalFailure", Reason::AwsUnavailable),
    ("ServiceUnavailable", Reason::AwsUnavailable),
    ("ServiceUnavailableException", Reason::AwsUnavailable),
];

/// An error that its message tells apart, in lower case; the first that fits.
const BY_MESSAGE: &[(&str, Reason)] = &[
    (
        "use case details have not been submitted",
        Reason::AwsUseCase,
    ),
    ("marked by provider as legacy", Reason::AwsLegacyModel),
    ("reached the end of its life", Reason::AwsLegacyModel),
    ("on-demand throughput isn", Reason::AwsProfileNeeded),
    (
        "provided model identifier is invalid",
        Reason::AwsModelUnknown,
    ),
    ("don't have access to the model", Reason::AwsModelAccess),
    (
        "don\u{2019}t have access to the model",
        Reason::AwsModelAccess,
    ),
    (
        "account is not authorized to invoke",
        Reason::AwsAccountBlocked,
    ),
    ("operation not allowed", Reason::AwsAccountBlocked),
    // Nobody has subscribed to it yet, or the account cannot pay.
    ("model access is denied", Reason::AwsModelAccess),
    // The address is of another region than the signature; the keys have nothing to do with it.
    ("credential should be scoped to", Reason::AwsOther),
    (
        "security token included in the request is expired",
        Reason::AwsExpired,
    ),
    (
        "security token included in the request is invalid",
        Reason::AwsUnknownKey,
    ),
    ("api key has expired", Reason::AwsBearerExpired),
    ("bearer token has expired", Reason::AwsBearerExpired),
];

fn refused(call: &Call, asked: Asked<'_>, reply: &Reply, fault: &Fault) -> Reason {
    let message = fault.message.to_lowercase();
    let by_message = BY_MESSAGE.iter().find(|(part, _)| message.contains(part));
    if let Some((_, reason)) = by_message {
        return told(*reason, asked);
    }
    let by_code = BY_CODE.iter().find(|(code, _)| *code == fault.code);
    if let Some((_, reason)) = by_code {
        return told(*reason, asked);
    }
    match fault.code.as_str() {
        "InvalidSignatureException" | "SignatureDoesNotMatch" => signature(asked, reply, &message),
        "AccessDenied" | "AccessDeniedException" => denied(call, asked, &message),
        "ResourceNotFoundException" if *call == Call::UseCase => Reason::AwsUseCase,
        "ResourceNotFoundException" => Reason::AwsModelUnknown,
        _ => by_status(reply, fault),
    }
}

/// The same refusal has another cause for a temporary key without its token, and for a bearer.
fn told(reason: Reason, asked: Asked<'_>) -> Reason {
    match (reason, asked.access) {
        (Reason::AwsUnknownKey, Access::Bearer(_)) => Reason::AwsBearerRefused,
        (Reason::AwsExpired, Access::Bearer(_)) => Reason::AwsBearerExpired,
        (Reason::AwsUnknownKey, Access::Keys(keys))
            if keys.id.starts_with("ASIA") && keys.session.is_none() =>
        {
            Reason::AwsSessionMissing
        }
        (reason, _) => reason,
    }
}

/// A wrong secret and a wrong clock give the same code.
fn signature(asked: Asked<'_>, reply: &Reply, message: &str) -> Reason {
    let says = [
        "signature expired",
        "signature not yet current",
        "too skewed",
        "is now earlier",
    ];
    let skewed = network::clock_skew(asked.now, common::server_time(reply)).is_some();
    if skewed || says.iter().any(|part| message.contains(part)) {
        Reason::AwsClock
    } else {
        Reason::AwsWrongSecret
    }
}

fn denied(call: &Call, asked: Asked<'_>, message: &str) -> Reason {
    let bearer = matches!(asked.access, Access::Bearer(_));
    // Counting asks for a permission of its own, and may be told of the other one.
    let needed = ["bedrock:callwithbearertoken", "bedrock:invokemodel"];
    if needed.iter().any(|action| message.contains(action)) {
        Reason::AwsNotAllowed
    } else if bearer && !message.contains("not authorized to perform") {
        Reason::AwsBearerRefused
    } else {
        call.denied()
    }
}

fn by_status(reply: &Reply, fault: &Fault) -> Reason {
    match reply.status {
        429 => Reason::AwsThrottled,
        500..=599 => Reason::AwsUnavailable,
        _ if fault.is_aws => Reason::AwsOther,
        _ => Reason::NotTheApi,
    }
}

/// The action and the resource that a refusal names.
fn name_permission(subject: &mut Subject, message: &str) {
    let after = |words: &str| {
        let (_, rest) = message.split_once(words)?;
        rest.split_whitespace().next().map(str::to_owned)
    };
    if let Some(action) = after("not authorized to perform: ") {
        subject.action = Some(action);
    }
    subject.resource = after("on resource: ");
}

/// As [`classify`] would for a model id that the request need not be sent for: it cannot work.
#[must_use]
pub fn impossible(id: &str, region: &Region, offered: &[String]) -> Option<Verdict> {
    let (words, other) = model::problem(id, region, offered)?;
    let reason = match model::form(id) {
        _ if model::successor(id, region, offered).is_some() => Reason::AwsLegacyModel,
        model::Form::Base | model::Form::Arn => Reason::AwsProfileNeeded,
        _ => Reason::AwsModelNotHere,
    };
    let mut verdict = Verdict::of(reason, format!("bedrock-runtime.{region}.amazonaws.com"));
    verdict.message = Some(words);
    verdict.subject = Subject {
        region: Some(region.to_string()),
        model: Some(id.to_owned()),
        other_model: other,
        ..Subject::default()
    };
    Some(verdict)
}

#[cfg(test)]
mod tests;
