//! Whose request this is: a signature is computed again with the secret of the test identity, and
//! its time, region and service are looked at, as AWS does.

use jiff::{SignedDuration, Timestamp};

use super::call::Call;
use super::fault::{Fault, Service};
use super::models::{self, ACCOUNT, DEFAULT_REGION};
use super::{Request, signature};
use crate::sandbox::keys::aws::{self, Form, Identity, Trouble};

/// How far the clocks may be apart.
const TOLERANCE: SignedDuration = SignedDuration::from_mins(15);
const TIME: &str = "%Y%m%dT%H%M%SZ";

/// Who asks.
#[derive(Debug)]
pub struct Caller {
    pub identity: &'static Identity,
    /// Where the signature is for; a Bedrock API key says nothing about it.
    pub signed_for: Option<String>,
}

impl Caller {
    /// The region of the request.
    #[must_use]
    pub fn region(&self) -> &str {
        self.signed_for.as_deref().unwrap_or(DEFAULT_REGION)
    }

    /// Its name for IAM.
    #[must_use]
    pub fn arn(&self) -> String {
        let name = self.identity.name;
        match self.identity.form {
            Form::Session => format!("arn:aws:sts::{ACCOUNT}:assumed-role/sandbox/{name}"),
            _ => format!("arn:aws:iam::{ACCOUNT}:user/{name}"),
        }
    }
}

/// Lets a request in.
///
/// # Errors
/// The error that AWS gives.
pub fn admit(request: &Request<'_>, call: &Call) -> Result<Caller, Fault> {
    let authorization = request.header("authorization").unwrap_or_default();
    if authorization.is_empty() {
        return Err(Fault::missing());
    }
    match authorization.strip_prefix("Bearer ") {
        // STS does not know Bedrock's keys.
        Some(_) if call.service() == Service::Sts => Err(Fault::missing()),
        Some(bearer) => with_bearer(bearer.trim()),
        None => signed(request, call, authorization),
    }
}

fn with_bearer(bearer: &str) -> Result<Caller, Fault> {
    let invalid = "Authentication failed: Please make sure your API Key is valid.";
    let identity = aws::with_bearer(bearer).ok_or_else(|| Fault::denied(invalid))?;
    match identity.trouble {
        Trouble::Unknown => Err(Fault::denied(invalid)),
        Trouble::Expired => Err(Fault::denied("Bearer Token has expired")),
        _ => Ok(Caller {
            identity,
            signed_for: None,
        }),
    }
}

fn signed(request: &Request<'_>, call: &Call, authorization: &str) -> Result<Caller, Fault> {
    let claim = signature::parse(authorization).map_err(Fault::incomplete)?;
    let time = request.header("x-amz-date").ok_or_else(|| {
        Fault::incomplete(
            "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
        )
    })?;
    let identity = aws::with_id(claim.id).ok_or_else(Fault::unknown)?;
    check_standing(identity, request.header("x-amz-security-token"))?;
    check_time(identity, &claim, time, request.stamp.now)?;
    check_scope(&claim, call.service())?;
    let headers = headers(request);
    let message = signature::Message {
        method: request.parts.method.as_str(),
        path: request.parts.uri.path(),
        query: request.parts.uri.query().unwrap_or_default(),
        headers: &headers,
        body: request.body,
        time,
    };
    let mut secret = identity.secret().unwrap_or_default();
    if matches!(identity.trouble, Trouble::WrongSecret) {
        secret.push_str("another");
    }
    if signature::compute(&message, &claim, &secret) != claim.signature {
        return Err(Fault::signature(
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
        ));
    }
    Ok(Caller {
        identity,
        signed_for: Some(claim.region.to_owned()),
    })
}

/// A temporary key goes with its session token, and no other key has one.
fn check_standing(identity: &Identity, session: Option<&str>) -> Result<(), Fault> {
    let fits = match identity.form {
        Form::SessionForgotten => false,
        _ => identity.session().as_deref() == session,
    };
    match identity.trouble {
        Trouble::Unknown => Err(Fault::unknown()),
        _ if !fits => Err(Fault::unknown()),
        Trouble::Expired => Err(Fault::expired()),
        _ => Ok(()),
    }
}

fn check_time(
    identity: &Identity,
    claim: &signature::Claim<'_>,
    time: &str,
    now: Timestamp,
) -> Result<(), Fault> {
    let signed = jiff::civil::DateTime::strptime(TIME, time)
        .ok()
        .and_then(|civil| civil.to_zoned(jiff::tz::TimeZone::UTC).ok())
        .map(|zoned| zoned.timestamp())
        .ok_or_else(|| {
            Fault::incomplete(format!(
                "Date must be in ISO-8601 'basic format'. Got '{time}'. See http://en.wikipedia.org/wiki/ISO_8601"
            ))
        })?;
    if !time.starts_with(claim.date) {
        return Err(Fault::signature(format!(
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '{}' != '{}', from '{time}'.",
            claim.date,
            &time[..8]
        )));
    }
    let ahead = match identity.trouble {
        Trouble::Clock(seconds) => SignedDuration::from_secs(seconds),
        _ => SignedDuration::ZERO,
    };
    let now = now.checked_add(ahead).unwrap_or(now);
    let text = |time: Timestamp| time.strftime(TIME).to_string();
    let earliest = now.checked_sub(TOLERANCE).unwrap_or(now);
    let latest = now.checked_add(TOLERANCE).unwrap_or(now);
    if signed < earliest {
        return Err(Fault::signature(format!(
            "Signature expired: {time} is now earlier than {} ({} - 15 min.)",
            text(earliest),
            text(now)
        ))
        .at(now));
    }
    if signed > latest {
        return Err(Fault::signature(format!(
            "Signature not yet current: {time} is still later than {} ({} + 15 min.)",
            text(latest),
            text(now)
        ))
        .at(now));
    }
    Ok(())
}

fn check_scope(claim: &signature::Claim<'_>, service: Service) -> Result<(), Fault> {
    let expected = match service {
        Service::Sts => "sts",
        _ => "bedrock",
    };
    if claim.service != expected {
        return Err(Fault::signature(format!(
            "Credential should be scoped to correct service: '{expected}'."
        )));
    }
    if !models::is_region(claim.region) {
        return Err(Fault::signature(
            "Credential should be scoped to a valid region.",
        ));
    }
    if !claim.headers.contains(&"host") {
        return Err(Fault::incomplete(
            "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
        ));
    }
    Ok(())
}

fn headers(request: &Request<'_>) -> Vec<(String, String)> {
    let text =
        |value: &hyper::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers = request.parts.headers.iter();
    headers
        .map(|(name, value)| (name.as_str().to_owned(), text(value)))
        .collect()
}
