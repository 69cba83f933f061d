//! Arguments of `history`.

/// List what was changed
#[derive(clap::Args, Debug)]
pub struct History {
    #[command(subcommand)]
    pub verb: Option<Verb>,
}

/// What to do with the journal, when not list it.
#[derive(clap::Subcommand, Debug)]
pub enum Verb {
    /// Forget old changes, and the secrets that they still hold
    Prune(Prune),
}

/// Forget changes that are too old to take back
#[derive(clap::Args, Debug)]
pub struct Prune {
    /// Forget every change: nothing can be undone afterwards
    #[arg(long)]
    pub all: bool,
}
