//! `auth-profiles.json`: the profiles, and which of them are taken first. A profile that is cooling
//! down comes last; an order of the store or of the configuration is kept; without one, a login
//! comes before a token and a token before a key, and of two of a kind the one that was used longer
//! ago.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::config::{Config, PROVIDER};
use super::{FILE_LIMIT, Found, Kind, Place, Product, Source, Value, Variables};
use crate::consumer::claude_code::login::{self, TokenKind};
use crate::document::selective::{self, Keep, Node};
use crate::system::System;

/// Below an agent's folder.
pub(super) const STORE: &str = "agent/auth-profiles.json";
/// What Clawdbot files a copy of Claude Code's login under.
pub(super) const COPY: &str = "anthropic:claude-cli";

/// A profile with what decides on its place.
struct Profile {
    source: Source,
    id: String,
    /// As in the store: `api_key`, `token`, `oauth`.
    mode: String,
    /// When it may be used again.
    cooling: Option<f64>,
    last_used: f64,
}

/// Adds the profiles of the agent `main`.
pub(super) fn add(
    system: &System,
    found: &mut Found,
    config: &Config,
    variables: &Variables,
    database: Option<PathBuf>,
    now: Timestamp,
) {
    let path = found.folder.join("agents/main").join(STORE);
    let node = match read(system, &path) {
        Ok(node) => node,
        Err(why) => {
            found.problems.push(why);
            Node::Nothing
        }
    };
    let mut profiles = of_file(&node, &path, variables, now);
    found.last_good = node
        .get("lastGood")
        .and_then(|good| good.get(PROVIDER)?.text())
        .map(str::to_owned);
    if found.product == Product::Clawdbot && !profiles.iter().any(|one| one.id == COPY) {
        profiles.extend(copy(system, now));
    }
    let order = Order::of(&node, config);
    for profile in &mut profiles {
        if database.is_some() {
            let why = "is not read any more: OpenClaw keeps its profiles in a database, and `openclaw doctor --fix` takes the file over";
            profile.leave_out(why.to_owned());
        } else if (profile.source.obstacle.is_none() || profile.cooling.is_some())
            && let Some(why) = order.leaves_out(profile, config)
        {
            profile.leave_out(why);
        }
    }
    if let Some(path) = database {
        profiles.extend(of_database(config, &path));
    }
    profiles.sort_by(|a, b| {
        let key = |one: &Profile| {
            let blocked = one.source.obstacle.is_some();
            let left_out = blocked && one.cooling.is_none();
            (left_out, blocked, order.rank(&one.id), strength(&one.mode))
        };
        let last = |one: &Profile| one.cooling.unwrap_or(one.last_used);
        key(a).cmp(&key(b)).then(last(a).total_cmp(&last(b)))
    });
    let sources = profiles.into_iter().map(|profile| profile.source);
    found.sources.extend(sources);
}

impl Profile {
    /// It is not among those that are tried.
    fn leave_out(&mut self, why: String) {
        self.source.obstacle = Some(why);
        self.cooling = None;
    }
}

/// The order that somebody has set, and where.
struct Order {
    ids: Option<Vec<String>>,
    place: &'static str,
}

impl Order {
    /// That of the store, else that of the configuration.
    fn of(node: &Node, config: &Config) -> Self {
        let stored = node.get("order").and_then(|order| order.get(PROVIDER));
        stored.map_or_else(
            || Self {
                ids: config.order.clone(),
                place: "auth.order of the configuration",
            },
            |ids| Self {
                ids: Some(ids.list().iter().filter_map(text).collect()),
                place: "the order of the store",
            },
        )
    }

    fn rank(&self, id: &str) -> usize {
        self.ids.as_ref().map_or(0, |ids| {
            let place = ids.iter().position(|other| other == id);
            place.unwrap_or(usize::MAX)
        })
    }

    /// Why a profile is not among those that are tried.
    fn leaves_out(&self, profile: &Profile, config: &Config) -> Option<String> {
        let Profile { id, mode, .. } = profile;
        let named = config.profiles.iter().find(|(other, _)| other == id);
        if self.ids.as_ref().is_some_and(|ids| !ids.contains(id)) {
            return Some(format!("is left out by {}", self.place));
        }
        if self.ids.is_none() && !config.profiles.is_empty() && named.is_none() {
            return Some("is not among the auth.profiles of the configuration".to_owned());
        }
        let (_, expected) = named?;
        let fits = expected == mode || (expected == "oauth" && mode == "token");
        (!fits).then(|| format!("is of type {mode}, and the configuration says mode {expected}"))
    }
}

fn strength(mode: &str) -> u8 {
    match mode {
        "oauth" => 0,
        "token" => 1,
        _ => 2,
    }
}

fn text(node: &Node) -> Option<String> {
    node.text().map(str::to_owned)
}

/// Keeps what is needed, and secrets wrapped.
pub(super) fn read(system: &System, path: &Path) -> Result<Node, String> {
    let text = system.files.read_text(path, FILE_LIMIT);
    let Some(text) = text.map_err(|error| error.message().to_owned())? else {
        return Ok(Node::Nothing);
    };
    let keep = |names: &[String]| match names.last().map(String::as_str) {
        Some("key" | "token") => Keep::Secret,
        Some(
            "type" | "provider" | "source" | "id" | "email" | "cooldownReason" | "disabledReason",
        ) => Keep::Text,
        _ if matches!(
            names.first().map(String::as_str),
            Some("order" | "lastGood")
        ) =>
        {
            Keep::Text
        }
        _ => Keep::Shape,
    };
    selective::read(&text, keep).map_err(|problem| {
        let shown = path.display();
        format!(
            "{shown}:{}:{}: {}",
            problem.line, problem.column, problem.what
        )
    })
}

