//! `models auth list`: the saved credentials and how each stands, inherited ones among them.

use serde_json::json;

use super::provider;
use crate::cli::auth::List;
use crate::command::Context;
use crate::error::Result;
use crate::exit::Exit;
use crate::status::report::ProfileLine;
use crate::status::{Request, collect};
use crate::store::sources::Sources;

/// A credential that ends within this time is said to be expiring.
const SOON: jiff::SignedDuration = jiff::SignedDuration::from_hours(24);

/// Lists them.
///
/// # Errors
/// `Usage` for an unknown provider; those of reading our files.
pub fn run(arguments: &List, context: &Context<'_>) -> Result<Exit> {
    let home = context.home()?;
    let sources = context.sources()?;
    let mut profiles = lines(&sources, context)?;
    if let Some(name) = &arguments.provider {
        let provider = provider::known(name, &provider::others(&sources))?;
        profiles.retain(|line| line.provider == provider);
    }
    let ui = context.ui;
    if ui.json {
        let active = sources.own.as_ref().and_then(|own| own.active.as_ref());
        ui.document(&json!({
            "schemaVersion": 1,
            "agent": sources.agent.as_str(),
            "storePath": home.store(&sources.agent).display().to_string(),
            "active": active.map(ToString::to_string),
            "profiles": profiles,
        }))?;
    } else if profiles.is_empty() {
        ui.say("No credential is saved. `keywright onboard` saves one.");
    } else {
        ui.profiles(&profiles)?;
    }
    Ok(Exit::Done)
}

/// The profiles of every provider, as the overview has them.
///
/// # Errors
/// Those of the overview.
pub fn lines(sources: &Sources, context: &Context<'_>) -> Result<Vec<ProfileLine>> {
    let (report, _) = collect(Request {
        references: crate::status::References::Shown,
        system: context.system,
        home: &context.home()?,
        sources,
        pin: None,
        now: context.system.clock.now(),
        warn_within: SOON,
    })?;
    Ok(report.auth.profiles)
}
