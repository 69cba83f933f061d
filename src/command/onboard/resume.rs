//! The file of a run that was left: `state/resume.json` in our home. A run without a terminal
//! neither reads nor writes it.

use std::path::PathBuf;

use super::Run;
use crate::error::Result;
use crate::store::Home;
use crate::system::{Mode, System};
use crate::wizard::engine::{Opening, Source, Value};
use crate::wizard::flow::{EMBEDDED, Flow};
use crate::wizard::paths::transcript::digest;
use crate::wizard::resume::Resume;

/// Bytes of the file at most: it holds a handful of short texts.
const LIMIT: usize = 64 * 1024;

fn path(home: &Home) -> PathBuf {
    home.state().join("resume.json")
}

/// The digest of one of our own flows; those of the user are not gone on with.
fn of_flow(id: &str) -> Option<String> {
    let (_, text) = EMBEDDED.iter().find(|(name, _)| *name == id)?;
    Some(digest(text))
}

/// The run to go on with: its flow, how it begins, and how many answers it has. A file that cannot
/// be understood is none.
pub fn find(system: &System, home: &Home) -> Option<(String, Opening, usize)> {
    let text = system.files.read_text(&path(home), LIMIT).ok()??;
    let left: Resume = serde_json::from_str(&text).ok()?;
    let opening = left.opening(&of_flow(&left.flow)?, system.clock.now().as_millisecond())?;
    let count = left.len();
    Some((left.flow, opening, count))
}

/// Keeps what a person answered so far; whether there was anything to keep.
///
/// # Errors
/// As writing to our home says.
pub fn keep(run: &Run<'_>, flow: &Flow, answers: &[(String, Value, Source)]) -> Result<bool> {
    let system = run.context.system;
    let Some(digest) = of_flow(&flow.id).filter(|_| run.keeps()) else {
        return Ok(false);
    };
    let now = system.clock.now().as_millisecond();
    let Some(left) = Resume::of((&flow.id, digest), answers, now) else {
        return Ok(false);
    };
    let text = serde_json::to_string_pretty(&left).unwrap_or_default();
    let path = path(&run.home);
    system.files.create_private_folder(&run.home.state())?;
    let private = Mode::Private;
    system.files.write_atomic(&path, text.as_bytes(), private)?;
    Ok(true)
}

/// A run that came to its end leaves nothing to go on with.
///
/// # Errors
/// As removing the file says.
pub fn forget(run: &Run<'_>) -> Result<()> {
    let files = run.context.system.files;
    let path = path(&run.home);
    if run.keeps() && matches!(files.entry(&path), Ok(Some(_))) {
        files.remove(&path)?;
    }
    Ok(())
}
