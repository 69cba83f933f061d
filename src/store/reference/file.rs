//! References to files. The file must be private: a regular file with one name, owned by this user
//! or by root, that nobody else may read. What a Kubernetes mount or a container's secret looks
//! like is accepted with a warning: root's, and readable by all who are in there.

use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use zeroize::Zeroizing;

use super::{Mend, Reach, Resolved, Unresolved};
use crate::error::Kind;
use crate::secret::Secret;
use crate::store::config::secrets::{FileMode, FileProvider};
use crate::store::home::Home;
use crate::system::files::{Entry, EntryKind};
use crate::system::{Environment, Files};

/// The id of the one value of a file.
pub const VALUE: &str = "value";
/// Where container engines put secrets.
const CONTAINER: &[&str] = &["/run/secrets", "/var/run/secrets"];
const ROOT: u32 = 0;

/// Reads the value that `id` names.
pub fn resolve(
    reach: &Reach,
    environment: &Environment,
    provider: &FileProvider,
    id: &str,
) -> Result<Resolved, Unresolved> {
    check_id(provider.mode, id)?;
    let path = expanded(&provider.path, environment)?;
    if is_ours(reach, &path) {
        return Err(refused(
            &path,
            "is keywright's own: a reference cannot lead to itself",
        ));
    }
    let (files, limit) = (reach.files, provider.limit);
    let held = path.clone();
    let read = within(provider.timeout, move || read(files, &held, limit));
    let Some(read) = read else {
        let what = format!("was not read within {} ms", provider.timeout.as_millis());
        return Err(refused(&path, &what));
    };
    let (bytes, warning) = read?;
    let secret = match provider.mode {
        FileMode::SingleValue => single(&path, &bytes)?,
        FileMode::Json => pointed(&path, &bytes, id)?,
    };
    Ok(Resolved { secret, warning })
}

fn refused(path: &Path, what: &str) -> Unresolved {
    let path = path.display();
    Unresolved::new(
        format!("the file {path} that it refers to {what}"),
        Mend::Nothing,
    )
}

fn check_id(mode: FileMode, id: &str) -> Result<(), Unresolved> {
    let good = match mode {
        FileMode::SingleValue => id == VALUE,
        FileMode::Json => id.starts_with('/'),
    };
    if good {
        return Ok(());
    }
    let why = match mode {
        FileMode::SingleValue => "a file with a single value has the id `value`",
        FileMode::Json => {
            "its reference into a JSON file is no JSON pointer, such as /anthropic/key"
        }
    };
    Err(Unresolved::new(why, Mend::Nothing))
}

fn expanded(path: &Path, environment: &Environment) -> Result<PathBuf, Unresolved> {
    let Ok(rest) = path.strip_prefix("~") else {
        return Ok(path.to_path_buf());
    };
    let home = environment.home().ok_or_else(|| {
        let why = "HOME is not set, and the file that it refers to is in there";
        Unresolved::new(why, Mend::Variable("HOME".to_owned()))
    })?;
    Ok(home.join(rest))
}

/// Whether it is a file that holds references, or was made of what they lead to.
fn is_ours(reach: &Reach, path: &Path) -> bool {
    let home: &Home = &reach.home;
    let (Some(path), Some(root)) = (reach.files.real(path), reach.files.real(home.root())) else {
        return false;
    };
    let own = [home.agents(), home.state(), home.config(), home.env_file()];
    own.iter().any(|own| {
        let name = own.strip_prefix(home.root()).unwrap_or(own);
        path.starts_with(root.join(name))
    })
}

/// A file on a network that has gone does not come back; whoever reads it is left behind.
fn within<T: Send + 'static>(
    limit: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let (done, waited) = mpsc::channel();
    let started = std::thread::Builder::new()
        .name("file".to_owned())
        .spawn(move || done.send(work()));
    started.ok()?;
    waited.recv_timeout(limit).ok()
}

