//! `models`: the overview, the saved credentials, and the default model.

mod probe;

use super::{Context, auth, config};
use crate::cli::models::{Models, Status, Verb};
use crate::error::Result;
use crate::exit::Exit;
use crate::status::{References, Request, Worst, collect};
use crate::store::select::Pin;
use crate::store::{Name, ProfileId};
use crate::system::Environment;
use crate::ui::escape;
use crate::variables;

/// Runs the command.
///
/// # Errors
/// `NotFound` for an agent that does not exist, `Malformed` for a store or configuration that
/// cannot be read, `Permission` or `Io`.
pub fn run(arguments: &Models, context: &Context<'_>) -> Result<Exit> {
    match &arguments.verb {
        Verb::Status(arguments) => status(arguments, context),
        Verb::Auth(arguments) => auth::run(arguments, context),
        Verb::Set(arguments) => config::set_model(&arguments.model, context),
    }
}

fn status(arguments: &Status, context: &Context<'_>) -> Result<Exit> {
    let (system, home) = (context.system, context.home()?);
    let sources = context.sources()?;
    let (mut report, worst) = collect(Request {
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
    if let Some(problem) = sources.usage.problem() {
        ui.warn(&escape::line(&format!(
            "Which profiles rest is not known: {problem}. Remove the file: it is made anew."
        )));
    }
    let mut exit = match worst {
        Worst::Fine => Exit::Done,
        Worst::Expiring => Exit::Warnings,
        Worst::Unusable => Exit::Problem,
    };
    if arguments.probing.probe {
        let probed = probe::run(&arguments.probing, &report, &sources, context)?;
        report.probes = probed.probes;
        exit = exit.worse(probed.exit);
    }
    if ui.json {
        ui.document(&report)?;
    } else if arguments.plain {
        ui.status_plain(&report)?;
    } else {
        ui.status(&report)?;
    }
    Ok(if arguments.check { exit } else { Exit::Done })
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
