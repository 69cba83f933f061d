//! Where a credential is saved: agent, provider and name.

use super::provider;
use crate::cli::auth::Place;
use crate::command::Context;
use crate::error::{Error, Result};
use crate::provider::anthropic;
use crate::store::save::Replace;
use crate::store::{self, Home, Name, ProfileId};
use crate::ui::escape;

/// A place that exists, for a profile that may not.
pub struct Target {
    pub home: Home,
    pub agent: Name,
    pub id: ProfileId,
    pub replace: Replace,
}

impl Target {
    /// Reads what names the place; `name` is the profile's when none is given.
    ///
    /// # Errors
    /// `Usage` for an unknown provider and for names that cannot be; `NotFound` for an agent that
    /// does not exist; those of reading the store.
    pub fn of(place: &Place, name: &str, context: &Context<'_>) -> Result<Self> {
        let (home, agent) = (context.home()?, context.agent()?);
        store::require_agent(context.system, &home, &agent)?;
        let given = place.profile_id.as_deref().unwrap_or(name);
        let of_id = given.split_once(':').map(|(provider, _)| provider);
        let named = place.provider.as_deref().or(of_id);
        let sources = context.sources()?;
        let named = named.unwrap_or(anthropic::PROVIDER.id);
        // What cannot be a name at all is told as such.
        let id = match of_id {
            Some(_) => ProfileId::parse(given)?,
            None => ProfileId::parse(&format!("{named}:{given}")).map_err(|_| not_a_name())?,
        };
        let provider = provider::known(named, &provider::others(&sources))?;
        if id.provider() != provider {
            let message = format!(
                "the profile {} is not of the provider {}",
                escape::line(id.as_str()),
                provider
            );
            return Err(Error::usage(message).hint("leave --provider out, or change the name."));
        }
        let replace = if place.replace {
            Replace::Allow
        } else {
            Replace::Refuse
        };
        Ok(Self {
            home,
            agent,
            id,
            replace,
        })
    }
}

fn not_a_name() -> Error {
    Error::usage("a profile's name is made of a-z, 0-9, `.`, `_` and `-`, at most 63 of them")
}
