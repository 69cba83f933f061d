//! Reads the machine.

pub mod value;
