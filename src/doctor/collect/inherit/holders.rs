//! Files that hold secrets in plain text: who may read them, and whether git tracks them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::program::line_of;
use super::{Wanted, copies, synced, work_tree};
use crate::doctor::collect::access::{self, Groups, keys_in_text, places};
use crate::doctor::collect::environment;
use crate::doctor::collect::value::describe_secret;
use crate::doctor::facts::{
    DefectKind, HeldSecret, Holder, HolderKind, LeftCopy, Looks, Origin, Owner, Readers, Service,
    Setting, StartUp, Value,
};
use crate::document::dotenv::DotEnv;
use crate::store::{self, Name};
use crate::system::System;
use crate::system::files::Entry;
use crate::system::files::access_list::Grantee;
use zeroize::Zeroizing;

/// A larger one is not written by hand.
const LIMIT: usize = 256 * 1024;
/// What is told of one file; the remedy is the same for all of it.
const MOST: usize = 50;
/// A credential is longer.
const SHORTEST: usize = 16;

/// What is to be looked at.
#[derive(Default)]
pub struct Holders {
    /// Files of variables that belong to services.
    pub files: Vec<PathBuf>,
}

type Found = BTreeMap<PathBuf, (HolderKind, Vec<HeldSecret>)>;

impl Holders {
    /// Looks at every file in which a secret stands, and at the copies beside them.
    pub fn collect(
        mut self,
        system: &System,
        wanted: &Wanted,
        start_up: &StartUp,
        services: &[Service],
    ) -> (Vec<Holder>, Vec<LeftCopy>) {
        let mut found = Found::new();
        for definition in &start_up.definitions {
            if let Some(value) = definition
                .value
                .as_ref()
                .filter(|v| is_secret(&definition.name, v))
            {
                let path = Path::new(&definition.file);
                hold(
                    &mut found,
                    path,
                    HolderKind::StartUp,
                    &definition.name,
                    definition.line,
                    value,
                );
            }
        }
        let settings = services
            .iter()
            .flat_map(|s| s.settings.iter().chain(&s.overridden));
        for setting in settings.filter(|s| s.origin == Origin::Definition) {
            of_setting(&mut found, setting);
        }
        self.files.extend(usual_files(system));
        let home = store::Home::locate(wanted.home.as_deref(), &system.environment).ok();
        let own_variables = home.as_ref().map(store::Home::env_file);
        self.files.extend(own_variables.clone());
        self.files.sort();
        self.files.dedup();
        for path in &self.files {
            of_variables(system, path, &mut found);
        }
        let own = home.zip(Name::parse(&wanted.agent).ok());
        let stores = stores(system, own.map(|(home, agent)| home.store(&agent)));
        // A home or working folder may hold anything: it is listed where a secret stands in it.
        let beside = stores.iter().map(|(path, _)| path).chain(found.keys());
        let beside = beside.chain(&own_variables).map(PathBuf::as_path);
        let copies = copies::collect(system, beside);
        for (path, kind) in stores {
            let holds = || match kind {
                HolderKind::Store => matches!(system.files.entry(&path), Ok(Some(_))),
                _ => holds_a_key(system, &path),
            };
            if !found.contains_key(&path) && holds() {
                found.insert(path, (kind, Vec::new()));
            }
        }
        let mut groups = Groups::new(system);
        let looked = found
            .into_iter()
            .map(|(path, (kind, secrets))| look(system, &mut groups, &path, kind, secrets));
        (looked.collect(), copies)
    }
}

/// Our own store, and those of other programs; they need not be there.
fn stores(system: &System, own: Option<PathBuf>) -> Vec<(PathBuf, HolderKind)> {
    let kind = |owner| match owner {
        Owner::Other => HolderKind::Program,
        _ => HolderKind::Checked,
    };
    let others = places::all(system).into_iter();
    let others = others.map(|place| (place.path, kind(place.owner)));
    let own = own.map(|path| (path, HolderKind::Store));
    own.into_iter().chain(others).collect()
}

/// Files of variables that may be there without a service.
fn usual_files(system: &System) -> Vec<PathBuf> {
    let mut files = vec![system.environment.folder().join(".env")];
    if let Some(home) = system.environment.home() {
        for name in [
            ".openclaw/.env",
            ".clawdbot/.env",
            ".ssh/environment",
            ".env",
        ] {
            files.push(home.join(name));
        }
    }
    files
}

fn of_variables(system: &System, path: &Path, found: &mut Found) {
    let Ok(Some(text)) = system.files.read_text(&system.at(path), LIMIT) else {
        return;
    };
    // Also what systemd would not take, such as a line behind `export`.
    let parsed = DotEnv::parse(&text);
    let relevant = parsed
        .iter()
        .filter(|(name, _)| environment::relevant(name));
    for (name, value) in relevant.take(MOST) {
        let value = describe_secret(value);
        if is_secret(name, &value) {
            let line = line_of(&text, name);
            hold(found, path, HolderKind::Variables, name, line, &value);
        }
    }
}

