//! A flow as an outline: its steps, what they say, and where they lead.

use std::fmt::Write;

use super::{Role, Theme, escape};
use crate::wizard::flow::{Flow, Step};

/// The outline, several lines.
#[must_use]
pub fn flow(flow: &Flow, theme: Theme) -> String {
    let mut text = String::new();
    let title = theme.paint(Role::Heading, &escape::line(&flow.title));
    let _ = writeln!(text, "{title} ({})", escape::line(&flow.id));
    for step in &flow.steps {
        let id = theme.paint(Role::Value, &escape::line(&step.id));
        let _ = writeln!(text, "\n{id}: {}", kind(step));
        for line in words(step) {
            let _ = writeln!(text, "    {}", escape::line(&line));
        }
        for edge in edges(step) {
            let _ = writeln!(text, "  -> {}", escape::line(&edge));
        }
    }
    text
}

fn kind(step: &Step) -> String {
    let named = step
        .detect
        .as_ref()
        .map(|detect| format!("detect {}", detect.what))
        .or_else(|| step.probe.as_ref().map(|p| format!("probe {}", p.what)))
        .or_else(|| {
            step.handoff
                .as_ref()
                .map(|h| format!("hand over to {}", h.program))
        })
        .or_else(|| step.done.as_ref().map(|d| format!("done, {}", d.outcome)));
    let named = named.or_else(|| {
        let variable = step.asks_for()?;
        Some(format!("{} {variable}", step.question_kind()))
    });
    let plain = if step.commit.is_some() {
        "commit"
    } else {
        "note"
    };
    escape::line(&named.unwrap_or_else(|| plain.to_owned())).into_owned()
}

fn words(step: &Step) -> Vec<String> {
    let texts = step.texts("");
    let mut lines: Vec<String> = texts
        .iter()
        .flat_map(|(_, text)| text.lines().iter().cloned())
        .collect();
    let options = step.choose.iter().flat_map(|choose| &choose.options);
    lines.extend(options.map(|option| format!("[{}] {}", option.value, option.label)));
    if let Some(inputs) = step.inputs() {
        let given = inputs.flag.iter().chain(&inputs.env);
        let given: Vec<&str> = given.map(String::as_str).collect();
        if !given.is_empty() {
            lines.push(format!("given by {}", given.join(", ")));
        }
    }
    lines
}

fn edges(step: &Step) -> Vec<String> {
    let mut edges: Vec<String> = step.to.iter().cloned().collect();
    let branches = step.branch.iter().flatten();
    edges.extend(branches.map(|branch| match &branch.when {
        Some(when) => format!("{} when {when}", branch.to),
        None => format!("{} otherwise", branch.to),
    }));
    let outcomes = step.on.iter().flat_map(|on| &on.0);
    edges.extend(outcomes.map(|(outcome, to)| format!("{to} on {outcome}")));
    let flow = step.done.as_ref().and_then(|done| done.flow.as_ref());
    edges.extend(flow.map(|flow| format!("the flow {flow}")));
    edges
}
