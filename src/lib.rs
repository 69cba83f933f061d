//! keywright gets Claude access working on any machine (`onboard`), and says exactly what is wrong,
//! and how to mend it, where it does not (`doctor`).
//!
//! # The map
//!
//! ```text
//! main -> lib -> command -> { ui, wizard, doctor, import, consumer } -> { probe, store, document }
//!                                                            -> provider -> secret, error
//! { command, probe, store, doctor::collect, wizard::drive, consumer } -> system
//! ```
//!
//! | folder | what lives there |
//! |---|---|
//! | [`cli`] | arguments become a [`cli::Command`]; nothing else |
//! | [`command`] | one file per verb: gather, call, report, exit code |
//! | [`wizard`] | flow files, their verifier, the pure engine, the plan, the loop that drives them |
//! | [`doctor`] | facts, pure checks, findings, the report |
//! | [`provider`] | credential kinds: shape, probe request as data, what a reply means; pure |
//! | [`probe`] | runs a provider's request through the system |
//! | [`status`] | what `models status` finds out: each credential judged |
//! | [`store`] | what is on disk, and the one transactional writer |
//! | [`document`] | edits of JSON5 and .env files that keep comments and order; pure |
//! | [`import`] | what other programs keep becomes a plan, and the plan one transaction |
//! | [`consumer`] | programs that use a credential, and how each takes it |
//! | [`ui`] | every word that a person sees, and every machine format |
//! | [`sandbox`] | a loopback stand-in for the API, STS and Bedrock, with test keys; stand-in programs |
//! | [`system`] | the outside world as one value |
//!
//! The invariants behind this picture are lints and tests; `docs/architecture.md` lists them.

pub mod cli;
pub mod command;
pub mod consumer;
pub mod doctor;
pub mod document;
pub mod duration;
pub mod error;
pub mod exchange;
pub mod exit;
pub mod import;
pub mod probe;
pub mod provider;
pub mod sandbox;
pub mod secret;
pub mod status;
pub mod store;
pub mod system;
pub mod ui;
pub mod variables;
pub mod wizard;

use std::ffi::OsString;
use std::process::ExitCode;

pub use error::{Error, Kind, Result};
pub use exit::Exit;
pub use secret::Secret;
pub use system::System;

/// What `--version` prints.
pub const VERSION: &str = concat!("keywright ", env!("CARGO_PKG_VERSION"));

/// The program: the real world in, an exit code out.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the arguments"
)]
#[must_use]
pub fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    run(&arguments).into()
}

/// Runs one command line in the real world.
fn run(arguments: &[OsString]) -> Exit {
    if let [_, only] = arguments
        && (only == "--version" || only == "-V")
    {
        // Answered before anything is built: scripts ask for it in loops.
        return ui::print_version(VERSION);
    }
    system::harden();
    command::run(arguments, &System::real())
}
