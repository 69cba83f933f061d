//! What a login shell really sets: it is run, once, with nothing but what a login gives it
//! (`--deep` alone). Its start-up files may do anything, which is why it is not run by default.

use std::path::{Path, PathBuf};
use std::time::Duration;

use zeroize::Zeroizing;

use super::settings::of_block;
use crate::doctor::facts::{LoginShell, Origin};
use crate::system::processes::Spawn;
use crate::system::{Environment, System};

/// As much as OpenClaw gives a shell is 15 s; nobody waits that long for a prompt.
const TIMEOUT: Duration = Duration::from_secs(5);
const OUTPUT: usize = 4 * 1024 * 1024;
/// Start-up files may print something; what counts stands behind this.
const MARK: &str = "keywright-environment";

/// The shell and the words that it is run with; `None` where there is no shell to run.
#[must_use]
pub fn command(system: &System) -> Option<(PathBuf, [&'static str; 3])> {
    let shell = system.environment.path("SHELL")?;
    let known = super::settings::is_shell(&shell.to_string_lossy());
    let script = "printf '\\0keywright-environment\\0'; env -0";
    (known && shell.is_absolute()).then_some((shell, ["-l", "-ic", script]))
}

/// Runs it.
pub fn run(system: &System, timeout: Duration) -> Option<LoginShell> {
    let (program, arguments) = command(system)?;
    let kept = [
        "HOME",
        "USER",
        "LOGNAME",
        "SHELL",
        "PATH",
        "LANG",
        "XDG_RUNTIME_DIR",
        "ZDOTDIR",
    ];
    let kept = kept
        .iter()
        .filter_map(|name| Some((*name, system.environment.raw(name)?)));
    let environment = Environment::of(kept.chain([("TERM", "dumb".as_ref())]), "/");
    let home = system.environment.home();
    let spawn = Spawn {
        program: &program,
        arguments: &arguments,
        environment: &environment,
        folder: home.as_deref().unwrap_or(Path::new("/")),
        timeout: TIMEOUT.min(timeout * 8 / 10),
        output_limit: OUTPUT,
    };
    let name = program.display().to_string();
    let mut shell = LoginShell {
        program: name.clone(),
        ..LoginShell::default()
    };
    match system.processes.run(&spawn) {
        Ok(finished) => {
            let stdout = Zeroizing::new(finished.stdout);
            match block(&stdout) {
                Some(block) => shell.settings = of_block(block, Origin::Process, &name),
                None if finished.timed_out => {
                    shell.problem = Some("it took too long".to_owned());
                }
                None => shell.problem = Some("it told nothing".to_owned()),
            }
        }
        Err(error) => shell.problem = Some(error.to_string()),
    }
    Some(shell)
}

/// What stands behind the mark.
fn block(output: &[u8]) -> Option<&[u8]> {
    let mark = [&[0], MARK.as_bytes(), &[0]].concat();
    let at = output
        .windows(mark.len())
        .position(|window| window == mark)?;
    Some(&output[at + mark.len()..])
}
