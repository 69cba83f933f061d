//! Arguments of `sandbox`.

/// Arguments of `sandbox`.
#[derive(clap::Args, Debug)]
pub struct Sandbox {}
