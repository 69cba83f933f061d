//! Finds each of the chain's links.

use std::path::Path;

use jiff::Timestamp;

use super::{Kind, Link, Place};
use crate::consumer::aws::Aws;
use crate::consumer::aws::profiles::{Both, Kind as ProfileKind};
use crate::consumer::aws::sign_in::{self, Session};
use crate::provider::bedrock::shape::{self, Form};
use crate::secret::Secret;
use crate::system::System;

const KEY_ID: &str = "AWS_ACCESS_KEY_ID";
const SECRET_KEY: &str = "AWS_SECRET_ACCESS_KEY";
const BEARER: &str = "AWS_BEARER_TOKEN_BEDROCK";
const TOKEN_FILE: &str = "AWS_WEB_IDENTITY_TOKEN_FILE";
const ROLE: &str = "AWS_ROLE_ARN";
const CONTAINER: &[&str] = &[
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
];
/// Where they are sought.
pub(super) struct Seeker<'a> {
    pub system: &'a System,
    pub now: Timestamp,
    pub aws: &'a Aws,
    pub both: &'a Both,
    pub profile: &'a str,
}

impl Link {
    fn new(kind: Kind, place: Place) -> Self {
        Self {
            kind,
            place,
            value: None,
            obstacle: None,
            mend: None,
            passed_over: false,
            account: None,
        }
    }

    fn value(mut self, value: impl Into<String>) -> Self {
        self.value = Some(value.into());
        self
    }

    fn blocked(mut self, obstacle: impl Into<String>, mend: impl Into<String>) -> Self {
        self.obstacle = Some(obstacle.into());
        self.mend = Some(mend.into());
        self
    }
}

