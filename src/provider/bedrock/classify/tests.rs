//! Replies as tables: what AWS says, and which reason that is.

use std::time::Duration;

use super::*;
use crate::provider::bedrock::AccessKeys;
use crate::secret::Secret;

const NOW: &str = "2026-11-20T12:00:00Z";
const DATE: &str = "Fri, 20 Nov 2026 12:00:30 GMT";

#[expect(
    clippy::unnecessary_wraps,
    reason = "an exchange is what is classified"
)]
fn reply(status: u16, headers: &[(&str, &str)], body: &str) -> Exchange {
    let headers = headers
        .iter()
        .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()));
    Ok(Reply {
        status,
        headers: headers.collect(),
        body: body.as_bytes().to_vec(),
        oversized: false,
        elapsed: Duration::from_millis(5),
    })
}

fn keys(id: &str) -> Access {
    Access::Keys(AccessKeys {
        id: id.to_owned(),
        secret: Secret::new("made-up"),
        session: None,
    })
}

fn verdict(call: &Call, access: &Access, exchange: &Exchange) -> Verdict {
    let region = Region::parse("us-east-1").expect("a region");
    let asked = Asked {
        region: &region,
        access,
        now: NOW.parse().expect("a time"),
    };
    classify(call, asked, "h", exchange)
}

fn model() -> Call {
    Call::CountTokens {
        model: "us.anthropic.claude-x".to_owned(),
    }
}

#[test]
fn errors_of_sts() {
    let check = |code: &str, message: &str, access: &Access, expected: Reason| {
        let body = format!(
            "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"
        );
        let found = verdict(
            &Call::Identity,
            access,
            &reply(403, &[("date", DATE)], &body),
        );
        assert_eq!(found.reason, expected, "{code}: {message}");
    };
    let long = keys("AKIAMADEUP");
    let invalid = "The security token included in the request is invalid.";
    check(
        "InvalidClientTokenId",
        invalid,
        &long,
        Reason::AwsUnknownKey,
    );
    check(
        "InvalidClientTokenId",
        invalid,
        &keys("ASIAMADEUP"),
        Reason::AwsSessionMissing,
    );
    let wrong = "The request signature we calculated does not match the signature you provided.";
    check(
        "SignatureDoesNotMatch",
        wrong,
        &long,
        Reason::AwsWrongSecret,
    );
    let early = "Signature expired: 20261120T114000Z is now earlier than 20261120T115500Z (20261120T120000Z - 5 min.)";
    check("SignatureDoesNotMatch", early, &long, Reason::AwsClock);
    check("RequestTimeTooSkewed", "", &long, Reason::AwsClock);
    check("ExpiredToken", "", &long, Reason::AwsExpired);
    check(
        "AccessDenied",
        "User: x is not authorized to perform: sts:GetCallerIdentity",
        &long,
        Reason::AwsListNotAllowed,
    );
    check("MissingAuthenticationToken", "", &long, Reason::AwsUnsigned);
    check("IncompleteSignature", "", &long, Reason::AwsUnsigned);
    check("Throttling", "Rate exceeded", &long, Reason::AwsThrottled);
    check("InternalFailure", "", &long, Reason::AwsUnavailable);
    check("SomethingNew", "hm", &long, Reason::AwsOther);
}

const DENIED: &str = "User: arn:aws:iam::1:user/x is not authorized to perform: bedrock:InvokeModel on resource: arn:aws:bedrock:us-east-1::foundation-model/y because no identity-based policy allows it";

