//! The profiles of `~/.aws/config` and `~/.aws/credentials`, and where each leads.

mod values;

use std::path::Path;

use jiff::Timestamp;

use super::Aws;
use super::sign_in::{self, Session};
use crate::document::ini::{Ini, Section};
use crate::system::System;

pub(super) use values::Both;
pub use values::{keys, process};

/// Bytes of a file that are looked at.
const FILE_LIMIT: usize = 1024 * 1024;
/// Profiles that a chain of roles may pass; longer ones are taken for a loop.
const CHAIN_LIMIT: usize = 16;

/// A profile, without anything secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    pub name: String,
    pub kind: Kind,
    pub region: Option<String>,
    /// Why it leads to no credentials: a lowercase fragment.
    pub problem: Option<String>,
    /// The session of single sign-on that it, or the profile behind it, stands on.
    pub session: Option<Session>,
    /// The profile that names that session: `aws sso login` takes no other.
    pub signs_in: Option<String>,
}

/// Where the credentials of a profile come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An access key in the file; with a session token it is a temporary one.
    Keys { temporary: bool },
    /// Single sign-on.
    SignIn,
    /// A role, assumed with the credentials of another profile, or of the machine.
    Role { source: Option<String> },
    /// A role, assumed with a token in a file.
    WebIdentity,
    /// A program that prints credentials.
    Process,
    /// `aws login`
    Login,
    /// Nothing but settings such as a region.
    Settings,
}

impl Kind {
    /// In a few words.
    #[must_use]
    pub const fn words(&self) -> &'static str {
        match self {
            Self::Keys { temporary: false } => "an access key",
            Self::Keys { temporary: true } => "a temporary access key",
            Self::SignIn => "single sign-on",
            Self::Role { .. } => "a role",
            Self::WebIdentity => "a role by web identity",
            Self::Process => "a program that prints credentials",
            Self::Login => "a sign-in of `aws login`",
            Self::Settings => "settings alone",
        }
    }
}

impl Profile {
    /// It names no credentials at all.
    #[must_use]
    pub fn leads_nowhere(&self) -> bool {
        self.kind == Kind::Settings
    }

    /// Its sign-in has run out, and a new one mends it.
    #[must_use]
    pub fn needs_sign_in(&self) -> bool {
        self.problem.is_none() && self.session.as_ref().is_some_and(Session::is_over)
    }
}

/// The sections of both files.
struct Files {
    config: Ini,
    credentials: Ini,
}

/// Adds the profiles of both files to `aws`.
pub(super) fn read(system: &System, aws: &mut Aws, now: Timestamp) {
    let files = Files {
        config: file(system, aws.places.config.clone().as_deref(), aws),
        credentials: file(system, aws.places.credentials.clone().as_deref(), aws),
    };
    let mut names: Vec<&str> = Vec::new();
    let in_config = files
        .config
        .sections
        .iter()
        .filter_map(|section| name_of(&section.name));
    let in_credentials = files
        .credentials
        .sections
        .iter()
        .map(|section| section.name.as_str());
    for name in in_config.chain(in_credentials) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let look = |name: &&str| files.profile(name, &|id| sign_in::look(system, &aws.places, id, now));
    aws.profiles = names.iter().map(look).collect();
}

fn file(system: &System, path: Option<&Path>, aws: &mut Aws) -> Ini {
    let Some(path) = path else {
        return Ini::default();
    };
    match system.files.read(path, FILE_LIMIT) {
        Ok(Some(bytes)) => {
            let bytes = zeroize::Zeroizing::new(bytes);
            let ini = Ini::parse(&String::from_utf8_lossy(&bytes));
            aws.strange
                .extend(ini.strange.iter().map(|line| (path.to_owned(), *line)));
            ini
        }
        Ok(None) => Ini::default(),
        Err(error) => {
            aws.unreadable
                .push((path.to_owned(), error.message().to_owned()));
            Ini::default()
        }
    }
}

/// The profile that a section of the config file is; `None` for `sso-session` and the like.
fn name_of(section: &str) -> Option<&str> {
    match section.strip_prefix("profile ") {
        Some(name) => Some(name.trim_matches(['"', '\''])),
        None => (section == "default").then_some(section),
    }
}

impl Files {
    fn sections<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Section> {
        let credentials = self.credentials.sections.iter().rev();
        let credentials = credentials.filter(move |section| section.name == name);
        let config = self.config.sections.iter().rev();
        credentials.chain(config.filter(move |section| name_of(&section.name) == Some(name)))
    }

    /// A value of a profile: the credentials file has the last word.
    fn get<'a>(&'a self, name: &'a str, key: &str) -> Option<&'a str> {
        self.sections(name).find_map(|section| section.get(key))
    }

