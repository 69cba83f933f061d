//! Arguments of `exec`.

/// Arguments of `exec`.
#[derive(clap::Args, Debug)]
pub struct Exec {}
