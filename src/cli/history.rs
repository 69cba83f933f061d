//! Arguments of `history`.

/// Arguments of `history`.
#[derive(clap::Args, Debug)]
pub struct History {}
