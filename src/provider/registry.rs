//! The providers that keywright knows, as data. Adding one is a module of its own and one line in
//! [`ALL`]; a test fails when a module is missing there.

use std::time::Duration;

use crate::error::{Error, Kind, Result};
use crate::exchange::{Exchange, Request};
use crate::provider::anthropic::endpoint::Endpoint;
use crate::provider::anthropic::shape::Shape;
use crate::provider::{Verdict, anthropic, bedrock, google, openai, openrouter};
use crate::secret::Secret;

/// Every provider, in the order in which they are shown.
pub const ALL: &[&Provider] = &[
    &anthropic::PROVIDER,
    &openai::PROVIDER,
    &openrouter::PROVIDER,
    &google::PROVIDER,
];

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

/// The refusal of a provider that is neither known nor one of `custom`, with the name that was most
/// likely meant; `None` for one that is there.
#[must_use]
pub fn refusal<'a>(id: &str, custom: impl Iterator<Item = &'a str>) -> Option<Error> {
    /// More letters than this are another word.
    const LETTERS: usize = 2;
    let known = ALL.iter().map(|provider| provider.id);
    let mut known: Vec<&str> = known.chain([bedrock::ID]).chain(custom).collect();
    if known.contains(&id) {
        return None;
    }
    known.sort_unstable();
    known.dedup();
    // What can be no name is not repeated: it may be a secret in the wrong place.
    let letter = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
    let is_name = id.len() <= 40 && id.bytes().all(letter);
    let typed = if is_name { id } else { "of that name" };
    let near = known
        .iter()
        .map(|name| {
            (
                strsim::damerau_levenshtein(&typed.to_lowercase(), name),
                name,
            )
        })
        .min()
        .filter(|(distance, _)| *distance <= LETTERS && distance * 2 <= typed.len());
    let list = known.join(", ");
    let hint = match near {
        Some((_, name)) => format!("Did you mean `{name}`? There is {list}."),
        None => format!(
            "There is {list}. Another one is described by `models.providers.<id>` of config.json5."
        ),
    };
    let message = if typed == id {
        format!("there is no provider `{id}`")
    } else {
        "there is no provider of that name".to_owned()
    };
    Some(Error::new(Kind::NotFound, message).hint(hint))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unknown_gets_a_suggestion() {
        let check = |id: &str, expected: Option<&str>| {
            let refusal = refusal(id, ["acme"].into_iter());
            let hint = refusal.map(|error| error.hint_text().unwrap_or_default().to_owned());
            let start = hint
                .as_deref()
                .and_then(|hint| hint.split_inclusive(['?', '.']).next());
            assert_eq!(start, expected, "{id}");
        };
        let all = "There is acme, anthropic, bedrock, google, openai, openrouter.";
        check("anthropic", None);
        check("bedrock", None);
        check("acme", None);
        check("antropic", Some("Did you mean `anthropic`?"));
        check("OpenAI", Some("Did you mean `openai`?"));
        check("acm", Some("Did you mean `acme`?"));
        check("x", Some(all));
        check("mistral", Some(all));
        check(&"sk-ant-".repeat(20), Some(all));
    }

    #[test]
    #[expect(
        clippy::disallowed_methods,
        reason = "reads the files of the source tree"
    )]
    fn every_provider_module_is_registered() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/provider");
        let is_provider = |path: &std::path::Path| {
            let text = |path: &std::path::Path| std::fs::read_to_string(path).unwrap_or_default();
            let says = |text: String| text.contains("\npub const PROVIDER: Provider");
            says(text(path)) || says(text(&path.join("mod.rs")))
        };
        let mut modules: Vec<String> = std::fs::read_dir(folder)
            .expect("the source")
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| is_provider(path))
            .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
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
            for page in [
                provider.keys_page,
                provider.billing_page,
                provider.status_page,
            ] {
                assert!(page.starts_with("https://"), "{page}");
            }
            let names: Vec<_> = provider.variables.iter().map(|v| v.name).collect();
            let mut others = ALL.iter().filter(|other| other.id != provider.id);
            let shared = others.any(|o| o.variables.iter().any(|v| names.contains(&v.name)));
            assert!(!shared, "{}", provider.id);
            assert_eq!(find(provider.id).map(|found| found.id), Some(provider.id));
        }
        assert!(find("nobody").is_none());
    }
}
