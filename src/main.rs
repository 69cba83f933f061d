//! Gives the real world to the library and its exit code back to the shell.

use std::process::ExitCode;

fn main() -> ExitCode {
    keywright::main()
}
