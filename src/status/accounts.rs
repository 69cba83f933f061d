//! What `account list` and `account info` find out: the accounts, how each of their credentials
//! stands, and when each was last used.

use std::borrow::Cow;
use std::collections::HashMap;

use jiff::Timestamp;
use serde::Serialize;

use super::logins;
use super::report::Seconds;
use crate::consumer::claude_code::login;
use crate::error::Result;
use crate::provider::{bedrock, registry};
use crate::secret::Secret;
use crate::store::account::{Account, Member};
use crate::store::select::{Candidate, Origin, Reason, Status, select};
use crate::store::sources::Sources;
use crate::store::{Credential, MAIN, Method, ProfileId, SecretSource};
use crate::system::System;

/// A credential that ends within this time is `expiring`.
const WARN_MS: i64 = 24 * 3_600_000;
/// Claude Code itself warns of the end of a login three days before.
const LOGIN_WARN_MS: i64 = 3 * WARN_MS;

/// One account on one line.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    pub name: String,
    pub active: bool,
    /// For people: `API (Anthropic)`, `Max`.
    #[serde(rename = "type")]
    pub kind: Cow<'static, str>,
    pub providers: Vec<Cow<'static, str>>,
    pub profiles: Vec<String>,
    /// When the first of its profiles was made.
    pub created_at: Option<Seconds>,
    pub last_used_at: Option<Seconds>,
    /// Of its profiles the one that stands worst.
    pub status: Status,
    pub reason_code: &'static str,
    /// The agent that it comes from, when all of it is another's.
    pub inherited_from: Option<&'static str>,
}

/// One credential of an account.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Part {
    pub id: String,
    pub provider: String,
    /// `api_key`, `token`, `oauth`, `aws`, or what the store says.
    #[serde(rename = "type")]
    pub kind: String,
    /// `store`, `ref:env`, …, or `claude-cli`.
    pub source: String,
    pub status: Status,
    pub reason_code: &'static str,
    /// What stands in the way of using it, in words.
    pub obstacle: Option<String>,
    pub masked: Option<String>,
    pub created_at: Option<Seconds>,
    pub verified_at: Option<Seconds>,
    pub last_used_at: Option<Seconds>,
    pub expires_at: Option<Seconds>,
    pub inherited_from: Option<&'static str>,
    /// The host it was saved for, when it is not the provider's own.
    pub base_url: Option<String>,
    /// The folder of a Claude login.
    pub config_dir: Option<String>,
    /// Of an AWS credential.
    pub method: Option<&'static str>,
    pub region: Option<String>,
    pub model: Option<String>,
    /// Masked, with its beginning.
    pub access_key_id: Option<String>,
    /// For people: `API (Anthropic)`, `Max`.
    #[serde(skip)]
    pub words: String,
    /// What a reference names: `env default MY_KEY`.
    #[serde(skip)]
    pub reference: Option<String>,
    /// The secret, where it is at hand; for who was told to show it.
    #[serde(skip)]
    pub secret: Option<Secret>,
    /// The whole of an access key's id.
    #[serde(skip)]
    pub whole_id: Option<String>,
}

/// Judges credentials, each once.
pub struct Judge<'a> {
    system: &'a System,
    sources: &'a Sources,
    now: Timestamp,
    found: HashMap<ProfileId, Found>,
}

/// What became of one profile.
struct Found {
    status: Status,
    reason_code: &'static str,
    /// `None` where lines are all that is wanted: thousands of secrets need not be held.
    candidate: Option<Box<Candidate>>,
}

impl<'a> Judge<'a> {
    /// Judges the credentials of `providers` as far as [`Judge::line`] needs it.
    ///
    /// # Errors
    /// Those of [`select`].
    pub fn of_lines(system: &'a System, sources: &'a Sources, providers: &[&str]) -> Result<Self> {
        Self::new(system, sources, providers, |_| None)
    }

