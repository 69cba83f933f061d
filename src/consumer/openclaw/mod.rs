//! OpenClaw and its forerunner Clawdbot: what each would take as the credential for Anthropic.
//! Their files are read, never their database, and nothing is written.
//!
//! | file | what |
//! |---|---|
//! | `config` | the configuration, as far as it chooses a credential |
//! | `profiles` | the store of profiles in a file, and which of them are taken first |
//! | `kept` | everything that can be taken over from it, for `import` |
//! | `settings` | what its configuration says beside that, for the same |
//!
//! Source: OpenClaw's own resolution (`auth-profiles/order` and `model-auth`), and runs of OpenClaw
//! 2026.9 and Clawdbot 2026.1.

mod config;
mod kept;
mod profiles;
mod settings;

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::claude_code::login;
use super::kept::Value;
use crate::document::dotenv::DotEnv;
use crate::secret::Secret;
use crate::system::System;
use config::Config;
pub use kept::kept;

const FILE_LIMIT: usize = 4 * 1024 * 1024;
/// The variables that count, the stronger first. Source: OpenClaw's candidates for Anthropic.
const VARIABLES: &[&str] = &["ANTHROPIC_OAUTH_TOKEN", "ANTHROPIC_API_KEY"];
/// Further keys, which are turned to where keys are rotated.
const ROTATED: &[&str] = &["OPENCLAW_LIVE_ANTHROPIC_KEY", "ANTHROPIC_API_KEYS"];

/// One of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Product {
    OpenClaw,
    Clawdbot,
}

impl Product {
    pub const ALL: &[Self] = &[Self::OpenClaw, Self::Clawdbot];

    /// Its stable name, which is that of its program too.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::OpenClaw => "openclaw",
            Self::Clawdbot => "clawdbot",
        }
    }

    /// For people.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::OpenClaw => "OpenClaw",
            Self::Clawdbot => "Clawdbot",
        }
    }

    const fn folder_variable(self) -> &'static str {
        match self {
            Self::OpenClaw => "OPENCLAW_STATE_DIR",
            Self::Clawdbot => "CLAWDBOT_STATE_DIR",
        }
    }

    const fn config_variable(self) -> &'static str {
        match self {
            Self::OpenClaw => "OPENCLAW_CONFIG_PATH",
            Self::Clawdbot => "CLAWDBOT_CONFIG_PATH",
        }
    }
}

/// What one of them has here.
#[derive(Clone, Debug)]
pub struct Found {
    pub product: Product,
    pub folder: PathBuf,
    pub config: PathBuf,
    /// Those that are there, in the order in which they are taken.
    pub sources: Vec<Source>,
    /// A file that cannot be read or understood, and why: a sentence without its period.
    pub problems: Vec<String>,
    /// Its profiles stand in a database, which is not read.
    pub database: bool,
    /// The profile that worked last, which the order does not depend on.
    pub last_good: Option<String>,
    /// Other agents with a store of their own.
    pub agents: Vec<String>,
    /// Variables with keys that are turned to when keys are rotated.
    pub rotated: Vec<&'static str>,
}

/// A source of a credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    pub kind: Kind,
    /// A variable, a profile, a setting.
    pub name: String,
    pub place: Place,
    /// Masked, or what can be said in its place.
    pub value: Option<String>,
    /// Why it is passed over: a fragment that fits after "it".
    pub obstacle: Option<String>,
}

/// What a source holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    ApiKey,
    /// A subscription token.
    Token,
    /// An OAuth login.
    Login,
}

/// Where a source is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The model is run by Claude Code, with the login of that.
    Runtime {
        model: String,
    },
    /// A profile in the store's file, or in the database of the folder.
    Profile(PathBuf),
    /// A login of Claude Code, which Clawdbot takes a copy of.
    ClaudeCode(PathBuf),
    Process,
    EnvFile(PathBuf),
    /// A key of the configuration.
    Setting(String),
}

/// What the two have here; one that has no folder is left out.
#[must_use]
pub fn look(system: &System, now: Timestamp) -> Vec<Found> {
    let found = Product::ALL.iter().filter_map(|product| {
        let folder = folder(system, *product)?;
        matches!(system.files.followed_entry(&folder), Ok(Some(_)))
            .then(|| one(system, *product, folder, now))
    });
    found.collect()
}

/// The folder of its files.
#[must_use]
pub fn folder(system: &System, product: Product) -> Option<PathBuf> {
    let environment = &system.environment;
    let usual = || Some(environment.home()?.join(format!(".{}", product.id())));
    environment.path(product.folder_variable()).or_else(usual)
}

fn one(system: &System, product: Product, folder: PathBuf, now: Timestamp) -> Found {
    let path = system.environment.path(product.config_variable());
    let path = path.unwrap_or_else(|| folder.join(format!("{}.json", product.id())));
    let database = folder.join("state/openclaw.sqlite");
    let database = Some(database).filter(|path| {
        let there = matches!(system.files.followed_entry(path), Ok(Some(_)));
        there && product == Product::OpenClaw
    });
    let mut found = Found {
        product,
        sources: Vec::new(),
        problems: Vec::new(),
        database: database.is_some(),
        last_good: None,
        agents: agents(system, &folder),
        rotated: Vec::new(),
        config: path,
        folder,
    };
    let config = match Config::read(system, &found.config) {
        Ok(config) => config,
        Err(why) => {
            found.problems.push(why);
            Config::default()
        }
    };
    let (variables, problem) = Variables::read(system, &found, &config);
    found.problems.extend(problem);
    found.sources.extend(runtime(system, &config, now));
    profiles::add(system, &mut found, &config, &variables, database, now);
    found.sources.extend(variables.sources(product));
    found.sources.extend(key_of_model(&config, &variables));
    let rotated = ROTATED.iter().copied();
    found.rotated = rotated
        .filter(|name| variables.get(name).is_some())
        .collect();
    found
}

