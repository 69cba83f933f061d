//! The closed lists: everything that a flow file may name. A flow decides where a secret goes, so
//! addresses, programs and files are named here and nowhere else.

use crate::exit::Exit;
use crate::provider::anthropic::endpoint::Endpoint;
use crate::provider::anthropic::shape::{self, Severity};
use crate::secret::Secret;
use crate::store::name::is_name;

/// The values that a variable can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Domain {
    /// One of these.
    Values(&'static [&'static str]),
    /// Any text.
    Text,
    /// A list of texts.
    List,
    Secret,
}

/// A variable that a detector or a probe sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fact {
    pub name: &'static str,
    pub domain: Domain,
    /// It may be left unset.
    pub optional: bool,
}

/// A field of `with`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    Profile,
    Secret,
    BaseUrl,
    Model,
}

/// Something that reads local facts.
#[derive(Debug, PartialEq, Eq)]
pub struct Detector {
    pub id: &'static str,
    pub about: &'static str,
    pub needs: &'static [Input],
    pub takes: &'static [Input],
    pub sets: &'static [Fact],
}

/// Something that is tried over the network.
#[derive(Debug, PartialEq, Eq)]
pub struct Probe {
    pub id: &'static str,
    pub about: &'static str,
    pub needs: &'static [Input],
    pub takes: &'static [Input],
    pub outcomes: &'static [&'static str],
    pub sets: &'static [Fact],
}

/// A program that may get the terminal, or the browser.
#[derive(Debug, PartialEq, Eq)]
pub struct Program {
    pub id: &'static str,
    pub about: &'static str,
    /// It opens a page.
    pub takes_link: bool,
    pub outcomes: &'static [&'static str],
}

/// A page on the web.
#[derive(Debug, PartialEq, Eq)]
pub struct Link {
    pub id: &'static str,
    pub url: &'static str,
}

/// What a typed text must be.
#[derive(Clone, Copy, Debug)]
pub struct Validator {
    pub id: &'static str,
    /// What is accepted, in words.
    pub accepts: &'static str,
    /// The text in its proper form, or why it is not accepted.
    pub check: fn(&str) -> Result<String, String>,
}

/// What a secret must look like.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    pub id: &'static str,
    /// What is accepted, in words.
    pub accepts: &'static str,
    /// Why it is not accepted, without a part of it.
    pub check: fn(&Secret, Destination) -> Looks,
}

/// Whom a secret is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destination {
    /// The provider itself.
    Provider,
    /// Another address, which has its own rules for its keys.
    Gateway,
}

/// What a secret looks like; never with a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Looks {
    Right,
    /// It may be used, but something is odd.
    Odd(String),
    /// It cannot be used: the likely mistake, and what to do.
    Wrong(String),
}

/// How a flow can end.
#[derive(Debug, PartialEq, Eq)]
pub struct Outcome {
    pub id: &'static str,
    pub about: &'static str,
    pub exit: Exit,
}

