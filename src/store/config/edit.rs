//! The configuration written: one setting set or removed, everything else kept byte for byte, and
//! Clawdbot's forms made ours.

use serde_json::Value;

use super::key::Key;
use super::schema::{self, Severity};
use super::{At, forms, malformed};
use crate::document::json5::{self, Json5};
use crate::error::{Error, Kind, Result};
use crate::store::fingerprint::look;
use crate::store::home::Home;
use crate::store::transaction::{Change, Receipt, update};
use crate::system::System;

/// What a change of the configuration came to.
#[derive(Clone, Debug)]
pub struct Edited {
    pub receipt: Receipt,
    /// Clawdbot's forms that were rewritten.
    pub rewritten: Vec<String>,
    /// The value was there, for a removal.
    pub found: bool,
}

/// Sets a setting, or removes it where there is no value.
///
/// # Errors
/// `Malformed` for a file that cannot be read, with line and column; `Usage` for a value that the
/// setting does not take; `Config` where something else than an object is in the way; those of
/// [`update`].
pub fn change(system: &System, home: &Home, key: &Key, value: Option<&Value>) -> Result<Edited> {
    let key = &forms::usual(key, value);
    // What is refused creates nothing.
    planned(system, home, key, value)?;
    let label = match value {
        Some(_) => format!("config set {key}"),
        None => format!("config unset {key}"),
    };
    let mut told = None;
    let receipt = update(system, home, &label, || {
        let (rewritten, found, change) = planned(system, home, key, value)?;
        told = Some((rewritten, found));
        Ok(change.into_iter().collect())
    })?;
    let (rewritten, found) = told.unwrap_or_default();
    Ok(Edited {
        receipt,
        rewritten,
        found,
    })
}

/// The forms rewritten, whether the setting was there, and the change where there is one.
type Planned = (Vec<String>, bool, Option<Change>);

fn planned(system: &System, home: &Home, key: &Key, value: Option<&Value>) -> Result<Planned> {
    let path = home.config();
    let seen = look(system.files, &path)?;
    let text = match &seen {
        None => "",
        Some(seen) => std::str::from_utf8(&seen.bytes).map_err(|_| {
            Error::new(
                Kind::Malformed,
                format!("{} is not UTF-8 text", path.display()),
            )
            .path(&path)
            .hint("Mend the file in an editor. Nothing was changed.")
        })?,
    };
    let mut document = Json5::parse(text).map_err(|problem| malformed(problem, &path))?;
    let names = key.path();
    let held = document.get(&names);
    let found = held.is_some();
    let changes = match value {
        Some(value) => held.as_ref() != Some(value),
        None => found,
    };
    if !changes {
        return Ok((Vec::new(), found, None));
    }
    if value.is_none() {
        document.remove(&names);
    }
    let rewritten = forms::modernise(&mut document)?;
    if let Some(value) = value {
        document.set(&names, value)?;
        check(&document, key)?;
    }
    let after = document.render();
    if super::read(text).is_ok()
        && let Err(problem) = super::read(std::str::from_utf8(&after).unwrap_or_default())
    {
        let message = format!("{key} cannot be so: {}", problem.what);
        return Err(Error::usage(message).hint("Nothing was changed."));
    }
    let before = seen.map(|seen| seen.fingerprint);
    let change = Change::write(path, before, after);
    Ok((rewritten, found, Some(change)))
}

/// Refuses what the setting does not take; what was wrong elsewhere before is not in the way.
fn check(document: &Json5, key: &Key) -> Result<()> {
    let bytes = document.render();
    let text = std::str::from_utf8(&bytes).unwrap_or_default();
    let (_, text) = json5::without_mark(text);
    let Ok(Some(root)) = json5::read(text) else {
        return Ok(());
    };
    let remarks = schema::judge(At::new(text, &root));
    let ours = |remark: &&schema::Remark| {
        remark.severity == Severity::Error
            && (remark.key.0.starts_with(&key.0) || key.0.starts_with(&remark.key.0))
    };
    match remarks.iter().find(ours) {
        Some(remark) => Err(Error::usage(format!("{} {}", remark.key, remark.what))),
        None => Ok(()),
    }
}
