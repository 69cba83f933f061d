//! What other processes than this one get: services by their files and as they run, cron jobs,
//! and every file that gives variables to somebody. Values are described and never quoted.

use serde::{Deserialize, Serialize};

use super::value::Value;
use crate::system::files::Entry;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Inheritance {
    /// Services and jobs of Claude Code, OpenClaw and Clawdbot, and the one that was asked for.
    pub services: Vec<Service>,
    /// What a login shell really sets; only when one was run (`--deep`).
    pub login_shell: Option<LoginShell>,
    /// The editor that this process was started by, when there is one.
    pub editor: Option<String>,
    /// What a command over SSH gets; read where this session came in over SSH.
    pub ssh: Option<Ssh>,
    /// Files that hold secrets and are read by shells, services or programs.
    pub holders: Vec<Holder>,
    /// Copies that were left beside them.
    pub copies: Vec<LeftCopy>,
}

/// Something that is started without this shell.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Service {
    /// `openclaw-gateway.service`, `ai.openclaw.gateway`, `/etc/crontab:12`.
    pub name: String,
    pub manager: Manager,
    pub program: Program,
    /// It was named with `--service`.
    pub asked: bool,
    /// The file that defines it.
    pub file: String,
    /// Drop-ins, in the order in which they are read.
    pub drop_ins: Vec<String>,
    /// Files of variables that its unit names and that are there, in the order in which they count.
    pub environment_files: Vec<String>,
    /// It cannot be started: its file is empty or leads to `/dev/null`.
    pub masked: bool,
    /// What it would be started with, as far as it matters; one entry for each variable.
    pub settings: Vec<Setting>,
    /// Set somewhere, and overridden or taken away.
    pub overridden: Vec<Setting>,
    /// Credential files that the manager hands over.
    pub credentials: Vec<LoadedCredential>,
    pub problems: Vec<Problem>,
    /// It asks a login shell for what it lacks.
    pub asks_login_shell: bool,
    /// The program keeps a profile of Anthropic in a store of its own.
    pub own_store: bool,
    /// It takes its credential from keywright when it starts (`keywright exec`).
    pub asks_keywright: bool,
    pub running: Option<Running>,
}

impl Service {
    /// What it would be started with under that name.
    #[must_use]
    pub fn setting(&self, name: &str) -> Option<&Setting> {
        self.settings.iter().find(|setting| setting.name == name)
    }
}

/// Who starts it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Manager {
    #[default]
    SystemdUser,
    SystemdSystem,
    Launchd,
    Cron,
    /// The first process of this container.
    Container,
}

/// Whose it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Program {
    Claude,
    OpenClaw,
    Clawdbot,
    #[default]
    Other,
}

impl Program {
    /// For people.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Claude => "Claude Code",
            Self::OpenClaw => "OpenClaw",
            Self::Clawdbot => "Clawdbot",
            Self::Other => "the program",
        }
    }
}

/// A variable that is set somewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Setting {
    pub name: String,
    /// `None`: set to nothing, or only the name is known (see `origin`).
    pub value: Option<Value>,
    pub origin: Origin,
    /// The file and line, or the manager.
    pub place: String,
}

impl Setting {
    /// It is set, and what it is set to cannot be told from here.
    #[must_use]
    pub const fn is_only_a_name(&self) -> bool {
        matches!(self.origin, Origin::Manager)
    }

    /// It is set to something.
    #[must_use]
    pub const fn is_set(&self) -> bool {
        self.value.is_some() || self.is_only_a_name()
    }
}

/// What kind of place sets a variable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// `Environment=`, a plist's `EnvironmentVariables`, a line of a crontab.
    #[default]
    Definition,
    /// A file named by `EnvironmentFile=`.
    EnvironmentFile,
    /// The manager's own environment; names only.
    Manager,
    /// `/etc/environment`, `environment.d`.
    System,
    /// A `.env` or configuration file that the program itself reads.
    Program,
    /// A running process.
    Process,
    /// `UnsetEnvironment=` or an empty assignment took it away.
    Removed,
}

