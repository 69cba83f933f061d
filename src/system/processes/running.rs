//! Programs that are running, each in a process group of its own: how one ends with all that it
//! started, also when this process is told to end first.

use std::io;
use std::process::{Child, Command, ExitStatus};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The groups of the programs that run and are not reaped yet, so that their numbers are theirs.
static STARTED: Mutex<Vec<u32>> = Mutex::new(Vec::new());

fn started() -> MutexGuard<'static, Vec<u32>> {
    STARTED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ends every program that [`super::Processes::run`] has started and that still runs. For the way
/// out: nobody waits for them then, and one of them may hold a credential.
#[cfg(unix)]
pub fn end_all() {
    use rustix::process::{Pid, Signal, kill_process_group};
    let started = started();
    for id in started.iter() {
        if let Some(group) = i32::try_from(*id).ok().and_then(Pid::from_raw) {
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
    // Nothing is started from now on.
    std::mem::forget(started);
}

/// A started program, ended with its group when this value goes away.
pub(super) struct Running {
    pub(super) child: Child,
    reaped: bool,
}

impl Running {
    /// Starts it and remembers it as one step: [`end_all`] must find it however early it comes.
    pub(super) fn start(command: &mut Command) -> io::Result<Self> {
        let mut started = started();
        let child = command.spawn()?;
        started.push(child.id());
        Ok(Self {
            child,
            reaped: false,
        })
    }

    /// Kills what is left of the group, then reaps the program. In this order: until it is reaped
    /// its number, which is the group's, cannot belong to anybody else.
    pub(super) fn end(&mut self) -> io::Result<ExitStatus> {
        let mut started = started();
        kill_group(&mut self.child);
        started.retain(|id| *id != self.child.id());
        drop(started);
        self.reaped = true;
        self.child.wait()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.reaped {
            let _ = self.end();
        }
    }
}

#[cfg(unix)]
pub(super) fn own_group(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    command.process_group(0);
}

#[cfg(not(unix))]
pub(super) fn own_group(_: &mut Command) {}

#[cfg(unix)]
fn kill_group(child: &mut Child) {
    use rustix::process::{Pid, Signal, kill_process_group};
    // An error means that nobody is left.
    let _ = kill_process_group(Pid::from_child(child), Signal::KILL);
}

#[cfg(not(unix))]
fn kill_group(child: &mut Child) {
    let _ = child.kill();
}

/// Whether the program has ended; it is not reaped.
#[cfg(unix)]
pub(super) fn has_ended(child: &mut Child) -> io::Result<bool> {
    use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};
    let look = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT | WaitIdOptions::NOHANG;
    match waitid(WaitId::Pid(Pid::from_child(child)), look) {
        Ok(status) => Ok(status.is_some()),
        Err(rustix::io::Errno::INTR) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

#[cfg(not(unix))]
pub(super) fn has_ended(child: &mut Child) -> io::Result<bool> {
    Ok(child.try_wait()?.is_some())
}