fn of_file(node: &Node, path: &Path, variables: &Variables, now: Timestamp) -> Vec<Profile> {
    let Some(profiles) = node.get("profiles") else {
        return Vec::new();
    };
    let ours = |(_, profile): &(&str, &Node)| {
        profile.get("provider").and_then(Node::text) == Some(PROVIDER)
    };
    let usage = node.get("usageStats");
    let one = |(id, profile): (&str, &Node)| {
        let mode = profile.get("type").and_then(text).unwrap_or_default();
        let stats = usage.and_then(|usage| usage.get(id));
        let number = |name: &str| stats.and_then(|stats| stats.get(name)?.number());
        let until = number("cooldownUntil")
            .into_iter()
            .chain(number("disabledUntil"));
        let cooling = until.fold(0.0, f64::max);
        let cooling = (cooling > milliseconds(now)).then_some(cooling);
        let (kind, value, mut obstacle) = content(profile, &mode, variables, now);
        if let (None, Some(end)) = (&obstacle, cooling) {
            let why = stats.and_then(|stats| {
                let reason = stats
                    .get("disabledReason")
                    .or_else(|| stats.get("cooldownReason"));
                reason.and_then(Node::text)
            });
            let why = why.map_or_else(String::new, |why| format!(" ({why})"));
            obstacle = Some(format!("is cooling down until {}{why}", time(end)));
        }
        Profile {
            source: Source {
                kind,
                name: id.to_owned(),
                place: Place::Profile(path.to_owned()),
                value,
                obstacle,
            },
            id: id.to_owned(),
            mode,
            cooling,
            last_used: number("lastUsed").unwrap_or(0.0),
        }
    };
    profiles.fields().filter(ours).map(one).collect()
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds of a century fit")]
fn milliseconds(now: Timestamp) -> f64 {
    now.as_millisecond() as f64
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "what is no time is refused by the next step"
)]
fn time(milliseconds: f64) -> String {
    Timestamp::from_millisecond(milliseconds as i64).map_or_else(
        |_| "a time that is none".to_owned(),
        |time| time.strftime("%Y-%m-%d %H:%M UTC").to_string(),
    )
}

/// What a profile holds, what can be shown of it, and why it cannot be used.
fn content(
    profile: &Node,
    mode: &str,
    variables: &Variables,
    now: Timestamp,
) -> (Kind, Option<String>, Option<String>) {
    let expires = profile.get("expires").and_then(Node::number);
    let over = expires.filter(|end| *end > 0.0 && *end <= milliseconds(now));
    let over = over.map(|end| format!("ended on {}", time(end)));
    let secret = |name: &str| {
        let plain = profile.get(name).and_then(Node::secret).cloned();
        let reference = || {
            let reference = profile.get(&format!("{name}Ref"))?;
            Some(Value::Reference {
                source: reference.get("source").and_then(text)?,
                provider: reference.get("provider").and_then(text).unwrap_or_default(),
                id: reference.get("id").and_then(text)?,
            })
        };
        plain.map(Value::Plain).or_else(reference).map_or_else(
            || (None, Some("holds nothing".to_owned())),
            |value| value.resolve(variables),
        )
    };
    let has = |name: &str| profile.get(name).is_some_and(Node::has_text);
    match mode {
        "api_key" => {
            let (value, obstacle) = secret("key");
            (Kind::ApiKey, value, obstacle)
        }
        "token" => {
            let (value, obstacle) = secret("token");
            (Kind::Token, value, obstacle.or(over))
        }
        "oauth" if has("refresh") => (Kind::Login, None, None),
        "oauth" if has("access") => (Kind::Login, None, over),
        "oauth" => (Kind::Login, None, Some("holds nothing".to_owned())),
        _ => (
            Kind::ApiKey,
            None,
            Some("is of a type that is not known".to_owned()),
        ),
    }
}

/// A database is not read: the configuration tells which profiles should be in it.
fn of_database(config: &Config, path: &Path) -> Vec<Profile> {
    let one = |(id, mode): &(String, String)| Profile {
        source: Source {
            kind: match mode.as_str() {
                "oauth" => Kind::Login,
                "token" => Kind::Token,
                _ => Kind::ApiKey,
            },
            name: id.clone(),
            place: Place::Profile(path.to_owned()),
            value: None,
            obstacle: None,
        },
        id: id.clone(),
        mode: mode.clone(),
        cooling: None,
        last_used: 0.0,
    };
    config.profiles.iter().map(one).collect()
}

/// Claude Code's login, which Clawdbot copies into its store when it reads that.
fn copy(system: &System, now: Timestamp) -> Option<Profile> {
    let folder = system.environment.home()?.join(".claude");
    let login = login::look(system, Some(&folder), now);
    if !login.standing.is_usable() {
        return None;
    }
    let mode = if login.refresh == TokenKind::None {
        "token"
    } else {
        "oauth"
    };
    Some(Profile {
        source: Source {
            kind: Kind::Login,
            name: COPY.to_owned(),
            value: Some(login.holder()).filter(|holder| !holder.is_empty()),
            place: Place::ClaudeCode(login.path),
            obstacle: None,
        },
        id: COPY.to_owned(),
        mode: mode.to_owned(),
        cooling: None,
        last_used: 0.0,
    })
}
