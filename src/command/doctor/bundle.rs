//! `doctor --bundle FILE`: the report still goes to the screen, and the bundle to the file.

use std::path::Path;

use crate::command::Context;
use crate::doctor::Report;
use crate::doctor::bundle::{self, facts_file::FactsFile};
use crate::error::{Error, Kind, Result};
use crate::ui::escape;

/// Refuses a place where something stands already, a link that leads nowhere too. Asked before
/// anything is examined, so that nobody waits for a refusal.
///
/// # Errors
/// `CannotCreate`; `Permission` or `Io` when the system does not tell.
pub fn refuse_what_is_there(path: &Path, context: &Context<'_>) -> Result<()> {
    match context.system.files.entry(path)? {
        None => Ok(()),
        Some(_) => Err(Error::new(
            Kind::CannotCreate,
            format!(
                "cannot create {}: something is there already",
                path.display()
            ),
        )
        .path(path)
        .hint("Name a file that does not exist yet. Nothing was changed.")),
    }
}

/// Makes the bundle and writes it, 0600.
///
/// # Errors
/// `CannotCreate` when something is there, or a secret would be in it; `Permission` or `Io`.
pub fn write(path: &Path, facts: &FactsFile, report: &Report, context: &Context<'_>) -> Result<()> {
    let home = context.global.home.as_deref();
    let bundle = bundle::make(context.system, home, facts, report)?;
    let bytes = bundle.text.as_bytes();
    context.system.files.write_new(path, bytes)?;
    let shown = path.display().to_string();
    context.ui.say(&format!(
        "Wrote {}, readable for you alone. Secrets removed: {}; names of you and of this machine: {}. It lists what was removed; look through it before you give it away.",
        escape::line(&shown),
        bundle.secrets,
        bundle.names
    ));
    Ok(())
}
