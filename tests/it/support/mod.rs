//! What the tests share.

pub mod machine;
