//! Which proxy a request goes through, decided from the environment by us: HTTP libraries ignore a
//! malformed proxy variable without a word and go direct. Pure.

use std::fmt;
use std::net::IpAddr;

use url::{Host, Url};

use crate::exchange::{host_of, is_loopback};
use crate::system::Environment;
use crate::variables;

const SCHEMES: &[&str] = &["http", "https", "socks4", "socks4a", "socks5", "socks5h"];

/// The way to a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// No variable names a proxy for it.
    Direct,
    /// A variable names a proxy, but the host is exempt from it.
    Bypassed {
        proxy: ProxyChoice,
        by: String,
    },
    Through(ProxyChoice),
    /// The variable that applies is no proxy address.
    Malformed {
        variable: &'static str,
    },
}

/// A proxy and the variable that names it. `Debug` shows no password.
#[derive(Clone, PartialEq, Eq)]
pub struct ProxyChoice {
    pub variable: &'static str,
    /// `host` or `host:port`, without user name and password.
    pub host: String,
    /// The address carries a user name or password.
    pub has_password: bool,
    url: Url,
}

impl ProxyChoice {
    /// The whole address, for the HTTP library alone.
    pub(super) const fn url(&self) -> &Url {
        &self.url
    }
}

impl fmt::Debug for ProxyChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ProxyChoice({}={})", self.variable, self.host)
    }
}

/// The way to `url` in this environment. An address of this machine, or of its link alone, is never
/// asked for through a proxy: a key meant for it would leave the machine.
#[must_use]
pub fn proxy_for(environment: &Environment, url: &Url) -> Route {
    let Some((variable, value)) = applicable(environment, url.scheme()) else {
        return Route::Direct;
    };
    let exempt = if is_loopback(url) {
        Some("an address of this machine".to_owned())
    } else if is_link_local(url) {
        Some("an address of the link".to_owned())
    } else {
        exemption(environment, url)
    };
    match (parse(variable, value), exempt) {
        (Some(proxy), Some(by)) => Route::Bypassed { proxy, by },
        (Some(proxy), None) => Route::Through(proxy),
        (None, Some(_)) => Route::Direct,
        (None, None) => Route::Malformed { variable },
    }
}

/// The metadata services of clouds: a proxy would give its own role, and see the token of a
/// container.
fn is_link_local(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_link_local(),
        // Of Amazon's services on this network.
        Some(Host::Ipv6(address)) => {
            address.is_unicast_link_local() || address.segments()[..2] == [0xfd00, 0x0ec2]
        }
        _ => false,
    }
}

/// The proxy variables whose value is no proxy address.
#[must_use]
pub fn malformed(environment: &Environment) -> Vec<&'static str> {
    variables::PROXIES
        .iter()
        .copied()
        .filter(|name| {
            environment
                .raw(name)
                .filter(|value| !value.is_empty())
                .is_some_and(|value| value.to_str().and_then(|v| parse(name, v)).is_none())
        })
        .collect()
}

fn applicable<'a>(environment: &'a Environment, scheme: &str) -> Option<(&'static str, &'a str)> {
    // A CGI server puts the request's `Proxy:` header into `HTTP_PROXY`.
    let cgi = environment.raw(variables::REQUEST_METHOD).is_some();
    variables::PROXIES
        .iter()
        .filter(|name| {
            let lower = name.to_ascii_lowercase();
            lower.starts_with("all_") || lower.strip_suffix("_proxy") == Some(scheme)
        })
        .filter(|name| !(cgi && **name == "HTTP_PROXY"))
        .find_map(|name| {
            let value = environment.raw(name).filter(|value| !value.is_empty())?;
            // What is not UTF-8 is no address; the empty text is reported as malformed.
            Some((*name, value.to_str().unwrap_or_default()))
        })
}

/// The proxy that a value names; `None` when it is no proxy address.
#[must_use]
pub fn parse(variable: &'static str, value: &str) -> Option<ProxyChoice> {
    let value = value.trim();
    if value.contains(char::is_whitespace) {
        return None;
    }
    let url = if value.contains("://") {
        Url::parse(value).ok()?
    } else {
        Url::parse(&format!("http://{value}")).ok()?
    };
    if !SCHEMES.contains(&url.scheme()) || url.host_str().is_none_or(str::is_empty) {
        return None;
    }
    Some(ProxyChoice {
        variable,
        host: host_of(&url),
        has_password: !url.username().is_empty() || url.password().is_some(),
        url,
    })
}

