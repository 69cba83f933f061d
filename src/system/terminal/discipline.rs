//! The line discipline of the terminal: whether it echoes, and what Ctrl-C is. What was set before
//! is kept for the process, since the way out may lead through another thread (a signal) or a panic.

#[cfg(unix)]
mod unix {
    use std::sync::mpsc::{self, RecvTimeoutError, Sender};
    use std::sync::{Mutex, PoisonError};
    use std::thread::JoinHandle;
    use std::time::Duration;

    use rustix::termios::{LocalModes, OptionalActions, QueueSelector, SpecialCodeIndex, Termios};
    use rustix::termios::{tcflush, tcgetattr, tcgetpgrp, tcsetattr};

    static BEFORE: Mutex<Option<Termios>> = Mutex::new(None);
    /// How often it is looked what the other program made of Ctrl-C.
    const LOOK: Duration = Duration::from_millis(50);
    /// `_POSIX_VDISABLE`: no key at all.
    const NO_KEY: u8 = if cfg!(target_os = "linux") { 0 } else { 0xff };

    pub fn stop_echo() {
        let mut before = BEFORE.lock().unwrap_or_else(PoisonError::into_inner);
        let Ok(mut settings) = tcgetattr(std::io::stdin()) else {
            return;
        };
        if before.is_none() {
            *before = Some(settings.clone());
        }
        settings.local_modes.remove(LocalModes::ECHO);
        set(&settings);
    }

    pub fn echo_is_stopped() -> bool {
        let before = BEFORE.lock().unwrap_or_else(PoisonError::into_inner);
        before.is_some()
    }

    /// Also throws away what was typed ahead: it was not meant for the shell.
    pub fn restore() {
        let mut before = BEFORE.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(settings) = before.take() {
            let _ = tcflush(std::io::stdin(), QueueSelector::IFlush);
            set(&settings);
        }
    }

    /// The settings that the other program gets and that come back after it.
    pub struct Lent {
        settings: Option<Termios>,
        stopped: bool,
        interrupt: Interrupt,
    }

    impl Lent {
        pub fn new() -> Self {
            let before = BEFORE.lock().unwrap_or_else(PoisonError::into_inner);
            let stopped = before.is_some();
            let settings = before.clone().or_else(|| tcgetattr(std::io::stdin()).ok());
            if let Some(settings) = &settings {
                set(settings);
            }
            Self {
                settings,
                stopped,
                interrupt: Interrupt::keep(),
            }
        }

        /// Also throws away what was typed ahead: it was meant for the other program.
        pub fn reclaim(&mut self) {
            self.interrupt.end();
            if let Some(settings) = &self.settings {
                let _ = tcflush(std::io::stdin(), QueueSelector::IFlush);
                set(settings);
            }
            if self.stopped {
                stop_echo();
            }
        }
    }

    /// Keeps Ctrl-C a signal. `claude setup-token` reads it as a character and does not heed it
    /// (2.1.197 and 2.1.329), so nobody would come back from there.
    struct Interrupt {
        stop: Option<Sender<()>>,
        thread: Option<JoinHandle<()>>,
    }

    impl Interrupt {
        fn keep() -> Self {
            let (stop, stopped) = mpsc::channel();
            let watch = move || {
                while stopped.recv_timeout(LOOK) == Err(RecvTimeoutError::Timeout) {
                    switch_on();
                }
            };
            let thread = std::thread::Builder::new().name("interrupt".to_owned());
            Self {
                stop: Some(stop),
                thread: thread.spawn(watch).ok(),
            }
        }

        fn end(&mut self) {
            drop(self.stop.take());
            if let Some(thread) = self.thread.take() {
                let _ = thread.join();
            }
        }
    }

    /// Ctrl-C alone: the other keys stay the characters that the program took them for.
    fn switch_on() {
        // Who is not in front is stopped for changing the terminal.
        let in_front = tcgetpgrp(std::io::stdin()) == Ok(rustix::process::getpgrp());
        let Ok(mut settings) = tcgetattr(std::io::stdin()) else {
            return;
        };
        if in_front && !settings.local_modes.contains(LocalModes::ISIG) {
            settings.local_modes.insert(LocalModes::ISIG);
            for key in [SpecialCodeIndex::VQUIT, SpecialCodeIndex::VSUSP] {
                settings.special_codes[key] = NO_KEY;
            }
            set(&settings);
        }
    }

    fn set(settings: &Termios) {
        let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, settings);
    }
}

/// Windows consoles echo only while a line is read.
#[cfg(not(unix))]
mod other {
    use std::sync::atomic::{AtomicBool, Ordering};

    static STOPPED: AtomicBool = AtomicBool::new(false);

    pub fn stop_echo() {
        STOPPED.store(true, Ordering::SeqCst);
    }

    pub fn echo_is_stopped() -> bool {
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

        pub fn reclaim(&mut self) {}
    }
}

#[cfg(not(unix))]
pub use other::{Lent, echo_is_stopped, restore, stop_echo};
#[cfg(unix)]
pub use unix::{Lent, echo_is_stopped, restore, stop_echo};
