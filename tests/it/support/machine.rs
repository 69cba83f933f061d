//! A scratch machine: a home folder and an environment of its own, and the binary run in them.

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The program under test.
pub const KEYWRIGHT: &str = env!("CARGO_BIN_EXE_keywright");

/// A made-up key of the right shape.
pub fn key(tail: &str) -> String {
    format!("sk-ant-api03-{:A<93}{tail:A>2}", "TEST")
}

/// A home folder that is removed at the end, and the environment programs get in it.
pub struct Machine {
    folder: tempfile::TempDir,
    variables: Vec<(String, String)>,
}

/// How a run ended.
#[derive(Debug)]
#[must_use = "assert the exit code at least"]
pub struct Ended {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Machine {
    pub fn new() -> Self {
        let folder = tempfile::Builder::new()
            .prefix("kw-")
            .tempdir()
            .expect("a scratch folder");
        let home = folder.path().join("home");
        std::fs::create_dir(&home).expect("a home folder");
        let variables = vec![
            ("HOME".to_owned(), home.display().to_string()),
            (
                "PATH".to_owned(),
                folder.path().join("bin").display().to_string(),
            ),
            ("TERM".to_owned(), "xterm-256color".to_owned()),
        ];
        Self { folder, variables }
    }

    /// Sets a variable for all further runs.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.set(name, value);
        self
    }

    pub fn set(&mut self, name: &str, value: &str) {
        self.variables.retain(|(n, _)| n != name);
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    pub fn unset(&mut self, name: &str) {
        self.variables.retain(|(n, _)| n != name);
    }

    pub fn variables(&self) -> &[(String, String)] {
        &self.variables
    }

    /// `~`.
    pub fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// keywright's own folder.
    pub fn ours(&self) -> PathBuf {
        self.home().join(".config/keywright")
    }

    /// The store of the agent `main`.
    pub fn store(&self) -> PathBuf {
        self.ours().join("agents/main/auth-profiles.json")
    }

    /// The scratch folder around the home.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file below `~`, with its folders.
    pub fn write(&self, path: &str, text: &str) -> PathBuf {
        let path = self.home().join(path);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        std::fs::write(&path, text).expect("a file");
        path
    }

    /// Puts an executable shell script on the `PATH` of this machine.
    #[cfg(unix)]
    pub fn program(&self, name: &str, script: &str) -> PathBuf {
        use std::os::unix::fs::PermissionsExt;
        let folder = self.folder.path().join("bin");
        std::fs::create_dir_all(&folder).expect("bin");
        let path = folder.join(name);
        std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).expect("a script");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("mode");
        path
    }

    /// A command in this machine's environment and nothing else.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .envs(self.variables.iter().cloned())
            .current_dir(self.home());
        command
    }

    /// Runs keywright with no standard input.
    pub fn run<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Ended {
        self.run_with_input(arguments, b"")
    }

    /// Runs keywright with these bytes on its standard input.
    pub fn run_with_input<S: AsRef<OsStr>>(&self, arguments: &[S], input: &[u8]) -> Ended {
        let mut child = self
            .command(KEYWRIGHT)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("keywright starts");
        // A program that does not read its input closes the pipe; that is its right.
        let _ = child.stdin.take().expect("piped").write_all(input);
        let output = child.wait_with_output().expect("it ends");
        Ended {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl Ended {
    /// The document on stdout.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }
}
