//! `models status --probe`: every profile by itself, as the doctor tries one; and the keys of the
//! environment where they are what a provider's requests use, the next one only when one is limited.
//! Nothing is written, whatever comes of it.

use std::time::Instant;

use crate::cli::probing::Probing;
use crate::command::Context;
use crate::doctor::collect::{Request, pinned};
use crate::doctor::facts::{self, Pinned, ProbeState};
use crate::doctor::probes;
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::probe::rotate::rotate;
use crate::provider::{Outcome, Reason as Class, Verdict, registry};
use crate::status::Report;
use crate::status::report::{EffectiveKind, Probe, ProfileLine};
use crate::store::ProfileId;
use crate::store::select::{self, Candidate, Pin, Selection};
use crate::store::sources::Sources;
use crate::system::{System, signals};
use crate::ui::progress::Spinner;

/// The check that tells of a reference that leads nowhere.
const UNRESOLVED: &str = "STORE-006";

/// What is to be tried, in the order of the report.
enum Task<'a> {
    /// A profile of this line.
    Profile(&'a ProfileLine),
    /// The keys of the environment for a provider.
    Environment(Selection),
}

/// What was found, and what it means for `--check`.
pub struct Probed {
    pub probes: Vec<Probe>,
    pub exit: Exit,
}

/// Tries what was asked for.
///
/// # Errors
/// `NotFound` for a profile or a provider that is not there, `Usage` for a text that can be no
/// profile's name.
pub fn run(
    arguments: &Probing,
    report: &Report,
    sources: &Sources,
    context: &Context<'_>,
) -> Result<Probed> {
    let tasks = tasks(arguments, report, sources, context)?;
    signals::watch(context.system.terminal, "Nothing was changed.");
    if arguments.may_cost() {
        context.ui.stderr(
            "Sends one message of one token with each key that is accepted: a fraction of a cent. A subscription token is tried by running `claude -p` once in an empty folder, which costs a little usage.",
        );
    }
    let watched = context.system.terminal.stderr
        && context.system.environment.get("TERM") != Some("dumb")
        && !context.ui.quiet;
    let _spinner = watched.then(|| Spinner::start("Trying the credentials"));
    let request = request(arguments, context)?;
    let each = |task: &Task<'_>| one(task, arguments, &request, sources, context.system);
    let found = pinned::side_by_side(&tasks, arguments.concurrency(), each);
    let exit = found
        .iter()
        .fold(Exit::Done, |exit, (_, own)| exit.worse(*own));
    Ok(Probed {
        probes: found.into_iter().map(|(probe, _)| probe).collect(),
        exit,
    })
}

fn request(arguments: &Probing, context: &Context<'_>) -> Result<Request> {
    Ok(Request {
        areas: std::collections::BTreeSet::new(),
        home: context.global.home.clone(),
        agent: context.agent()?,
        no_input: context.global.no_input,
        level: if arguments.may_cost() {
            facts::Level::Paid
        } else {
            facts::Level::Free
        },
        profiles: Vec::new(),
        offline: false,
        timeout: arguments.timeout(),
        service: None,
        deep: false,
    })
}

fn tasks<'a>(
    arguments: &Probing,
    report: &'a Report,
    sources: &Sources,
    context: &Context<'_>,
) -> Result<Vec<Task<'a>>> {
    let lines = &report.auth.profiles;
    if !arguments.probe_profile.is_empty() {
        return named(&arguments.probe_profile, lines);
    }
    let only = arguments.probe_provider.as_deref();
    let known = sources.config.providers.keys().map(String::as_str);
    let stored = lines.iter().map(|line| line.provider.as_ref());
    if let Some(refusal) = only.and_then(|id| registry::refusal(id, known.chain(stored))) {
        return Err(refusal);
    }
    let wanted = |provider: &str| only.is_none_or(|only| only == provider);
    let lines = lines.iter().filter(|line| wanted(&line.provider));
    let mut tasks: Vec<Task<'a>> = lines.map(Task::Profile).collect();
    let now = context.system.clock.now().as_millisecond();
    for provider in &report.auth.providers {
        if wanted(&provider.provider) && provider.effective.kind == EffectiveKind::Env {
            let selection = select::select(sources, &provider.provider, None, now)?;
            tasks.push(Task::Environment(selection));
        }
    }
    Ok(tasks)
}

fn named<'a>(names: &[String], lines: &'a [ProfileLine]) -> Result<Vec<Task<'a>>> {
    let find = |name: &String| {
        let id = ProfileId::parse(name)?;
        let line = lines.iter().find(|line| line.id == id.as_str());
        line.map(Task::Profile).ok_or_else(|| {
            Error::new(Kind::NotFound, format!("there is no profile `{id}`"))
                .hint("`keywright models status` lists every profile.")
        })
    };
    names.iter().map(find).collect()
}

fn one(
    task: &Task<'_>,
    arguments: &Probing,
    request: &Request,
    sources: &Sources,
    system: &System,
) -> (Probe, Exit) {
    let deadline = Instant::now() + request.timeout;
    match task {
        Task::Profile(line) => {
            let chosen = arguments.probe_profile.contains(&line.id);
            // What was asked for by name and cannot be tried is a failure.
            let exit = if chosen { Exit::Problem } else { Exit::Done };
            match reported(line, chosen) {
                Some(why) => (not_tried(line, line.reason_code, why), exit),
                None => profile(line, request, sources, system, deadline),
            }
        }
        Task::Environment(selection) => environment(selection, request, sources, system, deadline),
    }
}

