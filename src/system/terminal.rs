//! The terminal this process is attached to: which streams are one, how wide it is, and putting it
//! back in order.

use std::io::{IsTerminal, Write};

mod discipline;

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

    /// Keeps the terminal from echoing what is typed until the guard is dropped or the terminal
    /// restored: what arrives between two prompts (the rest of a pasted secret) stays unseen.
    pub fn hush(&self) -> Hush {
        if self.stdin && self.stderr {
            discipline::stop_echo();
        }
        Hush(())
    }

    /// Gives the terminal to another program: it finds it as it was before the first prompt, and
    /// Ctrl-C is a signal even where that program made a character of it and does not heed it.
    pub fn lend(&self) -> Lent {
        Lent(discipline::Lent::new())
    }

    /// Undoes whatever a prompt may have switched on: raw mode, a hidden cursor, bracketed paste.
    /// Does nothing where there is no terminal, and cannot fail: it runs on the way out.
    pub fn restore(&self) {
        if !(self.stdin && self.stderr) {
            return;
        }
        let _ = crossterm::terminal::disable_raw_mode();
        if discipline::echo_is_stopped() {
            // A prompt may stand below the cursor; whatever is said next gets a line of its own.
            let _ = crossterm::execute!(
                std::io::stderr(),
                crossterm::event::DisableBracketedPaste,
                crossterm::cursor::Show,
                crossterm::terminal::Clear(crossterm::terminal::ClearType::FromCursorDown),
                crossterm::style::Print("\r\n")
            );
        }
        let _ = std::io::stderr().flush();
        discipline::restore();
    }
}

/// While it lives, another program has the terminal. Afterwards the terminal is as it was before,
/// however that program left it.
#[must_use = "the terminal is taken back when it is dropped"]
pub struct Lent(discipline::Lent);

impl Drop for Lent {
    fn drop(&mut self) {
        self.0.reclaim();
        // Plain mode, which writes no escapes, never stopped the echo.
        if discipline::echo_is_stopped() {
            let _ = crossterm::execute!(
                std::io::stderr(),
                crossterm::event::DisableBracketedPaste,
                crossterm::cursor::Show,
                crossterm::style::ResetColor
            );
        }
    }
}

/// While it lives, the terminal does not echo.
#[must_use = "the terminal echoes again when it is dropped"]
pub struct Hush(());

impl Drop for Hush {
    fn drop(&mut self) {
        discipline::restore();
    }
}

impl Default for Terminal {
    fn default() -> Self {
        Self::new()
    }
}