fn of_setting(found: &mut Found, setting: &Setting) {
    let Some(value) = setting
        .value
        .as_ref()
        .filter(|v| is_secret(&setting.name, v))
    else {
        return;
    };
    let place = setting.place.rsplit_once(':');
    if let Some((path, line)) = place.and_then(|(path, line)| Some((path, line.parse().ok()?))) {
        hold(
            found,
            Path::new(path),
            HolderKind::Service,
            &setting.name,
            line,
            value,
        );
    }
}

fn hold(found: &mut Found, path: &Path, kind: HolderKind, name: &str, line: usize, value: &Value) {
    let entry = found.entry(path.to_path_buf());
    let (_, secrets) = entry.or_insert_with(|| (kind, Vec::new()));
    let known = |known: &HeldSecret| known.line == line && known.name == name;
    if secrets.len() < MOST && !secrets.iter().any(known) {
        secrets.push(HeldSecret {
            name: name.to_owned(),
            line,
            value: value.clone(),
        });
    }
}

/// Whether a variable's value is one that must not be seen.
fn is_secret(name: &str, value: &Value) -> bool {
    const NAMES: &[&str] = &["_KEY", "_KEYS", "_TOKEN", "AWS_BEARER_TOKEN_BEDROCK"];
    const NOT_MEANT: &[DefectKind] = &[
        DefectKind::Placeholder,
        DefectKind::Unexpanded,
        DefectKind::Ellipsis,
    ];
    if value
        .defects
        .iter()
        .any(|defect| NOT_MEANT.contains(&defect.kind))
    {
        return false;
    }
    match value.looks {
        Looks::AwsAccessKeyId => false,
        Looks::Unknown => {
            value.length >= SHORTEST
                && NAMES.iter().any(|end| name.ends_with(end))
                && name != "AWS_ACCESS_KEY_ID"
        }
        _ => true,
    }
}

/// A file of another program with a key in it; what stands in a database is not looked at.
fn holds_a_key(system: &System, path: &Path) -> bool {
    if path.extension().is_some_and(|end| end == "sqlite") {
        return matches!(system.files.followed_entry(path), Ok(Some(_)));
    }
    let Ok(Some(bytes)) = system.files.read(path, LIMIT) else {
        return false;
    };
    let text = Zeroizing::new(String::from_utf8_lossy(&bytes).into_owned());
    !keys_in_text::find(&text).is_empty()
}

fn look(
    system: &System,
    groups: &mut Groups<'_>,
    path: &Path,
    kind: HolderKind,
    secrets: Vec<HeldSecret>,
) -> Holder {
    let at = system.at(path);
    let real = system.files.real(&at).unwrap_or_else(|| at.clone());
    let entry = system.files.followed_entry(&at).ok().flatten();
    let readable_by = entry
        .as_ref()
        .map(|entry| readers(system, groups, &real, entry));
    let tree = work_tree::of(system, &real);
    Holder {
        path: path.display().to_string(),
        kind,
        entry,
        secrets,
        readable_by: readable_by.unwrap_or_default(),
        tracked: tree.as_ref().and_then(|(_, tracked)| *tracked),
        work_tree: tree.map(|(root, _)| root.display().to_string()),
        synced_by: synced::by(system, &real).map(str::to_owned),
    }
}

/// Who can read a file: its mode or access list allows it, and every folder above it lets them
/// through.
fn readers(system: &System, groups: &mut Groups<'_>, path: &Path, entry: &Entry) -> Readers {
    // What Kubernetes keeps is meant to be readable in the container.
    if entry.owner == 0 && access::mount(path).is_some() {
        return Readers::Nobody;
    }
    let mut everyone = entry.mode & 0o004 != 0;
    let (mut group, mut listed) = (false, false);
    if entry.mode & 0o040 != 0 {
        (group, listed) = beyond(system, groups, path, entry);
    }
    for folder in path.ancestors().skip(1) {
        if !everyone && !group && !listed {
            break;
        }
        if let Ok(Some(above)) = system.files.followed_entry(folder) {
            let open = above.mode & 0o001 != 0;
            everyone &= open;
            group &= open || above.mode & 0o010 != 0 && above.group == entry.group;
            listed &= open || above.mode & 0o010 != 0;
        }
    }
    match (everyone, listed, group) {
        (true, _, _) => Readers::Everyone,
        (false, true, _) => Readers::Listed,
        (false, false, true) => Readers::Group,
        (false, false, false) => Readers::Nobody,
    }
}

/// Whether its group has others in it who may read, and whether an access list lets others in.
fn beyond(system: &System, groups: &mut Groups<'_>, path: &Path, entry: &Entry) -> (bool, bool) {
    let grants = system.files.grants(path);
    if grants.is_empty() {
        return (!groups.is_private(entry.group), false);
    }
    let (mut group, mut listed) = (false, false);
    for grant in grants.iter().filter(|grant| grant.permissions & 4 != 0) {
        match grant.to {
            Grantee::OwningGroup => group |= !groups.is_private(entry.group),
            Grantee::Group(id) => listed |= !groups.is_private(id),
            Grantee::User(id) => listed |= ![0, entry.owner, system.files.user()].contains(&id),
        }
    }
    (group, listed)
}
