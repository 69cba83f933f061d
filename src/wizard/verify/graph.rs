//! Every step can be reached, an end can be reached from every step, and no loop goes round
//! without asking anybody.

use std::collections::HashSet;

use super::PATH_LIMIT;
use super::checker::{Checker, edges};
use crate::wizard::flow::{Flow, Step};
use crate::wizard::paths::{self, Path};

/// Gives the paths, where walking them makes sense.
pub(super) fn check(checker: &mut Checker<'_>) -> Option<Vec<Path>> {
    branches(checker);
    let reached = reachable(checker.flow);
    let ending = can_end(checker.flow);
    for (at, step) in checker.steps() {
        let pointer = format!("{at}/id");
        if !reached.contains(step.id.as_str()) {
            checker.value("FLOW-040", &pointer, "no way leads to this step");
        } else if !ending.contains(step.id.as_str()) {
            checker.value("FLOW-044", &pointer, "no way leads from here to `done`");
        } else if spins(checker.flow, step) {
            let message = "a loop leads back here without asking anybody";
            checker.value("FLOW-043", &pointer, message);
        }
    }
    if !checker.is_sound() {
        return None;
    }
    let Ok(paths) = paths::enumerate(checker.flow, PATH_LIMIT) else {
        let message = format!("more than {PATH_LIMIT} ways lead through this flow");
        checker.key("FLOW-045", "/steps", message);
        return None;
    };
    Some(paths)
}

fn branches(checker: &mut Checker<'_>) {
    for (at, step) in checker.steps() {
        let Some(branches) = &step.branch else {
            continue;
        };
        let open = branches.iter().position(|branch| branch.when.is_none());
        match open {
            None => {
                let message = "the last edge must have no condition";
                checker.key("FLOW-042", &format!("{at}/branch"), message);
            }
            Some(index) if index + 1 < branches.len() => {
                let pointer = format!("{at}/branch/{}", index + 1);
                let message = "never taken: the edge before it has no condition";
                checker.value("FLOW-041", &pointer, message);
            }
            Some(_) => {}
        }
    }
}

fn followers<'a>(flow: &'a Flow, step: &'a Step) -> impl Iterator<Item = &'a Step> {
    let mut targets: Vec<&str> = edges("", step).iter().map(|edge| edge.to).collect();
    let mut seen = HashSet::new();
    targets.retain(|to| seen.insert(*to));
    targets.into_iter().filter_map(|to| flow.step(to))
}

fn reachable(flow: &Flow) -> HashSet<&str> {
    let mut reached = HashSet::new();
    let mut open: Vec<&Step> = flow.steps.first().into_iter().collect();
    while let Some(step) = open.pop() {
        if reached.insert(step.id.as_str()) {
            open.extend(followers(flow, step));
        }
    }
    reached
}

fn can_end(flow: &Flow) -> HashSet<&str> {
    let mut ending: HashSet<&str> = HashSet::new();
    loop {
        let found = flow.steps.iter().find(|step| {
            let ends = step.done.is_some()
                || followers(flow, step).any(|next| ending.contains(next.id.as_str()));
            ends && !ending.contains(step.id.as_str())
        });
        match found {
            Some(step) => ending.insert(&step.id),
            None => return ending,
        };
    }
}

/// A person is surely asked there.
fn always_asks(step: &Step) -> bool {
    let silent = step.ask.as_ref().is_some_and(|ask| ask.ask_when.is_some());
    let risk = step.note.as_ref().is_some_and(|note| note.risk.is_some());
    !silent && (step.asks_for().is_some() || risk || step.commit.is_some())
}

/// A way leads from the step back to it over steps that ask nobody.
fn spins(flow: &Flow, start: &Step) -> bool {
    if always_asks(start) {
        return false;
    }
    let mut seen = HashSet::new();
    let mut open: Vec<&Step> = followers(flow, start).collect();
    while let Some(step) = open.pop() {
        if step.id == start.id {
            return true;
        }
        if !always_asks(step) && seen.insert(&step.id) {
            open.extend(followers(flow, step));
        }
    }
    false
}
