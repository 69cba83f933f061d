//! `flow`: lists, shows and checks flow files, ours and those of the user.

use std::path::Path;

use serde::Serialize;

use super::{Context, onboard};
use crate::cli::flow::{Flow, Verb};
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::ui::{diagnostics, escape};
use crate::wizard::flow::{self, Diagnostic, EMBEDDED, SCHEMA, SIZE_LIMIT};
use crate::wizard::graph::{self, Format};
use crate::wizard::paths::transcript;
use crate::wizard::verify::{Verified, verify};

/// Runs the command.
///
/// # Errors
/// `Usage` for a flow that does not exist; `NotFound`, `Permission`, `Malformed` or `Io` for a
/// file that cannot be read.
pub fn run(arguments: &Flow, context: &Context<'_>) -> Result<Exit> {
    match &arguments.verb {
        Verb::List => list(context),
        Verb::Show { flow } => show(flow, context),
        Verb::Check { flows } => check(flows, context),
        Verb::Graph { flow, format } => graph(flow, format, context),
        Verb::Run { file, trust, own } => {
            let flow = runnable(&source(file, context)?, *trust, context)?;
            onboard::run_flow(flow, own, context)
        }
        Verb::Schema => context.ui.data(SCHEMA).map(|()| Exit::Done),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    id: &'static str,
    title: String,
    steps: usize,
}

fn list(context: &Context<'_>) -> Result<Exit> {
    let listed: Vec<Listed> = EMBEDDED
        .iter()
        .filter_map(|(id, _)| {
            let flow = flow::embedded(id)?;
            Some(Listed {
                id,
                title: flow.title,
                steps: flow.steps.len(),
            })
        })
        .collect();
    if context.ui.json {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Document {
            schema_version: u32,
            flows: Vec<Listed>,
        }
        context.ui.document(&Document {
            schema_version: 1,
            flows: listed,
        })?;
        return Ok(Exit::Done);
    }
    let lines = listed
        .iter()
        .map(|flow| format!("{:<10} {}\n", flow.id, flow.title));
    context.ui.data(&lines.collect::<String>())?;
    Ok(Exit::Done)
}

fn show(name: &str, context: &Context<'_>) -> Result<Exit> {
    let source = source(name, context)?;
    let verified = verify(&source.text, &embedded_ids());
    let Some(flow) = verified.flow else {
        return Err(unreadable(&source, &verified.defects, context));
    };
    if context.ui.json {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Document {
            schema_version: u32,
            flow: serde_json::Value,
        }
        let flow = serde_json::from_str(&source.text).map_err(|e| {
            Error::new(Kind::Malformed, format!("cannot read {}", source.name)).caused_by(e)
        })?;
        context.ui.document(&Document {
            schema_version: 1,
            flow,
        })?;
    } else {
        let outline = crate::ui::outline::flow(&flow, context.ui.out);
        context.ui.data(&outline)?;
    }
    Ok(Exit::Done)
}

fn unreadable(source: &Source, defects: &[Diagnostic], context: &Context<'_>) -> Error {
    let snippets: Vec<String> = defects
        .iter()
        .map(|defect| diagnostics::render(&source.name, &source.text, defect, context.ui.err))
        .collect();
    Error::new(Kind::Malformed, format!("{} is no flow", source.name))
        .path(&source.name)
        .snippet(snippets.join("\n"))
        .hint("`keywright flow check FILE` lists every mistake in a flow file.")
}

fn graph(name: &str, format: &str, context: &Context<'_>) -> Result<Exit> {
    let source = source(name, context)?;
    let verified = verify(&source.text, &embedded_ids());
    let Some(flow) = verified.flow else {
        return Err(unreadable(&source, &verified.defects, context));
    };
    let format = match format {
        "dot" => Format::Dot,
        _ => Format::Mermaid,
    };
    let drawing = graph::draw(&flow, format);
    if context.ui.json {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Document {
            schema_version: u32,
            id: String,
            graph: String,
        }
        context.ui.document(&Document {
            schema_version: 1,
            id: flow.id,
            graph: drawing,
        })?;
    } else {
        context.ui.data(&drawing)?;
    }
    Ok(Exit::Done)
}

/// A flow of the user's that may be run: somebody trusts it, and it has no mistakes.
fn runnable(source: &Source, trust: bool, context: &Context<'_>) -> Result<flow::Flow> {
    if !trust {
        return Err(
            Error::usage("a flow decides where a secret goes, and this one is not ours").hint(
                format!(
                    "Read it (`keywright flow show {}`), then add --trust.",
                    source.name
                ),
            ),
        );
    }
    let verified = verify(&source.text, &embedded_ids());
    match verified.flow {
        Some(flow) if verified.defects.is_empty() => Ok(flow),
        _ => Err(unreadable(source, &verified.defects, context)),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Checked {
    file: String,
    id: Option<String>,
    steps: Option<usize>,
    paths: Option<usize>,
    /// Each path has a transcript that was looked at; `None` for a flow of the user's.
    transcripts: Option<bool>,
    defects: Vec<Diagnostic>,
}

fn check(names: &[String], context: &Context<'_>) -> Result<Exit> {
    let all = EMBEDDED.iter().map(|(id, _)| (*id).to_owned()).collect();
    let names: Vec<String> = if names.is_empty() {
        all
    } else {
        names.to_vec()
    };
    let mut checked = Vec::new();
    for name in &names {
        let source = source(name, context)?;
        let verified = verify(&source.text, &embedded_ids());
        if !context.ui.json {
            report(&source, &verified, context)?;
        }
        checked.push(Checked {
            file: source.name,
            id: verified.flow.as_ref().map(|flow| flow.id.clone()),
            steps: verified.flow.as_ref().map(|flow| flow.steps.len()),
            paths: verified.paths.as_ref().map(Vec::len),
            transcripts: covered(&verified),
            defects: verified.defects,
        });
    }
    let exit = if checked.iter().all(|flow| flow.defects.is_empty()) {
        Exit::Done
    } else {
        Exit::Malformed
    };
    if context.ui.json {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Document {
            schema_version: u32,
            flows: Vec<Checked>,
        }
        context.ui.document(&Document {
            schema_version: 1,
            flows: checked,
        })?;
    }
    Ok(exit)
}

fn report(source: &Source, verified: &Verified, context: &Context<'_>) -> Result<()> {
    let theme = context.ui.out;
    for defect in &verified.defects {
        let rendered = diagnostics::render(&source.name, &source.text, defect, theme);
        context.ui.data(&format!("{rendered}\n\n"))?;
    }
    let name = escape::line(&source.name);
    let told = match covered(verified) {
        Some(true) => ", each with a transcript",
        Some(false) => ", and the transcripts are stale",
        None => "",
    };
    let line = match (&verified.flow, &verified.paths, verified.defects.len()) {
        (Some(flow), Some(paths), 0) => {
            format!(
                "{name}: {} steps, {} paths{told}, no mistakes\n",
                flow.steps.len(),
                paths.len()
            )
        }
        (_, _, 1) => format!("{name}: 1 mistake\n"),
        (_, _, count) => format!("{name}: {count} mistakes\n"),
    };
    context.ui.data(&line)
}

/// Whether the transcripts of one of our own flows are those of its paths.
fn covered(verified: &Verified) -> Option<bool> {
    let (flow, paths) = (verified.flow.as_ref()?, verified.paths.as_ref()?);
    let own = flow::embedded(&flow.id)?;
    (own == *flow).then(|| transcript::covers(flow, paths))
}

/// A flow's text, and how it is named in messages.
struct Source {
    name: String,
    text: String,
}

/// An embedded flow by its name, else a file.
fn source(name: &str, context: &Context<'_>) -> Result<Source> {
    if let Some((id, text)) = EMBEDDED.iter().find(|(id, _)| *id == name) {
        return Ok(Source {
            name: format!("{id}.json"),
            text: (*text).to_owned(),
        });
    }
    let path = context.system.environment.folder().join(Path::new(name));
    let found = context.system.files.read_text(&path, SIZE_LIMIT)?;
    let Some(text) = found else {
        return Err(absent(name, &path));
    };
    Ok(Source {
        name: name.to_owned(),
        text: text.as_str().to_owned(),
    })
}

fn absent(name: &str, path: &Path) -> Error {
    if name.contains(['/', '\\', '.']) {
        return Error::new(
            Kind::NotFound,
            format!("there is no file {}", path.display()),
        )
        .path(path);
    }
    let ids = embedded_ids();
    let hint = flow::diagnostic::suggest(name, ids.iter().copied());
    let error = Error::usage(format!("there is no flow or file `{name}`"));
    match hint {
        Some(hint) => error.hint(hint),
        None => error,
    }
}

fn embedded_ids() -> Vec<&'static str> {
    EMBEDDED.iter().map(|(id, _)| *id).collect()
}
