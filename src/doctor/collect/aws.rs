//! What this machine has for Amazon Bedrock. Unless Bedrock is in use, nothing is read beyond the
//! environment, the store and Claude Code's settings, and of the AWS CLI's files who may read them.

use std::path::Path;

use jiff::{SignedDuration, Timestamp};

use super::Request;
use super::aws_files;
use super::aws_keys::{bearer, credential, pair};
use super::aws_variables::{
    BEARER, ENVIRONMENT, KEY_ID, PROFILE, SECRET_KEY, SESSION, SWITCH, Variables,
};
use super::stored;
use crate::consumer::aws::profiles::{Kind, Profile};
use crate::consumer::aws::sign_in::Session;
use crate::consumer::aws::{self as consumer, First, region};
use crate::consumer::claude_code::outranks::is_on;
use crate::doctor::facts::{Aws, AwsCredential, AwsKind, ProfileProblem, Region, SignOn, Use};
use crate::provider::bedrock::{self, Access};
use crate::secret::Secret;
use crate::store::Credential;
use crate::store::aws::{AwsAccess, Method};
use crate::store::select::Candidate;
use crate::store::sources::Sources;
use crate::system::{Environment, System};

/// Names the model for Claude Code.
const MODEL: &str = "ANTHROPIC_MODEL";
/// The region that Claude Code takes when none is set.
pub const DEFAULT_REGION: &str = "us-east-1";

/// What was found, and what it can be tried with.
#[derive(Default)]
pub struct Found {
    pub facts: Aws,
    /// The stored profile that was looked at, where its secret is elsewhere.
    pub asked: Option<Box<Candidate>>,
    /// What is at hand.
    pub access: Option<Access>,
    /// What the AWS SDK can resolve without writing a file or starting a program.
    pub resolvable: Option<Resolvable>,
    pub model: Option<String>,
    /// The AWS profile that is taken.
    pub profile: Option<String>,
}

impl Found {
    /// The stored profile that is tried.
    pub fn stored(&self) -> Option<&str> {
        let first = self.facts.in_use.first()?;
        (first.place == "profile").then_some(first.name.as_str())
    }
}

/// What the SDK is asked for, in which environment.
pub struct Resolvable {
    /// `None` for the default chain.
    pub profile: Option<String>,
    pub environment: Environment,
}

/// Looks at what there is for Bedrock, in the environment as Claude Code would see it.
#[must_use]
pub fn collect(system: &System, request: &Request, sources: Option<&Sources>) -> Found {
    let variables = Variables::read(system);
    let stored = sources.and_then(|sources| stored::of_bedrock(system, request, sources));
    let mut found = Found {
        asked: stored
            .clone()
            .filter(|one| one.reference.is_some())
            .map(Box::new),
        ..Found::default()
    };
    found.facts.in_use = uses(&variables, stored.as_ref().map(Candidate::name));
    found.facts.files = aws_files::collect(&variables);
    let Some(first) = found.facts.in_use.first() else {
        return found;
    };
    let first_is_stored = first.place == "profile";
    let first = stored.as_ref().filter(|_| first_is_stored);
    fill(&mut found, &variables, first);
    // A switch in the environment does not say whose credential is meant.
    if !first_is_stored && stored.is_some() && found.facts.is_without_credential() {
        fill(&mut found, &variables, stored.as_ref());
    }
    found
}

/// The same for one stored profile, whatever else is in use here.
#[must_use]
pub fn pinned(system: &System, profile: &Candidate) -> Found {
    let mut found = Found::default();
    found.facts.in_use = vec![Use {
        name: profile.name().to_owned(),
        place: "profile".to_owned(),
    }];
    fill(&mut found, &Variables::read(system), Some(profile));
    found
}

fn fill(found: &mut Found, variables: &Variables<'_>, stored: Option<&Candidate>) {
    let system = variables.system;
    let stored = stored.and_then(|chosen| Some((chosen, access(chosen)?)));
    let overlaid = System::with_environment(variables.overlaid());
    let machine = consumer::look(&overlaid, system.clock.now());
    found.model = variables.plain(MODEL);
    let named = variables.get(MODEL);
    found.facts.model_of_environment = named.is_some_and(|(_, place)| place == ENVIRONMENT);
    match stored {
        Some((chosen, access)) => of_store(found, variables, chosen, access, &machine),
        None => of_environment(found, variables, &machine, true),
    }
    let profile = stored.and_then(|(_, access)| access.profile.as_deref());
    let set =
        region::look(&overlaid.environment, &machine, profile).map(|set| (set.region, set.place));
    let own = stored.and_then(|(chosen, access)| {
        let place = format!("profile {}", chosen.name());
        Some((access.region.clone()?, place))
    });
    found.facts.region = own.or(set).map(|(value, source)| Region {
        well_formed: bedrock::Region::parse(&value).is_ok(),
        listed: bedrock::Region::parse(&value).is_ok_and(|region| region.is_known()),
        value,
        source,
    });
}

