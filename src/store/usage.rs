//! When each profile was last used, and which ones rest because their provider turned them away:
//! `state/usage.json`. It holds no secret, and nothing that cannot be lost.
//!
//! ```json
//! { "version": 1, "agents": { "main": { "anthropic:default": {
//!     "lastUsed": 1795200000000, "errorCount": 2, "lastFailureAt": 1795200000000,
//!     "cooldownUntil": 1795200060000, "cooldownReason": "rate_limit",
//!     "disabledUntil": 1795200600000, "disabledReason": "billing" } } } }
//! ```
//!
//! Times are milliseconds since 1970, names those of OpenClaw's `usageStats`. Unknown fields survive
//! a rewrite. The file is replaced under the lock of every writer; it is not part of the journal,
//! because there is nothing in it to take back.

mod backoff;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::home::Home;
use super::name::{Name, ProfileId};
use super::profile::Profile;
use super::profiles::Profiles;
use super::transaction::Writer;
use crate::error::{Error, Kind, Result};
use crate::provider::{self, Reason, Verdict};
use crate::system::files::TEMPORARY_PREFIX;
use crate::system::{Mode, System};

pub use backoff::Failure;

/// The version that this program reads and writes.
const VERSION: u64 = 1;
/// A file larger than this is something else.
const SIZE_LIMIT: usize = 16 * 1024 * 1024;

/// What is known about the use of profiles.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Usage {
    root: Map<String, Value>,
    problem: Option<String>,
}

/// A profile that is not taken for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pause {
    pub kind: PauseKind,
    /// When it ends, in milliseconds since 1970.
    pub until: i64,
    /// `rate_limit`, `billing`, `auth`, `transient`, or what the file says.
    pub reason: String,
}

/// How a profile is kept from being taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PauseKind {
    /// Too many requests: it will do again by itself.
    Cooldown,
    /// No credit, or refused: somebody has to do something, and it is tried again now and then.
    Disabled,
}

/// What came of using a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was accepted: a pause is over.
    Worked,
    Failed(Failure),
}

impl Outcome {
    /// What a verdict means for the next use; `None` where it says nothing of the profile, such as
    /// when the network is away.
    #[must_use]
    pub fn of(verdict: &Verdict) -> Option<Self> {
        let retry_after = verdict.retry_after;
        Some(match (verdict.outcome(), verdict.reason) {
            (provider::Outcome::Works, _) => Self::Worked,
            (provider::Outcome::Refused, _) => Self::Failed(Failure::Auth),
            (
                _,
                Reason::RateLimited
                | Reason::MonthlyLimit
                | Reason::AwsThrottled
                | Reason::AwsQuota,
            ) => Self::Failed(Failure::RateLimit { retry_after }),
            (_, Reason::Billing | Reason::CreditTooLow | Reason::SpendLimit) => {
                Self::Failed(Failure::Billing)
            }
            (_, Reason::Overloaded | Reason::ServerError | Reason::AwsModelBusy) => {
                Self::Failed(Failure::Transient)
            }
            _ => return None,
        })
    }
}

impl Pause {
    /// That it is one, until when and why, as a fragment that follows a name.
    #[must_use]
    pub fn words(&self) -> String {
        let why = match self.reason.as_str() {
            "rate_limit" => "after too many requests",
            "billing" => "because there was no credit",
            "auth" => "because it was refused",
            _ => "after a failure",
        };
        let until = Timestamp::from_millisecond(self.until);
        let until = until.map_or_else(|_| "a far day".to_owned(), |time| format!("{time:.0}"));
        match self.kind {
            PauseKind::Cooldown => format!("it rests until {until}, {why}"),
            PauseKind::Disabled => format!("it is disabled until {until}, {why}"),
        }
    }
}

impl Usage {
    /// Reads the file; nothing is known where there is none. Creates nothing and never fails: a file
    /// that cannot be read is [`Usage::problem`].
    #[must_use]
    pub fn read(system: &System, home: &Home) -> Self {
        let path = home.usage();
        let read = system.files.read_text(&path, SIZE_LIMIT);
        match read.and_then(|text| text.map_or(Ok(Map::new()), |text| parse(&text, home))) {
            Ok(root) => Self {
                root,
                problem: None,
            },
            Err(error) => Self {
                root: Map::new(),
                problem: Some(error.to_string()),
            },
        }
    }

