//! Reads the machine, once and in parallel, only what the selected checks need. A collector that
//! hangs or fails loses its own areas and nothing else.

pub mod access;
pub mod aws;
mod aws_files;
mod aws_keys;
mod aws_variables;
pub mod bedrock;
pub mod binary;
pub mod claude;
pub mod claude_code;
pub mod credentials;
mod elsewhere;
pub mod endpoint;
pub mod environment;
pub mod gather;
pub mod helpers;
pub mod home;
pub mod inherit;
pub mod machine;
pub mod pinned;
pub mod probe;
pub mod start_up;
mod stored;
mod trial;
pub mod value;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::facts::{Area, Facts, Level, Probe, ProbeState};
use crate::store::Name;
use crate::system::System;
use gather::{Job, Part};

/// What to read.
#[derive(Clone, Debug)]
pub struct Request {
    pub areas: BTreeSet<Area>,
    /// `--home`.
    pub home: Option<PathBuf>,
    pub agent: Name,
    /// `--no-input`.
    pub no_input: bool,
    pub level: Level,
    /// Profiles that are tried beside those in use; `all` stands for every one.
    pub profiles: Vec<String>,
    /// Nothing is asked over the network, and nothing is built for it.
    pub offline: bool,
    /// For all of it.
    pub timeout: Duration,
    /// `--service`, as [`inherit::service`] gives it.
    pub service: Option<String>,
    /// `--deep`: a login shell and programs that print credentials may be run.
    pub deep: bool,
}

impl Request {
    /// Those of the areas that are to be read.
    fn of(&self, areas: &[Area]) -> Vec<Area> {
        let areas = areas.iter().copied();
        areas.filter(|area| self.areas.contains(area)).collect()
    }
}

/// What was read.
#[derive(Clone, Debug, Default)]
pub struct Collected {
    pub facts: Facts,
    /// How long each area took.
    pub took: BTreeMap<Area, Duration>,
}

/// Told again and again, while there is nothing to do but wait, which areas are still open and how
/// long it has been.
pub type Waiting<'a> = &'a mut dyn FnMut(&[Area], Duration);

/// Reads the machine.
pub fn collect(system: &System, request: &Request, waiting: Waiting<'_>) -> Collected {
    let mut request = request.clone();
    // The collectors own their world, so that one that hangs can be left behind.
    let mut world = System::with_environment(system.environment.clone());
    world.root.clone_from(&system.root);
    world.sandbox = system.sandbox;
    let world = Arc::new(world);
    let mut facts = Facts {
        now: system.clock.now(),
        machine: machine::machine(system),
        ..Facts::default()
    };
    if request.offline && request.areas.remove(&Area::Probe) {
        facts.probe = Probe {
            level: request.level,
            state: ProbeState::NotAsked {
                why: "left out by --offline".to_owned(),
                blocked_by: None,
            },
            ..Probe::default()
        };
    }
    if request.offline && request.areas.remove(&Area::Bedrock) {
        "left out by --offline".clone_into(&mut facts.bedrock.why);
    }
    let jobs = jobs(&world, &request);
    let mut collected = Collected {
        facts,
        took: BTreeMap::new(),
    };
    gather::gather(jobs, request.timeout, &mut collected, waiting);
    collected
}

/// Asks the network once more; what is of this machine alone stays as it was read.
pub fn again(system: &System, request: &Request, collected: &mut Collected, waiting: Waiting<'_>) {
    const CHAIN: &[Area] = &[
        Area::Credentials,
        Area::Aws,
        Area::Endpoint,
        Area::Probe,
        Area::Bedrock,
    ];
    let areas = CHAIN.iter().filter(|area| request.areas.contains(area));
    let request = Request {
        areas: areas.copied().collect(),
        ..request.clone()
    };
    let fresh = collect(system, &request, waiting);
    let facts = &mut collected.facts;
    facts.credentials = fresh.facts.credentials;
    facts.endpoint = fresh.facts.endpoint;
    facts.probe = fresh.facts.probe;
    facts.aws = fresh.facts.aws;
    facts.bedrock = fresh.facts.bedrock;
    facts.lost.retain(|area, _| !request.areas.contains(area));
    facts.lost.extend(fresh.facts.lost);
    collected.took.extend(fresh.took);
}

/// One job for each thread.
fn jobs(world: &Arc<System>, request: &Request) -> Vec<Job> {
    let mut jobs = Vec::new();
    let wants = |area| request.areas.contains(&area);
    if wants(Area::Environment) {
        let world = Arc::clone(world);
        jobs.push(Job::one(Area::Environment, move || {
            Part::Environment(environment::collect(&world))
        }));
    }
    if wants(Area::Terminal) {
        let (world, no_input) = (Arc::clone(world), request.no_input);
        jobs.push(Job::one(Area::Terminal, move || {
            Part::Terminal(machine::terminal(&world, no_input))
        }));
    }
    let start_up = request.of(&[Area::StartUp, Area::Inheritance]);
    if !start_up.is_empty() {
        let (world, request) = (Arc::clone(world), request.clone());
        jobs.push(Job::new(start_up, move |report| {
            started_elsewhere(&world, &request, report);
        }));
    }
    if wants(Area::ClaudeCode) {
        let world = Arc::clone(world);
        jobs.push(Job::one(Area::ClaudeCode, move || {
            Part::ClaudeCode(Box::new(claude_code::collect(&world)))
        }));
    }
    if wants(Area::Claude) {
        let (world, limit) = (Arc::clone(world), request.timeout);
        jobs.push(Job::one(Area::Claude, move || {
            Part::Claude(claude::collect(&world, limit))
        }));
    }
    let chain = request.of(&[
        Area::Credentials,
        Area::Aws,
        Area::Endpoint,
        Area::Probe,
        Area::Bedrock,
    ]);
    if !chain.is_empty() {
        let (world, request) = (Arc::clone(world), request.clone());
        jobs.push(Job::new(chain, move |report| {
            credentials::collect(&world, &request, report);
        }));
    }
    if wants(Area::Helpers) && request.deep {
        let (world, request) = (Arc::clone(world), request.clone());
        jobs.push(Job::one(Area::Helpers, move || {
            Part::Helpers(Box::new(helpers::collect(&world, &request)))
        }));
    }
    let home = request.of(&[Area::Home, Area::Access]);
    if !home.is_empty() {
        let (world, request) = (Arc::clone(world), request.clone());
        jobs.push(Job::new(home, move |report| {
            our_folder(&world, &request, report);
        }));
    }
    jobs
}

/// Our own folder, and then what stands around it and around the credentials of others.
fn our_folder(system: &System, request: &Request, report: &gather::Report) {
    let home = home::collect(system, request.home.as_deref(), &request.agent);
    report.found(Area::Home, Part::Home(Box::new(home.clone())));
    if request.areas.contains(&Area::Access) {
        let access = access::collect(system, &home);
        report.found(Area::Access, Part::Access(Box::new(access)));
    }
}

/// What shells set when they start, and then what processes get that no shell starts.
fn started_elsewhere(system: &System, request: &Request, report: &gather::Report) {
    let shell = machine::machine(system).shell;
    let start_up = start_up::collect(system, shell);
    report.found(Area::StartUp, Part::StartUp(start_up.clone()));
    if request.areas.contains(&Area::Inheritance) {
        let wanted = inherit::Wanted {
            service: request.service.clone(),
            deep: request.deep,
            timeout: request.timeout,
            home: request.home.clone(),
            agent: request.agent.to_string(),
        };
        let found = inherit::collect(system, &wanted, &start_up);
        report.found(Area::Inheritance, Part::Inheritance(Box::new(found)));
    }
}
