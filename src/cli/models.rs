//! Arguments of `models` and `status`.

use clap::{ArgMatches, Args, Command, FromArgMatches, Subcommand};
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
#[derive(Debug)]
pub enum Verb {
    /// Which credentials are there, and whether they can be used
    Status(Status),
    /// Save, list, order and remove credentials
    Auth(Auth),
    /// Set the default model
    Set(Set),
}

/// Each is built only when it is the one asked for: prompts and status lines ask for `status`.
impl Subcommand for Verb {
    fn augment_subcommands(command: Command) -> Command {
        let verb = |name, about| Command::new(name).about(about);
        command
            .subcommand(
                verb(
                    "status",
                    "Which credentials are there, and whether they can be used",
                )
                .defer(Status::augment_args),
            )
            .subcommand(
                verb("auth", "Save, list, order and remove credentials").defer(Auth::augment_args),
            )
            .subcommand(verb("set", "Set the default model").defer(Set::augment_args))
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        Self::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        matches!(name, "status" | "auth" | "set")
    }
}

impl FromArgMatches for Verb {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        Self::from_arg_matches_mut(&mut matches.clone())
    }

    fn from_arg_matches_mut(matches: &mut ArgMatches) -> Result<Self, clap::Error> {
        let (name, mut chosen) = matches
            .remove_subcommand()
            .ok_or_else(|| clap::Error::new(clap::error::ErrorKind::MissingSubcommand))?;
        Ok(match name.as_str() {
            "status" => Self::Status(FromArgMatches::from_arg_matches_mut(&mut chosen)?),
            "auth" => Self::Auth(FromArgMatches::from_arg_matches_mut(&mut chosen)?),
            _ => Self::Set(FromArgMatches::from_arg_matches_mut(&mut chosen)?),
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
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
