//! `models status`: which credentials are there, and whether they can be used.

use super::Context;
use crate::cli::models::{Models, Status, Verb};
use crate::error::Result;
use crate::exit::Exit;
use crate::status::{References, Request, Worst, collect};
use crate::store::select::Pin;
use crate::store::sources::Sources;
use crate::store::{Name, ProfileId};
use crate::system::Environment;
use crate::variables;

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
    let (system, home) = (context.system, context.home()?);
    let sources = Sources::read(system, &home, &context.agent()?)?;
    let (report, worst) = collect(Request {
        system,
        home: &home,
        sources: &sources,
        pin: pin(&system.environment)?.as_ref(),
        now: system.clock.now(),
        warn_within: arguments.warn_within,
        references: if arguments.check {
            References::Asked
        } else {
            References::Shown
        },
    })?;
    let ui = context.ui;
    if ui.json {
        ui.document(&report)?;
    } else if arguments.plain {
        ui.status_plain(&report)?;
    } else {
        ui.status(&report)?;
    }
    Ok(match worst {
        Worst::Expiring if arguments.check => Exit::Warnings,
        Worst::Unusable if arguments.check => Exit::Problem,
        _ => Exit::Done,
    })
}

/// What the environment chooses by name.
fn pin(environment: &Environment) -> Result<Option<Pin>> {
    if let Some(id) = environment.get(variables::PROFILE) {
        return Ok(Some(Pin::Profile(ProfileId::parse(id)?)));
    }
    let account = environment.get(variables::ACCOUNT);
    account
        .map(|name| Name::parse(name).map(Pin::Account))
        .transpose()
}
