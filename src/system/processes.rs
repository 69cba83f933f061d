//! Other programs: finding them, running them within limits, and becoming one. No shell is
//! involved anywhere: a program gets its arguments as they are.

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::error::{Error, Kind, Result};
use crate::system::{Environment, signals};

mod running;

#[cfg(unix)]
pub(super) use running::end_all;
use running::{Running, has_ended, own_group};

/// How often a running program is looked after.
const POLL: Duration = Duration::from_millis(10);
/// How long the last output may take to arrive after the end of the program.
const LAST_OUTPUT: Duration = Duration::from_millis(250);
/// Bytes of one output stream after which the program is ended: it does not mean to end by itself.
const FLOOD: usize = 16 * 1024 * 1024;
/// How often a program is tried again that an installer has open for writing.
const BUSY_TRIES: u32 = 10;
const BUSY_PAUSE: Duration = Duration::from_millis(20);

/// Starts programs.
#[derive(Clone, Copy, Debug)]
pub struct Processes;

/// A program to run. It gets exactly this environment, its own process group, a
/// time limit and an output limit.
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
    /// The exit code; `None` when a signal ended it, or this program did.
    pub code: Option<i32>,
    /// The time limit passed, and its whole process group was killed.
    pub timed_out: bool,
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
    pub elapsed: Duration,
}

/// How a program on this terminal ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attached {
    /// The exit code as shells give it, 128+n after signal n.
    pub code: u8,
    /// Ctrl-C was pressed meanwhile, whatever the program made of it.
    pub interrupted: bool,
}

/// Something in a folder of `PATH` that has the right name and cannot be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unusable {
    pub path: PathBuf,
    pub why: WhyUnusable,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WhyUnusable {
    /// A symbolic link that leads nowhere.
    Dangling,
    /// A file that this user may not execute.
    NotExecutable,
}

impl Processes {
    /// Every program of that name in the folders of `PATH`, in order, each real file once.
    #[must_use]
    pub fn find_all(&self, name: &str, environment: &Environment) -> Vec<PathBuf> {
        let mut seen = HashSet::new();
        let mut hits = executables(name, environment);
        hits.retain(|hit| seen.insert(hit.canonicalize().unwrap_or_else(|_| hit.clone())));
        hits
    }

    /// What stands under that name in the folders of `PATH` and cannot be run, in order.
    #[must_use]
    pub fn find_unusable(&self, name: &str, environment: &Environment) -> Vec<Unusable> {
        let usable = executables(name, environment);
        let mut found = Vec::new();
        for folder in search_folders(environment) {
            let path = folder.join(name);
            if usable.contains(&path) || path.symlink_metadata().is_err() {
                continue;
            }
            let why = match path.metadata() {
                Ok(target) if target.is_file() => WhyUnusable::NotExecutable,
                Ok(_) => continue,
                Err(_) => WhyUnusable::Dangling,
            };
            let unusable = Unusable { path, why };
            if !found.contains(&unusable) {
                found.push(unusable);
            }
        }
        found
    }

    /// Runs a program to its end or to its limit (of time, or 16 MiB of output), and leaves nothing of its process group running.
    /// On Windows only the program itself is ended at its limit.
    ///
    /// # Errors
    /// `MissingProgram` when it cannot be started, `Io` when it cannot be watched.
    pub fn run(&self, spawn: &Spawn<'_>) -> Result<Finished> {
        self.run_with_input(spawn, b"")
    }

    /// As [`Processes::run`], with a short standard input: what does not fit into a pipe at once
    /// could wait for ever.
    ///
    /// # Errors
    /// As [`Processes::run`].
    pub fn run_with_input(&self, spawn: &Spawn<'_>, input: &[u8]) -> Result<Finished> {
        let stdin = if input.is_empty() {
            Stdio::null
        } else {
            Stdio::piped
        };
        let started = Instant::now();
        let mut command = prepare(spawn.program.as_os_str(), spawn.environment);
        command
            .args(spawn.arguments)
            .current_dir(spawn.folder)
            .stdin(stdin())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        own_group(&mut command);
        let mut running = retry_busy(|| Running::start(&mut command)).map_err(|error| {
            cannot_start(spawn.program.as_os_str(), error).with_kind(Kind::MissingProgram)
        })?;
        if let Some(mut pipe) = running.child.stdin.take() {
            // A program that does not read it shall answer all the same.
            let _ = pipe.write_all(input);
        }
        watch_to_end(running, spawn, started)
            .map_err(|e| Error::io("cannot watch", spawn.program, e).with_kind(Kind::Io))
    }

