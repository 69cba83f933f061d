//! Tries a subscription token or a login by running the unmodified `claude` with it: both are for
//! that program alone, and no request of ours imitates it. It costs a little usage of the plan.
//!
//! The program runs in an empty folder that is gone afterwards, with an environment that holds the
//! token and no other credential. A token gets a home and a configuration that hold nothing; a login
//! is used where it is, and Claude Code may renew it there as it always does. No hook, server or
//! instruction of a project or a user takes part: `claude -p` would run those of the folder and the
//! servers of every folder above it. Only what an administrator has set for everybody does.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::without;
use crate::error::{Kind, Result};
use crate::provider::anthropic::endpoint::{Allowance, Endpoint, Origin, may_send};
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
/// One turn with one short answer, and no servers.
const ARGUMENTS: &[&str] = &[
    "-p",
    "Reply with OK.",
    "--output-format",
    "json",
    "--max-turns",
    "1",
    "--strict-mcp-config",
    "--setting-sources",
];
/// A token is tried with the settings of an empty configuration.
const FOR_TOKEN: &[&str] = &["user"];
/// A login with those of an empty folder, so that the user's hooks and helpers stay out; and without
/// leaving a conversation behind.
const FOR_LOGIN: &[&str] = &["project", "--no-session-persistence"];

/// One token to try. Whether it may be sent to that endpoint is decided before, by
/// [`crate::provider::anthropic::endpoint::may_send`].
#[derive(Clone, Debug)]
pub struct Trial {
    pub token: Secret,
    pub endpoint: Endpoint,
    /// For the whole run of the program.
    pub timeout: Duration,
}

/// One login to try where it is; the rule of endpoints is that of [`Trial`].
#[derive(Clone, Debug)]
pub struct LoginTrial {
    /// What `CLAUDE_CONFIG_DIR` must be; `None` for the default folder.
    pub config_dir: Option<PathBuf>,
    pub endpoint: Endpoint,
    /// For the whole run of the program.
    pub timeout: Duration,
}

/// Where `claude` sends its requests: as the environment says, if that is Anthropic's own or this
/// machine.
#[must_use]
pub fn endpoint(system: &System) -> Endpoint {
    let url = system.environment.get(variables::ANTHROPIC_BASE_URL);
    let named = url.and_then(|url| Endpoint::parse(url).ok());
    // Whoever is behind a gateway's address has no business with a subscription.
    let allowed =
        |endpoint: &Endpoint| may_send(Origin::Entered, endpoint, Allowance::default()).is_ok();
    named.filter(allowed).unwrap_or_else(Endpoint::anthropic)
}

/// Runs the program once with a token and says what came of it. Never fails: what went wrong is the
/// verdict.
#[must_use]
pub fn run(system: &System, trial: &Trial) -> Verdict {
    let Trial {
        endpoint, timeout, ..
    } = trial;
    let mut verdict = started(system, endpoint, *timeout, FOR_TOKEN, |child, scratch| {
        let home = folder(system, scratch, "home")?;
        for name in ["HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"] {
            if name == "HOME" || cfg!(windows) {
                child.set(name, &home);
            }
        }
        let config = folder(system, scratch, "config")?;
        child.set(variables::CLAUDE_CONFIG_DIR, config);
        child.set(variables::CLAUDE_CODE_OAUTH_TOKEN, trial.token.for_child());
        Ok(())
    });
    if let Some(message) = &verdict.message {
        verdict.message = Some(without(message, &trial.token));
    }
    verdict
}

/// Runs the program once with the login of a configuration, as [`run`].
#[must_use]
pub fn run_login(system: &System, trial: &LoginTrial) -> Verdict {
    let LoginTrial {
        endpoint,
        timeout,
        config_dir,
    } = trial;
    started(system, endpoint, *timeout, FOR_LOGIN, |child, _| {
        for name in ["HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"] {
            if let Some(value) = system.environment.raw(name) {
                child.set(name, value);
            }
        }
        if let Some(folder) = config_dir {
            child.set(variables::CLAUDE_CONFIG_DIR, folder);
        }
        Ok(())
    })
}

/// Finds the program, runs it with what `credential` adds to its environment, and says what came
/// of it.
fn started(
    system: &System,
    endpoint: &Endpoint,
    timeout: Duration,
    further: &[&str],
    credential: impl FnOnce(&mut Environment, &Path) -> Result<()>,
) -> Verdict {
    let host = endpoint.host();
    let program = match find(system, &host) {
        Ok(program) => program,
        Err(verdict) => return *verdict,
    };
    ask(system, endpoint, timeout, further, &program, credential).unwrap_or_else(|error| {
        let reason = match error.kind() {
            Kind::MissingProgram => Reason::ProgramUnusable,
            _ => Reason::ProgramCrashed,
        };
        let mut verdict = Verdict::of(reason, host);
        verdict.message = Some(error.to_string());
        verdict
    })
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
fn ask(
    system: &System,
    endpoint: &Endpoint,
    timeout: Duration,
    further: &[&str],
    program: &Path,
    credential: impl FnOnce(&mut Environment, &Path) -> Result<()>,
) -> Result<Verdict> {
    let scratch = system.files.scratch(&system.environment)?;
    let work = folder(system, scratch.path(), "work")?;
    let tmp = folder(system, scratch.path(), "tmp")?;
    let mut child = environment(&system.environment, endpoint, &tmp);
    credential(&mut child, scratch.path())?;
    let finished = system.processes.run(&Spawn {
        program,
        arguments: &[ARGUMENTS, further].concat(),
        environment: &child,
        folder: &work,
        timeout,
        output_limit: OUTPUT_LIMIT,
    })?;
    let said = Said {
        code: finished.code,
        timed_out: finished.timed_out,
        flooded: finished.stdout.len() >= OUTPUT_LIMIT || finished.stderr.len() >= OUTPUT_LIMIT,
        stdout: &finished.stdout,
        stderr: &finished.stderr,
    };
    let mut verdict = classify(&endpoint.host(), &said);
    verdict.elapsed = finished.elapsed;
    Ok(verdict)
}

fn folder(system: &System, scratch: &Path, name: &str) -> Result<PathBuf> {
    let folder = scratch.join(name);
    system.files.create_private_folder(&folder)?;
    Ok(folder)
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

/// What the program gets whatever it is tried with.
fn environment(own: &Environment, endpoint: &Endpoint, tmp: &Path) -> Environment {
    let mut environment = Environment::default();
    let ways: &[&[&str]] = if endpoint.is_loopback() {
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
    for name in ["TMPDIR", "TEMP", "TMP"] {
        environment.set(name, tmp);
    }
    if !endpoint.is_own() {
        environment.set(variables::ANTHROPIC_BASE_URL, endpoint.to_string());
    }
    environment
}
