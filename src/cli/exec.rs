//! Arguments of `exec`.

use std::ffi::OsString;

/// Run a program with a credential
#[derive(clap::Args, Debug)]
pub struct Exec {
    #[command(flatten)]
    pub which: super::Which,
    /// The program and its arguments
    #[arg(
        required = true,
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "CMD"
    )]
    pub command: Vec<OsString>,
}
