//! `models status`: which credentials are there, and whether they can be used.

use indexmap::IndexMap;

use super::Context;
use crate::cli::models::{Models, Status, Verb};
use crate::error::Result;
use crate::exit::Exit;
use crate::status::collect::Worst;
use crate::status::{Sources, collect};
use crate::store;

/// Runs the command.
///
/// # Errors
/// `NotFound` for an agent that does not exist, `Malformed` for a store or configuration that
/// cannot be read, `Permission` or `Io`.
pub fn run(arguments: &Models, context: &Context<'_>) -> Result<Exit> {
    match &arguments.verb {
        Verb::Status(arguments) => status(arguments, context),
    }
}

fn status(arguments: &Status, context: &Context<'_>) -> Result<Exit> {
    let (system, home, agent) = (context.system, context.home()?, context.agent()?);
    let own = store::load(system, &home, &agent)?.unwrap_or_default();
    let main = store::Name::parse(store::MAIN)?;
    let inherited = if agent == main {
        None
    } else {
        store::load(system, &home, &main)?
    };
    let report = collect(Sources {
        home: &home,
        agent: &agent,
        own: &own,
        inherited: inherited.as_ref(),
        default_model: None,
        order: &IndexMap::new(),
        environment: &system.environment,
        now: system.clock.now(),
        warn_within: arguments.warn_within,
    });
    let ui = context.ui;
    if ui.json {
        ui.document(&report)?;
    } else if arguments.plain {
        ui.status_plain(&report)?;
    } else {
        ui.status(&report)?;
    }
    Ok(match report.worst() {
        _ if !arguments.check => Exit::Done,
        Worst::Fine => Exit::Done,
        Worst::Expiring => Exit::Warnings,
        Worst::Unusable => Exit::Problem,
    })
}
