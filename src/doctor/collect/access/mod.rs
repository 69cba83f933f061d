//! Who can get at the files that hold credentials: the folders above them as OpenSSH looks at those
//! of a key, access lists, private groups, volumes of Kubernetes; and command histories with keys.

mod groups;
mod histories;
pub mod keys_in_text;
pub mod places;

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

pub use groups::Groups;
use places::Place;

use crate::doctor::facts::{Above, Access, AccessList, Home, Owner, PathRole};
use crate::system::System;
use crate::system::files::access_list::Grantee;
use crate::system::files::{Entry, EntryKind};

/// What a user namespace shows for everybody who has no number in it (proc(5), overflowuid).
const OVERFLOW: u32 = 65534;

/// Looks around our own folder, as `home` found it, and around the credentials of other programs.
#[must_use]
pub fn collect(system: &System, home: &Home) -> Access {
    let mut search = Search {
        system,
        end: system
            .environment
            .home()
            .and_then(|home| system.files.real(&home)),
        ours: home
            .path
            .as_ref()
            .and_then(|home| system.files.real(Path::new(home))),
        folders: BTreeMap::new(),
        groups: Groups::new(system),
        found: Access::default(),
    };
    for fact in home.paths.iter().filter(|f| f.role != PathRole::Parent) {
        let path = Path::new(&fact.path);
        match (&fact.entry, &fact.behind) {
            (Some(_), Some(entry)) => search.look(path, Some(entry), Owner::Keywright),
            (Some(entry), None) if fact.role == PathRole::Home => {
                search.look(path, Some(entry), Owner::Keywright);
            }
            // What is above it is above our folder.
            (Some(entry), None) => search.others(path, entry),
            (None, _) => {}
        }
    }
    for Place { path, owner } in places::all(system) {
        let entry = system.files.followed_entry(&path).ok().flatten();
        if entry.is_some() {
            search.look(&path, entry.as_ref(), owner);
        }
    }
    search.finish()
}

/// The volume of Kubernetes that a path lies in, by the path without links: what is current lies
/// in a folder of it whose name begins with two dots, and each name leads through `..data`.
#[must_use]
pub fn mount(real: &Path) -> Option<PathBuf> {
    let of_volume = |part: Component<'_>| matches!(part, Component::Normal(name) if name.as_encoded_bytes().starts_with(b".."));
    let parts: Vec<Component<'_>> = real.components().collect();
    let at = parts.iter().position(|part| of_volume(*part))?;
    Some(parts[..at].iter().collect())
}

struct Search<'a> {
    system: &'a System,
    /// The home folder without links, above which nobody but root has anything to do.
    end: Option<PathBuf>,
    /// Our own folder without links.
    ours: Option<PathBuf>,
    /// By the path without links.
    folders: BTreeMap<PathBuf, (Entry, Vec<Owner>)>,
    groups: Groups<'a>,
    found: Access,
}

impl Search<'_> {
    /// One file or folder that is there.
    fn look(&mut self, path: &Path, entry: Option<&Entry>, owner: Owner) {
        if let Some(entry) = entry {
            self.others(path, entry);
        }
        let Some(real) = self.system.files.real(path) else {
            return;
        };
        if real != path {
            self.links(path, owner);
            self.mounted(&real);
        }
        if let Some(folder) = real.parent() {
            self.above(folder, owner);
        }
    }

    /// Whom its group's bits let in.
    fn others(&mut self, path: &Path, entry: &Entry) {
        if entry.mode & 0o070 == 0 {
            return;
        }
        self.groups.ask(entry.group);
        let grants = self.system.files.grants(path);
        if grants.is_empty() {
            return;
        }
        for grant in &grants {
            if let Grantee::Group(id) = grant.to {
                self.groups.ask(id);
            }
        }
        self.found.lists.push(AccessList {
            path: path.display().to_string(),
            grants,
        });
    }

    /// Whoever may write to the folder of a link can lead it elsewhere.
    fn links(&mut self, path: &Path, owner: Owner) {
        for above in path.ancestors() {
            let entry = self.system.files.entry(above);
            if matches!(entry, Ok(Some(entry)) if entry.kind == EntryKind::Symlink)
                && let Some(folder) = above.parent()
                && let Some(real) = self.system.files.real(folder)
            {
                self.above(&real, owner);
            }
        }
    }

    /// A folder and those above it.
    fn above(&mut self, real: &Path, owner: Owner) {
        if owner == Owner::Keywright && self.ours.as_ref().is_some_and(|own| real.starts_with(own))
        {
            // Our own folders are private, which is more than is asked of those above.
            return;
        }
        let end = self.end.clone().filter(|end| real.starts_with(end));
        for folder in real.ancestors() {
            if let Some((_, below)) = self.folders.get_mut(folder) {
                if below.contains(&owner) {
                    break;
                }
                below.push(owner);
                below.sort_unstable();
            } else if let Ok(Some(entry)) = self.system.files.entry(folder) {
                if entry.mode & 0o020 != 0 {
                    self.others(folder, &entry);
                }
                self.folders
                    .insert(folder.to_path_buf(), (entry, vec![owner]));
            }
            if Some(folder) == end.as_deref() {
                break;
            }
        }
    }

    fn mounted(&mut self, real: &Path) {
        let Some(mount) = mount(real) else {
            return;
        };
        let mount = mount.display().to_string();
        if !self.found.mounts.contains(&mount) {
            self.found.mounts.push(mount);
        }
    }

    fn finish(self) -> Access {
        let mut found = self.found;
        found.nobody = self
            .folders
            .values()
            .any(|(entry, _)| entry.owner == OVERFLOW)
            .then(|| nobody(self.system))
            .flatten();
        found.folders = self
            .folders
            .into_iter()
            .map(|(path, (entry, below))| Above {
                path: path.display().to_string(),
                entry,
                below,
            })
            .collect();
        found.groups = self.groups.found;
        found.histories = histories::collect(self.system);
        found
    }
}

/// In a namespace that does not have every number, one stands for all the others.
fn nobody(system: &System) -> Option<u32> {
    const MAP: &str = "/proc/self/uid_map";
    let map = system.files.read_start(&system.at(Path::new(MAP)), 4096);
    let map = String::from_utf8(map.ok()?).ok()?;
    let whole = map.split_whitespace().eq(["0", "0", "4294967295"]);
    (!whole).then_some(OVERFLOW)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn volumes() {
        let check = |path: &str, expected: Option<&str>| {
            let found = mount(Path::new(path));
            assert_eq!(found.as_deref(), expected.map(Path::new), "{path}");
        };
        check("/etc/k/..2026_11_20_11_00_00.123/agents", Some("/etc/k"));
        check("/etc/k/..2026_11_20_11_00_00.123", Some("/etc/k"));
        check("/etc/k/.data/agents", None);
        check("/etc/k", None);
    }
}