    /// What a text of the file says, for tests.
    #[cfg(test)]
    pub(super) fn of(text: &str) -> Self {
        let Ok(Value::Object(root)) = serde_json::from_str(text) else {
            panic!("no object: {text}");
        };
        Self {
            root,
            problem: None,
        }
    }

    /// Why the file could not be read, as a fragment; cooldowns are unknown then.
    #[must_use]
    pub fn problem(&self) -> Option<&str> {
        self.problem.as_deref()
    }

    /// When a profile of `agent` was last used, activated or set up, in milliseconds since 1970.
    #[must_use]
    pub fn last_used(&self, agent: &Name, id: &ProfileId) -> Option<i64> {
        time(self.record(agent, id)?, "lastUsed")
    }

    /// Until when a profile of `agent` is not taken by itself, in milliseconds since 1970; `None`
    /// when it may be taken at `now`.
    #[must_use]
    pub fn cooldown_until(&self, agent: &Name, id: &ProfileId, now: i64) -> Option<i64> {
        self.pause(agent, id, now).map(|pause| pause.until)
    }

    /// The pause that a profile of `agent` has at `now`.
    #[must_use]
    pub fn pause(&self, agent: &Name, id: &ProfileId, now: i64) -> Option<Pause> {
        let record = self.record(agent, id)?;
        let kinds = [
            (PauseKind::Disabled, DISABLED),
            (PauseKind::Cooldown, COOLDOWN),
        ];
        kinds.into_iter().find_map(|(kind, [until, reason])| {
            let until = time(record, until).filter(|until| *until > now)?;
            let reason = record.get(reason).and_then(Value::as_str);
            Some(Pause {
                kind,
                until,
                reason: reason.unwrap_or("rate_limit").to_owned(),
            })
        })
    }

    fn record(&self, agent: &Name, id: &ProfileId) -> Option<&Map<String, Value>> {
        let agents = self.root.get("agents")?;
        agents.get(agent.as_str())?.get(id.as_str())?.as_object()
    }
}

const COOLDOWN: [&str; 2] = ["cooldownUntil", "cooldownReason"];
const DISABLED: [&str; 2] = ["disabledUntil", "disabledReason"];

/// Notes that profiles are used now. Must not be called while the lock is held.
///
/// # Errors
/// `Malformed` for a file of a newer version, which stays as it is; `Locked`, `Permission`,
/// `CannotCreate` or `Io`. What was done with the profiles before stands all the same.
pub fn note_used(system: &System, home: &Home, agent: &Name, ids: &[ProfileId]) -> Result<()> {
    let now = system.clock.now().as_millisecond();
    change(system, home, agent, ids, |record| {
        record.insert("lastUsed".to_owned(), now.into());
    })
}

/// Notes what came of using profiles: a failure gives a pause that grows with each that follows
/// within a day, a success ends it. Must not be called while the lock is held.
///
/// # Errors
/// As [`note_used`].
pub fn note_outcomes(
    system: &System,
    home: &Home,
    agent: &Name,
    outcomes: &[(ProfileId, Outcome)],
) -> Result<()> {
    let now = system.clock.now().as_millisecond();
    let ids: Vec<ProfileId> = outcomes.iter().map(|(id, _)| id.clone()).collect();
    let mut outcomes = outcomes.iter().map(|(_, outcome)| *outcome);
    change(system, home, agent, &ids, |record| {
        if let Some(Outcome::Failed(failure)) = outcomes.next() {
            backoff::fail(record, failure, now);
        } else {
            end(record);
            record.insert("lastUsed".to_owned(), now.into());
        }
    })
}

/// The profiles whose credential is another one now, or gone: what it did is past.
pub(super) fn gone(before: &Profiles, after: &Profiles) -> Vec<ProfileId> {
    let other = |id: &ProfileId, profile: &Profile| {
        after
            .get(id)
            .is_none_or(|now| now.credential != profile.credential)
    };
    let before = before.profiles.iter();
    let gone = before.filter(|(id, profile)| other(id, profile));
    gone.map(|(id, _)| id.clone()).collect()
}

