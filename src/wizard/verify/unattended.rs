//! It can be answered without a terminal: every question has a flag, an environment variable or a
//! safe default, no flag means two things, and a risk stands before every commit.

use std::collections::HashSet;

use super::checker::{Checker, edges};
use crate::wizard::catalog;
use crate::wizard::flow::{Ask, Flow, Step};

pub(super) fn check(checker: &mut Checker<'_>) {
    let mut taken: HashSet<String> = HashSet::new();
    for (at, step) in checker.steps() {
        if step.asks_for().is_some() && !answerable(step) {
            let message = "nobody can answer this without a terminal: \
                           it has no flag, no environment variable and no safe default";
            checker.value("FLOW-050", &format!("{at}/id"), message);
        }
        if let Some(ask) = &step.ask
            && ask.ask_when.is_some()
            && !has_default(ask)
        {
            let message = "where it is not asked there is no answer: it needs a safe default";
            checker.key("FLOW-054", &format!("{at}/ask/ask_when"), message);
        }
        for (pointer, flag) in flags(&at, step) {
            let name = flag.trim_start_matches("--");
            if catalog::RESERVED_FLAGS.contains(&name) {
                let message = format!("`{flag}` means something else already");
                checker.value("FLOW-051", &pointer, message);
            } else if !taken.insert(flag.clone()) {
                let message = format!("`{flag}` stands for another answer already");
                checker.value("FLOW-051", &pointer, message);
            }
        }
    }
    risks(checker);
}

fn answerable(step: &Step) -> bool {
    let inputs = step.inputs();
    let given = inputs.is_some_and(|inputs| inputs.flag.is_some() || !inputs.env.is_empty());
    let choose = step.choose.as_ref();
    let choose = choose.is_some_and(|choose| choose.unattended.is_some());
    let confirm = step.confirm.as_ref();
    let confirm = confirm.is_some_and(|confirm| confirm.unattended.is_some());
    given || choose || confirm || step.ask.as_ref().is_some_and(has_default)
}

fn has_default(ask: &Ask) -> bool {
    ask.safe_default && (ask.default.is_some() || !ask.default_from.is_empty())
}

/// Every flag that the step brings, a secret's further ones included.
fn flags(at: &str, step: &Step) -> Vec<(String, String)> {
    let mut flags = Vec::new();
    let options = step.choose.iter().flat_map(|choose| &choose.options);
    for (index, option) in options.enumerate() {
        let pointer = format!("{at}/choose/options/{index}/flag");
        flags.extend(
            option
                .flag
                .iter()
                .map(|flag| (pointer.clone(), flag.clone())),
        );
    }
    let Some(inputs) = step.inputs() else {
        return flags;
    };
    let at = format!("{at}/{}/inputs", step.question_kind());
    for (flag, pointer) in inputs.flag.iter().map(|flag| (flag, format!("{at}/flag"))) {
        flags.push((pointer.clone(), flag.clone()));
        if step.secret.is_some() {
            let further = catalog::SECRET_SUFFIXES.iter();
            flags.extend(further.map(|suffix| (pointer.clone(), format!("{flag}{suffix}"))));
        }
    }
    for (index, alias) in inputs.aliases.iter().enumerate() {
        flags.push((format!("{at}/aliases/{index}"), alias.clone()));
    }
    flags
}

/// Where a flow names a risk, nothing is committed without it.
fn risks(checker: &mut Checker<'_>) {
    let flow = checker.flow;
    let risky = |step: &Step| step.note.as_ref().is_some_and(|n| n.risk.is_some());
    if !around(flow, risky) {
        return;
    }
    for (at, step) in checker.steps().filter(|(_, step)| risky(step)) {
        let message = format!("a way to `commit` goes around the risk of `{}`", step.id);
        checker.value("FLOW-053", &format!("{at}/note/risk"), message);
    }
}

/// A commit can be reached over steps that are not `gate`.
fn around(flow: &Flow, gate: impl Fn(&Step) -> bool) -> bool {
    if !flow.steps.iter().any(&gate) {
        return false;
    }
    let mut seen = HashSet::new();
    let mut open: Vec<&Step> = flow.steps.first().into_iter().collect();
    while let Some(step) = open.pop() {
        if gate(step) || !seen.insert(&step.id) {
            continue;
        }
        if step.commit.is_some() {
            return true;
        }
        open.extend(edges("", step).iter().filter_map(|edge| flow.step(edge.to)));
    }
    false
}
