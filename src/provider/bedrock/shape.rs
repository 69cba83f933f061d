//! What the parts of an AWS credential look like. Decided from the text alone; the answer never
//! contains a part of it. The same mistakes as with API keys are told by the same words.

use crate::provider::anthropic::shape::{Form as General, Severity, check_gateway_key};
use crate::secret::Secret;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;

use super::Region;

macro_rules! forms {
    ($($name:ident $id:literal $severity:ident $what:literal $advice:literal,)+) => {
        /// The classes of text.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Form {
            $($name,)+
            /// A mistake that any kind of key can have.
            General(General),
        }

        impl Form {
            /// The stable name in JSON.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)+ Self::General(form) => form.id() }
            }

            #[must_use]
            pub const fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity,)+ Self::General(form) => form.severity() }
            }

            /// A lowercase fragment that fits after "this is".
            #[must_use]
            pub const fn what(self) -> &'static str {
                match self { $(Self::$name => $what,)+ Self::General(form) => form.what() }
            }

            /// One or two sentences.
            #[must_use]
            pub const fn advice(self) -> &'static str {
                match self { $(Self::$name => $advice,)+ Self::General(form) => form.instead() }
            }
        }
    };
}

forms! {
    Right "right" Fine "as it should be" "Nothing needs to be changed.",
    LongTerm "long-term" Fine "a long-term access key id" "Nothing needs to be changed.",
    Temporary "temporary" Fine "a temporary access key id" "It works only with its session token.",
    OtherId "other-id" Refuse "the id of something else in AWS, not of an access key"
        "An access key id begins with AKIA, or with ASIA for a temporary key.",
    NotAnId "not-an-id" Refuse "not an access key id"
        "An access key id has 20 characters and begins with AKIA or ASIA.",
    IdInSecret "id-in-secret" Refuse "the id of an access key, not its secret"
        "The secret has 40 characters and is shown once, beside the id, when the key is made.",
    SecretInId "secret-in-id" Refuse "a secret access key, not its id"
        "The id begins with AKIA or ASIA. Enter the secret where the secret is asked for.",
    SecretLength "secret-length" Warn "a secret access key of an unusual length"
        "A secret access key has 40 characters. Copy it again if it does not work.",
    Anthropic "anthropic" Refuse "a key of Anthropic"
        "AWS does not know it. For Anthropic's own API: `keywright onboard --flow api-key`.",
    BedrockKey "bedrock-key" Refuse "a Bedrock API key"
        "It is used alone, without an access key: choose the Bedrock API key instead.",
    SessionShort "session-short" Warn "a session token that is probably cut off"
        "Session tokens have some hundred characters. Copy it again if it does not work.",
    NotABedrockKey "not-a-bedrock-key" Refuse "not a Bedrock API key"
        "A Bedrock API key begins with ABSK, or with bedrock-api-key- for one that lasts hours.",
    BedrockKeyShort "bedrock-key-short" Warn "a Bedrock API key that is probably cut off"
        "Copy the whole key again if it does not work.",
}

/// The kinds of id that AWS makes beside access keys.
/// Source: "Unique identifiers" of the IAM user guide.
const OTHER_IDS: &[&str] = &[
    "AIDA", "AROA", "AIPA", "ANPA", "ANVA", "APKA", "ABIA", "ACCA", "ASCA", "AGPA",
];

/// What stands in the place of an access key id.
#[must_use]
pub fn access_key_id(text: &str) -> Form {
    let shaped = (16..=128).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    if text.starts_with("sk-ant-") {
        Form::Anthropic
    } else if shaped && text.starts_with("AKIA") {
        Form::LongTerm
    } else if shaped && text.starts_with("ASIA") {
        Form::Temporary
    } else if shaped && OTHER_IDS.iter().any(|prefix| text.starts_with(prefix)) {
        Form::OtherId
    } else if is_bedrock_key(text) {
        Form::BedrockKey
    } else if text.len() == 40 {
        Form::SecretInId
    } else {
        Form::NotAnId
    }
}

/// What stands in the place of a secret access key.
#[must_use]
pub fn secret_key(secret: &Secret) -> Form {
    in_general(secret).unwrap_or_else(|| {
        secret.inspect(|text| match text {
            _ if text.starts_with("sk-ant-") => Form::Anthropic,
            _ if is_bedrock_key(text) => Form::BedrockKey,
            _ if matches!(access_key_id(text), Form::LongTerm | Form::Temporary) => {
                Form::IdInSecret
            }
            _ if text.len() == 40 => Form::Right,
            _ => Form::SecretLength,
        })
    })
}

/// What stands in the place of a session token.
#[must_use]
pub fn session_token(token: &Secret) -> Form {
    in_general(token).unwrap_or_else(|| {
        token.inspect(|text| match text {
            _ if text.starts_with("sk-ant-") => Form::Anthropic,
            _ if is_bedrock_key(text) => Form::BedrockKey,
            _ if text.len() < 100 => Form::SessionShort,
            _ => Form::Right,
        })
    })
}