/// Tries a profile that can be used, as far as can be told without asking for its value.
fn profile(
    line: &ProfileLine,
    request: &Request,
    sources: &Sources,
    system: &System,
    deadline: Instant,
) -> (Probe, Exit) {
    let now = system.clock.now().as_millisecond();
    let pin = ProfileId::parse(&line.id).map(Pin::Profile);
    let selection = pin.and_then(|pin| select::select(sources, &line.provider, Some(&pin), now));
    let candidate = selection.as_ref().ok().and_then(Selection::effective);
    let Some(mut candidate) = candidate.cloned() else {
        let why = "it is gone".to_owned();
        return (not_tried(line, line.reason_code, why), Exit::Undetermined);
    };
    candidate.ask_within(system, sources, now, pinned::left(deadline));
    if let Some(why) = candidate.obstacle() {
        let probe = not_tried(line, candidate.reason.code(), why);
        return (probe, Exit::Problem);
    }
    let (state, clock_ahead) = pinned::candidate_of(
        system,
        request,
        sources,
        &line.provider,
        &candidate,
        deadline,
    );
    answered(&Pinned {
        profile: line.id.clone(),
        provider: line.provider.to_string(),
        state,
        clock_ahead,
    })
}

/// Why a profile is not tried: the state of its credential, or that it is not taken by itself.
fn reported(line: &ProfileLine, chosen: bool) -> Option<String> {
    let only_passed_over = matches!(
        line.reason_code,
        "excluded_by_auth_order" | "cooldown" | "disabled"
    );
    if line.reason_code == "ok" || (chosen && only_passed_over) {
        return None;
    }
    Some(line.obstacle.clone().unwrap_or_default())
}

fn not_tried(line: &ProfileLine, reason_code: &'static str, why: String) -> Probe {
    Probe {
        profile_id: line.id.clone(),
        provider: line.provider.to_string(),
        status: "unknown",
        reason_code: Some(reason_code),
        http_status: None,
        latency_ms: None,
        request_id: None,
        message: Some(why),
        advice: None,
        title: "not tried",
    }
}

/// Tries the keys of the environment, the next one only when one is limited.
fn environment(
    selection: &Selection,
    request: &Request,
    sources: &Sources,
    system: &System,
    deadline: Instant,
) -> (Probe, Exit) {
    let provider = &selection.provider;
    let mut unasked = None;
    let attempt = |candidate: &&Candidate| {
        let mut candidate = Candidate::clone(candidate);
        let now = system.clock.now().as_millisecond();
        candidate.ask_within(system, sources, now, pinned::left(deadline));
        if let Some(why) = candidate.obstacle() {
            unasked = Some(ProbeState::NotAsked {
                why,
                blocked_by: Some(UNRESOLVED.to_owned()),
            });
            return Verdict::of(Class::Unclassified, "");
        }
        let (state, _) =
            pinned::candidate_of(system, request, sources, provider, &candidate, deadline);
        match state {
            ProbeState::Asked(verdict) => *verdict,
            // Not tried is no limit: no other key takes its place.
            other => {
                unasked = Some(other);
                Verdict::of(Class::Unclassified, "")
            }
        }
    };
    let keys = selection.rotation();
    let rotated = rotate(&keys, attempt);
    let name = rotated.as_ref().map(|rotated| keys[rotated.place].name());
    let limited = rotated.as_ref().map_or(0, |rotated| rotated.limited.len());
    let state = match (unasked, rotated) {
        (Some(state), _) => state,
        (None, Some(rotated)) => ProbeState::Asked(Box::new(rotated.verdict)),
        (None, None) => ProbeState::default(),
    };
    let (mut probe, exit) = answered(&Pinned {
        profile: name.unwrap_or(provider).to_owned(),
        provider: provider.clone(),
        state,
        clock_ahead: None,
    });
    if limited > 0 {
        let before = format!("{limited} tried before it: rate limited");
        let said = probe
            .message
            .take()
            .map(|said| format!("{said} ({before})"));
        probe.message = said.or(Some(before));
    }
    (probe, exit)
}

/// The line of the report, and what it means for `--check`.
fn answered(found: &Pinned) -> (Probe, Exit) {
    let told = probes::of_pinned(found);
    let (exit, reason_code, advice) = match &found.state {
        ProbeState::Asked(verdict) => {
            let exit = match verdict.outcome() {
                Outcome::Works => Exit::Done,
                Outcome::Limited | Outcome::Refused => Exit::Problem,
                Outcome::Undetermined => Exit::Undetermined,
            };
            let code = match verdict.reason {
                Class::Works => "ok",
                reason => reason.id(),
            };
            (exit, Some(code), None)
        }
        ProbeState::NotAsked {
            blocked_by: Some(by),
            ..
        } if by == UNRESOLVED => (Exit::Problem, Some("unresolved_ref"), None),
        ProbeState::NotAsked {
            blocked_by: Some(by),
            ..
        } => (Exit::Undetermined, None, advice(by)),
        // Nobody could have told for free: its state alone counts.
        ProbeState::NotAsked { .. } | ProbeState::NotVerified { .. } => (Exit::Done, None, None),
    };
    let probe = Probe {
        profile_id: told.profile_id,
        provider: told.provider,
        status: told.status.bucket(),
        reason_code,
        http_status: told.http_status,
        latency_ms: told.latency_ms,
        request_id: told.request_id,
        message: told.message,
        advice: told.advice.or(advice),
        title: told.title,
    };
    (probe, exit)
}

/// What to do where this machine is in the way.
fn advice(code: &str) -> Option<String> {
    (code == "ENV-004").then(|| {
        "`keywright doctor explain ENV-004` says which host a key may go to; `keywright onboard --base-url URL` saves one for another host."
            .to_owned()
    })
}
