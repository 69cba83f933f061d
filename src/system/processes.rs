//! Other programs: finding them, running them within limits, and becoming one.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::error::Result;
use crate::system::Environment;

/// Starts programs.
#[derive(Clone, Copy, Debug)]
pub struct Processes;

/// A program to run. It gets exactly this environment, no standard input unless given, its own
/// process group, a time limit and an output limit.
#[derive(Debug)]
pub struct Spawn<'a> {
    pub program: &'a Path,
    pub arguments: &'a [&'a str],
    pub environment: &'a Environment,
    pub folder: &'a Path,
    pub timeout: Duration,
    /// Bytes kept of each output stream; the rest is read and thrown away.
    pub output_limit: usize,
}

/// How it ended.
#[derive(Clone, Debug)]
pub struct Finished {
    /// The exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// The time limit passed, and its whole process group was killed.
    pub timed_out: bool,
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
    pub elapsed: Duration,
}

impl Processes {
    /// Every program of that name in the folders of `PATH`, in order, each real file once.
    #[must_use]
    pub fn find_all(&self, name: &str, environment: &Environment) -> Vec<PathBuf> {
        let _ = (name, environment);
        todo!()
    }

    /// Runs a program to its end or to its limit, and leaves nothing running.
    ///
    /// # Errors
    /// `MissingProgram` when it cannot be started.
    pub fn run(&self, spawn: &Spawn<'_>) -> Result<Finished> {
        let _ = spawn;
        todo!()
    }

    /// Replaces this process by `command` (on Windows: runs it and passes its code on). Comes back
    /// only with the error that kept it from starting.
    ///
    /// # Errors
    /// `NotFound` (127 in `exec`) or `Permission` (126 in `exec`).
    pub fn become_program(&self, command: &[OsString], environment: &Environment) -> Result<u8> {
        let _ = (command, environment);
        todo!()
    }

    /// Runs `command` on this terminal and waits for it; the exit code as shells give it.
    ///
    /// # Errors
    /// As [`Processes::become_program`].
    pub fn run_attached(&self, command: &[OsString], environment: &Environment) -> Result<u8> {
        let _ = (command, environment);
        todo!()
    }
}
