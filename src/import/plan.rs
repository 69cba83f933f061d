//! What would be done with each thing that was found, beside what is here.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::PathBuf;

use jiff::Timestamp;

use super::extras::{self, PlannedOrder, PlannedSetting};
use super::{Source, naming, profile};
use crate::consumer::kept::{Holdings, Kept, LeftOut, Place};
use crate::error::{Error, Kind, Result};
use crate::store::save::is_same_secret;
use crate::store::{
    self, Credential, Home, MAIN, Name, Profile, ProfileId, Profiles, SecretSource,
};
use crate::system::System;

/// What is to be imported, and where to.
#[derive(Clone, Debug)]
pub struct Wish {
    /// Whose profiles, and who gets everything; `None`: each agent's to the agent of its name.
    pub agent: Option<Name>,
    /// These alone; all when empty.
    pub chosen: Vec<Chosen>,
    /// What is here with another value gives way.
    pub replace: bool,
}

/// One that was named.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// As it is called there, or its id as the plan shows it.
    pub there: String,
    /// The id that it gets here, where one was given.
    pub here: Option<ProfileId>,
}

/// What becomes of one profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Add,
    Replace,
    /// It is here already.
    Same,
    /// What is here differs and stays.
    Conflict,
}

impl Action {
    /// The stable name in JSON.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Replace => "replace",
            Self::Same => "same",
            Self::Conflict => "conflict",
        }
    }
}

/// One profile of the plan.
#[derive(Clone, Debug)]
pub struct Entry {
    pub source: Source,
    pub place: Place,
    pub agent: Name,
    pub id: ProfileId,
    /// What it is called there, where that is not its id.
    pub name_there: Option<String>,
    pub profile: Profile,
    /// What is here under that id.
    pub here: Option<Profile>,
    pub action: Action,
    pub remarks: Vec<String>,
    /// It is one of an agent's profiles there, which an order there may leave out on purpose.
    pub is_ordered: bool,
}

/// Everything that would be done, and what would not.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Where something was looked for: source, folder, whether anything of it is there.
    pub looked: Vec<(Source, PathBuf, bool)>,
    pub entries: Vec<Entry>,
    pub orders: Vec<PlannedOrder>,
    pub settings: Vec<PlannedSetting>,
    pub left_out: Vec<(Source, LeftOut)>,
    /// Agents that do not exist yet.
    pub new_agents: Vec<Name>,
}

impl Plan {
    /// How many profiles would have that fate.
    #[must_use]
    pub fn count(&self, action: Action) -> usize {
        self.entries
            .iter()
            .filter(|entry| entry.action == action)
            .count()
    }

    /// Something would be written.
    #[must_use]
    pub fn changes_anything(&self) -> bool {
        self.count(Action::Add) + self.count(Action::Replace) > 0
            || self.orders.iter().any(|order| order.is_new)
            || self.settings.iter().any(|setting| setting.is_new)
    }

    /// Nothing was found that could be imported, or that is here already.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.settings.is_empty()
    }

    /// Lets what is there replace what is here.
    pub fn replace_conflicts(&mut self) {
        for entry in &mut self.entries {
            if entry.action == Action::Conflict {
                entry.action = Action::Replace;
            }
        }
    }

    /// The agents whose stores are changed.
    #[must_use]
    pub fn agents(&self) -> Vec<Name> {
        let of_entries = self.entries.iter().map(|entry| &entry.agent);
        let of_orders = self.orders.iter().map(|order| &order.agent);
        let mut agents: Vec<Name> = of_entries.chain(of_orders).cloned().collect();
        agents.sort_unstable();
        agents.dedup();
        agents
    }
}