    /// Replaces this process by `command` (on Windows: runs it and passes its code on). Comes back
    /// only with the error that kept it from starting.
    ///
    /// # Errors
    /// `NotFound` (127 in `exec`), `Permission` (126 in `exec`) or `Usage` for an empty command.
    #[cfg(unix)]
    pub fn become_program(&self, command: &[OsString], environment: &Environment) -> Result<u8> {
        use std::os::unix::process::CommandExt;
        let (program, mut prepared) = prepare_all(command, environment)?;
        let outcome = retry_busy(|| Err::<(), _>(prepared.exec()));
        outcome.map_or_else(|error| Err(cannot_start(program, error)), |()| Ok(0))
    }

    /// Runs `command` and passes its code on: this system cannot replace a process.
    ///
    /// # Errors
    /// As [`Processes::run_attached`].
    #[cfg(not(unix))]
    pub fn become_program(&self, command: &[OsString], environment: &Environment) -> Result<u8> {
        self.run_attached(command, environment)
            .map(|ended| ended.code)
    }

    /// Runs `command` on this terminal and waits for it. Ctrl-C meanwhile is the program's affair; SIGTERM and SIGHUP are passed on.
    ///
    /// # Errors
    /// As [`Processes::become_program`], and `Io` when it cannot be waited for.
    pub fn run_attached(
        &self,
        command: &[OsString],
        environment: &Environment,
    ) -> Result<Attached> {
        let (program, mut prepared) = prepare_all(command, environment)?;
        let lent = signals::lend_terminal();
        let mut child =
            retry_busy(|| prepared.spawn()).map_err(|error| cannot_start(program, error))?;
        let status = lent
            .wait(&mut child)
            .map_err(|e| Error::io("cannot wait for", program, e).with_kind(Kind::Io))?;
        Ok(Attached {
            code: shell_code(status),
            interrupted: lent.end(),
        })
    }
}

/// The hits of `PATH` that may be executed, in order, as `which` sees them.
fn executables(name: &str, environment: &Environment) -> Vec<PathBuf> {
    let folders = search_folders(environment);
    // Joined, no folder at all would be one empty entry: the working folder.
    let joined = std::env::join_paths(&folders).unwrap_or_default();
    if folders.is_empty() || joined.is_empty() {
        return Vec::new();
    }
    which::which_in_all(name, Some(joined), environment.folder())
        .map(Iterator::collect)
        .unwrap_or_default()
}

/// The folders of `PATH` as absolute paths; an empty entry is the working folder.
fn search_folders(environment: &Environment) -> Vec<PathBuf> {
    let path = environment.raw("PATH").unwrap_or_default();
    if path.is_empty() {
        return Vec::new();
    }
    std::env::split_paths(path)
        .map(|folder| environment.folder().join(folder))
        .collect()
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that starts programs"
)]
fn prepare(program: &OsStr, environment: &Environment) -> Command {
    let mut command = Command::new(program);
    command.env_clear().envs(environment.iter());
    command
}

fn prepare_all<'a>(
    command: &'a [OsString],
    environment: &Environment,
) -> Result<(&'a OsStr, Command)> {
    let Some((program, arguments)) = command.split_first() else {
        return Err(Error::usage("no program is named"));
    };
    let mut prepared = prepare(program, environment);
    prepared.args(arguments);
    Ok((program, prepared))
}

/// Names the program and never its arguments, which may hold anything.
fn cannot_start(program: &OsStr, error: io::Error) -> Error {
    let name = program.display();
    let path = Path::new(program);
    if error.kind() != io::ErrorKind::NotFound {
        let text = format!("`{name}` cannot be executed");
        return Error::new(Kind::Permission, text).caused_by(error);
    }
    if path.components().count() > 1 && path.is_file() {
        let text = format!("`{name}` names an interpreter that does not exist");
        return Error::new(Kind::NotFound, text)
            .hint("Its first line, or the loader it was linked for, says which one it needs.");
    }
    Error::new(Kind::NotFound, format!("there is no program `{name}`"))
        .hint("Check its spelling and that its folder is in PATH.")
}