/// Status, code, message, whether a model was asked, and what that is.
#[rustfmt::skip]
const BEDROCK: &[(u16, &str, &str, Asks, Reason)] = &[
    (403, "UnrecognizedClientException", "The security token included in the request is invalid.", Asks::Models, Reason::AwsUnknownKey),
    (403, "InvalidSignatureException", "does not match", Asks::Models, Reason::AwsWrongSecret),
    (403, "ExpiredTokenException", "", Asks::Models, Reason::AwsExpired),
    (403, "AccessDeniedException", DENIED, Asks::Model, Reason::AwsNotAllowed),
    (403, "AccessDeniedException", "User: x is not authorized to perform: bedrock:CountTokens on resource: y", Asks::Model, Reason::AwsListNotAllowed),
    (403, "AccessDeniedException", "Model access is denied due to User: x is not authorized to perform: aws-marketplace:Subscribe on resource: *", Asks::Model, Reason::AwsModelAccess),
    (403, "InvalidSignatureException", "Credential should be scoped to a valid region.", Asks::Models, Reason::AwsOther),
    (403, "MissingAuthenticationTokenException", "Missing Authentication Token", Asks::Models, Reason::AwsUnsigned),
    (400, "IncompleteSignatureException", "", Asks::Models, Reason::AwsUnsigned),
    (403, "InvalidSignatureException", "Signature expired: 20261120T114000Z is now earlier than 20261120T115500Z", Asks::Models, Reason::AwsClock),
    (400, "ValidationException", "Operation not allowed", Asks::Model, Reason::AwsAccountBlocked),
    (403, "AccessDeniedException", "User: x is not authorized to perform: bedrock:ListInferenceProfiles on resource: y", Asks::Profiles, Reason::AwsListNotAllowed),
    (403, "AccessDeniedException", "You don't have access to the model with the specified model ID.", Asks::Model, Reason::AwsModelAccess),
    (403, "AccessDeniedException", "Your account is not authorized to invoke this API operation.", Asks::Model, Reason::AwsAccountBlocked),
    (404, "ResourceNotFoundException", "Model use case details have not been submitted for this account.", Asks::Model, Reason::AwsUseCase),
    (404, "ResourceNotFoundException", "Access denied. This Model is marked by provider as Legacy and you have not been actively using the model in the last 15 days.", Asks::Model, Reason::AwsLegacyModel),
    (404, "ResourceNotFoundException", "Could not resolve the foundation model.", Asks::Model, Reason::AwsModelUnknown),
    (404, "ResourceNotFoundException", "none", Asks::UseCase, Reason::AwsUseCase),
    (400, "ValidationException", "Invocation of model ID y with on-demand throughput isn\u{2019}t supported.", Asks::Model, Reason::AwsProfileNeeded),
    (400, "ValidationException", "Invocation of model ID y with on-demand throughput isn't supported.", Asks::Model, Reason::AwsProfileNeeded),
    (400, "ValidationException", "The provided model identifier is invalid.", Asks::Model, Reason::AwsModelUnknown),
    (429, "ThrottlingException", "Too many tokens", Asks::Model, Reason::AwsThrottled),
    (400, "ServiceQuotaExceededException", "", Asks::Model, Reason::AwsQuota),
    (429, "ModelNotReadyException", "", Asks::Model, Reason::AwsModelBusy),
    (408, "ModelTimeoutException", "", Asks::Model, Reason::AwsModelBusy),
    (424, "ModelErrorException", "", Asks::Model, Reason::AwsModelBusy),
    (503, "ServiceUnavailableException", "", Asks::Model, Reason::AwsUnavailable),
    (500, "InternalServerException", "", Asks::Model, Reason::AwsUnavailable),
];

#[derive(Clone, Copy)]
enum Asks {
    Model,
    Models,
    Profiles,
    UseCase,
}

#[test]
fn errors_of_bedrock() {
    for (status, code, message, asks, expected) in BEDROCK {
        let call = match asks {
            Asks::Model => model(),
            Asks::Models => Call::Models,
            Asks::Profiles => Call::Profiles,
            Asks::UseCase => Call::UseCase,
        };
        let kind = format!("{code}:http://internal.amazon.com/coral/");
        let in_header = serde_json::json!({ "message": message }).to_string();
        let in_body =
            serde_json::json!({"__type": format!("com.amazon#{code}"), "Message": message});
        let forms = [
            reply(*status, &[("x-amzn-errortype", &kind)], &in_header),
            reply(*status, &[], &in_body.to_string()),
        ];
        for form in &forms {
            let found = verdict(&call, &keys("AKIAMADEUP"), form);
            assert_eq!(found.reason, *expected, "{code}: {message}");
        }
    }
}