pub fn access(candidate: &Candidate) -> Option<&AwsAccess> {
    match &candidate.whole {
        Some(Credential::Aws(access)) => Some(access),
        _ => None,
    }
}

/// Every sign that Bedrock is in use.
fn uses(variables: &Variables<'_>, stored: Option<&str>) -> Vec<Use> {
    let switch = variables.get(SWITCH).filter(|(value, _)| is_on(value));
    let set = [(SWITCH, switch), (BEARER, variables.get(BEARER))];
    let set = set.into_iter().filter_map(|(name, set)| {
        Some(Use {
            name: name.to_owned(),
            place: set?.1,
        })
    });
    let stored = stored.map(|id| Use {
        name: id.to_owned(),
        place: "profile".to_owned(),
    });
    set.chain(stored).collect()
}

fn of_store(
    found: &mut Found,
    variables: &Variables<'_>,
    chosen: &Candidate,
    access: &AwsAccess,
    machine: &consumer::Aws,
) {
    if access.model.is_some() {
        found.model.clone_from(&access.model);
        found.facts.model_of_environment = false;
    }
    found.facts.obstacle = chosen.obstacle();
    if found.facts.obstacle.is_some() || chosen.is_not_asked() {
        return;
    }
    let place = format!("profile {}", chosen.name());
    let secret = chosen.secret.clone();
    match access.method {
        Some(Method::AccessKeys) => {
            let key = access.access_key_id.as_deref().map(Secret::new);
            let session = access.session_token.clone();
            pair(found, &place, [key, secret, session]);
        }
        Some(Method::Bearer) => {
            if let Some(token) = secret {
                bearer(found, chosen.name(), &place, token);
            }
        }
        Some(Method::Profile) => {
            let name = access.profile.as_deref().unwrap_or("default");
            profile(found, variables, machine, name, &place);
        }
        Some(Method::Chain) => of_environment(found, variables, machine, false),
        None => {}
    }
}

/// The order of Claude Code: a bearer key, the profile that is named, access keys, and then what
/// AWS's default chain takes. Source: what 2.1.197 and 2.1.329 sign their requests with.
fn of_environment(
    found: &mut Found,
    variables: &Variables<'_>,
    machine: &consumer::Aws,
    with_bearer: bool,
) {
    let keys = [KEY_ID, SECRET_KEY, SESSION].map(|name| variables.get(name));
    if let Some((token, place)) = variables.get(BEARER).filter(|_| with_bearer) {
        bearer(found, BEARER, &place, token);
        return left_aside(found, &keys);
    }
    let named = machine.named_profile.as_deref();
    if let (Some(name), Some((_, place))) = (named, variables.get(PROFILE)) {
        profile(found, variables, machine, name, PROFILE);
        if place != ENVIRONMENT
            && let Some(profile) = found.facts.credentials.last_mut()
        {
            profile.place = format!("{}, named in {place}", profile.place);
        }
        return left_aside(found, &keys);
    }
    if let Some((_, place)) = keys[0].as_ref().or(keys[1].as_ref()) {
        let place = place.clone();
        return pair(found, &place, keys.map(|set| set.map(|(value, _)| value)));
    }
    if let Some(name) = named {
        return profile(found, variables, machine, name, "AWS_DEFAULT_PROFILE");
    }
    let (words, locator) = match machine.first() {
        First::Profile(default) => {
            let name = default.name.clone();
            return profile(found, variables, machine, &name, "the default profile");
        }
        First::WebIdentity => ("the role of a workload", "AWS_WEB_IDENTITY_TOKEN_FILE"),
        First::Container => (
            "the role of a container",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        ),
        First::Metadata if on_an_instance(variables.system) => {
            ("the role of this instance", VENDOR)
        }
        First::Environment => return,
        // What cannot be read may hold the credential.
        First::Metadata | First::Nothing => {
            let problem = usable(machine, "default", "~/.aws").err();
            let problem = problem.filter(|_| !machine.unreadable.is_empty());
            return found.facts.profile_problems.extend(problem);
        }
    };
    found.facts.credentials.push(AwsCredential {
        kind: AwsKind::Role,
        place: words.to_owned(),
        locator: locator.to_owned(),
    });
    found.resolvable = Some(Resolvable {
        profile: None,
        environment: variables.overlaid(),
    });
}

