//! Arguments of `undo`.

/// Arguments of `undo`.
#[derive(clap::Args, Debug)]
pub struct Undo {
    /// The change to take back, as `keywright history` lists it (default: the last one)
    #[arg(value_name = "TX")]
    pub transaction: Option<String>,
}
