//! What each call answers when it is let in.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::admit::Caller;
use super::call::Call;
use super::fault::{Fault, NAMESPACE};
use super::models::{self, ACCOUNT, Form, Model};
use super::{Request, event_stream};
use crate::sandbox::keys;
use crate::sandbox::keys::aws::{Scope, Trouble};
use crate::sandbox::messages::{self, Message, Problem};
use crate::sandbox::reply::Reply;

/// The token of a single sign-on session that was renewed in the sandbox.
pub const SSO_TOKEN: &str = "SANDBOX-sso-session";
/// Entries of a list when the request names no number; few, so that there is more than one page.
const PAGE: usize = 4;

/// Answers a call that was let in.
///
/// # Errors
/// The error that AWS gives.
pub fn answer(request: &Request<'_>, call: &Call, caller: &Caller) -> Result<Reply, Fault> {
    match call {
        Call::Identity => Ok(xml("GetCallerIdentity", &identity(caller), request)),
        Call::AssumeRole => Ok(xml("AssumeRole", &assumed(request), request)),
        Call::OtherAction(action) => Err(Fault::new(
            400,
            "InvalidAction",
            "ValidationException",
            format!("Could not find operation {action} for version 2011-06-15"),
        )),
        Call::Models => Ok(list_models(request, caller)),
        Call::Profiles => list_profiles(request, caller),
        Call::Profile(id) => profile(id, caller),
        Call::Availability(id) => availability(id, caller),
        Call::UseCase => use_case(caller),
        Call::CountTokens(id) => count(id, request, caller),
        Call::Invoke(id) => invoke(id, request, caller),
        Call::InvokeStream(id) => stream(id, request, caller),
        Call::RoleCredentials | Call::Unknown => Err(Fault::new(
            404,
            "InvalidAction",
            "UnknownOperationException",
            "The requested operation is not recognized by the service.",
        )),
    }
}

fn xml(action: &str, result: &str, request: &Request<'_>) -> Reply {
    let id = &request.stamp.request_id;
    let text = format!(
        "<{action}Response xmlns=\"{NAMESPACE}\">\n  <{action}Result>\n{result}  </{action}Result>\n  <ResponseMetadata>\n    <RequestId>{id}</RequestId>\n  </ResponseMetadata>\n</{action}Response>\n"
    );
    Reply::text(200, "text/xml", text)
}

fn identity(caller: &Caller) -> String {
    let id = caller.identity.access_key_id().unwrap_or_default();
    let user = format!("AIDA{}", id.get(4..).unwrap_or_default());
    format!(
        "    <Arn>{}</Arn>\n    <UserId>{user}</UserId>\n    <Account>{ACCOUNT}</Account>\n",
        caller.arn()
    )
}

/// Whoever may assume a role gets the session that works.
fn assumed(request: &Request<'_>) -> String {
    let role = keys::identity("aws-session-works");
    let part = |text: Option<String>| text.unwrap_or_default();
    let ends = request.stamp.now.checked_add(SignedDuration::from_hours(1));
    format!(
        "    <Credentials>\n      <AccessKeyId>{}</AccessKeyId>\n      <SecretAccessKey>{}</SecretAccessKey>\n      <SessionToken>{}</SessionToken>\n      <Expiration>{}</Expiration>\n    </Credentials>\n    <AssumedRoleUser>\n      <AssumedRoleId>AROASANDBOX:session</AssumedRoleId>\n      <Arn>arn:aws:sts::{ACCOUNT}:assumed-role/sandbox/session</Arn>\n    </AssumedRoleUser>\n",
        part(role.and_then(keys::Identity::access_key_id)),
        part(role.and_then(keys::Identity::secret)),
        part(role.and_then(keys::Identity::session)),
        ends.unwrap_or(request.stamp.now)
            .strftime("%Y-%m-%dT%H:%M:%SZ"),
    )
}

