//! References to programs. The program gets a request on its standard input and answers on its
//! standard output, both JSON (protocol version 1, `OpenClaw`'s):
//!
//! ```json
//! {"protocolVersion":1,"provider":"vault","ids":["anthropic/key"]}
//! {"protocolVersion":1,"values":{"anthropic/key":"sk-ant-…"},"errors":{}}
//! ```
//!
//! It is started without a shell, with `PATH`, the variables of `env` and of `passEnv` and nothing
//! else, in its own folder, in a process group that outlives neither the call nor this process. Its error output is
//! thrown away: it may hold anything.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;
use zeroize::Zeroizing;

use super::{Mend, Unresolved, answering};
use crate::secret::Secret;
use crate::store::config::secrets::ExecProvider;
use crate::store::profile::SecretRef;
use crate::system::files::{Entry, EntryKind};
use crate::system::processes::{Finished, Spawn};
use crate::system::{Environment, Files, System, signals, this_program};
use crate::variables;

const VERSION: u64 = 1;
const ROOT: u32 = 0;

/// Asks the program for the value of a reference, and waits for no more than `left`.
pub fn resolve(
    system: &System,
    provider: &ExecProvider,
    reference: &SecretRef,
    left: Duration,
) -> Result<Secret, Unresolved> {
    let id = reference.id.as_str();
    check_id(id)?;
    if answering(&system.environment) {
        let why = "a program that answers for a reference cannot ask for another one";
        return Err(Unresolved::new(why, Mend::Nothing));
    }
    let program = checked(system, provider)?;
    let request = serde_json::json!({
        "protocolVersion": VERSION,
        "provider": reference.provider,
        "ids": [id],
    });
    let timeout = provider.timeout.min(left);
    signals::watch_programs(system.terminal);
    let arguments: Vec<&str> = provider.arguments.iter().map(String::as_str).collect();
    let finished = system.processes.run_with_input(
        &Spawn {
            program: &program,
            arguments: &arguments,
            environment: &environment(system, provider),
            folder: program.parent().unwrap_or(Path::new("/")),
            timeout,
            output_limit: provider.limit.saturating_add(1),
        },
        format!("{request}\n").as_bytes(),
    );
    let finished = finished.map_err(|error| Unresolved::new(error.to_string(), Mend::Nothing))?;
    if finished.timed_out {
        let what = format!("did not answer within {} ms", timeout.as_millis());
        return Err(refused(&provider.command, &what, Mend::Nothing));
    }
    answer(provider, finished, id)
}

/// What may be asked for; as `OpenClaw` has it.
pub fn check_id(id: &str) -> Result<(), Unresolved> {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || b"._:/#-".contains(&byte);
    let good = id.len() <= 256
        && id.starts_with(|c: char| c.is_ascii_alphanumeric())
        && id.bytes().all(known)
        && !id.split('/').any(|part| matches!(part, "." | ".."));
    if good {
        return Ok(());
    }
    let why = "its reference asks a program for something that cannot be an id";
    Err(Unresolved::new(why, Mend::Nothing))
}

fn refused(path: &Path, what: &str, mend: Mend) -> Unresolved {
    let path = path.display();
    Unresolved::new(format!("the program {path} that it refers to {what}"), mend)
}

