//! The page about a flow: what it asks, how each answer is given without a terminal, how it ends.

use std::fmt::Write;

use super::answers::declared::{Declared, Kind, declared};
use super::flow::Flow;
use super::graph::{self, Format};
use super::paths::Path;

/// The page, in Markdown.
#[must_use]
pub fn of(flow: &Flow, paths: &[Path]) -> String {
    let mut text = format!("# {}\n\n", flow.title);
    let command = match flow.id.as_str() {
        "start" => "keywright onboard".to_owned(),
        id => format!("keywright onboard --flow {id}"),
    };
    let count = paths.len();
    let _ = writeln!(
        text,
        "`{command}`\n\nGenerated from `wizard-flows/{id}.json`. {count} ways lead through it; `tests/transcripts/{id}.txt` shows each.\n",
        id = flow.id
    );
    answers(flow, &mut text);
    risks(flow, &mut text);
    endings(flow, &mut text);
    text.push_str("## The ways through it\n\n```mermaid\n");
    text.push_str(&graph::draw(flow, Format::Mermaid));
    text.push_str("```\n");
    text
}

fn answers(flow: &Flow, text: &mut String) {
    let mut seen: Vec<&str> = Vec::new();
    let mut rows = String::new();
    for answer in declared(flow) {
        if seen.contains(&answer.variable) {
            continue;
        }
        seen.push(answer.variable);
        let environment: Vec<String> = answer
            .environment()
            .iter()
            .map(|name| format!("`{name}`"))
            .collect();
        let _ = writeln!(
            rows,
            "| `{}` | {} | {} | {} | {} |",
            answer.variable,
            cell(&asked(&answer)),
            flags(&answer),
            environment.join(", "),
            cell(&otherwise(&answer)),
        );
    }
    if rows.is_empty() {
        return;
    }
    text.push_str("## What it asks\n\nThe name is the key in an answers file.\n\n");
    text.push_str(
        "| name | question | flag | environment | without an answer |\n|---|---|---|---|---|\n",
    );
    text.push_str(&rows);
    text.push('\n');
}

/// The question as far as it stands in the file; what is filled in is known only in a run.
fn asked(answer: &Declared<'_>) -> String {
    let mut lines = answer.question.iter();
    let line = lines.find(|line| !line.contains('{')).cloned();
    let label = answer.step.label.clone();
    line.or(label).unwrap_or_default()
}

fn flags(answer: &Declared<'_>) -> String {
    match answer.flags().as_str() {
        "--answers FILE" => String::new(),
        flags => flags
            .split(", ")
            .flat_map(|part| part.split(" or "))
            .map(|flag| format!("`{}`", cell(flag)))
            .collect::<Vec<_>>()
            .join(", "),
    }
}

fn otherwise(answer: &Declared<'_>) -> String {
    match answer.kind {
        Kind::Choose { unattended, .. } | Kind::YesNo { unattended } => {
            unattended.map_or_else(|| "needed".to_owned(), |value| format!("`{value}`"))
        }
        Kind::Text { .. } => {
            let ask = answer.step.ask.as_ref();
            match ask.and_then(|ask| ask.default.clone()) {
                Some(default) => format!("`{default}`"),
                None if ask.is_some_and(|ask| ask.safe_default) => "what is found here".to_owned(),
                None => "needed".to_owned(),
            }
        }
        Kind::Secret { .. } => "needed".to_owned(),
    }
}

fn risks(flow: &Flow, text: &mut String) {
    let risks = flow.steps.iter().filter_map(|step| step.note.as_ref());
    for risk in risks.filter_map(|note| note.risk.as_ref()) {
        let _ = writeln!(
            text,
            "It names a risk that somebody must accept: `--accept-risk={risk}` without a terminal.\n"
        );
    }
}

fn endings(flow: &Flow, text: &mut String) {
    text.push_str("## How it ends\n\n| step | outcome | exit code |\n|---|---|---|\n");
    for step in &flow.steps {
        let Some(done) = &step.done else { continue };
        let Some(outcome) = super::catalog::outcome(&done.outcome) else {
            continue;
        };
        let about = match &done.flow {
            Some(flow) => format!("goes on with [{flow}]({flow}.md)"),
            None => outcome.about.to_owned(),
        };
        let exit = match done.flow {
            Some(_) => String::new(),
            None => outcome.exit.code().to_string(),
        };
        let _ = writeln!(text, "| `{}` | {about} | {exit} |", step.id);
    }
    text.push('\n');
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::files::Mode;
    use crate::system::{Environment, Files};
    use crate::wizard::flow::{EMBEDDED, embedded};
    use crate::wizard::paths::enumerate;
    use crate::wizard::verify::PATH_LIMIT;

    #[test]
    fn the_pages_are_up_to_date() {
        let bless = Environment::of_this_process().flag("KEYWRIGHT_BLESS");
        for (id, _) in EMBEDDED {
            let flow = embedded(id).expect("a flow");
            let paths = enumerate(&flow, PATH_LIMIT).expect("not too many");
            let page = of(&flow, &paths);
            let path = format!("{}/docs/flows/{id}.md", env!("CARGO_MANIFEST_DIR"));
            if bless {
                let written = Files.write_atomic(path.as_ref(), page.as_bytes(), Mode::Public);
                written.expect("it can be written");
                continue;
            }
            let kept = Files.read_text(path.as_ref(), 1 << 20).expect("readable");
            assert!(
                kept.is_some_and(|kept| *kept == page),
                "docs/flows/{id}.md is stale: KEYWRIGHT_BLESS=1 cargo test --lib wizard::page"
            );
        }
    }
}
