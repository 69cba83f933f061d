//! Programs that use a credential: which variables each takes, and which others would get in the
//! way. One module each; [`shells`] is for whoever evaluates code, [`openclaw`] and [`cuti`] tell what
//! programs have that are given a credential like any other, and [`kept`] has the words for it.
//!
//! Adding a consumer is one module and one line in [`ALL`].

pub mod anthropic_sdk;
pub mod aws;
pub mod claude_code;
pub mod cuti;
pub mod kept;
pub mod openclaw;
pub mod shells;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::error::{Error, Kind, Result};
use crate::secret::Secret;
use crate::system::Environment;
use crate::variables;

/// Every consumer, the more particular ones first.
pub const ALL: &[&Consumer] = &[
    &claude_code::CONSUMER,
    &aws::CONSUMER,
    &anthropic_sdk::CONSUMER,
];

/// What must be accepted before a subscription credential goes to another program.
pub const ELSEWHERE: &str = "subscription-token-elsewhere";

/// A program that uses credentials.
#[derive(Debug)]
pub struct Consumer {
    /// Its stable name.
    pub id: &'static str,
    /// Its name for people.
    pub name: &'static str,
    /// File names of its program, without what Windows adds to them; none stands for any program.
    pub programs: &'static [&'static str],
    /// Every variable that it takes as a credential or as the choice of one.
    pub variables: &'static [&'static [&'static str]],
    /// Subscription credentials are made for it.
    pub takes_subscription: bool,
}

/// What is handed over.
#[derive(Clone, Debug, PartialEq)]
pub enum Grant {
    ApiKey(Secret),
    /// Made by `claude setup-token`.
    SubscriptionToken(Secret),
    /// A login of Claude Code; `None` stands for its usual folder.
    Login {
        config_dir: Option<PathBuf>,
    },
    Aws(Aws),
}

/// A way to AWS.
#[derive(Clone, Debug, PartialEq)]
pub struct Aws {
    pub by: AwsBy,
    pub region: Option<String>,
    /// The model that is used when none is named.
    pub model: Option<String>,
}

/// What AWS is reached by.
#[derive(Clone, Debug, PartialEq)]
pub enum AwsBy {
    Keys {
        id: String,
        secret: Secret,
        session: Option<Secret>,
    },
    /// A Bedrock API key.
    Bearer(Secret),
    /// A profile of the AWS CLI.
    Profile(String),
    /// Whatever the machine itself has.
    Chain,
}

impl Grant {
    /// It is made for the unmodified `claude` alone.
    #[must_use]
    pub const fn is_subscription(&self) -> bool {
        matches!(self, Self::SubscriptionToken(_) | Self::Login { .. })
    }
}

/// What becomes of an environment: first everything in `unset` goes, then `set` is added.
#[derive(Clone, Debug, PartialEq)]
pub struct Changes {
    pub unset: Vec<&'static str>,
    pub set: Vec<(&'static str, Value)>,
}

/// The value of a variable.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Plain(String),
    Secret(Secret),
}

impl Consumer {
    /// How `grant` reaches this program.
    ///
    /// # Errors
    /// `Usage` for a subscription credential that is not made for this program, unless
    /// `accepted` says that the risk is taken.
    pub fn changes(&self, grant: Grant, accepted: bool) -> Result<Changes> {
        if !self.takes_subscription && !accepted && grant.is_subscription() {
            return Err(Error::usage(format!(
                "a subscription credential is handed to `claude` alone, and this goes to {}",
                self.name
            ))
            .hint(format!(
                "An API key works everywhere. If the provider's terms allow this use, add --accept-risk={ELSEWHERE}."
            )));
        }
        let mut unset = self.credential_variables();
        let set = match grant {
            Grant::ApiKey(key) => vec![(variables::ANTHROPIC_API_KEY, Value::Secret(key))],
            Grant::SubscriptionToken(token) => {
                vec![(variables::CLAUDE_CODE_OAUTH_TOKEN, Value::Secret(token))]
            }
            Grant::Login { config_dir } => {
                unset.push(variables::CLAUDE_CONFIG_DIR);
                let folder = config_dir.map(|folder| folder.display().to_string());
                let folder =
                    folder.map(|folder| (variables::CLAUDE_CONFIG_DIR, Value::Plain(folder)));
                folder.into_iter().collect()
            }
            Grant::Aws(aws) => {
                let own = match aws.by {
                    // What the machine has may stand in any of them, but for the key that
                    // outranks all the others.
                    AwsBy::Chain => &["AWS_BEARER_TOKEN_BEDROCK"][..],
                    _ => aws::VARIABLES,
                };
                unset.extend(own);
                self.aws(aws)
            }
        };
        unset.retain(|name| !set.iter().any(|(other, _)| other == name));
        unset.dedup();
        Ok(Changes { unset, set })
    }

