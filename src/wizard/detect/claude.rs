//! What concerns Claude Code: whether its program can be run here, a token in the environment, and
//! its login.

use super::named;
use crate::error::Error;
use crate::provider::paste;
use crate::system::System;
use crate::system::terminal::DEFAULT_WIDTH;
use crate::variables;
use crate::wizard::answers::Way;
use crate::wizard::catalog::Input;
use crate::wizard::engine::{Given, Value};

/// Columns below which `claude setup-token` breaks its token, 108 characters, over two lines.
const WIDE_ENOUGH: u16 = 110;

/// Whether `claude` is there and has a terminal to run in; why not, otherwise.
fn can_run(system: &System) -> Result<(), &'static str> {
    if !(system.terminal.stdin && system.terminal.stdout) {
        return Err("it needs a terminal, and would wait for ever without one");
    }
    let found = system.processes.find_all("claude", &system.environment);
    if found.is_empty() {
        return Err("there is no `claude` on the PATH");
    }
    Ok(())
}

pub(super) fn setup_token(system: &System) -> Vec<(String, Value)> {
    let runs = can_run(system);
    let columns = system.terminal.width().unwrap_or(DEFAULT_WIDTH);
    let variable = variables::CLAUDE_CODE_OAUTH_TOKEN;
    let here = system.environment.get(variable).is_some();
    let best = match (here, runs) {
        (true, _) => "source",
        (false, Ok(())) => "run",
        (false, Err(_)) => "paste",
    };
    let mut facts = vec![
        named("can_run", Value::yes_no(runs.is_ok())),
        named(
            "cannot_run_because",
            Value::text(runs.err().unwrap_or_default()),
        ),
        named("narrow", Value::yes_no(columns < WIDE_ENOUGH)),
        named("columns", Value::Text(columns.to_string())),
        named("best_way", Value::text(best)),
    ];
    if here {
        facts.push(named("source_here", Value::Text(format!("env:{variable}"))));
    }
    facts
}

pub(super) fn named_secret(system: &System, given: &Given) -> Vec<(String, Value)> {
    let source = given.text(Input::Source).unwrap_or_default();
    let way = match source.split_once(':') {
        Some(("env", name)) => Way::Environment(name.to_owned()),
        Some((_, path)) => Way::File(path.into()),
        None => return vec![named("named_problem", Value::text("it names no place"))],
    };
    let found = way.read_secret(system);
    let problem = found.as_ref().err().map(Error::to_string);
    let mut facts = vec![named(
        "named_problem",
        Value::Text(problem.unwrap_or_default()),
    )];
    if let Ok(secret) = found {
        let secret = paste::clean(&secret).secret;
        facts.push(named("named_secret", Value::Secret(secret)));
        facts.push(named("named_place", Value::text(source)));
    }
    facts
}