/// Whole keys behind something that is taken before them.
fn left_aside(found: &mut Found, keys: &[Option<(Secret, String)>; 3]) {
    if let [Some((_, place)), Some(_), _] = keys {
        let keys = credential(AwsKind::Keys, KEY_ID, place);
        found.facts.credentials.push(keys);
    }
}

const VENDOR: &str = "/sys/class/dmi/id/sys_vendor";

/// Told by the firmware; the instance is not asked.
fn on_an_instance(system: &System) -> bool {
    let text = system.files.read_text(Path::new(VENDOR), 4096);
    matches!(text, Ok(Some(text)) if text.starts_with("Amazon"))
}

/// A profile of `~/.aws`, and what is wrong with it.
fn profile(
    all: &mut Found,
    variables: &Variables<'_>,
    machine: &consumer::Aws,
    name: &str,
    named_by: &str,
) {
    let facts = &mut all.facts;
    let found = match usable(machine, name, named_by) {
        Ok(found) => found,
        Err(problem) => return facts.profile_problems.push(problem),
    };
    all.profile = Some(name.to_owned());
    let places = &machine.places;
    let config = shown(places.config.as_deref());
    facts.credentials.push(AwsCredential {
        kind: AwsKind::Profile,
        place: format!("the AWS profile {name} ({})", found.kind.words()),
        locator: config,
    });
    facts.sign_on = found.session.as_ref().map(|session| SignOn {
        profile: found.signs_in.clone().unwrap_or_else(|| name.to_owned()),
        path: shown(places.sso_cache.as_deref()),
        expires: match session {
            Session::Valid { until } => Some(*until),
            Session::Expired { at } => Some(*at),
            Session::Renewable | Session::Missing => None,
        },
        renewable: *session == Session::Renewable,
    });
    if harmless(machine, found, variables.system.clock.now()) {
        all.resolvable = Some(Resolvable {
            profile: Some(name.to_owned()),
            environment: variables.overlaid(),
        });
    }
}

fn shown(path: Option<&Path>) -> String {
    path.map_or_else(|| "~/.aws".to_owned(), |path| path.display().to_string())
}

/// The profile of that name, when it leads to a credential.
fn usable<'a>(
    machine: &'a consumer::Aws,
    name: &str,
    named_by: &str,
) -> Result<&'a Profile, ProfileProblem> {
    let problem = |locator: String, words: String| ProfileProblem {
        profile: name.to_owned(),
        locator,
        words,
        known: Vec::new(),
    };
    if let Some((path, why)) = machine.unreadable.first() {
        let words = format!("cannot be read: {why}");
        return Err(problem(path.display().to_string(), words));
    }
    let Some(found) = machine.profile(name) else {
        let known = machine.profiles.iter().map(|profile| profile.name.clone());
        return Err(ProfileProblem {
            known: known.collect(),
            ..problem(named_by.to_owned(), "is not there".to_owned())
        });
    };
    let config = shown(machine.places.config.as_deref());
    match &found.problem {
        Some(why) => Err(problem(config, format!("leads nowhere: {why}"))),
        None if found.leads_nowhere() => {
            let words = "holds settings and no credential".to_owned();
            Err(problem(config, words))
        }
        None => Ok(found),
    }
}

/// The SDK starts no program for it, and renews no session, which would rewrite its cache.
fn harmless(machine: &consumer::Aws, profile: &Profile, now: Timestamp) -> bool {
    const SPARE: SignedDuration = SignedDuration::from_mins(15);
    let open = match &profile.session {
        Some(Session::Valid { until }) => until.duration_since(now) > SPARE,
        Some(_) => false,
        None => true,
    };
    open && match &profile.kind {
        Kind::Keys { .. } | Kind::SignIn | Kind::WebIdentity => true,
        Kind::Role { source: None } => true,
        Kind::Role {
            source: Some(source),
        } if *source == profile.name => true,
        Kind::Role {
            source: Some(source),
        } => machine
            .profile(source)
            .is_some_and(|source| harmless(machine, source, now)),
        Kind::Process | Kind::Login | Kind::Settings => false,
    }
}
