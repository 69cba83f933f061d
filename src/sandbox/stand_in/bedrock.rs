//! `claude -p` with `CLAUDE_CODE_USE_BEDROCK`: a signed request to the sandbox's runtime.

use std::time::Duration;

use serde_json::{Value, json};
use url::Url;

use super::answer::{Answer, body, said};
use super::local;
use crate::error::Result;
use crate::exchange::{HeaderValue, Method, Request, host_of};
use crate::sandbox::aws::signature::{self, Claim, Message};
use crate::sandbox::{keys, profiles};
use crate::secret::Secret;
use crate::system::System;

/// The model that is asked when nobody names one.
const MODEL: &str = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
const TIMEOUT: Duration = Duration::from_secs(30);

/// What a request is authorised with.
enum Credential {
    Bearer(Secret),
    Keys {
        id: String,
        secret: Secret,
        session: Option<String>,
    },
}

/// Asks once, with what the environment has.
///
/// # Errors
/// `Io` or `Permission` when the session of the profile cannot be read.
pub fn ask(system: &System, model: Option<&str>) -> Result<Answer> {
    let environment = &system.environment;
    let endpoints = [
        "ANTHROPIC_BEDROCK_BASE_URL",
        "AWS_ENDPOINT_URL_BEDROCK_RUNTIME",
        "AWS_ENDPOINT_URL",
    ];
    let Some(base) = endpoints.iter().find_map(|name| local(environment, name)) else {
        return Ok(Answer::failed("API Error: Connection refused"));
    };
    let credential = match credential(system)? {
        Ok(credential) => credential,
        Err(missing) => return Ok(missing),
    };
    let model = model
        .or_else(|| environment.get("ANTHROPIC_MODEL"))
        .unwrap_or(MODEL);
    let region = environment
        .get("AWS_REGION")
        .or_else(|| environment.get("AWS_DEFAULT_REGION"))
        .unwrap_or("us-east-1");
    let Some(request) = request(system, &base, &credential, model, region) else {
        return Ok(Answer::failed("API Error: the endpoint cannot be used"));
    };
    let Ok(reply) = system.http.send(&request) else {
        return Ok(Answer::failed("API Error: Connection refused"));
    };
    if reply.status == 200 {
        let text = said(&reply.body).unwrap_or_default();
        return Ok(Answer {
            text,
            is_error: false,
            status: None,
        });
    }
    let error: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    let message = error["message"]
        .as_str()
        .or_else(|| error["Message"].as_str());
    let status = reply.status;
    let plain = format!("API Error: {status} {}", message.unwrap_or("no message"));
    let text = if status == 403 {
        format!(
            "AWS authentication failed \u{b7} refresh your AWS credentials \u{b7} if credentials are current, check AWS permissions and model access \u{b7} {plain}"
        )
    } else {
        plain
    };
    Ok(Answer {
        text,
        is_error: true,
        status: Some(status),
    })
}

/// The bearer outranks access keys, and these outrank a profile.
fn credential(system: &System) -> Result<std::result::Result<Credential, Answer>> {
    let get = |name: &str| system.environment.get(name);
    if let Some(bearer) = get("AWS_BEARER_TOKEN_BEDROCK") {
        return Ok(Ok(Credential::Bearer(Secret::new(bearer))));
    }
    if let (Some(id), Some(secret)) = (get("AWS_ACCESS_KEY_ID"), get("AWS_SECRET_ACCESS_KEY")) {
        return Ok(Ok(Credential::Keys {
            id: id.to_owned(),
            secret: Secret::new(secret),
            session: get("AWS_SESSION_TOKEN").map(str::to_owned),
        }));
    }
    let role = keys::identity("aws-session-works");
    let role = role.and_then(|role| Some((role.access_key_id()?, role.secret()?, role.session())));
    match (get("AWS_PROFILE"), role) {
        (Some(profiles::PROFILE), Some((id, secret, session))) if profiles::is_renewed(system)? => {
            let secret = Secret::new(secret);
            Ok(Ok(Credential::Keys {
                id,
                secret,
                session,
            }))
        }
        _ => Ok(Err(Answer::failed(
            "API Error: Could not load AWS credentials \u{b7} Could not load credentials from any providers",
        ))),
    }
}

fn request(
    system: &System,
    base: &Url,
    credential: &Credential,
    model: &str,
    region: &str,
) -> Option<Request> {
    let path = format!("/model/{}/invoke", signature::encode(model, &[]));
    let url = Url::parse(&format!("{}{path}", base.as_str().trim_end_matches('/'))).ok()?;
    let body = body(&json!({ "anthropic_version": "bedrock-2023-05-31" }));
    let mut headers = vec![(
        "content-type",
        HeaderValue::Plain("application/json".to_owned()),
    )];
    match credential {
        Credential::Bearer(bearer) => {
            headers.push(("authorization", HeaderValue::Bearer(bearer.clone())));
        }
        Credential::Keys {
            id,
            secret,
            session,
        } => {
            let time = system.clock.now().strftime("%Y%m%dT%H%M%SZ").to_string();
            let mut signed = vec![
                ("host".to_owned(), host_of(&url)),
                ("x-amz-date".to_owned(), time.clone()),
            ];
            headers.push(("x-amz-date", HeaderValue::Plain(time.clone())));
            if let Some(session) = session {
                signed.push(("x-amz-security-token".to_owned(), session.clone()));
                let session = HeaderValue::Secret(Secret::new(session));
                headers.push(("x-amz-security-token", session));
            }
            let names: Vec<&str> = signed.iter().map(|(name, _)| name.as_str()).collect();
            let claim = Claim {
                id,
                date: &time[..8],
                region,
                service: "bedrock",
                headers: names.clone(),
                signature: "",
            };
            let message = Message {
                method: "POST",
                path: &path,
                query: "",
                headers: &signed,
                body: body.as_bytes(),
                time: &time,
            };
            let signature = signature::compute(&message, &claim, secret.for_request());
            let authorization = format!(
                "AWS4-HMAC-SHA256 Credential={id}/{}/{region}/bedrock/aws4_request, SignedHeaders={}, Signature={signature}",
                &time[..8],
                names.join(";")
            );
            headers.push(("authorization", HeaderValue::Plain(authorization)));
        }
    }
    Some(Request {
        method: Method::Post,
        url,
        headers: super::named(headers),
        body: Some(body),
        timeout: TIMEOUT,
    })
}
