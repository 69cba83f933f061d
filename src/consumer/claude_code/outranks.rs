//! Every source of a credential that Claude Code would find here, in its own order, and what each
//! costs. Documented, and measured with 2.1.197 and 2.1.329; the settings' `env` goes over the
//! environment, and an empty value there takes a variable away.

use std::fmt;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::keychain::Item;
use super::login::{self, Login};
use super::onboarding::{self, KeyAnswer};
use super::places::Places;
use super::settings::{self, Settings};
use crate::secret::Secret;
use crate::system::{Environment, System};
use crate::variables;

/// What a source is. The order is Claude Code's: the first one that is there is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SourceKind {
    /// A switch to a cloud provider.
    Cloud,
    AuthToken,
    ApiKey,
    Helper,
    OauthToken,
    /// A named profile or federation.
    Profile,
    /// The API key that a Console login left in `.claude.json`. Older versions prefer the login.
    ManagedKey,
    Login,
    /// The active profile of the `ant` program.
    ActiveProfile,
}

impl SourceKind {
    /// Its place in the order, from 1.
    #[must_use]
    pub const fn rank(self) -> u8 {
        self as u8 + 1
    }
}

/// Where a source is set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// A variable of this process.
    Environment,
    /// A key of a settings file, such as `env.ANTHROPIC_API_KEY`.
    Setting {
        path: PathBuf,
        key: String,
    },
    File(PathBuf),
    Keychain,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Environment => f.write_str("this environment"),
            Self::Setting { path, key } => write!(f, "`{key}` in {}", path.display()),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Keychain => f.write_str("the macOS Keychain"),
        }
    }
}

/// One source that is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Source {
    pub kind: SourceKind,
    /// Its place in Claude Code's order, from 1.
    pub rank: u8,
    /// The variable, the setting, or `login`.
    pub name: String,
    pub place: Place,
    /// What using it means for the bill: a fragment that fits after its name.
    pub what: String,
    /// Public prefix and last four characters, where it is a secret.
    pub masked: Option<String>,
    /// It is used here.
    pub active: bool,
    /// A stronger setting of the same name is there, so that this one counts for nothing.
    pub overridden: bool,
    /// What else is to be known: a full sentence.
    pub note: Option<String>,
}

impl Source {
    /// What it does to whoever meant to use `instead`, such as "the login": a full sentence.
    #[must_use]
    pub fn sentence(&self, instead: &str) -> String {
        let Self {
            name, place, what, ..
        } = self;
        match self.kind {
            SourceKind::Login => format!("{what}."),
            _ => format!("{name} in {place} comes before {instead}: it {what}."),
        }
    }
}

/// A variable that decides, in Claude Code's order.
const VARIABLES: &[(&str, SourceKind, &str)] = &[
    (
        "CLAUDE_CODE_USE_BEDROCK",
        SourceKind::Cloud,
        "sends every request to Amazon Bedrock, which AWS bills",
    ),
    (
        "CLAUDE_CODE_USE_VERTEX",
        SourceKind::Cloud,
        "sends every request to Google Vertex AI, which Google bills",
    ),
    (
        "CLAUDE_CODE_USE_FOUNDRY",
        SourceKind::Cloud,
        "sends every request to Microsoft Foundry, which Microsoft bills",
    ),
    (
        "CLAUDE_CODE_USE_MANTLE",
        SourceKind::Cloud,
        "sends every request to Amazon Bedrock, which AWS bills",
    ),
    (
        "CLAUDE_CODE_USE_ANTHROPIC_AWS",
        SourceKind::Cloud,
        "sends every request to Anthropic's service on AWS, which AWS bills",
    ),
    (
        variables::ANTHROPIC_AUTH_TOKEN,
        SourceKind::AuthToken,
        "is sent as a bearer token, and whoever gave it bills it",
    ),
    (variables::ANTHROPIC_API_KEY, SourceKind::ApiKey, API_KEY),
    (
        "CLAUDE_CODE_API_KEY_FILE_DESCRIPTOR",
        SourceKind::ApiKey,
        API_KEY,
    ),
    (
        variables::CLAUDE_CODE_OAUTH_TOKEN,
        SourceKind::OauthToken,
        TOKEN,
    ),
    (
        "CLAUDE_CODE_OAUTH_TOKEN_FILE_DESCRIPTOR",
        SourceKind::OauthToken,
        TOKEN,
    ),
    ("ANTHROPIC_PROFILE", SourceKind::Profile, PROFILE),
    ("ANTHROPIC_IDENTITY_TOKEN", SourceKind::Profile, PROFILE),
    (
        "ANTHROPIC_IDENTITY_TOKEN_FILE",
        SourceKind::Profile,
        PROFILE,
    ),
];

const API_KEY: &str = "is billed to the API account of that key instead of your plan";
const TOKEN: &str = "counts against the plan that the token was made for";
const PROFILE: &str = "is billed to the organization behind that profile";