/// What stands in the place of a Bedrock API key.
#[must_use]
pub fn bedrock_key(key: &Secret) -> Form {
    in_general(key).unwrap_or_else(|| {
        key.inspect(|text| match text {
            _ if text.starts_with("sk-ant-") => Form::Anthropic,
            _ if !is_bedrock_key(text) => Form::NotABedrockKey,
            _ if text.len() < 60 => Form::BedrockKeyShort,
            _ => Form::Right,
        })
    })
}

/// Source: the prefixes of keys as the Bedrock console makes them.
fn is_bedrock_key(text: &str) -> bool {
    text.starts_with("ABSK") || text.starts_with("bedrock-api-key-")
}

/// The region that a short-term Bedrock API key was made for. Such a key is an address signed in
/// advance, in base64, and works in that region alone.
#[must_use]
pub fn bearer_region(key: &Secret) -> Option<String> {
    let parameters = key.inspect(short_term)?;
    let (_, scope) = parameters
        .into_iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("X-Amz-Credential"))?;
    // `ID/20261120/us-east-1/bedrock/aws4_request`
    let region = scope.split('/').nth(2)?;
    Region::parse(region).ok().map(|region| region.to_string())
}

/// When a short-term Bedrock API key ends.
#[must_use]
pub fn bearer_expires(key: &Secret) -> Option<Timestamp> {
    let parameters = key.inspect(short_term)?;
    let value = |wanted: &str| {
        let mut all = parameters.iter();
        let (_, value) = all.find(|(name, _)| name.eq_ignore_ascii_case(wanted))?;
        Some(value.as_str())
    };
    let made = DateTime::strptime("%Y%m%dT%H%M%SZ", value("X-Amz-Date")?).ok()?;
    let seconds: i64 = value("X-Amz-Expires")?.parse().ok()?;
    let made = made.to_zoned(TimeZone::UTC).ok()?.timestamp();
    made.checked_add(SignedDuration::from_secs(seconds)).ok()
}

/// The parameters of the address in a short-term key.
fn short_term(text: &str) -> Option<Vec<(String, String)>> {
    let encoded = text.strip_prefix("bedrock-api-key-")?;
    let bytes = BASE64.decode(encoded.trim_end_matches('=')).ok()?;
    let address = String::from_utf8(bytes).ok()?;
    let (_, query) = address.split_once('?')?;
    let pairs = url::form_urlencoded::parse(query.as_bytes());
    Some(pairs.into_owned().collect())
}

/// Placeholders, masks, white space and the like.
fn in_general(secret: &Secret) -> Option<Form> {
    let form = check_gateway_key(secret).form;
    (form.severity() == Severity::Refuse).then_some(Form::General(form))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_short_term_key() {
        let check = |query: &str, expected: Option<&str>| {
            let address = format!("bedrock.amazonaws.com/?Action=CallWithBearerToken&{query}");
            let key = Secret::new(format!("bedrock-api-key-{}", BASE64.encode(address)));
            let end = bearer_expires(&key).map(|end| end.to_string());
            assert_eq!(end.as_deref(), expected, "{query}");
        };
        let made = "X-Amz-Date=20261120T060000Z";
        check(
            &format!("{made}&X-Amz-Expires=43200"),
            Some("2026-11-20T18:00:00Z"),
        );
        check(made, None);
        check("X-Amz-Date=soon&X-Amz-Expires=43200", None);
        assert_eq!(bearer_expires(&Secret::new("ABSKmadeup")), None);
    }

    #[test]
    fn forms_in_each_slot() {
        let id = "AKIAIOSFODNN7MADEUPX";
        let secret = "madeupmadeup/madeup+madeupmadeupmadeup12";
        let bearer = format!("ABSK{}", "Ab1".repeat(40));
        let check = |slot: fn(&Secret) -> Form, text: &str, expected: &str| {
            assert_eq!(slot(&Secret::new(text)).id(), expected, "{text}");
        };
        let ids = |text: &str, expected: &str| assert_eq!(access_key_id(text).id(), expected);
        ids(id, "long-term");
        ids("ASIAIOSFODNN7MADEUPX", "temporary");
        ids("AROAIOSFODNN7MADEUPX", "other-id");
        ids(secret, "secret-in-id");
        ids(&bearer, "bedrock-key");
        ids("sk-ant-api03-x", "anthropic");
        ids("akia", "not-an-id");
        check(secret_key, secret, "right");
        check(secret_key, id, "id-in-secret");
        check(secret_key, &secret[..39], "secret-length");
        check(secret_key, "sk-ant-api03-madeupmadeup", "anthropic");
        check(secret_key, &bearer, "bedrock-key");
        check(secret_key, "", "empty");
        check(secret_key, "two words", "white-space");
        check(session_token, &"Ab1/".repeat(40), "right");
        check(session_token, "Ab1/Ab1/", "session-short");
        check(bedrock_key, &bearer, "right");
        check(bedrock_key, secret, "not-a-bedrock-key");
        check(bedrock_key, "ABSKAb1", "bedrock-key-short");
        check(bedrock_key, "ABSK••••••••", "masked");
    }
}
