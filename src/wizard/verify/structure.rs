//! Steps have one kind, an id of their own and the edges that belong to their kind; conditions and
//! effects have one verb.

use std::collections::HashSet;

use super::checker::Checker;
use crate::wizard::condition::Condition;
use crate::wizard::flow::{Effect, Inputs, Step};
use crate::wizard::text::is_variable_name;

pub(super) fn check(checker: &mut Checker<'_>) {
    if !is_id(&checker.flow.id) {
        checker.value("FLOW-013", "/id", "an id has a-z, 0-9 and `-` only");
    }
    let mut ids = HashSet::new();
    for (at, step) in checker.steps() {
        if !is_id(&step.id) {
            checker.value(
                "FLOW-013",
                &format!("{at}/id"),
                "an id has a-z, 0-9 and `-` only",
            );
        }
        if !ids.insert(&step.id) {
            let message = format!("another step has the id `{}` already", step.id);
            checker.value("FLOW-011", &format!("{at}/id"), message);
        }
        kinds(checker, &at, step);
        names(checker, &at, step);
        conditions(checker, &at, step);
        let effects = step.commit.iter().flat_map(|commit| &commit.effects);
        for (index, effect) in effects.enumerate() {
            if verbs(effect) != 1 {
                let pointer = format!("{at}/commit/effects/{index}");
                checker.value("FLOW-015", &pointer, "an effect has exactly one verb");
            }
        }
    }
}

fn kinds(checker: &mut Checker<'_>, at: &str, step: &Step) {
    let kinds: Vec<&str> = kinds_of(step);
    match kinds.as_slice() {
        [] => checker.value(
            "FLOW-010",
            at,
            "the step has no kind (such as `ask` or `done`)",
        ),
        [kind] => edges(checker, at, step, kind),
        [first, second, ..] => {
            let message = format!("the step is a `{first}` already; it can have one kind only");
            checker.key("FLOW-010", &format!("{at}/{second}"), message);
        }
    }
}

fn edges(checker: &mut Checker<'_>, at: &str, step: &Step, kind: &str) {
    let there = [
        ("to", step.to.is_some()),
        ("branch", step.branch.is_some()),
        ("on", step.on.is_some()),
    ];
    let allowed: &[&str] = match kind {
        "done" => &[],
        "probe" | "handoff" => &["on"],
        "commit" => &["to", "on"],
        _ => &["to", "branch"],
    };
    let mut found = 0;
    for (name, _) in there.iter().filter(|(_, there)| *there) {
        found += 1;
        if !allowed.contains(name) {
            let message = format!("a `{kind}` step has no `{name}`");
            checker.key("FLOW-012", &format!("{at}/{name}"), message);
        } else if found > 1 {
            let message = "the step has another way on already";
            checker.key("FLOW-012", &format!("{at}/{name}"), message);
        }
    }
    if found == 0 && !allowed.is_empty() {
        let message = format!(
            "nothing follows: the step needs `{}`",
            allowed.join("` or `")
        );
        checker.value("FLOW-012", &format!("{at}/id"), message);
    }
}

fn kinds_of(step: &Step) -> Vec<&'static str> {
    let kinds = [
        ("note", step.note.is_some()),
        ("choose", step.choose.is_some()),
        ("ask", step.ask.is_some()),
        ("secret", step.secret.is_some()),
        ("confirm", step.confirm.is_some()),
        ("detect", step.detect.is_some()),
        ("probe", step.probe.is_some()),
        ("handoff", step.handoff.is_some()),
        ("commit", step.commit.is_some()),
        ("done", step.done.is_some()),
    ];
    let there = kinds.iter().filter(|(_, there)| *there);
    there.map(|(name, _)| *name).collect()
}

fn names(checker: &mut Checker<'_>, at: &str, step: &Step) {
    let kind = kinds_of(step).first().copied().unwrap_or_default();
    if let Some(variable) = step.asks_for()
        && !is_variable_name(variable)
    {
        let message = "a variable has a-z, 0-9 and `_` only, and starts with a letter";
        checker.value("FLOW-013", &format!("{at}/{kind}/variable"), message);
    }
    if let Some(inputs) = step.inputs() {
        inputs_names(checker, &format!("{at}/{kind}/inputs"), inputs);
    }
    let options = step.choose.iter().flat_map(|choose| &choose.options);
    for (index, option) in options.enumerate() {
        if let Some(flag) = &option.flag {
            flag_name(checker, &format!("{at}/choose/options/{index}/flag"), flag);
        }
    }
}

fn inputs_names(checker: &mut Checker<'_>, at: &str, inputs: &Inputs) {
    if let Some(flag) = &inputs.flag {
        flag_name(checker, &format!("{at}/flag"), flag);
    }
    for (index, flag) in inputs.aliases.iter().enumerate() {
        flag_name(checker, &format!("{at}/aliases/{index}"), flag);
    }
    for (index, name) in inputs.env.iter().enumerate() {
        let mut bytes = name.bytes();
        let good = bytes.next().is_some_and(|b| b.is_ascii_uppercase())
            && bytes.all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
        if !good {
            let message = "an environment variable has A-Z, 0-9 and `_` only";
            checker.value("FLOW-013", &format!("{at}/env/{index}"), message);
        }
    }
}

fn flag_name(checker: &mut Checker<'_>, pointer: &str, flag: &str) {
    if !flag.strip_prefix("--").is_some_and(is_id) {
        let message = "a flag is `--` and a name of a-z, 0-9 and `-`";
        checker.value("FLOW-013", pointer, message);
    }
}

fn conditions(checker: &mut Checker<'_>, at: &str, step: &Step) {
    for (pointer, condition) in step.conditions(at) {
        condition_keys(checker, &pointer, condition);
    }
}

fn condition_keys(checker: &mut Checker<'_>, at: &str, condition: &Condition) {
    if condition.keys() != 1 {
        checker.value("FLOW-014", at, "a condition has exactly one key");
    }
    for (pointer, inner) in condition.inner() {
        condition_keys(checker, &format!("{at}{pointer}"), inner);
    }
}

fn verbs(effect: &Effect) -> usize {
    let verbs = [
        effect.put_credential.is_some(),
        effect.remove_credential.is_some(),
        effect.set_default.is_some(),
        effect.set_order.is_some(),
        effect.write_env.is_some(),
        effect.set_mode.is_some(),
        effect.edit_document.is_some(),
    ];
    verbs.into_iter().filter(|there| *there).count()
}

/// `[a-z][a-z0-9-]*`.
fn is_id(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_lowercase())
        && bytes.all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}
