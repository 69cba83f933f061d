//! Every word that leaves the program: data to stdout, everything else to stderr; the one colour
//! decision; text from outside made harmless. Writes are fallible: a full disk is an error (74), a
//! closed pipe ends the output quietly and leaves the exit code alone.

pub mod account;
pub mod attended;
pub mod check_text;
pub mod diagnostics;
pub mod escape;
pub mod failure;
pub mod fix;
pub mod import;
pub mod keyboard;
pub mod outline;
pub mod plain;
pub mod plan;
pub mod progress;
pub mod prompt;
pub mod receipt;
mod report_checks;
pub mod report_github;
pub mod report_json;
pub mod report_junit;
pub mod report_markdown;
pub mod report_text;
mod report_words;
pub mod status;
mod status_probes;
pub mod table;
pub mod theme;
pub mod unattended;
pub mod why;
pub mod wrap;

use std::cell::Cell;
use std::io::{self, BufWriter, Write};

use serde::Serialize;

use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::system::Terminal;
pub use theme::{ColorChoice, Role, Theme};

/// Bytes of a document that are written at once.
const CHUNK: usize = 64 * 1024;

/// Where words go, and how they look. Built once per run.
pub struct Ui {
    /// For stdout.
    pub out: Theme,
    /// For stderr.
    pub err: Theme,
    /// Reports are JSON, and so are failures.
    pub json: bool,
    pub quiet: bool,
    pub verbose: bool,
    /// Columns; `None` where neither stream is a terminal, and then nothing is cut or wrapped.
    pub width: Option<u16>,
    closed: Cell<bool>,
}

impl Ui {
    #[must_use]
    pub fn new(
        choice: ColorChoice,
        environment: &crate::system::Environment,
        terminal: Terminal,
    ) -> Self {
        let out = Theme::decide(choice, environment, terminal.stdout);
        let err = Theme::decide(choice, environment, terminal.stderr);
        theme::push_into_crates(out.color, err.color);
        Self {
            out,
            err,
            json: false,
            quiet: false,
            verbose: false,
            width: terminal.width(),
            closed: Cell::new(false),
        }
    }

    /// Writes `text` to stdout as it is. The caller has cleaned what came from outside.
    ///
    /// # Errors
    /// `Io` when the bytes cannot be written; a closed pipe is no error.
    pub fn data(&self, text: &str) -> Result<()> {
        self.write(|out| out.write_all(text.as_bytes()))
    }

    /// Writes to stdout as long as somebody reads it.
    fn write(&self, content: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
        if self.closed.get() {
            return Ok(());
        }
        let mut out = io::stdout().lock();
        match content(&mut out).and_then(|()| out.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.closed.set(true);
                Ok(())
            }
            other => other
                .map_err(|e| Error::new(Kind::Io, "cannot write to standard output").caused_by(e)),
        }
    }

    /// One JSON document on stdout, with a newline.
    ///
    /// # Errors
    /// As [`Ui::data`].
    pub fn document(&self, value: &impl Serialize) -> Result<()> {
        self.write(|out| {
            // As it is made: a report on thousands of profiles is not kept as a whole.
            let mut out = BufWriter::with_capacity(CHUNK, out);
            serde_json::to_writer_pretty(&mut out, value)?;
            out.write_all(b"\n")?;
            out.flush()
        })
    }

    /// A status line on stderr; silent with `--quiet`.
    pub fn say(&self, text: &str) {
        if !self.quiet {
            self.stderr(text);
        }
    }

    /// A warning on stderr.
    pub fn warn(&self, text: &str) {
        self.stderr(&format!(
            "{} {text}",
            self.err.paint(Role::Warning, "warning:")
        ));
    }

    /// A line on stderr. Failing to complain is not worth a complaint.
    pub fn stderr(&self, text: &str) {
        write_stderr(text);
    }
}

/// A line on stderr, for those who have no [`Ui`] at hand.
fn write_stderr(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Answers `--version`.
#[must_use]
pub fn print_version(version: &str) -> Exit {
    let mut out = io::stdout().lock();
    match writeln!(out, "{version}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Exit::Io,
        _ => Exit::Done,
    }
}
