//! Signature Version 4, with the AWS SDK's own signer.

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign as signed};
use aws_sigv4::sign::v4;
use jiff::Timestamp;

use super::{AccessKeys, Region};
use crate::error::{Error, Kind, Result};
use crate::exchange::{HeaderValue, Method, Request};
use crate::secret::Secret;

/// Adds the headers of a signature made at `now`.
///
/// # Errors
/// `MalformedCredential` for keys with which nothing can be signed.
pub(super) fn sign(
    request: &mut Request,
    keys: &AccessKeys,
    (region, service): (&Region, &str),
    now: Timestamp,
) -> Result<()> {
    let refused = |()| {
        let message = "with these keys no request can be signed";
        Error::new(Kind::MalformedCredential, message)
    };
    let secret = keys.secret.for_request().to_owned();
    let session = keys
        .session
        .as_ref()
        .map(|token| token.for_request().to_owned());
    let identity = Credentials::new(&keys.id, secret, session, None, "keywright").into();
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region(region.as_str())
        .name(service)
        .time(now.into())
        .settings(SigningSettings::default())
        .build()
        .map_err(|_| refused(()))?
        .into();
    let method = match request.method {
        Method::Get => "GET",
        Method::Post => "POST",
        Method::Put => "PUT",
    };
    let plain = request
        .headers
        .iter()
        .filter_map(|(name, value)| match value {
            HeaderValue::Plain(text) if *name != "user-agent" => Some((&**name, text.as_str())),
            _ => None,
        });
    let body = SignableBody::Bytes(request.body.as_deref().unwrap_or_default().as_bytes());
    let message =
        SignableRequest::new(method, request.url.as_str(), plain, body).map_err(|_| refused(()))?;
    let (instructions, _) = signed(message, &parameters)
        .map_err(|_| refused(()))?
        .into_parts();
    for header in instructions.into_parts().0 {
        let name = header.name();
        let value = match name {
            "x-amz-security-token" => HeaderValue::Secret(Secret::new(header.value())),
            _ => HeaderValue::Plain(header.value().to_owned()),
        };
        request.headers.push((name.into(), value));
    }
    Ok(())
}
