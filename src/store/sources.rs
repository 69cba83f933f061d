//! Everything that a credential can come from, read once: the profiles of the agent and of `main`,
//! the configuration, the home's `.env`, and the environment of this process.

use super::config::{self, Config};
use super::home::Home;
use super::name::Name;
use super::profiles::Profiles;
use super::reference::Reach;
use super::usage::Usage;
use super::{MAIN, find, load};
use crate::document::dotenv::DotEnv;
use crate::error::Result;
use crate::secret::Secret;
use crate::system::{Environment, System};

/// A `.env` larger than this is something else.
pub(super) const ENV_FILE_LIMIT: usize = 1024 * 1024;

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
    /// Which profiles rest.
    pub usage: Usage,
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
}

impl Place {
    /// Every place, the one that counts first.
    pub const ALL: &[Self] = &[Self::Process, Self::EnvFile, Self::Config];

    /// The stable name in JSON.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Process => "process",
            Self::EnvFile => "env-file",
            Self::Config => "config",
        }
    }

    /// For people.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Process => "the environment",
            Self::EnvFile => "keywright's .env",
            Self::Config => "env.vars of config.json5",
        }
    }
}

impl Sources {
    /// Reads them all. Creates nothing.
    ///
    /// # Errors
    /// As [`load`] and [`config::load`]: a source that cannot be read could hide the credential
    /// that wins.
    pub fn read(system: &System, home: &Home, agent: &Name) -> Result<Self> {
        let own = load(system, home, agent)?;
        let config = config::load(system, home)?;
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
            usage: Usage::read(system, home),
        })
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
        let places = (&self.environment, &self.env_file, &self.config);
        value_at(places, place, name)
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
            .filter(|name| name.len() > prefix.len() && name.starts_with(prefix))
            .map(str::to_owned)
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

/// The places in which a variable can be set.
type Places<'a> = (&'a Environment, &'a DotEnv, &'a Config);

/// What a variable is in the first of its places. Empty counts as absent.
pub(super) fn variable(places: Places<'_>, name: &str) -> Option<Secret> {
    let at = |place: &Place| value_at(places, *place, name);
    Place::ALL.iter().find_map(at)
}

fn value_at(places: Places<'_>, place: Place, name: &str) -> Option<Secret> {
    let (environment, env_file, config) = places;
    let value = match place {
        Place::Process => environment.get(name).map(Secret::new),
        Place::EnvFile => env_file.get(name).cloned(),
        Place::Config => config.variables.get(name).cloned(),
    };
    value.filter(|value| !value.is_empty())
}
