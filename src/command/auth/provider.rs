//! The provider that a command names.

use crate::error::{Error, Result};
use crate::provider::{bedrock, registry};
use crate::store::sources::Sources;
use crate::ui::escape;

/// Names nearer than this are worth a question.
const LIKENESS: f64 = 0.75;

/// Providers that only the configuration or a saved profile knows.
pub fn others(sources: &Sources) -> Vec<&str> {
    let stores = [&sources.own, &sources.inherited].into_iter().flatten();
    let profiles = stores.flat_map(|store| store.profiles.values());
    let of_profiles = profiles.map(|profile| profile.provider.as_str());
    let of_config = sources.config.providers.keys().map(String::as_str);
    of_profiles.chain(of_config).collect()
}

/// A provider that is known, or one that profiles of `others` are of.
///
/// # Errors
/// `Usage`, with the nearest name or all of them.
pub fn known(name: &str, others: &[&str]) -> Result<String> {
    let mut all: Vec<&str> = registry::ALL.iter().map(|provider| provider.id).collect();
    all.push(bedrock::ID);
    all.extend(others);
    all.sort_unstable();
    all.dedup();
    if all.contains(&name) {
        return Ok(name.to_owned());
    }
    let lower = name.to_lowercase();
    let nearest = all
        .iter()
        .map(|known| (strsim::jaro_winkler(&lower, known), known))
        .filter(|(likeness, _)| *likeness > LIKENESS)
        .max_by(|a, b| a.0.total_cmp(&b.0));
    let hint = match nearest {
        Some((_, name)) => format!("did you mean {name}?"),
        None => format!("there is {}.", all.join(", ")),
    };
    // A long word may be a secret in the wrong place.
    let name = if name.len() <= 30 {
        format!(" `{}`", escape::typed(name))
    } else {
        String::new()
    };
    Err(Error::usage(format!("there is no provider{name}")).hint(hint))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_asked_for() {
        let check = |name: &str, expected: &str| {
            let hint = match known(name, &["acme"]) {
                Ok(name) => name,
                Err(error) => error.hint_text().unwrap_or_default().to_owned(),
            };
            assert!(hint.starts_with(expected), "{name}: {hint}");
        };
        check("anthropic", "anthropic");
        check("acme", "acme");
        check("antropic", "did you mean anthropic?");
        check("Bedrok", "did you mean bedrock?");
        check("zzz", "there is acme, anthropic");
    }
}
