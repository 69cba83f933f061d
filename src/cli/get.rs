//! Arguments of `get`.

/// Show the credential in use, masked, or print it for a script
#[derive(clap::Args, Debug)]
pub struct Get {
    #[command(flatten)]
    pub which: super::Which,
    /// Print the secret itself and nothing else
    #[arg(long)]
    pub raw: bool,
    /// Print it even on a terminal, where it can be seen
    #[arg(short, long, requires = "raw")]
    pub force: bool,
}
