//! Where systemd looks for units, and what belongs to one: its file, its drop-ins in their order
//! (systemd.unit(5)), its processes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::doctor::facts::Manager;
use crate::system::System;
use crate::system::files::EntryKind;

/// The folders of one manager.
pub struct Folders {
    pub manager: Manager,
    /// In the order of precedence.
    pub paths: Vec<PathBuf>,
    /// `~/.config` or `/etc`.
    pub configuration: PathBuf,
    /// `/run/user/1000` or `/run`.
    pub runtime: PathBuf,
    /// The home folder of the manager's user.
    pub home: PathBuf,
}

/// The folders of the user's manager; `None` without a home.
pub fn of_user(system: &System) -> Option<Folders> {
    let environment = &system.environment;
    let home = environment.home()?;
    let configuration = environment.path("XDG_CONFIG_HOME");
    let configuration = configuration.unwrap_or_else(|| home.join(".config"));
    let data = environment.path("XDG_DATA_HOME");
    let data = data.unwrap_or_else(|| home.join(".local/share"));
    let runtime = environment.path("XDG_RUNTIME_DIR");
    let runtime =
        runtime.unwrap_or_else(|| PathBuf::from(format!("/run/user/{}", system.files.user())));
    let folders = vec![
        configuration.join("systemd/user.control"),
        runtime.join("systemd/user.control"),
        runtime.join("systemd/transient"),
        configuration.join("systemd/user"),
        PathBuf::from("/etc/xdg/systemd/user"),
        PathBuf::from("/etc/systemd/user"),
        runtime.join("systemd/user"),
        PathBuf::from("/run/systemd/user"),
        data.join("systemd/user"),
        PathBuf::from("/usr/local/share/systemd/user"),
        PathBuf::from("/usr/share/systemd/user"),
        PathBuf::from("/usr/local/lib/systemd/user"),
        PathBuf::from("/usr/lib/systemd/user"),
    ];
    Some(Folders {
        manager: Manager::SystemdUser,
        paths: folders,
        configuration,
        runtime,
        home,
    })
}

/// The folders of the system's manager.
pub fn of_the_system() -> Folders {
    let folders = [
        "/etc/systemd/system.control",
        "/run/systemd/system.control",
        "/run/systemd/transient",
        "/etc/systemd/system",
        "/run/systemd/system",
        "/usr/local/lib/systemd/system",
        "/usr/lib/systemd/system",
        "/lib/systemd/system",
    ];
    Folders {
        manager: Manager::SystemdSystem,
        paths: folders.iter().map(PathBuf::from).collect(),
        configuration: PathBuf::from("/etc"),
        runtime: PathBuf::from("/run"),
        home: PathBuf::from("/root"),
    }
}

impl Folders {
    /// Names of units in the folders where people and installers put them, for which `wanted` is
    /// true.
    pub fn names(&self, system: &System, wanted: impl Fn(&str) -> bool) -> Vec<String> {
        let of_packages = |folder: &&PathBuf| {
            let packaged = ["/usr", "/lib", "/run"];
            !packaged.iter().any(|start| folder.starts_with(start))
        };
        let mut found: Vec<String> = Vec::new();
        for folder in self.paths.iter().filter(of_packages) {
            for name in system.files.list(&system.at(folder)).unwrap_or_default() {
                if name.ends_with(".service") && wanted(&name) && !found.contains(&name) {
                    found.push(name);
                }
            }
        }
        found
    }

    /// The file that defines a unit: under its own name, else as an instance of a template.
    pub fn find(&self, system: &System, name: &str) -> Option<PathBuf> {
        let named = [Some(name.to_owned()), template(name)];
        named.into_iter().flatten().find_map(|name| {
            let paths = self.paths.iter().map(|folder| folder.join(&name));
            paths.into_iter().find(|path| {
                let entry = system.files.entry(&system.at(path));
                matches!(entry, Ok(Some(entry)) if entry.kind != EntryKind::Folder)
            })
        })
    }

    /// The drop-ins of a unit under these names, in the order in which they are read: by file
    /// name; of those with the same one, the first found counts.
    pub fn drop_ins(&self, system: &System, names: &[String]) -> Vec<PathBuf> {
        let mut found: BTreeMap<String, PathBuf> = BTreeMap::new();
        let mut folders = Vec::new();
        for name in names {
            for folder in &self.paths {
                folders.extend(drop_in_names(name).iter().map(|name| folder.join(name)));
            }
        }
        folders.extend(self.paths.iter().map(|folder| folder.join("service.d")));
        for folder in folders {
            for name in system.files.list(&system.at(&folder)).unwrap_or_default() {
                if is_configuration(&name) {
                    let path = folder.join(&name);
                    found.entry(name).or_insert(path);
                }
            }
        }
        found.into_values().collect()
    }

    /// Where the control group of a running unit may list its processes.
    pub fn process_lists(&self, system: &System, name: &str) -> Vec<PathBuf> {
        let user = system.files.user();
        let slice = name.split_once('@').map(|(prefix, _)| prefix);
        let (above, slices) = match self.manager {
            Manager::SystemdUser => (
                format!("user.slice/user-{user}.slice/user@{user}.service"),
                vec![
                    "app.slice".to_owned(),
                    slice.map_or_else(String::new, |s| format!("app.slice/app-{s}.slice")),
                    String::new(),
                ],
            ),
            _ => (
                String::new(),
                vec![
                    "system.slice".to_owned(),
                    slice.map_or_else(String::new, |s| format!("system.slice/system-{s}.slice")),
                ],
            ),
        };
        let roots = ["/sys/fs/cgroup", "/sys/fs/cgroup/systemd"];
        let lists = roots.iter().flat_map(|root| {
            slices.iter().map(|slice| {
                let folder = Path::new(root).join(&above).join(slice).join(name);
                system.at(&folder.join("cgroup.procs"))
            })
        });
        lists.collect()
    }
}

/// Whether a manager reads a file of this name; case counts.
pub fn is_configuration(name: &str) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(_, kind)| kind == "conf")
}

/// `app@.service` of `app@work.service`.
fn template(name: &str) -> Option<String> {
    let (prefix, rest) = name.split_once('@')?;
    let (instance, kind) = rest.rsplit_once('.')?;
    (!instance.is_empty()).then(|| format!("{prefix}@.{kind}"))
}

/// The names of the folders for drop-ins of a unit, the more particular ones first.
fn drop_in_names(name: &str) -> Vec<String> {
    let mut found = vec![format!("{name}.d")];
    found.extend(template(name).map(|template| format!("{template}.d")));
    let Some((stem, kind)) = name.rsplit_once('.') else {
        return found;
    };
    let (mut prefix, instance) = match stem.split_once('@') {
        Some((prefix, _)) => (prefix, "@"),
        None => (stem, ""),
    };
    while let Some((shorter, _)) = prefix.trim_end_matches('-').rsplit_once('-') {
        found.push(format!("{shorter}-{instance}.{kind}.d"));
        prefix = shorter;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_drop_ins() {
        let check = |name: &str, expected: &[&str]| assert_eq!(drop_in_names(name), expected);
        check("a.service", &["a.service.d"]);
        check(
            "a-b-c.service",
            &["a-b-c.service.d", "a-b-.service.d", "a-.service.d"],
        );
        check(
            "a-b@x.service",
            &["a-b@x.service.d", "a-b@.service.d", "a-@.service.d"],
        );
        assert_eq!(template("a@.service"), None);
    }
}
