//! `models.providers` of the configuration: providers that keywright does not know by itself.
//!
//! ```json5
//! { models: { providers: { acme: {
//!     baseUrl: "https://llm.acme.example/v1",   // encrypted, or of this machine
//!     apiKey: "ACME_API_KEY",                   // a variable, or {source, provider, id}
//!     header: "bearer",                         // or "x-api-key"
//!     probePath: "/models",                     // free, and for good keys alone
//! } } } }
//! ```
//!
//! What stands there for a provider that keywright knows is another program's matter.

use super::Config;
use super::value::{At, fault};
use crate::document::json5::Problem;
use crate::provider::anthropic::endpoint::Endpoint;
use crate::provider::custom::{self, Custom};
use crate::provider::service::Header;
use crate::store::name::is_name;
use crate::store::profile::SecretRef;

/// A provider of the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provider {
    pub custom: Custom,
    /// Where its key is, when that is no variable.
    pub key: Option<SecretRef>,
}

/// Reads them all.
pub fn read(config: &mut Config, root: At<'_>) -> Result<(), Problem> {
    let Some(models) = root.field("models")? else {
        return Ok(());
    };
    for (id, provider) in models.fields("providers")? {
        if custom::is_taken(id) {
            continue;
        }
        if !is_name(id) {
            return Err(fault(
                provider,
                "`models.providers` holds something that can be no provider's name",
            ));
        }
        let found = one(id, provider)?;
        config.providers.insert(id.to_owned(), found);
    }
    Ok(())
}

fn one(id: &str, at: At<'_>) -> Result<Provider, Problem> {
    let Some(base_url) = at.field("baseUrl")? else {
        return Err(fault(at, "a provider needs a `baseUrl`"));
    };
    let header = match at.field("header")? {
        None => Header::Bearer,
        Some(header) => Header::named(&header.text("header")?)
            .ok_or_else(|| fault(header, "`header` must be \"bearer\" or \"x-api-key\""))?,
    };
    let probe_path = match at.field("probePath")? {
        None => None,
        Some(path) => {
            let text = path.text("probePath")?;
            if let Some(why) = custom::path_fault(&text) {
                return Err(fault(path, format!("`probePath` {why}")));
            }
            Some(text)
        }
    };
    let (variable, key) = match at.field("apiKey")? {
        None => (None, None),
        Some(key) => source(key)?,
    };
    Ok(Provider {
        custom: Custom {
            id: id.to_owned(),
            base_url: address(base_url)?,
            variable,
            header,
            probe_path,
        },
        key,
    })
}

/// An address that a key may be sent to.
fn address(at: At<'_>) -> Result<String, Problem> {
    let endpoint = Endpoint::parse(&at.text("baseUrl")?)
        .map_err(|error| fault(at, error.message().to_owned()))?;
    if !endpoint.is_https() && !endpoint.is_loopback() {
        return Err(fault(
            at,
            "`baseUrl` must start with https://: nothing is sent unencrypted to another machine",
        ));
    }
    Ok(endpoint.to_string())
}

/// A variable by its name, or as `${NAME}`; or a reference.
fn source(at: At<'_>) -> Result<(Option<String>, Option<SecretRef>), Problem> {
    if !at.is_text() {
        let text = |name: &str| match at.field(name)? {
            Some(value) => value.text(name),
            None => Err(fault(at, format!("the reference has no `{name}`"))),
        };
        let reference = SecretRef {
            source: text("source")?,
            provider: match at.field("provider")? {
                Some(provider) => provider.text("provider")?,
                None => "default".to_owned(),
            },
            id: text("id")?,
            extra: serde_json::Map::new(),
        };
        return Ok((None, Some(reference)));
    }
    let text = at.text("apiKey")?;
    let name = text.strip_prefix("${").and_then(|t| t.strip_suffix('}'));
    let name = name.unwrap_or(&text);
    let plain = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_';
    let is_variable = name.len() <= 128
        && name.bytes().all(plain)
        && name.bytes().next().is_some_and(|b| !b.is_ascii_digit());
    if is_variable {
        return Ok((Some(name.to_owned()), None));
    }
    Err(fault(
        at,
        "`apiKey` names the variable that holds the key, or is a reference; the key itself belongs into the store",
    ))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::store::config::parse;

    fn read(text: &str) -> Result<Config, crate::error::Error> {
        parse(text, Path::new("config.json5"))
    }

    #[test]
    fn providers() {
        let config = read(
            r#"{ models: { providers: {
              acme: { baseUrl: "https://llm.acme.example/v1/", apiKey: "${ACME_KEY}", header: "x-api-key", probePath: "/me", more: 1 },
              local: { baseUrl: "http://127.0.0.1:11434" },
              vault: { baseUrl: "https://v.example", apiKey: { source: "exec", provider: "op", id: "v/key" } },
              anthropic: { apiKey: { anything: true } }, bedrock: 7,
            } } }"#,
        )
        .expect("read");
        let names: Vec<_> = config.providers.keys().collect();
        assert_eq!(names, ["acme", "local", "vault"]);
        let acme = &config.providers["acme"];
        assert_eq!(acme.custom.base_url, "https://llm.acme.example/v1");
        assert_eq!(acme.custom.variable.as_deref(), Some("ACME_KEY"));
        assert_eq!(acme.custom.header, Header::ApiKey);
        assert_eq!(acme.custom.probe_path.as_deref(), Some("/me"));
        let local = &config.providers["local"].custom;
        assert_eq!((local.header, &local.probe_path), (Header::Bearer, &None));
        let key = config.providers["vault"].key.as_ref().expect("a reference");
        assert_eq!((key.source.as_str(), key.id.as_str()), ("exec", "v/key"));
    }

    #[test]
    fn refusals() {
        let check = |provider: &str, said: &str| {
            let text = format!("{{ models: {{ providers: {{ acme: {provider} }} }} }}");
            let error = read(&text).expect_err(provider);
            assert!(error.message().contains(said), "{error}");
            let shown = format!("{error}{:?}", error.snippet_text());
            assert!(!shown.contains("hunter"), "{shown}");
        };
        check("{}", "needs a `baseUrl`");
        check("7", "an object in braces");
        check("{ baseUrl: 'hunter' }", "is not a web address");
        check(
            "{ baseUrl: 'http://llm.example' }",
            "must start with https://",
        );
        check(
            "{ baseUrl: 'https://u:hunter@llm.example' }",
            "a user name or password",
        );
        let with = |rest: &str| format!("{{ baseUrl: 'https://llm.example', {rest} }}");
        check(&with("header: 'cookie'"), "`header` must be");
        check(
            &with("probePath: 'https://other.example'"),
            "`probePath` must start",
        );
        check(&with("apiKey: 'sk-hunter-2'"), "belongs into the store");
        check(&with("apiKey: { source: 'env' }"), "has no `id`");
        let error = read("{ models: { providers: { 'A b': {} } } }").expect_err("a name");
        assert!(error.message().contains("no provider's name"), "{error}");
    }
}
