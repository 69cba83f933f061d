//! What a secret looks like before it is saved: refused, warned of, or fine.

use super::Context;
use crate::error::{Error, Kind, Result};
use crate::provider::anthropic::endpoint::Endpoint;
use crate::provider::anthropic::shape::{Severity, check_gateway_key};
use crate::provider::registry::Provider;
use crate::secret::Secret;
use crate::ui::escape;

/// The form of a secret, in words that hold no part of it.
pub struct Form {
    severity: Severity,
    what: String,
    advice: String,
    noun: &'static str,
    /// It is a subscription token in the place of a key.
    pub is_token: bool,
}

impl Form {
    /// `what` it is, as the word for a `noun` that was wanted, and what to do about it.
    pub fn new(severity: Severity, noun: &'static str, what: &str, advice: &str) -> Self {
        Self {
            severity,
            what: what.to_owned(),
            advice: advice.to_owned(),
            noun,
            is_token: false,
        }
    }

    /// The form of a key. A gateway has its own rules for its keys.
    pub fn of_key(
        key: &Secret,
        provider: Option<&'static Provider>,
        base_url: Option<&Endpoint>,
    ) -> Self {
        let own = base_url.is_none_or(Endpoint::is_own);
        let shape = match provider {
            Some(provider) if own => (provider.check)(key),
            _ => check_gateway_key(key),
        };
        Self {
            is_token: shape.id() == "setup-token",
            ..Self::new(shape.severity(), "key", &shape.what(), &shape.advice())
        }
    }

    /// For a person who may be asked again, or who is warned.
    pub fn warn(&self, context: &Context<'_>) {
        let words = format!("this is {}. {}", self.what, self.advice);
        context.ui.warn(&escape::line(&words));
    }

    /// Warns of what looks odd.
    ///
    /// # Errors
    /// `MalformedCredential` for what cannot be such a secret.
    pub fn judge(&self, context: &Context<'_>) -> Result<()> {
        match self.severity {
            Severity::Fine => {}
            Severity::Warn => self.warn(context),
            Severity::Refuse => {
                let message = format!("the {} cannot be used: it is {}", self.noun, self.what);
                let error = Error::new(Kind::MalformedCredential, message);
                return Err(error.hint(self.advice.as_str()));
            }
        }
        Ok(())
    }
}