type Content = (Zeroizing<Vec<u8>>, Option<String>);

fn read(files: Files, path: &Path, limit: usize) -> Result<Content, Unresolved> {
    let failed = |error: crate::error::Error| {
        let mend = if error.kind() == Kind::Permission && error.causes().next().is_some() {
            Mend::Private(path.display().to_string())
        } else {
            Mend::Nothing
        };
        Unresolved::new(error.to_string(), mend)
    };
    let found = files.entry(path).map_err(failed)?;
    let mounted = match &found {
        Some(link) if link.kind == EntryKind::Symlink => {
            if !is_mounted(files, path, link) {
                return Err(refused(
                    path,
                    "is a symbolic link: name the file that it leads to",
                ));
            }
            true
        }
        _ => false,
    };
    let read = if mounted {
        files.read_followed(path, limit)
    } else {
        files.read_examined(path, limit)
    };
    let (entry, bytes) = read
        .map_err(failed)?
        .ok_or_else(|| refused(path, "is not there"))?;
    let warning = judge(path, &entry, files.user(), mounted)?;
    Ok((bytes, warning))
}

/// The links of a Kubernetes volume: `key -> ..data/key`, `..data -> ..2026_11_21…`, all of root.
fn is_mounted(files: Files, path: &Path, link: &Entry) -> bool {
    let target = Path::new(link.target.as_deref().unwrap_or_default());
    let folder = path.parent().unwrap_or(Path::new("/"));
    let data = files.entry(&folder.join("..data")).ok().flatten();
    let data = data.filter(|data| data.kind == EntryKind::Symlink && data.owner == ROOT);
    let inside = |path: &Path| {
        path.components()
            .all(|part| !matches!(part.as_os_str().to_str(), None | Some(".." | "/")))
    };
    let leads = data
        .and_then(|data| data.target)
        .is_some_and(|to| inside(Path::new(&to)));
    link.owner == ROOT && leads && target.starts_with("..data") && inside(target)
}

/// Whether it is private; `Some` warning where it is so only for want of anybody else.
fn judge(
    path: &Path,
    entry: &Entry,
    user: u32,
    mounted: bool,
) -> Result<Option<String>, Unresolved> {
    let shown = path.display();
    let mode = entry.mode;
    let open = |what: &str| {
        Unresolved::new(
            format!("the file {shown} that it refers to can be {what} by others (mode {mode:04o})"),
            Mend::Private(path.display().to_string()),
        )
    };
    if entry.links > 1 {
        let what = format!(
            "has {} names: another one may be open to others",
            entry.links
        );
        return Err(refused(path, &what));
    }
    if entry.owner != user && entry.owner != ROOT {
        return Err(refused(path, "belongs to another user"));
    }
    if mode & 0o022 != 0 {
        return Err(open("changed"));
    }
    let mounted = mounted || CONTAINER.iter().any(|folder| path.starts_with(folder));
    if entry.owner == ROOT && mounted {
        let shared = mode & 0o044 != 0;
        return Ok(shared.then(|| {
            format!("{shown} can be read by everybody in this container (mode {mode:04o})")
        }));
    }
    // A file of root that a group may read is how a service gets one.
    let private = if entry.owner == user { 0o077 } else { 0o007 };
    if mode & private != 0 {
        return Err(open("read"));
    }
    Ok(None)
}

