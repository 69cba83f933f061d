//! The environment variables that matter.

use std::ffi::OsStr;
use std::path::Path;

use super::endpoint;
use super::value::describe;
use crate::consumer::claude_code::outranks::is_on;
use crate::doctor::facts::environment::CLOUD_SWITCHES;
use crate::doctor::facts::{Environment, Proxy, ProxyState, TrustFile, Variable};
use crate::secret::Secret;
use crate::system::proxy::{self, Route};
use crate::system::{self, System};
use crate::variables;

/// More numbered keys than anyone has.
const KEY_PREFIX: &str = "ANTHROPIC_API_KEY_";

/// Describes the relevant variables.
#[must_use]
pub fn collect(system: &System) -> Environment {
    let environment = &system.environment;
    let mut found = Vec::new();
    for (name, value) in environment.iter() {
        if let Some(name) = name.to_str().filter(|name| relevant(name)) {
            describe_into(&mut found, name, value);
        }
    }
    let on = |name: &&&str| {
        let value = environment.get(name).map(Secret::new);
        value.is_some_and(|value| is_on(&value))
    };
    Environment {
        variables: found,
        switches: CLOUD_SWITCHES
            .iter()
            .filter(on)
            .map(|name| (*name).to_owned())
            .collect(),
        trust_files: variables::TRUST
            .iter()
            .filter_map(|name| trust(system, name))
            .collect(),
        proxies: proxies(environment),
    }
}

/// A credential, or something that chooses between them.
pub fn relevant(name: &str) -> bool {
    const OWN: &[&str] = &[
        variables::HOME,
        variables::AGENT,
        variables::PROFILE,
        variables::ACCOUNT,
        variables::ANTHROPIC_API_KEY,
        variables::ANTHROPIC_API_KEYS,
        variables::LIVE_ANTHROPIC_KEY,
        variables::ANTHROPIC_AUTH_TOKEN,
        variables::ANTHROPIC_OAUTH_TOKEN,
        variables::CLAUDE_CODE_OAUTH_TOKEN,
        variables::ANTHROPIC_BASE_URL,
        variables::CLAUDE_CONFIG_DIR,
    ];
    OWN.contains(&name) || variables::DESCRIBED.contains(&name) || name.starts_with(KEY_PREFIX)
}

/// A list of keys is described key by key, as `NAME[1]`, `NAME[2]`, ….
fn describe_into(found: &mut Vec<Variable>, name: &str, value: &OsStr) {
    let variable = |name: String, value: Option<&OsStr>| Variable {
        name,
        value: value.map(describe),
    };
    let list = value
        .to_str()
        .filter(|_| name == variables::ANTHROPIC_API_KEYS);
    let Some(list) = list.filter(|list| list.contains([',', ';'])) else {
        let value = Some(value).filter(|value| !value.is_empty());
        found.push(variable(name.to_owned(), value));
        return;
    };
    let keys = list
        .split([',', ';'])
        .map(str::trim)
        .filter(|key| !key.is_empty());
    for (index, key) in keys.enumerate() {
        found.push(variable(
            format!("{name}[{}]", index + 1),
            Some(OsStr::new(key)),
        ));
    }
}

/// How the proxy variables matter for the endpoint that is in effect.
fn proxies(environment: &system::Environment) -> Vec<Proxy> {
    let (facts, _) = endpoint::decide(environment, &[], None);
    let route = url::Url::parse(&facts.base_url)
        .ok()
        .map(|url| proxy::proxy_for(environment, &url));
    let used = |name| matches!(&route, Some(Route::Through(choice)) if choice.variable == name);
    let present = |name: &&&str| environment.raw(name).is_some_and(|value| !value.is_empty());
    variables::PROXIES
        .iter()
        .filter(present)
        .map(|name| {
            let choice = environment
                .get(name)
                .and_then(|value| proxy::parse(name, value));
            Proxy {
                variable: (*name).to_owned(),
                state: match &choice {
                    None => ProxyState::Malformed,
                    Some(choice) if used(choice.variable) => ProxyState::Used,
                    Some(_) => ProxyState::NotUsed,
                },
                with_password: choice.as_ref().is_some_and(|choice| choice.has_password),
                host: choice.map(|choice| choice.host),
            }
        })
        .collect()
}

