//! What other programs keep, in words that do not depend on whose it is: for `import`, which takes
//! it over. Readers of foreign files fill a [`Holdings`]; they change nothing, bound what they
//! read, and put an entry that makes no sense into [`Holdings::left_out`] with its place.

pub mod variables;

use std::fmt;
use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use crate::secret::Secret;

/// Where something stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// `None`: the environment of this process.
    pub path: Option<PathBuf>,
    /// A key, a line, or the name of a variable; empty for the whole file.
    pub at: String,
}

impl Place {
    #[must_use]
    pub fn file(path: &Path) -> Self {
        Self::key(path, String::new())
    }

    #[must_use]
    pub fn key(path: &Path, key: impl Into<String>) -> Self {
        Self {
            path: Some(path.to_owned()),
            at: key.into(),
        }
    }

    /// A line, from 1.
    #[must_use]
    pub fn line(path: &Path, line: usize) -> Self {
        Self::key(path, format!("line {line}"))
    }

    #[must_use]
    pub fn variable(name: &str) -> Self {
        Self {
            path: None,
            at: name.to_owned(),
        }
    }
}

/// A secret, or where it stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Plain(Secret),
    /// `{source, provider, id}`
    Reference {
        source: String,
        provider: String,
        id: String,
    },
}

/// A credential that another program keeps.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// The agent it belongs to, for a program that has some.
    pub agent: Option<String>,
    /// What it is called there.
    pub name: String,
    /// What it could be called here: a provider and a name, which need not be allowed.
    pub wanted: (String, String),
    pub provider: String,
    pub what: What,
    /// The host it is used with, where that is not the provider's own.
    pub base_url: Option<String>,
    /// Whose it is.
    pub email: Option<String>,
    /// Milliseconds since 1970.
    pub created: Option<i64>,
    pub place: Place,
    /// What is worth knowing of it: sentences.
    pub remarks: Vec<String>,
}

impl Kept {
    /// One that has nothing but what every credential has.
    #[must_use]
    pub fn new(wanted: (&str, &str), what: What, place: Place) -> Self {
        let (provider, name) = wanted;
        Self {
            agent: None,
            name: format!("{provider}:{name}"),
            wanted: (provider.to_owned(), name.to_owned()),
            provider: provider.to_owned(),
            what,
            base_url: None,
            email: None,
            created: None,
            place,
            remarks: Vec::new(),
        }
    }
}

/// Kinds of credential.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    ApiKey(Value),
    /// A subscription token.
    Token {
        value: Value,
        /// Milliseconds since 1970.
        expires: Option<i64>,
    },
    /// A login of Claude Code, by its folder; `None` stands for the usual one.
    Login {
        config_dir: Option<PathBuf>,
    },
    AwsKeys {
        id: String,
        secret: Value,
        session: Option<Secret>,
        region: Option<String>,
        model: Option<String>,
    },
    /// A Bedrock API key.
    AwsBearer {
        value: Value,
        region: Option<String>,
    },
    /// A profile of the AWS CLI.
    AwsProfile {
        name: String,
        region: Option<String>,
    },
}

/// Which profiles come first for a provider.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// `None`: every agent that has none of its own.
    pub agent: Option<String>,
    pub provider: String,
    /// As they are called there.
    pub names: Vec<String>,
    pub place: Place,
}

/// A value of a configuration that means the same in ours.
#[derive(Clone, PartialEq)]
pub struct Setting {
    pub path: Vec<String>,
    /// A text is never a secret; an object may hold one.
    pub value: Json,
    pub place: Place,
}

/// Without the value, which may hold a secret.
impl fmt::Debug for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Setting")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

/// Something that is not taken over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    pub place: Place,
    /// A lowercase fragment that fits after "left out: ".
    pub why: String,
    /// What to do about it: a sentence, or a command in backquotes in one.
    pub advice: Option<String>,
}

/// Everything that one program keeps.
#[derive(Clone, Debug, Default)]
pub struct Holdings {
    /// Where it was looked for; empty for the environment.
    pub folder: PathBuf,
    /// Something of that program is here.
    pub is_there: bool,
    pub credentials: Vec<Kept>,
    pub orders: Vec<Order>,
    pub settings: Vec<Setting>,
    pub left_out: Vec<LeftOut>,
}

impl Holdings {
    /// Notes that something is left out.
    pub fn leave_out(&mut self, place: Place, why: impl Into<String>) {
        self.left_out.push(LeftOut {
            place,
            why: why.into(),
            advice: None,
        });
    }

    /// As [`Holdings::leave_out`], with what to do.
    pub fn leave_out_with(
        &mut self,
        place: Place,
        why: impl Into<String>,
        advice: impl Into<String>,
    ) {
        self.left_out.push(LeftOut {
            place,
            why: why.into(),
            advice: Some(advice.into()),
        });
    }
}
