//! What the AWS CLI asks for a credential here, one after the other, as its own library (botocore)
//! has it. The first that is there is taken, whether or not it works: nothing is tried in its
//! place. Read from the environment and the files; nothing is started, sent or renewed.
//!
//! Source: `create_credential_resolver` of botocore 1.44, which the tests of real programs compare
//! this with, and of the AWS CLI 2.

mod seek;

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::profiles::Both;
use crate::system::{Environment, System};
use seek::Seeker;

/// The chain, and what decides on it.
#[derive(Clone, Debug)]
pub struct Chain {
    /// Those that are there, in the order in which they are asked.
    pub links: Vec<Link>,
    /// Why the AWS CLI ends before it asks any: a sentence without its period.
    pub fault: Option<String>,
    /// The profile that is looked at.
    pub profile: String,
    /// The variables that name a profile, the one that counts first.
    pub named_by: Vec<(&'static str, String)>,
    /// The other profiles that lead to a credential.
    pub others: Vec<String>,
    /// The variables that set a region, the one that counts first.
    pub regions: Vec<(&'static str, String)>,
    /// The region of the profile, and where it stands.
    pub profile_region: Option<(String, Place)>,
    /// The machine is one of Amazon's.
    pub on_instance: bool,
}

/// A source of credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub kind: Kind,
    pub place: Place,
    /// Masked, or what can be said in its place.
    pub value: Option<String>,
    /// Why it leads to no credential: a fragment.
    pub obstacle: Option<String>,
    /// What mends that: a sentence, or a line in backticks.
    pub mend: Option<String>,
    /// It is passed over because of its obstacle; any other obstacle ends the chain.
    pub passed_over: bool,
    /// The twelve digits of the account that pays, where they are told.
    pub account: Option<String>,
}

/// What a source is. The order is that of the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// `AWS_BEARER_TOKEN_BEDROCK`, for Bedrock alone.
    Bearer,
    /// An access key of the environment.
    Keys,
    /// A role that the profile names.
    Role,
    /// A role, by a token in a file.
    WebIdentity,
    SignIn,
    /// An access key in the credentials file.
    SharedKeys,
    /// `aws login`
    Login,
    Process,
    /// An access key in the config file.
    ConfigKeys,
    Container,
    /// The role of the instance.
    Instance,
}

impl Kind {
    /// In a few words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Bearer => "Bedrock API key",
            Self::Keys | Self::SharedKeys | Self::ConfigKeys => "access key",
            Self::Role => "role",
            Self::WebIdentity => "role by web identity",
            Self::SignIn => "single sign-on",
            Self::Login => "aws login",
            Self::Process => "credential_process",
            Self::Container => "role of the container",
            Self::Instance => "role of the instance",
        }
    }
}

/// Where a source is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Variable(&'static str),
    /// A key of a profile; the line is that of the profile's head.
    Setting {
        path: PathBuf,
        line: usize,
        key: &'static str,
    },
    /// The machine itself.
    Machine,
}

const VENDOR: &str = "/sys/class/dmi/id/sys_vendor";

/// Looks at what the AWS CLI would ask here at `now`.
#[must_use]
pub fn look(system: &System, now: Timestamp) -> Chain {
    let aws = super::look(system, now);
    let environment = &system.environment;
    let both = Both::read(system, &aws.places);
    let named_by = set(environment, ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"]);
    let profile = named_by
        .first()
        .map_or_else(|| "default".to_owned(), |(_, name)| name.clone());
    let seeker = Seeker {
        system,
        now,
        aws: &aws,
        both: &both,
        profile: &profile,
    };
    let on_instance = on_an_instance(system);
    let mut links = seeker.links();
    links.extend(on_instance.then(|| seeker.instance()));
    let others = aws.profiles.iter();
    let others = others.filter(|other| other.name != profile && !other.leads_nowhere());
    Chain {
        fault: seeker.fault(named_by.first().map(|(name, _)| *name)),
        others: others.map(|other| other.name.clone()).collect(),
        regions: set(environment, ["AWS_REGION", "AWS_DEFAULT_REGION"])
            .into_iter()
            .filter(|(_, region)| !region.is_empty())
            .collect(),
        profile_region: seeker
            .both
            .get(&profile, "region")
            .map(|region| (region.to_owned(), seeker.at("region"))),
        links,
        profile,
        named_by,
        on_instance,
    }
}

impl Chain {
    /// The one that is asked and decides, also when it does not work; `None` when nothing is there.
    #[must_use]
    pub fn taken(&self) -> Option<&Link> {
        self.links.iter().find(|link| !link.passed_over)
    }

    /// The region, and where it comes from.
    #[must_use]
    pub fn region(&self) -> Option<(&str, Place)> {
        let variable = self.regions.first();
        let variable = variable.map(|(name, value)| (value.as_str(), Place::Variable(name)));
        let profile = self.profile_region.as_ref();
        variable.or_else(|| profile.map(|(value, place)| (value.as_str(), place.clone())))
    }
}

/// Told by the firmware; the instance is not asked.
#[must_use]
pub fn on_an_instance(system: &System) -> bool {
    let text = system.files.read_text(Path::new(VENDOR), 4096);
    matches!(text, Ok(Some(text)) if text.starts_with("Amazon"))
}

/// Those of the variables that are set; botocore takes one that is set to nothing for one.
fn set(environment: &Environment, names: [&'static str; 2]) -> Vec<(&'static str, String)> {
    let value = |name: &'static str| {
        let value = environment.raw(name)?.to_string_lossy().into_owned();
        Some((name, value))
    };
    names.into_iter().filter_map(value).collect()
}
