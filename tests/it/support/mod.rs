//! What the tests share.

pub mod machine;
pub mod pty;
