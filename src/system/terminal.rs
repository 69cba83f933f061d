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

    /// Keeps the terminal from echoing what is typed until the guard is dropped or the terminal
    /// restored: what arrives between two prompts (the rest of a pasted secret) stays unseen.
    pub fn hush(&self) -> Hush {
        if self.stdin && self.stderr {
            echo::stop();
        }
        Hush(())
    }

    /// Gives the terminal to another program: it finds it as it was before the first prompt.
    pub fn lend(&self) -> Lent {
        Lent(echo::Lent::new())
    }

    /// Undoes whatever a prompt may have switched on: raw mode, a hidden cursor, bracketed paste.
    /// Does nothing where there is no terminal, and cannot fail: it runs on the way out.
    pub fn restore(&self) {
        if !(self.stdin && self.stderr) {
            return;
        }
        let _ = crossterm::terminal::disable_raw_mode();
        if echo::is_stopped() {
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
        echo::restore();
    }
}

/// While it lives, another program has the terminal. Afterwards the terminal is as it was before,
/// however that program left it.
#[must_use = "the terminal is taken back when it is dropped"]
pub struct Lent(echo::Lent);

impl Drop for Lent {
    fn drop(&mut self) {
        self.0.reclaim();
        // Plain mode, which writes no escapes, never stopped the echo.
        if echo::is_stopped() {
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
        echo::restore();
    }
}

/// The line discipline's echo. What was set before is kept for the process, since the way out may
/// lead through another thread (a signal) or a panic.
#[cfg(unix)]
mod echo {
    use std::sync::{Mutex, PoisonError};

    use rustix::termios::{LocalModes, OptionalActions, QueueSelector, Termios};
    use rustix::termios::{tcflush, tcgetattr, tcsetattr};

    static BEFORE: Mutex<Option<Termios>> = Mutex::new(None);

    pub fn stop() {
        let mut before = BEFORE.lock().unwrap_or_else(PoisonError::into_inner);
        let Ok(mut settings) = tcgetattr(std::io::stdin()) else {
            return;
        };
        if before.is_none() {
            *before = Some(settings.clone());
        }
        settings.local_modes.remove(LocalModes::ECHO);
        let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, &settings);
    }

    pub fn is_stopped() -> bool {
        BEFORE
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .is_some()
    }

    /// The settings that the other program gets and that come back after it.
    pub struct Lent {
        settings: Option<Termios>,
        stopped: bool,
    }

    impl Lent {
        pub fn new() -> Self {
            let before = BEFORE.lock().unwrap_or_else(PoisonError::into_inner);
            let stopped = before.is_some();
            let settings = before.clone().or_else(|| tcgetattr(std::io::stdin()).ok());
            if let Some(settings) = &settings {
                let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, settings);
            }
            Self { settings, stopped }
        }

        /// Also throws away what was typed ahead: it was meant for the other program.
        pub fn reclaim(&self) {
            if let Some(settings) = &self.settings {
                let _ = tcflush(std::io::stdin(), QueueSelector::IFlush);
                let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, settings);
            }
            if self.stopped {
                stop();
            }
        }
    }

    /// Also throws away what was typed ahead: it was not meant for the shell.
    pub fn restore() {
        let mut before = BEFORE.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(settings) = before.take() {
            let _ = tcflush(std::io::stdin(), QueueSelector::IFlush);
            let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, &settings);
        }
    }
}

/// Windows consoles echo only while a line is read.
#[cfg(not(unix))]
mod echo {
    use std::sync::atomic::{AtomicBool, Ordering};

    static STOPPED: AtomicBool = AtomicBool::new(false);

    pub fn stop() {
        STOPPED.store(true, Ordering::SeqCst);
    }

    pub fn is_stopped() -> bool {
        STOPPED.load(Ordering::SeqCst)
    }

    pub fn restore() {
        STOPPED.store(false, Ordering::SeqCst);
    }

    pub struct Lent;

    impl Lent {
        pub const fn new() -> Self {
            Self
        }

        pub fn reclaim(&self) {}
    }
}

impl Default for Terminal {
    fn default() -> Self {
        Self::new()
    }
}
