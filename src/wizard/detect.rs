//! The wizard's detectors: what this machine has already. They read, and they write nothing; what
//! they find is never a secret's text: a secret that is offered stays wrapped.

mod aws;
mod claude;
mod environment_key;
mod machine;
mod profile;

use crate::error::{Kind, Result};
use crate::secret::Secret;
use crate::store::{self, Home, Name};
use crate::system::System;
use crate::wizard::catalog;
use crate::wizard::engine::{Detection, Value};

/// Where detectors look.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    pub system: &'a System,
    pub home: &'a Home,
    pub agent: &'a Name,
}

/// Which secrets may be used here at all.
pub type Admit<'a> = &'a dyn Fn(&Secret) -> Result<()>;

/// Runs one detector.
///
/// # Errors
/// What reading our own files says; other programs' files that cannot be read count as absent.
pub fn detect(
    place: Place<'_>,
    detection: &Detection,
    admit: Admit<'_>,
) -> Result<Vec<(String, Value)>> {
    let given = &detection.given;
    match detection.what.id {
        "machine" => machine::facts(place),
        "environment-key" => Ok(environment_key::facts(place.system)),
        "defaults" => defaults(place),
        "setup-token" => Ok(claude::setup_token(place.system)),
        "claude-login" => Ok(claude::login(place.system)),
        "aws" => Ok(aws::facts(place.system)),
        "access-key" => Ok(aws::access_key(given)),
        "aws-profile" => Ok(aws::profile(place.system, given)),
        "aws-region" => Ok(aws::region(place.system, given)),
        "named-secret" => Ok(claude::named_secret(place.system, given, admit)),
        id => match catalog::compared_by(id) {
            Some(kind) => profile::compare(place, kind, given),
            None => Ok(Vec::new()),
        },
    }
}

/// Whether a program is there and has a terminal to run in; why not, otherwise, as a fragment.
fn can_run(system: &System, program: &str) -> std::result::Result<(), String> {
    if !(system.terminal.stdin && system.terminal.stdout) {
        return Err("it needs a terminal, and would wait for ever without one".to_owned());
    }
    let found = system.processes.find_all(program, &system.environment);
    if found.is_empty() {
        return Err(format!("there is no `{program}` on the PATH"));
    }
    Ok(())
}

fn named(name: &str, value: Value) -> (String, Value) {
    (name.to_owned(), value)
}

/// The model that the configuration names as the default.
fn defaults(place: Place<'_>) -> Result<Vec<(String, Value)>> {
    let model = match store::config::load(place.system, place.home) {
        Ok(config) => config.default_model,
        // A mistake there matters only where the file is to be written.
        Err(error) if error.kind() == Kind::Malformed => None,
        Err(error) => return Err(error),
    };
    let known = model.map(|model| named("current_model", Value::Text(model)));
    Ok(known.into_iter().collect())
}
