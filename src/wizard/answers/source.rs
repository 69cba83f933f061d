//! The ways in which an answer reaches a run without being typed: the text itself, or where to
//! read it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::error::{Error, Kind, Result};
use crate::provider::paste::{self, INPUT_LIMIT};
use crate::secret::Secret;
use crate::store::config::Config;
use crate::store::reference;
use crate::system::processes::Spawn;
use crate::system::{System, input};
use crate::wizard::engine::NamedPlace;

/// How long a command may take to print a secret.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(30);

/// One way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// The answer itself; no secret.
    Text(String),
    /// The secret itself, from the command line.
    Value(Secret),
    Stdin,
    File(PathBuf),
    /// An environment variable, by its name.
    Environment(String),
    /// An open file descriptor.
    Descriptor(u32),
    /// An entry of the keyring.
    Keyring(String),
    /// A program with its arguments; it prints the secret.
    Command(Vec<String>),
}

impl Way {
    /// Reads the secret. Line breaks and the like are still in it: taking them out is the shape
    /// check's work, which also says what it took out.
    ///
    /// # Errors
    /// `MalformedCredential` for what cannot be a secret, `NotFound`, `Usage`, `Permission` or
    /// `Io`; the message names the place and never what was read.
    pub fn read_secret(&self, system: &System) -> Result<Secret> {
        let (text, place) = match self {
            Self::Value(secret) => return Ok(secret.clone()),
            Self::Text(text) => return Ok(Secret::new(text.as_str())),
            Self::Stdin => (from_stdin(system)?, "standard input".to_owned()),
            Self::File(path) => (from_file(path, system)?, path.display().to_string()),
            Self::Environment(name) => (from_environment(name, system)?, name.clone()),
            Self::Descriptor(number) => (
                decoded(&input::read_descriptor(*number, INPUT_LIMIT)?)?,
                format!("file descriptor {number}"),
            ),
            Self::Keyring(id) => (from_keyring(id, system)?, "the keyring".to_owned()),
            Self::Command(words) => (from_command(words, system)?, "the command".to_owned()),
        };
        if text.inspect(|text| text.trim().is_empty()) {
            return Err(Error::new(
                Kind::MalformedCredential,
                format!("there is no key: {place} is empty"),
            ));
        }
        Ok(text)
    }
}

/// What is too long or no text is no credential.
fn decoded(bytes: &[u8]) -> Result<Secret> {
    Ok(Secret::new(paste::decode(bytes)?.as_str()))
}

fn from_stdin(system: &System) -> Result<Secret> {
    if system.terminal.stdin {
        return Err(
            Error::usage("standard input is the terminal, which would show what is typed")
                .hint("pipe the secret in, or leave the flag out to be asked for it."),
        );
    }
    decoded(&input::read_stdin(INPUT_LIMIT)?)
}

fn from_file(path: &Path, system: &System) -> Result<Secret> {
    let pasted = paste::looks_like_secret(&path.to_string_lossy());
    let path = system.environment.folder().join(path);
    let bytes = system.files.read(&path, INPUT_LIMIT).map_err(|error| {
        if error.kind() == Kind::Malformed {
            return error.with_kind(Kind::MalformedCredential);
        }
        error
    })?;
    let missing = || {
        if pasted {
            return Error::usage("this takes the path of a file, not the secret itself");
        }
        let message = format!("there is no file {}", path.display());
        Error::new(Kind::NotFound, message).path(&path)
    };
    decoded(&bytes.ok_or_else(missing)?)
}

fn from_environment(name: &str, system: &System) -> Result<Secret> {
    if !is_variable_name(name) {
        return Err(Error::usage(
            "a flag that ends in -env takes the name of a variable, not its value",
        )
        .hint("such as `--anthropic-api-key-env MY_KEY`."));
    }
    match system.environment.raw(name).map(|value| value.to_str()) {
        Some(Some(text)) => decoded(text.as_bytes()),
        Some(None) => Err(Error::new(
            Kind::MalformedCredential,
            format!("the environment variable {name} does not hold text"),
        )),
        None if system.sandbox => Err(unset(name).hint(
            "The sandbox shows no variable that holds a credential, except for its own test keys.",
        )),
        None => Err(unset(name)),
    }
}

fn from_keyring(id: &str, system: &System) -> Result<Secret> {
    let entry = NamedPlace::Keyring(id.to_owned()).reference();
    let found = reference::ask(system, &Config::default(), &entry, Duration::MAX);
    found.map_err(|unresolved| {
        let error = Error::new(Kind::NotFound, unresolved.why());
        match unresolved.mend.sentence(str::to_owned) {
            Some(hint) => error.hint(hint),
            None => error,
        }
    })
}

fn unset(name: &str) -> Error {
    Error::usage(format!("the environment variable {name} is not set"))
}

/// Whether it can be a variable's name; a pasted key cannot.
fn is_variable_name(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn from_command(words: &[String], system: &System) -> Result<Secret> {
    let Some((name, arguments)) = words.split_first() else {
        return Err(Error::new(
            Kind::Malformed,
            "the command of an answer is empty",
        ));
    };
    let program = if name.contains(['/', '\\']) {
        Some(system.environment.folder().join(name))
    } else {
        system
            .processes
            .find_all(name, &system.environment)
            .into_iter()
            .next()
    };
    let program = program.ok_or_else(|| {
        Error::new(
            Kind::MissingProgram,
            format!("there is no program `{name}` on the PATH"),
        )
    })?;
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let finished = system.processes.run(&Spawn {
        program: &program,
        arguments: &arguments,
        environment: &system.environment,
        folder: system.environment.folder(),
        timeout: COMMAND_TIMEOUT,
        output_limit: INPUT_LIMIT + 1,
    })?;
    let output = zeroize::Zeroizing::new(finished.stdout);
    let failed = |what: String| Error::new(Kind::NotFound, format!("`{name}` {what}"));
    if finished.timed_out {
        return Err(failed(format!(
            "gave no secret within {} s",
            COMMAND_TIMEOUT.as_secs()
        )));
    }
    match finished.code {
        Some(0) => {}
        Some(code) => {
            return Err(failed(format!(
                "gave no secret: it ended with exit code {code}"
            )));
        }
        None => return Err(failed("gave no secret: a signal ended it".to_owned())),
    }
    decoded(&output)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_variables() {
        let check = |name: &str, expected| assert_eq!(is_variable_name(name), expected, "{name}");
        check("ANTHROPIC_API_KEY", true);
        check("_x1", true);
        check("", false);
        check("1X", false);
        check("sk-ant-api03-abc", false);
        check("A B", false);
    }
}