    /// What AWS is reached by, in variables. Claude Code, which any program but the AWS CLI may
    /// start, has to be told that it is Bedrock.
    fn aws(&self, aws: Aws) -> Vec<(&'static str, Value)> {
        let mut set = match aws.by {
            AwsBy::Keys {
                id,
                secret,
                session,
            } => {
                let session = session.map(|token| ("AWS_SESSION_TOKEN", Value::Secret(token)));
                let mut set = vec![
                    ("AWS_ACCESS_KEY_ID", Value::Plain(id)),
                    ("AWS_SECRET_ACCESS_KEY", Value::Secret(secret)),
                ];
                set.extend(session);
                set
            }
            AwsBy::Bearer(key) => vec![("AWS_BEARER_TOKEN_BEDROCK", Value::Secret(key))],
            AwsBy::Profile(name) => vec![("AWS_PROFILE", Value::Plain(name))],
            AwsBy::Chain => Vec::new(),
        };
        // Some programs know the one variable, some the other.
        for name in ["AWS_REGION", "AWS_DEFAULT_REGION"] {
            let region = aws.region.clone();
            set.extend(region.map(|region| (name, Value::Plain(region))));
        }
        if self.id != aws::CONSUMER.id {
            set.push(("CLAUDE_CODE_USE_BEDROCK", Value::Plain("1".to_owned())));
            set.extend(
                aws.model
                    .map(|model| ("ANTHROPIC_MODEL", Value::Plain(model))),
            );
        }
        set
    }

    /// Every variable that it takes as a credential or as the choice of one.
    #[must_use]
    pub fn credential_variables(&self) -> Vec<&'static str> {
        self.variables.concat()
    }
}

impl Changes {
    /// `environment` with the changes made: for the one child that is started to use it.
    ///
    /// # Errors
    /// `MalformedCredential` for a value with a line break or a NUL.
    pub fn applied_to(&self, environment: &Environment) -> Result<Environment> {
        let mut changed = environment.clone();
        for name in &self.unset {
            changed.remove(name);
        }
        for (name, value) in &self.set {
            value.check(name)?;
            changed.set(name, value.through(Secret::for_child));
        }
        Ok(changed)
    }

    /// Sets a variable beside those of the credential.
    pub fn also_set(&mut self, name: &'static str, value: Value) {
        self.unset.retain(|other| *other != name);
        self.set.push((name, value));
    }

    /// Takes a variable away that the caller found unfit.
    pub fn also_unset(&mut self, name: &'static str) {
        if !self.unset.contains(&name) {
            self.unset.push(name);
        }
    }
}

impl Value {
    /// The text, a secret through one of its doors.
    fn through(&self, door: fn(&Secret) -> &str) -> &str {
        match self {
            Self::Plain(text) => text,
            Self::Secret(secret) => door(secret),
        }
    }

    /// # Errors
    /// `MalformedCredential` for a value that an environment or a line of code cannot hold.
    fn check(&self, name: &str) -> Result<()> {
        if self.through(Secret::for_child).contains(['\0', '\r', '\n']) {
            return Err(Error::new(
                Kind::MalformedCredential,
                format!("the value for {name} has a line break or a NUL in it"),
            )
            .hint("Replace it: `keywright onboard --replace`."));
        }
        Ok(())
    }
}