fn trust(system: &System, name: &str) -> Option<TrustFile> {
    let path = system.environment.path(name)?;
    let problem = if name == "SSL_CERT_DIR" {
        std::env::split_paths(&path).find_map(|folder| folder_problem(system, &folder))
    } else {
        file_problem(system, &path)
    };
    Some(TrustFile {
        variable: name.to_owned(),
        path: path.display().to_string(),
        problem,
    })
}

fn folder_problem(system: &System, folder: &Path) -> Option<String> {
    match system.files.followed_entry(folder) {
        Ok(Some(entry)) if entry.kind == crate::system::files::EntryKind::Folder => None,
        Ok(Some(_)) => Some("it is no folder".to_owned()),
        Ok(None) => Some("it does not exist".to_owned()),
        Err(error) => Some(error.to_string()),
    }
}

fn file_problem(system: &System, path: &Path) -> Option<String> {
    const LIMIT: usize = 8 * 1024 * 1024;
    match system.files.read(path, LIMIT) {
        Ok(Some(bytes)) => {
            let holds = |part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
            let certificate = holds(b"CERTIFICATE-----");
            (!certificate).then(|| "there is no certificate (PEM) in it".to_owned())
        }
        Ok(None) => Some("it does not exist".to_owned()),
        Err(error) => Some(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn described_and_never_quoted() {
        let secret = format!("sk-ant-api03-{}", "S".repeat(95));
        let environment = system::Environment::of(
            [
                ("ANTHROPIC_API_KEY", secret.as_str()),
                ("ANTHROPIC_API_KEYS", "sk-ant-api03-a; sk-ant-api03-b,"),
                ("ANTHROPIC_API_KEY_3", ""),
                ("CLAUDE_CODE_USE_BEDROCK", "0"),
                ("CLAUDE_CODE_USE_FOUNDRY", "2"),
                ("CLAUDE_CODE_USE_VERTEX", "True"),
                ("SSL_CERT_FILE", "/nonexistent"),
                ("UNRELATED", secret.as_str()),
            ],
            "/",
        );
        let facts = collect(&System::with_environment(environment));
        let names: Vec<_> = facts.variables.iter().map(|v| v.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "ANTHROPIC_API_KEY",
                "ANTHROPIC_API_KEYS[1]",
                "ANTHROPIC_API_KEYS[2]",
                "ANTHROPIC_API_KEY_3",
                "CLAUDE_CODE_USE_BEDROCK",
                "CLAUDE_CODE_USE_FOUNDRY",
                "CLAUDE_CODE_USE_VERTEX",
            ]
        );
        assert_eq!(facts.variables[3].value, None);
        assert_eq!(facts.switches, ["CLAUDE_CODE_USE_VERTEX"]);
        assert_eq!(
            facts.trust_files[0].problem.as_deref(),
            Some("it does not exist")
        );
        let text = serde_json::to_string(&facts).expect("serializes");
        assert!(!text.contains(&"S".repeat(5)), "{text}");
    }

    #[test]
    fn proxies_and_their_use() {
        let environment = system::Environment::of(
            [
                ("https_proxy", "http://user:hunter2@proxy.example:3128"),
                ("HTTP_PROXY", "http://other.example"),
                ("ALL_PROXY", "http://[broken"),
            ],
            "/",
        );
        let facts = collect(&System::with_environment(environment));
        let seen: Vec<_> = facts
            .proxies
            .iter()
            .map(|proxy| (proxy.variable.as_str(), proxy.state, proxy.with_password))
            .collect();
        assert_eq!(
            seen,
            [
                ("https_proxy", ProxyState::Used, true),
                ("HTTP_PROXY", ProxyState::NotUsed, false),
                ("ALL_PROXY", ProxyState::Malformed, false),
            ]
        );
        let text = serde_json::to_string(&facts).expect("serializes");
        assert!(!text.contains("hunter2"), "{text}");
    }
}
