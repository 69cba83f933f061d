//! The terminal this process is attached to: which streams are one, how wide it is, and putting it
//! back in order.

use std::io::{IsTerminal, Write};

/// Columns assumed where there is no terminal to ask.
pub const DEFAULT_WIDTH: u16 = 80;

/// Which of the standard streams are terminals.
#[derive(Clone, Copy, Debug)]
pub struct Terminal {
    pub stdin: bool,
    pub stdout: bool,
    pub stderr: bool,
}

impl Terminal {
    #[must_use]
    pub fn new() -> Self {
        Self {
            stdin: std::io::stdin().is_terminal(),
            stdout: std::io::stdout().is_terminal(),
            stderr: std::io::stderr().is_terminal(),
        }
    }

    /// Columns of the terminal, or `None` when neither output stream is one.
    #[must_use]
    pub fn width(&self) -> Option<u16> {
        if !(self.stdout || self.stderr) {
            return None;
        }
        crossterm::terminal::size()
            .ok()
            .map(|(columns, _)| columns)
            .filter(|c| *c > 0)
    }

    /// Undoes whatever a prompt may have switched on: raw mode, a hidden cursor, bracketed paste.
    /// Does nothing where there is no terminal, and cannot fail: it runs on the way out.
    pub fn restore(&self) {
        if !(self.stdin && self.stderr) {
            return;
        }
        let _ = crossterm::terminal::disable_raw_mode();
        let _ = crossterm::execute!(
            std::io::stderr(),
            crossterm::event::DisableBracketedPaste,
            crossterm::cursor::Show
        );
        let _ = std::io::stderr().flush();
    }
}

impl Default for Terminal {
    fn default() -> Self {
        Self::new()
    }
}
