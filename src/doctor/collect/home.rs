//! Our own folder: what stands there, and whether it can be understood. Nothing is created.

mod lasting;

use std::path::{Path, PathBuf};

use crate::doctor::facts::{
    Document, DocumentState, Home, ManagedLine, PathFact, PathRole, Pending, SettingRemark,
};
use crate::document::dotenv::DotEnv;
use crate::error::{Error, Kind};
use crate::store::config::schema::Severity;
use crate::store::{self, Name, Profile, ProfileId, Profiles, SecretSource};
use crate::system::System;
use crate::system::files::EntryKind;

/// Looks at the home folder of `flag` or of the environment.
#[must_use]
pub fn collect(system: &System, flag: Option<&Path>, agent: &Name) -> Home {
    let mut facts = Home {
        agent: agent.to_string(),
        ..Home::default()
    };
    let Ok(home) = store::Home::locate(flag, &system.environment) else {
        return facts;
    };
    facts.path = Some(home.root().display().to_string());
    facts.paths = paths(system, &home, agent);
    facts.pending = pending(system, &home);
    let stored = store::find(system, &home, agent);
    let path = home.store(agent);
    let there = !matches!(system.files.entry(&path), Ok(None));
    facts.store = Document {
        path: path.display().to_string(),
        state: match &stored {
            Ok(_) if !there => DocumentState::Absent,
            Ok(_) => DocumentState::Good,
            Err(error) => state(system, error, &path),
        },
    };
    let config = store::config::load(system, &home);
    let path = home.config();
    facts.config = Document {
        path: path.display().to_string(),
        state: match &config {
            Ok(_) if matches!(system.files.entry(&path), Ok(None)) => DocumentState::Absent,
            Ok(_) => DocumentState::Good,
            Err(error) => state(system, error, &path),
        },
    };
    let config = config.unwrap_or_default();
    let inherits = agent.as_str() != store::MAIN && !config.without_inheritance.contains(agent);
    facts.default_model = config.default_model;
    facts.ignored = config.ignore;
    facts.settings = settings(system, &home);
    let profiles = stored.ok().flatten().unwrap_or_default();
    facts.managed = managed(system, &home.env_file(), &profiles);
    facts.ending = lasting::ending(system, &home, &profiles, inherits);
    facts.removed = lasting::removed(system, &home);
    facts
}

/// What `config check` says, but for what is no setting of ours.
fn settings(system: &System, home: &store::Home) -> Vec<SettingRemark> {
    let remarks = store::config::remarks::of(system, home).unwrap_or_default();
    let told = remarks.list.into_iter();
    told.filter(|remark| remark.severity != Severity::Unread)
        .map(|remark| SettingRemark {
            key: remark.key.to_string(),
            line: remark.line,
            what: remark.what,
            wrong: remark.severity == Severity::Error,
            right: remark.right,
        })
        .collect()
}

/// The lines of our `.env` that name a profile, beside what the profile holds.
fn managed(system: &System, path: &Path, profiles: &Profiles) -> Vec<ManagedLine> {
    const LIMIT: usize = 1024 * 1024;
    let Ok(Some(text)) = system.files.read_text(path, LIMIT) else {
        return Vec::new();
    };
    DotEnv::parse(&text)
        .managed()
        .map(|(variable, id, value)| {
            let profile = ProfileId::parse(id).ok().and_then(|id| profiles.get(&id));
            let stored = match profile.and_then(Profile::secret) {
                Some(SecretSource::Stored(secret)) => Some(secret.fingerprint()),
                _ => None,
            };
            ManagedLine {
                file: path.display().to_string(),
                line: line_of(&text, variable, id),
                variable: variable.to_owned(),
                profile: id.to_owned(),
                fingerprint: value.fingerprint(),
                profile_fingerprint: stored,
                profile_exists: profile.is_some(),
            }
        })
        .collect()
}

/// The line of an assignment below the comment that names its profile, from 1.
fn line_of(text: &str, variable: &str, profile: &str) -> usize {
    let lines: Vec<&str> = text.lines().collect();
    let assigns = |line: &str| {
        let line = line.trim_start();
        let line = line.strip_prefix("export ").unwrap_or(line).trim_start();
        line.strip_prefix(variable)
            .is_some_and(|rest| rest.trim_start().starts_with('='))
    };
    let below = |pair: &[&str]| pair[0].contains(profile) && assigns(pair[1]);
    lines
        .windows(2)
        .position(below)
        .map_or(1, |index| index + 2)
}

