//! A file of facts: what `doctor --from` judges instead of this machine. A bundle is one.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::reader;
use crate::consumer::claude_code::outranks::Place;
use crate::doctor::Area;
use crate::doctor::facts::{Facts, Lost};
use crate::error::{Error, Kind, Result};
use crate::system::System;

/// Version of the facts' form. It grows whenever facts get another meaning.
pub const FACTS_VERSION: u32 = 2;
/// No machine has more to tell.
const LIMIT: usize = 32 * 1024 * 1024;

/// Facts, and which of them were asked for.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FactsFile {
    pub facts_version: u32,
    /// The version of keywright that collected them.
    pub made_by: String,
    /// The words of `--only` and `--skip`.
    pub only: Vec<String>,
    pub skip: Vec<String>,
    /// What was collected.
    pub areas: BTreeSet<Area>,
    pub facts: Facts,
}

impl FactsFile {
    /// The facts of a run with this `--only` and `--skip`.
    #[must_use]
    pub fn new(mut facts: Facts, areas: BTreeSet<Area>, only: &[String], skip: &[String]) -> Self {
        let places = facts
            .claude_code
            .sources
            .iter_mut()
            .map(|source| &mut source.place);
        let places = places.filter_map(|place| match place {
            Place::Setting { path, .. } | Place::File(path) => Some(path),
            Place::Environment | Place::Keychain => None,
        });
        let login = facts.claude_code.login.iter_mut();
        let login = login.flat_map(|login| [&mut login.config_dir, &mut login.path]);
        for path in places.chain(login) {
            // What is not UTF-8 in a path is no reason to have no bundle.
            *path = PathBuf::from(path.to_string_lossy().into_owned());
        }
        Self {
            facts_version: FACTS_VERSION,
            made_by: env!("CARGO_PKG_VERSION").to_owned(),
            only: only.to_vec(),
            skip: skip.to_vec(),
            areas,
            facts,
        }
    }

    /// Reads a file of facts, or a bundle.
    ///
    /// # Errors
    /// `Malformed` for a file of another form or version; `NotFound`, `Permission` or `Io`.
    pub fn read(system: &System, path: &Path) -> Result<Self> {
        let text = system.files.read_text(path, LIMIT)?.ok_or_else(|| {
            Error::new(Kind::NotFound, format!("{} does not exist", path.display())).path(path)
        })?;
        parse(&text, path)
    }

    /// The facts, with everything marked as lost that was not collected and is needed now.
    #[must_use]
    pub fn facts_for(self, needed: &BTreeSet<Area>) -> Facts {
        let mut facts = self.facts;
        for area in needed.difference(&self.areas) {
            let why = "The facts file does not hold this part of the machine".to_owned();
            facts.lost.entry(*area).or_insert(Lost::Broken(why));
        }
        facts
    }
}

/// Reads the text of a file of facts; `path` is for messages.
///
/// # Errors
/// `Malformed` for another form or version.
pub fn parse(text: &str, path: &Path) -> Result<FactsFile> {
    let shown = path.display();
    let refused = |what: String| Error::new(Kind::Malformed, what).path(path);
    let hint = "`keywright doctor --bundle FILE` writes a file that `--from` reads.";
    let document: Value = serde_json::from_str(text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        refused(format!("{shown}:{line}:{column}: this is not JSON")).hint(hint)
    })?;
    let version = document.get("factsVersion").and_then(Value::as_u64);
    match version {
        None => return Err(refused(format!("{shown} is no file of facts")).hint(hint)),
        Some(version) if version != u64::from(FACTS_VERSION) => {
            let by = document.get("madeBy").and_then(Value::as_str);
            let by: String = by.unwrap_or("another version").chars().take(40).collect();
            return Err(refused(format!(
                "{shown} holds facts of version {version}, and this keywright reads version {FACTS_VERSION}"
            ))
            .hint(format!(
                "Read it with the keywright that made it ({by}), or make the bundle anew."
            )));
        }
        Some(_) => {}
    }
    reader::read(&document).map_err(|_| {
        refused(format!(
            "{shown} does not have the form of facts of version {FACTS_VERSION}"
        ))
        .hint("Somebody has changed it, or another keywright made it. Make the bundle anew.")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<FactsFile> {
        parse(text, Path::new("f.json"))
    }

    #[test]
    fn what_was_written_is_read() {
        let areas = BTreeSet::from([Area::Environment]);
        let file = FactsFile::new(Facts::default(), areas, &["env".to_owned()], &[]);
        let text = serde_json::to_string(&file).expect("it serializes");
        let read = read(&text).expect("read");
        assert_eq!((&read.facts, &read.only), (&file.facts, &file.only));
        let needed = BTreeSet::from([Area::Environment, Area::Home]);
        let lost: Vec<Area> = read.facts_for(&needed).lost.into_keys().collect();
        assert_eq!(lost, [Area::Home]);
    }

    #[test]
    fn refusals() {
        let check = |text: &str, words: &str| {
            let error = read(text).expect_err(text);
            assert_eq!(error.exit().code(), 65, "{text}");
            assert!(error.message().contains(words), "{error}");
            assert!(error.hint_text().is_some(), "{text}");
        };
        check("", "f.json:1:0: this is not JSON");
        check("{\n x", "f.json:2:2: this is not JSON");
        check("[]", "no file of facts");
        check("{\"factsVersion\":\"1\"}", "no file of facts");
        check("{\"factsVersion\":1}", "facts of version 1");
        check("{\"factsVersion\":2}", "does not have the form");
        check(
            "{\"factsVersion\":2,\"facts\":{\"now\":\"hunter2\"}}",
            "does not have the form",
        );
    }
}
