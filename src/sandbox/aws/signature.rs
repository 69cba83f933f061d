//! AWS Signature Version 4, as the server of a service computes it. It is written apart from the
//! code that signs our requests, so that a mistake of one cannot hide in the other.
//!
//! Source: "Create a signed AWS API request" in the AWS Identity and Access Management User Guide.

use std::fmt::Write;

use ring::{digest, hmac};

const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// What the `Authorization` header says.
#[derive(Debug, PartialEq, Eq)]
pub struct Claim<'a> {
    pub id: &'a str,
    /// `20261121`.
    pub date: &'a str,
    pub region: &'a str,
    pub service: &'a str,
    /// Names of the signed headers, in lower case and in order.
    pub headers: Vec<&'a str>,
    pub signature: &'a str,
}

/// A request as it is signed.
#[derive(Debug)]
pub struct Message<'a> {
    pub method: &'a str,
    /// As it goes over the wire, percent-encoded once.
    pub path: &'a str,
    /// As it goes over the wire.
    pub query: &'a str,
    /// Names in lower case.
    pub headers: &'a [(String, String)],
    pub body: &'a [u8],
    /// `20261121T102030Z`.
    pub time: &'a str,
}

/// Reads `AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…`.
///
/// # Errors
/// What is missing, in the words of AWS.
pub fn parse(authorization: &str) -> Result<Claim<'_>, &'static str> {
    let rest = authorization.strip_prefix(ALGORITHM).unwrap_or_default();
    let part = |name: &str| {
        rest.split(',')
            .filter_map(|part| part.trim().split_once('='))
            .find(|(found, _)| *found == name)
            .map(|(_, value)| value)
    };
    let credential =
        part("Credential").ok_or("Authorization header requires 'Credential' parameter.")?;
    let signature =
        part("Signature").ok_or("Authorization header requires 'Signature' parameter.")?;
    let headers =
        part("SignedHeaders").ok_or("Authorization header requires 'SignedHeaders' parameter.")?;
    let scope: Vec<&str> = credential.split('/').collect();
    let [id, date, region, service, "aws4_request"] = scope[..] else {
        return Err(
            "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.",
        );
    };
    Ok(Claim {
        id,
        date,
        region,
        service,
        headers: headers.split(';').collect(),
        signature,
    })
}

/// The signature that whoever has `secret` puts under `message`.
#[must_use]
pub fn compute(message: &Message<'_>, claim: &Claim<'_>, secret: &str) -> String {
    let scope = format!(
        "{}/{}/{}/aws4_request",
        claim.date, claim.region, claim.service
    );
    let canonical = canonical(message, &claim.headers);
    let text = format!(
        "{ALGORITHM}\n{}\n{scope}\n{}",
        message.time,
        hex(digest::digest(&digest::SHA256, canonical.as_bytes()).as_ref())
    );
    let mut key = format!("AWS4{secret}").into_bytes();
    for step in [claim.date, claim.region, claim.service, "aws4_request"] {
        key = mac(&key, step).as_ref().to_vec();
    }
    hex(mac(&key, &text).as_ref())
}

fn mac(key: &[u8], text: &str) -> hmac::Tag {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes())
}

fn canonical(message: &Message<'_>, signed: &[&str]) -> String {
    let mut text = format!(
        "{}\n{}\n{}\n",
        message.method,
        encode(message.path, &['/']),
        canonical_query(message.query)
    );
    for name in signed {
        let values: Vec<String> = message
            .headers
            .iter()
            .filter(|(found, _)| found == name)
            .map(|(_, value)| value.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect();
        let _ = writeln!(text, "{name}:{}", values.join(","));
    }
    let body = hex(digest::digest(&digest::SHA256, message.body).as_ref());
    format!("{text}\n{}\n{body}", signed.join(";"))
}

fn canonical_query(query: &str) -> String {
    let mut pairs: Vec<(String, String)> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (encode(&decode(name), &[]), encode(&decode(value), &[])))
        .collect();
    pairs.sort();
    let joined: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    joined.join("&")
}

/// Percent-encodes everything but letters, digits, `-._~` and what is `kept`.
#[must_use]
pub fn encode(text: &str, kept: &[char]) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        let c = char::from(byte);
        if byte.is_ascii_alphanumeric() || "-._~".contains(c) || kept.contains(&c) {
            encoded.push(c);
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// Undoes percent-encoding; what is not UTF-8 afterwards is replaced.
#[must_use]
pub fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let code = text
            .get(at + 1..at + 3)
            .filter(|_| bytes[at] == b'%')
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        decoded.push(code.unwrap_or(bytes[at]));
        at += if code.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const AUTHORIZATION: &str = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7";

    /// The example of the AWS documentation, with its signature.
    #[test]
    fn the_published_example() {
        let headers = [
            (
                "content-type",
                "application/x-www-form-urlencoded;  charset=utf-8",
            ),
            ("host", "iam.amazonaws.com"),
            ("x-amz-date", "20150830T123600Z"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let message = Message {
            method: "GET",
            path: "/",
            query: "Version=2010-05-08&Action=ListUsers",
            headers: &headers,
            body: b"",
            time: "20150830T123600Z",
        };
        let claim = parse(AUTHORIZATION).expect("whole");
        let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
        assert_eq!(compute(&message, &claim, secret), claim.signature);
        assert_ne!(compute(&message, &claim, "other"), claim.signature);
    }

    #[test]
    fn what_is_missing_is_named() {
        let check = |text: &str, expected: &str| {
            let missing = parse(text).expect_err("incomplete");
            assert!(missing.contains(expected), "{missing}");
        };
        check("", "Credential");
        check("Bearer x", "Credential");
        check(
            "AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request",
            "Signature",
        );
        check(
            "AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request, Signature=x",
            "SignedHeaders",
        );
        check(
            "AWS4-HMAC-SHA256 Credential=a/b/c/aws4_request, SignedHeaders=host, Signature=x",
            "5 slash",
        );
    }

    #[test]
    fn percents() {
        assert_eq!(encode("/model/a%3A0", &['/']), "/model/a%253A0");
        assert_eq!(decode("a%3A0%2f%"), "a:0/%");
        assert_eq!(decode("%zz%41"), "%zzA");
    }
}