/// Every place of ours, and the folder that ours stands in.
fn paths(system: &System, home: &store::Home, agent: &Name) -> Vec<PathFact> {
    let store = home.store(agent);
    let mut places: Vec<(PathBuf, PathRole)> = Vec::new();
    let mut above = home.root().ancestors().skip(1);
    let there = |folder: &&Path| !matches!(system.files.entry(folder), Ok(None));
    if let Some(parent) = above.find(there) {
        places.push((parent.to_path_buf(), PathRole::Parent));
    }
    places.push((home.root().to_path_buf(), PathRole::Home));
    places.push((home.agents(), PathRole::AgentsFolder));
    if let Some(folder) = store.parent() {
        places.push((folder.to_path_buf(), PathRole::AgentFolder));
    }
    places.push((store, PathRole::Store));
    places.push((home.config(), PathRole::Config));
    places.push((home.env_file(), PathRole::EnvFile));
    let others = store::agents(system, home).unwrap_or_default();
    for other in others.iter().filter(|other| *other != agent) {
        let store = home.store(other);
        if matches!(system.files.entry(&store), Ok(Some(_))) {
            places.extend(
                store
                    .parent()
                    .map(|f| (f.to_path_buf(), PathRole::AgentFolder)),
            );
            places.push((store, PathRole::OtherStore));
        }
    }
    let state = home.state();
    let journal = home.journal();
    places.push((state.clone(), PathRole::StateFolder));
    let is_folder = |path: &Path| {
        let entry = system.files.entry(path);
        matches!(entry, Ok(Some(entry)) if entry.kind == EntryKind::Folder)
    };
    for folder in [state, journal] {
        for name in system.files.list(&folder).unwrap_or_default() {
            let path = folder.join(name);
            let role = if is_folder(&path) {
                PathRole::StateFolder
            } else {
                PathRole::StateFile
            };
            places.push((path, role));
        }
    }
    places
        .into_iter()
        .map(|(path, role)| look(system, &path, role))
        .collect()
}

fn look(system: &System, path: &Path, role: PathRole) -> PathFact {
    let mut fact = PathFact {
        path: path.display().to_string(),
        role,
        ..PathFact::default()
    };
    match system.files.entry(path) {
        Ok(entry) => {
            let link = |entry: &crate::system::files::Entry| entry.kind == EntryKind::Symlink;
            if entry.as_ref().is_some_and(link) {
                fact.behind = system.files.followed_entry(path).unwrap_or_default();
            }
            fact.entry = entry;
        }
        Err(error) => fact.problem = Some(words(&error)),
    }
    fact
}

fn pending(system: &System, home: &store::Home) -> Pending {
    let Ok(pending) = store::pending(system, home) else {
        // Why it cannot be read is a matter of the paths.
        return Pending::default();
    };
    Pending {
        journal: pending.unfinished.into_iter().next(),
        lock_holder: pending.holder.map(|holder| {
            holder.process.map_or_else(
                || "another keywright".to_owned(),
                |process| format!("process {process}"),
            )
        }),
    }
}

/// What is no file has no form that could be wrong.
fn state(system: &System, error: &Error, path: &Path) -> DocumentState {
    match (bad(error, path), system.files.followed_entry(path)) {
        (DocumentState::Malformed { why, .. }, Ok(Some(entry)))
            if entry.kind != EntryKind::File =>
        {
            DocumentState::Unreadable { why }
        }
        (state, _) => state,
    }
}

/// What is wrong with a file of ours. Our own messages start with `path:line:column: `.
fn bad(error: &Error, path: &Path) -> DocumentState {
    let message = words(error);
    let path = path.display().to_string();
    let rest = message.strip_prefix(&path).unwrap_or(&message);
    if error.kind() != Kind::Malformed {
        let why = message.split_once(&path).map_or(rest, |(_, why)| why);
        return DocumentState::Unreadable {
            why: why.trim_start_matches([':', ' ']).to_owned(),
        };
    }
    let mut parts = rest.strip_prefix(':').unwrap_or_default().splitn(3, ':');
    let mut number = || parts.next().and_then(|part| part.parse::<u32>().ok());
    let place = number().zip(number());
    let why = match (place, parts.next()) {
        (Some(_), Some(why)) => why,
        _ => rest.trim_start_matches(':'),
    };
    DocumentState::Malformed {
        why: why.trim().to_owned(),
        line: place.map(|(line, _)| line),
        column: place.map(|(_, column)| column),
    }
}

/// The error without its hint, causes included.
fn words(error: &Error) -> String {
    error.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_in_our_messages() {
        let check = |kind, message: &str, expected| {
            assert_eq!(
                bad(&Error::new(kind, message), Path::new("/h/s.json")),
                expected
            );
        };
        let malformed = |why: &str, place: Option<(u32, u32)>| DocumentState::Malformed {
            why: why.to_owned(),
            line: place.map(|p| p.0),
            column: place.map(|p| p.1),
        };
        check(
            Kind::Malformed,
            "/h/s.json:3:7: this is not valid JSON",
            malformed("this is not valid JSON", Some((3, 7))),
        );
        check(
            Kind::Malformed,
            "/h/s.json: the file is empty",
            malformed("the file is empty", None),
        );
        check(
            Kind::Malformed,
            "/h/s.json is not UTF-8 text",
            malformed("is not UTF-8 text", None),
        );
        check(
            Kind::Permission,
            "cannot read /h/s.json: permission denied",
            DocumentState::Unreadable {
                why: "permission denied".to_owned(),
            },
        );
    }
}