impl PartialEq for Validator {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Validator {}

impl PartialEq for Shape {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Shape {}

const YES_NO: Domain = Domain::Values(&["yes", "no"]);

const fn fact(name: &'static str, domain: Domain) -> Fact {
    Fact {
        name,
        domain,
        optional: false,
    }
}

const fn maybe(name: &'static str, domain: Domain) -> Fact {
    Fact {
        name,
        domain,
        optional: true,
    }
}

/// Every detector.
pub const DETECTORS: &[Detector] = &[
    Detector {
        id: "machine",
        about: "what this machine has already",
        needs: &[],
        takes: &[],
        sets: &[
            // One sentence for each thing found; never a secret.
            fact("found", Domain::List),
            fact("has_environment_key", YES_NO),
            fact("has_profiles", YES_NO),
            fact("has_claude_login", YES_NO),
            fact("has_aws_profile", YES_NO),
            fact("has_openclaw", YES_NO),
            fact("has_clawdbot", YES_NO),
            fact("has_cuti", YES_NO),
        ],
    },
    Detector {
        id: "environment-key",
        about: "an Anthropic API key and address in the environment",
        needs: &[],
        takes: &[],
        sets: &[
            maybe("environment_key", Domain::Secret),
            // The variable's name.
            maybe("environment_key_place", Domain::Text),
            // `ANTHROPIC_BASE_URL`, or the provider's own address.
            fact("base_url_here", Domain::Text),
            // That address is neither the provider's own nor on this machine.
            fact("foreign_base_url", YES_NO),
        ],
    },
    Detector {
        id: "profile",
        about: "whether a profile of that name exists, and whether it holds the same secret",
        needs: &[Input::Profile, Input::Secret],
        takes: &[],
        sets: &[
            fact(
                "profile_state",
                Domain::Values(&["absent", "same", "different"]),
            ),
            // Mask of the secret that the profile holds, or `none`.
            fact("profile_holds", Domain::Text),
            // A name that is free.
            fact("free_profile", Domain::Text),
        ],
    },
    Detector {
        id: "defaults",
        about: "what is used by default now",
        needs: &[],
        takes: &[],
        sets: &[maybe("current_model", Domain::Text)],
    },
];

/// Every probe.
pub const PROBES: &[Probe] = &[Probe {
    id: "anthropic-api-key",
    about: "one free request that proves the key (GET /v1/models)",
    needs: &[Input::Secret],
    takes: &[Input::BaseUrl],
    // `skipped`: --offline or --skip-probe.
    outcomes: &["works", "limited", "refused", "undetermined", "skipped"],
    sets: &[
        // Ids, newest first; empty where the reply had none.
        fact("models", Domain::List),
        // What was seen, in one sentence.
        fact("verdict", Domain::Text),
        // What to do about it, in one sentence; empty where it works.
        fact("advice", Domain::Text),
    ],
}];

/// Every program that a handoff may start.
pub const PROGRAMS: &[Program] = &[Program {
    id: "browser",
    about: "opens a page in the browser",
    takes_link: true,
    outcomes: &["opened", "unavailable"],
}];

/// Every page.
pub const LINKS: &[Link] = &[
    Link {
        id: "anthropic-keys",
        url: "https://platform.claude.com/settings/keys",
    },
    Link {
        id: "anthropic-billing",
        url: "https://platform.claude.com/settings/billing",
    },
    Link {
        id: "anthropic-status",
        url: "https://status.claude.com",
    },
];

/// Every validator.
pub const VALIDATORS: &[Validator] = &[
    Validator {
        id: "anthropic-profile",
        accepts: "a name such as `default` or `anthropic:work`: a-z, 0-9, `.`, `_`, `-`",
        check: anthropic_profile,
    },
    Validator {
        id: "model-id",
        accepts: "a model id such as `claude-sonnet-4-5`",
        check: model_id,
    },
    Validator {
        id: "base-url",
        accepts: "an https address (http only on this machine), without user, query or fragment",
        check: base_url,
    },
];

/// Every shape of a secret.
pub const SHAPES: &[Shape] = &[Shape {
    id: "anthropic-api-key",
    accepts: "an Anthropic API key, which begins with sk-ant-api03-",
    check: anthropic_api_key,
}];

/// Every way a flow can end.
pub const OUTCOMES: &[Outcome] = &[
    Outcome {
        id: "saved",
        about: "the plan was carried out",
        exit: Exit::Done,
    },
    Outcome {
        id: "nothing-to-do",
        about: "everything is as it should be already",
        exit: Exit::Done,
    },
    Outcome {
        id: "declined",
        about: "the user decided against it; nothing was changed",
        exit: Exit::Done,
    },
    Outcome {
        id: "refused",
        about: "the provider refused the credential; nothing was changed",
        exit: Exit::Problem,
    },
    Outcome {
        id: "conflict",
        about: "something else is there already; nothing was changed",
        exit: Exit::Problem,
    },
    Outcome {
        id: "undetermined",
        about: "the credential could not be tested; nothing was changed",
        exit: Exit::Undetermined,
    },
    Outcome {
        id: "continues",
        about: "another flow goes on from here",
        exit: Exit::Done,
    },
    Outcome {
        id: "cancelled",
        about: "the user left; nothing was changed",
        exit: Exit::Interrupted,
    },
];

/// Every provider.
pub const PROVIDERS: &[&str] = &["anthropic"];

/// What is put after a secret's flag for its other sources.
pub const SECRET_SUFFIXES: &[&str] = &["-stdin", "-file", "-env", "-fd"];

/// Names of flags that mean the same in every flow.
pub const RESERVED_FLAGS: &[&str] = &[
    "accept-risk",
    "agent",
    "allow-insecure-url",
    "answers",
    "answers-template",
    "auth-choice",
    "color",
    "dry-run",
    "flow",
    "fresh",
    "help",
    "home",
    "interactive",
    "json",
    "no-input",
    "non-interactive",
    "offline",
    "plain",
    "quiet",
    "sandbox",
    "secret-input-mode",
    "skip-probe",
    "trust",
    "verbose",
    "version",
];

/// Every credential kind that a flow can store.
pub const CREDENTIAL_KINDS: &[&str] = &["anthropic-api-key"];

/// Every variable name that a flow can write to the `.env` file.
pub const ENV_NAMES: &[&str] = &["ANTHROPIC_API_KEY"];

/// Every document that a flow can edit, with the values it may set there.
pub const DOCUMENTS: &[(&str, &[&str])] = &[
    ("config", &["agents.defaults.model.primary"]),
    ("store", &[]),
    ("env-file", &[]),
];

macro_rules! lookup {
    ($($function:ident $list:ident $type:ident,)+) => {$(
        /// The entry of this id.
        #[must_use]
        pub fn $function(id: &str) -> Option<&'static $type> {
            $list.iter().find(|entry| entry.id == id)
        }
    )+};
}

lookup! {
    detector DETECTORS Detector,
    probe PROBES Probe,
    program PROGRAMS Program,
    link LINKS Link,
    validator VALIDATORS Validator,
    shape SHAPES Shape,
    outcome OUTCOMES Outcome,
}

/// The page that `{page_…}` stands for in a text: its id with `_` for `-`.
#[must_use]
pub fn page(variable: &str) -> Option<&'static Link> {
    link(&variable.strip_prefix("page_")?.replace('_', "-"))
}

