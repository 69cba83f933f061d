//! Everything that a credential can come from, read once: the profiles of the agent and of `main`,
//! the configuration, the home's `.env`, and the environment of this process.

use indexmap::IndexMap;

use super::config::{self, Config};
use super::home::Home;
use super::name::Name;
use super::profiles::Profiles;
use super::reference::Reach;
use super::usage::Usage;
use super::{MAIN, find, load, shell_environment};
use crate::document::dotenv::DotEnv;
use crate::error::{Error, Kind, Result};
use crate::secret::Secret;
use crate::system::{Environment, System};

/// A `.env` larger than this is something else.
const ENV_FILE_LIMIT: usize = 1024 * 1024;

/// What was found, as it stands on disk.
#[derive(Clone)]
pub struct Sources {
    pub agent: Name,
    /// The agent's own store; `None` when there is no file.
    pub own: Option<Profiles>,
    /// The store of `main`, for another agent that inherits it.
    pub inherited: Option<Profiles>,
    pub config: Config,
    pub env_file: DotEnv,
    pub environment: Environment,
    /// `None` where there is no home: then no reference leads to a file.
    pub reach: Option<Reach>,
    /// What the login shell exports; empty unless the configuration has it asked.
    pub login_shell: IndexMap<String, Secret>,
    /// What could not be read, so that something here may be missing.
    pub gaps: Vec<Gap>,
    /// Which profiles rest.
    pub usage: Usage,
}

/// A source that is left out, because it cannot be understood.
#[derive(Clone, Debug)]
pub struct Gap {
    /// A lowercase fragment with the place.
    pub what: String,
    /// Lines of the file with a caret, without its values.
    pub snippet: Option<String>,
    /// What to do about it.
    pub hint: String,
}

/// Where a variable is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The environment of this process.
    Process,
    /// `.env` in our home.
    EnvFile,
    /// `env.vars` of the configuration.
    Config,
    /// What the login shell sets, where the configuration has it asked.
    LoginShell,
}

impl Place {
    /// Every place, the one that counts first.
    pub const ALL: &[Self] = &[Self::Process, Self::EnvFile, Self::Config, Self::LoginShell];

    /// The stable name in JSON.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Process => "process",
            Self::EnvFile => "env-file",
            Self::Config => "config",
            Self::LoginShell => "login-shell",
        }
    }

    /// For people.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Process => "the environment",
            Self::EnvFile => "keywright's .env",
            Self::Config => "env.vars of config.json5",
            Self::LoginShell => "the login shell",
        }
    }
}

impl Gap {
    fn of(error: &Error) -> Self {
        Self {
            what: format!("{error}; its settings are not used"),
            snippet: error.snippet_text().map(str::to_owned),
            hint: "Mend it in an editor; `keywright config check` says whether it is right."
                .to_owned(),
        }
    }

    fn of_shell(why: &str) -> Self {
        Self {
            what: format!("the variables of the login shell are not known: {why}"),
            snippet: None,
            hint: "`keywright config set env.shellEnv.enabled false` does without them.".to_owned(),
        }
    }
}

impl Sources {
    /// Reads them all. Creates nothing.
    ///
    /// # Errors
    /// As [`load`], and `Permission` or `Io` for the configuration: a source that cannot be read
    /// could hide the credential that wins. A configuration with a mistake in it is a gap.
    pub fn read(system: &System, home: &Home, agent: &Name) -> Result<Self> {
        let own = load(system, home, agent)?;
        let mut gaps = Vec::new();
        let config = match config::load(system, home) {
            Ok(config) => config,
            // A slip of the pen must not keep programs from their credentials.
            Err(error) if error.kind() == Kind::Malformed => {
                gaps.push(Gap::of(&error));
                Config::default()
            }
            Err(error) => return Err(error),
        };
        let mut login_shell = IndexMap::new();
        if let Some(timeout) = config.shell_import {
            match shell_environment::import(system, timeout) {
                Ok(variables) => login_shell = variables,
                Err(why) => gaps.push(Gap::of_shell(&why)),
            }
        }
        let main = Name::parse(MAIN)?;
        let inherits = *agent != main && !config.without_inheritance.contains(agent);
        let inherited = if inherits {
            find(system, home, &main)?
        } else {
            None
        };
        let env_file = system.files.read_text(&home.env_file(), ENV_FILE_LIMIT)?;
        Ok(Self {
            agent: agent.clone(),
            own,
            inherited,
            config,
            env_file: env_file.map_or_else(DotEnv::default, |text| DotEnv::parse(&text)),
            environment: system.environment.clone(),
            reach: Some(Reach {
                files: system.files,
                home: home.clone(),
            }),
            login_shell,
            gaps,
            usage: Usage::read(system, home),
        })
    }

    /// Whether the active account has a profile for `provider`.
    #[must_use]
    pub fn active_has(&self, provider: &str) -> bool {
        let Some(active) = self.own.as_ref().and_then(|own| own.active.as_ref()) else {
            return false;
        };
        let stores = [&self.own, &self.inherited];
        let mut profiles = stores.into_iter().flatten().flat_map(|s| &s.profiles);
        profiles.any(|(id, p)| id.name() == active.as_str() && p.provider == provider)
    }

    /// A variable and where it is set. Empty counts as absent.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<(Secret, Place)> {
        let at = |place: Place| Some((self.variable_at(place, name)?, place));
        Place::ALL.iter().copied().find_map(at)
    }

    /// What a variable is in that one place. Empty counts as absent.
    #[must_use]
    pub fn variable_at(&self, place: Place, name: &str) -> Option<Secret> {
        let value = match place {
            Place::Process => self.environment.get(name).map(Secret::new),
            Place::EnvFile => self.env_file.get(name).cloned(),
            Place::Config => self.config.variables.get(name).cloned(),
            Place::LoginShell => self.login_shell.get(name).cloned(),
        };
        value.filter(|value| !value.is_empty())
    }

    /// The names that start with `prefix` and go on, wherever they are set; sorted.
    #[must_use]
    pub fn variables_starting(&self, prefix: &str) -> Vec<String> {
        let process = self
            .environment
            .iter()
            .filter_map(|(name, _)| name.to_str());
        let file = self.env_file.iter().map(|(name, _)| name);
        let config = self.config.variables.keys().map(String::as_str);
        let mut names: Vec<String> = process
            .chain(file)
            .chain(config)
            .chain(self.login_shell.keys().map(String::as_str))
            .filter(|name| name.len() > prefix.len() && name.starts_with(prefix))
            .map(str::to_owned)
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}
