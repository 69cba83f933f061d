//! Variables: set by one step, set before they are read, used, and of the right kind.

use std::collections::BTreeMap;

use super::assigned;
use super::checker::Checker;
use crate::wizard::catalog;
use crate::wizard::condition::Condition;
use crate::wizard::flow::{Need, Read, SetDomain, Sets, Step};

/// Who sets a variable, and what it can be.
pub(super) type Variables = BTreeMap<String, Sets>;

pub(super) fn check(checker: &mut Checker<'_>) {
    let variables = declared(checker);
    let mut used = Vec::new();
    for (at, step) in checker.steps() {
        for read in step.reads(&at) {
            kind_of_use(checker, &variables, &read);
            used.push(read.variable);
        }
        for (pointer, condition) in step.conditions(&at) {
            values(checker, &variables, &pointer, condition);
        }
        defaults(checker, &at, step);
    }
    for (at, step) in checker.steps() {
        if let Some(variable) = step.asks_for()
            && !used.iter().any(|name| name == variable)
        {
            let message = format!("`{variable}` is asked for and never used");
            checker.value("FLOW-032", &format!("{at}/id"), message);
        }
    }
    assigned::check(checker, &variables);
}

fn declared(checker: &mut Checker<'_>) -> Variables {
    let mut variables = Variables::new();
    for (at, step) in checker.steps() {
        for sets in step.sets() {
            if variables.contains_key(&sets.variable) {
                let message = format!("another step sets `{}` already", sets.variable);
                checker.value("FLOW-030", &format!("{at}/id"), message);
            }
            variables.insert(sets.variable.clone(), sets);
        }
    }
    variables
}

fn kind_of_use(checker: &mut Checker<'_>, variables: &Variables, read: &Read) {
    let Some(sets) = variables.get(&read.variable) else {
        let known = variables.keys().map(String::as_str);
        let what = ("variable", read.variable.as_str());
        checker.unknown("FLOW-021", &read.pointer, what, known);
        return;
    };
    let name = &read.variable;
    let secret = sets.domain == SetDomain::Secret;
    let list = sets.domain == SetDomain::List;
    match read.need {
        Need::Shown | Need::Compared | Need::Text | Need::MaybeText | Need::List if secret => {
            let message = format!("`{name}` is a secret and has no place here");
            checker.value("FLOW-033", &read.pointer, message);
        }
        Need::Secret | Need::MaybeSecret if !secret => {
            let message = format!("`{name}` is no secret, and a secret is needed here");
            checker.value("FLOW-034", &read.pointer, message);
        }
        Need::Compared | Need::Text | Need::MaybeText if list => {
            let message = format!("`{name}` is a list, and one value is needed here");
            checker.value("FLOW-034", &read.pointer, message);
        }
        Need::List if !list => {
            let message = format!("`{name}` is no list");
            checker.value("FLOW-034", &read.pointer, message);
        }
        _ => {}
    }
}

/// Values in conditions can be values of their variables.
fn values(checker: &mut Checker<'_>, variables: &Variables, at: &str, condition: &Condition) {
    if let Some(is) = &condition.is {
        let place = (format!("{at}/is/value"), is.value.as_str());
        value(checker, variables, &is.variable, &place);
    }
    if let Some(one_of) = &condition.one_of {
        for (index, candidate) in one_of.values.iter().enumerate() {
            let place = (format!("{at}/in/values/{index}"), candidate.as_str());
            value(checker, variables, &one_of.variable, &place);
        }
    }
    for (pointer, inner) in condition.inner() {
        values(checker, variables, &format!("{at}{pointer}"), inner);
    }
}

fn value(
    checker: &mut Checker<'_>,
    variables: &Variables,
    variable: &str,
    (pointer, value): &(String, &str),
) {
    if let Some(SetDomain::Values(known)) = variables.get(variable).map(|sets| &sets.domain)
        && !known.iter().any(|candidate| candidate == value)
    {
        let what = format!("value of `{variable}`");
        let known = known.iter().map(String::as_str);
        checker.unknown("FLOW-025", pointer, (&what, value), known);
    }
}

/// A default can be given as an answer.
fn defaults(checker: &mut Checker<'_>, at: &str, step: &Step) {
    if let Some(choose) = &step.choose {
        let given = [
            ("default", &choose.default),
            ("unattended", &choose.unattended),
            ("reauth", &choose.reauth),
        ];
        for (field, value) in given {
            let Some(value) = value else { continue };
            if !choose.options.iter().any(|option| option.value == *value) {
                let known = choose.options.iter().map(|option| option.value.as_str());
                let pointer = format!("{at}/choose/{field}");
                checker.unknown("FLOW-052", &pointer, ("option", value), known);
            }
        }
    }
    if let Some(ask) = &step.ask
        && let Some(default) = &ask.default
        && let Some(validator) = catalog::validator(&ask.validator)
        && let Err(problem) = (validator.check)(default)
    {
        let message = format!("the default is not accepted: {problem}");
        checker.value("FLOW-052", &format!("{at}/ask/default"), message);
    }
}
