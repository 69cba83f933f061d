//! Single values of both files, for whoever asks for one or for where it stands.

use std::path::PathBuf;

use super::{FILE_LIMIT, Files, Kind, name_of};
use crate::consumer::aws::{Aws, Keys, Places};
use crate::document::ini::{Ini, Section};
use crate::secret::Secret;
use crate::system::System;

/// Both files once more, for whoever asks where a value stands.
pub(in crate::consumer::aws) struct Both(Files);

impl Both {
    /// What cannot be read counts as empty here; [`Aws::unreadable`] tells of it.
    pub(in crate::consumer::aws) fn read(system: &System, places: &Places) -> Self {
        let read = |path: &Option<PathBuf>| {
            let bytes = system.files.read(path.as_ref()?, FILE_LIMIT).ok()??;
            Some(Ini::parse(&String::from_utf8_lossy(&bytes)))
        };
        Self(Files {
            config: read(&places.config).unwrap_or_default(),
            credentials: read(&places.credentials).unwrap_or_default(),
        })
    }

    /// A value of a profile: the credentials file has the last word.
    pub(in crate::consumer::aws) fn get<'a>(
        &'a self,
        profile: &'a str,
        key: &str,
    ) -> Option<&'a str> {
        self.0.get(profile, key)
    }

    /// A value of a profile in one of the files, and the line of its section.
    pub(in crate::consumer::aws) fn get_in<'a>(
        &'a self,
        in_credentials: bool,
        profile: &str,
        key: &str,
    ) -> Option<(&'a str, usize)> {
        let ini = if in_credentials {
            &self.0.credentials
        } else {
            &self.0.config
        };
        let is_it = |section: &&Section| {
            if in_credentials {
                section.name == profile
            } else {
                name_of(&section.name) == Some(profile)
            }
        };
        let mut sections = ini.sections.iter().rev().filter(is_it);
        sections.find_map(|section| Some((section.get(key)?, section.line)))
    }

    /// Whether the credentials file sets a value, and the line of the section that does.
    pub(in crate::consumer::aws) fn section(
        &self,
        profile: &str,
        key: &str,
    ) -> Option<(bool, usize)> {
        let found = |file: bool| Some((file, self.get_in(file, profile, key)?.1));
        found(true).or_else(|| found(false))
    }

    /// Whether the credentials file has a profile, and the line of its section.
    pub(in crate::consumer::aws) fn place(&self, profile: &str) -> Option<(bool, usize)> {
        let Files {
            config,
            credentials,
        } = &self.0;
        let in_credentials = credentials.sections.iter().rev();
        let mut in_credentials = in_credentials.filter(|section| section.name == profile);
        let mut config = config.sections.iter().rev();
        let found = in_credentials.next().map(|section| (true, section.line));
        found.or_else(|| {
            let section = config.find(|section| name_of(&section.name) == Some(profile))?;
            Some((false, section.line))
        })
    }

    pub(in crate::consumer::aws) fn session(&self, name: &str) -> Option<&Section> {
        self.0.sso_session(name)
    }
}

/// The access key that stands in the files for a profile of that kind: no SDK is needed for it, and
/// each would take something else where there is more.
#[must_use]
pub fn keys(system: &System, aws: &Aws, name: &str) -> Option<Keys> {
    let Both(files) = Both::read(system, &aws.places);
    let secret = |key: &str| files.get(name, key).map(Secret::new);
    let Kind::Keys { .. } = files.kind(name) else {
        return None;
    };
    Some(Keys {
        id: files.get(name, "aws_access_key_id")?.to_owned(),
        secret: secret("aws_secret_access_key"),
        session: secret("aws_session_token"),
    })
}

/// The program that a profile, or the one at the end of its chain of roles, names for its
/// credentials: that profile and the command.
#[must_use]
pub fn process(system: &System, aws: &Aws, name: &str) -> Option<(String, String)> {
    let Both(files) = Both::read(system, &aws.places);
    let end = files.end(name).ok()?;
    let command = files.get(&end, "credential_process")?.to_owned();
    (files.kind(&end) == Kind::Process).then_some((end, command))
}
