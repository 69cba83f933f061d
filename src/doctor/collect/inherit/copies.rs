//! Copies of files with credentials that editors and people left beside them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use zeroize::Zeroizing;

use crate::doctor::collect::access::keys_in_text;
use crate::doctor::facts::{CopyMaker, LeftCopy};
use crate::system::System;

/// A larger file is no copy of one that holds a credential.
const LIMIT: usize = 1024 * 1024;

/// Copies with a key in them beside any of these files, which need not be there any more.
pub fn collect<'a>(system: &System, files: impl Iterator<Item = &'a Path>) -> Vec<LeftCopy> {
    let mut folders: BTreeMap<&Path, BTreeSet<&str>> = BTreeMap::new();
    for file in files {
        let name = file.file_name().and_then(|name| name.to_str());
        if let (Some(folder), Some(name)) = (file.parent(), name) {
            folders.entry(folder).or_default().insert(name);
        }
    }
    let mut found = Vec::new();
    for (folder, originals) in folders {
        for name in system.files.list(&system.at(folder)).unwrap_or_default() {
            let mut originals = originals.iter().copied();
            let made = originals.find_map(|original| Some((original, maker(&name, original)?)));
            if let Some((original, maker)) = made {
                let path = folder.join(&name);
                found.extend(look(system, &path, &folder.join(original), maker));
            }
        }
    }
    found
}

fn look(system: &System, path: &Path, of: &Path, maker: CopyMaker) -> Option<LeftCopy> {
    let bytes = system.files.read(&system.at(path), LIMIT).ok()??;
    let text = Zeroizing::new(String::from_utf8_lossy(&bytes).into_owned());
    if keys_in_text::find(&text).is_empty() {
        return None;
    }
    let entry = system.files.followed_entry(&system.at(path)).ok()?;
    Some(LeftCopy {
        path: path.display().to_string(),
        of: of.display().to_string(),
        maker,
        mode: entry.map_or(0, |entry| entry.mode),
    })
}

/// Who names a file `name` that stands beside `original`.
fn maker(name: &str, original: &str) -> Option<CopyMaker> {
    let swap = |rest: &str| {
        let kind = rest.strip_prefix(".sw");
        kind.is_some_and(|kind| matches!(kind.as_bytes(), [b'a'..=b'p']))
    };
    // Vim puts a dot before a name that has none.
    let hidden = name.strip_prefix('.');
    let of_vim = hidden.and_then(|name| name.strip_prefix(original));
    let own_dot = name
        .strip_prefix(original)
        .filter(|_| original.starts_with('.'));
    if of_vim.or(own_dot).is_some_and(swap) {
        return Some(CopyMaker::Editor);
    }
    let saved = name
        .strip_prefix('#')
        .and_then(|name| name.strip_suffix('#'));
    if saved == Some(original) {
        return Some(CopyMaker::Editor);
    }
    let rest = name.strip_prefix(original)?;
    let numbered = rest.strip_prefix(".~").and_then(|n| n.strip_suffix('~'));
    if rest == "~" || numbered.is_some_and(is_number) {
        return Some(CopyMaker::Editor);
    }
    const ENDS: &[&str] = &[".bak", ".orig", ".old", ".save"];
    let end = ENDS.iter().find_map(|end| rest.strip_prefix(end))?;
    let number = end.strip_prefix('.').unwrap_or(end);
    (end.is_empty() || is_number(number)).then_some(CopyMaker::Person)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        use CopyMaker::{Editor, Person};
        let check = |name: &str, original: &str, expected| {
            assert_eq!(maker(name, original), expected, "{name} {original}");
        };
        check("credentials~", "credentials", Some(Editor));
        check("credentials.~3~", "credentials", Some(Editor));
        check("#credentials#", "credentials", Some(Editor));
        check(".credentials.swp", "credentials", Some(Editor));
        check(".env.swo", ".env", Some(Editor));
        check("..env.swp", ".env", Some(Editor));
        check("credentials.swp", "credentials", None);
        check(".env.bak", ".env", Some(Person));
        check(".env.old", ".env", Some(Person));
        check(".env.orig", ".env", Some(Person));
        check(".env.save.2", ".env", Some(Person));
        check(".env.bak2", ".env", Some(Person));
        check(".env.bakery", ".env", None);
        check(".env", ".env", None);
        check(".env.example", ".env", None);
        check("env~", ".env", None);
    }
}