/// Makes the plan. Reads our home and changes nothing.
///
/// # Errors
/// `NotFound` for an agent that is neither here nor there, and for a chosen profile that nobody
/// has; what reading our files says.
pub fn plan(
    system: &System,
    home: &Home,
    found: Vec<(Source, Holdings)>,
    wish: &Wish,
) -> Result<Plan> {
    let main = Name::parse(MAIN)?;
    if let Some(agent) = &wish.agent {
        agent_exists(system, home, agent, &found)?;
    }
    let mut planner = Planner {
        system,
        home,
        wish,
        now: system.clock.now(),
        main,
        stores: BTreeMap::new(),
        plan: Plan::default(),
        taken: HashSet::new(),
        holding: HashMap::new(),
    };
    for (source, holdings) in found {
        planner.take(source, holdings)?;
    }
    planner.all_chosen_are_there()?;
    let Planner {
        mut plan, stores, ..
    } = planner;
    let known = store::agents(system, home)?;
    plan.new_agents = plan.agents();
    plan.new_agents.retain(|agent| !known.contains(agent));
    for entry in &mut plan.entries {
        let here = stores
            .get(&entry.agent)
            .and_then(|store| store.get(&entry.id));
        entry.action = match here {
            None => Action::Add,
            Some(here) if is_same(here, &entry.profile) => Action::Same,
            Some(_) if wish.replace => Action::Replace,
            Some(_) => Action::Conflict,
        };
        entry.here = here.cloned();
    }
    extras::settle(system, home, &stores, &mut plan)?;
    Ok(plan)
}

fn agent_exists(
    system: &System,
    home: &Home,
    agent: &Name,
    found: &[(Source, Holdings)],
) -> Result<()> {
    let named = |kept: &Kept| kept.agent.as_deref() == Some(agent.as_str());
    let mut all = found.iter().flat_map(|(_, holdings)| &holdings.credentials);
    if all.any(named) {
        return Ok(());
    }
    store::require_agent(system, home, agent)
}

struct Planner<'a> {
    system: &'a System,
    home: &'a Home,
    wish: &'a Wish,
    now: Timestamp,
    main: Name,
    /// What is here.
    stores: BTreeMap<Name, Profiles>,
    plan: Plan,
    taken: HashSet<(Name, ProfileId)>,
    /// Entries by what they hold.
    holding: HashMap<String, Vec<usize>>,
}

