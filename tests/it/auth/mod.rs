//! `models auth`: credentials saved, listed, ordered and removed.

mod inherited;
mod order;
mod paste;
#[cfg(unix)]
mod typed;
mod verbs;

use crate::support::machine::{Ended, Machine};

/// A made-up setup token of the right shape.
pub fn token(tail: char) -> String {
    format!(
        "sk-ant-oat01-{}{tail}",
        "aB3_-xY9z".repeat(11)[..94].to_owned()
    )
}

/// Runs `models auth` with these bytes on standard input.
pub fn auth(machine: &Machine, arguments: &[&str], input: &str) -> Ended {
    let arguments = [&["models", "auth"], arguments].concat();
    machine.run_with_input(&arguments, input.as_bytes())
}

/// A machine with these API keys, saved by their ids.
pub fn machine_with(keys: &[(&str, &str)]) -> Machine {
    let machine = Machine::new();
    for (id, key) in keys {
        let saved = auth(&machine, &["paste-api-key", "--profile-id", id], key);
        assert_eq!(saved.code, 0, "{saved:?}");
    }
    machine
}

/// What the store of `main` says.
pub fn stored(machine: &Machine) -> serde_json::Value {
    let text = std::fs::read_to_string(machine.store()).expect("a store");
    serde_json::from_str(&text).expect("JSON")
}
