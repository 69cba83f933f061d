//! The AWS CLI and the AWS SDKs: what they take as credentials, and what this machine has for them.
//! Everything here reads; nothing is written, refreshed or fetched.
//!
//! | file | what |
//! |---|---|
//! | `chain` | what the AWS CLI asks for a credential, one after the other, and which one it takes |
//! | `profiles` | the profiles of `~/.aws/config` and `~/.aws/credentials`, and where each leads |
//! | `sign_in` | the cached sessions of single sign-on: when they end |
//! | `kept` | the profiles that can be taken over, for `import` |
//! | `region` | which region is set, and where |

pub mod chain;
mod kept;
pub mod profiles;
pub mod region;
pub mod sign_in;

use std::path::PathBuf;

use jiff::Timestamp;

use super::Consumer;
use crate::secret::Secret;
use crate::system::{Environment, System};
use crate::variables;
pub use kept::kept;
use profiles::Profile;

pub const CONSUMER: Consumer = Consumer {
    id: "aws",
    name: "the AWS CLI",
    programs: &["aws"],
    variables: &[
        VARIABLES,
        super::claude_code::VARIABLES,
        super::anthropic_sdk::VARIABLES,
    ],
    takes_subscription: false,
};

/// What the SDKs read as credentials or as the choice of one.
/// Source: the AWS SDKs and Tools reference guide.
pub const VARIABLES: &[&str] = &[
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_BEARER_TOKEN_BEDROCK",
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
];

/// What this machine has for AWS, as its environment and files say.
#[derive(Clone, Debug)]
pub struct Aws {
    pub places: Places,
    /// By name, each once.
    pub profiles: Vec<Profile>,
    /// Lines of the two files that mean nothing.
    pub strange: Vec<(PathBuf, usize)>,
    /// A file that is there and cannot be read, and why.
    pub unreadable: Vec<(PathBuf, String)>,
    pub keys: Option<Keys>,
    /// `AWS_BEARER_TOKEN_BEDROCK`
    pub bearer: Option<Secret>,
    /// `AWS_PROFILE`, else `AWS_DEFAULT_PROFILE`.
    pub named_profile: Option<String>,
    /// A role is given to a container or to a pod by variables.
    pub container: bool,
    pub web_identity: bool,
    /// `AWS_EC2_METADATA_DISABLED`
    pub no_metadata: bool,
}

/// Where the files are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    pub config: Option<PathBuf>,
    pub credentials: Option<PathBuf>,
    /// The folder of cached sessions.
    pub sso_cache: Option<PathBuf>,
}

/// An access key of the environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keys {
    pub id: String,
    pub secret: Option<Secret>,
    pub session: Option<Secret>,
}

/// What the SDKs' default chain takes first, as far as the environment and the files say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum First<'a> {
    /// `AWS_ACCESS_KEY_ID` with its secret.
    Environment,
    Profile(&'a Profile),
    WebIdentity,
    Container,
    /// The machine's own role, if it is one of Amazon's.
    Metadata,
    Nothing,
}

impl Places {
    #[must_use]
    pub fn of(environment: &Environment) -> Self {
        let home = environment.home();
        let below = |path: &str| home.as_ref().map(|home| home.join(".aws").join(path));
        // A `~` that no shell has put a home in its place, as the SDKs read it.
        let set = |name: &str| {
            let path = environment.path(name)?;
            match (path.strip_prefix("~"), &home) {
                (Ok(rest), Some(home)) => Some(home.join(rest)),
                _ => Some(path),
            }
        };
        Self {
            config: set(variables::AWS_CONFIG_FILE).or_else(|| below("config")),
            credentials: set(variables::AWS_SHARED_CREDENTIALS_FILE)
                .or_else(|| below("credentials")),
            sso_cache: below("sso/cache"),
        }
    }
}

impl Aws {
    /// The profile of that name.
    #[must_use]
    pub fn profile(&self, name: &str) -> Option<&Profile> {
        self.profiles.iter().find(|profile| profile.name == name)
    }

    /// What the default chain takes first.
    #[must_use]
    pub fn first(&self) -> First<'_> {
        if self.keys.as_ref().is_some_and(|keys| keys.secret.is_some()) {
            return First::Environment;
        }
        let name = self.named_profile.as_deref().unwrap_or("default");
        match self.profile(name) {
            Some(profile) if !profile.leads_nowhere() => First::Profile(profile),
            _ if self.web_identity => First::WebIdentity,
            _ if self.container => First::Container,
            _ if self.no_metadata => First::Nothing,
            _ => First::Metadata,
        }
    }
}

/// Looks at the environment and the files.
#[must_use]
pub fn look(system: &System, now: Timestamp) -> Aws {
    let environment = &system.environment;
    let places = Places::of(environment);
    let get = |name: &str| {
        environment
            .get(name)
            .map(str::trim)
            .filter(|text| !text.is_empty())
    };
    let secret = |name: &str| get(name).map(Secret::new);
    let keys = get("AWS_ACCESS_KEY_ID").map(|id| Keys {
        id: id.to_owned(),
        secret: secret("AWS_SECRET_ACCESS_KEY"),
        session: secret("AWS_SESSION_TOKEN").or_else(|| secret("AWS_SECURITY_TOKEN")),
    });
    let mut aws = Aws {
        keys,
        bearer: secret("AWS_BEARER_TOKEN_BEDROCK"),
        named_profile: get("AWS_PROFILE")
            .or_else(|| get("AWS_DEFAULT_PROFILE"))
            .map(str::to_owned),
        container: get("AWS_CONTAINER_CREDENTIALS_FULL_URI").is_some()
            || get("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI").is_some(),
        web_identity: get("AWS_WEB_IDENTITY_TOKEN_FILE").is_some() && get("AWS_ROLE_ARN").is_some(),
        no_metadata: get("AWS_EC2_METADATA_DISABLED")
            .is_some_and(|value| value.eq_ignore_ascii_case("true")),
        profiles: Vec::new(),
        strange: Vec::new(),
        unreadable: Vec::new(),
        places,
    };
    profiles::read(system, &mut aws, now);
    aws
}

#[cfg(test)]
mod tests;