impl Planner<'_> {
    fn take(&mut self, source: Source, holdings: Holdings) -> Result<()> {
        let first = self.plan.entries.len();
        self.plan
            .looked
            .push((source, holdings.folder, holdings.is_there));
        let has_agent = |name: &str| {
            let mut all = holdings.credentials.iter();
            all.any(|kept| kept.agent.as_deref() == Some(name))
        };
        // An agent that is not among its agents gets what its main agent has.
        let wanted = self.wish.agent.as_ref().map(|agent| {
            if has_agent(agent.as_str()) {
                agent.as_str()
            } else {
                MAIN
            }
        });
        let is_wanted = |agent: &Option<String>| {
            wanted.is_none() || agent.is_none() || agent.as_deref() == wanted
        };
        let wanted_here = |kept: &Kept| is_wanted(&kept.agent);
        let credentials: Vec<Kept> = holdings
            .credentials
            .iter()
            .filter(|kept| wanted_here(kept))
            .cloned()
            .collect();
        let orders = holdings.orders.into_iter();
        let orders: Vec<_> = orders.filter(|order| is_wanted(&order.agent)).collect();
        for kept in credentials {
            self.one(source, kept)?;
        }
        let left_out = holdings.left_out.into_iter();
        self.plan
            .left_out
            .extend(left_out.map(|left| (source, left)));
        if self.wish.chosen.is_empty() {
            let agent = |name: Option<&str>| self.agent(name);
            let planned = extras::orders((source, &self.plan.entries[first..]), orders, agent);
            self.plan.orders.extend(planned);
        }
        let chosen = !self.wish.chosen.is_empty();
        extras::settings(&mut self.plan, (source, first), holdings.settings, chosen);
        Ok(())
    }

    /// The agent here for one of theirs.
    fn agent(&self, name: Option<&str>) -> Name {
        let named = || name.and_then(naming::agent);
        let wanted = self.wish.agent.clone();
        wanted.or_else(named).unwrap_or_else(|| self.main.clone())
    }

    fn one(&mut self, source: Source, mut kept: Kept) -> Result<()> {
        let agent = self.agent(kept.agent.as_deref());
        if !self.stores.contains_key(&agent) {
            let store = store::read(self.system, self.home, &agent)?.profiles;
            self.stores.insert(agent.clone(), store);
        }
        let nearest = naming::profile_id((&kept.wanted.0, &kept.wanted.1), |_| true);
        let chosen = self.chosen(&kept.name, &nearest);
        if chosen.is_none() && !self.wish.chosen.is_empty() {
            return Ok(());
        }
        let profile = match profile::of(&mut kept, self.now) {
            Ok(profile) => profile,
            Err(refused) => {
                let left = LeftOut {
                    place: kept.place,
                    why: refused.why,
                    advice: Some(refused.advice),
                };
                self.plan.left_out.push((source, left));
                return Ok(());
            }
        };
        let holding = holding(&agent, &profile);
        let same = self
            .holding
            .get(&holding)
            .into_iter()
            .flatten()
            .find(|index| {
                let entry = &self.plan.entries[**index];
                is_same(&entry.profile, &profile) && (entry.source != source || entry.id == nearest)
            });
        if let Some(index) = same {
            let remark = format!("{} has it too, as {}.", source.name(), kept.name);
            self.plan.entries[*index].remarks.push(remark);
            return Ok(());
        }
        let id = self.id(&agent, &kept, chosen)?;
        self.taken.insert((agent.clone(), id.clone()));
        let index = self.plan.entries.len();
        self.holding.entry(holding).or_default().push(index);
        let name_there = (kept.name != id.as_str()).then_some(kept.name);
        self.plan.entries.push(Entry {
            source,
            place: kept.place,
            agent,
            id,
            name_there,
            profile,
            here: None,
            action: Action::Add,
            remarks: kept.remarks,
            is_ordered: kept.agent.is_some(),
        });
        Ok(())
    }

    /// The id that was given, else one that is allowed and free.
    fn id(&self, agent: &Name, kept: &Kept, chosen: Option<Chosen>) -> Result<ProfileId> {
        let is_free = |id: &ProfileId| !self.taken.contains(&(agent.clone(), id.clone()));
        match chosen.and_then(|chosen| chosen.here) {
            Some(here) if is_free(&here) => Ok(here),
            Some(here) => Err(
                Error::usage(format!("two profiles cannot both become {here}"))
                    .hint("Give each a name of its own: --profile-id THERE=HERE."),
            ),
            None => Ok(naming::profile_id(
                (&kept.wanted.0, &kept.wanted.1),
                is_free,
            )),
        }
    }

    fn chosen(&self, name: &str, id: &ProfileId) -> Option<Chosen> {
        let named = |chosen: &&Chosen| chosen.there == name || chosen.there == id.as_str();
        self.wish.chosen.iter().find(named).cloned()
    }

    fn all_chosen_are_there(&self) -> Result<()> {
        for chosen in &self.wish.chosen {
            let is_it = |entry: &Entry| {
                entry.id.as_str() == chosen.there
                    || chosen.here.as_ref() == Some(&entry.id)
                    || entry.name_there.as_ref() == Some(&chosen.there)
            };
            let left = |(_, left): &(Source, LeftOut)| left.place.at.ends_with(&chosen.there);
            if !self.plan.entries.iter().any(is_it) && !self.plan.left_out.iter().any(left) {
                let message = "a profile that --profile-id names was not found";
                return Err(Error::new(Kind::NotFound, message)
                    .hint("`keywright import --dry-run` lists what is there."));
            }
        }
        Ok(())
    }
}

/// What tells most profiles apart, as a key to look them up by.
fn holding(agent: &Name, profile: &Profile) -> String {
    let what = match (&profile.credential, profile.secret()) {
        (_, Some(SecretSource::Stored(secret))) => secret.fingerprint(),
        (_, Some(SecretSource::Reference(reference))) => reference.id.clone(),
        (Credential::Aws(access), _) => access.profile.clone().unwrap_or_default(),
        _ => String::new(),
    };
    format!("{agent} {} {what}", profile.provider)
}

/// The same credential for the same host; a login without a folder is that of the usual one.
fn is_same(one: &Profile, other: &Profile) -> bool {
    if let (
        Credential::Login {
            config_dir: one, ..
        },
        Credential::Login {
            config_dir: other, ..
        },
    ) = (&one.credential, &other.credential)
    {
        let folder = |dir: &Option<String>| dir.clone().unwrap_or_else(|| "~/.claude".to_owned());
        return folder(one) == folder(other);
    }
    is_same_secret(one, other)
}
