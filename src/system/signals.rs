//! SIGINT, SIGTERM and SIGHUP: put the terminal back, say what became of the work, and end with
//! 130, 143 or 129. Commands that run long call [`watch`]; the others die as programs do.
//!
//! A commit that has begun is finished first: it runs under [`hold`].

use std::cell::Cell;
use std::io::Write;
use std::process::{Child, ExitStatus};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::system::Terminal;

/// Held around a commit; what it guards is the sentence about what was saved.
static COMMIT: Mutex<Option<String>> = Mutex::new(None);
/// What became of the work, as far as [`watch`] was told.
static SENTENCE: Mutex<&str> = Mutex::new("");
/// How many programs have this terminal right now.
static LENT: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    static CONTAINED: Cell<bool> = const { Cell::new(false) };
}

/// Ends the process in an orderly way when a signal comes, and keeps a panic from leaving the
/// terminal in disorder. `unless_saved` is a full sentence about what became of the work, such as
/// `Nothing was changed.`; what [`Hold::saved`] recorded takes its place.
pub fn watch(terminal: Terminal, unless_saved: &'static str) {
    *SENTENCE.lock().unwrap_or_else(PoisonError::into_inner) = unless_saved;
    watch_panics(terminal);
    watch_signals(terminal);
}

/// For whoever is about to wait for a program: it is in a process group of its own, where no Ctrl-C
/// reaches it, and must not outlive this process. What [`watch`] was told stays.
pub fn watch_programs(terminal: Terminal) {
    watch_signals(terminal);
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

/// While this lives, Ctrl-C is the affair of the program that runs on this terminal, and SIGTERM
/// and SIGHUP are passed on to it.
#[must_use = "signals are left alone only while this lives"]
pub struct Lent(());

/// Leaves Ctrl-C to a program that is about to run on this terminal.
pub fn lend_terminal() -> Lent {
    LENT.fetch_add(1, Ordering::SeqCst);
    tell_default_action();
    Lent(())
}

impl Lent {
    /// Waits for the program that has the terminal, and meanwhile passes signals on to it.
    ///
    /// # Errors
    /// What the system says.
    pub fn wait(&self, child: &mut Child) -> std::io::Result<ExitStatus> {
        wait(child)
    }

    /// Takes the terminal back; whether Ctrl-C was pressed meanwhile.
    #[must_use]
    pub fn end(self) -> bool {
        take_interrupt()
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        // One that came for the program is not for this one, however late it is looked at.
        take_interrupt();
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

    use std::process::{Child, ExitStatus};
    use std::sync::Mutex;
    use std::time::Duration;

    use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, waitid};
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;

    use super::{COMMIT, LENT, PoisonError, SENTENCE, Terminal, Write};
    use crate::exit::Exit;
    use crate::system::{files, processes};

    /// Set while [`super::watch`] has the signals.
    static WATCHING: AtomicBool = AtomicBool::new(false);
    /// The program that has the terminal.
    static BORROWER: Mutex<Option<Pid>> = Mutex::new(None);
    /// How often it is looked whether that program has ended.
    const POLL: Duration = Duration::from_millis(10);
    /// Set by SIGINT itself, and taken by whoever acts on it: the thread below may be told of a
    /// signal long after it came.
    static INTERRUPTED: OnceLock<Option<Arc<AtomicBool>>> = OnceLock::new();
    /// Whether signals end the process as they do by default.
    static DEFAULT_ACTION: OnceLock<Arc<AtomicBool>> = OnceLock::new();

    pub(super) fn watch_signals(terminal: Terminal) {
        if WATCHING.swap(true, Ordering::SeqCst) {
            return;
        }
        // Without handlers the system's own action stays, which is no reason to stop here. Handlers
        // run in the order they came in: the mark is there before the thread is told.
        let mark = interrupted();
        let (Some(_), Ok(mut signals)) = (mark, Signals::new([SIGINT, SIGTERM, SIGHUP])) else {
            WATCHING.store(false, Ordering::SeqCst);
            return;
        };
        let _ = std::thread::Builder::new()
            .name("signals".to_owned())
            .spawn(move || {
                for signal in signals.forever() {
                    let lent = || LENT.load(Ordering::SeqCst) > 0;
                    if signal == SIGINT && (lent() || !take_interrupt()) {
                        continue;
                    }
                    // The program that has the terminal goes first.
                    pass_on(signal);
                    while lent() {
                        std::thread::sleep(POLL);
                    }
                    end(signal, terminal);
                }
            });
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that ends the process"
    )]
    fn end(signal: i32, terminal: Terminal) -> ! {
        let saved = COMMIT.lock().unwrap_or_else(PoisonError::into_inner);
        terminal.restore();
        processes::end_all();
        files::remove_scratch();
        let (word, exit) = match signal {
            SIGTERM => ("Terminated", Exit::Terminated),
            SIGHUP => ("Hung up", Exit::HungUp),
            _ => ("Interrupted", Exit::Interrupted),
        };
        let unless_saved = *SENTENCE.lock().unwrap_or_else(PoisonError::into_inner);
        let sentence = saved.as_deref().unwrap_or(unless_saved);
        let space = if sentence.is_empty() { "" } else { " " };
        // The cursor stands in the middle of a prompt.
        let newline = if terminal.stderr { "\r\n" } else { "" };
        let _ = writeln!(std::io::stderr(), "{newline}{word}.{space}{sentence}");
        std::process::exit(exit.code().into())
    }

    /// Waits for a program; it is reaped only when no signal can be on the way to it any more,
    /// since its number may then belong to another one.
    pub(super) fn wait(child: &mut Child) -> std::io::Result<ExitStatus> {
        let id = Pid::from_child(child);
        *BORROWER.lock().unwrap_or_else(PoisonError::into_inner) = Some(id);
        let look = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
        while matches!(waitid(WaitId::Pid(id), look), Err(rustix::io::Errno::INTR)) {}
        *BORROWER.lock().unwrap_or_else(PoisonError::into_inner) = None;
        child.wait()
    }

    fn pass_on(signal: i32) {
        let signal = match signal {
            SIGTERM => Signal::TERM,
            SIGHUP => Signal::HUP,
            _ => return,
        };
        // The terminal may be lent to a program that is only about to start.
        while LENT.load(Ordering::SeqCst) > 0 {
            let borrower = BORROWER.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(id) = *borrower {
                let _ = kill_process(id, signal);
                return;
            }
            drop(borrower);
            std::thread::sleep(POLL);
        }
    }

    fn interrupted() -> Option<&'static Arc<AtomicBool>> {
        let register = || {
            let mark = Arc::new(AtomicBool::new(false));
            let registered = signal_hook::flag::register(SIGINT, Arc::clone(&mark));
            registered.ok().map(|_| mark)
        };
        INTERRUPTED.get_or_init(register).as_ref()
    }

    /// Whether SIGINT came since this was last asked.
    pub(super) fn take_interrupt() -> bool {
        interrupted().is_some_and(|mark| mark.swap(false, Ordering::SeqCst))
    }

    /// A handler stays for good once it is there, so it is told whether to act as if it were not.
    /// It is a handler and not `SIG_IGN`, which a started program would inherit.
    pub(super) fn tell_default_action() {
        let _ = interrupted();
        let act = DEFAULT_ACTION.get_or_init(|| {
            let act = Arc::new(AtomicBool::new(false));
            for signal in [SIGINT, SIGTERM, SIGHUP] {
                let _ = signal_hook::flag::register_conditional_default(signal, Arc::clone(&act));
            }
            pass_on_unwatched();
            act
        });
        let lent = LENT.load(Ordering::SeqCst) > 0;
        act.store(!lent && !WATCHING.load(Ordering::SeqCst), Ordering::SeqCst);
    }

    /// Passes signals on where nobody watches them.
    fn pass_on_unwatched() {
        let Ok(mut signals) = Signals::new([SIGTERM, SIGHUP]) else {
            return;
        };
        let _ = std::thread::Builder::new()
            .name("pass on".to_owned())
            .spawn(move || {
                for signal in signals.forever() {
                    if !WATCHING.load(Ordering::SeqCst) {
                        pass_on(signal);
                    }
                }
            });
    }
}

#[cfg(unix)]
use unix::{take_interrupt, tell_default_action, wait, watch_signals};

#[cfg(not(unix))]
fn watch_signals(_: Terminal) {}

#[cfg(not(unix))]
fn tell_default_action() {}

#[cfg(not(unix))]
fn take_interrupt() -> bool {
    false
}

#[cfg(not(unix))]
fn wait(child: &mut Child) -> std::io::Result<ExitStatus> {
    child.wait()
}

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
