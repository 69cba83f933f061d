//! What one service would miss.

use crate::consumer::claude_code::outranks::Place;
use crate::doctor::facts::{
    Facts, Looks, Manager, Origin, ProblemKind, Program, Service, Setting, Value,
};
use crate::variables;

/// Anthropic's variables, any of which is a credential.
const ANTHROPIC: &[&str] = &[
    variables::ANTHROPIC_API_KEY,
    variables::ANTHROPIC_AUTH_TOKEN,
    variables::ANTHROPIC_OAUTH_TOKEN,
    variables::CLAUDE_CODE_OAUTH_TOKEN,
];
/// Those of Amazon Bedrock; they count where it is in use.
const BEDROCK: &[&str] = &[
    "CLAUDE_CODE_USE_BEDROCK",
    "AWS_BEARER_TOKEN_BEDROCK",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_PROFILE",
    "AWS_REGION",
];
/// Where requests go decides whether a key works.
const CHOICES: &[&str] = &[variables::ANTHROPIC_BASE_URL];

/// A variable that a service should have as this shell has it.
pub struct Wanted<'a> {
    pub name: &'static str,
    /// `None` where only a running shell could tell.
    pub value: Option<&'a Value>,
    /// This environment, or the file and line of a start-up file.
    pub place: String,
    /// A shell that somebody logs in to would set it.
    pub by_login_shell: bool,
    /// It is in the environment of this process.
    pub here: bool,
}

/// What is wrong with a service.
pub enum Trouble {
    /// It does not start: a file that it must have is not there.
    NoStart { place: String, path: String },
    /// systemd ignores a line that sets a credential, or reads on beyond it.
    Ignored {
        place: String,
        name: String,
        open_quote: bool,
    },
    /// It would not have these.
    Missing {
        names: Vec<&'static str>,
        /// What it has in their place.
        instead: Option<String>,
        from: String,
        here: bool,
    },
    /// It has another value.
    Differs {
        name: &'static str,
        setting: Setting,
        shell: String,
        from: String,
    },
    /// It runs, and was started before its files were changed.
    Stale { name: String, process: u32 },
}

/// What this shell has, or would have after a login.
pub fn wanted(facts: &Facts) -> Vec<Wanted<'_>> {
    let bedrock = facts
        .environment
        .switches
        .iter()
        .any(|name| name == "CLAUDE_CODE_USE_BEDROCK");
    let names = ANTHROPIC.iter().chain(CHOICES);
    let names = names.chain(BEDROCK.iter().filter(|_| bedrock));
    names.filter_map(|name| one(facts, name)).collect()
}

fn one<'a>(facts: &'a Facts, name: &'static str) -> Option<Wanted<'a>> {
    let login = facts.start_up.for_session(name, |s| s.login);
    let told = facts.inheritance.login_shell.as_ref();
    let told = told.and_then(|shell| shell.settings.iter().find(|s| s.name == name && s.is_set()));
    let by_login_shell = login.is_some() || told.is_some();
    if let Some(value) = facts.environment.value(name) {
        return Some(Wanted {
            name,
            value: Some(value),
            place: "this environment".to_owned(),
            by_login_shell,
            here: true,
        });
    }
    // A choice without a credential is nothing that anybody misses.
    if !ANTHROPIC.contains(&name) {
        return None;
    }
    let typed = || facts.start_up.for_session(name, |s| s.interactive);
    let (value, place) = match (told, login.or_else(typed)) {
        (Some(told), _) => (told.value.as_ref(), told.place.clone()),
        (None, found) => found.map(|found| (found.value.as_ref(), found.place()))?,
    };
    Some(Wanted {
        name,
        value,
        place,
        by_login_shell,
        here: false,
    })
}

