//! Arguments of `import`.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;

use crate::import::Source;

const EXAMPLES: &str = "\
Examples:
  keywright import --dry-run                  what is on this machine
  keywright import clawdbot --yes             one source, without a question
  keywright import cuti --from /mnt/old/.cuti
  keywright import environment --secret-input-mode ref";

/// Take over what other programs keep: a plan first, then one change that `undo` takes back
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Import {
    /// Where from; everything that is found when none is named
    #[arg(value_name = "SOURCE", value_parser = PossibleValuesParser::new(Source::ALL.iter().map(|source| source.id())))]
    pub sources: Vec<String>,
    /// The folder of the one source that is named, instead of its own
    #[arg(long, value_name = "DIR")]
    pub from: Option<PathBuf>,
    /// Show what would be done, and do nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Do it without asking
    #[arg(short, long)]
    pub yes: bool,
    /// Replace what is here with what is there, where the two differ
    #[arg(long)]
    pub replace: bool,
    /// This profile alone, by its name there or its id in the plan; THERE=HERE gives it another id
    #[arg(long, value_name = "ID")]
    pub profile_id: Vec<String>,
    /// Whether a key of the environment is stored, or a reference to its variable
    #[arg(long, value_name = "MODE", default_value = "plaintext", value_parser = ["plaintext", "ref"])]
    pub secret_input_mode: String,
}
