//! The AWS test identities: one for each thing that STS and Amazon Bedrock answer. An identity is a
//! pair of access keys, with a session token where it is a temporary one, or a Bedrock API key.

/// A test identity and what happens to a request that it signs.
#[derive(Clone, Copy, Debug)]
pub struct Identity {
    pub name: &'static str,
    /// One line for `sandbox keys`.
    pub does: &'static str,
    pub form: Form,
    pub trouble: Trouble,
}

/// What an identity consists of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `AKIA…` and a secret.
    LongTerm,
    /// `ASIA…`, a secret and a session token.
    Session,
    /// `ASIA…` and a secret, but the session token was not kept.
    SessionForgotten,
    /// A Bedrock API key, `ABSK…`.
    Bearer,
    /// A Bedrock API key that lives for hours, `bedrock-api-key-…`.
    ShortBearer,
}

/// Why it does not work.
#[derive(Clone, Copy, Debug)]
pub enum Trouble {
    None,
    /// The server has never seen this key.
    Unknown,
    /// The server has another secret for it.
    WrongSecret,
    /// Its time is over.
    Expired,
    /// The server's clock is this many seconds ahead of this machine's.
    Clock(i64),
    /// Only models that are about to go are offered.
    LegacyOnly,
    /// No model is offered in any region.
    NoModels,
    Refused(Refusal),
}

/// An error reply of STS or Bedrock.
#[derive(Clone, Copy, Debug)]
pub struct Refusal {
    pub status: u16,
    /// The code; for STS see [`Refusal::sts_code`].
    pub code: &'static str,
    /// `ACTION`, `RESOURCE`, `USER` and `MODEL` stand for those of the request.
    pub message: &'static str,
    pub scope: Scope,
}

/// Which calls a refusal is for; the others work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// STS and Bedrock.
    Everything,
    Identity,
    Bedrock,
    Models,
    Profiles,
    Availability,
    UseCase,
    /// Whatever names a model on the runtime.
    Runtime,
    CountTokens,
    Invoke,
}

impl Refusal {
    /// STS has names of its own for some errors.
    #[must_use]
    pub fn sts_code(&self) -> &'static str {
        match self.code {
            "AccessDeniedException" => "AccessDenied",
            "ThrottlingException" => "Throttling",
            "ServiceUnavailableException" => "ServiceUnavailable",
            "InternalServerException" => "InternalFailure",
            other => other,
        }
    }
}

const NOT_ALLOWED: &str = "User: USER is not authorized to perform: ACTION on resource: RESOURCE because no identity-based policy allows the ACTION action";
const FORBIDDEN: &str = "User: USER is not authorized to perform: ACTION on resource: RESOURCE with an explicit deny in a service control policy";

const fn refused(status: u16, code: &'static str, message: &'static str, scope: Scope) -> Trouble {
    Trouble::Refused(Refusal {
        status,
        code,
        message,
        scope,
    })
}

const fn not_allowed(scope: Scope) -> Trouble {
    refused(403, "AccessDeniedException", NOT_ALLOWED, scope)
}

const fn of(form: Form, name: &'static str, does: &'static str, trouble: Trouble) -> Identity {
    Identity {
        name,
        does,
        form,
        trouble,
    }
}

const fn keys(name: &'static str, does: &'static str, trouble: Trouble) -> Identity {
    of(Form::LongTerm, name, does, trouble)
}

const fn bearer(name: &'static str, does: &'static str, trouble: Trouble) -> Identity {
    of(Form::Bearer, name, does, trouble)
}

