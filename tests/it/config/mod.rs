//! `config` and `models set`: the file kept around an edit, checked, and read where it is broken.

mod broken;
mod check;
mod edit;
mod environment;

use crate::support::machine::{Ended, Machine};

/// A machine with this configuration.
pub fn with(text: &str) -> Machine {
    let machine = Machine::new();
    machine.write(".config/keywright/config.json5", text);
    machine
}

/// The configuration as it stands.
pub fn text(machine: &Machine) -> String {
    std::fs::read_to_string(machine.ours().join("config.json5")).expect("a configuration")
}

/// Runs `config`.
pub fn config(machine: &Machine, arguments: &[&str]) -> Ended {
    machine.run(&[&["config"], arguments].concat())
}
