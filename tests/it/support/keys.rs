//! The sandbox's test credentials, by name.

use super::machine::Machine;

fn listed(list: &str, name: &str, field: &str) -> String {
    let keys = Machine::new().run(&["sandbox", "keys", "--json"]).json();
    let found = keys[list].as_array().expect("a list").iter();
    let found = found.clone().find(|entry| entry["name"] == name);
    let text = found.and_then(|entry| entry[field].as_str());
    text.unwrap_or_else(|| panic!("no {field} of {name}"))
        .to_owned()
}

/// An API key.
pub fn key(name: &str) -> String {
    listed("keys", name, "key")
}

/// A subscription token.
pub fn token(name: &str) -> String {
    listed("tokens", name, "key")
}

/// `accessKeyId`, `secretAccessKey`, `sessionToken` or `bearerToken` of an AWS identity.
pub fn identity(name: &str, field: &str) -> String {
    listed("identities", name, field)
}