/// The variable and entry that exempt the host of `url`, such as "`NO_PROXY` (.example.com)".
fn exemption(environment: &Environment, url: &Url) -> Option<String> {
    let (variable, list) = variables::NO_PROXY
        .iter()
        .find_map(|name| environment.get(name).map(|value| (name, value)))?;
    list.split([',', ' ', '\t'])
        .map(str::trim)
        .filter(|entry| !entry.is_empty())
        .find(|entry| covers(entry, url))
        .map(|entry| format!("{variable} ({entry})"))
}

fn covers(entry: &str, url: &Url) -> bool {
    if entry == "*" {
        return true;
    }
    let (name, port) = split_port(entry);
    if port.is_some() && port != url.port_or_known_default() {
        return false;
    }
    match url.host() {
        Some(Host::Domain(host)) => covers_name(name, host),
        Some(Host::Ipv4(address)) => covers_address(name, IpAddr::V4(address)),
        Some(Host::Ipv6(address)) => covers_address(name, IpAddr::V6(address)),
        None => false,
    }
}

/// `host:port` apart; an IPv6 address without brackets has no port.
fn split_port(entry: &str) -> (&str, Option<u16>) {
    if let Some((name, rest)) = entry.strip_prefix('[').and_then(|e| e.split_once(']')) {
        return (name, rest.strip_prefix(':').and_then(|p| p.parse().ok()));
    }
    match entry.rsplit_once(':') {
        Some((name, port)) if !name.contains(':') => match port.parse() {
            Ok(port) => (name, Some(port)),
            Err(_) => (entry, None),
        },
        _ => (entry, None),
    }
}

fn covers_name(entry: &str, host: &str) -> bool {
    let entry = entry
        .trim_start_matches("*.")
        .trim_start_matches('.')
        .trim_end_matches('.');
    let host = host.trim_end_matches('.');
    let Some(start) = host.len().checked_sub(entry.len()) else {
        return false;
    };
    !entry.is_empty()
        && host
            .get(start..)
            .is_some_and(|end| end.eq_ignore_ascii_case(entry))
        && (start == 0 || host[..start].ends_with('.'))
}

