//! A private folder that is gone afterwards.

use std::fs::FileTimes;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use tempfile::{Builder, TempDir};

use super::{Files, TEMPORARY_PREFIX, TEMPORARY_SUFFIX};
use crate::error::{Error, Kind, Result};
use crate::system::Environment;
use crate::variables;

/// Those that are in use.
static IN_USE: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

fn in_use() -> MutexGuard<'static, Vec<PathBuf>> {
    IN_USE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes every scratch folder, on the way out.
pub fn remove_scratch() {
    for folder in in_use().drain(..) {
        let _ = std::fs::remove_dir_all(folder);
    }
}

/// A folder for this user alone (0700), removed with all that is in it when this value goes away;
/// the folder around it is then as it was, its time of change included.
#[derive(Debug)]
pub struct Scratch {
    /// `None` once it is removed.
    folder: Option<TempDir>,
    path: PathBuf,
    around: Around,
}

impl Scratch {
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        in_use().retain(|folder| *folder != self.path);
        let untouched = self.around.is_untouched();
        if let Some(folder) = self.folder.take()
            && folder.close().is_ok()
            && untouched
        {
            self.around.put_back();
        }
    }
}

/// The folder in which a scratch folder is made, and when it was changed.
#[derive(Debug)]
struct Around {
    folder: PathBuf,
    before: Option<SystemTime>,
    since: Option<SystemTime>,
}

impl Around {
    fn of(folder: &Path) -> Self {
        Self {
            folder: folder.to_path_buf(),
            before: changed(folder),
            since: None,
        }
    }

    /// Nobody else has made or removed anything in it meanwhile.
    fn is_untouched(&self) -> bool {
        self.since.is_some() && self.since == changed(&self.folder)
    }

    fn put_back(&self) {
        if let (Some(before), Ok(folder)) = (self.before, std::fs::File::open(&self.folder)) {
            let _ = folder.set_times(FileTimes::new().set_modified(before));
        }
    }
}

fn changed(folder: &Path) -> Option<SystemTime> {
    std::fs::metadata(folder).ok()?.modified().ok()
}

impl Files {
    /// Makes a private folder where nobody else can put something beside it: in the user's runtime,
    /// cache or home folder, and in a shared one only when there is none of these.
    ///
    /// # Errors
    /// `CannotCreate` when no place lets it be made.
    pub fn scratch(&self, environment: &Environment) -> Result<Scratch> {
        let places = places(environment);
        for place in &places {
            let mut builder = Builder::new();
            builder.prefix(TEMPORARY_PREFIX).suffix(TEMPORARY_SUFFIX);
            #[cfg(unix)]
            builder.permissions(super::platform::permissions(0o700));
            let mut around = Around::of(place);
            if let Ok(folder) = builder.tempdir_in(place) {
                around.since = changed(place);
                let path = folder.path().to_path_buf();
                in_use().push(path.clone());
                return Ok(Scratch {
                    folder: Some(folder),
                    path,
                    around,
                });
            }
        }
        let text = "cannot make a private folder for a moment's use";
        Err(Error::new(Kind::CannotCreate, text)
            .hint("Set HOME or TMPDIR to a folder that you may write to."))
    }
}

fn places(environment: &Environment) -> Vec<PathBuf> {
    let named = |name: &str| environment.path(name);
    let home = environment.home();
    let own = [
        named(variables::XDG_RUNTIME_DIR),
        named(variables::XDG_CACHE_HOME),
        home.as_ref().map(|home| home.join(".cache")),
        named("LOCALAPPDATA").filter(|_| cfg!(windows)),
        home,
    ];
    let shared = [named("TMPDIR"), named("TEMP").filter(|_| cfg!(windows))];
    let last = cfg!(unix).then(|| PathBuf::from("/tmp"));
    let all = own.into_iter().chain(shared).flatten().chain(last);
    all.filter(|place| place.is_absolute()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_own_place_that_exists() {
        let outer = tempfile::tempdir().expect("a folder");
        let home = outer.path();
        let environment = Environment::of(
            [("HOME", home), ("XDG_RUNTIME_DIR", Path::new("/none"))],
            "/",
        );
        let check = |folder: &Path| {
            let before = FileTimes::new().set_modified(SystemTime::UNIX_EPOCH);
            if cfg!(unix) {
                let opened = std::fs::File::open(folder).expect("a folder");
                opened.set_times(before).expect("its time");
            }
            let scratch = Files.scratch(&environment).expect("a scratch folder");
            let path = scratch.path().to_path_buf();
            assert_eq!(path.parent(), Some(folder));
            #[cfg(unix)]
            assert_eq!(
                Files
                    .entry(&path)
                    .expect("readable")
                    .map(|entry| entry.mode),
                Some(0o700)
            );
            drop(scratch);
            assert_eq!(Files.entry(&path).expect("readable"), None);
            if cfg!(unix) {
                assert_eq!(changed(folder), Some(SystemTime::UNIX_EPOCH));
            }
        };
        check(home);
        std::fs::create_dir(home.join(".cache")).expect("a folder");
        check(&home.join(".cache"));
    }
}
