//! Which credential wins for a provider, and why each of the others does not.
//!
//! In this order: the pinned profile or account; the active account; the profiles of the order
//! (the store's, else the configuration's; profiles outside of an order are left out); without an
//! order the agent's profiles by their ids; profiles inherited from `main`; the environment. The
//! first usable one wins. What a person chose by name, by a pin or as the active account, is used
//! or fails: nothing else is taken in its place. So it is with a reference to a program or a keyring
//! that counted as usable and did not answer.

mod aws;
mod candidates;
mod referred;
mod refusal;

pub use referred::{Referred, State};

use super::name::{Name, ProfileId};
use super::profile::Credential;
use super::sources::{Place, Sources};
use super::usage::Pause;
use crate::error::{Error, Kind, Result};
use crate::provider::{bedrock, registry};
use crate::secret::Secret;

/// What `--profile` or `--account` names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pin {
    Profile(ProfileId),
    Account(Name),
}

/// The answer for one provider.
#[derive(Clone, Debug)]
pub struct Selection {
    pub provider: String,
    /// Everything that was looked at, best first.
    pub candidates: Vec<Candidate>,
    /// The one that is used, by its place in `candidates`; it is usable.
    winner: Option<usize>,
    /// The one that would be used if it could be.
    blamed: Option<usize>,
}

/// A credential that was found.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub origin: Origin,
    /// The rule that put it at its place.
    pub rank: Rank,
    /// The `type` of its profile; `api_key`, `token` or `aws` for variables.
    pub kind: String,
    /// A login or a way to AWS, which are more than one secret.
    pub whole: Option<Credential>,
    pub reason: Reason,
    /// The state of a login in a few words, once somebody has looked at it.
    pub standing: Option<&'static str>,
    /// The value; `None` where there is none or it was not resolved.
    pub secret: Option<Secret>,
    /// The reference that the value comes from or should come from.
    pub reference: Option<Box<Referred>>,
    /// Milliseconds since 1970.
    pub expires: Option<i64>,
    /// The host it was saved for, when it is not the provider's own.
    pub base_url: Option<String>,
    /// Its pause, as the record of use has it; what a person chose by name is used all the same.
    pub pause: Option<Pause>,
}

/// Where a candidate comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    Profile {
        id: ProfileId,
        /// It stands in the store of `main`, not in the agent's own.
        inherited: bool,
    },
    Variable {
        name: String,
        place: Place,
    },
}

/// The rules, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    Pinned,
    Active,
    StoreOrder,
    ConfigOrder,
    Id,
    Inherited,
    Environment,
}

impl Rank {
    /// Why it stands where it stands, in words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Pinned => "chosen with --profile or --account",
            Self::Active => "the active account",
            Self::StoreOrder => "by the order of the store",
            Self::ConfigOrder => "by auth.order of the configuration",
            Self::Id => "by its name",
            Self::Inherited => "inherited from the agent main",
            Self::Environment => "from the environment",
        }
    }
}

/// Whether a candidate can be used, and if not, why. The codes are `OpenClaw`'s.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    Ok,
    ExcludedByAuthOrder,
    MissingCredential,
    MalformedApiKey,
    Expired,
    InvalidExpires,
    UnresolvedRef,
    IneligibleProfile,
    /// Its provider wants fewer requests: it is not taken before its [`Pause`] ends.
    Cooldown,
    /// It was refused or has no credit, and is not taken before its [`Pause`] ends.
    Disabled,
}

impl Reason {
    /// The stable name in JSON.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::ExcludedByAuthOrder => "excluded_by_auth_order",
            Self::MissingCredential => "missing_credential",
            Self::MalformedApiKey => "malformed_api_key",
            Self::Expired => "expired",
            Self::InvalidExpires => "invalid_expires",
            Self::UnresolvedRef => "unresolved_ref",
            Self::IneligibleProfile => "ineligible_profile",
            Self::Cooldown => "cooldown",
            Self::Disabled => "disabled",
        }
    }
}