/// Answers the portal of single sign-on: the credentials of a role, for a session that was renewed.
///
/// # Errors
/// The error that AWS gives.
pub fn portal(request: &Request<'_>) -> Result<Reply, Fault> {
    if request.header("x-amz-sso_bearer_token") != Some(SSO_TOKEN) {
        let message = "Session token not found or invalid";
        return Err(Fault::new(
            401,
            "ExpiredToken",
            "UnauthorizedException",
            message,
        ));
    }
    let role = keys::identity("aws-session-works");
    let ends = request.stamp.now.checked_add(SignedDuration::from_hours(1));
    Ok(Reply::json(
        200,
        &json!({ "roleCredentials": {
            "accessKeyId": role.and_then(keys::Identity::access_key_id),
            "secretAccessKey": role.and_then(keys::Identity::secret),
            "sessionToken": role.and_then(keys::Identity::session),
            "expiration": ends.unwrap_or(request.stamp.now).as_millisecond(),
        } }),
    ))
}

fn list_models(request: &Request<'_>, caller: &Caller) -> Reply {
    let provider = request.query("byProvider").unwrap_or_default();
    let ours = provider.is_empty() || provider.eq_ignore_ascii_case("anthropic");
    let offered = |model: &&Model| match caller.identity.trouble {
        Trouble::NoModels => false,
        Trouble::LegacyOnly => model.legacy,
        _ => ours,
    };
    let models: Vec<Value> = models::MODELS
        .iter()
        .filter(offered)
        .map(|model| model.summary(caller.region()))
        .collect();
    Reply::json(200, &json!({ "modelSummaries": models }))
}

fn offered_profiles(caller: &Caller) -> Vec<Value> {
    match caller.identity.trouble {
        Trouble::NoModels => Vec::new(),
        Trouble::LegacyOnly => models::profiles(caller.signed_for.as_deref(), true),
        _ => models::profiles(caller.signed_for.as_deref(), false),
    }
}

fn list_profiles(request: &Request<'_>, caller: &Caller) -> Result<Reply, Fault> {
    let size = match request.query("maxResults") {
        None => PAGE,
        Some(text) => text
            .parse()
            .ok()
            .filter(|size| (1..=1000).contains(size))
            .ok_or_else(|| Fault::validation("maxResults must be between 1 and 1000"))?,
    };
    let profiles = match request.query("type").as_deref() {
        Some("APPLICATION") => Vec::new(),
        _ => offered_profiles(caller),
    };
    let start = match request.query("nextToken") {
        None => 0,
        Some(token) => token
            .strip_prefix("after-")
            .and_then(|place| place.parse().ok())
            .filter(|place| *place <= profiles.len())
            .ok_or_else(|| Fault::validation("The provided pagination token is invalid."))?,
    };
    let end = profiles.len().min(start + size);
    let mut page = json!({ "inferenceProfileSummaries": profiles[start..end] });
    if end < profiles.len() {
        page["nextToken"] = json!(format!("after-{end}"));
    }
    Ok(Reply::json(200, &page))
}

fn profile(id: &str, caller: &Caller) -> Result<Reply, Fault> {
    let id = id.rsplit('/').next().unwrap_or(id);
    offered_profiles(caller)
        .iter()
        .find(|profile| profile["inferenceProfileId"] == id)
        .map(|profile| Reply::json(200, profile))
        .ok_or_else(|| Fault::not_found("The provided inference profile does not exist."))
}

fn availability(id: &str, caller: &Caller) -> Result<Reply, Fault> {
    let Some((model, Form::Base)) = models::find(id) else {
        return Err(Fault::validation(
            "The provided model identifier is invalid.",
        ));
    };
    let refused = match &caller.identity.trouble {
        Trouble::Refused(refusal) if refusal.scope == Scope::Runtime => refusal.message,
        _ => "",
    };
    let yes = |fine: bool| if fine { "AVAILABLE" } else { "NOT_AVAILABLE" };
    let agreed = !refused.starts_with("You don't have access");
    let authorized = !refused.starts_with("Your account");
    let offered = match caller.identity.trouble {
        Trouble::NoModels => false,
        Trouble::LegacyOnly => model.legacy,
        _ => true,
    };
    Ok(Reply::json(
        200,
        &json!({
            "modelId": model.id,
            "agreementAvailability": { "status": yes(agreed) },
            "authorizationStatus": if authorized { "AUTHORIZED" } else { "NOT_AUTHORIZED" },
            "entitlementAvailability": yes(agreed),
            "regionAvailability": yes(offered),
        }),
    ))
}