/// Ends the pauses of profiles, and gives those that had one. Must not be called while the lock is
/// held. Nothing is written where there is no pause.
///
/// # Errors
/// As [`note_used`].
pub fn reset(
    system: &System,
    home: &Home,
    agent: &Name,
    ids: &[ProfileId],
) -> Result<Vec<ProfileId>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let usage = Usage::read(system, home);
    let now = system.clock.now().as_millisecond();
    let rests = |id: &&ProfileId| usage.pause(agent, id, now).is_some();
    let paused: Vec<ProfileId> = ids.iter().filter(rests).cloned().collect();
    if !paused.is_empty() {
        change(system, home, agent, &paused, end)?;
    }
    Ok(paused)
}

/// A pause is over, and the next one is a first one.
fn end(record: &mut Map<String, Value>) {
    for name in COOLDOWN.iter().chain(&DISABLED) {
        record.shift_remove(*name);
    }
    record.shift_remove(backoff::COUNT);
    record.shift_remove(backoff::LAST);
}

/// Changes the records of profiles, one after the other, under the lock.
fn change(
    system: &System,
    home: &Home,
    agent: &Name,
    ids: &[ProfileId],
    mut with: impl FnMut(&mut Map<String, Value>),
) -> Result<()> {
    let _writer = Writer::begin(system, home)?;
    let path = home.usage();
    let text = system.files.read_text(&path, SIZE_LIMIT)?;
    let mut root = match text.map(|text| parse(&text, home)) {
        Some(Err(error)) if error.kind() == Kind::Config => {
            return Err(error.with_kind(Kind::Malformed));
        }
        // What is broken is begun anew: it held nothing that cannot be lost.
        Some(Err(_)) | None => Map::new(),
        Some(Ok(root)) => root,
    };
    root.entry("version").or_insert(VERSION.into());
    let of_agent = object(object(&mut root, "agents"), agent.as_str());
    for id in ids {
        with(object(of_agent, id.as_str()));
    }
    let mut bytes = serde_json::to_vec_pretty(&root)
        .map_err(|e| Error::new(Kind::Io, "the usage file cannot be made").caused_by(e))?;
    bytes.push(b'\n');
    system
        .files
        .write_atomic_as(OWNER, &path, &bytes, Mode::Private)
}

/// Part of the names of temporary files.
const OWNER: &str = "usage";

/// How the names of temporary files begin, for the writer after one that was killed.
pub(super) fn temporary_prefix() -> String {
    format!("{TEMPORARY_PREFIX}{OWNER}.")
}

/// The object of that name, made where there is none.
fn object<'a>(map: &'a mut Map<String, Value>, name: &str) -> &'a mut Map<String, Value> {
    let value = map.entry(name).or_insert_with(|| json!({}));
    if !value.is_object() {
        *value = json!({});
    }
    value.as_object_mut().expect("it was made one")
}

/// A newer version is of kind `Config`, so that it can be told from what is broken.
fn parse(text: &str, home: &Home) -> Result<Map<String, Value>> {
    let path = home.usage();
    let refuse = |kind, why: &str| {
        Err(
            Error::new(kind, format!("{} {why}", path.display()))
                .path(&path)
                .hint("It holds when profiles were used and which of them rest. Remove it: it is made anew."),
        )
    };
    match serde_json::from_str::<Value>(text) {
        Ok(Value::Object(root)) => match root.get("version").map(Value::as_u64) {
            Some(Some(VERSION)) | None => Ok(root),
            Some(Some(_)) => refuse(Kind::Config, "is of a newer version than this keywright"),
            Some(None) => refuse(Kind::Malformed, "has a version that is no number"),
        },
        Ok(_) => refuse(Kind::Malformed, "is no JSON object"),
        Err(error) => {
            let place = format!("is not valid JSON (line {})", error.line());
            refuse(Kind::Malformed, &place)
        }
    }
}

fn time(record: &Map<String, Value>, name: &str) -> Option<i64> {
    record.get(name)?.as_i64().filter(|time| *time > 0)
}

#[cfg(test)]
mod tests;
