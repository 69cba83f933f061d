//! The store through the library and the binary: bad files, many writers, crashes, modes, undo.

mod crash;
mod history;
mod read;
#[cfg(unix)]
mod unix;
mod write;

use std::path::{Path, PathBuf};

use keywright::error::Kind;
use keywright::store::journal::State;
use keywright::store::{
    self, Change, Credential, Fingerprint, Home, Name, Profile, ProfileId, Profiles, Receipt,
    SecretSource, undo,
};
use keywright::system::{Environment, Mode, System};
use keywright::{Error, Secret};
use zeroize::Zeroizing;

use crate::support::machine::{Machine, key};

/// A home in a scratch folder, and what the library needs to work in it.
struct Scratch {
    machine: Machine,
    system: System,
    home: Home,
    main: Name,
}

impl Scratch {
    fn new() -> Self {
        let machine = Machine::new();
        let environment = Environment::of(
            machine
                .variables()
                .iter()
                .map(|(name, value)| (name, value)),
            machine.home(),
        );
        let home = Home::locate(None, &environment).expect("a home");
        Self {
            system: System::with_environment(environment),
            home,
            main: Name::parse("main").expect("a name"),
            machine,
        }
    }

    /// Saves a key as a command would.
    fn save(&self, id: &str, tail: &str) -> Result<Receipt, Error> {
        store::update_profiles(&self.system, &self.home, &self.main, "save", |profiles| {
            let key = SecretSource::Stored(Secret::new(key(tail)));
            let profile = Profile::new("anthropic", Credential::ApiKey { key });
            profiles.put(ProfileId::parse(id)?, profile);
            Ok(())
        })
    }

    fn load(&self) -> Result<Option<Profiles>, Error> {
        store::load(&self.system, &self.home, &self.main)
    }

    fn path(&self) -> PathBuf {
        self.home.store(&self.main)
    }

    fn ids(&self) -> Vec<String> {
        let profiles = self.load().expect("read").unwrap_or_default();
        profiles.profiles.keys().map(ToString::to_string).collect()
    }

    fn put(&self, bytes: &[u8]) {
        let path = self.path();
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        std::fs::write(path, bytes).expect("written");
    }

    /// Every file below our home, with its content.
    fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = Vec::new();
        let mut folders = vec![self.home.root().to_path_buf()];
        while let Some(folder) = folders.pop() {
            let Ok(entries) = std::fs::read_dir(&folder) else {
                continue;
            };
            for entry in entries {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let content = std::fs::read(&path).expect("read");
                    files.push((path, content));
                }
            }
        }
        files.sort();
        files
    }

    fn temporary_files(&self) -> Vec<PathBuf> {
        let temporary = |path: &Path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.ends_with(".tmp")
        };
        let files = self.files().into_iter().map(|(path, _)| path);
        files.filter(|path| temporary(path)).collect()
    }
}
