//! Arguments of `undo`.

/// Take a change back
#[derive(clap::Args, Debug)]
pub struct Undo {
    /// The change to take back, as `keywright history` lists it (default: the last one)
    #[arg(value_name = "TX")]
    pub transaction: Option<String>,
}
