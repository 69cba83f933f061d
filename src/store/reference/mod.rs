//! Where a secret is that is not in the store itself: references are followed here, within limits
//! of place, owner, size and time.
//!
//! | file | source |
//! |---|---|
//! | `env` | a variable of the environment, of the home's `.env` or of `env.vars` |
//! | `file` | a private file, one value or a JSON document |
//! | `exec` | a program that is asked |
//! | `keyring` | the keyring of the desktop |
//! | `unresolved` | why a reference leads to nothing, in words |
//!
//! `env` and `file` are followed whenever a credential is looked at; `exec` and `keyring` only for
//! who needs the value: they start something, may ask the user, and take their time.

mod env;
mod exec;
mod file;
mod keyring;
mod unresolved;

pub use unresolved::{Mend, Unresolved};

use std::time::Duration;

use super::config::Config;
use super::config::secrets::{KeyringProvider, SecretProvider, is_provider_name};
use super::home::Home;
use super::profile::SecretRef;
use super::sources::Sources;
use crate::secret::Secret;
use crate::system::{Environment, Files, System};

/// The provider that a reference has when it names none.
pub const DEFAULT: &str = "default";

/// A value, and what is odd about the place it was found in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    pub secret: Secret,
    pub warning: Option<String>,
}

/// What looking at a reference comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Looked {
    Resolved(Resolved),
    /// Somebody has to be asked: [`ask`].
    NotAsked,
}

/// What is needed to follow references to files.
#[derive(Clone, Debug)]
pub struct Reach {
    pub files: Files,
    pub home: Home,
}

/// Follows a reference to its end as a profile would, whoever has to be asked; a variable is looked
/// for in the environment of this process alone.
///
/// # Errors
/// Why there is no value, in words that never hold one.
pub fn resolve(
    system: &System,
    config: &Config,
    reach: &Reach,
    reference: &SecretRef,
) -> Result<Secret, Unresolved> {
    match &*provider(config, reference)? {
        SecretProvider::Env { allowlist } => {
            let value = |name: &str| system.environment.get(name).map(Secret::new);
            env::resolve(allowlist.as_deref(), reference, value)
        }
        SecretProvider::File(provider) => {
            let found = file::resolve(reach, &system.environment, provider, &reference.id);
            found.map(|found| found.secret)
        }
        SecretProvider::Exec(_) | SecretProvider::Keyring(_) => {
            ask(system, config, reference, Duration::MAX)
        }
    }
}

/// Looks at a reference without asking anybody.
///
/// # Errors
/// Why there is no value, in words that never hold one.
pub fn look(sources: &Sources, reference: &SecretRef) -> Result<Looked, Unresolved> {
    let provider = provider(&sources.config, reference)?;
    let resolved = match &*provider {
        SecretProvider::Env { allowlist } => {
            let value = |name: &str| sources.variable(name).map(|(value, _)| value);
            let secret = env::resolve(allowlist.as_deref(), reference, value)?;
            Resolved {
                secret,
                warning: None,
            }
        }
        SecretProvider::File(provider) => {
            let Some(reach) = &sources.reach else {
                return Err(Unresolved::new(
                    "there is no home to read it for",
                    Mend::Nothing,
                ));
            };
            file::resolve(reach, &sources.environment, provider, &reference.id)?
        }
        SecretProvider::Exec(_) => {
            exec::check_id(&reference.id)?;
            return Ok(Looked::NotAsked);
        }
        SecretProvider::Keyring(_) => {
            keyring::check(&reference.id)?;
            return Ok(Looked::NotAsked);
        }
    };
    Ok(Looked::Resolved(resolved))
}

/// Asks the program or the keyring that a reference leads to; for its own time, and for no more than
/// `left`.
///
/// # Errors
/// As [`look`].
pub fn ask(
    system: &System,
    config: &Config,
    reference: &SecretRef,
    left: Duration,
) -> Result<Secret, Unresolved> {
    let provider = provider(config, reference)?;
    match &*provider {
        SecretProvider::Exec(provider) => exec::resolve(system, provider, reference, left),
        SecretProvider::Keyring(provider) => {
            let provider = KeyringProvider {
                timeout: provider.timeout.min(left),
                ..provider.clone()
            };
            keyring::resolve(system, &provider, &reference.id)
        }
        SecretProvider::Env { .. } | SecretProvider::File(_) => Err(Unresolved::new(
            "nobody has to be asked for what it refers to",
            Mend::Nothing,
        )),
    }
}

/// One that the configuration names, or one that needs no words there.
enum Provider<'a> {
    Named(&'a SecretProvider),
    BuiltIn(SecretProvider),
}

impl std::ops::Deref for Provider<'_> {
    type Target = SecretProvider;
    fn deref(&self) -> &SecretProvider {
        match self {
            Self::Named(provider) => provider,
            Self::BuiltIn(provider) => provider,
        }
    }
}

fn provider<'a>(config: &'a Config, reference: &SecretRef) -> Result<Provider<'a>, Unresolved> {
    let name = reference.provider.as_str();
    let source = reference.source.as_str();
    if !is_provider_name(name) {
        let why = "its reference names a provider that cannot be one";
        return Err(Unresolved::new(why, Mend::Nothing));
    }
    let named = config.secrets.iter().find(|(known, _)| known == name);
    match (named, source) {
        (Some((_, provider)), _) if provider.source() == source => Ok(Provider::Named(provider)),
        (_, "env" | "file" | "exec" | "keyring") if named.is_some() => Err(Unresolved::new(
            format!("secrets.providers.{name} of config.json5 is not of the source `{source}`"),
            Mend::Configuration,
        )),
        (None, "env") if name == DEFAULT => {
            Ok(Provider::BuiltIn(SecretProvider::Env { allowlist: None }))
        }
        (None, "keyring") if name == DEFAULT => Ok(Provider::BuiltIn(SecretProvider::Keyring(
            KeyringProvider::default(),
        ))),
        (None, "env" | "file" | "exec" | "keyring") => Err(Unresolved::new(
            format!("config.json5 has no secrets.providers.{name}, which its reference names"),
            Mend::Configuration,
        )),
        _ => Err(Unresolved::new(
            "its reference has a source that this version does not know",
            Mend::Nothing,
        )),
    }
}

/// What the environment says for a program that is started to answer.
fn answering(environment: &Environment) -> bool {
    environment.get(crate::variables::RESOLVING).is_some()
}
