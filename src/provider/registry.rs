//! The providers that keywright knows, as data. Adding one is a module of its own and one line in
//! [`ALL`]; a test fails when a module is missing there.

use std::time::Duration;

use crate::error::Result;
use crate::exchange::{Exchange, Request};
use crate::provider::Verdict;
use crate::provider::anthropic;
use crate::provider::anthropic::endpoint::Endpoint;
use crate::provider::anthropic::shape::Shape;
use crate::secret::Secret;

/// Every provider, in the order in which they are shown.
pub const ALL: &[&Provider] = &[&anthropic::PROVIDER];

/// One provider: its names, its pages, its variables, and its three pure functions.
#[derive(Debug)]
pub struct Provider {
    /// The part of a profile id before the colon.
    pub id: &'static str,
    /// The name for people.
    pub name: &'static str,
    /// Where its API is when nothing says otherwise.
    pub default_base_url: &'static str,
    /// The variable that says otherwise.
    pub base_url_variable: &'static str,
    /// The page where keys are made and revoked.
    pub keys_page: &'static str,
    /// The page where credit is bought.
    pub billing_page: &'static str,
    /// The page that reports outages.
    pub status_page: &'static str,
    /// Where programs look for its credentials, in order of precedence.
    pub variables: &'static [Variable],
    /// Looks at the form of a credential.
    pub check: fn(&Secret) -> Shape,
    /// Builds the probe request of a level.
    pub request: fn(&Endpoint, &Secret, &Level, Duration) -> Result<Request>,
    /// Says what came of it.
    pub classify: fn(&Level, &str, &Exchange) -> Verdict,
}

/// An environment variable that carries a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name; the beginning of its name for [`VariableKind::ApiKeyPrefix`].
    pub name: &'static str,
    pub kind: VariableKind,
}

impl Variable {
    pub(crate) const fn new(name: &'static str, kind: VariableKind) -> Self {
        Self { name, kind }
    }
}

/// What a variable holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VariableKind {
    /// One key that is used alone when it is set.
    ApiKeyOverride,
    /// Keys separated by commas or semicolons.
    ApiKeyList,
    /// One key.
    ApiKey,
    /// One key in each variable whose name starts like this.
    ApiKeyPrefix,
    /// A bearer token: a subscription's or a gateway's.
    Token,
}

/// How far a probe goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Level {
    /// Free: is the credential accepted?
    Credential,
    /// Free: as [`Level::Credential`], and asks for the whole list of models.
    Models,
    /// Free: may it use this model?
    Access { model: String },
    /// Costs one token: is there credit?
    Paid { model: String },
}

/// The provider of that id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Provider> {
    ALL.iter().copied().find(|provider| provider.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_provider_module_is_registered() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/provider");
        let mut modules: Vec<String> = std::fs::read_dir(folder)
            .expect("the source")
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.join("request.rs").is_file())
            .filter_map(|path| Some(path.file_name()?.to_str()?.to_owned()))
            .collect();
        modules.sort();
        let mut registered: Vec<&str> = ALL.iter().map(|provider| provider.id).collect();
        registered.sort_unstable();
        assert_eq!(modules, registered);
    }

    #[test]
    fn providers_are_well_formed() {
        for provider in ALL {
            assert!(crate::store::name::is_name(provider.id), "{}", provider.id);
            let base = Endpoint::parse(provider.default_base_url).expect("a base URL");
            assert!(base.is_https(), "{}", provider.id);
            assert_eq!(find(provider.id).map(|found| found.id), Some(provider.id));
        }
        assert!(find("nobody").is_none());
    }
}
