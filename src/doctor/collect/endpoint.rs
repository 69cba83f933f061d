//! Where requests of the effective credential go, and whether it may be sent there. Pure.

use url::Url;

use crate::consumer::claude_code::settings::{Layer, Settings};
use crate::doctor::facts::{Endpoint, EndpointSource, Permission};
use crate::provider::anthropic::endpoint::{
    Allowance, DEFAULT_BASE_URL, Endpoint as Address, Origin, Refusal, may_send,
};
use crate::secret::Secret;
use crate::system::Environment;
use crate::variables;

/// What decides about the endpoint besides the environment.
#[derive(Clone, Debug, Default)]
pub struct Credential {
    /// Its profile, when it comes from our store.
    pub profile: Option<String>,
    /// The host that profile was saved for.
    pub base_url: Option<String>,
    /// It comes from the environment of this process, as the base URL does.
    pub same_environment: bool,
}

/// Describes the endpoint; the address itself only where it is usable and `credential` may go there.
/// `settings` are Claude Code's, the strongest first.
#[must_use]
pub fn decide(
    environment: &Environment,
    settings: &[Settings],
    credential: Option<&Credential>,
) -> (Endpoint, Option<Address>) {
    let set = settings.iter().find_map(set_in);
    // A folder that came from elsewhere must not send the user's key elsewhere.
    let own = set.is_none_or(|(file, _)| matches!(file.layer, Layer::User | Layer::Managed));
    let (text, source) = effective(environment, set, credential);
    let mut facts = describe(&text, source);
    let address = match Address::parse(&text) {
        Ok(address) => address,
        Err(error) => {
            facts.malformed = Some(error.message().to_owned());
            return (facts, None);
        }
    };
    facts.own_host = address.is_own();
    facts.loopback = address.is_loopback();
    let Some(credential) = credential else {
        facts.permission = Permission::NoCredential;
        return (facts, None);
    };
    let origin = if credential.same_environment && own {
        Origin::SameEnvironment
    } else {
        Origin::Stored {
            base_url: credential.base_url.as_deref(),
        }
    };
    facts.permission = match may_send(origin, &address, Allowance::default()) {
        Ok(()) => Permission::Allowed,
        Err(Refusal::ForeignHost { .. }) => Permission::HostNotAllowed,
        Err(Refusal::Insecure { .. }) => Permission::Insecure,
    };
    let allowed = facts.permission == Permission::Allowed;
    (facts, allowed.then_some(address))
}

/// The file, where it sets the base URL, to nothing perhaps.
fn set_in(file: &Settings) -> Option<(&Settings, &Secret)> {
    let mut env = file.env.iter();
    let (_, value) = env.find(|(name, _)| name == variables::ANTHROPIC_BASE_URL)?;
    Some((file, value))
}

/// Claude Code puts its settings over the environment, and that outranks what a profile was saved
/// for, as in every SDK.
fn effective(
    environment: &Environment,
    set: Option<(&Settings, &Secret)>,
    credential: Option<&Credential>,
) -> (String, EndpointSource) {
    let name = variables::ANTHROPIC_BASE_URL;
    if let Some((file, value)) = set.filter(|(_, value)| !value.is_empty()) {
        let path = file.path.display().to_string();
        return (super::value::plain(value), EndpointSource::Setting { path });
    }
    let of_environment = environment.raw(name).filter(|_| set.is_none());
    if let Some(value) = of_environment.filter(|value| !value.is_empty()) {
        let source = EndpointSource::Variable {
            name: name.to_owned(),
        };
        return (value.to_string_lossy().into_owned(), source);
    }
    let saved = credential.and_then(|c| Some((c.base_url.clone()?, c.profile.clone()?)));
    saved.map_or_else(
        || (DEFAULT_BASE_URL.to_owned(), EndpointSource::Default),
        |(base_url, id)| (base_url, EndpointSource::Profile { id }),
    )
}

