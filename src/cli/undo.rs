//! Arguments of `undo`.

/// Arguments of `undo`.
#[derive(clap::Args, Debug)]
pub struct Undo {}
