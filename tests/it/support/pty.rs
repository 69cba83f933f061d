//! keywright in a pseudo-terminal, driven as a person drives it: look, type, look again.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize};

use super::machine::{KEYWRIGHT, Machine};

/// Patience with a loaded machine; a text that is there is found at once.
const PATIENCE: Duration = Duration::from_secs(30);

/// Keys that are not characters.
pub const ENTER: &str = "\r";
pub const ESCAPE: &str = "\u{1b}";
pub const CONTROL_C: &str = "\u{3}";
pub const CONTROL_D: &str = "\u{4}";
pub const UP: &str = "\u{1b}[A";
pub const DOWN: &str = "\u{1b}[B";

/// The program and the terminal it runs in.
pub struct Pty {
    input: Box<dyn Write + Send>,
    seen: Arc<Mutex<Seen>>,
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    /// Flags of the line discipline before the program started.
    before: Flags,
}

type Flags = (u64, u64);

struct Seen {
    parser: vt100::Parser,
    /// Every byte that was ever drawn.
    bytes: Vec<u8>,
    changed: Instant,
    /// The other side is closed.
    over: bool,
}

/// What was left behind when the program ended.
pub struct Left {
    pub code: u32,
    /// The last screen, and what had scrolled away above it.
    pub text: String,
    /// Every byte that was ever drawn, escape sequences included.
    pub drawn: String,
}

impl Machine {
    /// Starts keywright in a terminal of that size.
    pub fn terminal(&self, columns: u16, rows: u16, arguments: &[&str]) -> Pty {
        let mut command = CommandBuilder::new(KEYWRIGHT);
        command.args(arguments);
        self.start(columns, rows, command)
    }

    /// The same with standard output in a file, so that what is data can be told apart.
    #[cfg(unix)]
    pub fn terminal_into(&self, file: &std::path::Path, arguments: &[&str]) -> Pty {
        let mut command = CommandBuilder::new("/bin/sh");
        let script = "out=$1; shift; exec \"$@\" > \"$out\"";
        command.args(["-c", script, "sh"]);
        command.arg(file);
        command.arg(KEYWRIGHT);
        command.args(arguments);
        self.start(80, 200, command)
    }

    fn start(&self, columns: u16, rows: u16, mut command: CommandBuilder) -> Pty {
        command.cwd(self.home());
        command.env_clear();
        for (name, value) in self.variables() {
            command.env(name, value);
        }
        Pty::start(columns, rows, command)
    }
}