    /// As [`Judge::of_lines`], and for [`Judge::part`].
    ///
    /// # Errors
    /// Those of [`select`].
    pub fn of_parts(system: &'a System, sources: &'a Sources, providers: &[&str]) -> Result<Self> {
        Self::new(system, sources, providers, |candidate| {
            Some(Box::new(candidate.clone()))
        })
    }

    fn new(
        system: &'a System,
        sources: &'a Sources,
        providers: &[&str],
        keep: fn(&Candidate) -> Option<Box<Candidate>>,
    ) -> Result<Self> {
        let now = system.clock.now();
        let mut found = HashMap::new();
        for provider in providers {
            let mut selection = select(sources, provider, None, now.as_millisecond())?;
            logins::look(system, &mut selection, now);
            found.reserve(selection.candidates.len());
            for candidate in selection.candidates {
                let (status, reason_code) = stands(&candidate, now);
                let judged = Found {
                    status,
                    reason_code,
                    candidate: keep(&candidate),
                };
                if let Origin::Profile { id, .. } = candidate.origin {
                    found.insert(id, judged);
                }
            }
        }
        Ok(Self {
            system,
            sources,
            now,
            found,
        })
    }

    /// One account on one line.
    #[must_use]
    pub fn line(&self, account: &Account<'_>) -> Line {
        let mut providers: Vec<Cow<'static, str>> = Vec::with_capacity(1);
        let mut kinds: Vec<Cow<'static, str>> = Vec::with_capacity(1);
        let mut worst = (Status::Static, "ok");
        let mut last_used = None;
        for member in &account.members {
            let provider = id_of(&member.profile.provider);
            if !providers.contains(&provider) {
                providers.push(provider);
            }
            kinds.push(self.words(member));
            last_used = last_used.max(self.last_used(member));
            let stands = self.stands(member);
            if weight(stands.0) > weight(worst.0) {
                worst = stands;
            }
        }
        let inherited = account.members.iter().all(|member| member.inherited);
        Line {
            name: account.name.to_owned(),
            active: is_active(self.sources, account.name),
            kind: match kinds.len() {
                1 => kinds.remove(0),
                _ => kinds.join(", ").into(),
            },
            providers,
            profiles: ids(account),
            created_at: account.created_at().and_then(moment),
            last_used_at: last_used.and_then(moment),
            status: worst.0,
            reason_code: worst.1,
            inherited_from: inherited.then_some(MAIN),
        }
    }

    /// One credential with everything that is known about it.
    #[must_use]
    pub fn part(&self, member: &Member<'_>) -> Part {
        let judged = self.found.get(member.id);
        let candidate = judged.and_then(|judged| judged.candidate.as_deref());
        let (status, reason_code) = self.stands(member);
        let profile = member.profile;
        let (config_dir, aws) = match &profile.credential {
            Credential::Login { config_dir, .. } => (config_dir.clone(), None),
            Credential::Aws(access) => (None, Some(access)),
            _ => (None, None),
        };
        let id = aws.and_then(|access| access.access_key_id.clone());
        let secret = candidate.and_then(|found| found.secret.clone());
        let expires = candidate.and_then(|found| found.expires);
        Part {
            id: member.id.to_string(),
            provider: profile.provider.clone(),
            kind: profile.credential.kind().to_owned(),
            source: source(profile.secret(), &profile.credential),
            status,
            reason_code,
            obstacle: candidate.and_then(Candidate::obstacle),
            masked: secret.as_ref().filter(|s| !s.is_empty()).map(Secret::mask),
            created_at: profile.created_at.and_then(moment),
            verified_at: profile.verified_at.and_then(moment),
            last_used_at: self.last_used(member).and_then(moment),
            expires_at: expires.filter(|end| *end > 0).and_then(moment),
            inherited_from: member.inherited.then_some(MAIN),
            base_url: profile.base_url.clone(),
            config_dir,
            method: aws.and_then(|access| access.method).map(Method::id),
            region: aws.and_then(|access| access.region.clone()),
            model: aws.and_then(|access| access.model.clone()),
            access_key_id: id.as_deref().map(masked_id),
            words: self.words(member).into_owned(),
            reference: match profile.secret() {
                Some(SecretSource::Reference(named)) => {
                    Some([&named.source, " ", &named.provider, " ", &named.id].concat())
                }
                _ => None,
            },
            secret,
            whole_id: id,
        }
    }