/// An installer that replaces a program has it open for writing for a moment.
fn retry_busy<T>(mut start: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    for _ in 1..BUSY_TRIES {
        match start() {
            Err(e) if e.kind() == io::ErrorKind::ExecutableFileBusy => {
                std::thread::sleep(BUSY_PAUSE);
            }
            other => return other,
        }
    }
    start()
}

fn watch_to_end(mut running: Running, spawn: &Spawn<'_>, started: Instant) -> io::Result<Finished> {
    let (open, closed) = mpsc::channel();
    let limit = spawn.output_limit;
    let stdout = drain(running.child.stdout.take(), limit, open.clone())?;
    let stderr = drain(running.child.stderr.take(), limit, open)?;
    let end = end_of(&mut running.child, started + spawn.timeout, &closed)?;
    let status = running.end()?;
    let elapsed = started.elapsed();
    // A grandchild in a session of its own may hold the pipes for ever: it is not waited for.
    let _ = closed.recv_timeout(LAST_OUTPUT);
    Ok(Finished {
        code: status.code().filter(|_| end == End::Own),
        timed_out: end == End::Late,
        stdout: taken(&stdout),
        stderr: taken(&stderr),
        elapsed,
    })
}

/// What a program came to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Own,
    Late,
    /// It printed more than [`FLOOD`].
    Flood,
}

/// Waits for the end of the program without reaping it. `closed` disconnects when both pipes are
/// at their end, which is nearly always the moment of the program's own end, and tells of a flood.
fn end_of(child: &mut Child, deadline: Instant, closed: &Receiver<()>) -> io::Result<End> {
    let mut pause = Duration::from_millis(1);
    loop {
        if has_ended(child)? {
            return Ok(End::Own);
        }
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(End::Late);
        }
        match closed.recv_timeout(POLL.min(left)) {
            Ok(()) => return Ok(End::Flood),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                std::thread::sleep(pause.min(left));
                pause = (pause * 2).min(POLL);
            }
        }
    }
}

/// Reads a pipe to its end on a thread of its own and keeps the first `limit` bytes. `open` is
/// told of a flood, and dropped at the end of the pipe.
fn drain(
    pipe: Option<impl Read + Send + 'static>,
    limit: usize,
    open: Sender<()>,
) -> io::Result<Arc<Mutex<Vec<u8>>>> {
    let kept = Arc::new(Mutex::new(Vec::new()));
    let Some(mut pipe) = pipe else {
        return Ok(kept);
    };
    let shared = Arc::clone(&kept);
    std::thread::Builder::new()
        .name("output".to_owned())
        .spawn(move || {
            let mut chunk = [0; 8192];
            let mut seen = 0;
            loop {
                match pipe.read(&mut chunk) {
                    Ok(0) => break,
                    Ok(count) => {
                        seen += count;
                        if seen > FLOOD && open.send(()).is_err() {
                            // The program was ended; what still comes is of a child that it left.
                            break;
                        }
                        let mut kept = shared.lock().unwrap_or_else(PoisonError::into_inner);
                        let room = limit.saturating_sub(kept.len());
                        kept.extend_from_slice(&chunk[..count.min(room)]);
                    }
                    Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                    Err(_) => break,
                }
            }
        })?;
    Ok(kept)
}

fn taken(kept: &Mutex<Vec<u8>>) -> Vec<u8> {
    std::mem::take(&mut *kept.lock().unwrap_or_else(PoisonError::into_inner))
}

/// The code that a shell would report.
fn shell_code(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    {
        use std::os::unix::process::ExitStatusExt;
        if let Some(signal) = status.signal() {
            return u8::try_from(128 + signal).unwrap_or(u8::MAX);
        }
    }
    status
        .code()
        .map_or(1, |code| u8::try_from(code).unwrap_or(1))
}

#[cfg(all(test, unix))]
mod tests;
