//! The variables of AWS as Claude Code sees them: its settings go over the environment.

use super::value::plain;
use crate::consumer::claude_code::places::Places;
use crate::consumer::claude_code::settings::{self, Settings};
use crate::secret::Secret;
use crate::system::{Environment, System};

pub const SWITCH: &str = "CLAUDE_CODE_USE_BEDROCK";
pub const BEARER: &str = "AWS_BEARER_TOKEN_BEDROCK";
pub const KEY_ID: &str = "AWS_ACCESS_KEY_ID";
pub const SECRET_KEY: &str = "AWS_SECRET_ACCESS_KEY";
pub const PROFILE: &str = "AWS_PROFILE";
pub const SESSION: &str = "AWS_SESSION_TOKEN";
/// The place of what this process has.
pub const ENVIRONMENT: &str = "environment";
/// Those that choose something and are no secrets.
const CHOICES: &[&str] = &[
    PROFILE,
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_CONFIG_FILE",
    "AWS_SHARED_CREDENTIALS_FILE",
];

/// The variables, and the files that go over them.
pub struct Variables<'a> {
    pub system: &'a System,
    /// The strongest first.
    settings: Vec<Settings>,
}

impl<'a> Variables<'a> {
    pub fn read(system: &'a System) -> Self {
        let places = Places::of(system, None);
        Self {
            system,
            settings: settings::look(system, &places),
        }
    }

    /// The value that counts, and where it is set. Empty counts as absent.
    pub fn get(&self, name: &str) -> Option<(Secret, String)> {
        let in_file = self.settings.iter().find_map(|file| {
            let (_, value) = file.env.iter().find(|(key, _)| key == name)?;
            Some((value.clone(), file.path.display().to_string()))
        });
        let here = || {
            let value = self.system.environment.get(name)?;
            Some((Secret::new(value), ENVIRONMENT.to_owned()))
        };
        in_file.or_else(here).filter(|(value, _)| !value.is_empty())
    }

    /// A value that is no secret.
    pub fn plain(&self, name: &str) -> Option<String> {
        self.get(name).map(|(value, _)| plain(&value))
    }

    /// The environment with the choices that the settings make.
    pub fn overlaid(&self) -> Environment {
        let mut environment = self.system.environment.clone();
        for name in CHOICES {
            if let Some(value) = self.plain(name) {
                environment.set(name, value);
            }
        }
        environment
    }
}
