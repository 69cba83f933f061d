//! A flow as a drawing: steps and the ways between them, for Mermaid or Graphviz.

use std::fmt::Write;

use super::flow::{Flow, Step};

/// How a drawing is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// <https://mermaid.js.org>, which shows in many pages.
    Mermaid,
    /// Graphviz.
    Dot,
}

/// Draws a flow.
#[must_use]
pub fn draw(flow: &Flow, format: Format) -> String {
    match format {
        Format::Mermaid => mermaid(flow),
        Format::Dot => dot(flow),
    }
}

fn mermaid(flow: &Flow) -> String {
    let mut text = String::from("flowchart TD\n");
    for step in &flow.steps {
        let (open, close) = match kind(step) {
            Kind::Question => ("([", "])"),
            Kind::Automatic => ("[", "]"),
            Kind::Commit => ("[[", "]]"),
            Kind::End => ("((", "))"),
        };
        let _ = writeln!(
            text,
            "    {}{open}\"{}\"{close}",
            node(&step.id),
            label(step)
        );
    }
    for (from, to, words) in edges(flow) {
        let (from, to) = (node(from), node(to));
        let _ = match words {
            Some(words) => writeln!(text, "    {from} -->|\"{words}\"| {to}"),
            None => writeln!(text, "    {from} --> {to}"),
        };
    }
    text
}

/// Words that Mermaid takes for its own where a node is named.
const RESERVED: &[&str] = &[
    "class",
    "classdef",
    "click",
    "default",
    "direction",
    "end",
    "flowchart",
    "graph",
    "href",
    "linkstyle",
    "style",
    "subgraph",
];

fn node(step: &str) -> String {
    let dash = if RESERVED.contains(&step.to_lowercase().as_str()) {
        "_"
    } else {
        ""
    };
    format!("{step}{dash}")
}

fn dot(flow: &Flow) -> String {
    let mut text = format!("digraph \"{}\" {{\n    rankdir=TB;\n", flow.id);
    for step in &flow.steps {
        let shape = match kind(step) {
            Kind::Question => "ellipse",
            Kind::Automatic => "box",
            Kind::Commit => "box3d",
            Kind::End => "doublecircle",
        };
        let _ = writeln!(
            text,
            "    \"{}\" [shape={shape}, label=\"{}\"];",
            step.id,
            label(step)
        );
    }
    for (from, to, words) in edges(flow) {
        let words = words.map_or_else(String::new, |words| format!(" [label=\"{words}\"]"));
        let _ = writeln!(text, "    \"{from}\" -> \"{to}\"{words};");
    }
    text.push_str("}\n");
    text
}

enum Kind {
    Question,
    Automatic,
    Commit,
    End,
}

fn kind(step: &Step) -> Kind {
    let risk = step.note.as_ref().is_some_and(|note| note.risk.is_some());
    if step.done.is_some() {
        Kind::End
    } else if step.commit.is_some() {
        Kind::Commit
    } else if step.asks_for().is_some() || risk {
        Kind::Question
    } else {
        Kind::Automatic
    }
}

/// The step's name, and for an end how it goes out.
fn label(step: &Step) -> String {
    let ends = step.done.as_ref().map(|done| match &done.flow {
        Some(flow) => format!("{}: {flow}", step.id),
        None => format!("{}: {}", step.id, done.outcome),
    });
    let label = step.label.as_ref().filter(|_| step.done.is_none());
    let label = ends.or_else(|| label.cloned());
    harmless(&label.unwrap_or_else(|| step.id.clone()))
}

/// From, to, and the condition or the outcomes that lead there; outcomes with one target are one
/// edge.
fn edges(flow: &Flow) -> Vec<(&str, &str, Option<String>)> {
    let mut edges = Vec::new();
    for step in &flow.steps {
        edges.extend(
            step.to
                .iter()
                .map(|to| (step.id.as_str(), to.as_str(), None)),
        );
        for branch in step.branch.iter().flatten() {
            let words = branch.when.as_ref().map(|when| harmless(&when.to_string()));
            edges.push((&step.id, &branch.to, words));
        }
        let mut outcomes: Vec<(&str, Vec<&str>)> = Vec::new();
        for (outcome, to) in step.on.iter().flat_map(|on| &on.0) {
            match outcomes.iter_mut().find(|(target, _)| target == to) {
                Some((_, known)) => known.push(outcome),
                None => outcomes.push((to, vec![outcome])),
            }
        }
        for (to, outcomes) in outcomes {
            edges.push((&step.id, to, Some(outcomes.join(", "))));
        }
    }
    edges
}

/// A label that ends no string.
fn harmless(text: &str) -> String {
    text.replace(['"', '\\', '\n', '|'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_mermaid_name_no_node() {
        let check = |step: &str, expected: &str| assert_eq!(node(step), expected);
        check("key-id", "key-id");
        check("ending", "ending");
        check("end", "end_");
        check("style", "style_");
    }
}
