//! `doctor --wait`: what fails over the network is tried again, until it passes or the time is
//! over. A machine that is just starting has no network yet, and a server may be busy.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use super::Context;
use crate::doctor::check::Cost;
use crate::doctor::collect::{self, Collected, Request};
use crate::doctor::facts::{Facts, ProbeState};
use crate::doctor::report::{Entry, Status};
use crate::doctor::{Selection, checks};
use crate::provider::{Outcome, Verdict};
use crate::ui::progress::Spinner;

/// Between the first two tries; each further pause is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// A try needs some time of its own.
const SHORTEST_TRY: Duration = Duration::from_secs(1);

/// What is tried again, and for how long.
pub struct Run<'a> {
    pub selection: &'a Selection,
    pub request: &'a Request,
    pub until: Instant,
}

/// Tries again while there is something that may pass, and time. What was collected is that of the
/// last try.
pub fn until_it_passes(run: &Run<'_>, context: &Context<'_>, collected: &mut Collected) {
    let mut pause = FIRST_PAUSE;
    let mut told = false;
    loop {
        let entries = run.selection.judge(&collected.facts, &collected.took);
        let failing = failing(&entries, &collected.facts);
        let left = run.until.saturating_duration_since(Instant::now());
        if failing.is_empty() || left.is_zero() {
            return;
        }
        let codes = failing.into_iter().collect::<Vec<_>>().join(", ");
        let sentence = format!("Trying {codes} again for at most {} s", left.as_secs() + 1);
        let spinner = watched(context).then(|| Spinner::start(&sentence));
        if spinner.is_none() && !told {
            context.ui.say(&format!("{sentence} …"));
        }
        told = true;
        std::thread::sleep(pause.min(left));
        pause = (pause * 2).min(LONGEST_PAUSE);
        let left = run.until.saturating_duration_since(Instant::now());
        let request = Request {
            timeout: run.request.timeout.min(left.max(SHORTEST_TRY)),
            ..run.request.clone()
        };
        collect::again(context.system, &request, collected, &mut |_, _| ());
        drop(spinner);
    }
}

fn watched(context: &Context<'_>) -> bool {
    let term = context.system.environment.get("TERM");
    context.system.terminal.stderr && term != Some("dumb") && !context.ui.quiet
}

/// The network checks that fail and may pass later. A credential that was refused, or has no credit,
/// is not shown to the server over and over.
fn failing(entries: &[Entry], facts: &Facts) -> BTreeSet<&'static str> {
    let verdicts = verdicts(facts);
    let settled = |code: &str| {
        let mut own = verdicts.iter().filter(|one| one.reason.code() == code);
        own.any(|one| one.outcome() == Outcome::Refused || code == "API-004")
    };
    let asks = |code: &str| checks::find(code).is_some_and(|c| c.meta.cost() == Cost::Network);
    let open = entries.iter().filter(|entry| match entry.status {
        Status::Fail | Status::Broken | Status::TimedOut => asks(entry.code),
        Status::Warn => matches!(entry.code, "API-008" | "AWS-024"),
        _ => false,
    });
    let open = open.filter(|entry| entry.code != "API-010" || some_may_pass(facts));
    open.map(|entry| entry.code)
        .filter(|code| !settled(code))
        .collect()
}

/// Every answer about a credential in use.
fn verdicts(facts: &Facts) -> Vec<&Verdict> {
    let asked = [facts.probe.verdict(), facts.bedrock.verdict.as_deref()];
    asked.into_iter().flatten().collect()
}

/// One of the profiles that were asked for got no answer that says something of it.
fn some_may_pass(facts: &Facts) -> bool {
    facts.probe.pinned.iter().any(|pinned| match &pinned.state {
        ProbeState::Asked(verdict) => {
            matches!(verdict.outcome(), Outcome::Undetermined | Outcome::Limited)
        }
        _ => false,
    })
}
