//! Arguments of `env`.

use clap::ValueEnum;
use clap::builder::PossibleValue;

use crate::consumer::shells::Shell;

/// Print shell code that sets a credential
#[derive(clap::Args, Debug)]
pub struct Env {
    #[command(flatten)]
    pub which: super::Which,
    /// Whose language to print (default: that of the shell in SHELL)
    #[arg(long, value_name = "SHELL")]
    pub shell: Option<Shell>,
    /// Print code that removes every credential variable, and sets none
    #[arg(long, conflicts_with_all = ["profile", "account", "accept_risk"])]
    pub unset: bool,
    /// Print even on a terminal, where the secret can be seen
    #[arg(short, long)]
    pub force: bool,
}

impl ValueEnum for Shell {
    fn value_variants<'a>() -> &'a [Self] {
        &[
            Self::Sh,
            Self::Bash,
            Self::Zsh,
            Self::Fish,
            Self::Dotenv,
            Self::Json,
            Self::Github,
        ]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let (_, name) = Self::ALL.iter().find(|(shell, _)| shell == self)?;
        Some(PossibleValue::new(*name))
    }
}
