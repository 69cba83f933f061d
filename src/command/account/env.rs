//! `account env`: the variables of an account, masked, or the code that sets them.

use serde::Serialize;

use super::Place;
use crate::cli::account::Env;
use crate::command::{Context, env, hand_over};
use crate::consumer::{Value, claude_code};
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::secret::Secret;
use crate::store::Name;
use crate::ui::{escape, table};
use crate::variables;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    schema_version: u32,
    agent: &'a str,
    account: &'a str,
    variables: Vec<Variable>,
    /// Variables that are taken away first.
    unset: Vec<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Variable {
    name: &'static str,
    /// Secrets are masked.
    value: String,
}

/// Shows the variables, or prints the code.
pub fn run(arguments: &Env, context: &Context<'_>) -> Result<Exit> {
    if arguments.save {
        let line = "account env --export > FILE";
        return Err(
            Error::usage("keywright keeps no second file with the secret in it").hint(format!(
                "The same code comes from: {}",
                context.command_line(line)
            )),
        );
    }
    if arguments.unset {
        return env::run(&arguments.as_env(None), context);
    }
    let place = Place::read(context)?;
    let name = match &arguments.account {
        Some(name) => Name::parse(name)?,
        None => place
            .active()
            .cloned()
            .ok_or_else(|| none_active(context))?,
    };
    place.account(&name, context)?;
    let code = arguments.as_env(Some(name.as_str()));
    if arguments.export {
        return env::run(&code, context);
    }
    // Nothing leaves here, so that what is made for `claude` alone can be shown too.
    let changes = hand_over::changes(&code.which, &claude_code::CONSUMER, context)?;
    let for_claude = [
        variables::CLAUDE_CODE_OAUTH_TOKEN,
        variables::CLAUDE_CONFIG_DIR,
    ];
    // The login in Claude Code's usual folder sets no variable at all.
    let set_for_all = |(name, _): &(&str, Value)| !for_claude.contains(name);
    let for_all = !changes.set.is_empty() && changes.set.iter().all(set_for_all);
    let set = changes.set.iter().map(|(name, value)| Variable {
        name,
        value: masked(value),
    });
    let variables = set.collect();
    let shown = Shown {
        variables,
        unset: changes.unset,
        for_all,
    };
    show(&place, &name, shown, context)
}

/// What is shown of the changes.
struct Shown {
    variables: Vec<Variable>,
    unset: Vec<&'static str>,
    /// The credential may go to other programs than `claude`.
    for_all: bool,
}

fn show(place: &Place, name: &Name, shown: Shown, context: &Context<'_>) -> Result<Exit> {
    if context.ui.json {
        context.ui.document(&Document {
            schema_version: 1,
            agent: place.agent.as_str(),
            account: name.as_str(),
            variables: shown.variables,
            unset: shown.unset,
        })?;
        return Ok(Exit::Done);
    }
    let values: Vec<String> = shown
        .variables
        .iter()
        .map(|one| escape::line(&one.value).into_owned())
        .collect();
    let rows: Vec<[&str; 2]> = shown
        .variables
        .iter()
        .zip(&values)
        .map(|(one, value)| [one.name, value.as_str()])
        .collect();
    if rows.is_empty() {
        let words = "No variable carries it: `claude` finds this login in its usual folder.\n";
        context.ui.data(words)?;
    } else {
        let table = table::table(["Variable", "Value"], &rows);
        context.ui.data(&table)?;
    }
    let line = context.command_line(&format!("exec --account {name} -- claude"));
    context.ui.say(&format!("For one program alone: {line}"));
    if shown.for_all {
        let line = context.command_line(&format!("account env {name} --export"));
        context
            .ui
            .say(&format!("For this shell: eval \"$({line})\""));
    }
    Ok(Exit::Done)
}

fn masked(value: &Value) -> String {
    match value {
        Value::Plain(text) => text.clone(),
        Value::Secret(secret) => Secret::mask(secret),
    }
}

fn none_active(context: &Context<'_>) -> Error {
    Error::new(Kind::NotFound, "no account is active, and none is named")
        .hint(context.command_line("account list"))
}
