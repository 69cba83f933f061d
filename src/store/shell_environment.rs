//! What a login shell of the user sets (`env.shellEnv` of the configuration): variables that start-up
//! files export, for programs that were not started from a shell. It is run only where the user has
//! switched it on, within a time limit.

use std::path::Path;
use std::time::Duration;

use indexmap::IndexMap;
use zeroize::Zeroizing;

use crate::secret::Secret;
use crate::system::processes::Spawn;
use crate::system::{System, signals};

/// Bytes of an environment at most; a larger one is something else.
const OUTPUT: usize = 4 * 1024 * 1024;
/// Start-up files may print something; what counts stands behind this.
const MARK: &[u8] = b"\0keywright-environment\0";
const SCRIPT: &str = "printf '\\0keywright-environment\\0'; env -0";

/// Runs the shell in `SHELL` once, and gives what it exports.
///
/// # Errors
/// Why nothing could be learned, as a fragment.
pub fn import(system: &System, timeout: Duration) -> Result<IndexMap<String, Secret>, String> {
    let environment = &system.environment;
    let shell = environment
        .path("SHELL")
        .filter(|shell| shell.is_absolute());
    let shell = shell.ok_or_else(|| "SHELL names no shell".to_owned())?;
    // As OpenClaw does: bash reads the start-up files of interactive shells only with -i.
    let interactive = shell.ends_with("bash");
    let arguments = [if interactive { "-lic" } else { "-lc" }, SCRIPT];
    let home = environment.home();
    let spawn = Spawn {
        program: &shell,
        arguments: &arguments,
        environment,
        folder: home.as_deref().unwrap_or(Path::new("/")),
        timeout,
        output_limit: OUTPUT,
    };
    signals::watch_programs(system.terminal);
    let finished = system
        .processes
        .run(&spawn)
        .map_err(|error| error.to_string())?;
    let output = Zeroizing::new(finished.stdout);
    match variables(&output) {
        Some(variables) => Ok(variables),
        None if finished.timed_out => Err(format!(
            "{} took longer than env.shellEnv.timeoutMs ({} ms)",
            shell.display(),
            timeout.as_millis()
        )),
        None => Err(format!("{} told nothing", shell.display())),
    }
}

fn variables(output: &[u8]) -> Option<IndexMap<String, Secret>> {
    let at = output
        .windows(MARK.len())
        .position(|window| window == MARK)?;
    let block = &output[at + MARK.len()..];
    // An environment that was cut off by the limit ends without its last mark.
    let whole = &block[..=block.iter().rposition(|byte| *byte == 0)?];
    let pairs = whole.split(|byte| *byte == 0).filter_map(|pair| {
        let (name, value) = std::str::from_utf8(pair).ok()?.split_once('=')?;
        Some((name.to_owned(), Secret::new(value)))
    });
    Some(pairs.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_behind_the_mark_counts() {
        let check = |output: &[u8], expected: Option<&[&str]>| {
            let found = variables(output);
            let names = found
                .as_ref()
                .map(|found| found.keys().map(String::as_str).collect());
            assert_eq!(names, expected.map(<[_]>::to_vec), "{output:?}");
        };
        check(
            b"welcome\n\0keywright-environment\0A=1\0B=x=y\0",
            Some(&["A", "B"]),
        );
        check(b"\0keywright-environment\0A=1\0B=cut", Some(&["A"]));
        check(b"\0keywright-environment\0", None);
        check(b"A=1\0", None);
    }
}
