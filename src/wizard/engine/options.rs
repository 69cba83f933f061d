//! What can be chosen at a step.

use super::message::{Options, Other, Selectable};
use super::question::render_line;
use super::state::State;
use super::value::Value;
use crate::wizard::catalog;
use crate::wizard::flow::{Choice, Choose};

/// The options that can be seen now; `None` for a validator that does not exist.
pub(super) fn options(choose: &Choose, state: &State) -> Option<Options> {
    let written = written(choose, state);
    let listed = choose.options_from.as_deref().and_then(|n| state.value(n));
    let listed = listed.and_then(Value::as_list).unwrap_or_default().iter();
    let listed = listed.map(|value| Selectable {
        value: value.clone(),
        label: value.clone(),
        detail: None,
        recommended: false,
        disabled: None,
        flag: None,
    });
    let options: Vec<Selectable> = written.into_iter().chain(listed).collect();
    let known = state.answers.get(&choose.variable);
    let known = known.and_then(|answered| answered.value.as_text());
    let position = |value: &str| options.iter().position(|o| o.value == value);
    let mut first = choose
        .default_from
        .iter()
        .filter_map(|name| match state.value(name)? {
            Value::List(items) => items.first().map(String::as_str),
            value => value.as_text(),
        });
    let default = known
        .and_then(position)
        .or_else(|| first.find_map(position))
        .or_else(|| choose.default.as_deref().and_then(position))
        .or_else(|| options.iter().position(|o| o.recommended))
        .filter(|index| options[*index].disabled.is_none())
        .or_else(|| options.iter().position(|o| o.disabled.is_none()))
        .unwrap_or_default();
    let other = match &choose.other {
        None => None,
        Some(other) => Some(Other {
            label: other.label.clone(),
            text: other.text.clone(),
            validator: catalog::validator(&other.validator)?,
            typed: state
                .typed
                .clone()
                .or_else(|| known.filter(|v| position(v).is_none()).map(str::to_owned)),
        }),
    };
    Some(Options {
        options,
        default,
        other,
        unattended: choose.unattended.clone(),
    })
}

/// The options that stand in the flow file, in their order.
fn written(choose: &Choose, state: &State) -> Vec<Selectable> {
    let mut options: Vec<&Choice> = choose.options.iter().collect();
    let order = choose.order_from.as_deref().and_then(|n| state.value(n));
    if let Some(order) = order.and_then(Value::as_list) {
        let place = |value: &String| order.iter().position(|first| first == value);
        options.sort_by_key(|option| place(&option.value).unwrap_or(usize::MAX));
    }
    let shown = options.into_iter().map(|option| {
        let disabled = option.disabled_when.as_ref();
        let disabled = disabled.is_some_and(|when| when.holds(&|name| state.value(name)));
        Selectable {
            value: option.value.clone(),
            label: render_line(&option.label, state),
            detail: option.detail.as_ref().map(|line| render_line(line, state)),
            recommended: option.recommended,
            disabled: disabled.then(|| {
                let reason = option.disabled_reason.as_deref().unwrap_or_default();
                render_line(reason, state)
            }),
            flag: option.flag.clone(),
        }
    });
    shown.collect()
}
