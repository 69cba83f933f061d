//! Tries a subscription token by running the unmodified `claude` with it: such a token is for that
//! program alone, and no request of ours imitates it. It costs a little usage of the plan.
//!
//! The program runs in an empty folder, with a home and a configuration that hold nothing and are
//! gone afterwards, and with an environment that holds the token and no other credential. So no
//! hook, server or instruction of a project or a user takes part; only what an administrator has
//! set for the whole machine does.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::without;
use crate::error::{Kind, Result};
use crate::provider::anthropic::endpoint::Endpoint;
use crate::provider::anthropic::program::{Said, classify};
use crate::provider::{Reason, Verdict};
use crate::secret::Secret;
use crate::system::processes::{Spawn, WhyUnusable};
use crate::system::{Environment, System};
use crate::variables;

/// Time for one trial when nothing else was asked for: a cold start and one answer of a model.
pub const TIMEOUT: Duration = Duration::from_mins(1);
/// Bytes of its output that are read; an answer has two kilobytes.
const OUTPUT_LIMIT: usize = 1024 * 1024;
const PROGRAM: &str = "claude";
/// One turn with one short answer, with nothing read but the empty configuration.
const ARGUMENTS: &[&str] = &[
    "-p",
    "Reply with OK.",
    "--output-format",
    "json",
    "--max-turns",
    "1",
    "--setting-sources",
    "user",
    "--strict-mcp-config",
];

/// One token to try. Whether it may be sent to that endpoint is decided before, by
/// [`crate::provider::anthropic::endpoint::may_send`].
#[derive(Clone, Debug)]
pub struct Trial {
    pub token: Secret,
    pub endpoint: Endpoint,
    /// For the whole run of the program.
    pub timeout: Duration,
}

/// Runs the program once and says what came of it. Never fails: what went wrong is the verdict.
#[must_use]
pub fn run(system: &System, trial: &Trial) -> Verdict {
    let host = trial.endpoint.host();
    let program = match find(system, &host) {
        Ok(program) => program,
        Err(verdict) => return *verdict,
    };
    let mut verdict = match ask(system, trial, &program) {
        Ok(verdict) => verdict,
        Err(error) => {
            let reason = if error.kind() == Kind::MissingProgram {
                Reason::ProgramUnusable
            } else {
                Reason::ProgramCrashed
            };
            let mut verdict = Verdict::of(reason, host);
            verdict.message = Some(error.to_string());
            verdict
        }
    };
    if let Some(message) = &verdict.message {
        verdict.message = Some(without(message, &trial.token));
    }
    verdict
}

/// The program that a shell would start, or the verdict that there is none.
fn find(system: &System, host: &str) -> Result<PathBuf, Box<Verdict>> {
    let environment = &system.environment;
    let found = system.processes.find_all(PROGRAM, environment);
    if let Some(program) = found.into_iter().next() {
        return Ok(program);
    }
    let unusable = system.processes.find_unusable(PROGRAM, environment);
    let Some(hit) = unusable.first() else {
        return Err(Box::new(Verdict::of(Reason::ProgramMissing, host)));
    };
    let why = match hit.why {
        WhyUnusable::Dangling => "is a link that leads nowhere",
        WhyUnusable::NotExecutable => "may not be executed",
    };
    let mut verdict = Verdict::of(Reason::ProgramUnusable, host);
    verdict.message = Some(format!("{} {why}", hit.path.display()));
    Err(Box::new(verdict))
}

/// Runs the program in a scratch folder, which is removed whatever becomes of it.
fn ask(system: &System, trial: &Trial, program: &Path) -> Result<Verdict> {
    let scratch = system.files.scratch(&system.environment)?;
    let folder = |name: &str| -> Result<PathBuf> {
        let folder = scratch.path().join(name);
        system.files.create_private_folder(&folder)?;
        Ok(folder)
    };
    let home = folder("home")?;
    let work = folder("work")?;
    let finished = system.processes.run(&Spawn {
        program,
        arguments: ARGUMENTS,
        environment: &environment(
            &system.environment,
            trial,
            &home,
            &folder("config")?,
            &folder("tmp")?,
        ),
        folder: &work,
        timeout: trial.timeout,
        output_limit: OUTPUT_LIMIT,
    })?;
    let said = Said {
        code: finished.code,
        timed_out: finished.timed_out,
        flooded: finished.stdout.len() >= OUTPUT_LIMIT || finished.stderr.len() >= OUTPUT_LIMIT,
        stdout: &finished.stdout,
        stderr: &finished.stderr,
    };
    let mut verdict = classify(&trial.endpoint.host(), &said);
    verdict.elapsed = finished.elapsed;
    Ok(verdict)
}

/// What a program needs to run at all and to reach the network, and nothing that is a credential.
const INHERITED: &[&str] = &[
    "PATH",
    "TERM",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "TZ",
    "USER",
    "LOGNAME",
    // Windows programs do not start without these.
    "SystemRoot",
    "SystemDrive",
    "ComSpec",
    "PATHEXT",
    "WINDIR",
];

/// No retries, no updates, nothing sent but the one question. An older version does not know all
/// of them, and takes no harm.
const QUIET: &[(&str, &str)] = &[
    ("CLAUDE_CODE_MAX_RETRIES", "0"),
    ("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1"),
    ("CLAUDE_CODE_DISABLE_AUTO_MEMORY", "1"),
    ("CLAUDE_CODE_IDE_SKIP_AUTO_INSTALL", "1"),
    ("DISABLE_AUTOUPDATER", "1"),
    ("DISABLE_ERROR_REPORTING", "1"),
    ("DISABLE_TELEMETRY", "1"),
    ("NO_COLOR", "1"),
];

fn environment(
    own: &Environment,
    trial: &Trial,
    home: &Path,
    config: &Path,
    tmp: &Path,
) -> Environment {
    let mut environment = Environment::default();
    let loopback = trial.endpoint.is_loopback();
    let ways: &[&[&str]] = if loopback {
        // An address of this machine is never asked for through a proxy.
        &[]
    } else {
        &[variables::PROXIES, variables::NO_PROXY]
    };
    let names = [INHERITED, variables::TRUST, variables::CLIENT_CERTIFICATE];
    for name in names.iter().chain(ways).copied().flatten() {
        if let Some(value) = own.raw(name) {
            environment.set(name, value);
        }
    }
    for (name, value) in QUIET {
        environment.set(name, value);
    }
    for name in ["HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"] {
        if name == "HOME" || cfg!(windows) {
            environment.set(name, home);
        }
    }
    for name in ["TMPDIR", "TEMP", "TMP"] {
        environment.set(name, tmp);
    }
    environment.set(variables::CLAUDE_CONFIG_DIR, config);
    if !trial.endpoint.is_own() {
        environment.set(variables::ANTHROPIC_BASE_URL, trial.endpoint.to_string());
    }
    environment.set(variables::CLAUDE_CODE_OAUTH_TOKEN, trial.token.for_child());
    environment
}
