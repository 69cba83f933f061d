//! Arguments of `sandbox`.

use std::ffi::OsString;
use std::path::PathBuf;

/// A stand-in for the API on this machine, with test keys
#[derive(clap::Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Sandbox {
    #[command(subcommand)]
    pub verb: Option<Verb>,
    /// The port of 127.0.0.1 to listen on, instead of a free one
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub port: Option<u16>,
    /// Give CMD this test key; without it, CMD finds none
    #[arg(long, value_name = "NAME", requires = "program")]
    pub key: Option<String>,
    /// A program to run in the sandbox; without one, the sandbox runs until Ctrl-C
    #[arg(last = true, value_name = "CMD")]
    pub program: Vec<OsString>,
}

/// What else to do with the sandbox.
#[derive(clap::Subcommand, Clone, Debug)]
pub enum Verb {
    /// List the test keys and what each does
    Keys {
        /// Only those with this in their name, such as aws or revoked
        word: Option<String>,
    },
    /// Remove what was done in the sandbox: its home and its credentials
    Reset,
    /// Stand in for a program, in the sandbox
    #[command(hide = true)]
    StandIn(StandIn),
}

/// What the scripts in the sandbox start.
#[derive(clap::Args, Clone, Debug)]
pub struct StandIn {
    /// The sandbox's folder
    #[arg(long = "in", value_name = "DIR")]
    pub folder: PathBuf,
    /// The program that is stood in for
    pub program: String,
    /// Its arguments
    #[arg(last = true, value_name = "ARGUMENT")]
    pub arguments: Vec<OsString>,
}
