//! References to variables.

use serde_json::json;

use super::{judged, machine, provide, reference, refused, resolves, secret};

#[test]
fn wherever_the_variable_is_set() {
    let named = || machine(&reference("env", "default", "THE_KEY"));
    resolves(&named().with("THE_KEY", &secret()));
    let machine = named();
    machine.write(".config/keywright/.env", &format!("THE_KEY={}\n", secret()));
    resolves(&machine);
    let machine = named();
    let config = json!({"env": {"vars": {"THE_KEY": secret()}}});
    machine.write(".config/keywright/config.json5", &config.to_string());
    resolves(&machine);
    assert_eq!(judged(&machine), (0, "ok".to_owned()));
}

#[test]
fn what_is_not_there() {
    let machine = machine(&reference("env", "default", "THE_KEY"));
    refused(
        &machine,
        "the variable THE_KEY that it refers to is not set",
    );
    refused(&machine, "Set THE_KEY where keywright runs.");
    assert_eq!(judged(&machine), (1, "unresolved_ref".to_owned()));
    refused(&machine.with("THE_KEY", ""), "is not set");
}

#[test]
fn the_allowlist() {
    let check = |allowlist: &[&str], good: bool| {
        let machine = machine(&reference("env", "ours", "THE_KEY")).with("THE_KEY", &secret());
        provide(&machine, &json!({"source": "env", "allowlist": allowlist}));
        if good {
            resolves(&machine);
        } else {
            refused(
                &machine,
                "the allowlist of secrets.providers.ours does not name THE_KEY",
            );
        }
    };
    check(&["OTHER", "THE_KEY"], true);
    check(&["OTHER"], false);
    check(&[], false);
}

#[test]
fn a_reference_to_a_reference() {
    let itself = reference("env", "default", "THE_KEY").to_string();
    for value in [itself.as_str(), "${THE_KEY}", "$OTHER"] {
        let machine = machine(&reference("env", "default", "THE_KEY")).with("THE_KEY", value);
        refused(&machine, "holds a reference in turn");
    }
}

#[test]
fn a_secret_in_the_place_of_a_name() {
    let machine = machine(&reference("env", "default", "sk-ant-api03-hunter2"));
    refused(&machine, "cannot be a variable");
}

#[test]
fn a_value_of_the_wrong_kind() {
    let machine = machine(&reference("env", "default", "THE_KEY")).with("THE_KEY", "hunter two");
    assert_eq!(judged(&machine), (1, "malformed_api_key".to_owned()));
}