/// The state of a credential as `models status` reports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    Ok,
    /// It has no end.
    Static,
    Expiring,
    Expired,
    Missing,
    Unresolved,
}

impl Candidate {
    /// Its state at `now`; it is expiring when it ends within `warn` milliseconds. An
    /// ineligible profile counts as missing: there is nothing in it that could be used.
    #[must_use]
    pub fn status(&self, now: i64, warn: i64) -> Status {
        match self.reason {
            Reason::UnresolvedRef => Status::Unresolved,
            Reason::MissingCredential | Reason::MalformedApiKey | Reason::IneligibleProfile => {
                Status::Missing
            }
            Reason::Expired | Reason::InvalidExpires => Status::Expired,
            Reason::Ok | Reason::ExcludedByAuthOrder | Reason::Cooldown | Reason::Disabled => {
                match self.expires {
                    // Whoever is signed in has to sign in again one day.
                    None if self.is_login() => Status::Ok,
                    None => Status::Static,
                    Some(end) if end <= now => Status::Expired,
                    Some(end) if end.saturating_sub(now) <= warn => Status::Expiring,
                    Some(_) => Status::Ok,
                }
            }
        }
    }

    /// It is a login of Claude Code, by reference.
    #[must_use]
    pub const fn is_login(&self) -> bool {
        matches!(self.whole, Some(Credential::Login { .. }))
    }

    /// It is made for the unmodified `claude` alone.
    #[must_use]
    pub fn is_subscription(&self) -> bool {
        self.kind == "token" || self.is_login()
    }

    /// What stands in the way of using it, in words; `None` when nothing does.
    #[must_use]
    pub fn obstacle(&self) -> Option<String> {
        let of_login = matches!(self.reason, Reason::Expired | Reason::IneligibleProfile);
        if let Some(standing) = self.standing.filter(|_| of_login) {
            return Some(standing.to_owned());
        }
        Some(match self.reason {
            Reason::Ok => return None,
            Reason::ExcludedByAuthOrder => "the order of its provider leaves it out".to_owned(),
            Reason::MissingCredential => "it holds no credential".to_owned(),
            Reason::MalformedApiKey => "its value cannot be an API key".to_owned(),
            Reason::Expired => "it has expired".to_owned(),
            Reason::InvalidExpires => "its time of expiry is no time".to_owned(),
            Reason::UnresolvedRef => self.unresolved().map_or_else(
                || "its reference cannot be resolved".to_owned(),
                |unresolved| unresolved.why().to_owned(),
            ),
            Reason::IneligibleProfile => {
                format!("a credential of type `{}` cannot be used here", self.kind)
            }
            Reason::Cooldown | Reason::Disabled => self
                .pause
                .as_ref()
                .map_or_else(|| "it rests".to_owned(), Pause::words),
        })
    }

    /// The profile's id, or the variable's name.
    #[must_use]
    pub fn name(&self) -> &str {
        match &self.origin {
            Origin::Profile { id, .. } => id.as_str(),
            Origin::Variable { name, .. } => name,
        }
    }
}