/// What is wrong with a service, worst first.
pub fn judge(facts: &Facts, service: &Service, wanted: &[Wanted<'_>]) -> Vec<Trouble> {
    if service.masked {
        return Vec::new();
    }
    let mut found = Vec::new();
    let meant: Vec<&Wanted<'_>> = wanted
        .iter()
        .filter(|wanted| is_for(service.program, wanted))
        .collect();
    let wanted = meant.as_slice();
    let mut unknown = !service.credentials.is_empty();
    for problem in &service.problems {
        let place = problem.place.clone();
        match problem.kind {
            ProblemKind::MissingFile => found.push(Trouble::NoStart {
                place,
                path: problem.about.clone(),
            }),
            ProblemKind::IgnoredLine | ProblemKind::OpenQuote => found.push(Trouble::Ignored {
                place,
                name: problem.about.clone(),
                open_quote: problem.kind == ProblemKind::OpenQuote,
            }),
            ProblemKind::UnreadableFile => unknown = true,
            ProblemKind::MissingOptionalFile | ProblemKind::RelativePath => {}
        }
    }
    if !service.asks_keywright {
        found.extend(differs(service, wanted));
        if !unknown && !finds_its_own(facts, service) {
            found.extend(missing(service, wanted));
        }
    }
    found.extend(stale(service));
    found
}

/// Whether a program takes the variable: Claude Code does not know OpenClaw's name for a token, and
/// a subscription token is for Claude Code alone.
fn is_for(program: Program, wanted: &Wanted<'_>) -> bool {
    let subscription = wanted.name == variables::CLAUDE_CODE_OAUTH_TOKEN
        || wanted
            .value
            .is_some_and(|value| value.looks == Looks::SubscriptionToken);
    match program {
        Program::Claude => wanted.name != variables::ANTHROPIC_OAUTH_TOKEN,
        Program::OpenClaw | Program::Clawdbot => !subscription,
        Program::Other => true,
    }
}

fn differs(service: &Service, wanted: &[&Wanted<'_>]) -> Vec<Trouble> {
    let one = |wanted: &&Wanted<'_>| {
        let setting = service.setting(wanted.name)?;
        let (theirs, ours) = (setting.value.as_ref()?, wanted.value?);
        let same = match (&theirs.fingerprint, &ours.fingerprint) {
            (Some(theirs), Some(ours)) => theirs == ours,
            // Too short to have one: what can be said of both is compared.
            _ => theirs.length == ours.length && theirs.masked == ours.masked,
        };
        (!same).then(|| Trouble::Differs {
            name: wanted.name,
            setting: setting.clone(),
            shell: ours.masked.clone(),
            from: wanted.place.clone(),
        })
    };
    wanted.iter().filter_map(one).collect()
}

fn missing(service: &Service, wanted: &[&Wanted<'_>]) -> Option<Trouble> {
    let absent: Vec<&Wanted<'_>> = wanted
        .iter()
        .copied()
        .filter(|wanted| !service.setting(wanted.name).is_some_and(Setting::is_set))
        .filter(|wanted| !(service.asks_login_shell && wanted.by_login_shell))
        .collect();
    // Where a credential is the same, another one in another variable changes nothing.
    let credentials = |name: &str| ANTHROPIC.contains(&name) || BEDROCK.contains(&name);
    let served = wanted.iter().any(|wanted| {
        credentials(wanted.name) && !absent.iter().any(|other| other.name == wanted.name)
    });
    let first = absent.first()?;
    // The line that systemd ignores is told of already.
    let ignored = |name: &str| service.problems.iter().any(|problem| problem.about == name);
    if absent.iter().all(|wanted| ignored(wanted.name)) {
        return None;
    }
    if served && absent.iter().all(|wanted| ANTHROPIC.contains(&wanted.name)) {
        return None;
    }
    let instead = ANTHROPIC
        .iter()
        .find_map(|name| service.setting(name).filter(|s| s.is_set()))
        .filter(|_| !served)
        .map(super::sets);
    Some(Trouble::Missing {
        names: absent.iter().map(|wanted| wanted.name).collect(),
        instead,
        from: first.place.clone(),
        here: absent.iter().all(|wanted| wanted.here),
    })
}

/// OpenClaw and Clawdbot have stores of their own. Claude Code finds what stands in its settings or
/// its own login without any variable; what it uses here comes from there.
fn finds_its_own(facts: &Facts, service: &Service) -> bool {
    let winner = facts
        .claude_code
        .sources
        .iter()
        .find(|source| source.active);
    service.own_store
        || service.program == Program::Claude
            && service.manager != Manager::SystemdSystem
            && winner.is_some_and(|source| source.place != Place::Environment)
}

fn stale(service: &Service) -> Option<Trouble> {
    let running = service.running.as_ref()?;
    let process = running.process;
    let known = running.settings.as_ref()?;
    let of_files =
        |setting: &&Setting| matches!(setting.origin, Origin::Definition | Origin::EnvironmentFile);
    let changed = service.settings.iter().filter(of_files).find(|setting| {
        let now = known.iter().find(|known| known.name == setting.name);
        now.and_then(|now| now.value.as_ref()) != setting.value.as_ref()
    })?;
    Some(Trouble::Stale {
        name: changed.name.clone(),
        process,
    })
}

impl Trouble {
    /// One line.
    pub fn summary(&self, service: &str) -> String {
        match self {
            Self::NoStart { .. } => {
                format!("{service} cannot start: its file of variables is not there.")
            }
            Self::Ignored { .. } => {
                format!("systemd does not take a variable for {service} as it is written.")
            }
            Self::Missing { names, instead, .. } if instead.is_some() => {
                format!(
                    "{service} would use another credential than this shell's {}.",
                    names[0]
                )
            }
            Self::Missing { names, .. } => {
                format!("{service} would not see {}.", names.join(", "))
            }
            Self::Differs { name, .. } => {
                format!("{service} has another {name} than this shell.")
            }
            Self::Stale { .. } => {
                format!("{service} runs with variables from before its last change.")
            }
        }
    }

    /// What was seen, as a fragment.
    pub fn detail(&self) -> String {
        match self {
            Self::NoStart { place, path } => {
                format!("{place} names {path}, which does not exist")
            }
            Self::Ignored {
                place,
                name,
                open_quote,
            } => {
                if *open_quote {
                    format!(
                        "nothing closes the quotation mark at {place}, and systemd takes all that follows for one value"
                    )
                } else {
                    format!(
                        "{place} sets {name} behind another word, such as `export`, and systemd takes `NAME=value` alone"
                    )
                }
            }
            Self::Missing {
                names,
                instead,
                from,
                ..
            } => {
                let names = names.join(", ");
                let lack = format!("{names} of {from} is nowhere in what it is started with");
                match instead {
                    Some(instead) => format!("{lack}, and {instead}"),
                    None => lack,
                }
            }
            Self::Differs {
                shell,
                from,
                setting,
                name,
            } => format!(
                "{}, while {name} of {from} is {shell}",
                super::sets(setting)
            ),
            Self::Stale { name, process } => {
                format!("process {process} was started with another {name} than the files say now")
            }
        }
    }

    /// What it means.
    pub fn impact(&self, service: &Service) -> String {
        let program = service.program.words();
        match self {
            Self::NoStart { .. } => {
                "systemd refuses to start a service whose EnvironmentFile= is missing.".to_owned()
            }
            Self::Ignored { .. } => format!("The service runs, and {program} does not get it."),
            Self::Missing { instead: None, .. } => format!(
                "What works in this terminal fails there: {program} finds no credential, or one of its own."
            ),
            Self::Missing { .. } | Self::Differs { .. } => format!(
                "Requests of {program} go to another account than those of this terminal, or are refused."
            ),
            Self::Stale { .. } => {
                "A change to a file reaches a service when it is started again.".to_owned()
            }
        }
    }

    /// The file and line that it is about.
    pub fn place(&self) -> Option<&str> {
        match self {
            Self::NoStart { place, .. } | Self::Ignored { place, .. } => Some(place),
            Self::Missing { .. } | Self::Differs { .. } | Self::Stale { .. } => None,
        }
    }
}