fn covers_address(entry: &str, address: IpAddr) -> bool {
    let Some((network, length)) = entry.split_once('/') else {
        return entry.parse::<IpAddr>().is_ok_and(|other| other == address);
    };
    let (Ok(network), Ok(length)) = (network.parse::<IpAddr>(), length.parse::<u32>()) else {
        return false;
    };
    let (a, b, width) = match (network, address) {
        (IpAddr::V4(a), IpAddr::V4(b)) => (u128::from(a.to_bits()), u128::from(b.to_bits()), 32),
        (IpAddr::V6(a), IpAddr::V6(b)) => (a.to_bits(), b.to_bits(), 128),
        _ => return false,
    };
    length <= width && (length == 0 || (a ^ b) >> (width - length) == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(variables: &[(&str, &str)], url: &str) -> String {
        let environment = Environment::of(variables.iter().copied(), "/");
        match proxy_for(&environment, &Url::parse(url).expect("a URL")) {
            Route::Direct => "direct".to_owned(),
            Route::Bypassed { by, .. } => format!("bypassed by {by}"),
            Route::Through(proxy) => format!("{} through {}", proxy.variable, proxy.host),
            Route::Malformed { variable } => format!("{variable} malformed"),
        }
    }

    fn check(variables: &[(&str, &str)], url: &str, expected: &str) {
        assert_eq!(route(variables, url), expected, "{variables:?} {url}");
    }

    #[test]
    fn routes() {
        let api = "https://api.anthropic.com/v1";
        check(&[], api, "direct");
        check(&[("HTTPS_PROXY", "")], api, "direct");
        check(
            &[("HTTPS_PROXY", "http://p:3128")],
            api,
            "HTTPS_PROXY through p:3128",
        );
        check(
            &[("HTTPS_PROXY", "p:3128")],
            api,
            "HTTPS_PROXY through p:3128",
        );
        check(
            &[("https_proxy", "http://a"), ("HTTPS_PROXY", "http://b")],
            api,
            "https_proxy through a",
        );
        check(&[("HTTP_PROXY", "http://p:1")], api, "direct");
        check(
            &[("ALL_PROXY", "socks5h://p:1080")],
            api,
            "ALL_PROXY through p:1080",
        );
        check(
            &[("ALL_PROXY", "http://a"), ("HTTPS_PROXY", "http://b")],
            api,
            "HTTPS_PROXY through b",
        );
        check(
            &[("HTTPS_PROXY", "http://u:secret@p:1/")],
            api,
            "HTTPS_PROXY through p:1",
        );
        check(
            &[("http_proxy", "http://p:1")],
            "http://h/",
            "http_proxy through p:1",
        );
        check(
            &[("HTTP_PROXY", "http://p:1")],
            "http://h/",
            "HTTP_PROXY through p:1",
        );
        check(
            &[("HTTP_PROXY", "http://p:1"), ("REQUEST_METHOD", "GET")],
            "http://h/",
            "direct",
        );
    }

    #[test]
    fn malformed_values_and_addresses_of_this_machine() {
        let api = "https://api.anthropic.com/v1";
        for bad in [
            "::not a url",
            "not a url",
            "foo://bar",
            "http://",
            "http://:80",
            "::garbage",
        ] {
            check(&[("HTTPS_PROXY", bad)], api, "HTTPS_PROXY malformed");
        }
        for local in [
            "http://127.0.0.1:1/",
            "http://localhost:1/",
            "http://[::1]:1/",
            "http://127.9.9.9/",
        ] {
            check(
                &[("ALL_PROXY", "http://p:1")],
                local,
                "bypassed by an address of this machine",
            );
            check(&[("ALL_PROXY", "not a url")], local, "direct");
        }
        for metadata in [
            "http://169.254.169.254/latest/api/token",
            "http://169.254.170.2/v2",
            "http://[fd00:ec2::254]/",
        ] {
            check(
                &[("HTTP_PROXY", "http://p:1")],
                metadata,
                "bypassed by an address of the link",
            );
        }
    }

    #[test]
    fn exemptions() {
        let check = |list: &str, url: &str, expected: bool| {
            let found = route(&[("ALL_PROXY", "http://p:1"), ("NO_PROXY", list)], url);
            assert_eq!(
                found.starts_with("bypassed by NO_PROXY"),
                expected,
                "{list} {url}"
            );
        };
        let api = "https://api.anthropic.com/v1";
        check("*", api, true);
        check("anthropic.com", api, true);
        check(".anthropic.com", api, true);
        check("*.anthropic.com", api, true);
        check("API.Anthropic.com", api, true);
        check("other.org, api.anthropic.com", api, true);
        check("api.anthropic.com:443", api, true);
        check("api.anthropic.com:80", api, false);
        check("thropic.com", api, false);
        check("anthropic.com.evil", api, false);
        check(".", api, false);
        check("10.0.0.0/8", "http://10.1.2.3/", true);
        check("10.0.0.0/8", "http://11.1.2.3/", false);
        check("0.0.0.0/0", "http://11.1.2.3/", true);
        check("10.0.0.0/33", "http://10.0.0.0/", false);
        check("10.0.0.1", "http://10.0.0.1:8080/", true);
        check("10.0.0.1:8080", "http://10.0.0.1:8080/", true);
        check("fd00::/8", "http://[fd12::1]/", true);
        check("fd00::1", "http://[fd00::1]/", true);
        check("[fd00::1]:81", "http://[fd00::1]/", false);
    }

    #[test]
    fn malformed_variables_are_listed_and_passwords_are_not_shown() {
        let environment = Environment::of(
            [
                ("HTTPS_PROXY", "::x"),
                ("http_proxy", "p:1"),
                ("ALL_PROXY", "ftp://p"),
                ("all_proxy", ""),
            ],
            "/",
        );
        assert_eq!(malformed(&environment), ["HTTPS_PROXY", "ALL_PROXY"]);
        let environment = Environment::of([("HTTPS_PROXY", "http://u:hunter2@p:1")], "/");
        let route = proxy_for(&environment, &Url::parse("https://h/").expect("a URL"));
        assert!(!format!("{route:?}").contains("hunter2"), "{route:?}");
    }
}