#[test]
fn a_bearer_is_told_apart() {
    let bearer = Access::Bearer(Secret::new("ABSKmadeup"));
    let check = |code: &str, message: &str, expected: Reason| {
        let body = serde_json::json!({ "Message": message }).to_string();
        let found = verdict(
            &Call::Models,
            &bearer,
            &reply(403, &[("x-amzn-errortype", code)], &body),
        );
        assert_eq!(found.reason, expected, "{message}");
    };
    check(
        "AccessDeniedException",
        "Invalid API Key format: Must start with pre-defined prefix",
        Reason::AwsBearerRefused,
    );
    check(
        "UnrecognizedClientException",
        "The security token included in the request is invalid.",
        Reason::AwsBearerRefused,
    );
    check(
        "AccessDeniedException",
        "Model access is denied due to INVALID_PAYMENT_INSTRUMENT",
        Reason::AwsModelAccess,
    );
    check(
        "AccessDeniedException",
        "Bearer Token has expired",
        Reason::AwsBearerExpired,
    );
    check(
        "AccessDeniedException",
        "User: x is not authorized to perform: bedrock:CallWithBearerToken on resource: * because",
        Reason::AwsNotAllowed,
    );
    check(
        "AccessDeniedException",
        "User: x is not authorized to perform: bedrock:ListFoundationModels on resource: * because",
        Reason::AwsListNotAllowed,
    );
}

#[test]
fn the_clock_of_the_reply_decides_between_clock_and_secret() {
    let late = [
        ("date", "Fri, 20 Nov 2026 12:20:00 GMT"),
        ("x-amzn-errortype", "InvalidSignatureException"),
    ];
    let found = verdict(&Call::Models, &keys("AKIAMADEUP"), &reply(403, &late, "{}"));
    assert_eq!(found.reason, Reason::AwsClock);
}

#[test]
fn a_refusal_names_its_action_and_resource() {
    let body = serde_json::json!({ "message": "User: x is not authorized to perform: bedrock:InvokeModel on resource: arn:aws:bedrock:us-east-1::foundation-model/y because" }).to_string();
    let found = verdict(
        &model(),
        &keys("AKIAMADEUP"),
        &reply(403, &[("x-amzn-errortype", "AccessDeniedException")], &body),
    );
    assert_eq!(found.subject.action.as_deref(), Some("bedrock:InvokeModel"));
    let expected = "arn:aws:bedrock:us-east-1::foundation-model/y";
    assert_eq!(found.subject.resource.as_deref(), Some(expected));
}

#[test]
fn what_is_not_aws() {
    let check = |status: u16, headers: &[(&str, &str)], body: &str, expected: Reason| {
        let found = verdict(
            &Call::Models,
            &keys("AKIAMADEUP"),
            &reply(status, headers, body),
        );
        assert_eq!(found.reason, expected, "{status} {body}");
    };
    check(
        200,
        &[],
        "<html><title>Sign in to the wifi</title></html>",
        Reason::CaptivePortal,
    );
    check(
        302,
        &[("location", "https://x.example/")],
        "",
        Reason::Redirected,
    );
    check(407, &[], "", Reason::ProxyAuthentication);
    check(200, &[], "{}", Reason::NotTheApi);
    check(404, &[], "not found", Reason::NotTheApi);
    check(200, &[], r#"{"modelSummaries":[]}"#, Reason::Works);
}

#[test]
fn availabilities() {
    let check = |agreement: &str, authorization: &str, region: &str, expected: Reason| {
        let body = serde_json::json!({
            "agreementAvailability": {"status": agreement},
            "authorizationStatus": authorization,
            "regionAvailability": region,
        });
        let call = Call::Availability {
            model: "anthropic.claude-x".to_owned(),
        };
        let found = verdict(
            &call,
            &keys("AKIAMADEUP"),
            &reply(200, &[], &body.to_string()),
        );
        assert_eq!(found.reason, expected, "{body}");
    };
    check("AVAILABLE", "AUTHORIZED", "AVAILABLE", Reason::Works);
    check(
        "NOT_AVAILABLE",
        "AUTHORIZED",
        "AVAILABLE",
        Reason::AwsModelAccess,
    );
    check(
        "AVAILABLE",
        "NOT_AUTHORIZED",
        "AVAILABLE",
        Reason::AwsModelAccess,
    );
    check(
        "AVAILABLE",
        "AUTHORIZED",
        "NOT_AVAILABLE",
        Reason::AwsModelNotHere,
    );
}
