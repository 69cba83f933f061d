//! Arguments of `env`.

/// Arguments of `env`.
#[derive(clap::Args, Debug)]
pub struct Env {}