/// Every test identity. New ones go to the end: the place of an identity in this list is part of
/// its texts.
#[rustfmt::skip]
pub const ALL: &[Identity] = &[
    keys("aws-works", "everything works", Trouble::None),
    keys("aws-works-too", "everything works: a second pair, to replace the first", Trouble::None),
    of(Form::Session, "aws-session-works", "everything works, with a session token", Trouble::None),
    keys("aws-unknown-key", "403 the access key is unknown or deleted", Trouble::Unknown),
    keys("aws-wrong-secret", "403 the secret does not belong to the key", Trouble::WrongSecret),
    of(Form::Session, "aws-session-expired", "403 the session has expired", Trouble::Expired),
    of(Form::SessionForgotten, "aws-session-forgotten", "403 a temporary key without its session token", Trouble::None),
    keys("aws-clock-off", "403 the clock of this machine is 20 minutes late", Trouble::Clock(20 * 60)),
    keys("aws-clock-too-skewed", "403 the same, under its other name",
        refused(403, "RequestTimeTooSkewed", "The difference between the request time and the current time is too large.", Scope::Everything)),
    keys("aws-identity-denied", "403 not even the identity may be asked for",
        refused(403, "AccessDeniedException", FORBIDDEN, Scope::Everything)),
    keys("aws-no-bedrock", "403 no permission for anything of Bedrock", not_allowed(Scope::Bedrock)),
    keys("aws-no-list-models", "403 no permission for ListFoundationModels", not_allowed(Scope::Models)),
    keys("aws-no-list-profiles", "403 no permission for ListInferenceProfiles", not_allowed(Scope::Profiles)),
    keys("aws-no-availability", "403 no permission for GetFoundationModelAvailability", not_allowed(Scope::Availability)),
    keys("aws-no-use-case", "403 no permission for GetUseCaseForModelAccess", not_allowed(Scope::UseCase)),
    keys("aws-no-count-tokens", "403 no permission for CountTokens", not_allowed(Scope::CountTokens)),
    keys("aws-no-invoke", "403 no permission for InvokeModel", not_allowed(Scope::Invoke)),
    keys("aws-denied-by-organization", "403 the organization forbids the runtime",
        refused(403, "AccessDeniedException", FORBIDDEN, Scope::Runtime)),
    keys("aws-model-access-missing", "403 access to the models was not granted",
        refused(403, "AccessDeniedException", "You don't have access to the model with the specified model ID.", Scope::Runtime)),
    keys("aws-account-not-authorized", "403 the account may not use the runtime",
        refused(403, "AccessDeniedException", "Your account is not authorized to invoke this API operation.", Scope::Runtime)),
    keys("aws-use-case-missing", "404 the use-case form was not sent",
        refused(404, "ResourceNotFoundException", "Model use case details have not been submitted for this account. Fill out the Anthropic use case details form before using the model. If you have already filled out the form, try again in 15 minutes.", Scope::Runtime)),
    keys("aws-legacy-only", "404 only models that are about to go", Trouble::LegacyOnly),
    keys("aws-no-models", "empty lists: no Claude model in this region", Trouble::NoModels),
    keys("aws-on-demand-unsupported", "400 on-demand throughput is not supported",
        refused(400, "ValidationException", "Invocation of model ID MODEL with on-demand throughput isn\u{2019}t supported. Retry your request with the ID or ARN of an inference profile that contains this model.", Scope::Runtime)),
    keys("aws-model-invalid", "400 the model id is invalid",
        refused(400, "ValidationException", "The provided model identifier is invalid.", Scope::Runtime)),
    keys("aws-throttled", "429 too many requests on the runtime",
        refused(429, "ThrottlingException", "Too many requests, please wait before trying again.", Scope::Runtime)),
    keys("aws-tokens-throttled", "429 too many tokens on the runtime",
        refused(429, "ThrottlingException", "Too many tokens, please wait before trying again.", Scope::Runtime)),
    keys("aws-identity-throttled", "400 too many requests to STS",
        refused(400, "ThrottlingException", "Rate exceeded", Scope::Identity)),
    keys("aws-quota-exceeded", "400 a quota is used up",
        refused(400, "ServiceQuotaExceededException", "Your request exceeds the service quota for your account.", Scope::Runtime)),
    keys("aws-model-not-ready", "429 the model is not ready",
        refused(429, "ModelNotReadyException", "Model is not ready for inference.", Scope::Runtime)),
    keys("aws-model-timeout", "408 the model took too long",
        refused(408, "ModelTimeoutException", "Model has timed out in processing the request. Try your request again.", Scope::Runtime)),
    keys("aws-model-error", "424 an error inside the model",
        refused(424, "ModelErrorException", "The system encountered an unexpected error during processing. Try your request again.", Scope::Runtime)),
    keys("aws-server-error", "500 an error inside Bedrock",
        refused(500, "InternalServerException", "The system encountered an unexpected error during processing. Try your request again.", Scope::Bedrock)),
    keys("aws-unavailable", "503 Bedrock is unavailable",
        refused(503, "ServiceUnavailableException", "Bedrock is unable to process your request.", Scope::Bedrock)),
    keys("aws-everything-unavailable", "503 STS and Bedrock are unavailable",
        refused(503, "ServiceUnavailableException", "Service unavailable", Scope::Everything)),
    bearer("bedrock-key-works", "everything works", Trouble::None),
    bearer("bedrock-key-works-too", "everything works: a second key, to replace the first", Trouble::None),
    of(Form::ShortBearer, "bedrock-key-short-works", "everything works, for some hours", Trouble::None),
    bearer("bedrock-key-invalid", "403 the key is wrong or revoked", Trouble::Unknown),
    of(Form::ShortBearer, "bedrock-key-expired", "403 the hours of the key are over", Trouble::Expired),
    bearer("bedrock-key-not-allowed", "403 no permission to use Bedrock API keys",
        refused(403, "AccessDeniedException", "User: USER is not authorized to perform: bedrock:CallWithBearerToken on resource: RESOURCE because no identity-based policy allows the bedrock:CallWithBearerToken action", Scope::Bedrock)),
    bearer("bedrock-key-no-list", "403 no permission for ListFoundationModels", not_allowed(Scope::Models)),
    bearer("bedrock-key-no-invoke", "403 no permission for InvokeModel", not_allowed(Scope::Invoke)),
    bearer("bedrock-key-model-access-missing", "403 access to the models was not granted",
        refused(403, "AccessDeniedException", "You don't have access to the model with the specified model ID.", Scope::Runtime)),
    bearer("bedrock-key-throttled", "429 too many requests on the runtime",
        refused(429, "ThrottlingException", "Too many requests, please wait before trying again.", Scope::Runtime)),
];

