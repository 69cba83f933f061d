//! Arguments of `flow`.

/// Arguments of `flow`.
#[derive(clap::Args, Debug)]
pub struct Flow {}
