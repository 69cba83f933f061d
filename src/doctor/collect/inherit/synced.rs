//! Whether a program copies a folder to other machines: by what it leaves in it, and by the names
//! that it gives it.

use std::path::Path;

use crate::system::System;

/// What stands in the outermost folder that is copied.
const MARKERS: &[(&str, &str)] = &[
    (".stfolder", "Syncthing"),
    (".dropbox.cache", "Dropbox"),
    (".nextcloudsync.log", "Nextcloud"),
    (".owncloudsync.log", "ownCloud"),
];
/// How that folder is named, unless somebody wanted another name; what may follow begins with a
/// space: `OneDrive - Company`, `Dropbox (Company)`.
const NAMES: &[(&str, &str)] = &[
    ("Dropbox", "Dropbox"),
    ("OneDrive", "OneDrive"),
    ("Nextcloud", "Nextcloud"),
    ("ownCloud", "ownCloud"),
    ("Mobile Documents", "iCloud"),
];

/// The program that copies what lies at a path without links.
#[must_use]
pub fn by(system: &System, real: &Path) -> Option<&'static str> {
    real.ancestors().skip(1).find_map(|folder| {
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        let marked = |(marker, _): &&(&str, &str)| {
            matches!(system.files.entry(&folder.join(marker)), Ok(Some(_)))
        };
        let named = NAMES.iter().find(|(usual, _)| is_named(&name, usual));
        let found = named.or_else(|| MARKERS.iter().find(marked));
        found.map(|(_, program)| *program)
    })
}

fn is_named(name: &str, usual: &str) -> bool {
    let rest = name.strip_prefix(usual);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let check = |name, usual, expected| assert_eq!(is_named(name, usual), expected, "{name}");
        check("Dropbox", "Dropbox", true);
        check("Dropbox (Team)", "Dropbox", true);
        check("OneDrive - Firm", "OneDrive", true);
        check("Dropboxes", "Dropbox", false);
        check("my Dropbox", "Dropbox", false);
    }
}