impl Identity {
    /// `AKIA…` or `ASIA…`, 20 characters; none for a Bedrock API key.
    #[must_use]
    pub fn access_key_id(&self) -> Option<String> {
        let prefix = match self.form {
            Form::LongTerm => "AKIA",
            Form::Session | Form::SessionForgotten => "ASIA",
            Form::Bearer | Form::ShortBearer => return None,
        };
        Some(self.filled(&format!("{prefix}SANDBOX"), 20))
    }

    /// The secret access key, 40 characters.
    #[must_use]
    pub fn secret(&self) -> Option<String> {
        self.access_key_id()?;
        Some(self.filled(&format!("Sandbox/{}/", self.short().replace('-', "+")), 40))
    }

    /// The session token, where there is one to hand out.
    #[must_use]
    pub fn session(&self) -> Option<String> {
        let made = || self.filled(&format!("SANDBOX/session/{}/", self.name), 120);
        (self.form == Form::Session).then(made)
    }

    /// The Bedrock API key; none for access keys.
    #[must_use]
    pub fn bearer(&self) -> Option<String> {
        let (prefix, length) = match self.form {
            Form::Bearer => ("ABSK", 132),
            Form::ShortBearer => ("bedrock-api-key-", 160),
            _ => return None,
        };
        Some(self.filled(
            &format!("{prefix}SANDBOX+{}+", self.name.replace('-', "+")),
            length,
        ))
    }

    /// Every text of it that is handed out.
    pub fn texts(&self) -> impl Iterator<Item = String> {
        let parts = [
            self.access_key_id(),
            self.secret(),
            self.session(),
            self.bearer(),
        ];
        parts.into_iter().flatten()
    }

    /// The name without the kind.
    fn short(&self) -> &'static str {
        self.name.trim_start_matches("aws-")
    }

    /// `start`, filled with a letter; the last two letters tell the identities apart.
    fn filled(&self, start: &str, length: usize) -> String {
        let place = ALL.iter().position(|i| i.name == self.name).unwrap_or(0);
        let letter = |number: usize| char::from(b'A' + u8::try_from(number).unwrap_or_default());
        let room = length.saturating_sub(start.len() + 2);
        let fill: String = std::iter::repeat_n(letter(place % 8), room).collect();
        let (first, second) = (letter(place / 26), letter(place % 26));
        format!("{start}{fill}{first}{second}")
    }
}

/// Whether a test identity has this text.
#[must_use]
pub fn holds(text: &str) -> bool {
    ALL.iter()
        .any(|identity| identity.texts().any(|own| own == text))
}

/// The identity with this access key id.
#[must_use]
pub fn with_id(id: &str) -> Option<&'static Identity> {
    let has = |identity: &&Identity| identity.access_key_id().is_some_and(|own| own == id);
    ALL.iter().find(has)
}

/// The identity with this Bedrock API key.
#[must_use]
pub fn with_bearer(text: &str) -> Option<&'static Identity> {
    let has = |identity: &&Identity| identity.bearer().is_some_and(|own| own == text);
    ALL.iter().find(has)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identities_have_the_shape_of_real_ones_and_differ() {
        let mut seen = std::collections::BTreeSet::new();
        for identity in ALL {
            let name = identity.name;
            let length = |text: Option<String>| text.map(|text| text.len());
            let (pair, session, bearer) = match identity.form {
                Form::LongTerm | Form::SessionForgotten => (true, None, None),
                Form::Session => (true, Some(120), None),
                Form::Bearer => (false, None, Some(132)),
                Form::ShortBearer => (false, None, Some(160)),
            };
            assert_eq!(
                length(identity.access_key_id()),
                pair.then_some(20),
                "{name}"
            );
            assert_eq!(length(identity.secret()), pair.then_some(40), "{name}");
            assert_eq!(length(identity.session()), session, "{name}");
            assert_eq!(length(identity.bearer()), bearer, "{name}");
            let id = identity
                .access_key_id()
                .unwrap_or_else(|| "AKIAA".to_owned());
            assert!(id.bytes().all(|b| b.is_ascii_uppercase()), "{id}");
            for text in identity.texts() {
                assert!(holds(&text) && !text.contains(char::is_whitespace));
                assert!(seen.insert(text), "{name}");
            }
            let tail = identity.texts().next().unwrap_or_default();
            assert!(seen.insert(tail[tail.len() - 4..].to_owned()), "{name}");
        }
    }
}