impl Seeker<'_> {
    /// What ends the AWS CLI before it looks for a credential.
    pub fn fault(&self, named_by: Option<&str>) -> Option<String> {
        if let Some((path, why)) = self.aws.unreadable.first() {
            return Some(format!("{} cannot be read: {why}", path.display()));
        }
        if let Some((path, line)) = self.aws.strange.first() {
            return Some(format!("{}:{line} means nothing to it", path.display()));
        }
        let name = named_by.filter(|_| self.aws.profile(self.profile).is_none())?;
        if self.profile.is_empty() {
            return Some(format!(
                "{name} is set to nothing, and it looks for a profile without a name"
            ));
        }
        Some(format!(
            "{name} names the profile {}, which is not there",
            self.profile
        ))
    }

    fn variable(&self, name: &str) -> Option<&str> {
        self.system.environment.get(name)
    }

    /// Those of the environment and of the profile, in the order of the chain.
    pub fn links(&self) -> Vec<Link> {
        let of_environment = [
            self.bearer(),
            self.keys(),
            self.web_identity(),
            self.container(),
        ];
        let mut links: Vec<Link> = of_environment.into_iter().flatten().collect();
        links.extend(self.of_profile());
        links.sort_by_key(|link| link.kind);
        links
    }

    fn bearer(&self) -> Option<Link> {
        let raw = self.system.environment.raw(BEARER)?;
        let token = Secret::new(raw.to_string_lossy());
        let link = Link::new(Kind::Bearer, Place::Variable(BEARER));
        if token.is_empty() {
            let why = "it is set to nothing, and the AWS CLI sends that";
            return Some(link.blocked(why, format!("Unset {BEARER}.")));
        }
        let link = link.value(token.mask());
        Some(match shape::bearer_expires(&token) {
            Some(end) if end <= self.now => link.blocked(
                format!("it ended on {}", end.strftime("%Y-%m-%d")),
                "Make a new Bedrock API key.",
            ),
            _ => link,
        })
    }

    fn keys(&self) -> Option<Link> {
        let secret = self.variable(SECRET_KEY).is_some();
        let Some(id) = self.variable(KEY_ID) else {
            return secret.then(|| Link {
                passed_over: true,
                ..Link::new(Kind::Keys, Place::Variable(SECRET_KEY)).blocked(
                    format!("{KEY_ID} is not set"),
                    format!("Set {KEY_ID} beside it."),
                )
            });
        };
        let link = Link::new(Kind::Keys, Place::Variable(KEY_ID)).value(shown_id(id));
        let session =
            ["AWS_SECURITY_TOKEN", "AWS_SESSION_TOKEN"].map(|name| self.variable(name).is_some());
        Some(if !secret {
            link.blocked(
                format!("{SECRET_KEY} is not set"),
                format!("Set {SECRET_KEY} beside it."),
            )
        } else if shape::access_key_id(id) == Form::Temporary && session == [false, false] {
            link.blocked(
                "it is a temporary key, and AWS_SESSION_TOKEN is not set",
                "Set AWS_SESSION_TOKEN beside it.",
            )
        } else {
            link
        })
    }

    fn web_identity(&self) -> Option<Link> {
        let variable = self.variable(TOKEN_FILE);
        let setting = self.both.get(self.profile, "web_identity_token_file");
        let file = variable.or(setting)?;
        let role = self
            .variable(ROLE)
            .or_else(|| self.both.get(self.profile, "role_arn"));
        let place = match variable {
            Some(_) => Place::Variable(TOKEN_FILE),
            None => self.at("web_identity_token_file"),
        };
        let link = Link::new(Kind::WebIdentity, place);
        let Some(role) = role else {
            let mend = format!("Set {ROLE} beside it.");
            return Some(link.blocked("no role is named for it", mend));
        };
        let link = Link {
            account: account(role),
            ..link.value(role_name(role))
        };
        let there = self.system.files.followed_entry(Path::new(file));
        Some(match there {
            Ok(Some(_)) => link,
            _ => link.blocked(
                // What stands in the place of its path may be the token itself.
                "the token file is not there",
                format!("Unset {TOKEN_FILE}, or have the token file mounted."),
            ),
        })
    }

    fn container(&self) -> Option<Link> {
        let environment = &self.system.environment;
        let name = CONTAINER
            .iter()
            .find(|name| environment.raw(name).is_some())?;
        let link = Link::new(Kind::Container, Place::Variable(name));
        Some(match environment.get(name) {
            Some(_) => link,
            None => link.blocked("it is set to nothing", format!("Unset {name}.")),
        })
    }

    pub fn instance(&self) -> Link {
        let link = Link::new(Kind::Instance, Place::Machine);
        if self.aws.no_metadata {
            let why = "AWS_EC2_METADATA_DISABLED switches it off";
            return link.blocked(why, "Unset AWS_EC2_METADATA_DISABLED.");
        }
        link
    }

    /// Where the profile sets a key: the credentials file has the last word.
    pub fn at(&self, key: &'static str) -> Place {
        let (config, credentials) = (&self.aws.places.config, &self.aws.places.credentials);
        let section = self.both.section(self.profile, key);
        let (path, line) = section.map_or((config, 0), |(in_credentials, line)| {
            (if in_credentials { credentials } else { config }, line)
        });
        Place::Setting {
            path: path.clone().unwrap_or_default(),
            line,
            key,
        }
    }

    fn of_profile(&self) -> Vec<Link> {
        let get = |key| self.both.get(self.profile, key);
        let has = |key| get(key).is_some();
        let mut links = Vec::new();
        if let Some(role) = get("role_arn").filter(|_| !has("web_identity_token_file")) {
            links.push(self.role(role));
        }
        if has("sso_account_id") || has("sso_role_name") {
            links.push(self.sign_in());
        }
        for (in_credentials, kind) in [(true, Kind::SharedKeys), (false, Kind::ConfigKeys)] {
            links.extend(self.keys_of_file(in_credentials, kind));
        }
        if has("login_session") {
            links.push(Link::new(Kind::Login, self.at("login_session")));
        }
        if let Some(command) = get("credential_process") {
            // Arguments may hold secrets.
            let program = command.split_whitespace().next();
            let program = program.filter(|word| !word.contains('='));
            links.push(Link {
                value: program.map(str::to_owned),
                ..Link::new(Kind::Process, self.at("credential_process"))
            });
        }
        links
    }

    fn role(&self, role: &str) -> Link {
        let get = |key| self.both.get(self.profile, key);
        let source = get("source_profile");
        let link = Link {
            account: account(role),
            ..Link::new(Kind::Role, self.at("role_arn")).value(match source {
                Some(source) => format!("{}, with the profile {source}", role_name(role)),
                None => role_name(role),
            })
        };
        if source.is_some() && get("credential_source").is_some() {
            let why = "it names both source_profile and credential_source";
            return link.blocked(why, "Remove one of the two.");
        }
        let known = self.aws.profile(self.profile);
        if let Some(why) = known.and_then(|profile| profile.problem.clone()) {
            return link.blocked(why, "Mend the profile in `~/.aws/config`.");
        }
        let own = source == Some(self.profile);
        let behind = source
            .filter(|_| !own)
            .and_then(|name| self.aws.profile(name));
        match behind {
            Some(behind) if behind.kind == ProfileKind::Settings => link.blocked(
                format!("its source_profile {} holds no credential", behind.name),
                "Name a profile that holds one in source_profile.",
            ),
            Some(behind) if behind.needs_sign_in() => link.blocked(
                format!("the sign-in of its source_profile {} is over", behind.name),
                format!("`aws sso login --profile {}`", behind.name),
            ),
            _ => link,
        }
    }

    fn sign_in(&self) -> Link {
        let get = |key| self.both.get(self.profile, key);
        let account = get("sso_account_id").map(str::to_owned);
        let key = match account {
            Some(_) => "sso_account_id",
            None => "sso_role_name",
        };
        let link = Link {
            account,
            value: get("sso_role_name").map(str::to_owned),
            ..Link::new(Kind::SignIn, self.at(key))
        };
        let session = get("sso_session");
        let section = session.map(|name| self.both.session(name));
        if let (Some(name), Some(None)) = (session, section) {
            let why = format!("there is no [sso-session {name}]");
            return link.blocked(why, "`aws configure sso-session`");
        }
        let of_session = |key: &str| section.flatten().and_then(|section| section.get(key));
        let lacks = |key: &&'static str| get(key).or_else(|| of_session(key)).is_none();
        let needed = [
            "sso_start_url",
            "sso_region",
            "sso_account_id",
            "sso_role_name",
        ];
        let missing: Vec<&str> = needed.into_iter().filter(lacks).collect();
        if !missing.is_empty() {
            let why = format!("it lacks {}", missing.join(" and "));
            return link.blocked(
                why,
                format!("`aws configure sso --profile {}`", self.profile),
            );
        }
        let cached = session.or_else(|| get("sso_start_url")).unwrap_or_default();
        let cached = sign_in::look(self.system, &self.aws.places, cached, self.now);
        let mend = format!("`aws sso login --profile {}`", self.profile);
        match cached {
            Session::Missing => link.blocked("nobody has signed in yet", mend),
            Session::Expired { at } => {
                let why = format!("its sign-in ended on {}", at.strftime("%Y-%m-%d"));
                link.blocked(why, mend)
            }
            Session::Valid { .. } | Session::Renewable => link,
        }
    }

    fn keys_of_file(&self, in_credentials: bool, kind: Kind) -> Option<Link> {
        let get = |key| self.both.get_in(in_credentials, self.profile, key);
        let (id, head) = get("aws_access_key_id")?;
        let places = &self.aws.places;
        let path = if in_credentials {
            &places.credentials
        } else {
            &places.config
        };
        let place = Place::Setting {
            path: path.clone().unwrap_or_default(),
            line: head,
            key: "aws_access_key_id",
        };
        let link = Link::new(kind, place).value(shown_id(id));
        let session = ["aws_security_token", "aws_session_token"].map(|key| get(key).is_some());
        Some(if get("aws_secret_access_key").is_none() {
            let why = "aws_secret_access_key is missing beside it";
            link.blocked(why, format!("`aws configure --profile {}`", self.profile))
        } else if shape::access_key_id(id) == Form::Temporary && session == [false, false] {
            let why = "it is a temporary key, and aws_session_token is missing beside it";
            link.blocked(
                why,
                "Get a new temporary key, and put its session token beside it.",
            )
        } else {
            link
        })
    }
}

/// An access key id is no secret; what stands in its place may be one.
fn shown_id(id: &str) -> String {
    let secret = Secret::new(id);
    if !matches!(shape::access_key_id(id), Form::LongTerm | Form::Temporary) {
        return secret.mask();
    }
    let tail = id.char_indices().rev().nth(3).map_or(0, |(at, _)| at);
    [secret.public_prefix(), "…", &id[tail..]].concat()
}

/// The account of an ARN.
fn account(arn: &str) -> Option<String> {
    let digits = arn.split(':').nth(4)?;
    let whole = digits.len() == 12 && digits.bytes().all(|byte| byte.is_ascii_digit());
    whole.then(|| digits.to_owned())
}

/// `role/dev` of `arn:aws:iam::123456789012:role/dev`.
fn role_name(arn: &str) -> String {
    arn.splitn(6, ':').nth(5).unwrap_or(arn).to_owned()
}
