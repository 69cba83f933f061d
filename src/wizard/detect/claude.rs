//! What concerns Claude Code: whether its program can be run here, a token in the environment, and
//! its login.

use std::path::PathBuf;

use super::{Admit, can_run, named};
use crate::consumer::claude_code::login::{self, Standing};
use crate::consumer::claude_code::outranks::{self, SourceKind};
use crate::consumer::claude_code::places::Chosen;
use crate::error::Error;
use crate::provider::paste;
use crate::provider::words::Action;
use crate::system::System;
use crate::system::terminal::DEFAULT_WIDTH;
use crate::variables;
use crate::wizard::answers::Way;
use crate::wizard::catalog::Input;
use crate::wizard::engine::{Given, Value};

/// Columns below which `claude setup-token` breaks its token, 108 characters, over two lines.
const WIDE_ENOUGH: u16 = 110;

pub(super) fn setup_token(system: &System) -> Vec<(String, Value)> {
    let runs = can_run(system, "claude");
    let columns = system.terminal.width().unwrap_or(DEFAULT_WIDTH);
    let variable = variables::CLAUDE_CODE_OAUTH_TOKEN;
    let here = system.environment.get(variable).is_some();
    let best = match (here, &runs) {
        (true, _) => "source",
        (false, Ok(())) => "run",
        (false, Err(_)) => "paste",
    };
    let mut facts = vec![
        named("can_run", Value::yes_no(runs.is_ok())),
        named(
            "cannot_run_because",
            Value::Text(runs.as_ref().err().cloned().unwrap_or_default()),
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

pub(super) fn named_secret(
    system: &System,
    given: &Given,
    admit: Admit<'_>,
) -> Vec<(String, Value)> {
    let source = given.text(Input::Source).unwrap_or_default();
    let way = match source.split_once(':') {
        Some(("env", name)) => Way::Environment(name.trim().to_owned()),
        Some((_, path)) => Way::File(at_home(system, path.trim())),
        None => return vec![named("named_problem", Value::text("it names no place"))],
    };
    let found = way.read_secret(system).and_then(|secret| {
        let secret = paste::clean(&secret).secret;
        admit(&secret)?;
        Ok(secret)
    });
    let problem = found.as_ref().err().map(Error::to_string);
    let mut facts = vec![named(
        "named_problem",
        Value::Text(problem.unwrap_or_default()),
    )];
    if let Ok(secret) = found {
        facts.push(named("named_secret", Value::Secret(secret)));
    }
    facts
}

/// The path with `~` for the home folder, as no shell has seen it.
fn at_home(system: &System, path: &str) -> PathBuf {
    let home = path.strip_prefix("~/").zip(system.environment.home());
    home.map_or_else(|| path.into(), |(rest, home)| home.join(rest))
}

/// How the folder of a login is written in a profile: with `~` where it is the usual one.
const USUAL_FOLDER: &str = "~/.claude";

pub(super) fn login(system: &System) -> Vec<(String, Value)> {
    let now = system.clock.now();
    let login = login::look(system, None, now);
    let words = login.words(now);
    let state = match login.standing {
        Standing::Missing | Standing::NoLogin => "missing",
        standing if standing.is_usable() => "usable",
        _ => "unusable",
    };
    let advice = words.advice.first();
    let advice = advice.map_or_else(String::new, |advice| match &advice.action {
        Some(Action::Command(command)) => format!("{} `{command}`", advice.text),
        Some(Action::Url(_)) | None => advice.text.clone(),
    });
    let folder = match login.chosen {
        Chosen::Default => USUAL_FOLDER.to_owned(),
        _ => login.config_dir.display().to_string(),
    };
    let sources = outranks::sources(system, None, now);
    let stronger = outranks::before(&sources, SourceKind::Login);
    let stronger = stronger
        .map(|source| source.sentence("the login"))
        .collect();
    vec![
        named("login", Value::text(state)),
        named("login_words", Value::Text(words.summary)),
        named("login_advice", Value::Text(advice)),
        named("config_dir", Value::Text(folder)),
        named("outranked_by", Value::List(stronger)),
        named(
            "can_sign_in",
            Value::yes_no(can_run(system, "claude").is_ok()),
        ),
    ]
}
