//! SIGINT, SIGTERM and SIGHUP: put the terminal back, say what became of the work, and end with
//! 130, 143 or 129. Commands that run long call [`watch`]; the others die as programs do.
//!
//! A commit that has begun is finished first: it runs under [`hold`].

use std::cell::Cell;
use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::system::Terminal;

/// Held around a commit; what it guards is the sentence about what was saved.
static COMMIT: Mutex<Option<String>> = Mutex::new(None);
/// How many programs have this terminal right now.
static LENT: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    static CONTAINED: Cell<bool> = const { Cell::new(false) };
}

/// Ends the process in an orderly way when a signal comes, and keeps a panic from leaving the
/// terminal in disorder. `unless_saved` is a full sentence about what became of the work, such as
/// `Nothing was changed.`; what [`Hold::saved`] recorded takes its place.
pub fn watch(terminal: Terminal, unless_saved: &'static str) {
    watch_panics(terminal);
    watch_signals(terminal, unless_saved);
}

/// Keeps signals waiting until the commit under it is done.
#[must_use = "signals wait only while this lives"]
pub struct Hold(MutexGuard<'static, Option<String>>);

/// Taken around a commit. A signal that comes meanwhile ends the process afterwards.
pub fn hold() -> Hold {
    Hold(COMMIT.lock().unwrap_or_else(PoisonError::into_inner))
}

impl Hold {
    /// Records that something was saved, as a full sentence for whoever interrupts from now on.
    pub fn saved(&mut self, sentence: impl Into<String>) {
        *self.0 = Some(sentence.into());
    }
}

/// While this lives, Ctrl-C is the affair of the program that runs on this terminal.
#[must_use = "Ctrl-C is left alone only while this lives"]
pub struct Lent(());

/// Leaves Ctrl-C to a program that is about to run on this terminal.
pub fn lend_terminal() -> Lent {
    LENT.fetch_add(1, Ordering::SeqCst);
    tell_default_action();
    Lent(())
}

impl Drop for Lent {
    fn drop(&mut self) {
        LENT.fetch_sub(1, Ordering::SeqCst);
        tell_default_action();
    }
}

/// Runs `work`; a panic in it is contained, said nothing about, and gives `None`.
pub fn contain<T>(work: impl FnOnce() -> T + std::panic::UnwindSafe) -> Option<T> {
    let before = CONTAINED.replace(true);
    let outcome = std::panic::catch_unwind(work);
    CONTAINED.set(before);
    outcome.ok()
}

fn watch_panics(terminal: Terminal) {
    std::panic::set_hook(Box::new(move |panic| {
        if CONTAINED.get() {
            return;
        }
        terminal.restore();
        // The payload is left out: it may quote anything.
        let place = panic
            .location()
            .map(|at| format!(" at {}:{}", at.file(), at.line()))
            .unwrap_or_default();
        let _ = writeln!(
            std::io::stderr(),
            "error: keywright met a defect of its own{place}\nhint: Please report this line with the command you typed, without any key."
        );
    }));
}

#[cfg(unix)]
mod unix {
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::{Arc, OnceLock};

    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;

    use super::{COMMIT, LENT, PoisonError, Terminal, Write};
    use crate::exit::Exit;

    /// Set while [`super::watch`] has the signals.
    static WATCHING: AtomicBool = AtomicBool::new(false);
    /// Whether SIGINT ends the process as it does by default.
    static DEFAULT_ACTION: OnceLock<Arc<AtomicBool>> = OnceLock::new();

    pub(super) fn watch_signals(terminal: Terminal, unless_saved: &'static str) {
        if WATCHING.swap(true, Ordering::SeqCst) {
            return;
        }
        // Without handlers the system's own action stays, which is no reason to stop here.
        let Ok(mut signals) = Signals::new([SIGINT, SIGTERM, SIGHUP]) else {
            WATCHING.store(false, Ordering::SeqCst);
            return;
        };
        let _ = std::thread::Builder::new()
            .name("signals".to_owned())
            .spawn(move || {
                for signal in signals.forever() {
                    if signal != SIGINT || LENT.load(Ordering::SeqCst) == 0 {
                        end(signal, terminal, unless_saved);
                    }
                }
            });
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that ends the process"
    )]
    fn end(signal: i32, terminal: Terminal, unless_saved: &str) -> ! {
        let saved = COMMIT.lock().unwrap_or_else(PoisonError::into_inner);
        terminal.restore();
        let (word, exit) = match signal {
            SIGTERM => ("Terminated", Exit::Terminated),
            SIGHUP => ("Hung up", Exit::HungUp),
            _ => ("Interrupted", Exit::Interrupted),
        };
        let sentence = saved.as_deref().unwrap_or(unless_saved);
        // The cursor stands in the middle of a prompt.
        let newline = if terminal.stderr { "\r\n" } else { "" };
        let _ = writeln!(std::io::stderr(), "{newline}{word}. {sentence}");
        std::process::exit(exit.code().into())
    }

    /// A handler stays for good once it is there, so it is told whether to act as if it were not.
    /// It is a handler and not `SIG_IGN`, which a started program would inherit.
    pub(super) fn tell_default_action() {
        let act = DEFAULT_ACTION.get_or_init(|| {
            let act = Arc::new(AtomicBool::new(false));
            let _ = signal_hook::flag::register_conditional_default(SIGINT, Arc::clone(&act));
            act
        });
        let lent = LENT.load(Ordering::SeqCst) > 0;
        act.store(!lent && !WATCHING.load(Ordering::SeqCst), Ordering::SeqCst);
    }
}

#[cfg(unix)]
use unix::{tell_default_action, watch_signals};

#[cfg(not(unix))]
fn watch_signals(_: Terminal, _: &'static str) {}

#[cfg(not(unix))]
fn tell_default_action() {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contained_panic_is_none() {
        assert_eq!(contain(|| 1), Some(1));
        assert_eq!(contain(|| -> u8 { panic!("contained") }), None);
        assert!(!CONTAINED.get());
    }
}