/// The file that will be started, which nobody else may have made or may change.
fn checked(system: &System, provider: &ExecProvider) -> Result<PathBuf, Unresolved> {
    let (files, command) = (system.files, provider.command.as_path());
    let real = files
        .real(command)
        .ok_or_else(|| refused(command, "is not there", Mend::Configuration))?;
    let own = this_program().ok().and_then(|path| files.real(&path));
    if own.as_ref() == Some(&real) {
        let what = "is keywright itself: a reference cannot lead to itself";
        return Err(refused(command, what, Mend::Configuration));
    }
    let trusted = |folder: &PathBuf| files.real(folder).is_some_and(|f| real.starts_with(f));
    if !provider.trusted.is_empty() && !provider.trusted.iter().any(trusted) {
        let what = "is in none of the folders of trustedDirs";
        return Err(refused(command, what, Mend::Configuration));
    }
    let way = way(files, command)
        .ok_or_else(|| refused(command, "cannot be looked at", Mend::Nothing))?;
    for (at, (path, entry)) in way.iter().rev().enumerate() {
        let name = path.display();
        if at == 0 && (entry.kind != EntryKind::File || (cfg!(unix) && entry.mode & 0o111 == 0)) {
            return Err(refused(command, "cannot be executed", Mend::Nothing));
        }
        if entry.owner != ROOT && entry.owner != files.user() {
            let what = format!("is not safe: {name} belongs to another user");
            return Err(refused(command, &what, Mend::Nothing));
        }
        // A link has no mode of its own.
        if entry.kind != EntryKind::Symlink && open_to_others(entry.mode, entry.owner, at == 0) {
            let mend = Mend::Guarded(name.to_string());
            let what = format!(
                "is not safe: others can change {name} (mode {:04o})",
                entry.mode
            );
            return Err(refused(command, &what, mend));
        }
    }
    Ok(real)
}

/// Every folder and link that leads to the file at `path`, which comes last: whoever can change one
/// of them chooses the program. `None` where something on the way cannot be looked at.
fn way(files: Files, path: &Path) -> Option<Vec<(PathBuf, Entry)>> {
    /// More parts than this are links that lead in a circle.
    const PARTS: usize = 512;
    let parts = |path: &Path| {
        let parts = path.components().rev();
        parts
            .map(|part| PathBuf::from(part.as_os_str()))
            .collect::<Vec<_>>()
    };
    let (mut left, mut here, mut seen) = (parts(path), PathBuf::new(), Vec::new());
    for _ in 0..PARTS {
        let Some(part) = left.pop() else {
            return Some(seen);
        };
        match part.to_str() {
            Some(".") => continue,
            Some("..") => {
                here.pop();
                continue;
            }
            _ => {}
        }
        let next = here.join(part);
        let entry = files.entry(&next).ok()??;
        match &entry.target {
            Some(target) => left.extend(parts(Path::new(target))),
            None => here.clone_from(&next),
        }
        seen.push((next, entry));
    }
    None
}

/// In a folder with the sticky bit nobody replaces what belongs to another; root's groups are
/// root's decision.
const fn open_to_others(mode: u32, owner: u32, program: bool) -> bool {
    let sticky = !program && mode & 0o1000 != 0;
    let group = mode & 0o020 != 0 && (program || owner != ROOT);
    (mode & 0o002 != 0 || group) && !sticky
}

/// What the program gets, and no more.
fn environment(system: &System, provider: &ExecProvider) -> Environment {
    let mut environment = Environment::default();
    let pass = provider.pass.iter().map(String::as_str);
    // Windows starts nothing without its own folder.
    for name in pass.chain(["PATH", "SystemRoot"]) {
        if let Some(value) = system.environment.raw(name) {
            environment.set(name, value);
        }
    }
    for (name, value) in &provider.variables {
        environment.set(name, value.for_child());
    }
    environment.set(variables::RESOLVING, "1");
    environment
}

fn answer(provider: &ExecProvider, finished: Finished, id: &str) -> Result<Secret, Unresolved> {
    let printed = Zeroizing::new(finished.stdout);
    let failed = |what: &str| refused(&provider.command, what, Mend::Nothing);
    if printed.len() > provider.limit {
        return Err(failed(&format!(
            "printed more than {} bytes",
            provider.limit
        )));
    }
    match finished.code {
        Some(0) => {}
        Some(code) => return Err(failed(&format!("failed with exit code {code}"))),
        None => return Err(failed("was ended by a signal")),
    }
    let text = std::str::from_utf8(&printed).map_err(|_| failed("did not print text"))?;
    if text.trim().is_empty() {
        return Err(failed("printed nothing"));
    }
    match serde_json::from_str(text) {
        Ok(Value::Object(document)) => value(document, id).map_err(|what| failed(&what)),
        _ if provider.json_only => Err(failed("did not print the JSON object of an answer")),
        _ => {
            let text = text.strip_suffix('\n').unwrap_or(text);
            Ok(Secret::new(text.strip_suffix('\r').unwrap_or(text)))
        }
    }
}