/// The whole text, less one line break at its end.
fn single(path: &Path, bytes: &[u8]) -> Result<Secret, Unresolved> {
    let text = std::str::from_utf8(bytes).map_err(|_| refused(path, "is not UTF-8 text"))?;
    let text = text.strip_suffix('\n').unwrap_or(text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    if text.trim().is_empty() {
        return Err(refused(path, "is empty"));
    }
    Ok(Secret::new(text))
}

fn pointed(path: &Path, bytes: &[u8], id: &str) -> Result<Secret, Unresolved> {
    let mut document: serde_json::Value =
        serde_json::from_slice(bytes).map_err(|_| refused(path, "is not JSON"))?;
    match document.pointer_mut(id).map(serde_json::Value::take) {
        Some(serde_json::Value::String(text)) if !text.trim().is_empty() => Ok(Secret::new(text)),
        Some(serde_json::Value::String(_)) => Err(refused(path, "holds an empty text at the id")),
        Some(_) => Err(refused(path, "holds no text at the id")),
        None => Err(refused(path, "holds nothing at the id")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ME: u32 = 1000;

    #[test]
    fn owners_and_modes() {
        let check = |owner, mode, links, mounted, expected: Result<Option<&str>, &str>| {
            let entry = Entry {
                kind: EntryKind::File,
                mode,
                owner,
                group: 0,
                links,
                size: 9,
                target: None,
            };
            let path = Path::new(if mounted { "/run/secrets/k" } else { "/k" });
            match (judge(path, &entry, ME, false), expected) {
                (Ok(None), Ok(None)) => {}
                (Ok(Some(warning)), Ok(Some(part))) => assert!(warning.contains(part), "{warning}"),
                (Err(error), Err(part)) => assert!(error.why().contains(part), "{error}"),
                (found, _) => panic!("{owner} {mode:o} {links}: {found:?}"),
            }
        };
        check(ME, 0o600, 1, false, Ok(None));
        check(ME, 0o400, 1, false, Ok(None));
        check(ME, 0o640, 1, false, Err("read by others (mode 0640)"));
        check(ME, 0o644, 1, true, Err("read by others"));
        check(ME, 0o620, 1, false, Err("changed by others"));
        check(ME, 0o600, 2, false, Err("has 2 names"));
        check(ME + 1, 0o600, 1, false, Err("another user"));
        check(ROOT, 0o640, 1, false, Ok(None));
        check(ROOT, 0o644, 1, false, Err("read by others"));
        check(
            ROOT,
            0o444,
            1,
            true,
            Ok(Some("everybody in this container")),
        );
        check(ROOT, 0o400, 1, true, Ok(None));
        check(ROOT, 0o666, 1, true, Err("changed by others"));
        check(ROOT, 0o444, 2, true, Err("has 2 names"));
    }

    #[test]
    fn values() {
        let check = |found: Result<Secret, Unresolved>, expected: Result<&str, &str>| match (
            found, expected,
        ) {
            (Ok(secret), Ok(text)) => assert_eq!(secret, Secret::new(text)),
            (Err(error), Err(part)) => assert!(error.why().contains(part), "{error}"),
            (found, expected) => panic!("{expected:?}: {found:?}"),
        };
        let path = Path::new("/k");
        check(single(path, b"v\n"), Ok("v"));
        check(single(path, b"v\r\n"), Ok("v"));
        check(single(path, b"v\n\n"), Ok("v\n"));
        check(single(path, b" \n"), Err("is empty"));
        check(single(path, b"\xff"), Err("not UTF-8"));
        check(pointed(path, br#"{"a":{"b":["x"]}}"#, "/a/b/0"), Ok("x"));
        check(pointed(path, br#"{"a/b":"x"}"#, "/a~1b"), Ok("x"));
        check(pointed(path, br#"{"a":1}"#, "/a"), Err("no text"));
        check(pointed(path, br#"{"a":""}"#, "/a"), Err("empty text"));
        check(pointed(path, br"{}", "/a"), Err("nothing at the id"));
        check(pointed(path, b"v", "/a"), Err("is not JSON"));
    }

    #[test]
    fn what_takes_too_long_is_left_behind() {
        assert_eq!(within(Duration::from_secs(30), || 1), Some(1));
        let (keeper, never) = mpsc::channel::<()>();
        let waits = within(Duration::from_millis(5), move || never.recv());
        assert!(waits.is_none());
        drop(keeper);
    }
}
