//! Arguments of `config`.

/// Show, set and check settings
#[derive(clap::Args, Debug)]
pub struct Config {
    #[command(subcommand)]
    pub verb: Verb,
}

/// What to do with settings.
#[derive(clap::Subcommand, Debug)]
pub enum Verb {
    /// Print where the settings are kept
    Path,
    /// Show one setting or all of them; what may be a secret is masked
    Get(Get),
    /// Set one setting; comments and everything else stay as they are
    Set(Set),
    /// Remove one setting
    Unset(Unset),
    /// Check every setting
    #[command(visible_alias = "validate")]
    Check,
}

#[derive(clap::Args, Debug)]
pub struct Get {
    /// The setting, such as agents.defaults.model.primary (default: all)
    #[arg(value_name = "KEY")]
    pub key: Option<String>,
}

#[derive(clap::Args, Debug)]
pub struct Set {
    /// The setting, such as agents.defaults.model.primary
    #[arg(value_name = "KEY")]
    pub key: String,
    /// JSON5, or plain text; `-` reads standard input
    #[arg(value_name = "VALUE", allow_hyphen_values = true)]
    pub value: String,
}

#[derive(clap::Args, Debug)]
pub struct Unset {
    /// The setting, such as auth.order.anthropic
    #[arg(value_name = "KEY")]
    pub key: String,
}