/// Every source that is there for `claude` in this working folder, with `CLAUDE_CONFIG_DIR` set to
/// `config_dir` if one is given; in Claude Code's order, the stronger place first.
#[must_use]
pub fn sources(system: &System, config_dir: Option<&Path>, now: Timestamp) -> Vec<Source> {
    let places = Places::of(system, config_dir);
    let settings = settings::look(system, &places);
    let state = onboarding::look(system, &places);
    let login = login::look(system, config_dir, now);
    let mut found = Vec::new();
    for (name, kind, what) in VARIABLES {
        for (place, value, overridden) in values(name, &settings, &system.environment) {
            let secret = !matches!(kind, SourceKind::Cloud)
                && !name.ends_with("_DESCRIPTOR")
                && *name != "ANTHROPIC_PROFILE"
                && *name != "ANTHROPIC_IDENTITY_TOKEN_FILE";
            let mut source = source(*kind, name, place, what);
            source.overridden = overridden;
            source.masked = secret.then(|| value.mask());
            source.note = (*kind == SourceKind::ApiKey)
                .then(|| said_of_key(state.answer(&value)))
                .flatten();
            found.push(source);
        }
    }
    for file in settings.iter().filter(|file| file.api_key_helper) {
        found.push(source(
            SourceKind::Helper,
            "apiKeyHelper",
            setting(file, "apiKeyHelper".to_owned()),
            "is a program whose output is sent as a bearer token, and billed to whatever account that belongs to",
        ));
    }
    if state.managed_key {
        let what = "is billed to the Console account that made it instead of your plan";
        let place = Place::File(places.state.clone());
        let mut key = source(SourceKind::ManagedKey, "primaryApiKey", place, what);
        key.note = Some("Older versions of Claude Code take the login first.".to_owned());
        found.push(key);
    }
    found.extend(of_login(&login));
    found.extend(active_profile(system, &places));
    found.sort_by_key(|source| source.rank);
    override_helpers(&mut found);
    mark_active(&mut found);
    found
}

/// The sources that come before `kind` and count, the first of which is used in its place.
pub fn before(sources: &[Source], kind: SourceKind) -> impl Iterator<Item = &Source> {
    let counts = move |source: &&Source| !source.overridden && source.kind < kind;
    sources.iter().filter(counts)
}

fn source(kind: SourceKind, name: &str, place: Place, what: &str) -> Source {
    Source {
        kind,
        rank: kind.rank(),
        name: name.to_owned(),
        place,
        what: what.to_owned(),
        masked: None,
        active: false,
        overridden: false,
        note: None,
    }
}

fn setting(file: &Settings, key: String) -> Place {
    let path = file.path.clone();
    Place::Setting { path, key }
}

/// Where `name` has a value that says something, the strongest place first, and whether a stronger
/// place has the last word.
fn values(
    name: &str,
    settings: &[Settings],
    environment: &Environment,
) -> Vec<(Place, Secret, bool)> {
    let in_settings = settings.iter().filter_map(|file| {
        let (key, value) = file.env.iter().find(|(key, _)| key == name)?;
        Some((setting(file, format!("env.{key}")), value.clone()))
    });
    let here = environment
        .raw(name)
        .map(|value| (Place::Environment, Secret::new(value.to_string_lossy())));
    let all = in_settings.chain(here).enumerate();
    let switch = name.starts_with("CLAUDE_CODE_USE_");
    all.filter(|(_, (_, value))| {
        if switch {
            is_on(value)
        } else {
            !value.is_empty()
        }
    })
    .map(|(index, (place, value))| (place, value, index > 0))
    .collect()
}

/// `1`, `true`, `yes` and `on`, whatever their case: anything else is off.
#[must_use]
pub fn is_on(value: &Secret) -> bool {
    const WORDS: &[&str] = &["1", "true", "yes", "on"];
    value.inspect(|text| {
        WORDS
            .iter()
            .any(|word| text.trim().eq_ignore_ascii_case(word))
    })
}

fn said_of_key(answer: KeyAnswer) -> Option<String> {
    let note = match answer {
        KeyAnswer::Approved => return None,
        KeyAnswer::Rejected => {
            "It was refused when Claude Code asked about it: an interactive session does not use it, `claude -p` does."
        }
        KeyAnswer::Unasked => "An interactive session asks about it first, `claude -p` does not.",
    };
    Some(note.to_owned())
}

fn of_login(login: &Login) -> Option<Source> {
    if !login.standing.is_usable() {
        return None;
    }
    let place = match login.keychain {
        Some(Item::Present) => Place::Keychain,
        _ => Place::File(login.path.clone()),
    };
    Some(source(
        SourceKind::Login,
        "login",
        place,
        "counts against the plan of that login",
    ))
}

fn active_profile(system: &System, places: &Places) -> Option<Source> {
    let path = places.anthropic.as_ref()?.join("active_config");
    let there = matches!(system.files.followed_entry(&path), Ok(Some(_)));
    let mut found = source(
        SourceKind::ActiveProfile,
        "active profile",
        Place::File(path),
        PROFILE,
    );
    found.note = Some("A profile for federation comes before a login.".to_owned());
    there.then_some(found)
}

fn override_helpers(found: &mut [Source]) {
    let helpers = found
        .iter_mut()
        .filter(|source| source.kind == SourceKind::Helper);
    for weaker in helpers.skip(1) {
        weaker.overridden = true;
    }
}

/// The first that counts; a bearer token takes an API key along, both are sent.
fn mark_active(found: &mut [Source]) {
    let Some(first) = found.iter().position(|source| !source.overridden) else {
        return;
    };
    found[first].active = true;
    if found[first].kind != SourceKind::AuthToken {
        return;
    }
    let key = found
        .iter_mut()
        .find(|source| source.kind == SourceKind::ApiKey && !source.overridden);
    if let Some(key) = key {
        key.active = true;
        key.note = Some(
            "It is sent beside ANTHROPIC_AUTH_TOKEN, so both reach the same server.".to_owned(),
        );
    }
}

#[cfg(test)]
mod tests;