    fn exists(&self, name: &str) -> bool {
        self.sections(name).next().is_some()
    }

    fn profile(&self, name: &str, session: &dyn Fn(&str) -> Session) -> Profile {
        let kind = self.kind(name);
        let end = self.end(name);
        let signs_in = end
            .as_ref()
            .ok()
            .filter(|end| self.kind(end) == Kind::SignIn)
            .cloned();
        let session = signs_in
            .as_ref()
            .and_then(|end| self.session_id(end))
            .map(|id| session(&id));
        Profile {
            name: name.to_owned(),
            kind,
            region: self.get(name, "region").map(str::to_owned),
            problem: end.err(),
            session,
            signs_in,
        }
    }

    /// In Claude Code's order (measured with 2.1.329): a role, then keys, then a sign-in or a
    /// program. The AWS CLI takes a sign-in before keys.
    fn kind(&self, name: &str) -> Kind {
        let has = |key: &str| self.get(name, key).is_some();
        let keys = Kind::Keys {
            temporary: has("aws_session_token"),
        };
        let source = self.get(name, "source_profile");
        let of_itself = source == Some(name) && has("credential_process");
        if has("role_arn") && has("web_identity_token_file") {
            Kind::WebIdentity
        } else if has("role_arn") && !of_itself {
            Kind::Role {
                source: source.map(str::to_owned),
            }
        } else if has("aws_access_key_id") && has("aws_secret_access_key") && !of_itself {
            keys
        } else if has("sso_session") || has("sso_start_url") {
            Kind::SignIn
        } else if has("login_session") {
            Kind::Login
        } else if has("credential_process") {
            Kind::Process
        } else if has("aws_access_key_id") {
            keys
        } else {
            Kind::Settings
        }
    }

    /// The profile at the end of a chain of roles.
    ///
    /// # Errors
    /// Why the chain breaks: a lowercase fragment.
    fn end(&self, name: &str) -> Result<String, String> {
        let mut at = name.to_owned();
        let mut passed = vec![at.clone()];
        loop {
            let Kind::Role { source } = self.kind(&at) else {
                return self.complete(&at).map(|()| at);
            };
            if self.get(&at, "mfa_serial").is_some() {
                return Err(format!(
                    "`{at}` wants the code of a second factor (mfa_serial), which only the AWS CLI asks for"
                ));
            }
            let machine = self.get(&at, "credential_source");
            if machine.is_some() && source.is_some() {
                return Err(format!(
                    "`{at}` has both source_profile and credential_source"
                ));
            }
            let Some(source) = source else {
                return match machine {
                    Some(_) => Ok(at),
                    None => Err(format!(
                        "`{at}` has a role and neither source_profile nor credential_source"
                    )),
                };
            };
            if source == at && self.get(&at, "aws_access_key_id").is_some() {
                return Ok(at);
            }
            if passed.contains(&source) || passed.len() > CHAIN_LIMIT {
                return Err(format!(
                    "source_profile leads in a circle, from `{at}` back to `{source}`"
                ));
            }
            if !self.exists(&source) {
                return Err(format!(
                    "`{at}` has source_profile = {source}, and there is no such profile"
                ));
            }
            passed.push(source.clone());
            at = source;
        }
    }

    fn complete(&self, name: &str) -> Result<(), String> {
        let lacks = |keys: &[&'static str]| {
            let missing: Vec<_> = keys
                .iter()
                .filter(|key| self.get(name, key).is_none())
                .copied()
                .collect();
            if missing.is_empty() {
                return Ok(());
            }
            Err(format!("`{name}` lacks {}", missing.join(" and ")))
        };
        match self.kind(name) {
            Kind::Keys { .. } => lacks(&["aws_secret_access_key"]),
            Kind::SignIn => {
                lacks(&["sso_account_id", "sso_role_name"])?;
                let Some(named) = self.get(name, "sso_session") else {
                    return lacks(&["sso_region"]);
                };
                let Some(session) = self.sso_session(named) else {
                    return Err(format!("there is no [sso-session {named}]"));
                };
                let wanted = ["sso_start_url", "sso_region"];
                match wanted.iter().find(|key| session.get(key).is_none()) {
                    Some(key) => Err(format!("[sso-session {named}] lacks {key}")),
                    None => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }

    fn sso_session(&self, name: &str) -> Option<&Section> {
        let wanted = format!("sso-session {name}");
        self.config
            .sections
            .iter()
            .rev()
            .find(|section| section.name == wanted)
    }

    /// What the cached session of a profile is filed under: the session's name, or the address.
    fn session_id(&self, name: &str) -> Option<String> {
        let named = self
            .get(name, "sso_session")
            .or_else(|| self.get(name, "sso_start_url"));
        named.map(str::to_owned)
    }
}
