//! What the validators and shapes of the catalogue accept.

use super::{Destination, Looks};
use crate::duration;
use crate::provider::anthropic::endpoint::Endpoint;
use crate::provider::anthropic::shape::{self, Severity};
use crate::provider::anthropic::token;
use crate::provider::bedrock::{Region, shape as bedrock};
use crate::secret::Secret;
use crate::store::name::is_name;

pub(super) fn anthropic_api_key(key: &Secret, destination: Destination) -> Looks {
    let shape = match destination {
        Destination::Provider => shape::check_api_key(key),
        Destination::Gateway => shape::check_gateway_key(key),
    };
    let words = format!("this is {}. {}", shape.what(), shape.advice());
    match shape.severity() {
        Severity::Fine => Looks::Right,
        Severity::Warn => Looks::Odd(words),
        Severity::Refuse => Looks::Wrong(words),
    }
}

pub(super) fn anthropic_profile(text: &str) -> Result<String, String> {
    profile("anthropic:", text)
}

pub(super) fn bedrock_profile(text: &str) -> Result<String, String> {
    profile("bedrock:", text)
}

/// The provider may be written or left out; the name alone is kept.
fn profile(provider: &str, text: &str) -> Result<String, String> {
    let name = text.strip_prefix(provider).unwrap_or(text);
    if is_name(name) {
        Ok(name.to_owned())
    } else if text.is_empty() {
        Err("a name is needed".to_owned())
    } else {
        Err("a name starts with a-z or 0-9 and has only a-z, 0-9, `.`, `_` and `-`, at most 63 of them".to_owned())
    }
}

pub(super) fn setup_token(secret: &Secret, _: Destination) -> Looks {
    let shape = token::check(secret, None);
    let words = format!("this is {}. {}", shape.what(), shape.advice());
    judged(shape.severity(), words)
}

pub(super) fn aws_secret_key(key: &Secret, _: Destination) -> Looks {
    aws(bedrock::secret_key(key))
}

pub(super) fn aws_session_token(token: &Secret, _: Destination) -> Looks {
    aws(bedrock::session_token(token))
}

pub(super) fn bedrock_api_key(key: &Secret, _: Destination) -> Looks {
    aws(bedrock::bedrock_key(key))
}

fn aws(form: bedrock::Form) -> Looks {
    let words = format!("this is {}. {}", form.what(), form.advice());
    judged(form.severity(), words)
}

fn judged(severity: Severity, words: String) -> Looks {
    match severity {
        Severity::Fine => Looks::Right,
        Severity::Warn => Looks::Odd(words),
        Severity::Refuse => Looks::Wrong(words),
    }
}

pub(super) fn access_key_id(text: &str) -> Result<String, String> {
    let form = bedrock::access_key_id(text);
    match form.severity() {
        Severity::Refuse => Err(format!("this is {}. {}", form.what(), form.advice())),
        Severity::Fine | Severity::Warn => Ok(text.to_owned()),
    }
}

pub(super) fn aws_region(text: &str) -> Result<String, String> {
    Region::parse(text).map(|region| region.to_string())
}

/// Hours of ten years; a token lasts one.
const TEN_YEARS: i64 = 10 * 366 * 24;

/// Any time ahead of now that a token can last.
pub(super) fn duration(text: &str) -> Result<String, String> {
    match duration::parse(text) {
        Ok(parsed) if parsed.as_hours() > TEN_YEARS => Err("no token lasts that long".to_owned()),
        Ok(parsed) if parsed.is_positive() => Ok(text.to_owned()),
        Ok(_) => Err("a duration is longer than nothing".to_owned()),
        Err(problem) => Err(problem),
    }
}

/// `env:NAME` or `file:PATH`.
pub(super) fn secret_source(text: &str) -> Result<String, String> {
    match text.split_once(':') {
        Some(("env" | "file", rest)) if !rest.trim().is_empty() => Ok(text.to_owned()),
        _ => Err("it is `env:NAME` for a variable or `file:PATH` for a file".to_owned()),
    }
}

/// A profile of the AWS CLI, which allows nearly every character.
pub(super) fn aws_profile(text: &str) -> Result<String, String> {
    if text.is_empty() {
        Err("a name is needed".to_owned())
    } else if text.chars().count() > 100 || text.chars().any(|c| c.is_control() || c == ']') {
        Err("this cannot be the name of an AWS profile".to_owned())
    } else {
        Ok(text.to_owned())
    }
}

pub(super) fn model_id(text: &str) -> Result<String, String> {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"-._:/@[]".contains(&b);
    if text.is_empty() {
        Err("a model id is needed".to_owned())
    } else if text.len() > 200 || !text.bytes().all(allowed) {
        Err("a model id has only letters, digits and - . _ : / @ [ ]".to_owned())
    } else {
        Ok(text.to_owned())
    }
}

/// Without the slash at the end, so that paths can be put after it.
pub(super) fn base_url(text: &str) -> Result<String, String> {
    match Endpoint::parse(text) {
        Ok(endpoint) => Ok(endpoint.to_string()),
        Err(error) => Err(error.message().to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profiles() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(anthropic_profile(text).ok().as_deref(), expected, "{text}");
        };
        check("default", Some("default"));
        check("anthropic:work", Some("work"));
        check("bedrock:us", None);
        check("anthropic:", None);
        check("", None);
        check("../x", None);
        check("Work", None);
    }

    #[test]
    fn models() {
        let check = |text: &str, good: bool| assert_eq!(model_id(text).is_ok(), good, "{text}");
        check("claude-sonnet-4-5", true);
        check("us.anthropic.claude-v2:1", true);
        check("anthropic/claude@latest[1m]", true);
        check("", false);
        check("two words", false);
        check("a\u{1b}[2J", false);
        check(&"x".repeat(201), false);
    }

    #[test]
    fn durations() {
        let check = |text: &str, good: bool| assert_eq!(duration(text).is_ok(), good, "{text}");
        check("365d", true);
        check("1s", true);
        check("3650d", true);
        check("0d", false);
        check("3661d", false);
        check("9223372036854775807s", false);
    }

    #[test]
    fn ids_are_shown_and_secrets_are_not() {
        let check = |id: &str, text: &str, hidden: bool| {
            let validator = crate::wizard::catalog::validator(id).expect("a validator");
            assert_eq!(validator.hides(text), hidden, "{id} {text}");
        };
        let (key, secret) = ("AKIAIOSFODNN7MADEUPX", "MadeUp/".repeat(6));
        check("aws-access-key-id", key, false);
        check("aws-access-key-id", "AKIAbad", false);
        check("aws-access-key-id", &secret[..40], true);
        check("aws-region", "us-east-1", false);
        check(
            "aws-region",
            &format!("sk-ant-api03-{}", "A".repeat(95)),
            true,
        );
    }

    #[test]
    fn addresses() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(base_url(text).ok().as_deref(), expected, "{text}");
        };
        check(
            "https://api.anthropic.com/",
            Some("https://api.anthropic.com"),
        );
        check(
            "https://gateway.example/claude",
            Some("https://gateway.example/claude"),
        );
        check("http://127.0.0.1:8080", Some("http://127.0.0.1:8080"));
        check("gateway.example", None);
        check("ftp://gateway.example", None);
        check("https://user:word@gateway.example", None);
        check("https://gateway.example/?key=1", None);
        check("", None);
    }
}
