//! The `.env` files that services read: ours, and those of OpenClaw and Clawdbot where they are
//! found. A managed line in any of them follows its profile; what else stands there is not ours.

use std::path::PathBuf;

use super::fingerprint::{Fingerprint, look};
use super::home::Home;
use super::name::ProfileId;
use super::transaction::Change;
use crate::document::dotenv::DotEnv;
use crate::error::{Error, Kind, Result};
use crate::secret::Secret;
use crate::system::{Environment, System};

/// Folder of state and its variable, of each program that reads a `.env` there.
const SERVICES: &[(&str, &str)] = &[
    (".openclaw", "OPENCLAW_STATE_DIR"),
    (".clawdbot", "CLAWDBOT_STATE_DIR"),
];

/// The `.env` of other programs' services, whether they exist or not.
#[must_use]
pub fn of_services(environment: &Environment) -> Vec<PathBuf> {
    let folder = |(name, variable): &(&str, &str)| {
        let named = environment.path(variable);
        named.or_else(|| Some(environment.home()?.join(name)))
    };
    let folders = SERVICES.iter().filter_map(folder);
    folders.map(|folder| folder.join(".env")).collect()
}

/// One file, to be edited.
pub struct EnvFile {
    pub path: PathBuf,
    before: Option<Fingerprint>,
    document: DotEnv,
    changed: bool,
}

/// Ours, and the others that exist and can be read.
///
/// # Errors
/// As reading ours says.
pub fn open_all(system: &System, home: &Home) -> Result<Vec<EnvFile>> {
    let mut files = vec![open(system, home.env_file())?];
    for path in of_services(&system.environment) {
        // What another program keeps to itself holds no line of ours.
        files.extend(open(system, path).ok().filter(|file| file.before.is_some()));
    }
    Ok(files)
}

/// One file, which need not exist.
///
/// # Errors
/// `Malformed` for what is no text; `Permission` or `Io`.
pub fn open(system: &System, path: PathBuf) -> Result<EnvFile> {
    let seen = look(system.files, &path)?;
    let (document, before) = match seen {
        None => (DotEnv::default(), None),
        Some(seen) => {
            let text = std::str::from_utf8(&seen.bytes).map_err(|_| {
                let message = format!("{} is not UTF-8 text", path.display());
                Error::new(Kind::Malformed, message).path(&path)
            })?;
            (DotEnv::parse(text), Some(seen.fingerprint))
        }
    };
    Ok(EnvFile {
        path,
        before,
        document,
        changed: false,
    })
}

impl EnvFile {
    /// Lets the managed lines of `profile` that `follows` accepts have its secret, or removes them.
    ///
    /// # Errors
    /// `MalformedCredential` for a secret that no line can hold.
    pub fn follow(
        &mut self,
        profile: &ProfileId,
        secret: Option<&Secret>,
        follows: impl Fn(&Secret) -> bool,
    ) -> Result<()> {
        let followed = self.document.follow(profile.as_str(), secret, follows)?;
        self.changed |= !followed.is_empty();
        Ok(())
    }

    /// A managed line here is of that profile.
    #[must_use]
    pub fn names(&self, profile: &ProfileId) -> bool {
        let mut managed = self.document.managed();
        managed.any(|(_, owner, _)| owner == profile.as_str())
    }

    /// Writes a managed line.
    ///
    /// # Errors
    /// `MalformedCredential` for a secret that no line can hold.
    pub fn set(&mut self, name: &str, secret: &Secret, profile: &ProfileId) -> Result<()> {
        let mut managed = self.document.managed();
        if !managed.any(|(n, p, held)| n == name && p == profile.as_str() && held == secret) {
            drop(managed);
            self.document.set_managed(name, secret, profile.as_str())?;
            self.changed = true;
        }
        Ok(())
    }

    /// The change, where there is one.
    pub fn into_change(self) -> Option<Change> {
        let after = self.document.render();
        self.changed
            .then(|| Change::write(self.path, self.before, after))
    }
}