/// Agents other than `main` that have a store.
fn agents(system: &System, folder: &Path) -> Vec<String> {
    let all = system
        .files
        .list(&folder.join("agents"))
        .unwrap_or_default();
    let store = |name: &String| folder.join("agents").join(name).join(profiles::STORE);
    let there = |name: &String| matches!(system.files.followed_entry(&store(name)), Ok(Some(_)));
    all.into_iter()
        .filter(|name| name != "main" && there(name))
        .collect()
}

/// The default model is run by Claude Code.
fn runtime(system: &System, config: &Config, now: Timestamp) -> Option<Source> {
    let model = config.run_by_claude.clone()?;
    let login = login::look(system, None, now);
    Some(Source {
        kind: Kind::Login,
        name: "Claude Code's login".to_owned(),
        value: Some(login.holder()).filter(|holder| !holder.is_empty()),
        obstacle: (!login.standing.is_usable()).then(|| {
            let title = login.words(now).title;
            format!("cannot be used: {title}")
        }),
        place: Place::Runtime { model },
    })
}

/// `models.providers.anthropic.apiKey`, which comes last.
fn key_of_model(config: &Config, variables: &Variables) -> Option<Source> {
    let (value, obstacle) = config.model_key.as_ref()?.resolve(variables);
    Some(Source {
        kind: Kind::ApiKey,
        name: "apiKey".to_owned(),
        place: Place::Setting("models.providers.anthropic.apiKey".to_owned()),
        value,
        obstacle,
    })
}

impl Value {
    /// What can be shown, and why there is nothing.
    fn resolve(&self, variables: &Variables) -> (Option<String>, Option<String>) {
        match self {
            Self::Plain(secret) if secret.is_empty() => (None, Some("holds nothing".to_owned())),
            Self::Plain(secret) => (Some(secret.mask()), None),
            Self::Reference { source, id, .. } if source == "env" => match variables.get(id) {
                Some(secret) => (Some(secret.mask()), None),
                None => (None, Some(format!("refers to {id}, which is not set"))),
            },
            Self::Reference { source, .. } => (Some(format!("a reference ({source})")), None),
        }
    }
}

/// The variables as the program sees them: of this process, then its `.env`, then `env.vars`. What
/// is set in one place is not overridden by the next.
struct Variables {
    places: Vec<(Place, Vec<(String, Secret)>)>,
    /// Names right below `env`, which OpenClaw refuses.
    old: Vec<(String, Secret)>,
}

impl Variables {
    /// With why its `.env` cannot be read, where that is so.
    fn read(system: &System, found: &Found, config: &Config) -> (Self, Option<String>) {
        let process = system.environment.iter().filter_map(|(name, value)| {
            Some((name.to_str()?.to_owned(), Secret::new(value.to_str()?)))
        });
        let path = found.folder.join(".env");
        let (text, problem) = match system.files.read_text(&path, FILE_LIMIT) {
            Ok(text) => (text, None),
            Err(error) => (None, Some(error.message().to_owned())),
        };
        let file = text.map(|text| DotEnv::parse(&text)).unwrap_or_default();
        let file = file
            .iter()
            .map(|(name, value)| (name.to_owned(), value.clone()));
        let places = vec![
            (Place::Process, process.collect()),
            (Place::EnvFile(path), file.collect()),
            (
                Place::Setting("env.vars".to_owned()),
                config.variables.clone(),
            ),
        ];
        let old = config.old_variables.clone();
        (Self { places, old }, problem)
    }

    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = (&'a Place, &'a Secret)> {
        self.places.iter().filter_map(move |(place, variables)| {
            let named = |(other, value): &&(String, Secret)| other == name && !value.is_empty();
            Some((place, &variables.iter().rev().find(named)?.1))
        })
    }

    fn get<'a>(&'a self, name: &'a str) -> Option<&'a Secret> {
        let old = self.old.iter().find(|(other, _)| other == name);
        let first = self.all(name).next().map(|(_, value)| value);
        first.or_else(|| old.map(|(_, value)| value))
    }

    fn sources(&self, product: Product) -> Vec<Source> {
        let source = |name: &str, place: Place, value: &Secret, obstacle: Option<String>| Source {
            kind: if name == VARIABLES[0] || value.public_prefix() == "sk-ant-oat01-" {
                Kind::Token
            } else {
                Kind::ApiKey
            },
            name: name.to_owned(),
            place,
            value: Some(value.mask()),
            obstacle,
        };
        let mut sources = Vec::new();
        for name in VARIABLES {
            for (place, value) in self.all(name) {
                let place = match place {
                    Place::Setting(key) => Place::Setting(format!("{key}.{name}")),
                    place => place.clone(),
                };
                sources.push(source(name, place, value, None));
            }
            for (_, value) in self.old.iter().filter(|(other, _)| other == name) {
                let refused = (product == Product::OpenClaw).then(|| {
                    "makes OpenClaw refuse the whole configuration: it belongs into env.vars"
                        .to_owned()
                });
                let place = Place::Setting(format!("env.{name}"));
                sources.push(source(name, place, value, refused));
            }
        }
        sources
    }
}
