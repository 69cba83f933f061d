//! Reads the machine.

pub mod claude;
pub mod machine;
pub mod value;