    fn stands(&self, member: &Member<'_>) -> (Status, &'static str) {
        match self.found.get(member.id) {
            Some(judged) => (judged.status, judged.reason_code),
            None => (Status::Missing, Reason::IneligibleProfile.code()),
        }
    }

    fn last_used(&self, member: &Member<'_>) -> Option<i64> {
        self.sources.usage.last_used(&self.sources.agent, member.id)
    }

    /// What kind of credential it is, in cuti's words: `API (Anthropic)`, `Max`.
    fn words(&self, member: &Member<'_>) -> Cow<'static, str> {
        let provider = provider_name(&member.profile.provider);
        match &member.profile.credential {
            Credential::ApiKey { .. } if provider == "Anthropic" => "API (Anthropic)".into(),
            Credential::Aws(_) => "API (Bedrock)".into(),
            Credential::Login { config_dir, .. } => {
                let folder = config_dir.as_deref().map(std::path::Path::new);
                let plan = login::look(self.system, folder, self.now).plan;
                plan.map_or_else(|| "Claude login".into(), |plan| capitalised(&plan).into())
            }
            Credential::Token { .. } => "Subscription token".into(),
            Credential::ApiKey { .. } => format!("API ({provider})").into(),
            Credential::Unknown { kind } => kind.clone().into(),
        }
    }
}

fn stands(candidate: &Candidate, now: Timestamp) -> (Status, &'static str) {
    let warn = if candidate.is_login() {
        LOGIN_WARN_MS
    } else {
        WARN_MS
    };
    let status = candidate.status(now.as_millisecond(), warn);
    (status, candidate.reason.code())
}

/// Whether it is the active account of the agent.
#[must_use]
pub fn is_active(sources: &Sources, name: &str) -> bool {
    let active = sources.own.as_ref().and_then(|own| own.active.as_ref());
    active.is_some_and(|active| active.as_str() == name)
}

/// The ids of its profiles.
#[must_use]
pub fn ids(account: &Account<'_>) -> Vec<String> {
    let ids = account.members.iter();
    ids.map(|member| member.id.to_string()).collect()
}

/// A provider's name for people.
#[must_use]
pub fn provider_name(id: &str) -> &str {
    match registry::find(id) {
        Some(provider) => provider.name,
        None if id == bedrock::ID => "Bedrock",
        None => id,
    }
}

/// The names that nearly all profiles have need no copy.
fn id_of(provider: &str) -> Cow<'static, str> {
    match registry::find(provider) {
        Some(known) => known.id.into(),
        None => provider.to_owned().into(),
    }
}

/// How bad a state is; of several the heaviest is told.
const fn weight(status: Status) -> u8 {
    match status {
        Status::Static => 0,
        Status::Ok => 1,
        Status::Expiring => 2,
        Status::Unresolved => 3,
        Status::Missing => 4,
        Status::Expired => 5,
    }
}

fn source(secret: Option<&SecretSource>, credential: &Credential) -> String {
    match (secret, credential) {
        (Some(SecretSource::Reference(reference)), _) => ["ref:", &reference.source].concat(),
        (_, Credential::Login { source, .. }) => source.clone().unwrap_or_default(),
        _ => "store".to_owned(),
    }
}

/// The beginning, which says what kind of id it is, and the end.
#[must_use]
pub fn masked_id(id: &str) -> String {
    match (
        id.get(..4),
        id.len().checked_sub(4).and_then(|at| id.get(at..)),
    ) {
        (Some(start), Some(end)) if id.len() >= 12 => [start, "…", end].concat(),
        _ => "…".to_owned(),
    }
}

fn moment(milliseconds: i64) -> Option<Seconds> {
    Timestamp::from_millisecond(milliseconds).ok().map(Seconds)
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}
