//! Which files of the AWS CLI have to be private, whether Bedrock is in use here or not.

use std::path::Path;

use super::access::{keys_in_text, places::of_aws};
use super::aws_variables::Variables;
use crate::consumer::aws::Places;
use crate::doctor::facts::PathFact;
use crate::system::System;
use crate::system::files::{Entry, EntryKind};

/// A larger file has not been written by a person.
const LIMIT: usize = 1024 * 1024;

/// Its files and caches with what leads to a credential.
pub fn collect(variables: &Variables<'_>) -> Vec<PathFact> {
    let system = variables.system;
    let places = Places::of(&variables.overlaid());
    of_aws(system, &places)
        .iter()
        .filter_map(|path| {
            let fact = file(system, path)?;
            let named = [&places.config, &places.credentials];
            let is_cache = !named.contains(&&Some(path.clone()));
            (is_cache || matters(system, path, &fact)).then_some(fact)
        })
        .collect()
}

/// Everybody may read a configuration without keys. Whoever may write to it can have a program
/// started (`credential_process`).
fn matters(system: &System, path: &Path, fact: &PathFact) -> bool {
    let own = [0, system.files.user()];
    let foreign = |entry: &Entry| entry.mode & 0o022 != 0 || !own.contains(&entry.owner);
    let text = || system.files.read_text(path, LIMIT).ok().flatten();
    let entry = fact.behind.as_ref().or(fact.entry.as_ref());
    entry.is_some_and(foreign) || text().is_some_and(|text| !keys_in_text::find(&text).is_empty())
}

fn file(system: &System, path: &Path) -> Option<PathFact> {
    let entry = system.files.entry(path).ok()??;
    let behind = (entry.kind == EntryKind::Symlink)
        .then(|| system.files.followed_entry(path).ok().flatten())
        .flatten();
    Some(PathFact {
        path: path.display().to_string(),
        entry: Some(entry),
        behind,
        ..PathFact::default()
    })
}