/// The value of `id` in an answer, or what is wrong with it.
fn value(mut document: serde_json::Map<String, Value>, id: &str) -> Result<Secret, String> {
    if document.get("protocolVersion").and_then(Value::as_u64) != Some(VERSION) {
        return Err(format!("did not answer with protocolVersion {VERSION}"));
    }
    match document
        .get_mut("values")
        .and_then(|values| values.get_mut(id))
        .map(Value::take)
    {
        Some(Value::String(text)) if !text.trim().is_empty() => return Ok(Secret::new(text)),
        Some(_) => return Err("gave a value that is empty or no text".to_owned()),
        None => {}
    }
    let code = document
        .get("errors")
        .and_then(|errors| errors.get(id)?.get("code")?.as_str());
    let plain = |code: &&str| {
        let upper = |byte: u8| byte.is_ascii_uppercase() || byte == b'_';
        code.len() <= 40 && code.bytes().all(upper)
    };
    Err(match code.filter(plain) {
        Some(code) => format!("has no value for the id ({code})"),
        None => "has no value for the id".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids() {
        let check = |id: &str, good: bool| assert_eq!(check_id(id).is_ok(), good, "{id}");
        check("anthropic/api-key", true);
        check("a,b", false);
        check("a,b", false);
        check("", false);
        check("/a", false);
        check("a/../b", false);
        check("a/.", false);
        check(&"a".repeat(256), true);
        check(&"a".repeat(257), false);
        check("a b", false);
    }

    #[test]
    fn answers() {
        let check = |text: &str, expected: Result<&str, &str>| {
            let Ok(Value::Object(document)) = serde_json::from_str(text) else {
                panic!("{text}");
            };
            match (value(document, "a/b"), expected) {
                (Ok(secret), Ok(text)) => assert_eq!(secret, Secret::new(text)),
                (Err(what), Err(part)) => {
                    assert!(what.contains(part), "{what}");
                    assert!(!what.contains("hunter"), "{what}");
                }
                (found, _) => panic!("{text}: {found:?}"),
            }
        };
        check(
            r#"{"protocolVersion":1,"values":{"a/b":"hunter"}}"#,
            Ok("hunter"),
        );
        check(
            r#"{"protocolVersion":2,"values":{"a/b":"hunter"}}"#,
            Err("protocolVersion 1"),
        );
        check(r#"{"values":{"a/b":"hunter"}}"#, Err("protocolVersion 1"));
        check(
            r#"{"protocolVersion":1,"values":{"a":"hunter"}}"#,
            Err("no value for the id"),
        );
        check(
            r#"{"protocolVersion":1,"values":{"a/b":7}}"#,
            Err("no text"),
        );
        check(
            r#"{"protocolVersion":1,"values":{"a/b":" "}}"#,
            Err("empty"),
        );
        check(
            r#"{"protocolVersion":1,"errors":{"a/b":{"code":"NOT_FOUND"}}}"#,
            Err("(NOT_FOUND)"),
        );
        check(
            r#"{"protocolVersion":1,"errors":{"a/b":{"code":"hunter"}}}"#,
            Err("no value"),
        );
    }

    #[test]
    fn modes() {
        let check = |mode, owner, program, open| {
            assert_eq!(open_to_others(mode, owner, program), open, "{mode:o}");
        };
        check(0o755, 1000, true, false);
        check(0o775, 1000, true, true);
        check(0o775, 0, true, true);
        check(0o757, 0, true, true);
        check(0o1777, 0, false, false);
        check(0o777, 0, false, true);
        check(0o775, 0, false, false);
        check(0o775, 1000, false, true);
    }
}
