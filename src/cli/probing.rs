//! Arguments of `models status --probe`. Names and defaults are OpenClaw's.

use std::time::Duration;

/// Milliseconds that one credential may take.
const TIMEOUT_MS: u64 = 8000;
/// Credentials that are tried at once.
const CONCURRENCY: u8 = 2;

/// Whether and how credentials are tried.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct Probing {
    /// Try every stored credential by itself, and the environment's where it is in use. The request
    /// is free; subscriptions are not tried, because running claude costs usage
    #[arg(long)]
    pub probe: bool,
    /// Try those of this provider alone
    #[arg(long, value_name = "PROVIDER", requires = "probe")]
    pub probe_provider: Option<String>,
    /// Try this profile, even one that its order leaves out or that rests
    #[arg(
        long,
        value_name = "ID",
        requires = "probe",
        value_delimiter = ',',
        conflicts_with = "probe_provider"
    )]
    pub probe_profile: Vec<String>,
    /// Milliseconds that each credential may take (default: 8000)
    #[arg(long, value_name = "MS", requires = "probe", value_parser = clap::value_parser!(u64).range(1..=600_000))]
    probe_timeout: Option<u64>,
    /// Credentials that are tried at once (default: 2)
    #[arg(long, value_name = "N", requires = "probe", value_parser = clap::value_parser!(u8).range(1..=64))]
    probe_concurrency: Option<u8>,
    /// Also spend at most so many tokens on each credential, which tells whether there is credit;
    /// subscriptions are tried too, by running `claude -p`
    #[arg(long, value_name = "N", requires = "probe")]
    probe_max_tokens: Option<u32>,
}

impl Probing {
    /// For one credential.
    #[must_use]
    pub fn timeout(&self) -> Duration {
        Duration::from_millis(self.probe_timeout.unwrap_or(TIMEOUT_MS))
    }

    /// Credentials that are tried at once.
    #[must_use]
    pub fn concurrency(&self) -> usize {
        usize::from(self.probe_concurrency.unwrap_or(CONCURRENCY))
    }

    /// Whether something may be spent. One token is what it takes.
    #[must_use]
    pub fn may_cost(&self) -> bool {
        self.probe_max_tokens.is_some_and(|most| most > 0)
    }
}
