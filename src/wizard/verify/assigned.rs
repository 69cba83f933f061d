//! Which variables are surely set at each step: those that every way to it sets.

use std::collections::{BTreeSet, HashMap};

use super::checker::{Checker, edges};
use super::variables::Variables;
use crate::wizard::condition::Condition;
use crate::wizard::flow::{Flow, Need, Step};

type Set = BTreeSet<String>;

pub(super) fn check(checker: &mut Checker<'_>, variables: &Variables) {
    let before = at_entry(checker.flow);
    for (at, step) in checker.steps() {
        // A step that cannot be reached has a defect of its own.
        let Some(entry) = before.get(step.id.as_str()) else {
            continue;
        };
        let after = after(step, entry);
        for read in step.reads(&at) {
            // An unknown variable has a defect of its own.
            let Some(sets) = variables.get(&read.variable) else {
                continue;
            };
            let needed = match read.need {
                Need::Shown | Need::Text | Need::List | Need::Secret => true,
                Need::Compared => !sets.optional,
                Need::Tested | Need::MaybeText | Need::MaybeSecret => false,
            };
            let known = if read.edge { &after } else { entry };
            let set =
                known.contains(&read.variable) || guarded(&at, step, &read.pointer, &read.variable);
            if needed && !set {
                let message = format!("`{}` may not be set yet", read.variable);
                checker.value("FLOW-031", &read.pointer, message);
            }
        }
    }
}

/// An effect's own condition makes sure of the variable.
fn guarded(at: &str, step: &Step, pointer: &str, variable: &str) -> bool {
    let effects = step.commit.iter().flat_map(|commit| &commit.effects);
    effects.enumerate().any(|(index, effect)| {
        let own = format!("{at}/commit/effects/{index}/");
        let when = effect.when.as_ref();
        pointer
            .strip_prefix(&own)
            .is_some_and(|rest| !rest.starts_with("when"))
            && when.is_some_and(|when| implied(when, true).contains(variable))
    })
}

/// Repeats until nothing changes; each round can only take variables away.
fn at_entry(flow: &Flow) -> HashMap<&str, Set> {
    let mut before: HashMap<&str, Set> = HashMap::new();
    if let Some(first) = flow.steps.first() {
        before.insert(&first.id, Set::new());
    }
    loop {
        let mut changed = false;
        for step in &flow.steps {
            let Some(entry) = before.get(step.id.as_str()).cloned() else {
                continue;
            };
            let mut known = after(step, &entry);
            for edge in edges("", step) {
                let mut along = known.clone();
                if let Some(when) = edge.when {
                    along.extend(implied(when, true));
                    known.extend(implied(when, false));
                }
                let Some(target) = flow.step(edge.to) else {
                    continue;
                };
                changed |= merge(&mut before, &target.id, along);
            }
        }
        if !changed {
            return before;
        }
    }
}

fn merge<'a>(before: &mut HashMap<&'a str, Set>, target: &'a str, along: Set) -> bool {
    let Some(old) = before.get_mut(target) else {
        before.insert(target, along);
        return true;
    };
    let both: Set = old.intersection(&along).cloned().collect();
    let changed = both.len() != old.len();
    *old = both;
    changed
}

fn after(step: &Step, entry: &Set) -> Set {
    let mut after = entry.clone();
    let sure = step.sets().into_iter().filter(|sets| !sets.optional);
    after.extend(sure.map(|sets| sets.variable));
    after
}

/// The variables that are surely set when the condition holds, or when it does not.
fn implied(condition: &Condition, holds: bool) -> Set {
    let mut set = Set::new();
    if holds {
        set.extend(condition.is.iter().map(|is| is.variable.clone()));
        set.extend(condition.one_of.iter().map(|one| one.variable.clone()));
        set.extend(condition.set.clone());
    } else {
        set.extend(condition.empty.clone());
    }
    if let Some(inner) = &condition.not {
        set.extend(implied(inner, !holds));
    }
    let every = if holds {
        &condition.all
    } else {
        &condition.any
    };
    for inner in every.iter().flatten() {
        set.extend(implied(inner, holds));
    }
    set
}
