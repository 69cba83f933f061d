//! What is said of a credential that was wanted and cannot be used.

use super::{Candidate, Reason};
use crate::error::{Error, Kind, Result};

impl Candidate {
    /// Itself, where it can be used.
    ///
    /// # Errors
    /// `NotFound` that says what is in the way and what to type.
    pub fn required(self) -> Result<Self> {
        if self.reason == Reason::Ok {
            return Ok(self);
        }
        Err(self.refusal())
    }

    /// What is said of it, where it cannot be used.
    pub(super) fn refusal(&self) -> Error {
        let why = self.obstacle().unwrap_or_default();
        let message = format!("`{}` cannot be used: {why}", self.name());
        Error::new(Kind::NotFound, message).hint(hint(self))
    }
}

/// What to do about a credential that cannot be used.
fn hint(candidate: &Candidate) -> String {
    let word = |text: &str| shlex::try_quote(text).map_or_else(|_| text.to_owned(), Into::into);
    let mended = candidate
        .unresolved()
        .and_then(|unresolved| unresolved.mend.sentence(word));
    let lists = "`keywright models status` lists every credential";
    match mended {
        Some(mended) => format!("{mended} {lists}."),
        None if matches!(candidate.reason, Reason::Cooldown | Reason::Disabled) => format!(
            "`keywright models auth reset {}` ends the pause, `keywright onboard` adds another credential.",
            candidate.name()
        ),
        None if candidate.is_login() => format!("`keywright doctor` says what to do, {lists}."),
        None => format!("{lists}, `keywright onboard` sets one up."),
    }
}