/// What can be shown of the address.
fn describe(text: &str, source: EndpointSource) -> Endpoint {
    let mut facts = Endpoint {
        source,
        ..Endpoint::default()
    };
    let Ok(mut url) = Url::parse(text.trim()) else {
        return facts;
    };
    facts.with_password = !url.username().is_empty() || url.password().is_some();
    if !matches!(url.scheme(), "http" | "https") {
        return facts;
    }
    url.scheme().clone_into(&mut facts.scheme);
    facts.host = crate::exchange::host_of(&url);
    facts.loopback = crate::exchange::is_loopback(&url);
    // Neither can fail for a web address.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url.set_fragment(None);
    let shown = url.as_str().trim_end_matches('/');
    shown.clone_into(&mut facts.base_url);
    facts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_go_where() {
        let stored = |base_url: Option<&str>| Credential {
            profile: Some("anthropic:default".to_owned()),
            base_url: base_url.map(str::to_owned),
            same_environment: false,
        };
        let from_environment = Credential {
            same_environment: true,
            ..Credential::default()
        };
        let check = |url: &str, credential: Option<&Credential>, expected: (&str, Permission)| {
            let environment = Environment::of([(variables::ANTHROPIC_BASE_URL, url)], "/");
            let (facts, address) = decide(&environment, &[], credential);
            assert_eq!((facts.host.as_str(), facts.permission), expected, "{url}");
            let allowed = facts.permission == Permission::Allowed && facts.malformed.is_none();
            assert_eq!(address.is_some(), allowed, "{url}");
        };
        use Permission::{Allowed, HostNotAllowed, Insecure, NoCredential};
        let plain = stored(None);
        check("", Some(&plain), ("api.anthropic.com", Allowed));
        check("http://127.0.0.1:9", Some(&plain), ("127.0.0.1:9", Allowed));
        check(
            "https://gw.example",
            Some(&plain),
            ("gw.example", HostNotAllowed),
        );
        check(
            "https://gw.example",
            Some(&from_environment),
            ("gw.example", Allowed),
        );
        check(
            "http://gw.example",
            Some(&from_environment),
            ("gw.example", Insecure),
        );
        let saved = stored(Some("https://gw.example/anthropic"));
        check("", Some(&saved), ("gw.example", Allowed));
        check("https://gw.example", Some(&saved), ("gw.example", Allowed));
        check(
            "https://other.example",
            Some(&saved),
            ("other.example", HostNotAllowed),
        );
        check("https://gw.example", None, ("gw.example", NoCredential));
        check("ftp://gw.example", Some(&plain), ("", Allowed));
        check("nonsense", Some(&plain), ("", Allowed));
    }

    #[test]
    fn settings_go_over_the_environment() {
        use Permission::{Allowed, HostNotAllowed};
        let file = |layer, url: &str| Settings {
            layer,
            path: "/s.json".into(),
            env: vec![(variables::ANTHROPIC_BASE_URL.to_owned(), Secret::new(url))],
            api_key_helper: false,
            helper: None,
            aws_auth_refresh: false,
            aws_credential_export: false,
            force_login_method: None,
            force_login_organization: false,
            problem: None,
        };
        let credential = Credential {
            same_environment: true,
            ..Credential::default()
        };
        let environment =
            Environment::of([(variables::ANTHROPIC_BASE_URL, "https://gw.example")], "/");
        let check = |settings: &[Settings], expected: (&str, Permission)| {
            let (facts, _) = decide(&environment, settings, Some(&credential));
            assert_eq!((facts.host.as_str(), facts.permission), expected);
        };
        let user = file(Layer::User, "https://user.example");
        let project = file(Layer::Project, "https://project.example");
        let empty = file(Layer::Local, "");
        check(&[], ("gw.example", Allowed));
        check(std::slice::from_ref(&user), ("user.example", Allowed));
        check(
            &[project.clone(), user.clone()],
            ("project.example", HostNotAllowed),
        );
        check(&[empty, project, user], ("api.anthropic.com", Allowed));
    }

    #[test]
    fn shows_no_password() {
        let url = "https://user:hunter2@gw.example/x?key=hunter3";
        let environment = Environment::of([(variables::ANTHROPIC_BASE_URL, url)], "/");
        let (facts, address) = decide(&environment, &[], None);
        assert!(facts.with_password && facts.malformed.is_some() && address.is_none());
        let text = serde_json::to_string(&facts).expect("serializes");
        assert!(!text.contains("hunter"), "{text}");
    }
}
