//! What the tests share.

pub mod certificates;
pub mod keys;
pub mod machine;
pub mod pty;
pub mod server;
pub mod xml;