fn use_case(caller: &Caller) -> Result<Reply, Fault> {
    match &caller.identity.trouble {
        Trouble::Refused(refusal) if refusal.message.contains("use case details") => Err(
            Fault::not_found("No use case details have been submitted for this account."),
        ),
        // `{"companyName":"Sandbox"}`, as the form is sent.
        _ => Ok(Reply::json(
            200,
            &json!({ "formData": "eyJjb21wYW55TmFtZSI6IlNhbmRib3gifQ==" }),
        )),
    }
}

/// The model that a call of the runtime may use.
fn usable(id: &str, caller: &Caller) -> Result<(&'static Model, Form), Fault> {
    let invalid = || Fault::validation("The provided model identifier is invalid.");
    let (model, form) = models::find(id).ok_or_else(invalid)?;
    if matches!(caller.identity.trouble, Trouble::NoModels) {
        return Err(invalid());
    }
    if model.legacy || matches!(caller.identity.trouble, Trouble::LegacyOnly) {
        return Err(Fault::not_found(
            "Access denied. This Model is marked by provider as Legacy and you have not been actively using the model in the last 15 days. Please upgrade to an active model on Amazon Bedrock",
        ));
    }
    Ok((model, form))
}

fn count(id: &str, request: &Request<'_>, caller: &Caller) -> Result<Reply, Fault> {
    let (model, form) = usable(id, caller)?;
    if form == Form::Profile || !model.counts {
        return Err(Fault::validation(
            "The provided model doesn't support counting tokens.",
        ));
    }
    let body = messages::parse(request.body).map_err(wrong)?;
    let input = body.get("input").and_then(Value::as_object);
    let Some(input) = input.filter(|input| input.len() == 1) else {
        return Err(Fault::validation(
            "Exactly one of invokeModel and converse is required in input.",
        ));
    };
    // What is in there is written in base64: four characters for three, and about four for a token.
    let length: usize = input.values().map(|value| value.to_string().len()).sum();
    Ok(Reply::json(
        200,
        &json!({ "inputTokens": length.div_ceil(6) }),
    ))
}

/// The answer to a message, for an id that can be invoked.
fn message<'a>(id: &'a str, request: &Request<'_>, caller: &Caller) -> Result<Message<'a>, Fault> {
    if usable(id, caller)?.1 == Form::Base {
        return Err(Fault::validation(format!(
            "Invocation of model ID {id} with on-demand throughput isn\u{2019}t supported. Retry your request with the ID or ARN of an inference profile that contains this model."
        )));
    }
    let body = messages::parse(request.body).map_err(wrong)?;
    if !body.contains_key("anthropic_version") {
        return Err(Fault::validation("anthropic_version: Field required"));
    }
    Message::answering(&body, id, request.stamp).map_err(wrong)
}

fn invoke(id: &str, request: &Request<'_>, caller: &Caller) -> Result<Reply, Fault> {
    Ok(Reply::json(200, &message(id, request, caller)?.whole()))
}

fn stream(id: &str, request: &Request<'_>, caller: &Caller) -> Result<Reply, Fault> {
    let events = message(id, request, caller)?.events();
    let bytes: Vec<u8> = events.iter().flat_map(event_stream::chunk).collect();
    Ok(Reply::text(
        200,
        "application/vnd.amazon.eventstream",
        bytes,
    ))
}

fn wrong(problem: Problem) -> Fault {
    match problem {
        Problem::Invalid(message) => Fault::validation(message),
        Problem::NoModel(_) => Fault::validation("The provided model identifier is invalid."),
    }
}