/// How a commit can go, for `on`.
pub const COMMIT_OUTCOMES: &[&str] = &["saved", "unchanged"];

fn anthropic_api_key(key: &Secret, destination: Destination) -> Looks {
    let shape = match destination {
        Destination::Provider => shape::check_api_key(key),
        Destination::Gateway => shape::check_gateway_key(key),
    };
    let words = format!("this is {}. {}", shape.what(), shape.advice());
    match shape.severity() {
        Severity::Fine => Looks::Right,
        Severity::Warn => Looks::Odd(words),
        Severity::Refuse => Looks::Wrong(words),
    }
}

/// The provider may be written or left out; the name alone is kept.
fn anthropic_profile(text: &str) -> Result<String, String> {
    let name = text.strip_prefix("anthropic:").unwrap_or(text);
    if is_name(name) {
        Ok(name.to_owned())
    } else if text.is_empty() {
        Err("a name is needed".to_owned())
    } else {
        Err("a name starts with a-z or 0-9 and has only a-z, 0-9, `.`, `_` and `-`, at most 63 of them".to_owned())
    }
}

fn model_id(text: &str) -> Result<String, String> {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"-._:/@[]".contains(&b);
    if text.is_empty() {
        Err("a model id is needed".to_owned())
    } else if text.len() > 200 || !text.bytes().all(allowed) {
        Err("a model id has only letters, digits and - . _ : / @ [ ]".to_owned())
    } else {
        Ok(text.to_owned())
    }
}

/// Without the slash at the end, so that paths can be put after it.
fn base_url(text: &str) -> Result<String, String> {
    match Endpoint::parse(text) {
        Ok(endpoint) => Ok(endpoint.to_string()),
        Err(error) => Err(error.message().to_owned()),
    }
}
