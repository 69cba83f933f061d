//! Which flow a run begins with: named, under another program's name, in the answers file, or
//! plain from the flags that were given.

use crate::cli::onboard::Onboard;
use crate::error::{Error, Result};
use crate::wizard::answers::declared::declared;
use crate::wizard::flow::{self, Flow};

/// The flow that looks around and hands over.
pub const START: &str = "start";

/// OpenClaw's and Clawdbot's names for ways to authenticate, and our flow for each.
const AUTH_CHOICES: &[(&str, &str)] = &[
    ("apiKey", "api-key"),
    ("token", "setup-token"),
    ("setup-token", "setup-token"),
    ("claude-cli", "claude-cli"),
    ("anthropic-cli", "claude-cli"),
    ("bedrock", "bedrock"),
];

/// Every flow of the program.
pub fn flows() -> Vec<Flow> {
    let ids = flow::EMBEDDED.iter();
    ids.filter_map(|(id, _)| flow::embedded(id)).collect()
}

/// The id of the flow to begin with.
///
/// # Errors
/// `Usage` for a name that stands for no flow of this version.
pub fn first(arguments: &Onboard, file: Option<&str>, flows: &[Flow]) -> Result<String> {
    let wanted = if let Some(choice) = &arguments.own.auth_choice {
        let known = AUTH_CHOICES.iter().find(|(name, _)| name == choice);
        let (_, id) = known.ok_or_else(|| unknown("auth choice", choice, flows))?;
        Some(*id)
    } else {
        arguments.own.flow.as_deref().or(file)
    };
    match wanted {
        Some(id) if flows.iter().any(|flow| flow.id == id) => Ok(id.to_owned()),
        Some(id) => Err(unknown("flow", id, flows)),
        None => Ok(implied(arguments, flows).unwrap_or(START).to_owned()),
    }
}

/// The flow to print a template for: the named one, else the only one that sets something up.
///
/// # Errors
/// As [`first`], and `Usage` when there are several to choose from.
pub fn for_template<'a>(arguments: &Onboard, flows: &'a [Flow]) -> Result<&'a Flow> {
    let id = first(arguments, None, flows)?;
    let mut others = flows.iter().filter(|flow| flow.id != START);
    let named = flows.iter().find(|flow| flow.id == id && id != START);
    match (named, others.next(), others.next()) {
        (Some(flow), ..) | (None, Some(flow), None) => Ok(flow),
        _ => Err(
            Error::usage("a template is for one flow: name it with --flow").hint(existing(flows)),
        ),
    }
}

/// The one flow that takes all the answers given as flags.
fn implied<'a>(arguments: &Onboard, flows: &'a [Flow]) -> Option<&'a str> {
    let takes = |flow: &&Flow| {
        let knows = |name: &str| declared(flow).any(|declared| declared.variable == name);
        let mut given = arguments.flagged.iter();
        !arguments.flagged.is_empty() && given.all(|flagged| knows(&flagged.variable))
    };
    let mut fitting = flows.iter().filter(takes);
    match (fitting.next(), fitting.next()) {
        (Some(flow), None) => Some(&flow.id),
        _ => None,
    }
}

fn unknown(what: &str, name: &str, flows: &[Flow]) -> Error {
    // What is no name may be a secret in the wrong place.
    let is_name = name.len() <= 30 && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let name = if is_name {
        format!(" `{name}`")
    } else {
        String::new()
    };
    Error::usage(format!("there is no {what}{name}")).hint(existing(flows))
}

fn existing(flows: &[Flow]) -> String {
    let ids = flows
        .iter()
        .map(|flow| flow.id.as_str())
        .filter(|id| *id != START);
    format!(
        "There is --flow {}.",
        ids.collect::<Vec<_>>().join(", --flow ")
    )
}
