//! `sandbox`: the stand-in for the API on its own, its test keys, and the end of what was done in
//! it.

mod keys;
mod stand_in;

pub use keys::hand_out;

use serde::Serialize;

use super::Context;
use crate::cli::sandbox::{Sandbox as Arguments, Verb};
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::sandbox::keys::{self as test_keys, TestKey};
use crate::sandbox::{Running, Sandbox, world};
use crate::system::files::EntryKind;
use crate::ui::escape;
use crate::variables;

/// Runs the command.
///
/// # Errors
/// `NotFound` for a test key or program that does not exist, `Conflict` for a port in use, else
/// what the system says.
pub fn run(arguments: &Arguments, context: &Context<'_>) -> Result<Exit> {
    match &arguments.verb {
        Some(Verb::Keys { word }) => keys::run(word.as_deref(), context),
        Some(Verb::Reset) => reset(context),
        Some(Verb::StandIn(arguments)) => stand_in::run(arguments, context),
        None if arguments.program.is_empty() => serve(arguments, context),
        None => run_program(arguments, context),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Reset {
    schema_version: u32,
    path: String,
    removed: bool,
}

fn reset(context: &Context<'_>) -> Result<Exit> {
    let folder = world::folder(&context.system.environment)?;
    let found = context.system.files.entry(&folder)?.map(|entry| entry.kind);
    let removed = match found {
        None => false,
        Some(EntryKind::Folder) => {
            std::fs::remove_dir_all(&folder).map_err(|e| Error::io("cannot remove", &folder, e))?;
            true
        }
        Some(_) => {
            return Err(Error::new(
                Kind::Conflict,
                format!("{} is not a folder", folder.display()),
            )
            .path(folder)
            .hint("it is not what keywright made; look at it and remove it yourself."));
        }
    };
    let path = folder.display().to_string();
    let ui = context.ui;
    if ui.json {
        ui.document(&Reset {
            schema_version: 1,
            path,
            removed,
        })?;
    } else if removed {
        ui.say(&format!("Removed {}.", escape::line(&path)));
    } else {
        ui.say("There is nothing to remove: the sandbox was not used.");
    }
    Ok(Exit::Done)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Serving<'a> {
    schema_version: u32,
    base_url: &'a str,
}

/// Tells how to use the stand-in, and serves until a signal ends the process.
fn serve(arguments: &Arguments, context: &Context<'_>) -> Result<Exit> {
    let running = Sandbox::start(arguments.port, context.system.clock)?;
    let ui = context.ui;
    if ui.json {
        ui.document(&Serving {
            schema_version: 1,
            base_url: &running.base_url,
        })?;
    } else {
        ui.say("The sandbox answers on the loopback address only. Ctrl-C ends it.");
        ui.say("In another shell, point a program at it with:");
        ui.data(&format!(
            "export ANTHROPIC_BASE_URL={}\nexport ANTHROPIC_API_KEY={}\n",
            running.base_url,
            test_keys::ALL[0].text()
        ))?;
        ui.say("`keywright sandbox keys` lists a test key for each situation.");
    }
    running.wait();
    Ok(Exit::Done)
}

/// Runs a program that sees the sandbox as its API, and gives its exit code.
fn run_program(arguments: &Arguments, context: &Context<'_>) -> Result<Exit> {
    let outside = context.system;
    let folder = world::folder(&outside.environment)?;
    let key = arguments.key.as_deref().map(test_key).transpose()?;
    let running: Running = Sandbox::start(arguments.port, outside.clock)?;
    world::create_home(outside)?;
    let mut inside = world::environment(&outside.environment, &folder, &running.base_url);
    if let Some(key) = key {
        inside.set(variables::ANTHROPIC_API_KEY, key.text());
    }
    super::announce_sandbox(outside, context.ui)?;
    let ended = outside
        .processes
        .run_attached(&arguments.program, &inside)?;
    Ok(Exit::Child(ended.code))
}

fn test_key(name: &str) -> Result<&'static TestKey> {
    test_keys::named(name).ok_or_else(|| {
        Error::new(Kind::NotFound, "there is no test key of that name")
            .hint("`keywright sandbox keys` lists the test keys.")
    })
}