/// `LoadCredential=`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LoadedCredential {
    pub name: String,
    /// Absolute, or a name in the manager's own credential folders.
    pub path: String,
    /// `None` where it cannot be told.
    pub there: Option<bool>,
    pub place: String,
}

/// Something in a service's files that does not do what it seems to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Problem {
    pub place: String,
    pub kind: ProblemKind,
    /// What it is about: a path, a variable, the system's words. Never a value.
    pub about: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemKind {
    /// A file of `EnvironmentFile=` is not there: the service does not start.
    #[default]
    MissingFile,
    /// The same with `-` before the path: the service starts without it.
    MissingOptionalFile,
    /// It is there and could not be read from here.
    UnreadableFile,
    /// The path is not absolute, and systemd ignores the line.
    RelativePath,
    /// A credential variable behind `export` or another word, which systemd ignores.
    IgnoredLine,
    /// A quotation mark that nothing closes, which swallows the lines below.
    OpenQuote,
}

/// A service that runs right now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Running {
    pub process: u32,
    /// What it was started with; `None` where the system does not let us look.
    pub settings: Option<Vec<Setting>>,
}

/// What a login shell set when it was run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LoginShell {
    pub program: String,
    pub settings: Vec<Setting>,
    /// Why it told nothing.
    pub problem: Option<String>,
}

/// What sshd gives to a command besides what its shell reads.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Ssh {
    /// Patterns of the names that the client may send (`AcceptEnv`).
    pub accepts: Vec<String>,
    /// Those of `~/.ssh/environment`, where sshd reads it.
    pub settings: Vec<Setting>,
}

impl Ssh {
    /// Whether a client may send a variable.
    #[must_use]
    pub fn takes(&self, name: &str) -> bool {
        self.accepts
            .iter()
            .any(|pattern| match pattern.split_once('*') {
                Some((start, end)) => {
                    name.len() >= start.len() + end.len()
                        && name.starts_with(start)
                        && name.ends_with(end)
                }
                None => pattern == name,
            })
    }
}

/// A file with secrets in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Holder {
    pub path: String,
    pub kind: HolderKind,
    /// Behind links.
    pub entry: Option<Entry>,
    /// The variables with their lines, from 1; none for our own store.
    pub secrets: Vec<HeldSecret>,
    /// Who else can get at it: the file's mode and that of every folder above it say so.
    pub readable_by: Readers,
    /// The git work tree that it lies in.
    pub work_tree: Option<String>,
    /// Whether git tracks it; `None` where the index could not be read, or there is no work tree.
    pub tracked: Option<bool>,
    /// The program that copies it to other machines.
    pub synced_by: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct HeldSecret {
    pub name: String,
    pub line: usize,
    pub value: Value,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HolderKind {
    /// A start-up file of a shell.
    #[default]
    StartUp,
    /// A unit, a drop-in, a property list, a crontab.
    Service,
    /// A file of variables: `.env`, `EnvironmentFile=`, `/etc/environment`.
    Variables,
    /// Our own store.
    Store,
    /// Claude Code's login or a file of the AWS CLI, for whose modes there are other checks.
    Checked,
    /// A store of another program: OpenClaw, Clawdbot, cuti.
    Program,
}

/// A copy of a file with credentials, with a key in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LeftCopy {
    pub path: String,
    /// What it is a copy of; that need not be there any more.
    pub of: String,
    pub maker: CopyMaker,
    /// Permission bits.
    pub mode: u32,
}

/// Who makes copies with such a name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CopyMaker {
    #[default]
    Editor,
    Person,
}

/// Who may read a file besides its owner and root.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Readers {
    #[default]
    Nobody,
    /// Members of its group, in which others are.
    Group,
    /// Whom an access list lets in.
    Listed,
    Everyone,
}
