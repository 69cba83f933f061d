//! Arguments of `models` and `status`.

use jiff::SignedDuration;

use super::auth::Auth;
use super::probing::Probing;
use crate::duration;

/// Show which credentials are there and whether they can be used
#[derive(clap::Args, Debug)]
pub struct Models {
    #[command(subcommand)]
    pub verb: Verb,
}

/// What to do with models and credentials.
#[derive(clap::Subcommand, Debug)]
pub enum Verb {
    /// Which credentials are there, and whether they can be used
    Status(Status),
    /// Save, list, order and remove credentials
    Auth(Auth),
    /// Set the default model
    Set(Set),
}

/// Set the default model
#[derive(clap::Args, Debug)]
pub struct Set {
    /// The model, with its provider: anthropic/claude-sonnet-4-5
    #[arg(value_name = "MODEL")]
    pub model: String,
}

/// Which credentials are there, and whether they can be used
#[derive(clap::Args, Debug)]
pub struct Status {
    /// Exit 1 when the credential in use is missing or expired, 2 when it expires soon
    #[arg(long)]
    pub check: bool,
    /// One line per credential, for scripts and screen readers
    #[arg(long, conflicts_with = "json")]
    pub plain: bool,
    /// How long before its end a credential counts as expiring
    #[arg(long, value_name = "DURATION", default_value = "24h", value_parser = duration::parse)]
    pub warn_within: SignedDuration,
    #[command(flatten)]
    pub probing: Probing,
}

impl Models {
    /// A credential is made, tried and saved.
    #[must_use]
    pub const fn saves(&self) -> bool {
        use super::auth::Verb::{PasteApiKey, PasteToken, SetupToken};
        match &self.verb {
            Verb::Auth(auth) => {
                matches!(auth.verb, SetupToken(_) | PasteToken(_) | PasteApiKey(_))
            }
            _ => false,
        }
    }

    /// `status` is short for `models status`.
    #[must_use]
    pub fn status(status: Status) -> Self {
        Self {
            verb: Verb::Status(status),
        }
    }
}
