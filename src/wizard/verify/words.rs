//! The texts: there, short enough for a narrow terminal, and without addresses of their own.

use std::collections::HashSet;

use super::checker::Checker;
use crate::wizard::flow::{Choose, Step};

/// Characters that fit beside the marks of a list on a terminal of 40 columns.
const LABEL_LIMIT: usize = 34;

pub(super) fn check(checker: &mut Checker<'_>) {
    if checker.flow.title.trim().is_empty() {
        checker.value("FLOW-060", "/title", "the title is empty");
    }
    for (at, step) in checker.steps() {
        texts(checker, &at, step);
        if let Some(choose) = &step.choose {
            options(checker, &format!("{at}/choose"), choose);
        }
        let inputs = step.inputs();
        if let Some(inputs) = inputs
            && inputs.flag.is_some()
            && inputs
                .help
                .as_ref()
                .is_none_or(|help| help.trim().is_empty())
        {
            let pointer = format!("{at}/{}/inputs", step.question_kind());
            checker.value("FLOW-060", &pointer, "a flag needs `help`");
        }
    }
}

fn texts(checker: &mut Checker<'_>, at: &str, step: &Step) {
    for (pointer, text) in step.texts(at) {
        if text.is_blank() {
            checker.value("FLOW-060", &pointer, "the text is empty");
        }
        for (index, line) in text.lines().iter().enumerate() {
            address(checker, &format!("{pointer}/{index}"), line);
        }
    }
    for (index, line) in step.done.iter().flat_map(|done| &done.next).enumerate() {
        address(checker, &format!("{at}/done/next/{index}"), line);
    }
}

fn address(checker: &mut Checker<'_>, pointer: &str, line: &str) {
    if line.contains("://") {
        let message = "an address is written out; name a page, as in `{page_anthropic_keys}`";
        checker.value("FLOW-063", pointer, message);
    }
}

fn options(checker: &mut Checker<'_>, at: &str, choose: &Choose) {
    if choose.options.is_empty() && choose.options_from.is_none() {
        checker.value("FLOW-065", at, "there is nothing to choose from");
    }
    let mut values = HashSet::new();
    for (index, option) in choose.options.iter().enumerate() {
        let at = format!("{at}/options/{index}");
        if !values.insert(&option.value) {
            let message = format!("another option has the value `{}` already", option.value);
            checker.value("FLOW-064", &format!("{at}/value"), message);
        }
        label(checker, &format!("{at}/label"), &option.label);
        if option.disabled_when.is_some() != option.disabled_reason.is_some() {
            let message = "`disabled_when` and `disabled_reason` belong together";
            checker.value("FLOW-062", &at, message);
        }
        for (field, line) in [
            ("label", Some(&option.label)),
            ("detail", option.detail.as_ref()),
        ] {
            if let Some(line) = line {
                address(checker, &format!("{at}/{field}"), line);
            }
        }
    }
    if let Some(other) = &choose.other {
        label(checker, &format!("{at}/other/label"), &other.label);
    }
}

fn label(checker: &mut Checker<'_>, pointer: &str, label: &str) {
    if label.trim().is_empty() {
        checker.value("FLOW-060", pointer, "the label is empty");
    } else if label.chars().count() > LABEL_LIMIT {
        let message = format!("the label has more than {LABEL_LIMIT} characters");
        checker.value("FLOW-061", pointer, message);
    }
}