impl Selection {
    /// Judges the logins by what is on this machine: `look` gets the folder of each, and gives its
    /// reason, its state in a few words, and its end. The choice is made anew.
    pub fn look_at_logins(
        &mut self,
        look: impl Fn(Option<&str>) -> (Reason, &'static str, Option<i64>),
    ) {
        for candidate in &mut self.candidates {
            let Some(Credential::Login { config_dir, .. }) = &candidate.whole else {
                continue;
            };
            let (reason, standing, expires) = look(config_dir.as_deref());
            candidate.standing = Some(standing);
            if candidate.reason == Reason::Ok {
                candidate.reason = reason;
            }
            candidate.expires = expires;
        }
        self.winner = winner(&self.candidates);
    }

    /// The credentials that give way to each other when one is limited, the one in use first: of its
    /// kind, and usable. What a person chose by name stands alone.
    #[must_use]
    pub fn rotation(&self) -> Vec<&Candidate> {
        let Some(winner) = self.winner() else {
            return Vec::new();
        };
        if winner.rank <= Rank::Active {
            return vec![winner];
        }
        let same = |c: &&Candidate| c.reason == Reason::Ok && c.kind == winner.kind;
        self.candidates.iter().filter(same).collect()
    }

    /// The credential that is used.
    #[must_use]
    pub fn winner(&self) -> Option<&Candidate> {
        self.candidates.get(self.winner?)
    }

    /// The winner, or the candidate to blame for there being none; `None` when there is no
    /// candidate at all.
    #[must_use]
    pub fn effective(&self) -> Option<&Candidate> {
        self.candidates.get(self.winner.or(self.blamed)?)
    }

    /// The winner.
    ///
    /// # Errors
    /// `NotFound` that says what is in the way and what to type.
    pub fn require(&self) -> Result<&Candidate> {
        let provider = &self.provider;
        match (self.winner(), self.effective()) {
            (Some(winner), _) => Ok(winner),
            (None, Some(blamed)) => Err(blamed.refusal()),
            (None, None) => Err(Error::new(
                Kind::NotFound,
                format!("there is no credential for {provider}"),
            )
            .hint("`keywright onboard` sets one up.")),
        }
    }
}

/// Selects the credential for `provider` at `now` (milliseconds since 1970). A pinned profile of
/// another provider has no say here.
///
/// # Errors
/// `NotFound` for a pin that names nothing.
pub fn select(sources: &Sources, provider: &str, pin: Option<&Pin>, now: i64) -> Result<Selection> {
    if let Some(pin) = pin {
        check_pin(sources, pin)?;
    }
    let data = registry::find(provider);
    let mut candidates = candidates::profiles(sources, provider, pin, now);
    candidates.sort_by_key(|candidate| {
        let excluded = candidate.reason == Reason::ExcludedByAuthOrder;
        (excluded, candidate.rank)
    });
    if let Some(data) = data {
        candidates.extend(candidates::variables(sources, data));
    } else if let Some(custom) = sources.config.providers.get(provider) {
        candidates.extend(candidates::configured(sources, custom));
    }
    if provider == bedrock::ID {
        candidates.extend(aws::variables(sources));
    }
    Ok(Selection {
        provider: provider.to_owned(),
        blamed: (!candidates.is_empty()).then_some(0),
        winner: winner(&candidates),
        candidates,
    })
}

/// The first that can be used; what a person chose by name is used or fails.
fn winner(candidates: &[Candidate]) -> Option<usize> {
    let first = candidates.first()?;
    if first.rank <= Rank::Active {
        return (first.reason == Reason::Ok).then_some(0);
    }
    candidates.iter().position(|c| c.reason == Reason::Ok)
}

fn check_pin(sources: &Sources, pin: &Pin) -> Result<()> {
    let stores = [&sources.own, &sources.inherited];
    let mut ids = stores
        .into_iter()
        .flatten()
        .flat_map(|store| store.profiles.keys());
    let (found, what) = match pin {
        Pin::Profile(pinned) => (ids.any(|id| id == pinned), format!("profile `{pinned}`")),
        Pin::Account(name) => (
            ids.any(|id| id.name() == name.as_str()),
            format!("account `{name}`"),
        ),
    };
    if found {
        return Ok(());
    }
    let known = stores
        .into_iter()
        .flatten()
        .flat_map(|store| store.profiles.keys());
    let mut known: Vec<&str> = known.map(ProfileId::as_str).collect();
    known.truncate(SHOWN);
    let hint = match known.as_slice() {
        [] => "`keywright onboard` sets one up.".to_owned(),
        known => format!(
            "There is {}; `keywright models status` shows how each stands.",
            known.join(", ")
        ),
    };
    Err(Error::new(Kind::NotFound, format!("there is no {what}")).hint(hint))
}

/// Names that a refusal lists at most.
const SHOWN: usize = 10;

#[cfg(test)]
mod tests;