/// The consumer that `program` is; the last one stands for any program.
#[must_use]
pub fn of_program(program: &OsStr) -> &'static Consumer {
    let file = Path::new(program).file_name().and_then(OsStr::to_str);
    let file = file.unwrap_or_default();
    // Windows has these, and the package of npm has the first everywhere. `claude.sh` is another
    // program than `claude`.
    let name = [".exe", ".cmd"]
        .iter()
        .find_map(|end| file.strip_suffix(end));
    let name = name.unwrap_or(file);
    let named =
        |consumer: &&&Consumer| consumer.programs.is_empty() || consumer.programs.contains(&name);
    ALL.iter()
        .find(named)
        .copied()
        .unwrap_or(&anthropic_sdk::CONSUMER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_module_is_registered() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/consumer");
        let mut modules: Vec<String> = std::fs::read_dir(folder)
            .expect("the source")
            .filter_map(|entry| Some(entry.ok()?.path().file_stem()?.to_str()?.to_owned()))
            .filter(|name| !["mod", "shells", "openclaw", "cuti", "kept"].contains(&name.as_str()))
            .collect();
        modules.sort();
        let mut registered: Vec<String> = ALL.iter().map(|c| c.id.replace('-', "_")).collect();
        registered.sort();
        assert_eq!(modules, registered);
        assert!(ALL.last().is_some_and(|last| last.programs.is_empty()));
    }

    #[test]
    fn programs_are_recognised_by_their_file() {
        let check = |program: &str, expected: &str| {
            assert_eq!(of_program(OsStr::new(program)).id, expected, "{program}");
        };
        check("claude", "claude-code");
        check("/home/u/.local/bin/claude", "claude-code");
        check("claude.exe", "claude-code");
        check("claude-wrapper", "anthropic-sdk");
        check("claude.sh", "anthropic-sdk");
        check("./claude.py", "anthropic-sdk");
        check("aws", "aws");
        check("python3", "anthropic-sdk");
        check("", "anthropic-sdk");
    }

    fn key() -> Grant {
        Grant::ApiKey(Secret::new("made-up"))
    }

    #[test]
    fn a_key_wins_over_everything_else() {
        for consumer in ALL {
            let changes = consumer.changes(key(), false).expect("allowed");
            let names: Vec<_> = changes.set.iter().map(|(name, _)| *name).collect();
            assert_eq!(names, ["ANTHROPIC_API_KEY"]);
            let before = Environment::of(
                [
                    ("PATH", "/bin"),
                    ("ANTHROPIC_API_KEY", "other"),
                    ("ANTHROPIC_AUTH_TOKEN", "other"),
                    ("CLAUDE_CODE_OAUTH_TOKEN", "other"),
                    ("CLAUDE_CODE_USE_BEDROCK", "1"),
                    ("KEYWRIGHT_LIVE_ANTHROPIC_KEY", "other"),
                    ("ANTHROPIC_MODEL", "kept"),
                ],
                "/",
            );
            let after = changes.applied_to(&before).expect("a fit value");
            let left: Vec<_> = after
                .iter()
                .map(|(name, value)| format!("{}={}", name.display(), value.display()))
                .collect();
            assert_eq!(
                left,
                [
                    "ANTHROPIC_API_KEY=made-up",
                    "ANTHROPIC_MODEL=kept",
                    "PATH=/bin"
                ],
                "{}",
                consumer.id
            );
        }
    }

    #[test]
    fn a_subscription_goes_to_claude_alone() {
        let grant = Grant::SubscriptionToken(Secret::new("made-up"));
        let own = claude_code::CONSUMER.changes(grant.clone(), false);
        let own = own.expect("made for it");
        assert!(own.unset.contains(&"ANTHROPIC_API_KEY"));
        assert!(!own.unset.contains(&own.set[0].0));
        let refused = anthropic_sdk::CONSUMER
            .changes(grant.clone(), false)
            .expect_err("another program");
        assert_eq!(refused.kind(), Kind::Usage);
        assert!(
            refused
                .hint_text()
                .is_some_and(|hint| hint.contains(ELSEWHERE))
        );
        assert!(anthropic_sdk::CONSUMER.changes(grant, true).is_ok());
    }
}
