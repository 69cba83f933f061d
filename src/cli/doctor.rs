//! Arguments of `doctor`.

/// Arguments of `doctor`.
#[derive(clap::Args, Debug)]
pub struct Doctor {}
