//! Arguments of `onboard`: its own, and those that the flow files declare.

use clap::ArgMatches;

/// Arguments of `onboard`.
#[derive(Debug)]
pub struct Onboard {}

/// Adds the arguments; called only when `onboard` is the command.
#[must_use]
pub fn arguments(command: clap::Command) -> clap::Command {
    command
}

impl Onboard {
    /// Reads what was parsed.
    ///
    /// # Errors
    /// clap's own error.
    pub fn from_matches(matches: &mut ArgMatches) -> Result<Self, clap::Error> {
        let _ = matches;
        Ok(Self {})
    }
}
