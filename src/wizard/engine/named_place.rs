//! Places of secrets that have a name, so that a profile can refer to them.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::secret::Secret;
use crate::store::SecretRef;

/// A place that goes on holding the secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NamedPlace {
    /// An environment variable.
    Variable(String),
    /// A file, by its whole path.
    File(PathBuf),
    /// An entry of the keyring.
    Keyring(String),
}

impl NamedPlace {
    /// What a profile holds in place of the secret.
    #[must_use]
    pub fn reference(&self) -> SecretRef {
        let (source, provider, id) = match self {
            Self::Variable(name) => return SecretRef::variable(name),
            Self::File(path) => ("file", provider_name(path), "value"),
            Self::Keyring(id) => ("keyring", "default".to_owned(), id.as_str()),
        };
        SecretRef {
            source: source.to_owned(),
            provider,
            id: id.to_owned(),
            extra: serde_json::Map::new(),
        }
    }

    /// The entry of `secrets.providers` that the reference needs, by its name.
    #[must_use]
    pub fn provider(&self) -> Option<(String, Value)> {
        let Self::File(path) = self else {
            return None;
        };
        let entry = json!({"source": "file", "path": path, "mode": "singleValue"});
        Some((provider_name(path), entry))
    }

    /// Which flag names it, by its ending, and the value of that flag.
    #[must_use]
    pub fn flag(&self) -> (&'static str, String) {
        match self {
            Self::Variable(name) => ("env", name.clone()),
            Self::File(path) => ("file", path.display().to_string()),
            Self::Keyring(id) => ("keyring", id.clone()),
        }
    }

    /// In words.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Variable(name) => format!("the variable {name}"),
            Self::File(path) => format!("the file {}", path.display()),
            Self::Keyring(id) => format!("the entry {id} of the keyring"),
        }
    }
}

/// A name that one path always has and no other: two profiles can refer to one file.
fn provider_name(path: &std::path::Path) -> String {
    const LONGEST: usize = 40;
    let text = path.to_string_lossy();
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let plain = |c: char| {
        let c = c.to_ascii_lowercase();
        if c.is_ascii_alphanumeric() { c } else { '-' }
    };
    let stem: String = stem.chars().map(plain).take(LONGEST).collect();
    let stem = stem.trim_matches('-');
    let stem = match stem.chars().next() {
        Some(first) if first.is_ascii_lowercase() => stem,
        _ => "file",
    };
    format!("{stem}-{}", Secret::new(text).fingerprint())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::config::secrets::is_provider_name;

    #[test]
    fn names_of_providers() {
        let check = |path: &str, begins: &str| {
            let name = provider_name(std::path::Path::new(path));
            assert!(name.starts_with(begins), "{name}");
            assert!(is_provider_name(&name), "{name}");
        };
        check("/run/secrets/anthropic.key", "anthropic-");
        check("/home/u/My Key.txt", "my-key-");
        check("/home/u/2026", "file-");
        check("/home/u/.key", "key-");
        check("/home/ü/ü", "file-");
        check(&format!("/{}", "k".repeat(200)), "kkk");
        let name = |path: &str| provider_name(std::path::Path::new(path));
        assert_ne!(name("/a/key"), name("/b/key"));
    }
}
