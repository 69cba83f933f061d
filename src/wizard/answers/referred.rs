//! Secrets that stay where they are: what is read now is only for the test, and the profile gets a
//! reference to the place.

use super::source::Way;
use crate::error::{Error, Kind, Result};
use crate::secret::Secret;
use crate::store::config::Config;
use crate::store::config::secrets::{FileProvider, SecretProvider};
use crate::store::reference::{self, Reach};
use crate::system::System;
use crate::wizard::engine::{NamedPlace, Question};

/// The answers of this shape end within hours: nobody keeps a place for them.
const SESSION: &str = "aws-session-token";

/// Reads the secret as the profile will, with the same limits.
///
/// # Errors
/// `Usage` for a way that names no place, `NotFound` with the reason why nothing is there.
pub fn read(
    way: &Way,
    shape: &str,
    reach: &Reach,
    system: &System,
) -> Result<(Secret, NamedPlace)> {
    if shape == SESSION {
        let message = "a session token ends within hours, so that a profile cannot refer to one";
        return Err(Error::usage(message)
            .hint("Name an AWS profile that renews it: --aws-auth profile --aws-profile NAME."));
    }
    let place = match way {
        Way::Environment(name) => NamedPlace::Variable(name.clone()),
        Way::File(path) => NamedPlace::File(system.environment.folder().join(path)),
        Way::Keyring(id) => NamedPlace::Keyring(id.clone()),
        Way::Text(_) | Way::Value(_) | Way::Stdin | Way::Descriptor(_) | Way::Command(_) => {
            return Err(Error::usage(
                "with --secret-input-mode ref the secret must be at a place that has a name",
            )
            .hint("Name a variable, a file or an entry of the keyring."));
        }
    };
    let mut config = Config::default();
    if let (NamedPlace::File(path), Some((name, _))) = (&place, place.provider()) {
        let file = FileProvider::single(path.clone());
        config.secrets.push((name, SecretProvider::File(file)));
    }
    let found = reference::resolve(system, &config, reach, &place.reference());
    let secret = found.map_err(|unresolved| {
        let word = |text: &str| shlex::try_quote(text).map_or_else(|_| text.to_owned(), Into::into);
        let message = format!("the profile could not refer to it: {unresolved}");
        let error = Error::new(Kind::NotFound, message);
        match unresolved.mend.sentence(word) {
            Some(hint) => error.hint(hint),
            None => error,
        }
    })?;
    Ok((secret, place))
}

/// The refusal of a question that nothing answers: what is typed has no place.
pub fn nothing_named(question: &Question) -> Error {
    let Some(flag) = &question.inputs.flag else {
        return Error::usage("--secret-input-mode ref cannot be used for this secret");
    };
    Error::usage("--secret-input-mode ref needs the name of the place where the secret is").hint(
        format!("Give {flag}-env NAME, {flag}-file PATH or {flag}-keyring ID."),
    )
}

/// The refusal of a copy for services.
pub fn no_copy() -> Error {
    Error::usage(
        "--env-file writes the secret itself, which --secret-input-mode ref leaves where it is",
    )
    .hint("Leave one of the two out.")
}
