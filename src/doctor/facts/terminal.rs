//! The terminal that this process has, or has not.

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Terminal {
    pub stdin: bool,
    pub stdout: bool,
    pub stderr: bool,
    /// Columns, where an output stream is a terminal.
    pub width: Option<u16>,
    /// `TERM`.
    pub term: Option<String>,
    /// `CI` is set to something other than `0` or `false`.
    pub ci: bool,
    /// `NO_COLOR` is set and not empty.
    pub no_color: bool,
    /// `KEYWRIGHT_NO_INPUT` or `--no-input`.
    pub no_input: bool,
}