impl Pty {
    /// Starts a program in a terminal of that size.
    pub fn start(columns: u16, rows: u16, command: CommandBuilder) -> Self {
        let size = PtySize {
            rows,
            cols: columns,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = portable_pty::native_pty_system()
            .openpty(size)
            .expect("a pseudo-terminal");
        let before = flags(pair.master.as_ref());
        let child = pair.slave.spawn_command(command).expect("it starts");
        drop(pair.slave);
        let number = |n| NonZeroU16::new(n).expect("not zero");
        let seen = Arc::new(Mutex::new(Seen {
            parser: vt100::Parser::new(number(rows), number(columns), 1000),
            bytes: Vec::new(),
            changed: Instant::now(),
            over: false,
        }));
        let reader = pair.master.try_clone_reader().expect("a reader");
        let shared = Arc::clone(&seen);
        std::thread::spawn(move || follow(reader, &shared));
        Self {
            input: pair.master.take_writer().expect("a writer"),
            seen,
            child,
            master: pair.master,
            before,
        }
    }

    /// Waits until `text` stands on the screen and the program is at rest.
    #[track_caller]
    pub fn wait(&mut self, text: &str) -> &mut Self {
        let start = Instant::now();
        while !flat(&self.screen()).contains(&flat(text)) {
            let late = start.elapsed() > PATIENCE;
            let over = self.seen.lock().expect("not poisoned").over;
            let gone = over && !flat(&self.screen()).contains(&flat(text));
            assert!(
                !(late || gone),
                "{text:?} did not appear on:\n{}",
                self.screen()
            );
            std::thread::sleep(Duration::from_millis(3));
        }
        self.settle();
        self
    }

    /// Waits until `text` stands on the screen that often.
    #[track_caller]
    pub fn wait_count(&mut self, text: &str, count: usize) -> &mut Self {
        let start = Instant::now();
        while flat(&self.screen()).matches(&flat(text)).count() < count {
            assert!(
                start.elapsed() < PATIENCE,
                "{text:?} not {count} times on:\n{}",
                self.screen()
            );
            std::thread::sleep(Duration::from_millis(3));
        }
        self.settle();
        self
    }

    /// Waits until Ctrl-C is a signal and not a character.
    #[cfg(unix)]
    #[track_caller]
    pub fn wait_for_interrupt_key(&mut self) -> &mut Self {
        use rustix::termios::LocalModes;
        let start = Instant::now();
        while flags(self.master.as_ref()).0 & u64::from(LocalModes::ISIG.bits()) == 0 {
            assert!(start.elapsed() < PATIENCE, "Ctrl-C stays a character");
            std::thread::sleep(Duration::from_millis(3));
        }
        self
    }

    /// Waits until nothing has been drawn for a moment.
    pub fn settle(&mut self) -> &mut Self {
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            let quiet = self.seen.lock().expect("not poisoned").changed.elapsed();
            if quiet > Duration::from_millis(60) {
                break;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        self
    }

    /// Types characters or keys.
    pub fn keys(&mut self, text: &str) -> &mut Self {
        self.input.write_all(text.as_bytes()).expect("it reads");
        self.input.flush().expect("it reads");
        self
    }

    /// Types a line.
    pub fn line(&mut self, text: &str) -> &mut Self {
        self.keys(text).keys(ENTER)
    }

    /// Pastes as a terminal with bracketed paste does; the program must have asked for that.
    #[track_caller]
    pub fn paste(&mut self, text: &str) -> &mut Self {
        let asked = self
            .seen
            .lock()
            .expect("not poisoned")
            .parser
            .screen()
            .bracketed_paste();
        assert!(asked, "bracketed paste is not switched on");
        self.keys(&format!("\u{1b}[200~{text}\u{1b}[201~"))
    }

    /// The screen now, without trailing spaces and empty lines below.
    pub fn screen(&self) -> String {
        let seen = self.seen.lock().expect("not poisoned");
        seen.parser.screen().contents().trim_end().to_owned()
    }

    /// Asserts that the screen does not hold `text`, whatever its line breaks.
    #[track_caller]
    pub fn lacks(&mut self, text: &str) -> &mut Self {
        let screen = self.screen();
        assert!(
            !flat(&screen).contains(&flat(text)),
            "{text:?} is on:\n{screen}"
        );
        self
    }

    /// Sends a signal to the program.
    #[cfg(unix)]
    pub fn signal(&mut self, signal: rustix::process::Signal) -> &mut Self {
        let id = self.child.process_id().expect("it runs");
        let id = rustix::process::Pid::from_raw(id.cast_signed()).expect("a process id");
        rustix::process::kill_process(id, signal).expect("it can be told");
        self
    }

    /// Waits for the end and asserts that the terminal is as it was: echo and line mode, cursor
    /// shown, bracketed paste off.
    #[track_caller]
    pub fn end(&mut self) -> Left {
        let start = Instant::now();
        let code = loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                break status.exit_code();
            }
            if start.elapsed() > PATIENCE {
                let _ = self.child.kill();
                panic!("it did not end:\n{}", self.screen());
            }
            std::thread::sleep(Duration::from_millis(3));
        };
        while !self.seen.lock().expect("not poisoned").over && start.elapsed() < PATIENCE {
            std::thread::sleep(Duration::from_millis(3));
        }
        let after = flags(self.master.as_ref());
        let seen = self.seen.lock().expect("not poisoned");
        let screen = seen.parser.screen();
        assert_eq!(after, self.before, "the line discipline is not as it was");
        assert!(!screen.hide_cursor(), "the cursor is hidden");
        assert!(!screen.bracketed_paste(), "bracketed paste is on");
        assert!(!screen.alternate_screen(), "the other screen is shown");
        Left {
            code,
            text: screen.contents().trim_end().to_owned(),
            drawn: String::from_utf8_lossy(&seen.bytes).into_owned(),
        }
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

impl Left {
    /// Asserts that the last screen says `text`, whatever its line breaks.
    #[track_caller]
    pub fn says(&self, text: &str) -> &Self {
        assert!(
            flat(&self.text).contains(&flat(text)),
            "{text:?} is not on:\n{}",
            self.text
        );
        self
    }

    /// Asserts that `text` was never drawn, not even for a moment.
    #[track_caller]
    pub fn never_drew(&self, text: &str) -> &Self {
        assert!(!self.drawn.contains(text), "{text:?} was drawn");
        self
    }

    #[track_caller]
    pub fn with_code(&self, code: u32) -> &Self {
        assert_eq!(self.code, code, "{}", self.text);
        self
    }
}

/// Text without its line breaks and indentation: a narrow screen wraps words.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn follow(mut reader: Box<dyn Read + Send>, seen: &Mutex<Seen>) {
    let mut buffer = [0; 4096];
    loop {
        let read = reader.read(&mut buffer);
        let mut seen = seen.lock().expect("not poisoned");
        match read {
            Ok(0) | Err(_) => {
                seen.over = true;
                return;
            }
            Ok(count) => {
                seen.parser.process(&buffer[..count]);
                seen.bytes.extend_from_slice(&buffer[..count]);
                seen.changed = Instant::now();
            }
        }
    }
}

#[cfg(unix)]
fn flags(master: &dyn MasterPty) -> Flags {
    let settings = master.get_termios().expect("a terminal");
    (
        u64::from(settings.local_flags.bits()),
        u64::from(settings.input_flags.bits()),
    )
}

#[cfg(windows)]
fn flags(_: &dyn MasterPty) -> Flags {
    (0, 0)
}
